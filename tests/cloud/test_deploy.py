"""From an empty account to a first report, and away again, with the same commands as on AWS: CloudFormation, packages,
Zappa, the portal in its bucket, the distribution, orders, mail. The tests follow each other in one environment."""

import hashlib
import json
import re
import shutil
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any, cast

import pytest
from zappa.core import FUNCTION_URL_PUBLIC_PERMISSION_RULES

from functions.crypto.sign.counter_passes import counter_secret
from infra.deploy.build import BUILD
from infra.deploy.environs import BEARERS, BY_HTTP
from infra.deploy.place import PARAMETERS
from infra.deploy.secret import KEPT, NAMES
from infra.deploy.stacks import AFTER, BEFORE
from infra.deploy.steps import STEPS
from tests.cloud.cloud import ENV, FUNCTIONS, PREFIX, Cloud, Ran, copied_source, emulator, steps
from tests.cloud.edge import OPENER, Edge, directory
from tests.server import Client, wait_for
from tests.whole.test_story import mark, report, sign_in
from tests.whole.test_story import test_the_whole_story as tell_the_whole_story

GRACE = ("--grace", "62")  # who seals, signs or verifies looks at the public keys once a minute
COORDINATOR = next(each["email"] for each in directory()["officers"] if each["role"] == "coordinator")
CONTACT, TURNED = "warga@contoh.example", ("desk", "links", "courier")
TITLES = [title for title, _ in STEPS]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """An account as AWS gives it: SES in its sandbox, nobody confirmed."""
    with emulator(SES_NEW="true") as cloud:
        yield cloud


@pytest.fixture(scope="module")
def first(cloud: Cloud) -> Ran:
    """The first deployment."""
    ran = cloud.run("deploy", ENV, watch=True)
    assert ran.status == 0, ran.text
    return ran


@pytest.fixture
def edge(cloud: Cloud, first: Ran) -> Iterator[Edge]:
    with cloud.edge() as edge:
        yield edge


def test_a_plan_of_an_empty_account_makes_everything_and_makes_nothing(cloud: Cloud) -> None:
    planned = cloud.run("plan", ENV)
    assert planned.status == 0, planned.text
    assert planned.text.count(": make") == len((*BEFORE, *AFTER)) + len(NAMES) + len(
        FUNCTIONS
    )  # stacks, secrets, functions
    assert cloud.client("cloudformation").list_stacks()["StackSummaries"] == []
    assert cloud.client("s3").list_buckets()["Buckets"] == []


def test_the_first_deployment_goes_through_all_steps_and_says_where_it_is(cloud: Cloud, first: Ran) -> None:
    assert steps(first) == TITLES
    assert f"{cloud.portal_url()}/masuk/" in first.text
    assert "!!" not in first.text


def test_the_smoke_test_stands_by_itself(cloud: Cloud, first: Ran) -> None:
    ran = cloud.run("smoke", ENV)
    assert ran.status == 0, ran.text
    assert all(line.startswith("   ok ") for line in ran.lines)


def test_no_secret_is_on_a_command_line_in_what_is_printed_or_in_a_package(cloud: Cloud, first: Ran) -> None:
    secrets = cloud.secrets()
    assert all(len(secret) >= 32 for secret in secrets)
    assert any("zappa" in command for command in first.commands)  # the watcher sees what it is to see
    for secret in secrets:
        assert secret not in first.text
        assert not any(secret in command for command in first.commands)
        for function in FUNCTIONS:
            with zipfile.ZipFile(BUILD / f"{function}_{ENV}.zip") as package:
                assert not any(secret.encode() in package.read(name) for name in package.namelist())
    told = {
        function: cloud.client("lambda").get_function_configuration(FunctionName=f"lapor-anonim-{function}-{ENV}")
        for function in FUNCTIONS
    }
    bearing = {name for name, said in told.items() if any(s in json.dumps(said, default=str) for s in secrets)}
    assert bearing == {"intake", "thread", "desk", "custody", "gateway", "open311", "courier"}
    given = {name: set(said["Environment"]["Variables"]) & set(BEARERS) for name, said in told.items()}
    assert given == {
        "intake": {"ORIGIN_SECRET", "FORM_SECRET"},
        **{function: {"ORIGIN_SECRET"} for function in ("thread", "cleaner", "desk", "custody", "open311")},
        "gateway": {"ORIGIN_SECRET", "PHONE_SECRET", "SMS_SECRET", "MUTE_SECRET"},
        "courier": {"MUTE_SECRET"},
        "clock": set(),
    }


