"""A third opinion on policies: ``@cloud-copilot/iam-simulate``, which knows AWS's own list of actions, resource types and
condition keys, and evaluates as IAM documents it. Its packages are installed on first use, from a lock.

python tests/cloud/simulated.py --install    only install them
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if not __package__:  # run as a program
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.node import NODE, NPM

FOLDER = Path(__file__).with_name("simulate")
ALLOWED = "Allowed"
# It compares the keys of a request with AWS's list letter by letter, where kms:EncryptionContext:${EncryptionContextKey}
# stands with its gap: so it drops what every call of ours to KMS has, and denies. AWS fills the gap
# (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html). Two keys of the same kind stand in.
STAND_INS = {"kms:EncryptionContext:purpose": "kms:CallerAccount", "kms:EncryptionContext:instance": "kms:ViaService"}


def ensure() -> Path:
    """Its program, installed if it is not."""
    installed, lock = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
        installed.touch()
    return FOLDER / "simulate.js"


def results(simulations: Sequence[dict[str, Any]], standing_in: Mapping[str, str] = STAND_INS) -> list[str]:
    """``Allowed``, ``ImplicitlyDenied`` or ``ExplicitlyDenied`` for each, or what is wrong with it."""
    asked = json.dumps(simulations)
    for key, other in standing_in.items():
        assert other not in asked, f"{other} stands in for {key}, and is used itself"
        asked = asked.replace(key, other)
    done = subprocess.run([NODE, str(ensure())], input=asked, capture_output=True, text=True, check=True)
    said: list[str] = json.loads(done.stdout)
    return said


if __name__ == "__main__":
    ensure()
    sys.exit(0)
