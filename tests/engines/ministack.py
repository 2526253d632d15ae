"""A served AWS emulator for tests and for `make run STORE=dynamodb`, in a virtual environment of its own.

Its botocore clashes with ours, hence the environment; it is made on first use. All data is in memory.

    python tests/engines/ministack.py --port 4566    serve in the foreground until killed
    python tests/engines/ministack.py --install      only make the environment
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if not __package__:  # run as a program
    sys.path.insert(0, str(ROOT))

from tests.engines.serving import EngineError, end, free_port, wait_until  # noqa: E402 - after the path is set

VENV = ROOT / ".venv-ministack"
REQUIREMENTS = Path(__file__).with_name("requirements-ministack.txt")
START_SECONDS = 60


def say(text: str) -> None:
    sys.stderr.write(f"-- {text}\n")
    sys.stderr.flush()


def ensure_venv(tell: Callable[[str], None] = say) -> Path:
    """The emulator's program, installed if it is not. Processes that come at the same time wait for the first."""
    VENV.mkdir(exist_ok=True)
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp, program = VENV / "stamp", VENV / "bin" / "ministack"
    with (VENV / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (program.exists() and stamp.exists() and stamp.read_text() == wanted):
            tell("installing the AWS emulator into .venv-ministack (once, about a minute)")
            stamp.unlink(missing_ok=True)
            _run([_python(), "-m", "venv", str(VENV)])
            _run([str(VENV / "bin" / "python"), "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)])
            stamp.write_text(wanted)
    return program


def environment(port: int, folder: str) -> dict[str, str]:
    """Loopback only, nothing kept, and nothing of our own credentials."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "HOME": folder, "TMPDIR": folder}


@contextmanager
def serve(tell: Callable[[str], None] = say, **options: str) -> Iterator[str]:
    """The address of a running emulator, which ends with the block. ``options`` are settings of its own, e.g.
    ``AUTH="true"``, with which it looks at rights. Raises EngineError."""
    program, port = ensure_venv(tell), free_port()
    with tempfile.TemporaryDirectory(prefix="ministack-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [program], env=environment(port, folder) | options, cwd=folder, stdout=out, stderr=out
            )
        try:
            wait_until(lambda: _healthy(port), process, log, START_SECONDS)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(process)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _python() -> str:
    """The interpreter to build with: it runs functions with its own, and 3.13 is what they are made for."""
    return shutil.which("python3.13") or sys.executable


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    if done.returncode:
        raise EngineError(f"{' '.join(command[1:4])} failed; is the network there?\n{done.stdout[-1500:]}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the AWS emulator on 127.0.0.1 until killed.")
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--install", action="store_true", help="only make its virtual environment")
    arguments = parser.parse_args()
    try:
        program = ensure_venv()
    except EngineError as error:
        say(str(error))
        return 1
    if not arguments.install:
        # It takes this process's place, so that a signal meant for us ends it. It is given no folder that would
        # have to be removed afterwards: nothing is written while persistence is off.
        os.execve(program, [str(program)], environment(arguments.port, tempfile.gettempdir()))  # noqa: S606 - meant
    return 0


if __name__ == "__main__":
    sys.exit(main())