def test_the_desk_can_make_passes_for_counters_and_has_no_more_of_the_forms_secret(cloud: Cloud, first: Ran) -> None:
    told = {
        function: cloud.client("lambda").get_function_configuration(FunctionName=f"lapor-anonim-{function}-{ENV}")[
            "Environment"
        ]["Variables"]
        for function in FUNCTIONS
    }
    assert told["desk"]["COUNTER_SECRET"] == counter_secret(told["intake"]["FORM_SECRET"])
    assert {name for name, variables in told.items() if "FORM_SECRET" in variables} == {"intake"}
    assert {name for name, variables in told.items() if "COUNTER_SECRET" in variables} == {"desk"}


def test_the_portals_files_say_how_long_they_may_be_kept(edge: Edge, cloud: Cloud) -> None:
    client = Client(edge.url)
    front = client.raw("/")
    assert "Cache-Control: no-cache" in front
    assert "Content-Type: text/html; charset=utf-8" in front
    (asset, *_) = re.findall(r'="(/assets/[^"]+\.css)"', front)
    found = client.raw(asset)
    assert "Cache-Control: public, max-age=31536000, immutable" in found
    digest = hashlib.sha256(found.partition("\n\n")[2].encode("latin-1")).hexdigest()
    assert digest[:10] in asset
    names = [o["Key"] for o in cloud.client("s3").list_objects_v2(Bucket=f"{PREFIX}-portal-000000000000")["Contents"]]
    assert not [name for name in names if name.endswith((".br", ".gz"))]


def status_of(edge: Edge, path: str, body: bytes | None = None) -> tuple[int, str]:
    """What the edge answers to a browser without script: the status, and where it leads."""
    request = urllib.request.Request(edge.url + path, body, {"Accept": "text/html", "Content-Type": "image/jpeg"})
    try:
        with OPENER.open(request, timeout=60) as answer:
            return int(answer.status), ""
    except urllib.error.HTTPError as error:
        return error.code, str(error.headers["Location"] or "")


def test_a_page_that_was_missed_a_second_ago_is_there(edge: Edge, cloud: Cloud) -> None:
    where = {"Bucket": f"{PREFIX}-portal-000000000000", "Key": "kabar/index.html"}
    assert status_of(edge, "/kabar/")[0] == 404
    cloud.client("s3").put_object(**where, Body=b"<h1>Kabar</h1>")
    assert status_of(edge, "/kabar/")[0] == 200
    cloud.client("s3").delete_object(**where)


def test_a_photo_that_no_function_takes_leads_to_words(edge: Edge) -> None:
    assert status_of(edge, "/api/thread/files", b"\xff" * 5_000_000) == (303, "/bantuan/#berkas")


def letters_of_a_report(edge: Edge, *, some: bool = False) -> list[str]:
    """To whom a letter leaves after a report. Where ``some`` do, the schedule's courier may have them in hand."""
    client = Client(edge.url)
    before = len(client.mails())
    client.post("/api/reports", report(client), 201)
    wait_for(lambda: client.mails(before) or not some)
    return [mail["to"] for mail in client.mails(before)]


def confirm(cloud: Cloud, identity: str) -> None:
    """As its owner does, by DNS records or the link in SES's mail."""
    cloud.client("sesv2").put_email_identity_dkim_attributes(EmailIdentity=identity, SigningEnabled=True)


def grant(cloud: Cloud) -> None:
    """Let SES write to everybody, as AWS does once it was asked."""
    ses = cloud.client("sesv2")
    if not ses.get_account()["ProductionAccessEnabled"]:
        asked = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://lapor.example", "ProductionAccessEnabled": True}
        ses.put_account_details(**asked)


def test_letters_wait_until_ses_lets_them_leave(edge: Edge, cloud: Cloud) -> None:
    """First for the sender's records, then for recipients in the sandbox. None is given up meanwhile."""
    ses = cloud.client("sesv2")
    assert letters_of_a_report(edge) == []
    waits = cloud.run("status", ENV).text
    assert "lapor.example is not confirmed" in waits
    assert "SES is in its sandbox" in waits
    confirm(cloud, "lapor.example")
    assert letters_of_a_report(edge) == []
    ses.create_email_identity(EmailIdentity=COORDINATOR)
    confirm(cloud, COORDINATOR)
    assert letters_of_a_report(edge, some=True) == [COORDINATOR]
    grant(cloud)
    assert "sandbox" not in cloud.run("status", ENV).text
    dead = cloud.run("ops", ENV, "outbox", "dead")
    assert (dead.status, "ses_not_verified" in dead.text) == (0, False), dead.text


