"""Frictionless, the Table Schema's own tool, in a virtual environment of its own (its Jinja and attrs are not ours),
made on first use.

python tests/site/frictionless.py --install    only make the environment
"""

import fcntl
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-frictionless"
REQUIREMENTS = Path(__file__).with_name("requirements-frictionless.txt")


class FrictionlessError(Exception):
    """It could not be installed; the text is one line for whoever runs the tests."""


def ensure_venv() -> Path:
    """Its program, installed if it is not. Processes that come at the same time wait for the first. Raises
    FrictionlessError."""
    VENV.mkdir(exist_ok=True)
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp, program = VENV / "stamp", VENV / "bin" / "frictionless"
    with (VENV / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (program.exists() and stamp.exists() and stamp.read_text() == wanted):
            sys.stderr.write("-- installing frictionless into .venv-frictionless (once, some seconds)\n")
            stamp.unlink(missing_ok=True)
            _run([sys.executable, "-m", "venv", str(VENV)])
            _run([str(VENV / "bin" / "python"), "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)])
            stamp.write_text(wanted)
    return program


def validate(package: Path) -> dict[str, Any]:
    """Its report on a data package, the path of its ``datapackage.json``, with the tables beside it: ``valid``, and by
    table what is wrong with which row and field."""
    command = [str(ensure_venv()), "validate", package.name, "--json"]
    done = subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-1500:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def faults(report: dict[str, Any]) -> list[str]:
    """All that a report holds against a package, one line each."""
    found = [error for task in report["tasks"] for error in task["errors"]] + report["errors"]
    return [error["message"] for error in found]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["no reason given"])[-1]
        raise FrictionlessError(f"frictionless could not be installed, is the network there? ({last})")


if __name__ == "__main__":
    try:
        ensure_venv()
    except FrictionlessError as error:
        sys.exit(str(error))
