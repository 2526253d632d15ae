"""What the edge's templates say: who is asked for what, what is forwarded and kept, and by which address alone."""

import json
import re
from dataclasses import replace

from functions.edge.request_filter import APP_QUERY, COOKIES, HEADERS, PAGE_QUERY
from functions.web.headers import HSTS, SECURITY
from infra.deploy.environs import BY_HTTP
from infra.deploy.place import Place
from infra.deploy.stacks import Stacks, template_of
from tests.cloud.stacks import ROOT, made, of_type, source, template

BY_URL = "InvokedViaFunctionUrl"
MOST_STRINGS = 10  # of one policy: CloudFront's quota
ASKS = re.compile(r'request\.(?:args|values)\.get\("(\w+)"')


def questions(*doors):
    """Which arguments these doors read of an address, and what all doors stand on."""
    sources = [path for each in (*doors, "web") for path in (ROOT / "functions" / each).rglob("*.py")]
    officers = {"desk", "custody"}.intersection(doors)
    shared = [path for path in sources if officers or path.parent.name != "factors"]
    return {name for path in shared for name in ASKS.findall(path.read_text())}


def test_the_edge_forwards_what_the_doors_read_and_nothing_else():
    policies = {
        name: each["OriginRequestPolicyConfig"]
        for name, each in of_type(made("policies"), "AWS::CloudFront::OriginRequestPolicy").items()
    }
    # Host is the function's own, the length and the encoding are CloudFront's, cookies are listed apart.
    signature = {"x-lapor-signature"}  # the gateway's of SMS, whose deliveries come from no browser
    read = HEADERS - {"host", "content-length", "accept-encoding", "cookie"} - signature
    signed = signature | (read - {"x-csrf-token", "sec-fetch-site"})
    sent = {name: {header.lower() for header in each["HeadersConfig"]["Headers"]} for name, each in policies.items()}
    plain = read - {"x-csrf-token"}
    people = {"Reporters": plain, "Counters": plain, "Officers": read, "Custodians": read}
    assert sent == people | {"Gateways": signed, "Apps": plain}
    queries = {name: each["QueryStringsConfig"].get("QueryStrings", []) for name, each in policies.items()}
    assert {name: set(each) for name, each in queries.items()} == {
        "Reporters": questions("intake", "thread"),
        "Counters": questions("intake"),
        "Officers": questions("desk"),
        "Custodians": questions("custody"),
        "Apps": questions("open311"),
        "Gateways": set(),
    }
    assert questions("open311") == APP_QUERY
    assert questions("intake", "thread", "cleaner", "desk", "custody", "gateway") == PAGE_QUERY
    assert all(len(each) <= MOST_STRINGS and each == sorted(set(each)) for each in queries.values())
    cookies = {name: each["CookiesConfig"].get("Cookies", []) for name, each in policies.items()}
    theirs = {"Officers": ["__Host-lapor-desk"], "Custodians": ["__Host-lapor-custody"]}
    assert cookies == {"Reporters": [], "Counters": ["__Host-lapor-loket"], "Gateways": [], "Apps": []} | theirs
    assert {name for each in cookies.values() for name in each} <= COOKIES


