"""gammu hands over a long SMS in parts that have names of their own, and two runs of the script at once."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from json import loads
from pathlib import Path

from tests.office.test_gammu import DELIVER, NUMBER

FIRST, REST = "LAPOR jalan di Bengalon rusak parah ", "dan kemarin dua anak jatuh di lubang itu"
# What gammu-smsd 1.42 with its dummy phone writes for two parts of one SMS that the network took four seconds apart,
# and the arguments that it gives RunOnReceive.
NAMES = [f"IN20261125_101504_00_{NUMBER}_00.txt", f"IN20261125_101500_00_{NUMBER}_01.txt"]


@contextmanager
def office(told: list[str], on: Callable[[], None] = lambda: None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            on()
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def inbox(folder: Path, texts: dict[str, str]) -> Path:
    (folder / "secret").write_bytes(b"s" * 64)
    (folder / "inbox").mkdir()
    for name, text in texts.items():
        (folder / "inbox" / name).write_bytes(text.encode("utf-16"))
    return folder / "inbox"


def run(folder: Path, url: str, *names: str) -> "subprocess.CompletedProcess[str]":
    environ = {"LAPOR_URL": url, "SMS_INBOX": str(folder / "inbox"), "SMS_SECRET_FILE": str(folder / "secret")}
    return subprocess.run(
        [sys.executable, DELIVER, *names], env=os.environ | environ, capture_output=True, text=True, check=False
    )


def test_parts_that_the_network_took_seconds_apart_are_one_sms(tmp_path: Path) -> None:
    told: list[str] = []
    inbox(tmp_path, dict(zip(NAMES, (FIRST, REST), strict=True)))
    with office(told) as url:
        run(tmp_path, url, *NAMES)
    assert told == [FIRST + REST]
    assert not list((tmp_path / "inbox").iterdir())


def test_parts_that_could_not_be_handed_over_are_one_sms_later(tmp_path: Path) -> None:
    told: list[str] = []
    folder = inbox(tmp_path, dict(zip(NAMES, (FIRST, REST), strict=True)))
    run(tmp_path, "http://127.0.0.1:9", *NAMES)
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 120))
    with office(told) as url:
        run(tmp_path, url)
    assert told == [FIRST + REST]


def test_parts_that_came_before_the_secret_are_one_sms_later(tmp_path: Path) -> None:
    told: list[str] = []
    folder = inbox(tmp_path, dict(zip(NAMES, (FIRST, REST), strict=True)))
    secret = (tmp_path / "secret").rename(tmp_path / "not yet")
    assert run(tmp_path, "http://127.0.0.1:9", *NAMES).returncode == 1
    secret.rename(tmp_path / "secret")
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 120))
    with office(told) as url:
        run(tmp_path, url)
    assert told == [FIRST + REST]


def test_a_character_that_was_cut_between_two_parts_is_whole(tmp_path: Path) -> None:
    told: list[str] = []
    folder = inbox(tmp_path, dict.fromkeys(NAMES, ""))
    for name, half in zip(NAMES, ("jalan bolong \ud83d", "\ude21 tolong pak"), strict=True):
        (folder / name).write_bytes(b"\xfe\xff" + half.encode("utf-16-be", "surrogatepass"))
    with office(told) as url:
        run(tmp_path, url, *NAMES)
    assert told == ["jalan bolong \U0001f621 tolong pak"]


def test_an_sms_that_another_run_took_is_named_nowhere(tmp_path: Path) -> None:
    told: list[str] = []
    folder = inbox(tmp_path, {f"IN20261125_10150{n}_00_{NUMBER}_00.txt": f"LAPOR {n}" for n in range(3)})
    second = folder / f"IN20261125_101501_00_{NUMBER}_00.txt"
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 120))
    with office(told, lambda: second.unlink(missing_ok=True)) as url:
        done = run(tmp_path, url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert told == ["LAPOR 0", "LAPOR 2"]
