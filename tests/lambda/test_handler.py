"""Lambda's front door, first by itself, then with Zappa's own handler and the settings Zappa makes of ours."""

import base64
import importlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import EnvironBuilder

from functions.aws_lambda import handler
from functions.aws_lambda.handler import UnknownEventError, clean_event
from tests.world import WORDS, World

ROOT = Path(__file__).parents[2]
events = importlib.import_module("tests.lambda.events")  # `lambda` is a word of the language
CANARY, ADDRESS = events.CANARY, events.ADDRESS
UNKNOWN: dict[str, Any] = {
    "empty": {},
    "raw command": {"raw_command": "print('kenari')"},
    "command": {"command": "functions.local.main"},
    "manage": {"manage": "check"},
    "scheduled": {
        "version": "0",
        "detail-type": "Scheduled Event",
        "resources": ["arn:aws:events:ap-southeast-3:1:rule/x-functions.local.main"],
    },
    "S3": {"Records": [{"eventSource": "aws:s3", "s3": {"configurationId": "a:functions.local.main"}}]},
    "SNS": {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": '{"command": "functions.local.main"}'}}]},
    "SQS": {"Records": [{"eventSource": "aws:sqs", "body": "kenari"}]},
    "custom bus": {"version": "0", "detail-type": "kenari", "source": "x", "detail": {}},
    "half of a REST API": {"httpMethod": "GET", "path": "/healthz", "headers": {}, "requestContext": {}},
    "a load balancer": events.rest("GET", "/healthz") | {"requestContext": {"elb": {}, "httpMethod": "GET"}},
    "an authorizer's": events.rest("GET", "/healthz") | {"type": "REQUEST", "methodArn": "kenari"},
    "a web socket's": {"requestContext": {"eventType": "CONNECT", "routeKey": "$connect", "domainName": "kenari"}},
    "format 1.0 of an HTTP API": events.rest("GET", "/healthz") | {"version": "1.0"},
    "request and raw command": events.request("GET", "/healthz") | {"raw_command": "print('kenari')"},
    "REST and command": events.rest("GET", "/healthz") | {"command": "functions.local.main"},
    "path that is a number": events.request("GET", "/healthz") | {"rawPath": 1},
    "address that is a list": events.rest("GET", "/")
    | {"requestContext": {"httpMethod": "GET", "identity": {"sourceIp": ["kenari"]}}},
    "other version": {"version": "1.0", "rawPath": "/", "requestContext": {"http": {"method": "GET"}}},
    "command in a request's clothes": {"version": "2.0", "command": "functions.local.main"},
    "headers that are a list": {
        "version": "2.0",
        "rawPath": "/",
        "headers": ["kenari"],
        "requestContext": {"http": {"method": "GET"}},
    },
    "text for http": {"version": "2.0", "rawPath": "/", "requestContext": {"http": "kenari"}},
    "a list": [1],
    "nothing": None,
}


@pytest.mark.parametrize("name", list(UNKNOWN))
def test_what_is_no_request_raises_and_is_not_quoted(name: str) -> None:
    with pytest.raises(UnknownEventError) as caught:
        clean_event(UNKNOWN[name])
    assert str(caught.value) == ""
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def every_way(method: str, path: str, body: bytes = b"", cookie: str = "", **headers: str) -> list[dict[str, Any]]:
    """The same request by each of the three ways."""
    ways = [make(method, path, body, **headers) for make in (events.request, events.http_api)]
    for way in ways:
        way["cookies"] = ["kenari=kenari", *filter(None, [cookie])]
        way["rawQueryString"] = "kenari=kenari&lang=en&cari=kenari-query"
    return [*ways, events.rest(method, path, body, "kenari=kenari&lang=en", cookie, **headers)]


def test_only_what_is_on_the_list_passes() -> None:
    headers = {"content_type": "application/json", "x_csrf_token": "abc", "x_kenari": "kenari", "Content_Length": "8"}
    ways = every_way("POST", "/desk/session", b'{"a": 1}', "__Host-lapor-desk=a.b", sec_fetch_site="none", **headers)
    clean = [clean_event(event) for event in ways]
    assert clean[0] == clean[1] == clean[2]
    bucket = clean[0]["headers"].pop("x-lapor-bucket")
    assert re.fullmatch("[0-9a-f]{8}", bucket)
    assert clean[0] == {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/desk/session",
        "rawQueryString": "lang=en",
        "headers": {
            "cookie": "__Host-lapor-desk=a.b",
            "sec-fetch-site": "none",
            "host": "lapor.example.id",
            "accept": "application/json",
            "content-type": "application/json",
            "content-length": "8",
            "x-csrf-token": "abc",
        },
        "requestContext": {
            "stage": "$default",
            "http": {
                "method": "POST",
                "path": "/desk/session",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "",
            },
        },
        "isBase64Encoded": True,
        "body": base64.b64encode(b'{"a": 1}').decode(),
    }


def test_a_bare_request_is_a_request() -> None:
    clean = clean_event({"version": "2.0", "rawPath": "/", "requestContext": {"http": {"method": "GET"}}})
    assert (clean["headers"], clean["rawQueryString"], clean["isBase64Encoded"]) == ({}, "", False)
    assert "body" not in clean
    assert "cookies" not in clean


def test_the_event_that_came_is_left_as_it_was() -> None:
    event = events.post("/api/reports", {"a": 1})
    before = json.dumps(event)
    clean_event(event)["headers"]["host"] = "x"
    assert json.dumps(event) == before


@pytest.mark.parametrize(
    ("stage", "path", "wanted"),
    [
        ("produksi", "/produksi/healthz", "/healthz"),
        ("produksi", "/produksi", "/"),
        ("produksi", "/produksikan", "/produksikan"),
        ("$default", "/healthz", "/healthz"),
        (None, "/healthz", "/healthz"),
    ],
)
def test_the_stage_of_an_http_api_is_no_part_of_the_path(stage: str | None, path: str, wanted: str) -> None:
    event = events.request("GET", path)
    event["requestContext"]["stage"] = stage
    assert clean_event(event)["rawPath"] == wanted


def test_a_client_cannot_choose_its_bucket() -> None:
    """Neither by our header nor by one of a proxy's, and two addresses have two buckets."""
    buckets = set()
    for forged in ("203.0.113.5", "203.0.113.6"):
        event = events.request("GET", "/", x_lapor_bucket="aaaaaaaa", x_forwarded_for=forged)
        buckets.add(clean_event(event)["headers"]["x-lapor-bucket"])
    other = events.request("GET", "/")
    other["requestContext"]["http"]["sourceIp"] = "203.0.113.78"
    assert len(buckets) == 1
    assert clean_event(other)["headers"]["x-lapor-bucket"] not in buckets | {"aaaaaaaa"}


@pytest.mark.parametrize("door", [None, "", "courier", "intake.main", "../local"])
def test_a_door_that_is_none_is_told_by_name(monkeypatch: pytest.MonkeyPatch, door: str | None) -> None:
    if door is None:
        monkeypatch.delenv("LAPOR_DOOR", raising=False)
    else:
        monkeypatch.setenv("LAPOR_DOOR", door)
    with pytest.raises(
        AttributeError, match=r"LAPOR_DOOR .* must be one of: cleaner, custody, desk, gateway, intake, open311, thread"
    ):
        _ = handler.app


def test_no_other_name_is_made_up() -> None:
    with pytest.raises(AttributeError, match="application"):
        _ = handler.application


@pytest.mark.parametrize("way", [events.request, events.rest])
@pytest.mark.parametrize("appended", ["", ", 130.176.0.9"])
def test_behind_the_edge_the_address_that_it_appends_counts_and_none_before_it(way: Any, appended: str) -> None:
    """The peer is then the edge's own, one for all; what a client writes stands before."""

    def bucket(forwarded: str) -> str:
        event = way("GET", "/", x_forwarded_for=forwarded + appended)
        (event["requestContext"].get("http") or event["requestContext"]["identity"])["sourceIp"] = "130.176.0.9"
        found: str = clean_event(event, edge=True)["headers"]["x-lapor-bucket"]
        return found

    assert bucket("203.0.113.77") == bucket("198.51.100.1, 203.0.113.77")
    assert bucket("203.0.113.77") != bucket("203.0.113.78")
    assert bucket("130.176.0.9") == handler.BUCKETS.bucket("130.176.0.9")
    assert re.fullmatch("[0-9a-f]{8}", bucket("203.0.113.77"))


class Lambda:
    """A function as deployed: the door, the settings Zappa generates, a folder for a store."""

    def __init__(self, world: World, generated: str, folder: Path) -> None:
        self.world, self.folder = world, folder
        (folder / "zappa_settings.py").write_text(generated)
        self.log = ""

    def __call__(self, door: str, *sent: dict[str, Any]) -> list[dict[str, Any]]:
        """Invoke it with each event; returns the answers and what reached Flask."""
        out = self.folder / "answers.json"
        environ = {
            "LAPOR_DOOR": door,
            "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
            "DATA_DIR": str(self.world.folder),
            "PUBLIC_URL": "https://lapor.example.id",
            "SECOND_FACTOR": "grace",
            "PYTHONPATH": str(self.folder),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.lambda.invoke", str(out)],
            input="".join(json.dumps(event) + "\n" for event in sent),
            cwd=ROOT,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        self.log += done.stdout + done.stderr
        assert done.returncode == 0, self.log
        answers: list[dict[str, Any]] = json.loads(out.read_text())
        return answers


@pytest.fixture
def function(tmp_path: Path, stages: dict[str, dict[str, Any]]) -> Lambda:
    return Lambda(World(tmp_path / "data"), stages["intake_produksi"]["generated"], tmp_path)


def test_a_report_gets_its_receipt_and_nobody_is_seen_on_the_way(function: Lambda) -> None:
    answers = function("intake", events.post("/api/reports", function.world.fields()), *UNKNOWN.values())
    sent, environ = answers[0]["answer"], answers[0]["environ"]
    assert sent["statusCode"] == 201
    body = json.loads(sent["body"])
    assert function.world.read(body["receipt"])["messages"][0]["body"] == WORDS
    assert sent["cookies"] == []
    assert sent["headers"]["Cache-Control"] == "no-store"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["PATH_INFO"] == "/api/reports"
    for seen in (json.dumps(environ), json.dumps(sent), function.log):
        assert CANARY not in seen
        assert ADDRESS not in seen
        assert "1795599667123" not in seen
    assert WORDS not in function.log
    assert body["receipt"] not in function.log
    assert {name for name in environ if name.startswith("HTTP_")} == {
        "HTTP_HOST",
        "HTTP_ACCEPT",
        "HTTP_CONTENT_TYPE",
        "HTTP_X_LAPOR_BUCKET",
    }
    assert len(answers) == 1 + len(UNKNOWN)
    assert [answer["error"] for answer in answers[1:]] == ["UnknownEventError: "] * len(UNKNOWN)


def test_what_breaks_inside_is_not_quoted_in_the_log(function: Lambda) -> None:
    """An address, a body and a query that fail in every layer: in Zappa's decoding, in Flask, in the store."""
    broken = events.post("/api/reports", {})
    broken["body"] = "kenari=="
    failing = "CREATE TRIGGER kenari BEFORE INSERT ON cases BEGIN SELECT RAISE(ABORT, 'kenari'); END"
    with closing(sqlite3.connect(function.world.folder / "lapor.sqlite")) as db:
        db.execute(failing)
    query = events.request("GET", "/kenari")
    query["rawQueryString"] = "kenari=kenari"
    answers = function("intake", broken, query, events.post("/api/reports", function.world.fields(body="kenari")))
    assert [answer["answer"]["statusCode"] for answer in answers] == [400, 404, 500]
    assert CANARY not in function.log
    assert CANARY not in json.dumps([answer["answer"] for answer in answers])


def test_without_a_store_to_read_the_directory_from_a_function_asks_for_patience(function: Lambda) -> None:
    (function.world.folder / "lapor.sqlite").write_bytes(b"kenari, no database")
    for suffix in ("-wal", "-shm"):
        (function.world.folder / f"lapor.sqlite{suffix}").unlink(missing_ok=True)
    (answered,) = function("intake", events.post("/api/reports", function.world.fields(body="kenari")))
    assert answered["answer"]["statusCode"] == 503
    assert answered["answer"]["headers"]["Retry-After"] == "5"
    assert '"event": "trouble"' in function.log
    assert CANARY not in function.log + json.dumps(answered["answer"])


def test_the_desks_session_survives_by_its_cookie(function: Lambda) -> None:
    world = function.world
    sent = world.report()
    world.seconds = int(time.time())
    world.run_courier()
    (signed,) = function("desk", events.post("/desk/session", {"token": world.mailbox.tokens()[0]}))
    assert signed["answer"]["statusCode"] == 200
    (cookie,) = signed["answer"]["cookies"]
    assert re.match(r"__Host-lapor-desk=\S+; .*Secure; HttpOnly; Path=/; SameSite=Strict$", cookie), cookie
    assert "set-cookie" not in {name.lower() for name in signed["answer"]["headers"]}
    csrf = json.loads(signed["answer"]["body"])["csrf"]
    path = f"/desk/cases/{sent['tracking_id']}"
    read = events.request("GET", path)
    write = events.post(f"{path}/stage", {"stage": "diverifikasi", "reason": "Lengkap."}, x_csrf_token=csrf)
    for event in (read, write):
        event["cookies"] = ["lain=1", cookie.partition(";")[0]]
    read, write, without = function("desk", read, write, events.request("GET", path))
    assert json.loads(read["answer"]["body"])["messages"][0]["body"] == WORDS
    assert write["answer"]["statusCode"] == 200
    assert write["answer"]["cookies"] == []
    assert without["answer"]["statusCode"] == 401
    assert cookie.partition(";")[0].partition("=")[2] not in function.log


def test_a_photo_goes_in_and_comes_out_whole(function: Lambda) -> None:
    receipt = function.world.report()["receipt"]
    picture = BytesIO()
    Image.linear_gradient("L").save(picture, "PNG")
    form = {"receipt": receipt, "file_key": token_hex(8), "file": (BytesIO(picture.getvalue()), "kenari.png")}
    builder = EnvironBuilder("/api/thread/files", method="POST", data=form)
    request = builder.get_request()
    up = events.request("POST", "/api/thread/files", request.get_data(), content_type=request.content_type)
    down = events.post("/api/thread/files/2", {"receipt": receipt})
    sent, found = function("thread", up, down)
    assert (sent["answer"]["statusCode"], json.loads(sent["answer"]["body"])) == (201, {"n": 2})
    assert found["answer"]["headers"]["Content-Type"] == "image/png"
    assert found["answer"]["isBase64Encoded"] is True
    assert Image.open(BytesIO(base64.b64decode(found["answer"]["body"]))).size == (256, 256)
    assert CANARY not in function.log
