"""Which portals stand at hosts of their own at the edge: what a certificate covers, what a plan says of the others, and
what the template makes of it. The whole way through a deployed edge is in ``test_day.py``."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.deploy import functions, hosts, status
from infra.deploy.closure import FUNCTIONS
from infra.deploy.hosts import (
    Host,
    asked_for,
    by_code,
    certificate_faults,
    certificate_notes,
    covers,
    hosts_of,
    judged,
    leads_here,
    let_go,
    notes,
    read_table,
    records,
)
from infra.deploy.place import EMULATOR, Place
from infra.deploy.say import DeployError
from infra.deploy.stacks import Stacks
from tests.cloud.stacks import made
from tests.engines import ministack

DOMAIN, SAMARINDA, KUKAR = "lapor.example", "lapor.samarinda.example.id", "lapor.kukar.example.id"
MOST = 10_240  # signs, by CloudFront's quotas: of a function's code, and of what a policy of headers says
ELSEWHERE = "its owner's DNS can lead it elsewhere (docs/instances.md#own-host)"
EDGE = {"DistributionDomain": "d1.cloudfront.net"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[str]:
    with ministack.serve() as endpoint:
        yield endpoint


@pytest.fixture
def place(cloud: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An environment whose portals of Samarinda and Kutai Kartanegara name hosts."""
    for name, value in (EMULATOR | {"AWS_ENDPOINT_URL": cloud}).items():
        monkeypatch.setenv(name, value)
    found = Place("emulated", "ap-southeast-3", {"domain": DOMAIN})
    s3, bucket = found.client("s3"), found.bucket("portal")
    if bucket not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"})
    for code, host in (("samarinda", SAMARINDA), ("kukar", KUKAR), ("kutim", "")):
        folder = f"@{host}" if host else code
        keys = json.dumps({"instances": [{"code": code}]}).encode()
        s3.put_object(Bucket=bucket, Key=f"{folder}/keys.json", Body=keys)
        s3.put_object(Bucket=bucket, Key=f"{folder}/lapor/index.html", Body=b"x")
    s3.put_object(Bucket=bucket, Key="@bukan nama/index.html", Body=b"x")
    return found


def covered(place: Place, *names: str) -> Place:
    """The environment with a certificate for these names."""
    asked = place.client("acm", "us-east-1").request_certificate(
        DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS"
    )
    return Place(place.env, place.region, {**place.parameters, "certificate": asked["CertificateArn"]})


def served(place: Place) -> list[str]:
    return [each.name for each in judged(place, asked_for(place)) if not each.why]


def test_the_hosts_are_those_of_published_portals(place: Place) -> None:
    assert asked_for(place) == [KUKAR, SAMARINDA]
    assert asked_for(Place("emulated9", place.region)) == []


def test_without_a_certificate_a_portal_stands_below_its_path_and_the_plan_says_what_to_ask_for(place: Place) -> None:
    assert served(place) == []
    said = list(notes(judged(place, asked_for(place)), DOMAIN))
    assert said[0].startswith(f"host {KUKAR}: stands below its path alone: no certificate covers it; `aws acm request-")
    assert f"--domain-name {DOMAIN} --subject-alternative-names {KUKAR} {SAMARINDA}`" in said[0]


def test_what_the_certificate_covers_is_served_and_no_other(place: Place) -> None:
    found = covered(place, DOMAIN, SAMARINDA)
    assert served(found) == [SAMARINDA]
    assert list(notes(judged(found, asked_for(found)), DOMAIN))[1:] == [f"host {SAMARINDA}: served; {ELSEWHERE}"]
    assert list(notes([Host(f"kukar.{DOMAIN}")], DOMAIN)) == [f"host kukar.{DOMAIN}: served"]
    assert by_code(found, judged(found, asked_for(found))) == {"samarinda": SAMARINDA}
    told = hosts.parameters(found, {"samarinda": SAMARINDA})
    assert (told["Aliases"], read_table(told["PortalHosts"])) == (f"{DOMAIN},{SAMARINDA}", {"samarinda": SAMARINDA})
    assert told["Certificate"] == found.parameters["certificate"]


