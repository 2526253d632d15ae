"""Processes beside this one: the courier, the desk and the custody door, each with keys that no other process loads.
They are started again when they end by themselves, and end with us, even when we are killed (``--child-of``)."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from functions.config.settings import ROOT, Settings

START_SECONDS = 30
LOOK_SECONDS = 0.05
END_SECONDS = 15
REST_SECONDS = 2


def keep(settings: Settings, stop: threading.Event, module: str, arguments: Sequence[str] = ()) -> threading.Thread:
    """Keep ``python -m module --child-of <us>`` running until ``stop``; returns the thread that does."""
    environ = {**os.environ, "DATA_DIR": str(settings.data_dir), "PORT": str(settings.port)}
    command = [sys.executable, "-m", module, "--child-of", str(os.getpid()), *arguments]
    thread = threading.Thread(target=_keep, args=(command, environ, stop), daemon=True)
    thread.start()
    return thread


def wait_until_they_listen(sockets: Iterable[Path], stop: threading.Event) -> None:
    """Wait until somebody listens on each socket, for a while at most: who comes earlier is told to wait."""
    end = time.monotonic() + START_SECONDS
    for path in sockets:
        while not _listens(path) and time.monotonic() < end and not stop.wait(LOOK_SECONDS):
            pass


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _keep(command: Sequence[str], environ: dict[str, str], stop: threading.Event) -> None:
    while not stop.is_set():
        child = subprocess.Popen(command, cwd=ROOT, env=environ)  # noqa: S603 - our own program
        while child.poll() is None and not stop.wait(0.2):
            pass
        child.terminate()
        try:
            child.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:  # a mail server keeps it waiting; what it has in hand is taken up again
            child.kill()
            child.wait()
        stop.wait(REST_SECONDS)
