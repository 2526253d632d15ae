"""`make run` and `make serve` at work: what they keep and follow, and how they end."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client as WsgiClient

from functions.casework.case import EventKind
from functions.casework.stages import Actor, Stage
from functions.config.settings import load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.intake.main import create_app as create_intake
from functions.local import setup, wsgi
from functions.local import supervisor as processes
from functions.storage.choose_store import open_store
from functions.storage.interface import Append
from tests.case_heads import changed
from tests.delivery.letterbox import letterbox
from tests.server import ROOT, Client, Running, free_port, running, wait_for
from tests.whole.started import (
    WORDS,
    children,
    command,
    courier_of,
    fields,
    gone,
    key_files,
    report,
)


@pytest.mark.long
def test_a_second_start_keeps_keys_and_cases_and_ends_without_leaving_anyone(folder: Path) -> None:
    before = key_files(folder)
    port = free_port()
    with running(folder, port=port) as product:
        sent, pids = report(product.url), [product.process.pid, courier_of(product), *children(product.process.pid)]
        assert Client(product.url).token()
        product.process.send_signal(signal.SIGTERM)
        assert product.process.wait(30) == 0
        assert [pid for pid in pids if not gone(pid)] == []
        assert [
            line for line in product.lines if not line.startswith(("store", "keys", "portal", "users", "ready"))
        ] == []
    with running(folder, port=port) as product:
        assert "keys      there" in product.lines
        thread = Client(product.url).post("/api/thread", {"receipt": sent["receipt"]})
        assert thread["messages"][0]["body"] == WORDS
    after = key_files(folder)
    assert {name: after[name] for name in before} == before
    # Made at a first start: see crypto/transport/waiting_reports.py and crypto/sign/counter_passes.py.
    assert set(after) - set(before) <= {"keys/waiting", "keys/counter"}


@pytest.mark.long
def test_what_was_kept_long_enough_is_deleted_while_it_runs(folder: Path) -> None:
    settings = load_settings({"DATA_DIR": str(folder)})
    old, young = sent_here(folder), sent_here(folder)
    store = open_store(settings)
    for sent, days in ((old, 31), (young, 29)):
        case = store.read_case(sent["tracking_id"])
        on = settings.today() - timedelta(days=days)
        head = changed(case.head, stage=Stage.DIARSIPKAN, closed_on=on, version=2)
        last = replace(case.events[0], n=2, kind=EventKind.STAGE, by=Actor.SYSTEM, stage=Stage.DIARSIPKAN)
        store.append(Append(head, (last,)), 1)
    with running(folder, RETENTION_DAYS="30") as product:
        ask = Client(product.url)
        assert wait_for(lambda: ask.post("/api/thread", {"receipt": old["receipt"]})["messages"] == [], 90)
        assert store.read_head(young["tracking_id"]).shredded is False
        ends_from_the_keyboard(product)


def ends_from_the_keyboard(product: Running) -> None:
    """See that it ends at Ctrl-C as well, with its courier."""
    courier = courier_of(product)
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(30) == 0
    assert gone(courier)


def sent_here(folder: Path) -> dict[str, str]:
    """Send a report to an intake door in this process; returns its answer."""
    door = create_intake(load_settings({"DATA_DIR": str(folder)})).test_client()
    sent = door.post("/api/reports", json=fields(), headers={"Accept": "application/json"})
    assert sent.status_code == 201
    return dict(sent.get_json())


def courier_outlives_no_kill(product: Running) -> None:
    """See that a courier that is killed gets a successor, and that this one ends when the product is killed."""
    first, since = courier_of(product), len(Client(product.url).mails())
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: gone(first))
    second = courier_of(product)
    assert second != first
    report(product.url)
    assert Client(product.url).token(since)
    product.process.kill()
    product.process.wait(30)
    try:
        assert wait_for(lambda: gone(second)), "an orphan works on"
    finally:
        if not gone(second):
            os.kill(second, signal.SIGKILL)


@pytest.mark.long
def test_serve_sends_its_mail_and_shows_no_outbox(folder: Path) -> None:
    with letterbox() as box:
        port, sender = str(box.port), "lapor@kutim.example.id"
        with running(
            folder, "serve", MAIL="smtp", SMTP_PORT=port, SMTP_SECURITY="none", MAIL_FROM=sender, DIGEST="off"
        ) as product:
            sent = report(product.url)
            assert wait_for(lambda: box.arrived)
            for path in ("/dev/outbox", "/dev/outbox.json", "/dev/directory.json", "/dev/"):
                with pytest.raises(urllib.error.HTTPError) as caught:
                    urllib.request.urlopen(product.url + path, timeout=10)
                caught.value.close()
                assert caught.value.code == 404
    assert sent["tracking_id"] in box.arrived[0]["Subject"]
    assert not (folder / "outbox").exists()


@pytest.mark.long
def test_a_rotation_beside_it_is_followed_by_portal_and_desk(folder: Path) -> None:
    """WhiteNoise remembers each file's length and date: without reading anew, the new keys would come cut off
    under their old length, or not at all. At last its courier, and it, are killed."""
    with running(folder) as product:
        first = keys_json(product.url)
        sent = report(product.url)
        token = Client(product.url).token()
        environ = {**os.environ, "DATA_DIR": str(folder)}
        rotate = [sys.executable, "-m", "functions.cli", "keys", "rotate", "--purpose", "desk", "--instance", "kutim"]
        subprocess.run([*rotate, "--grace", "0"], cwd=ROOT, env=environ, check=True, capture_output=True, timeout=60)
        (new,) = KeyDirectory(folder / "keys").private_ids(Purpose.DESK, "kutim")
        again = keys_json(product.url, since=first["date"])
        assert (first["id"] != new, again["id"]) == (True, new)
        client = Client(product.url)
        client.csrf = client.post("/desk/session", {"token": token})["csrf"]
        assert client.get(f"/desk/cases/{sent['tracking_id']}")["messages"][0]["body"] == WORDS
        assert client.call("GET", "/healthz") == (200, {"status": "ok"})
        courier_outlives_no_kill(product)


def keys_json(url: str, since: str = "") -> dict[str, str]:
    """The portal's current key, as a browser that has an older one asks for it."""
    request = urllib.request.Request(f"{url}/keys.json", headers={"If-Modified-Since": since} if since else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        (key,) = json.loads(answer.read())["keys"]
        return {"id": key["key_id"], "date": answer.headers["Last-Modified"]}


def test_a_courier_that_a_mail_server_keeps_waiting_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "END_SECONDS", 0.3)
    sent_here(folder)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        port = str(silent.getsockname()[1])
        for name, value in {"MAIL": "smtp", "SMTP_PORT": port, "SMTP_SECURITY": "none", "DIGEST": "off"}.items():
            monkeypatch.setenv(name, value)
        stop = threading.Event()
        settings = load_settings({"DATA_DIR": str(folder)})
        keeper = processes.keep(settings, stop, "functions.courier.main")
        line, _ = silent.accept()  # the courier now waits for a greeting that never comes
        (courier,) = [pid for pid in children(os.getpid()) if b"functions.courier.main" in command(pid)]
        began = time.monotonic()
        stop.set()
        keeper.join(60)
        assert not keeper.is_alive()
        assert time.monotonic() - began < 15  # it waits 0.3 here; the mail server would keep it for longer
        assert gone(courier)
        line.close()


@pytest.mark.long
def test_a_portal_that_is_just_giving_way_is_still_served(folder: Path) -> None:
    settings = load_settings({"DATA_DIR": str(folder)})
    setup.prepare(settings)
    portal = wsgi.Portal(settings, {})
    settings.portal_dir.replace(folder / "portal.away")
    answer = WsgiClient(portal).get("/tidak-ada")
    assert answer.status_code == 404
    assert "<html" in answer.text
    with pytest.raises(FileNotFoundError):
        wsgi.Portal(settings, {})


def test_a_portal_that_does_not_freeze_leaves_the_old_one(folder: Path) -> None:
    settings = load_settings({"DATA_DIR": str(folder)})
    setup.prepare(settings)
    before = (settings.portal_dir / "index.html").read_bytes()
    broken = replace(settings, directory_file=folder / "none.toml")
    with pytest.raises(setup.StartError, match="did not freeze"):
        setup.freeze(broken)
    assert (settings.portal_dir / "index.html").read_bytes() == before
