"""With AWS's own runtime client before it: nothing of who writes is printed, posted back or kept, whichever way a
request comes and wherever the function breaks. The same search, with Zappa's own handler and defaults, does find."""

import importlib
import json
from pathlib import Path
from time import time
from typing import Any

import pytest

from tests.world import World

events = importlib.import_module("tests.lambda.events")  # `lambda` is a word of the language
runtime = importlib.import_module("tests.lambda.runtime")
OURS, ZAPPAS = "functions.aws_lambda.handler.lambda_handler", "zappa.handler.lambda_handler"
WORDS = "Seorang saksi, kenari-isi, melihat semuanya."
HUNTED = [events.CANARY, events.ADDRESS, "1795599667123", "saksi"]
MAKERS = {"function URL": events.request, "HTTP API": events.http_api, "REST API": events.rest}
LOUD = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG"}
JSON_LOGS = {**LOUD, "AWS_LAMBDA_LOG_FORMAT": "JSON"}


class Function:
    """A deployed function in AWS's runtime: a door, the settings Zappa generates, a folder for a store."""

    def __init__(self, folder: Path, generated: str) -> None:
        self.world, self.folder, self.generated = World(folder / "data"), folder, generated

    def __call__(
        self, sent: list[Any], handler: str = OURS, door: str = "intake", *, debug: bool = False, **more: str
    ) -> tuple[Any, str]:
        text = self.generated
        if debug:  # what Zappa takes where its settings say nothing
            text = text.replace("DEBUG=False", "DEBUG=True").replace("LOG_LEVEL='WARNING'", "LOG_LEVEL='DEBUG'")
        (self.folder / "zappa_settings.py").write_text(text)
        environ = {
            "LAPOR_DOOR": door,
            "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
            "DATA_DIR": str(self.world.folder),
            "PUBLIC_URL": "https://lapor.example.id",
            "SECOND_FACTOR": "grace",
            "PYTHONPATH": str(self.folder),
        }
        found: tuple[Any, str] = runtime.run(handler, sent, environ | more)
        return found

    def report(self, make: Any) -> dict[str, Any]:
        body = json.dumps(self.world.fields(body=WORDS)).encode()
        event: dict[str, Any] = make("POST", "/api/reports", body, content_type="application/json")
        return event


@pytest.fixture
def function(tmp_path: Path, stages: dict[str, dict[str, Any]]) -> Function:
    return Function(tmp_path, stages["intake_produksi"]["generated"])


def hits(api: Any, printed: str, folder: Path) -> set[tuple[str, str]]:
    """Where any of the hunted stands: (which, where)."""
    found = {(hunted, "printed") for hunted in HUNTED if hunted in printed}
    for _, headers, body in api.posted:
        found |= {(hunted, "posted") for hunted in HUNTED if hunted in headers or hunted.encode() in body}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        found |= {(hunted, "stored") for hunted in HUNTED if hunted.encode() in path.read_bytes()}
    return found


@pytest.mark.parametrize("logs", [LOUD, JSON_LOGS], ids=["text", "json"])
def test_a_report_by_every_way_is_taken_and_leaves_no_trace_of_who_wrote(
    function: Function, logs: dict[str, str]
) -> None:
    sent = [function.report(make) for make in MAKERS.values()]
    sent += [make("GET", "/healthz") for make in MAKERS.values()] + [make("GET", "/x") for make in MAKERS.values()]
    api, printed = function(sent, debug=True, **logs)  # our handler holds whatever Zappa's settings say
    assert api.kinds() == ["response"] * 9, printed
    assert [answer["statusCode"] for answer in api.answers()] == [201] * 3 + [200] * 3 + [404] * 3
    for answer in api.answers()[:3]:
        read = function.world.read(json.loads(answer["body"])["receipt"])
        assert read["messages"][0]["body"] == WORDS
    assert hits(api, printed, function.world.folder) == set()
    assert printed == ""


def test_every_way_gets_its_answer_in_its_own_form(function: Function) -> None:
    api, _ = function([make("GET", "/healthz", origin="x") for make in MAKERS.values()])
    url, http_api, rest = api.answers()
    assert url == http_api
    assert set(url) == {"statusCode", "headers", "cookies", "isBase64Encoded", "body"}
    assert set(rest) == {"statusCode", "headers", "multiValueHeaders", "isBase64Encoded", "body"}
    assert (rest["statusCode"], rest["headers"], rest["body"]) == (url["statusCode"], url["headers"], url["body"])
    assert rest["multiValueHeaders"] == {}