@pytest.mark.parametrize(
    ("names", "host", "holds"),
    [
        ({"a.example.id"}, "a.example.id", True),
        ({"*.example.id"}, "a.example.id", True),
        ({"*.example.id"}, "a.b.example.id", False),
        ({"*.example.id"}, "example.id", False),
        ({"example.id"}, "a.example.id", False),
    ],
)
def test_an_asterisk_stands_for_one_label(names: set[str], host: str, holds: bool) -> None:
    assert covers(names, host) is holds


def test_a_certificate_that_cannot_stand_before_the_portal_ends_the_deployment_before_it_begins(place: Place) -> None:
    for given, said in (
        (covered(place, SAMARINDA), f"and not {DOMAIN}, the portal's address"),
        (
            Place(place.env, place.region, {"domain": DOMAIN, "certificate": "arn:aws:acm:us-east-1:1:certificate/x"}),
            "(",
        ),
    ):
        with pytest.raises(DeployError, match="certificate: ") as told:
            judged(given, [])
        assert said in str(told.value)


def test_a_certificate_that_waits_for_its_records_is_not_used(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    class Waiting:
        def describe_certificate(self, **_: str) -> dict[str, Any]:
            names = {"DomainName": DOMAIN, "SubjectAlternativeNames": [DOMAIN, SAMARINDA]}
            return {"Certificate": names | {"Status": "PENDING_VALIDATION"}}

    found = covered(place, DOMAIN, SAMARINDA)
    monkeypatch.setattr(Place, "client", lambda *_, **__: Waiting())
    with pytest.raises(DeployError, match=r"PENDING_VALIDATION, and not issued\. Set the CNAME record of every name"):
        judged(found, [SAMARINDA])


def test_nobody_takes_the_address_of_the_whole_portal(place: Place) -> None:
    found = covered(place, DOMAIN, SAMARINDA)
    assert judged(found, [DOMAIN]) == [Host(DOMAIN, "it is the address of the whole portal")]
    (bare,) = judged(Place(place.env, place.region, {}), [SAMARINDA])
    assert "no domain of its own" in bare.why


def test_where_there_is_no_room_for_all_those_of_before_stay(place: Place) -> None:
    many = [f"lapor.kabupaten{number:02}.example.id" for number in range(90)]
    found = covered(place, DOMAIN, "*.example.id", *many)
    known = [each.name for each in judged(found, many, before={many[89]}) if not each.why]
    assert (known[0], len(known)) == (many[89], 62)
    assert {each.why for each in judged(found, many, before={many[89]}) if each.why} == {
        "there is no room for more than 62 at one edge"
    }


def serving(monkeypatch: pytest.MonkeyPatch, **table: str) -> None:
    """The edge serves these now."""
    told = {"PortalHosts": " ".join(f"{code}={name}" for code, name in table.items())}
    monkeypatch.setattr(Stacks, "outputs", lambda _, name: told if name == "edge" else {})


def test_a_host_that_is_served_never_goes_by_a_certificate_that_leaves_it_out(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving(monkeypatch, samarinda=SAMARINDA)
    fewer = covered(place, DOMAIN, KUKAR)
    for given in (fewer, place):
        with pytest.raises(DeployError, match=rf"hosts: the edge serves {SAMARINDA} \(no certificate covers it"):
            hosts_of(given)
    whole = covered(place, DOMAIN, KUKAR, SAMARINDA)
    assert [each.why for each in hosts_of(whole)] == ["", ""]


def test_a_host_that_no_portal_names_any_more_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = "lapor.kutim.example.id"
    serving(monkeypatch, samarinda=SAMARINDA, kutim=gone)
    found = covered(place, DOMAIN, KUKAR, SAMARINDA)
    assert list(let_go(found, hosts_of(found))) == [
        f"host {gone}: no portal names it any more; the edge serves it no longer"
    ]


RENEWAL: dict[str, Any] = {
    "DomainName": DOMAIN,
    "SubjectAlternativeNames": [DOMAIN, SAMARINDA, "*.samarinda.example.id"],
    "Status": "ISSUED",
    "NotAfter": datetime(2027, 1, 31, tzinfo=UTC),
    "RenewalSummary": {
        "RenewalStatus": "PENDING_VALIDATION",
        "DomainValidationOptions": [
            {"DomainName": DOMAIN, "ValidationStatus": "SUCCESS"},
            {"DomainName": SAMARINDA, "ValidationStatus": "PENDING_VALIDATION"},
        ],
    },
}


@pytest.mark.parametrize(
    ("renewal", "faults"), [("PENDING_VALIDATION", 1), ("FAILED", 1), ("PENDING_AUTO_RENEWAL", 0), ("SUCCESS", 0)]
)
def test_a_renewal_that_waits_for_a_record_names_it_and_the_day_on_which_all_end(renewal: str, faults: int) -> None:
    said = RENEWAL | {"RenewalSummary": RENEWAL["RenewalSummary"] | {"RenewalStatus": renewal}}
    found = list(certificate_faults(said, {DOMAIN, SAMARINDA}))
    assert [certain for certain, _ in found] == [True] * faults
    for _, sentence in found:
        assert f"its renewal is {renewal}. On 2027-01-31 every address" in sentence
        assert f"record of {SAMARINDA}, or" in sentence


def test_a_name_in_the_certificate_that_no_portal_names_is_told(place: Place) -> None:
    fresh = {name: value for name, value in RENEWAL.items() if name != "RenewalSummary"}
    ((_, wild), (certain, sentence)) = certificate_faults(fresh, {DOMAIN, KUKAR})
    assert "*.samarinda.example.id is in it" in wild
    assert (certain, sentence.startswith(f"certificate: {SAMARINDA} is in it and no portal names it")) == (False, True)
    assert certificate_notes(place) == []
    assert certificate_notes(covered(place, DOMAIN, SAMARINDA, KUKAR)) == []
    assert len(certificate_notes(covered(place, DOMAIN, SAMARINDA, "lapor.lain.id"))) == 1


def test_status_shows_what_endangers_hosts(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    found = covered(place, DOMAIN, SAMARINDA)
    monkeypatch.setattr(hosts, "described", lambda _: RENEWAL)
    monkeypatch.setattr(status, "records", lambda *_: iter(["a record is missing"]))
    told = list(status._hosts(found))
    assert [mark for mark, _ in told] == [status.WRONG, status.LOOK]
    assert (SAMARINDA in told[0][1], told[1][1]) == (True, "a record is missing")
    monkeypatch.setattr(hosts, "described", lambda _: RENEWAL | {"Status": "EXPIRED"})
    assert list(status._hosts(found))[-1][0] == status.WRONG


def test_a_release_that_is_turned_back_keeps_the_hosts_that_the_edge_serves_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The edge is not turned back: an older list would lead receipts to a host that is gone."""
    was: dict[str, Any] = {
        "CodeSha256": "x",
        "Environment": {"Variables": {"PORTAL_HOSTS": "kukar=" + KUKAR, "TABLE": "t"}},
    }

    class Lambda:
        def get_function(self, **_: str) -> dict[str, Any]:
            return {"Configuration": was}

        def get_function_configuration(self, **_: str) -> dict[str, Any]:
            return was

    told: dict[str, dict[str, str]] = {}
    monkeypatch.setattr(Place, "client", lambda *_, **__: Lambda())
    monkeypatch.setattr(functions.Functions, "_tell", lambda _, name, variables: told.update({name: variables}))
    serving(monkeypatch, samarinda=SAMARINDA)
    uji = Place("uji", "ap-southeast-3")
    assert functions.Functions(uji, {}, "").turn_back() == list(FUNCTIONS)
    assert told[uji.function("intake")] == {"PORTAL_HOSTS": f"samarinda={SAMARINDA}", "TABLE": "t"}
    assert told[uji.function("thread")] == was["Environment"]["Variables"]


@pytest.mark.parametrize(
    ("names", "addresses", "leads"),
    [
        ({"d1.cloudfront.net", SAMARINDA}, {"192.0.2.9"}, True),
        ({SAMARINDA}, {"192.0.2.1"}, True),
        ({SAMARINDA}, {"192.0.2.9"}, False),
        (set(), set(), False),
    ],
)
def test_a_record_leads_here_by_its_name_or_its_addresses(names: set[str], addresses: set[str], leads: bool) -> None:
    def look(name: str) -> hosts.Found:
        return (names, addresses) if name == SAMARINDA else ({name}, {"192.0.2.1"})

    assert leads_here(SAMARINDA, EDGE, look) is leads
    assert not leads_here(SAMARINDA, {}, look)
    told = list(records(Place("uji", "ap-southeast-3"), [Host(SAMARINDA), Host(KUKAR, "why")], EDGE, look))
    lacks = f"host {SAMARINDA}: DNS does not lead here yet; its owner sets a CNAME to d1.cloudfront.net. Its path works"
    assert told == ([] if leads else [lacks])


def edge_of(table: dict[str, str], **more: str) -> dict[str, Any]:
    told = hosts.parameters(Place("uji", "ap-southeast-3", {"domain": DOMAIN}), table)
    return made("edge", **told | {"Domain": DOMAIN, "ScriptHost": f"https://{DOMAIN}"} | more)


def test_the_edge_answers_to_its_names_alone_and_shows_the_certificate_of_ops() -> None:
    config = edge_of({"samarinda": SAMARINDA})["Distribution"]["Properties"]["DistributionConfig"]
    assert config["Aliases"] == [DOMAIN, SAMARINDA]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == "invented-CertificateArn"
    own = edge_of({}, Certificate="arn:x")["Distribution"]["Properties"]["DistributionConfig"]
    assert (own["Aliases"], own["ViewerCertificate"]["AcmCertificateArn"]) == ([DOMAIN], "arn:x")
    assert own["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert "Aliases" not in made("edge")["Distribution"]["Properties"]["DistributionConfig"]


def policy_of(edge: dict[str, Any]) -> dict[str, list[str]]:
    said = edge["DoorHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    parts = said["ContentSecurityPolicy"]["ContentSecurityPolicy"].split(";")
    return {name: sources for name, *sources in (part.split() for part in parts)}


def test_no_portals_host_is_trusted_with_scripts_at_another() -> None:
    """Whoever holds its name in DNS could serve what they like. What the asked host's own become: ``test_folders.py``."""
    policy = policy_of(edge_of({"samarinda": SAMARINDA}))
    assert policy["script-src"] == [f"https://{DOMAIN}/assets/"]
    assert policy["worker-src"] == [f"https://{DOMAIN}/sw.js"]


def test_every_door_has_its_scripts_from_the_host_that_was_asked() -> None:
    behaviors = edge_of({})["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"]
    for each in behaviors:
        after = [f for f in each.get("FunctionAssociations", []) if f["EventType"] == "viewer-response"]
        is_page = each["ResponseHeadersPolicyId"] == "DoorHeaders"
        assert [json.dumps(f["FunctionARN"]).count("Scripts") for f in after] == [1] * is_page, each["PathPattern"]


def test_as_many_as_there_is_room_for_fit_into_a_function_and_a_policy() -> None:
    for length in (5, 37, 253):
        many = hosts.MOST_SIGNS // (length + hosts.AROUND)
        table = {f"kabupaten-hulu-{n:04}": f"h{n:04}.".ljust(length, "x")[-length:] for n in range(many)}
        edge = edge_of(table)
        for name in ("Folders", "Scripts"):
            assert len(edge[name]["Properties"]["FunctionCode"].encode()) <= MOST
        headers = edge["DoorHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
        assert len(json.dumps(headers)) <= MOST
        assert len(hosts.parameters(Place("uji", "x", {}), table)["PortalHosts"]) <= 4096  # of a template's parameter
