import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every stage as Zappa reads it: read by the first worker that needs it, for all of them."""
    folder = tmp_path_factory.getbasetemp()
    kept = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "stages.json"
    with kept.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not kept.stat().st_size:
            command = [sys.executable, "-m", "tests.lambda.reading"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=180)
            file.write(done.stdout)
            file.flush()
        read: dict[str, dict[str, Any]] = json.loads(kept.read_text())
    return read
