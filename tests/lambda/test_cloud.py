"""All functions as deployed: Zappa's handler, AWS's runtime client, DynamoDB, S3, KMS and SES (moto's). One story
is told once; the tests look at what it left: answers, logs, calls to AWS, and what each function loaded."""

import base64
import importlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from functions.actions.courier.open311_exchange import FORMER_AT_ONCE
from functions.casework.linked_systems import is_linked
from functions.crypto.seal.public_keys import Purpose
from functions.gateway.signature import sign
from functions.storage.interface import Notice
from tests.cleaning import PATH, posted
from tests.open311.ours import leave_alone, new_key, publish, recent

cloud = importlib.import_module("tests.lambda.cloud")  # `lambda` is a word of the language
events = importlib.import_module("tests.lambda.events")
WORDS = "Seorang saksi melihat pungutan itu."
API = "/open311/v2"
TEXTED, NUMBER = "Jembatan kayu itu patah sejak kemarin", "+6281200000017"
ASKED, PERSON = "Trotoar rusak di depan pasar", "perangkat-98765"
CONTACT, NAME = "bunga@warga.example.id", "Bunga Melati"
EDGE = {"x_lapor_origin": cloud.ORIGIN}
DELIVER, KEEP_HOUSE = cloud.proved({"lapor": "deliver"}), cloud.proved({"lapor": "keep_house"})
REWRAP = cloud.proved({"lapor": "rewrap", "instance": "kutim"})
LOUD = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "AWS_LAMBDA_LOG_FORMAT": "JSON"}


@dataclass
class Told:
    """What happened: by name the answers, and the calls to AWS, while starting and for each event."""

    deployed: Any
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    calls: dict[str, list[list[str]]] = field(default_factory=dict)

    def run(self, name: str, function: str, *sent: Any, **more: str) -> list[dict[str, Any]]:
        self.answers[name] = self.deployed.run(function, *sent, **LOUD, **more)
        self.calls[name] = self.deployed.by_event()
        return self.answers[name]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, stages: dict[str, dict[str, Any]]) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("cloud")
    with cloud.deployed(folder, stages["intake_produksi"]["generated"]) as deployed:
        told = Told(deployed)
        tell(told)
        yield told


def tell(told: Told) -> None:
    fields = {
        "kind": "pengaduan",
        "topic": next(iter(told.deployed.directory.topics)),
        "district": "64.08.04",
        "body": WORDS,
        "identity_mode": "rahasia",
        "name": NAME,
        "contact": CONTACT,
        "submission_key": token_hex(16),
    }
    post = events.post("/api/reports", fields, **EDGE)
    sent = told.run("intake", "intake", post, DELIVER, KEEP_HOUSE, REWRAP, BATCHED_AGO="86400")  # its batch was today
    receipt = json.loads(sent[0]["body"])
    telling = [
        {"thread": {"receipt": receipt["receipt"]}},
        cloud.sns("Successfully validated SNS topic", cloud.bounce(CONTACT), cloud.bounce(officer(), "Transient")),
    ]
    told.run("courier", "courier", DELIVER, DELIVER, telling[1], REWRAP, events.request("GET", "/healthz", **EDGE))
    read = events.post("/api/thread", telling[0]["thread"], **EDGE)
    told.run("thread", "thread", read, read)
    made = posted(b"Surat kepada kepala dinas.\n")
    told.run("cleaner", "cleaner", events.request("POST", PATH, made[0], content_type=made[1], **EDGE), DELIVER)
    token = re.search(r"/masuk/#(\S+)", told.deployed.letters()[0])
    assert token
    session = events.post("/desk/session", {"token": token[1]}, **EDGE)
    (signed,) = told.run("sign in", "desk", session)
    cookie = signed["cookies"][0].partition(";")[0]
    case = events.request("GET", f"/desk/cases/{receipt['tracking_id']}", **EDGE) | {"cookies": [cookie]}
    inbox = events.request("GET", "/desk/", **EDGE) | {"cookies": [cookie]}
    told.run("desk", "desk", inbox, case, case)
    rotate(told, case)
    text_in(told)
    by_app(told)
    told.run("bounce", "courier", cloud.sns(cloud.bounce(officer())), cloud.sns(cloud.bounce(officer().upper())))
    told.run("clock", "clock", KEEP_HOUSE, KEEP_HOUSE, DELIVER, events.request("GET", "/", **EDGE))


