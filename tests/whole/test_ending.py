"""Asked to end while something hangs: ended soon, nobody left, nothing acknowledged lost, nothing sent twice."""

import os
import signal
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from secrets import token_hex

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.storage.sqlite.store import SqliteStore
from tests.delivery.letterbox import letterbox
from tests.doors.test_thread import photo
from tests.server import ROOT, Client, Running, running, wait_for
from tests.whole.started import WORDS, children, command, gone, report

END_SECONDS = 20  # what the office is told; a bound, not a measure
WATCHED = os.pathsep.join([str(Path(__file__).parent / "watched"), str(ROOT)])


def cleaning(pid: int) -> list[int]:
    """The cleaning children below a process: of this product alone, since other tests clean files beside this one."""
    started = children(pid)
    below = [found for child in started for found in cleaning(child)]
    return [child for child in started if b"sandbox_child" in command(child)] + below


def send_file(product: Running, receipt: str, raw: bytes) -> int:
    """Upload one file; its status, 0 if the connection ended without one."""
    fields = {"receipt": receipt, "file_key": token_hex(8), "file": FileStorage(BytesIO(raw), "a.jpg")}
    boundary, body = encode_multipart(fields)
    line = HTTPConnection("127.0.0.1", int(product.url.rpartition(":")[2]), timeout=60)
    kind = f'multipart/form-data; boundary="{boundary}"'
    try:
        line.request("POST", "/api/thread/files", body, {"Accept": "application/json", "Content-Type": kind})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


@pytest.mark.long
def test_a_cleaning_child_that_hangs_ends_with_the_product(folder: Path) -> None:
    with running(folder) as product:
        sent = report(product.url)
        upload = threading.Thread(target=send_file, args=(product, sent["receipt"], photo()))
        upload.start()
        hangs = wait_for(lambda: _stopped(cleaning(product.process.pid)))
        for _ in range(3):
            product.process.send_signal(signal.SIGTERM)
        assert product.process.wait(END_SECONDS) == 0
        upload.join(END_SECONDS)
        assert wait_for(lambda: not any(b"sandbox_child" in command(pid) for pid in hangs), 5)
    with running(folder) as product:  # what was acknowledged is there
        assert Client(product.url).post("/api/thread", {"receipt": sent["receipt"]})["messages"][0]["body"] == WORDS


def _stopped(pids: list[int]) -> list[int]:
    for pid in pids:
        with suppress(ProcessLookupError):  # ended meanwhile
            os.kill(pid, signal.SIGSTOP)
    return pids


@pytest.mark.long
def test_a_courier_in_the_middle_of_a_letter_ends_and_sends_it_once(folder: Path) -> None:
    """The mail server falls silent before it takes the letter; after the next start, one letter is there."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        mail = {"MAIL": "smtp", "SMTP_SECURITY": "none", "MAIL_FROM": "lapor@kutim.example.id"}
        mail["DIGEST"] = "off"
        port = str(silent.getsockname()[1])
        with running(folder, "serve", SMTP_PORT=port, PYTHONPATH=WATCHED, **mail) as product:
            sent = report(product.url)
            line, _ = silent.accept()
            pids = children(product.process.pid)
            for _ in range(3):
                product.process.send_signal(signal.SIGTERM)
            assert product.process.wait(END_SECONDS) == 0
            assert [pid for pid in pids if not gone(pid)] == []
            line.close()
    store = SqliteStore(folder / "lapor.sqlite")
    with letterbox() as box, running(folder, "serve", SMTP_PORT=str(box.port), **mail):
        assert wait_for(lambda: box.arrived, 60)
        assert wait_for(lambda: not store.waiting())  # then nothing is there that could leave again
        assert [sent["tracking_id"] in letter["Subject"] for letter in box.arrived] == [True]


@pytest.mark.long
def test_parallel_uploads_of_one_receipt_are_cleaned_one_by_one(folder: Path) -> None:
    """Beside them, doors answer; whoever is second is told so at once."""
    with running(folder, PYTHONPATH=WATCHED) as product:
        sent, statuses = report(product.url), []
        threads = [
            threading.Thread(target=lambda: statuses.append(send_file(product, sent["receipt"], photo())))
            for _ in range(24)
        ]
        for thread in threads:
            thread.start()
        assert all(report(product.url)["receipt"] for _ in range(5))
        for thread in threads:
            thread.join(60)
    at_once = [line for line in product.lines if line.startswith("cleaning")]
    assert set(at_once) == {"cleaning 1"}
    assert 1 <= statuses.count(201) <= len(at_once)
    assert set(statuses) <= {201, 409, 422, 503}
    assert statuses.count(422) + statuses.count(503) > 0
