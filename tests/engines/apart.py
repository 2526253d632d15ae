"""A tool in a virtual environment of its own, where what it needs clashes with ours; made on first use."""

import fcntl
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.engines.serving import EngineError

ROOT = Path(__file__).resolve().parents[2]


def say(text: str) -> None:
    """A line for whoever waits."""
    sys.stderr.write(f"-- {text}\n")
    sys.stderr.flush()


def installed(
    name: str, requirements: Path, takes: str, *, python: str = sys.executable, tell: Callable[[str], None] = say
) -> Path:
    """The tool's program, installed into ``.venv-<name>`` if it is not there as ``requirements`` want it. Processes that
    come at the same time wait for the first. ``python`` makes the environment. Raises EngineError."""
    venv = ROOT / f".venv-{name}"
    venv.mkdir(exist_ok=True)
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp, program = venv / "stamp", venv / "bin" / name
    with (venv / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (program.exists() and stamp.exists() and stamp.read_text() == wanted):
            tell(f"installing {name} into {venv.name} (once, {takes})")
            stamp.unlink(missing_ok=True)
            _run(name, [python, "-m", "venv", str(venv)])
            pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-q", "--no-compile"]
            _run(name, [*pip, "-r", str(requirements)])
            stamp.write_text(wanted)
    return program


def _run(name: str, command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["no reason given"])[-1]
        raise EngineError(f"{name} could not be installed ({last})")
