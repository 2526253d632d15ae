"""A served AWS emulator for tests and for `make run STORE=dynamodb`, in a virtual environment of its own.

Its botocore clashes with ours, hence the environment; it is made on first use. All data is in memory.

    python tests/engines/ministack.py --port 4566    serve in the foreground until killed
    python tests/engines/ministack.py --port 4566 --rights    the same, for a deployment: it looks at rights
    python tests/engines/ministack.py --install      only make the environment
"""

import argparse
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

from tests.engines.apart import installed, say  # noqa: E402 - after the path is set
from tests.engines.serving import EngineError, end, free_port, wait_until  # noqa: E402 - after the path is set

STRICT = Path(__file__).with_name("strict_ministack.py")
REQUIREMENTS = Path(__file__).with_name("requirements-ministack.txt")
START_SECONDS = 60
PASSWORD = "emulated"  # of its root, as ``infra.deploy.place`` has it


def ensure_venv(tell: Callable[[str], None] = say) -> Path:
    """The emulator's program, installed if it is not. Raises EngineError."""
    # It runs functions with its own interpreter, and 3.13 is what they are made for.
    python = shutil.which("python3.13") or sys.executable
    return installed("ministack", REQUIREMENTS, "about a minute", python=python, tell=tell)


def environment(port: int, folder: str) -> dict[str, str]:
    """Loopback only, nothing kept, and nothing of our own credentials."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "HOME": folder, "TMPDIR": folder}


def command(program: Path) -> list[str]:
    """How the emulator is started, with what ``strict_ministack.py`` adds. -P: beside that file stands this one, by whose
    name it would import itself."""
    return [str(program.with_name("python")), "-P", str(STRICT)]


@contextmanager
def serve(tell: Callable[[str], None] = say, **options: str) -> Iterator[str]:
    """The address of a running emulator, which ends with the block. ``options`` are settings of its own, e.g.
    ``AUTH="true"``, with which it looks at rights. Raises EngineError."""
    program, port = ensure_venv(tell), free_port()
    with tempfile.TemporaryDirectory(prefix="ministack-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command(program), env=environment(port, folder) | options, cwd=folder, stdout=out, stderr=out
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


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the AWS emulator on 127.0.0.1 until killed.")
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--rights", action="store_true", help="give each caller what its role may, and nothing else")
    parser.add_argument("--new-account", action="store_true", help="letters as in a new account: in SES's sandbox")
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
        told = command(program)
        options = {"AUTH": "true", "AWS_SECRET_ACCESS_KEY": PASSWORD} if arguments.rights else {}
        options |= {"SES_NEW": "true"} if arguments.new_account else {}
        os.execve(told[0], told, environment(arguments.port, tempfile.gettempdir()) | options)  # noqa: S606 - meant
    return 0


if __name__ == "__main__":
    sys.exit(main())
