"""Checkov, in a virtual environment of its own (its botocore clashes with ours), made on first use.

python tests/cloud/checkov.py --install    only make the environment
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

if not __package__:  # run as a program
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.engines.apart import EngineError, installed

REQUIREMENTS = Path(__file__).with_name("requirements-checkov.txt")


def ensure_venv() -> Path:
    """Its program, installed if it is not. Raises EngineError."""
    return installed("checkov", REQUIREMENTS, "about two minutes")


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
    try:
        ensure_venv()
    except EngineError as error:
        sys.exit(str(error))