def test_the_whole_story_through_the_edge(edge: Edge) -> None:
    tell_the_whole_story(cast("Any", SimpleNamespace(url=edge.url)))
    assert edge.cookies
    assert all(re.search(r"__Host-.*; Secure", cookie) for cookie in edge.cookies)


@dataclass
class Turn:
    """Rotations of keys under way, and what stood before they began."""

    fields: dict[str, str]
    sent: dict[str, str]
    keys: list[str]
    letters: int
    runs: list[Future[Ran]]


@pytest.fixture(scope="module")
def turn(cloud: Cloud, first: Ran) -> Iterator[Turn]:
    """They wait for a minute, in which other tests go on."""
    with cloud.edge() as edge, ThreadPoolExecutor() as pool:
        client = Client(edge.url)
        letters, fields = len(client.mails()), report(client, contact=CONTACT)
        sent, keys = client.post("/api/reports", fields, 201), _published(edge)
        runs = [pool.submit(cloud.run, "rotate-keys", ENV, "--purpose", each, *GRACE) for each in TURNED]
        yield Turn(fields, sent, keys, letters, runs)


@pytest.mark.usefixtures("turn")
def test_the_courier_comes_by_the_schedule_without_being_called(edge: Edge) -> None:
    before = len(edge.mails())
    Client(edge.url).post("/api/reports", report(Client(edge.url)), 201)
    assert wait_for(lambda: len(edge.mails()) > before, 90)


def test_keys_rotate_and_every_report_still_opens(edge: Edge, turn: Turn) -> None:
    for run in turn.runs:
        ran = run.result()
        assert ran.status == 0, ran.text
    assert _published(edge) != turn.keys
    client, fields, sent = Client(edge.url), turn.fields, turn.sent
    assert client.post("/api/thread", {"receipt": sent["receipt"]})["messages"][0]["body"] == fields["body"]
    # Links from before are void; the officer asks for a new one, and reads under the new key.
    officer = next(o["email"] for o in client.get("/dev/directory.json")["officers"] if o["role"] == "coordinator")
    assert wait_for(lambda: client.mails(turn.letters, officer))
    asked = len(client.mails())
    client.post("/desk/links", {"email": officer}, 202)
    desk, path = sign_in(client, client.token(asked, officer)), f"/desk/cases/{sent['tracking_id']}"
    assert desk.get(path)["messages"][0]["body"] == fields["body"]
    # Whoever left an address is told of the question by the courier's new key.
    desk.post(f"{path}/stage", {"stage": "ditahan", "reason": "Di dekat rumah nomor berapa?"})
    assert wait_for(lambda: CONTACT in [mail["to"] for mail in client.mails()], 90)


