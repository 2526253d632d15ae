"""What the served engines share: a free port, waiting until a server answers, ending it."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class EngineError(RuntimeError):
    """An engine cannot be installed or does not start; the message says why and what to do."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    """Raises EngineError with the end of the server's log where it ends or stays silent."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise EngineError(f"the engine ended with {process.returncode}:\n{tail(log)}")
        if ready():
            return
        time.sleep(0.1)
    end(process)
    raise EngineError(f"the engine is silent after {seconds:.0f} s:\n{tail(log)}")


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
