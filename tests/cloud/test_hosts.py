"""Which portals stand at hosts of their own at the edge: what a certificate covers, what a plan says of the others, and
what the template makes of it. The whole way through a deployed edge is in ``test_day.py``."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.deploy import hosts
from infra.deploy.hosts import Host, asked_for, by_code, covers, judged, leads_here, notes, read_table, records
from infra.deploy.place import EMULATOR, Place
from infra.deploy.say import DeployError
from tests.cloud.stacks import made
from tests.engines import ministack

DOMAIN, SAMARINDA, KUKAR = "lapor.example", "lapor.samarinda.example.id", "lapor.kukar.example.id"
MOST = 10_240  # signs, by CloudFront's quotas: of a function's code, and of what a policy of headers says
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
    said = list(notes(judged(place, asked_for(place))))
    assert said[0].startswith(f"host {KUKAR}: stands below its path alone: no certificate covers it; `aws acm request-")
    assert f"--domain-name {DOMAIN} --subject-alternative-names {KUKAR} {SAMARINDA}`" in said[0]


def test_what_the_certificate_covers_is_served_and_no_other(place: Place) -> None:
    found = covered(place, DOMAIN, SAMARINDA)
    assert served(found) == [SAMARINDA]
    assert list(notes(judged(found, asked_for(found))))[1:] == [f"host {SAMARINDA}: served"]
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
    many = [f"lapor.kabupaten{number:02}.example.id" for number in range(60)]
    found = covered(place, DOMAIN, "*.example.id", *many)
    known = [each.name for each in judged(found, many, before={many[59]}) if not each.why]
    assert (known[0], len(known)) == (many[59], 31)
    assert {each.why for each in judged(found, many, before={many[59]}) if each.why} == {
        "there is no room for more than 31 at one edge"
    }


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


def test_a_doors_scripts_come_from_the_assets_of_its_hosts_and_of_no_other() -> None:
    policy = policy_of(edge_of({"samarinda": SAMARINDA}))
    assert policy["script-src"] == [f"https://{DOMAIN}/assets/", f"https://{SAMARINDA}/assets/"]
    assert policy["worker-src"] == [f"https://{DOMAIN}/sw.js", f"https://{SAMARINDA}/sw.js"]
    assert policy_of(edge_of({}))["script-src"] == [f"https://{DOMAIN}/assets/"]


def test_as_many_as_there_is_room_for_fit_into_a_function_and_a_policy() -> None:
    for length in (5, 37, 253):
        many = hosts.MOST_SIGNS // (length + hosts.AROUND)
        table = {f"kabupaten-hulu-{n:04}": f"h{n:04}.".ljust(length, "x")[-length:] for n in range(many)}
        edge = edge_of(table)
        code = edge["Folders"]["Properties"]["FunctionCode"]
        assert len(code.encode()) <= MOST
        headers = edge["DoorHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
        assert len(json.dumps(headers)) <= MOST
        assert len(hosts.parameters(Place("uji", "x", {}), table)["PortalHosts"]) <= 4096  # of a template's parameter
