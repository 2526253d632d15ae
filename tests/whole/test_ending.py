"""Asked to end while something hangs: ended soon, nobody left, nothing acknowledged lost, nothing sent twice."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.delivery.letterbox import letterbox
from tests.doors.test_thread import photo
from tests.server import Client, Running, running, wait_for
from tests.whole.started import WORDS, children, command, gone, report

END_SECONDS = 20  # what the office is told; a bound, not a measure


def cleaning() -> list[int]:
    """The cleaning children of any process of this test."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if b"sandbox_child" in command(int(path.name))]


def send_file(product: Running, receipt: str, raw: bytes) -> int:
    """Upload one file; its status, 0 if the connection ended without one."""
    fields = {"receipt": receipt, "file_key": token_hex(8), "file": FileStorage(__import__("io").BytesIO(raw), "a.jpg")}
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


@pytest.fixture
def mine() -> Iterator[set[int]]:
    """Children of others that were there before, which are none of ours."""
    return iter([set(cleaning())])  # type: ignore[return-value]


def test_a_cleaning_child_that_hangs_ends_with_the_product(folder: Path) -> None:
    before = set(cleaning())
    with running(folder) as product:
        sent = report(product.url)
        upload = threading.Thread(target=send_file, args=(product, sent["receipt"], photo()))
        upload.start()
        hangs = wait_for(lambda: _stopped(set(cleaning()) - before))
        for _ in range(3):
            product.process.send_signal(signal.SIGTERM)
        assert product.process.wait(END_SECONDS) == 0
        upload.join(END_SECONDS)
        assert wait_for(lambda: not any(b"sandbox_child" in command(pid) for pid in hangs), 5)
    with running(folder) as product:  # what was acknowledged is there
        assert Client(product.url).post("/api/thread", {"receipt": sent["receipt"]})["messages"][0]["body"] == WORDS


def _stopped(pids: set[int]) -> set[int]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return pids


def test_a_courier_in_the_middle_of_a_letter_ends_and_sends_it_once(folder: Path) -> None:
    """The mail server falls silent before it takes the letter; after the next start, one letter is there."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        mail = {"MAIL": "smtp", "SMTP_SECURITY": "none", "MAIL_FROM": "lapor@kutim.example.id"}
        with running(folder, "serve", SMTP_PORT=str(silent.getsockname()[1]), **mail) as product:
            sent = report(product.url)
            line, _ = silent.accept()
            pids = children(product.process.pid)
            for _ in range(3):
                product.process.send_signal(signal.SIGTERM)
            assert product.process.wait(END_SECONDS) == 0
            assert [pid for pid in pids if not gone(pid)] == []
            line.close()
    _let_leases_end(folder)
    with letterbox() as box, running(folder, "serve", SMTP_PORT=str(box.port), **mail):
        assert wait_for(lambda: box.arrived, 60)
        time.sleep(3)
        assert [sent["tracking_id"] in letter["Subject"] for letter in box.arrived] == [True]


def _let_leases_end(folder: Path) -> None:
    """Give the letter's next try an hour that has come."""
