"""A disk that really turns read-only, as after an error, and back: nothing is acknowledged, no word is lost, no letter
leaves that could not be settled, and all goes on in the same process once the disk takes writes again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import ROOT
from tests.whole.test_full_disk import on_small_disk


@pytest.mark.long
def test_on_a_read_only_disk_nothing_is_acknowledged_and_afterwards_all_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    command = [*on_small_disk(folder), sys.executable, "-m", "tests.whole.read_only", str(folder)]
    environ = os.environ | {"DATA_DIR": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)
    meanwhile, later = found["ro"], found["rw"]
    doctor = meanwhile.pop("doctor"), later.pop("doctor")
    asked = ("report", "form", "message", "file", "thread")
    assert meanwhile == dict.fromkeys(asked, 503) | {"kept": True, "courier": "StoreUnavailableError"}
    assert later == dict.fromkeys(asked, 201) | {"thread": 200, "kept": False, "courier": "4"}
    assert "Read-only file system" in doctor[0]
    assert "can be written to" in doctor[1]
    assert (found["before"], found["after"]) == (1, 3)  # the report; then one message and one file, each once
    assert len(found["letters"]) == len(set(found["letters"])) == 4
