"""What ops do day by day, in a deployed environment with SMS: looking, commanding, changing the edge's secret; an SMS
that becomes a case, and is answered by SMS; apps that speak Open311. The tests follow each other in one environment."""

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from functions.config.settings import load_settings
from functions.gateway.signature import HEADER, sign
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.registers.directory import read_directory
from infra.deploy.place import PARAMETERS
from infra.deploy.secret import ORIGIN, SMS, SMS_TOKEN
from infra.deploy.status import FINE, LOOK, WRONG
from tests.aggregator import aggregator
from tests.cloud import browsing, own_host, second_government
from tests.cloud.cloud import ENV, FUNCTIONS, PREFIX, Cloud, Ran, emulator
from tests.cloud.edge import OPENER, Edge, directory
from tests.cloud.stacks import made
from tests.counted_once import Barometer, barometer, once
from tests.open311.ours import leave_alone, publish, recent
from tests.server import ROOT, Client, wait_for
from tests.whole.test_story import sign_in

NUMBER, TOKEN = "+6281200000017", "Bearer kenari-rahasia-agregator"
SETTINGS = """
SMS = "http"
SMS_URL = "{url}"
"""


@pytest.fixture(scope="module")
def phone() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Where SMS are posted, and what was."""
    with aggregator(200) as answering:
        yield answering


@pytest.fixture(scope="module")
def cloud(phone: tuple[str, list[Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    folder = tmp_path_factory.mktemp("parameters")
    file = f"{ENV}.toml"
    told = (PARAMETERS / file).read_text().replace('domain = ""', f'domain = "{own_host.DOMAIN}"', 1)
    (folder / file).write_text(told + SETTINGS.format(url=phone[0]))
    with emulator() as cloud:
        cloud.parameters = folder
        own_host.put_certificate(folder / file, own_host.certificate(cloud, own_host.DOMAIN))
        yield cloud


@pytest.fixture(scope="module")
def deployed(cloud: Cloud) -> Ran:
    """The aggregator's token typed in, then the first deployment."""
    kept = cloud.run("sms-token", ENV, typed=f"{TOKEN}\n")
    assert kept.status == 0, kept.text
    assert TOKEN not in kept.text
    ran = cloud.run("deploy", ENV)
    assert ran.status == 0, ran.text
    assert TOKEN not in ran.text
    return ran


@pytest.fixture(scope="module")
def app_key(cloud: Cloud, deployed: Ran) -> str:
    """The key of an app that ops admitted at a terminal."""
    ran = cloud.run("ops", ENV, "apps", "add", "warga", "--name", "Warga Peduli (uji)")
    assert ran.status == 0, ran.text
    (key,) = [line.rpartition(" ")[2] for line in ran.lines if line.startswith("api_key of warga")]
    return key


