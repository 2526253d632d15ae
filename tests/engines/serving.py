"""What the served engines share: a free port, waiting until a server answers, ending it."""

import os
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import randbelow

SOON = 0.02  # seconds until a server in a thread sees that it is to end: ``serve_forever``'s own half a second adds up


class EngineError(RuntimeError):
    """An engine cannot be installed or does not start; the message says why and what to do."""


_GIVEN: deque[int] = deque(maxlen=500)


def free_port() -> int:
    """A port on which nobody listens, for a server that starts in a moment. It is none that the kernel gives to whoever
    connects (from 32768 on), nor one of another worker's, nor of the last ones that were given here: until then nobody
    is given it by chance."""
    first = 16_000 + 1_000 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16)
    while True:
        port = first + randbelow(1_000)
        with socket.socket() as probe, suppress(OSError):  # taken
            if port not in _GIVEN:
                probe.bind(("127.0.0.1", port))
                _GIVEN.append(port)
                return port


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
