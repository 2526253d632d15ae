"""Frictionless, the Table Schema's own tool, in a virtual environment of its own (its Jinja and attrs are not ours),
made on first use.

python tests/site/frictionless.py --install    only make the environment
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

if not __package__:  # run as a program
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.engines.apart import EngineError, installed

REQUIREMENTS = Path(__file__).with_name("requirements-frictionless.txt")


def ensure_venv() -> Path:
    """Its program, installed if it is not. Raises EngineError."""
    return installed("frictionless", REQUIREMENTS, "some seconds")


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


if __name__ == "__main__":
    try:
        ensure_venv()
    except EngineError as error:
        sys.exit(str(error))
