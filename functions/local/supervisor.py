"""Processes beside this one: the courier and the custody door, each with keys that no other process loads. They are
started again when they end by themselves, and end with us, even when we are killed (``--child-of``)."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence

from functions.config.settings import ROOT, Settings

END_SECONDS = 15
REST_SECONDS = 2


def keep(settings: Settings, stop: threading.Event, module: str, arguments: Sequence[str] = ()) -> threading.Thread:
    """Keep ``python -m module --child-of <us>`` running until ``stop``; returns the thread that does."""
    environ = {**os.environ, "DATA_DIR": str(settings.data_dir), "PORT": str(settings.port)}
    command = [sys.executable, "-m", module, "--child-of", str(os.getpid()), *arguments]
    thread = threading.Thread(target=_keep, args=(command, environ, stop), daemon=True)
    thread.start()
    return thread


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
