"""Start a door of the product as a child process that is taken over, on the store and keys of a small world."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.captured.attacker import Noted, memory_of, read_journal
from tests.room import fast_folder
from tests.server import ROOT, wait_for
from tests.world import World

START_SECONDS = 60


class _Local(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("127.0.0.1", timeout=30)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


class Taken:
    """A door that was taken over. ``call`` speaks to it as the portal does; ``journal`` and ``memory`` are the
    attacker's."""

    def __init__(self, world: World, name: str, leak: str = "", **environ: str) -> None:
        room = Path(mkdtemp(dir=fast_folder()))
        self.socket, self._journal, self.log = room / "door.sock", room / "journal", room / "log"
        arguments = [name, str(self._journal), *([leak] if leak else []), "--socket", str(self.socket)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.captured.taken", *arguments],
                cwd=ROOT,
                env=os.environ | {"DATA_DIR": str(world.folder), "BATCH_HOURS": ""} | environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: self.socket.exists() or self.process.poll() is not None, START_SECONDS)
        assert self.process.poll() is None, self.log.read_text()

    def call(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """POST a body (JSON, or bytes as they are) and return status and answer."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Host": "127.0.0.1:8000", "Accept": "application/json", "Content-Type": "application/json"}
        connection = _Local(self.socket)
        try:
            connection.request("POST", path, sent, told | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def journal(self) -> list[Noted]:
        """All that was taken down so far, and what the door printed."""
        return [*read_journal(self._journal), Noted("printed", self.log.read_bytes())]

    def memory(self) -> bytes:
        """An image of its memory."""
        return memory_of(self.process.pid)

    def end(self) -> None:
        """End the door that this object started."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def taken(world: World) -> Iterator[Callable[..., Taken]]:
    """``taken(name, leak="")`` starts a door that is taken over."""
    with ExitStack() as ending:

        def start(name: str, leak: str = "", **environ: str) -> Taken:
            door = Taken(world, name, leak, **environ)
            ending.callback(door.end)
            return door

        yield start