@pytest.fixture(scope="module")
def added(cloud: Cloud, deployed: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second government, which names a host that no certificate covers; where its folder is."""
    folder = tmp_path_factory.mktemp("folder") / second_government.CODE
    shutil.copytree(second_government.FOLDER, folder)
    with (folder / "portal.toml").open("a") as look:
        look.write(f'host = "{own_host.HOST}"\n')
    said = second_government.add(cloud, folder)
    assert f"the edge does not serve {own_host.HOST} yet" in said.text
    return folder


@pytest.fixture
def edge(cloud: Cloud, deployed: Ran) -> Iterator[Edge]:
    with cloud.edge() as edge:
        yield edge


def secret(cloud: Cloud, name: str) -> str:
    found = cloud.client("ssm").get_parameter(Name=f"/{PREFIX}/{name}", WithDecryption=True)
    return str(found["Parameter"]["Value"])


def text_in(cloud: Cloud, edge: Edge, text: str, ident: str) -> int:
    """Deliver an SMS as an aggregator does; returns the status of the answer."""
    body = json.dumps({"id": ident, "from": NUMBER, "text": text}).encode()
    signature = sign(secret(cloud, SMS).encode(), body, int(time.time()))
    headers = {"Content-Type": "application/json", HEADER: signature}
    request = urllib.request.Request(f"{edge.url}/api/sms/inbound", body, headers)
    try:
        with OPENER.open(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_what_cannot_be_a_way_for_sms_here_is_told_before_anything_is_made(cloud: Cloud, tmp_path: Path) -> None:
    text = (PARAMETERS / f"{ENV}.toml").read_text()
    (tmp_path / f"{ENV}.toml").write_text(text + 'SMS = "gammu"\n')  # its last part is [settings]
    ran = Cloud(cloud.endpoint, tmp_path).run("deploy", ENV)
    assert (ran.status, ran.lines[-1].partition("SMS=")[2]) == (
        1,
        "'gammu' is for one machine; in the cloud it is http, with SMS_URL, or off",
    )


def test_an_sms_becomes_a_case_and_the_officers_answer_an_sms(
    cloud: Cloud, edge: Edge, phone: tuple[str, list[tuple[str, Any]]]
) -> None:
    words = "Jembatan kayu di Sangatta Selatan patah"
    for _ in range(2):  # a gateway that did not hear the answer
        assert text_in(cloud, edge, f"LAPOR {words}", "77") == 202
    client = Client(edge.url)
    cloud.order("courier", {"lapor": "deliver"})
    assert wait_for(lambda: phone[1])  # or the schedule's courier has it in hand
    ((token, first),) = phone[1]
    assert (token, first["to"]) == (TOKEN, NUMBER)
    receipt = re.search(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}", first["text"])
    assert receipt, first
    thread = client.post("/api/thread", {"receipt": receipt[0]})
    assert [message["body"] for message in thread["messages"]] == [words]

    case = f"/desk/cases/{thread['tracking_id']}"
    coordinator = sign_in(client, client.token())
    coordinator.post(f"{case}/handover", {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."})
    officers = client.get("/dev/directory.json")["officers"]
    email = next(each["email"] for each in officers if each["agency"] == "kutim-dpupr")
    officer = sign_in(client, client.token(to=email))
    officer.post(f"{case}/messages", {"body": "Di dekat apa?", "message_key": "a" * 32}, 201)
    cloud.order("courier", {"lapor": "deliver"})
    told = wait_for(lambda: [body for _, body in phone[1] if body is not first])
    assert (told[-1]["to"], told[-1]["text"]) == (NUMBER, "Di dekat apa?")
    assert text_in(cloud, edge, "Dekat masjid", "78") == 202
    read = client.post("/api/thread", {"receipt": receipt[0]})
    assert read["messages"][-1]["body"] == "Dekat masjid"
    assert client.call("POST", "/api/sms/inbound", {"from": NUMBER, "text": "LAPOR x"})[0] == 401


def test_a_number_is_nowhere_in_the_table_or_in_a_log(cloud: Cloud, deployed: Ran) -> None:
    table = str(cloud.client("dynamodb").scan(TableName=PREFIX)["Items"])
    logs = cloud.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    lines = [str(logs.filter_log_events(logGroupName=name)["events"]) for name in groups]
    assert len(groups) == len(FUNCTIONS)
    assert "SLIP#" in table
    for hunted in (NUMBER, NUMBER[1:], "masjid", TOKEN):
        assert not [where for where in (table, *lines) if hunted in where]


@pytest.mark.long
@pytest.mark.usefixtures("app_key")  # made before the doors start anew, so that nobody waits until they look for it
def test_the_edges_secret_is_changed_and_the_doors_never_close(cloud: Cloud, edge: Edge) -> None:
    old, url = secret(cloud, ORIGIN), f"{edge.url}/healthz"
    ran = cloud.run("rotate-secret", ENV, until=lambda line: line.startswith("== 9/"))
    assert ran.status == -9, ran.text
    new, both = secret(cloud, ORIGIN).split(",")
    assert both == old
    with OPENER.open(url, timeout=60) as answer:  # cut short in its middle, the product goes on
        assert answer.status == 200
    assert [beside(cloud, each) for each in (new, old, "x" * 43)] == [200, 200, 403]

    ran = cloud.run("rotate-secret", ENV)
    assert ran.status == 0, ran.text
    assert secret(cloud, ORIGIN) == new  # the turn that was begun was gone on with
    assert not [each for each in (old, new) if each in ran.text]
    assert [beside(cloud, each) for each in (new, old)] == [200, 403]
    with OPENER.open(url, timeout=60) as answer:
        assert answer.status == 200
    assert SMS_TOKEN not in ran.text


def beside(cloud: Cloud, origin: str) -> int:
    """What the intake answers to whoever comes past the edge with this secret."""
    found = cloud.client("lambda").get_function_url_config(FunctionName=f"lapor-anonim-intake-{ENV}")["FunctionUrl"]
    host = found.removeprefix("https://").rstrip("/")
    headers = {"Host": host, "X-Lapor-Origin": origin, "X-Forwarded-Proto": "https"}
    try:
        with OPENER.open(urllib.request.Request(f"{cloud.endpoint}/healthz", headers=headers), timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def by_app(edge: Edge, key: str) -> int:
    """The status of what the door of apps answers to a report."""
    fields = {"api_key": key, "description": "Jalan berlubang.", "device_id": "perangkat-98765"}
    body = urlencode({"service_code": "jalan", "attribute[district]": "64.08.04", **fields}).encode()
    try:
        with OPENER.open(f"{edge.url}/open311/v2/requests.json", body, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.long
def test_an_app_that_ops_admit_reports_and_the_suite_finds_nothing(cloud: Cloud, edge: Edge, app_key: str) -> None:
    """With a key from a terminal, through the edge, whose policy passes on what is asked. Then the key is revoked."""
    store = DynamoStore(PREFIX, lambda: cloud.client("dynamodb"))
    today = datetime.now(ZoneInfo("Asia/Makassar")).date()
    leave_alone(store, today)
    publish(store, recent(today))
    assert wait_for(lambda: by_app(edge, app_key) == 200, 90)  # doors look at apps once a minute
    url = f"{edge.url}/open311/v2"
    command = [sys.executable, "-m", "tests.open311", "--url", url, "--api-key", app_key, "--jurisdiction", "kutim"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "55 rules hold, 0 do not, 0 were not tried"
    with OPENER.open(f"{url}/discovery.json", timeout=60) as answer:
        assert json.loads(answer.read())["endpoints"][0]["type"] == "production"
    table = str(cloud.client("dynamodb").scan(TableName=PREFIX)["Items"])
    assert "o311-token:" in table
    assert "perangkat-98765" not in table
    assert app_key.partition(".")[2] not in table
    assert cloud.run("ops", ENV, "apps", "revoke", "warga").status == 0


def marks(ran: Ran) -> dict[str, str]:
    return {line[3:].partition(":")[0]: line[:2] for line in ran.lines}


def test_status_tells_how_it_stands_and_what_is_wrong(cloud: Cloud, deployed: Ran) -> None:
    ran = cloud.run("status", ENV)
    said = marks(ran)
    assert ran.status == 0, ran.text
    assert {said[f"function {function}"] for function in FUNCTIONS} == {FINE}
    assert {mark for what, mark in said.items() if what.startswith("stack ")} == {FINE}
    assert (said["alarms"], said["backups"]) == (FINE, LOOK)

    assert cloud.run("backup", ENV).status == 0
    alarms, function = cloud.client("cloudwatch"), f"lapor-anonim-clock-{ENV}"
    name = f"{PREFIX}-DeadLetters"
    alarms.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    cloud.client("lambda").delete_alias(FunctionName=function, Name="good")
    ran = cloud.run("status", ENV)
    said = marks(ran)
    assert ran.status == 1
    assert (said["alarms"], said["backups"], said["function clock"]) == (WRONG, FINE, LOOK)
    assert name in ran.text
    alarms.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test")


def test_ops_commands_work_on_the_clouds_store_and_end_as_the_command_did(cloud: Cloud, edge: Edge) -> None:
    ill = cloud.run("ops", ENV, "doctor")
    (fault,) = [line for line in ill.lines if line.startswith(WRONG)]
    assert ill.status == 1
    assert "lacks time to live" in fault  # the emulator's CloudFormation passes over what data.yaml says of it
    assert cloud.run("ops", ENV, "init").status == 0
    well = cloud.run("ops", ENV, "doctor")
    assert well.status == 0, well.text
    assert not [line for line in well.lines if line.startswith(WRONG)]
    listed = cloud.run("ops", ENV, "officers", "list")
    officers = Client(edge.url).get("/dev/directory.json")["officers"]
    assert listed.status == 0, listed.text
    assert all(officer["email"] in listed.text for officer in officers)
    unknown = cloud.run("ops", ENV, "officers", "remove", "tidak-ada")
    assert unknown.status == 1
    assert "tidak-ada" in unknown.text
    assert "Traceback" not in unknown.text


def test_what_ops_revoke_is_revoked_for_the_functions(cloud: Cloud, edge: Edge) -> None:
    client = Client(edge.url)
    officers = client.get("/dev/directory.json")["officers"]
    email = next(each["email"] for each in officers if each["agency"] == "kutim-dpupr")
    officer = sign_in(client, asked_for(client, email))
    assert officer.get("/desk/")
    ran = cloud.run("ops", ENV, "links", "revoke", "--agency", "kutim-dpupr")
    assert ran.status == 0, ran.text
    status, said = officer.call("GET", "/desk/")
    assert (status, said["code"]) == (403, "link_revoked")


def asked_for(client: Client, email: str) -> str:
    """A link that its officer asked for; where one of this hour came before, that one."""
    before = len(client.mails(to=email))
    client.post("/desk/links", {"email": email}, 202)
    wait_for(lambda: len(client.mails(to=email)) > before)
    found = [re.search(r"/masuk/#(\S+)", mail["text"]) for mail in client.mails(to=email)]
    return next(match[1] for match in reversed(found) if match)


def test_people_with_browsers_come_from_a_report_to_its_answer(cloud: Cloud, deployed: Ran, browser: Browser) -> None:
    """What the handbook calls a rehearsal, under the policies of the edge: no browser complains of one."""
    officers = {each["agency"]: each["email"] for each in directory()["officers"] if each["role"] != "overseer"}
    with browsing.shown(cloud.endpoint) as url:
        walked = browsing.walk(browser, url, officers["kutim"], officers["kutim-dpupr"])
    assert browsing.ANSWER in walked.read
    said = made("edge", ScriptHost=url)["DoorHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = said["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert {path.split("/")[1] for path in walked.policies} == {"api", "desk"}
    assert {*walked.policies.values()} == {policy}, walked.policies


def test_a_government_is_added_to_what_stands_and_only_what_changed_is_uploaded(
    cloud: Cloud, edge: Edge, added: Path
) -> None:
    keys = second_government.keys_in_the_bucket(cloud)
    assert len([key for key in keys if second_government.CODE in key]) == 5, keys
    client = Client(edge.url)
    assert "Kota Samarinda" in client.raw(f"/{second_government.CODE}/lapor/")
    assert "/wilayah/64/" in client.raw("/")  # with two the root is a front that leads by province
    assert f"/{second_government.CODE}/" in client.raw("/wilayah/64/")
    assert f"{edge.host}/{second_government.CODE}/" in (added / "loket.html").read_text()
    again = second_government.add(cloud, added)
    assert "no changes" in again.text
    assert "\n0 files uploaded" in again.text
    second_government.pass_smoke(cloud)


@pytest.mark.long  # as what revoked it: else it would be a key that no door has looked at yet
def test_a_key_that_ops_revoked_is_refused_by_doors_that_knew_it(edge: Edge, app_key: str) -> None:
    """Revoked some tests ago, so that what is left of the doors' minute is short."""
    assert wait_for(lambda: by_app(edge, app_key) == 403, 90)


@pytest.mark.usefixtures("added")
def test_written_in_the_wrong_portal_answered_in_the_right_one_and_counted_once(cloud: Cloud, edge: Edge) -> None:
    before = counted(cloud)
    second_government.written_and_answered(edge)
    once("kutim", before, lambda: counted(cloud))


@pytest.mark.usefixtures("added")  # some tests ago, so that little is left of the doors' minute
def test_a_host_without_a_certificate_is_told_and_its_portal_stands_below_its_path(cloud: Cloud, edge: Edge) -> None:
    own_host.refused_without_a_certificate(cloud, edge)


@pytest.fixture(scope="module")
def at_host(cloud: Cloud, added: Path) -> Iterator[Edge]:
    """The second government's portal at its own host, which a certificate covers now."""
    assert added
    assert cloud.parameters
    names = own_host.DOMAIN, own_host.HOST
    own_host.put_certificate(cloud.parameters / f"{ENV}.toml", own_host.certificate(cloud, *names))
    own_host.served(cloud)
    with cloud.edge(own_host.HOST) as own:
        yield own


def test_at_its_own_host_a_portal_stands_at_the_root_and_a_strangers_name_finds_nothing(
    cloud: Cloud, edge: Edge, at_host: Edge, browser: Browser
) -> None:
    own_host.stands_at_the_root(at_host, edge)
    assert own_host.statuses(cloud, own_host.STRANGER) == {403}
    own_host.lies_in_no_field(edge)
    own_host.seen_in_a_browser(cloud, browser)


@pytest.mark.long
def test_a_second_government_is_reported_to_at_its_own_host_answered_and_retired(
    cloud: Cloud, edge: Edge, at_host: Edge
) -> None:
    own_host.reported(at_host)
    sent = second_government.file_report(Client(at_host.url))
    second_government.answer(edge, sent)
    read = Client(at_host.url).post("/api/thread", {"receipt": sent["receipt"]})
    assert second_government.ANSWER in [each["body"] for each in read["messages"]]
    second_government.retire(cloud, edge, sent)
    own_host.gone(cloud, edge)


def counted(cloud: Cloud) -> dict[str, Barometer]:
    """The barometer at this month's end."""
    settings = load_settings({})
    store = DynamoStore(PREFIX, lambda: cloud.client("dynamodb"))
    return {"nation": barometer(store, read_directory(store, settings).directory, settings.today())}


def test_where_nothing_is_deployed_the_portal_says_what_to_run() -> None:
    process = browsing.showing("http://127.0.0.1:9")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "make deploy ENV=emulated" in said
    assert "Traceback" not in said
