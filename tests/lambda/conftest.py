import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def stages() -> dict[str, dict[str, Any]]:
    """Every stage as Zappa reads it."""
    command = [sys.executable, "-m", "tests.lambda.reading"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=180)
    read: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return read