def test_each_door_stands_behind_the_secret_header_and_is_never_cached():
    config = made("edge", OriginSecret="s" * 32, CleanerSecret="c" * 32)["Distribution"]["Properties"][
        "DistributionConfig"
    ]
    doors = {each["Id"]: each for each in config["Origins"] if each["Id"] != "portal"}
    assert set(doors) == {"intake", "thread", "cleaner", "desk", "custody", "gateway", "open311"}
    for name, door in doors.items():
        shown = ("c" if name == "cleaner" else "s") * 32
        assert door["OriginCustomHeaders"] == [{"HeaderName": "X-Lapor-Origin", "HeaderValue": shown}]
        assert door["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert all(template("edge")["Parameters"][name]["NoEcho"] is True for name in ("OriginSecret", "CleanerSecret"))
    paths = {
        each["PathPattern"]: (each["TargetOriginId"], each["OriginRequestPolicyId"])
        for each in config["CacheBehaviors"]
    }
    assert paths == {
        path: (door, f"invented-{policy}Policy")
        for path, door, policy in (
            ("/api/reports*", "intake", "Counters"),
            ("/healthz", "intake", "Reporters"),
            ("/keluar", "intake", "Reporters"),
            ("/api/thread/files/*", "thread", "Reporters"),
            ("/api/thread*", "thread", "Reporters"),
            ("/api/clean", "cleaner", "Reporters"),
            ("/desk/cases/*/files/*", "desk", "Officers"),
            ("/desk*", "desk", "Officers"),
            ("/custody*", "custody", "Custodians"),
            ("/api/sms/*", "gateway", "Gateways"),
            ("/open311/*", "open311", "Apps"),
        )
    }
    for path in ("/api/thread", "/desk"):  # the first that fits counts
        assert [each for each in paths if each.startswith(path)][-1] == f"{path}*"
    assert {each["PathPattern"] for each in config["CacheBehaviors"] if "POST" not in each["AllowedMethods"]} == set()
    disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's managed policy CachingDisabled, the same everywhere
    assert {each["CachePolicyId"] for each in config["CacheBehaviors"]} == {disabled}
    assert {each["ViewerProtocolPolicy"] for each in config["CacheBehaviors"]} == {"https-only"}


def test_the_portal_tells_its_bucket_nothing_of_who_reads():
    config = made("edge")["Distribution"]["Properties"]["DistributionConfig"]
    assert "OriginRequestPolicyId" not in config["DefaultCacheBehavior"]
    assert config["DefaultCacheBehavior"]["CachePolicyId"] == "invented-PortalCachePolicy"
    shared = made("policies")["PortalCache"]["Properties"]["CachePolicyConfig"][
        "ParametersInCacheKeyAndForwardedToOrigin"
    ]
    behaviours = [next(iter(value.values())) for value in shared.values() if isinstance(value, dict)]
    assert behaviours == ["none"] * 3


def test_a_bucket_lets_nobody_but_our_distribution_read_the_portal():
    statements = made("edge")["PortalPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = {each["Action"]: each for each in statements if each["Effect"] == "Allow"}
    # Without the second S3 answers 403 for what is not there.
    assert allowed.keys() == {"s3:GetObject", "s3:ListBucket"}
    for allow in allowed.values():
        assert allow["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert list(allow["Condition"]["StringEquals"]) == ["aws:SourceArn"]
        assert allow["Condition"]["StringEquals"]["aws:SourceArn"].endswith(":distribution/${Distribution}")
    assert allowed["s3:ListBucket"]["Resource"] == "arn:aws:s3:::invented-PortalBucket"


def told_headers(read):
    """What a policy of response headers says, and whether a door may say otherwise."""
    config = read["Properties"]["ResponseHeadersPolicyConfig"]
    said, custom = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    sts = said["StrictTransportSecurity"]
    told = {
        "Content-Security-Policy": said["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in said else "",
        "X-Frame-Options": said["FrameOptions"]["FrameOption"],
        "Referrer-Policy": said["ReferrerPolicy"]["ReferrerPolicy"],
        **{each["Header"]: each["Value"] for each in custom},
    }
    assert f"max-age={sts['AccessControlMaxAgeSec']}; includeSubDomains" == HSTS
    assert sts["IncludeSubdomains"] is True
    (override,) = {each["Override"] for each in [*said.values(), *custom]}
    return told, override


def csp(told):
    policy = told["Content-Security-Policy"]
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


def test_the_portals_headers_are_those_of_one_machine():
    assert told_headers(made("policies")["PortalHeaders"]) == (SECURITY, False)


def test_whatever_a_door_says_its_scripts_come_from_the_portals_assets_and_nobody_frames_it():
    told, override = told_headers(made("edge", ScriptHost="https://lapor.example")["DoorHeaders"])
    assert override is True  # a door that somebody took over says what it likes
    said, ours = csp(told), csp(SECURITY)
    assert said.pop("worker-src") == ["https://lapor.example/sw.js"]
    assert said == ours | {"script-src": ["https://lapor.example/assets/"]}
    assert said["frame-ancestors"] == ["'none'"]
    same = "Content-Security-Policy"
    assert {**told, same: ""} == {**SECURITY, same: ""}
    # Before CloudFront has named the portal, and never without a policy.
    unnamed = csp(told_headers(made("edge")["DoorHeaders"])[0])
    assert unnamed == ours | {"worker-src": ["'self'"]}


def test_where_a_file_is_answered_no_script_runs_at_all():
    told, override = told_headers(made("policies")["FileHeaders"])
    assert override is True
    said = csp(told)
    assert (said["default-src"], said["frame-ancestors"]) == (["'none'"], ["'none'"])
    assert not {"script-src", "connect-src", "worker-src"} & said.keys()
    assert "allow-scripts" not in said["sandbox"]
    behaviors = made("edge")["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"]
    policies = {each["PathPattern"]: each["ResponseHeadersPolicyId"] for each in behaviors}
    files = {path for path, policy in policies.items() if policy == "invented-FileHeadersPolicy"}
    assert files == {"/api/clean", "/api/thread/files/*", "/desk/cases/*/files/*"}
    assert {policy for path, policy in policies.items() if path not in files} == {"DoorHeaders"}


def test_cloudfront_keeps_no_error_for_the_next_visitor():
    config = made("edge")["Distribution"]["Properties"]["DistributionConfig"]
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in config["CustomErrorResponses"]}
    every = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)  # that CloudFront would keep for ten seconds
    assert kept == dict.fromkeys(every, 0)
    (group,) = config["OriginGroups"]["Items"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [404]  # 403 means a right that is missing


QUOTAS = {  # of an account, as AWS gives them
    "AWS::CloudFront::OriginRequestPolicy": 20,
    "AWS::CloudFront::CachePolicy": 20,
    "AWS::CloudFront::ResponseHeadersPolicy": 20,
    "AWS::CloudFront::Function": 100,
    "AWS::CloudFront::OriginAccessControl": 100,
}


def test_ten_environments_of_two_releases_fit_into_an_account():
    own, shared = made("edge"), made("policies")
    for kind, quota in QUOTAS.items():
        assert 10 * len(of_type(own, kind)) + 2 * len(of_type(shared, kind)) <= quota, kind


def test_a_release_never_changes_what_another_releases_environments_forward(monkeypatch):
    stacks = Stacks(Place("uji", "ap-southeast-3"))
    name = stacks.name("policies")
    assert name == Stacks(Place("produksi", "ap-southeast-3")).name("policies")
    assert "${AWS::StackName}-" in source("policies")  # CloudFront wants each name once
    found = template_of("policies")
    monkeypatch.setattr("infra.deploy.stacks.template_of", lambda _: replace(found, body=found.body + "# x\n"))
    assert stacks.name("policies") != name


def test_an_address_is_for_everybody_and_a_function_for_nobody_beside_it():
    found = made("urls")
    urls = of_type(found, "AWS::Lambda::Url").values()
    doors = {f"lapor-anonim-{door}-uji" for door in BY_HTTP}
    assert {(each["TargetFunctionArn"], each["AuthType"]) for each in urls} == {(door, "NONE") for door in doors}
    told = [
        (each["FunctionName"], each["Action"], each["Principal"], each.get("FunctionUrlAuthType"), each.get(BY_URL))
        for each in of_type(found, "AWS::Lambda::Permission").values()
    ]
    wanted = [(door, "lambda:InvokeFunctionUrl", "*", "NONE", None) for door in doors]
    assert sorted(told, key=str) == sorted(
        [*wanted, *((door, "lambda:InvokeFunction", "*", None, True) for door in doors)], key=str
    )
    settings = json.loads((ROOT / "zappa_settings.json").read_text())
    assert not [name for name, stage in settings.items() if stage.get("function_url_enabled")]
