"""Parliament, which knows AWS's own list of actions, resources and condition keys, in a virtual environment of its own
(it wants an old setuptools), made on first use.

python tests/cloud/parliament.py --install    only make the environment
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

if not __package__:  # run as a program
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.engines.apart import EngineError, installed

REQUIREMENTS = Path(__file__).with_name("requirements-parliament.txt")
# Only Put, Update and Delete hand anything back; IfExists lets the others of the same statement pass.
KNOWN = "Unknown condition dynamodb:ReturnValues for action dynamodb:"


def ensure_venv() -> Path:
    """Its program, installed if it is not. Raises EngineError."""
    return installed("parliament", REQUIREMENTS, "half a minute")


def run(policies: Mapping[str, list[dict[str, Any]]]) -> list[tuple[str, str, str]]:
    """What it finds in roles' policies: role, kind of fault, what it is about."""
    program = ensure_venv()
    with tempfile.TemporaryDirectory() as folder:
        for name, statements in policies.items():
            document = {"Version": "2012-10-17", "Statement": statements}
            (Path(folder) / f"{name}.json").write_text(json.dumps(document))
        told = ["-W", "ignore", str(program), "--directory", folder, "--include_policy_extension", "json", "--json"]
        python = program.with_name("python")
        done = subprocess.run([python, *told], capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr[-1500:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    told_of = [(Path(each["location"]["filepath"]).stem, each["issue"], str(each["detail"])) for each in found]
    return [each for each in told_of if not each[2].startswith(KNOWN)]


if __name__ == "__main__":
    try:
        ensure_venv()
    except EngineError as error:
        sys.exit(str(error))
