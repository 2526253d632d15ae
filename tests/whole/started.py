"""Starting the product where it should refuse, and looking for the processes it leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from secrets import token_hex

import pytest

from functions.config.settings import DEMO, load_directory, load_settings
from functions.crypto.errors import KeyringError
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.local.setup import StartError, prepare
from tests.server import ROOT, START_SECONDS, Client, Running, free_port, wait_for

WORDS = "Gelap di depan sekolah."


def refused(folder: Path, *arguments: str, **environ: str) -> list[str]:
    """What a start that is refused says on standard error; it must end with 1, without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "functions.local", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), "PORT": str(free_port()), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, trouble = process.communicate(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # it did start, and so did its courier
        process.communicate()
        raise
    assert process.returncode == 1, said + trouble
    assert "ready" not in said
    assert "Traceback" not in trouble, trouble
    return trouble.splitlines()


def sentence(lines: list[str]) -> str:
    """The one line that says why."""
    assert len(lines) == 1, lines
    assert lines[0].startswith("cannot start: ")
    return lines[0]


def refused_here(folder: Path) -> str:
    """What a start that is refused would say, of one in this process: for what is tried on every key."""
    with pytest.raises((StartError, KeyringError)) as caught:
        prepare(load_settings({"DATA_DIR": str(folder)}))
    return f"cannot start: {caught.value}"


def key_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in (folder / "keys").rglob("*") if path.is_file()}


def current_file(folder: Path, purpose: Purpose) -> Path:
    keys = KeyDirectory(folder / "keys")
    return keys.root / purpose / "kutim" / keys.public().current_id(purpose, "kutim")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still are."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = status.read_text().split(" (", 1)
        except OSError:  # ended meanwhile
            continue
        state, parent = rest.rpartition(") ")[2].split()[:2]
        if int(parent) == pid and state != "Z":
            found.append(int(number))
    return found


def courier_of(product: Running) -> int:
    found = wait_for(lambda: [pid for pid in children(product.process.pid) if b"courier" in command(pid)])
    assert len(found) == 1
    return int(found[0])


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def gone(pid: int) -> bool:
    return not any(name in command(pid) for name in (b"functions.courier", b"functions.local.door"))


def fields() -> dict[str, str]:
    """A valid report."""
    topic = next(iter(load_directory(DEMO / "kutai-timur.toml").topics))
    typed = {"kind": "pengaduan", "topic": topic, "district": "64.08.04", "body": WORDS}
    return typed | {"submission_key": token_hex(16)}


def report(url: str) -> dict[str, str]:
    """Send one; returns its answer."""
    sent: dict[str, str] = Client(url).post("/api/reports", fields(), 201)
    return sent