def test_the_desk_by_a_rest_api_has_its_cookie_its_token_and_its_query(function: Function) -> None:
    world = function.world
    sent = world.report()
    world.seconds = int(time())
    world.run_courier()
    body = json.dumps({"token": world.mailbox.tokens()[0]}).encode()
    (signed,) = function([events.rest("POST", "/desk/session", body, content_type="application/json")], door="desk")[
        0
    ].answers()
    (cookie,) = signed["multiValueHeaders"]["Set-Cookie"]
    assert "set-cookie" not in {name.lower() for name in signed["headers"]}
    cookie, path = cookie.partition(";")[0], f"/desk/cases/{sent['tracking_id']}"
    answer = json.dumps({"stage": "diverifikasi", "reason": "Lengkap."}).encode()
    typed = {"content_type": "application/json", "x_csrf_token": json.loads(signed["body"])["csrf"]}
    api, printed = function(
        [
            events.rest("GET", "/desk/", b"", "lang=en", cookie, accept="text/html"),
            events.rest("POST", f"{path}/stage", answer, "", cookie, **typed),
            events.rest("GET", path),
        ],
        door="desk",
    )
    page, moved, without = api.answers()
    assert (page["statusCode"], moved["statusCode"], without["statusCode"]) == (200, 200, 401)
    assert '<html lang="en"' in page["body"]
    assert hits(api, printed, world.folder) == set()


CRASHES = {"view": "unexpected", "app": "escaped", "started": "escaped", "zappa": "zappa_failed"}


@pytest.mark.every_day(4)
@pytest.mark.parametrize("where", list(CRASHES))
@pytest.mark.parametrize("logs", [LOUD, JSON_LOGS], ids=["text", "json"])
def test_what_breaks_is_told_by_its_class_and_place_and_quotes_nobody(
    function: Function, where: str, logs: dict[str, str]
) -> None:
    sent = [function.report(make) for make in MAKERS.values()]
    api, printed = function(sent, "tests.lambda.crashing.lambda_handler", debug=True, CRASH=where, **logs)
    assert api.kinds() == ["response"] * 3, printed
    for answer in api.answers():
        assert answer["statusCode"] == 500
        assert answer["headers"]["Content-Type"] == "application/problem+json"
        assert answer["headers"]["Cache-Control"] == "no-store"
        assert json.loads(answer["body"])["code"] == "server_error"
    assert hits(api, printed, function.world.folder) == set()
    lines = [json.loads(line) for line in printed.splitlines()]
    assert CRASHES[where] in {line["event"] for line in lines}
    assert {line["status"] for line in lines} == {500}
    assert {line["error"] for line in lines if "error" in line} == ({"RuntimeError"} if where != "zappa" else set())
    allowed = {"level", "logger", "event", "door", "route", "method", "status", "error", "at"}
    assert set().union(*lines) <= allowed


@pytest.mark.parametrize("logs", [{}, JSON_LOGS], ids=["text", "json"])
def test_an_event_that_is_no_request_fails_aloud_and_unquoted(function: Function, logs: dict[str, str]) -> None:
    sent = [
        {"raw_command": "print('kenari')"},
        {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "kenari"}}]},
        {"version": "2.0", "rawPath": "/kenari", "requestContext": {"http": "kenari"}},
        function.report(events.rest) | {"type": "REQUEST"},
    ]
    api, printed = function(sent, **logs)
    assert api.kinds() == ["error"] * len(sent)
    assert {(error["errorType"], error["errorMessage"]) for error in api.answers()} == {("UnknownEventError", "")}
    assert hits(api, printed, function.world.folder) == set()
    assert printed.count("UnknownEventError") >= len(sent)


def test_the_search_finds_with_zappas_own_handler_and_defaults(function: Function) -> None:
    sent = [function.report(make) for make in MAKERS.values()]
    api, printed = function(sent, ZAPPAS, debug=True)
    found = hits(api, printed, function.world.folder)
    assert {(hunted, "printed") for hunted in (events.CANARY, events.ADDRESS, "1795599667123")} <= found
    for where in (f"{events.CANARY}-{name}" for name in ("agent", "trace", "query", "account", "identity")):
        assert where in printed
    assert ("saksi", "stored") not in found  # the store is sealed, whoever stands before it


def test_the_search_finds_what_zappas_own_handler_says_of_a_crash(function: Function) -> None:
    sent = [function.report(events.request)]
    api, printed = function(sent, "tests.lambda.crashing.zappas_handler", debug=True, CRASH="zappa")
    found = hits(api, printed, function.world.folder)
    assert {(events.CANARY, "printed"), (events.CANARY, "posted"), (events.ADDRESS, "posted")} <= found


def test_the_trace_id_reaches_no_call_to_aws(function: Function) -> None:
    """The runtime puts it into the environment, from where botocore adds it to each call."""
    (function.folder / "looks.py").write_text(
        "import os\nfrom functions.aws_lambda import handler\n\n"
        "def look(event, context):\n"
        "    before = os.environ.get('_X_AMZN_TRACE_ID')\n"
        "    handler.lambda_handler(event, context)\n"
        "    return [before, os.environ.get('_X_AMZN_TRACE_ID')]\n"
    )
    (seen,) = function([events.request("GET", "/healthz")], "looks.look")[0].answers()
    assert seen == [runtime.GIVEN["Lambda-Runtime-Trace-Id"], None]