def text_in(told: Told) -> None:
    """A report by SMS, delivered twice, more of it, and what is not signed; the courier answers the number."""
    signed = [sms(NUMBER, f"LAPOR {TEXTED}", "1"), sms(NUMBER, f"LAPOR {TEXTED}", "1"), sms(NUMBER, "cek", "2")]
    unsigned = events.post("/api/sms/inbound", {"from": NUMBER, "text": TEXTED}, **EDGE)
    told.run("gateway", "gateway", *signed, unsigned, DELIVER)
    told.run("texted", "courier", DELIVER)


def by_app(told: Told) -> None:
    """What may be reported, a report by an app, again, without its key; what is public; the order of another."""
    key = new_key(told.deployed.store)
    today = datetime.now(ZoneInfo("Asia/Makassar")).date()
    leave_alone(told.deployed.store, today)
    publish(told.deployed.store, recent(today))
    fields = {"api_key": key, "service_code": "jalan", "attribute[district]": "64.08.04", "description": ASKED}
    fields |= {"submission_key": token_hex(16), "device_id": PERSON, "email": CONTACT}
    post = {"content_type": "application/x-www-form-urlencoded", **EDGE}
    body, keyless = (urlencode(each).encode() for each in (fields, {**fields, "api_key": ""}))
    sent = [events.request("POST", f"{API}/requests.json", each, **post) for each in (body, body, keyless)]
    asked = [events.request("GET", f"{API}/{path}", **EDGE) for path in ("discovery.json", "requests.xml")]
    told.run("open311", "open311", *sent, *asked, asked[1], DELIVER)


def sms(sender: str, text: str, ident: str) -> Any:
    """A delivery of an aggregator, signed as the edge lets it pass."""
    body = json.dumps({"id": ident, "from": sender, "text": text}).encode()
    signature = sign(cloud.SMS.encode(), body, int(time.time()))
    given = {"content_type": "application/json", "x_lapor_signature": signature}
    return events.request("POST", "/api/sms/inbound", body, **given, **EDGE)


def rotate(told: Told, case: dict[str, Any]) -> None:
    """Both keys under which something is kept: made by ops, wrapped anew by the functions, destroyed by ops."""
    for purpose, function in ((Purpose.DESK, "desk"), (Purpose.IDENTITY, "custody")):
        (old,) = told.deployed.press.private_ids(purpose, "kutim")
        told.deployed.press.generate(purpose, "kutim")
        wrong = cloud.proved({"lapor": "rewrap", "instance": "bontang"})
        also = [case] if function == "desk" else [events.request("GET", "/custody/", **EDGE)]
        told.run(f"rewrap {function}", function, *also, REWRAP, REWRAP, wrong, DELIVER)
        told.deployed.press.destroy(purpose, "kutim", old)
    told.run("after", "desk", case)


def officer() -> str:
    return "koordinator1@diskominfo.example.id"


def statuses(answers: list[dict[str, Any]]) -> list[Any]:
    return [answer.get("statusCode") or answer.get("errorType") or answer for answer in answers]


def test_each_function_does_its_own_and_refuses_the_orders_of_others(told: Told) -> None:
    unknown, failed = "UnknownEventError", "OrderFailedError"
    house = {"taken_up": 0, "remind": 0, "retain": 0, "redate": 0, "low_space": 0, "dead_letters": 1}
    found = {name: statuses(answers) for name, answers in told.answers.items()}
    assert found == {
        "intake": [201, unknown, unknown, unknown],
        "courier": [{"taken": 1}, {"taken": 0}, {"bounced": 0}, unknown, unknown],
        "thread": [200, 200],
        "cleaner": [200, unknown],
        "sign in": [200],
        "desk": [200, 200, 200],
        "rewrap desk": [200, {"rewrapped": 1}, {"rewrapped": 0}, failed, unknown],
        "rewrap custody": [401, {"rewrapped": 1}, {"rewrapped": 0}, failed, unknown],
        "after": [200],
        "gateway": [202, 202, 202, 401, unknown],
        "texted": [{"taken": 3}],
        "open311": [200, 200, 403, 200, 200, 200, unknown],
        "bounce": [{"bounced": 1}, {"bounced": 1}],
        "clock": [
            {**house, "anchor": 1, "count": 1, "tally": 1, "publish": 0},  # of a month in which there was nothing yet
            {**house, "anchor": 0, "count": 0, "tally": 0, "publish": 0},
            unknown,
            unknown,
        ],
    }
    errors = [answer for answers in told.answers.values() for answer in answers if "errorType" in answer]
    assert {error["errorMessage"] for error in errors} == {""}