def leave_as_zappa_did(cloud: Cloud) -> None:
    """Addresses and permissions of a release up to 0.1.0, which let any account of AWS call a door directly."""
    cloud.client("cloudformation").delete_stack(StackName=f"{PREFIX}-urls")
    client = cloud.client("lambda")
    for door in BY_HTTP:
        name = f"lapor-anonim-{door}-{ENV}"
        assert wait_for(lambda name=name: not client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"])
        client.create_function_url_config(FunctionName=name, AuthType="NONE")
        for sid, action, typed in FUNCTION_URL_PUBLIC_PERMISSION_RULES:
            by_type = {"FunctionUrlAuthType": "NONE"} if typed else {}
            client.add_permission(FunctionName=name, StatementId=sid, Action=action, Principal="*", **by_type)


def test_a_second_deployment_takes_up_what_zappa_made_and_ses_granted_and_changes_nothing_else(
    cloud: Cloud, first: Ran
) -> None:
    """Out of the sandbox no recipient is an identity, so the courier's leave to write to those goes."""
    leave_as_zappa_did(cloud)
    ran = cloud.run("deploy", ENV)
    assert ran.status == 0, ran.text  # its smoke test has asked who may call what
    assert "   ok nobody calls intake directly" in ran.lines
    changed = {line.strip() for line in ran.lines if re.search(r" (made|changed|told anew)$", line)}
    assert changed == {f"{PREFIX}-keyholders changed", f"{PREFIX}-urls made", f"{PREFIX}-edge changed"}
    assert "   0 files uploaded" in ran.text
    planned = cloud.run("plan", ENV)
    assert (planned.status, planned.text.count(": make"), planned.text.count(": change")) == (0, 0, 0), planned.text


# What loads nowhere the build itself refuses: it tries each function on this machine.
BAD_IN_THE_CLOUD = """
import os
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    raise RuntimeError("a release that is no good")
"""


@pytest.mark.long
def test_where_the_smoke_test_fails_the_functions_go_back(cloud: Cloud, first: Ran, tmp_path: Path) -> None:
    source = copied_source(tmp_path)
    with (source / "functions" / "intake" / "app.py").open("a") as code:
        code.write(BAD_IN_THE_CLOUD)
    ran = cloud.run("deploy", ENV, root=source)
    assert ran.status == 1
    assert re.search(r"!! intake: status 50\d, not 200", ran.text)
    assert (
        "Went back to the version before: intake, thread, cleaner, desk, custody, gateway, open311, courier, clock."
        in ran.lines[-1]
    )
    assert cloud.run("smoke", ENV).status == 0


@pytest.fixture(scope="module")
def beside(cloud: Cloud, first: Ran, tmp_path_factory: pytest.TempPathFactory) -> Cloud:
    """A second environment of the same account, which sends by the same domain."""
    folder = tmp_path_factory.mktemp("parameters")
    shutil.copyfile(PARAMETERS / f"{ENV}.toml", folder / f"{ENV}2.toml")
    other = Cloud(cloud.endpoint, folder, cloud.portals, f"{ENV}2")
    ran = other.run("deploy", other.env)
    assert ran.status == 0, ran.text
    confirm(cloud, "lapor.example")  # where this file's long tests run alone, nobody has done so
    grant(cloud)
    return other


def told_whole(cloud: Cloud) -> None:
    with cloud.edge() as edge:
        tell_the_whole_story(cast("Any", SimpleNamespace(url=edge.url)))


Sent = tuple[str, str, list[str]]  # of a report: receipt, number, and what its reporter wrote


def reads(client: Client, *sent: Sent) -> None:
    """Each receipt's holder reads what they wrote."""
    for receipt, tracking_id, bodies in sent:
        read = client.post("/api/thread", {"receipt": receipt})
        wrote = [m["body"] for m in read["messages"] if m["from"] == "pelapor"]
        assert (read["tracking_id"], wrote) == (tracking_id, bodies)


def coordinator_reads(client: Client, *sent: Sent) -> None:
    """By a new link, of which an officer gets one an hour."""
    asked = len(client.mails())
    client.post("/desk/links", {"email": COORDINATOR}, 202)
    coordinator = sign_in(client, client.token(asked, COORDINATOR))
    for _, tracking_id, bodies in sent:
        assert coordinator.get(f"/desk/cases/{tracking_id}")["messages"][0]["body"] == bodies[0]


def copy_night(cloud: Cloud, source: Cloud, target: Cloud) -> None:
    """Put everything that one environment backed up into the other's bucket, as somebody may who means well."""
    s3, (of, to) = cloud.client("s3"), (f"{each.prefix}-backup-000000000000" for each in (source, target))
    for each in s3.list_objects_v2(Bucket=of)["Contents"]:
        s3.copy_object(Bucket=to, Key=each["Key"], CopySource={"Bucket": of, "Key": each["Key"]})


@pytest.mark.long
def test_a_night_of_another_environment_is_refused_before_anything_is_made(
    cloud: Cloud, first: Ran, beside: Cloud
) -> None:
    """Into one that stands: without a night of its own, and with the other's put there."""
    assert cloud.run("backup", ENV).status == 0
    stands = beside.run("restore", beside.env)
    assert (stands.status, steps(stands)) == (1, [])
    assert "into the environment that made it" in stands.text
    copy_night(cloud, cloud, beside)
    full = beside.run("restore", beside.env)
    assert (full.status, "is not empty" in full.text, steps(full)) == (1, True, [])


@pytest.mark.long
def test_what_is_destroyed_leaves_backups_and_another_environment_alone_and_comes_back_beside_it(
    cloud: Cloud, first: Ran, beside: Cloud
) -> None:
    with cloud.edge() as edge:
        client = Client(edge.url)
        sent = [_report_with_a_message(client) for _ in range(3)]
    assert cloud.run("backup", ENV).status == 0
    with cloud.edge() as edge:
        late = Client(edge.url).post("/api/reports", report(Client(edge.url)), 201)["receipt"]

    refused = cloud.run("destroy", ENV, "--confirm", "produksi")
    assert (refused.status, "nothing was removed" in refused.text) == (1, True)
    assert f"the bucket {PREFIX}-blobs-000000000000" in refused.text
    gone = cloud.run("destroy", ENV, "--confirm", ENV)
    assert gone.status == 0, gone.text
    told_whole(beside)  # by the domain that the first one made
    with beside.edge() as edge:
        other = _report_with_a_message(Client(edge.url))
        keys = _published(edge)
    back = cloud.run("restore", ENV)
    assert back.status == 0, back.text
    with cloud.edge() as edge:
        client = Client(edge.url)
        reads(client, *sent)
        coordinator_reads(client, *sent)
        client.post("/api/thread", {"receipt": late}, 404)  # came after the backup
        client.post("/api/thread", {"receipt": other[0]}, 404)  # the other one's
    told_whole(cloud)
    again = cloud.run("restore", ENV)
    assert (again.status, "is not empty" in again.text, steps(again)) == (1, True, [])
    with beside.edge() as edge:
        assert _published(edge) == keys
        reads(Client(edge.url), other)
    nothing_is_left_of_both_but_what_opens_their_nights(cloud, beside)


def nothing_is_left_of_both_but_what_opens_their_nights(cloud: Cloud, beside: Cloud) -> None:
    for each in (cloud, beside):
        gone = each.run("destroy", each.env, "--confirm", each.env)
        assert gone.status == 0, gone.text
    for option, why in (((), "does not bear this environment's signature"), (("--unsigned",), "under other KMS keys")):
        refused = beside.run("restore", beside.env, *option)  # with the other's night alone in its bucket
        assert (refused.status, why in refused.text, steps(refused)) == (1, True, []), refused.text
    secrets = sorted(f"/{each.prefix}/{name}" for each in (cloud, beside) for name in KEPT)
    left = _left(cloud)
    identities = {one["IdentityName"] for one in left.pop("identities")}
    assert identities - {COORDINATOR} == {"lapor.example"}  # the coordinator's is there where the sandbox was tried
    assert left == {
        "buckets": [f"{each.prefix}-backup-000000000000" for each in (cloud, beside)],
        "secrets": secrets,
        "kms": 10,
    }


def _report_with_a_message(client: Client) -> Sent:
    fields = report(client)
    sent = client.post("/api/reports", fields, 201)
    more = f"Masih mati. Tanda {mark()}."
    body = {"receipt": sent["receipt"], "body": more, "message_key": token_hex(8)}
    client.post("/api/thread/messages", body, 201)
    return sent["receipt"], sent["tracking_id"], [fields["body"], more]


def _published(edge: Edge) -> list[str]:
    return [key["key_id"] for key in Client(edge.url).get("/keys.json")["keys"]]


def _left(cloud: Cloud) -> dict[str, Any]:
    """What stands in the account."""
    names = {
        "stacks": [
            stack["StackName"]
            for stack in cloud.client("cloudformation").list_stacks()["StackSummaries"]
            if stack["StackStatus"] != "DELETE_COMPLETE"
        ],
        "tables": cloud.client("dynamodb").list_tables()["TableNames"],
        "functions": cloud.client("lambda").list_functions()["Functions"],
        "rules": cloud.client("events").list_rules()["Rules"],
        "roles": cloud.client("iam").list_roles()["Roles"],
        "secrets": sorted(each["Name"] for each in cloud.client("ssm").describe_parameters()["Parameters"]),
        "logs": cloud.client("logs").describe_log_groups()["logGroups"],
        "alarms": cloud.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "distributions": cloud.client("cloudfront").list_distributions()["DistributionList"].get("Items", []),
        "identities": cloud.client("sesv2").list_email_identities()["EmailIdentities"],
        "topics": cloud.client("sns").list_topics()["Topics"],
        "aliases": [
            alias
            for alias in cloud.client("kms").list_aliases()["Aliases"]
            if alias["AliasName"].startswith(f"alias/{PREFIX}")
        ],
        "buckets": [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]],
    }
    keys = cloud.client("kms").list_keys()["Keys"]
    return {**{name: found for name, found in names.items() if found}, "kms": len(keys)}
