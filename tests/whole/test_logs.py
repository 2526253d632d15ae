"""What is printed when things go wrong: our own fields and nothing else, at any level, in every process."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from werkzeug.test import Client as WsgiClient

from functions.config import logs
from functions.config.settings import load_settings
from functions.edge.request_filter import bucket_of
from functions.local import wsgi
from tests.server import ROOT, Client, Running, running, wait_for
from tests.whole.test_canary import HEADERS, found, send
from tests.world import World

LOUD = os.pathsep.join([str(Path(__file__).parent / "loud"), str(ROOT)])
FIELDS = {"level", "logger", *logs.FIELDS}


def speak(product: Running) -> None:
    """A conversation full of canaries; the last request breaks a thread and a door."""
    client = Client(product.url)
    topic = client.get("/dev/directory.json")["topics"][0]["code"]
    fields = {"kind": "pengaduan", "topic": topic, "district": "64.08.04", "body": "Jalan CANARY-rusak."}
    report = json.dumps(fields | {"submission_key": token_hex(16), "CANARY-field": "CANARY-value"}).encode()
    status, content = send(product, "/api/reports", report, "application/json")
    assert status == 201
    message = {"receipt": json.loads(content)["receipt"], "body": "CANARY-halo", "message_key": token_hex(8)}
    assert send(product, "/api/thread/messages", json.dumps(message).encode(), "application/json")[0] == 201
    assert send(product, "/CANARY-path", b"{CANARY", "application/json")[0] == 404
    assert send(product, "/desk/links", b'{"email": "CANARY@dinas.example.id"}', "application/json")[0] == 500
    wait_for(lambda: [line for line in product.lines if "uncaught_in_thread" in line])


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Running:
    """What it printed is read after it has ended."""
    with running(tmp_path_factory.mktemp("loud"), breaks=True, PYTHONPATH=LOUD) as product:
        speak(product)
    return product


def printed(product: Running) -> list[dict[str, Any]]:
    return [json.loads(line) for line in product.lines if line.startswith("{")]


def test_the_loudest_logging_prints_nothing_of_who_writes_and_what(loud: Running) -> None:
    assert found(loud.lines, loud.folder) == []
    assert not [line for line in loud.lines if re.search(r"\d\d:\d\d:\d\d|Traceback|10\.\d+\.", line)]
    others = [line for line in loud.lines if not line.startswith("{")]
    assert all(re.match(r"(store|keys|portal|users|ready) ", line) for line in others), others


def test_the_log_says_what_broke_where_and_by_which_route(loud: Running) -> None:
    lines = printed(loud)
    assert set().union(*lines) <= FIELDS
    (broken,) = [line for line in lines if line.get("event") == "unexpected"]
    at = broken.pop("at", "")
    assert broken == {
        "level": "ERROR",
        "logger": "lapor",
        "event": "unexpected",
        "door": "desk",
        "route": "/desk/links",
        "method": "POST",
        "status": 500,
        "error": "RuntimeError",
    }
    assert at == ""  # it was raised in no line of ours
    assert {"level": "CRITICAL", "logger": "lapor", "event": "uncaught_in_thread", "error": "RuntimeError"} in lines
    assert {"level": "WARNING", "logger": "waitress"} in lines  # a library's line, without what it said
    assert not [line for line in lines if line["level"] in ("DEBUG", "INFO")]


@pytest.mark.long
def test_without_it_the_same_search_finds(tmp_path: Path) -> None:
    with running(tmp_path, breaks=True, PYTHONPATH=LOUD, LOUD="unguarded") as product:
        speak(product)
    text = "\n".join(product.lines)
    for canary in ("CANARY-agent", "canary-referer", "CANARY-cookie", "CANARY-query", "203.0.113.77", "CANARY-cause"):
        assert canary in text
    assert "CANARY@dinas" in text


@pytest.mark.parametrize("path", ["/", "/lapor/", "/api/reports", "/desk/", "/tidak-ada", "/healthz"])
def test_behind_the_outermost_layer_nothing_of_the_request_is_seen(
    loud: Running, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    seen: list[dict[str, Any]] = []
    honest = wsgi.Portal.__call__

    def watch(self: wsgi.Portal, environ: dict[str, Any], start: Any) -> Any:
        seen.append(dict(environ))
        return honest(self, environ, start)

    monkeypatch.setattr(wsgi.Portal, "__call__", watch)
    settings = load_settings({"DATA_DIR": str(loud.folder)})
    client = WsgiClient(wsgi.application(settings, dev=False), use_cookies=False)
    addressed = {"REMOTE_ADDR": "203.0.113.77", "REMOTE_PORT": "4711"}
    client.get(f"{path}?utm=CANARY&lang=en", headers=HEADERS, environ_overrides=addressed).close()
    (environ,) = seen
    assert found([str(environ)], loud.folder / "none") == []
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["QUERY_STRING"] == "lang=en"
    assert re.fullmatch("[0-9a-f]{8}", bucket_of(environ))
    assert {name for name in environ if name.startswith("HTTP_")} == {"HTTP_HOST"}


@pytest.mark.parametrize(("behind", "same"), [(False, True), (True, False)])
def test_the_proxys_word_counts_only_where_a_proxy_stands(
    loud: Running, monkeypatch: pytest.MonkeyPatch, behind: bool, same: bool
) -> None:
    seen: list[str] = []
    honest = wsgi.Portal.__call__

    def watch(self: wsgi.Portal, environ: dict[str, Any], start: Any) -> Any:
        seen.append(bucket_of(environ))
        return honest(self, environ, start)

    monkeypatch.setattr(wsgi.Portal, "__call__", watch)
    settings = load_settings({"DATA_DIR": str(loud.folder)})
    client = WsgiClient(wsgi.application(replace(settings, behind_proxy=behind), dev=False), use_cookies=False)
    for address in ("203.0.113.1", "203.0.113.2"):
        forwarded = {"X-Forwarded-For": f"198.51.100.1, {address}"}
        client.get("/", headers=forwarded, environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).close()
    assert (seen[0] == seen[1]) is same


def test_the_courier_says_its_trouble_by_class_and_place(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    for suffix in ("", "-wal", "-shm"):
        (world.folder / f"lapor.sqlite{suffix}").unlink(missing_ok=True)
    (world.folder / "lapor.sqlite").write_bytes(b"CANARY, no database")
    process = subprocess.Popen(
        [sys.executable, "-m", "functions.courier.main"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(world.folder), "PYTHONPATH": LOUD},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    first = json.loads(process.stderr.readline())
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=30)
    assert first["logger"] in ("lapor", "lapor.courier")
    assert first["error"].endswith("Error")
    assert re.fullmatch(r"(functions/[\w/]+\.py:\d+( > )?)+", first["at"])
    assert "CANARY" not in str(first) + rest


SNIPPETS = {
    "a library at debug": "logging.getLogger('botocore').debug('kenari')",
    "a library's warning": "logging.getLogger('PIL.Image').warning('kenari %s', 'kenari')",
    "a library's exception": 'exec(\'try: 1/0\\nexcept Exception: logging.getLogger("zappa").exception("kenari")\')',
    "a handler added later": "h = logging.StreamHandler(); logging.getLogger('x').addHandler(h);"
    " logging.getLogger('x').error('kenari', stack_info=True)",
    "the root logger": "logging.error('kenari'); logging.basicConfig(level=10); logging.debug('kenari')",
    "a warning": "import warnings; warnings.warn('kenari')",
    "a record that cannot be printed": "logging.getLogger('x').error('%d', 'kenari')",
    "ours with text": "logging.getLogger('lapor').error('kenari %s', 'kenari')",
    "ours with a wrong field": "logs.report('unexpected', kenari='kenari', code='Kenari!', method='KENARI')",
    "a path for a route": "logs.report('unexpected', route='/desk/kenari?x=kenari')",
    "uncaught": "raise RuntimeError('kenari')",
    "uncaught with a cause": "raise RuntimeError('kenari') from KeyError('kenari')",
    "in a thread": "import threading; t = threading.Thread(target=lambda: int('kenari')); t.start(); t.join()",
    "in a finaliser": "X = type('X', (), {'__del__': lambda self: int('kenari')}); X()",
}


@pytest.mark.parametrize("name", list(SNIPPETS))
def test_nothing_is_quoted_and_without_it_everything_is(name: str) -> None:
    def said(setup: str) -> str:
        code = f"import logging\nfrom functions.config import logs\n{setup}\n{SNIPPETS[name]}"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    guarded = said("logs.configure(); logs.catch(); logging.getLogger().setLevel(1)")
    assert "kenari" not in guarded.lower()
    assert set().union(*map(json.loads, filter(None, guarded.splitlines()))) <= FIELDS
    if not name.startswith(("ours with a wrong", "a path")):
        assert "kenari" in said("logging.basicConfig(level=1)")


def test_a_line_of_ours_has_its_fields_and_its_place() -> None:
    try:
        load_settings({"PORT": "kenari"})
    except Exception as error:  # noqa: BLE001 - any
        extra = logs.fields("trouble", error, code="offline", status=503, method="GET", route="/desk/<tracking_id>")
    record = logging.LogRecord("lapor.courier", logging.ERROR, __file__, 1, "kenari", (), None)
    record.__dict__.update(extra)
    line = json.loads(logs.line(record))
    assert re.fullmatch(r"functions/config/settings\.py:\d+", line.pop("at"))
    assert line == {
        "level": "ERROR",
        "logger": "lapor.courier",
        "event": "trouble",
        "error": "SettingsError",
        "code": "offline",
        "status": 503,
        "method": "GET",
        "route": "/desk/<tracking_id>",
    }


def test_a_line_without_fields_says_at_least_where_it_was_written() -> None:
    path = str(ROOT / "functions" / "actions" / "courier" / "deliver.py")
    record = logging.LogRecord("lapor.courier", logging.ERROR, path, 61, "kenari", (), None)
    assert json.loads(logs.line(record)) == {
        "level": "ERROR",
        "logger": "lapor.courier",
        "at": "functions/actions/courier/deliver.py:61",
    }


def test_what_a_library_set_up_before_is_undone_and_again_if_it_comes_back() -> None:
    """Zappa and Lambda's runtime both bring handlers of their own; configuring twice is as good as once."""
    code = (
        "import logging, sys\nfrom functions.config import logs\n"
        "quiet = logging.getLogger('x'); quiet.addHandler(logging.StreamHandler()); quiet.propagate = False\n"
        "logging.basicConfig(); logs.configure(); logs.configure(); quiet.error('kenari')\n"
        "logging.basicConfig(force=True); logs.configure(); logging.error('kenari')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert lines == [{"level": "ERROR", "logger": "x"}, {"level": "ERROR", "logger": "root"}]
