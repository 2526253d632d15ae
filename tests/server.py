"""The product as it runs: `python -m functions.local` in a process of its own, for tests that come from outside."""

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.engines.serving import free_port
from tests.unexpected import among

ROOT = Path(__file__).parents[1]
START_SECONDS = 90

MADE_ONCE = str(ROOT / "tests" / "made_once_too")
FLOOD = "100000"  # no test but those of the gate is a flood


class Running:
    """A running product: its address, its folder, and everything it printed."""

    def __init__(
        self, folder: Path, port: int, environ: dict[str, str], arguments: list[str], within: Sequence[str] = ()
    ) -> None:
        """``within``: a program that starts it, with arguments."""
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*within, sys.executable, "-m", "functions.local", *arguments],
            cwd=ROOT,
            env=os.environ
            | {"PORT": str(port), "DATA_DIR": str(folder), "FLOOD_PER_HOUR": FLOOD}
            | environ
            | {"PYTHONPATH": os.pathsep.join(filter(None, (MADE_ONCE, environ.get("PYTHONPATH"))))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    def wait_ready(self) -> None:
        wait_for(lambda: self.process.poll() is not None or f"ready {self.url}" in self.lines, START_SECONDS)
        assert f"ready {self.url}" in self.lines, self.lines

    def kill(self, how: int = signal.SIGKILL) -> None:
        """End it and its courier, as hard as told."""
        if self.process.poll() is None:
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        self.process.wait(timeout=120)  # where much runs beside it, its children take half a minute to end
        self.reader.join(timeout=10)
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def running(folder: Path, *arguments: str, port: int = 0, breaks: bool = False, **environ: str) -> Iterator[Running]:
    """Start the product on a free port and wait until it is ready; ask it to end afterwards. Unless it ``breaks`` on
    purpose, nothing that it did may have been unforeseen."""
    product = Running(folder, port or free_port(), environ, list(arguments))
    try:
        product.wait_ready()
        yield product
    finally:
        product.kill(signal.SIGTERM)
    broke = among(product.lines)
    assert breaks or not broke, broke


def wait_for(what: Callable[[], Any], seconds: float = 30) -> Any:
    """The first true value of ``what``, or its last one when time is up."""
    end = time.monotonic() + seconds
    found = what()
    while not found and time.monotonic() < end:
        time.sleep(0.1)
        found = what()
    return found


class Client:
    """One browser without a face: its cookies and its CSRF token. Talks JSON."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.csrf = ""
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Accept": "application/json", "X-CSRF-Token": self.csrf}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def get(self, path: str) -> Any:
        status, body = self.call("GET", path)
        assert status == 200, (path, status, body)
        return body

    def post(self, path: str, body: Any, wanted: int = 200) -> Any:
        status, answer = self.call("POST", path, body)
        assert status == wanted, (path, status, answer)
        return answer

    def raw(self, path: str) -> str:
        """A file as it is downloaded, a character for each byte, its headers before it."""
        with self.opener.open(self.url + path, timeout=30) as answer:
            return str(answer.headers) + answer.read().decode("latin-1")

    def mails(self, since: int = 0, to: str = "") -> list[dict[str, Any]]:
        """The mails in the demonstration's outbox."""
        return [mail for mail in self.get("/dev/outbox.json")[since:] if not to or mail["to"] == to]

    def token(self, since: int = 0, to: str = "") -> str:
        """The first signed link that arrives."""
        found = wait_for(lambda: self.mails(since, to))
        assert found, "no mail came"
        match = re.search(r"/masuk/#(\S+)", found[0]["text"])
        assert match
        return match[1]