def test_the_words_are_read_before_and_after_the_keys_were_turned(told: Told) -> None:
    for name, which in (("thread", 0), ("desk", 1), ("rewrap desk", 0), ("after", 0)):
        assert json.loads(told.answers[name][which]["body"])["messages"][0]["body"] == WORDS, name


def test_a_number_is_answered_once_for_each_sms_and_the_officer_told_of_one_report(told: Told) -> None:
    answers = [body for _, body in told.deployed.texts]
    assert [body["to"] for body in answers] == [NUMBER] * 2
    (receipt,) = {match[0] for body in answers if (match := re.search(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}", body["text"]))}
    assert any(receipt.partition("-")[0] in body["text"] and receipt not in body["text"] for body in answers)
    assert len(told.deployed.letters()) == 2


def test_an_sms_costs_its_marks_the_numbers_slip_the_case_and_its_answer(told: Told) -> None:
    """The mark of the SMS, what is kept of its number, before and after, and whether it wants none; between them what
    it asks for: whether an answer may still leave in this hour, and whether the case of this very SMS stands already. Before
    the answer a portion of the hour's answers: to numbers with a case, and to others; each lasts for 15."""
    read, write = "dynamodb GetItem", "dynamodb PutItem"
    first, again, asked, unsigned = told.calls["gateway"][1:5]
    portion = [read, write]
    assert first == [read, write, *[read] * 4, "dynamodb TransactWriteItems", write, *portion, write, write]
    assert asked[:4] + asked[-5:] == [read, write, read, read, write, *portion, write, write]
    assert set(asked[4:-5]) <= {read, "dynamodb Query"}
    assert (
        len(asked[4:-5]) <= 5
    )  # the hour, the case, one that is not there (``even_lookup``), and what was last in both
    assert (again, unsigned) == ([read], [])


def test_an_app_reports_once_and_is_shown_what_is_public(told: Told) -> None:
    first, again, _, discovery, public, _, _ = told.answers["open311"]
    assert first["body"] == again["body"]
    assert json.loads(discovery["body"])["endpoints"][0]["type"] == "production"
    assert read_body(public).count("<request>") == 2


def test_a_report_of_an_app_costs_a_transaction_and_its_token_and_public_reports_are_kept(told: Told) -> None:
    """Whether the app is told of answers, the report, its token; what is public is read again only when it changed."""
    read, write, transaction = "dynamodb GetItem", "dynamodb PutItem", "dynamodb TransactWriteItems"
    first, again, keyless, discovery, public, repeated = told.calls["open311"][1:7]
    assert first == [read, "s3 GET public.json", transaction, write]
    assert again == [read, transaction, write]
    assert (keyless, discovery) == ([], [])
    assert public == [read, *[read, "dynamodb Query"] * 2]  # the version; the years, and the one there is
    assert repeated == [read]


def read_body(answer: dict[str, Any]) -> str:
    body = str(answer["body"])
    return base64.b64decode(body).decode() if answer["isBase64Encoded"] else body


def test_a_bounce_is_told_once_by_office_and_ident(told: Told) -> None:
    letters, _ = told.deployed.store.dead_letters()
    assert [(each.agency, each.error, each.notice, each.sealed) for each in letters] == [
        ("kutim", "bounced", Notice.LINK_WANTED, b"")
    ]
    assert len(letters[0].delivered) == 1


def test_nothing_of_anybody_is_printed_posted_or_kept(told: Told) -> None:
    """The canaries of every event, the address it came from, the words, name and contact, and officers' addresses."""
    hunted = [
        events.CANARY,
        events.ADDRESS,
        "1795599667123",
        "saksi",
        NAME,
        CONTACT,
        officer(),
        "koordinator1",
        NUMBER,
        NUMBER[1:],
        "Jembatan",
        "Trotoar",
        PERSON,
    ]
    deployed = told.deployed
    assert [each for each in hunted if each.lower() in deployed.printed.lower()] == []
    for _, headers, body in deployed.posted:
        seen = (headers + body.decode()).replace(WORDS, "").replace(NAME, "").replace(CONTACT, "")  # read by their own
        assert [each for each in hunted if each in seen] == []
    table = deployed.client("dynamodb").scan(TableName=cloud.TABLE)["Items"]
    assert len(table) > 5
    assert [each for each in hunted if each in str(table)] == []
    for secret in (cloud.ORIGIN, cloud.OLD, "f" * 32):
        assert secret not in deployed.printed


def test_every_line_that_is_printed_is_ours_or_the_runtimes_report_of_our_error(told: Told) -> None:
    lines = [json.loads(line) for line in told.deployed.printed.splitlines()]
    assert {line["event"] for line in lines if "event" in line} == {"order_failed", "dead_letters"}
    for line in lines:
        if "event" in line:
            assert set(line) <= {"level", "logger", "event", "door", "code", "error", "at"}
        else:
            assert line["errorType"] in {"UnknownEventError", "OrderFailedError"}
    failed = [line for line in lines if line.get("event") == "order_failed"]
    assert {(line["door"], line["code"], line["error"]) for line in failed} == {
        ("desk", "rewrap", "KeyringError"),
        ("custody", "rewrap", "KeyringError"),
    }


# What starting costs, and the first requests of each kind: calls to AWS, in their order.
DIRECTORY = ["dynamodb GetItem"]  # there is none yet: the file counts
STARTS = {
    "intake": ["s3 GET public.json", *DIRECTORY],
    "thread": DIRECTORY,
    "cleaner": [],  # nor later: it keeps and reads nothing
    "desk": ["s3 GET public.json", *DIRECTORY],
    "rewrap custody": ["s3 GET public.json", *DIRECTORY],
    "gateway": ["s3 GET public.json", *DIRECTORY],
    "open311": [*DIRECTORY, "dynamodb GetItem", "dynamodb Query"],  # and which apps there are, of whom one is admitted
    "courier": [],  # it has no app: its first order makes what it needs
    "clock": [],
}


def fetch(purpose: Purpose) -> list[str]:
    return [f"s3 GET {purpose}", "kms Decrypt"]


@pytest.mark.parametrize("name", list(STARTS))
def test_a_cold_start_asks_aws_for_no_more_than_directory_and_public_keys(told: Told, name: str) -> None:
    assert told.calls[name][0] == STARTS[name]


def test_a_report_costs_one_transaction_and_a_thread_one_query(told: Told) -> None:
    assert told.calls["intake"][1:] == [["dynamodb TransactWriteItems"], [], [], [], []]
    # The case by one query, and by another one that is not there (``even_lookup``); then the identity that its writer
    # left, and whether it was asked for.
    assert told.calls["thread"][1:3] == [["dynamodb Query"] * 2 + ["dynamodb GetItem"] * 2] * 2


def test_the_desk_fetches_a_key_with_the_first_case_and_never_again(told: Told) -> None:
    session, listing = "dynamodb BatchGetItem", "dynamodb Query"
    use = head = "dynamodb GetItem"
    inbox, first, second = told.calls["desk"][1:4]
    alone = ["dynamodb GetItem", "dynamodb Query"]  # a link opened it: whether its officer has a factor by now
    # The head is read by itself: what is hidden takes the work of what is not there (``even_lookup``).
    listed = [listing] * 2  # and what is in quarantine
    assert sorted(inbox) == sorted([use, session, *alone, *listed, *fetch(Purpose.DESK)])
    assert sorted(first) == sorted([use, session, *alone, head, listing])
    assert second == first


def test_an_idle_courier_costs_a_version_and_a_query(told: Told) -> None:
    first, idle = told.calls["courier"][1:3]
    assert idle == ["dynamodb GetItem", "dynamodb Query"]
    # Two of them: where the case lies that the notice is about (``notice_rules``), how its officers want their mail. Once
    # an hour: which notices were given up (``DeadNews``), which agencies were ever sent a case, and one for each of some
    # that have no system (``Exchange``).
    former = [agency for agency in told.deployed.directory.agencies.values() if not is_linked(agency)]
    assert len(first) == 19 + min(len(former), FORMER_AT_ONCE)
    assert [call for call in first if call.startswith(("kms", "s3"))] == ["s3 GET public.json", *fetch(Purpose.LINKS)]
    assert first.count("ses SendEmail") == 1


def test_an_order_to_wrap_anew_looks_at_the_keys_as_they_are_now(told: Told) -> None:
    """With keys seen a minute ago it would find nothing to do, and ops would destroy the key of every open case."""
    for name in ("rewrap desk", "rewrap custody"):
        for calls in told.calls[name][2:4]:
            # Before it only the directory's version, which holds no key.
            assert calls[:2] == ["dynamodb GetItem", "s3 GET public.json"]


def test_the_clock_asks_for_no_key_and_a_quiet_hour_costs_few_calls(told: Told) -> None:
    assert not [call for calls in told.calls["clock"] for call in calls if call.startswith(("kms", "s3", "ses"))]
    assert len(told.calls["clock"][2]) <= 23  # for one instance; fewer on days off, when nobody is reminded


def test_only_intake_and_thread_never_decrypt_and_only_the_courier_sends(told: Told) -> None:
    for name, parts in told.calls.items():
        calls = {call for part in parts for call in part}
        assert ("kms Decrypt" in calls) <= (
            name not in {"intake", "thread", "cleaner", "gateway", "open311", "clock"}
        ), name
        assert ("ses SendEmail" in calls) == (name in {"courier", "texted"}), name
        assert not [call for call in calls if call.startswith(("s3 PUT", "s3 DELETE"))], name


# What no function may have loaded after all that it did above, and how many modules it may have in all (the package
# of holidays, which intake, thread, desk, gateway, open311 and clock load to count a day, is 300 of them).
FILES = {"PIL", "pikepdf", "lxml", "functions.sanitize.clean", "functions.sanitize.photos"}
OPENS = {
    "functions.crypto.open.private.key_bucket",
    "functions.crypto.open.private.choose",
    "functions.actions.common.rewrap",
}
MAKES = {
    "functions.crypto.ops.key_issuer",
    "functions.crypto.ops.choose",
    "functions.local.setup",
    "functions.local.serve",
    "waitress",
}
SENDS = {
    "functions.actions.courier.deliver",
    "functions.delivery",
    "functions.storage.registers.officers",
    "functions.crypto.sign.mint",
}
READS = {
    "functions.actions.officer.read_case",
    "functions.actions.reporter.converse",
    "functions.actions.common.decrypted_case",
    "functions.pii.words",
}
WEB = {"flask", "werkzeug", "zappa", "zappa.handler", "functions.edge.request_guard"}
NEVER = {
    "intake": FILES | OPENS | MAKES | SENDS | (READS - {"functions.pii.words"}) | {"functions.crypto.sign.links"},
    "thread": OPENS
    | MAKES
    | SENDS
    | {"functions.actions.officer.read_case", "functions.crypto.sign.links", "PIL", "pikepdf"},
    "cleaner": OPENS | MAKES | SENDS | READS | {"functions.crypto.seal.sealing", "functions.storage.blobs", "altcha"},
    "desk": MAKES
    | SENDS
    | {"functions.actions.custodian.custody", "functions.actions.reporter.converse", "PIL", "pikepdf"},
    "custody": FILES | MAKES | SENDS | READS | {"functions.storage.blobs"},
    "gateway": (FILES - {"functions.sanitize.clean"})
    | OPENS
    | MAKES
    | SENDS
    | {"functions.actions.officer.read_case", "altcha"},
    "open311": FILES
    | OPENS
    | MAKES
    | SENDS
    | READS
    | {"altcha", "functions.crypto.sign.links", "functions.actions.clock.import_replies"},
    "courier": FILES | MAKES | READS | WEB | {"functions.actions.common.rewrap", "functions.storage.blobs", "holidays"},
    "clock": FILES
    | OPENS
    | MAKES
    | SENDS
    | READS
    | WEB
    | {"functions.crypto.seal.public_keys", "functions.crypto.seal.sealing"},
}
MOST = {
    "intake": 1103,
    "thread": 831,
    "cleaner": 700,
    "desk": 894,
    "custody": 802,
    "gateway": 1162,
    "open311": 1099,
    "courier": 708,
    "clock": 840,
}


@pytest.mark.parametrize("function", list(NEVER))
def test_no_function_loads_what_its_law_keeps_from_it(told: Told, function: str) -> None:
    loaded = told.deployed.modules[function]
    assert NEVER[function] & loaded == set()
    assert not {
        name
        for name in loaded
        if re.match(r"functions\.(intake|thread|cleaner|desk|custody|gateway|open311|courier|clock)\b", name)
        and not name.startswith(f"functions.{function}")
    }
    assert len(loaded) <= MOST[function], len(loaded)


def test_the_clock_loads_no_cryptography(told: Told) -> None:
    loaded = told.deployed.modules["clock"]
    assert "cryptography" not in loaded
    assert not {name for name in loaded if name.startswith(("functions.crypto", "functions.sanitize", "functions.pii"))}


@pytest.mark.every_day(3)
@pytest.mark.parametrize("door", ["intake", "thread", "cleaner", "desk", "custody", "gateway", "open311"])
def test_what_does_not_come_by_the_edge_gets_an_empty_403_before_anything_else(told: Told, door: str) -> None:
    deployed = told.deployed
    before = deployed.printed
    body = json.dumps({"kenari": "kenari"}).encode()
    sent = [
        events.request("GET", "/healthz"),
        events.request("GET", "/tidak-ada", x_lapor_origin=cloud.ORIGIN[:-1]),
        events.post("/api/reports", {}, X_Lapor_Origin=f"{cloud.OLD},{cloud.ORIGIN}"),
        events.rest("POST", "/desk/session", body, content_type="application/json", x_lapor_origin="é" * 32),
        events.rest("GET", "/healthz", x_lapor_origin=cloud.OLD),
        events.request("GET", "/healthz", x_lapor_origin=cloud.ORIGIN),
    ]
    answers = told.run(f"edge {door}", door, *sent)
    told.answers.pop(f"edge {door}")
    assert [answer["statusCode"] for answer in answers] == [403] * 4 + [200] * 2
    for answer in answers[:4]:
        assert answer["body"] == ""
        assert answer["headers"]["Content-Length"] == "0"
        assert answer["headers"]["Cache-Control"] == "no-store"
    assert told.calls.pop(f"edge {door}")[1:] == [[]] * 7
    lines = [json.loads(line) for line in deployed.printed.removeprefix(before).splitlines()]
    assert lines == [{"level": "WARNING", "logger": "lapor", "event": "not_by_the_edge", "status": 403}] * 4
    deployed.printed = before


@pytest.mark.every_day(1)
@pytest.mark.parametrize(
    ("function", "order", "more", "error"),
    [
        ("courier", DELIVER, {"TABLE": "tidak-ada"}, "StoreUnavailableError"),
        ("courier", DELIVER, {"CRASH": "1"}, "RuntimeError"),
        ("clock", KEEP_HOUSE, {"TABLE": "tidak-ada"}, "StoreUnavailableError"),
    ],
)
def test_an_order_that_fails_is_an_error_of_the_function_and_quotes_nothing(
    told: Told, function: str, order: dict[str, str], more: dict[str, str], error: str
) -> None:
    deployed = told.deployed
    before = deployed.printed
    (answer,) = deployed.run(function, order, **LOUD, **more)
    printed, deployed.printed = deployed.printed.removeprefix(before), before
    assert (answer["errorType"], answer["errorMessage"]) == ("OrderFailedError", "")
    (line,) = [found for found in map(json.loads, printed.splitlines()) if found.get("event") == "order_failed"]
    assert (line["error"], line["code"]) == (error, order["lapor"])
    for hunted in (events.CANARY, officer(), "tidak-ada", "example.id"):
        assert hunted not in printed + json.dumps(answer)


def test_a_wrong_setting_is_told_by_name(told: Told) -> None:
    before = told.deployed.printed
    (answer,) = told.deployed.run("courier", DELIVER, KMS_PREFIX="")
    told.deployed.printed = before
    assert answer["errorType"] == "SettingsError"
    assert answer["errorMessage"].startswith("KMS_PREFIX: must be set")


def test_the_folder_of_a_function_holds_nothing_of_it(told: Told) -> None:
    assert [
        path
        for path in Path(told.deployed.folder).rglob("*")
        if path.name != "zappa_settings.py" and path.is_file() and "__pycache__" not in path.parts
    ] == []
