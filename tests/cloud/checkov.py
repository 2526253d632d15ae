"""Checkov, in a virtual environment of its own (its botocore clashes with ours), made on first use.

python tests/cloud/checkov.py --install    only make the environment
"""

import fcntl
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-checkov"
REQUIREMENTS = Path(__file__).with_name("requirements-checkov.txt")


def ensure_venv() -> Path:
    """Its program, installed if it is not. Processes that come at the same time wait for the first."""
    VENV.mkdir(exist_ok=True)
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp, program = VENV / "stamp", VENV / "bin" / "checkov"
    with (VENV / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (program.exists() and stamp.exists() and stamp.read_text() == wanted):
            sys.stderr.write("-- installing checkov into .venv-checkov (once, about two minutes)\n")
            stamp.unlink(missing_ok=True)
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
            pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)]
            subprocess.run(pip, check=True)
            stamp.write_text(wanted)
    return program


def run(folder: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """What it finds in the templates of a folder, and what it was told to leave out: check, resource, reason. It asks
    nobody outside for it."""
    options = ["--framework", "cloudformation", "--compact", "--skip-download", "-o", "json"]
    command = [str(ensure_venv()), "-d", str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-1500:]
    results: dict[str, Any] = json.loads(done.stdout)["results"]
    failed = [(each["check_id"], each["resource"]) for each in results["failed_checks"]]
    skipped = [
        (each["check_id"], each["resource"], each["check_result"]["suppress_comment"])
        for each in results["skipped_checks"]
    ]
    return failed, skipped


if __name__ == "__main__":
    ensure_venv()
