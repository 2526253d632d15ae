"""Releases at work, each with its own source, on one store."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines.serving import free_port

DOORS = Path(__file__).with_name("doors.py")
FLOOD = "100000"  # no report here is a flood


@contextmanager
def served(source: Path, folder: Path, environ: dict[str, str], *prepare: str) -> Iterator[str]:
    """The address of a release's doors on the store of ``folder``; ``"prepare"`` makes it first."""
    port = free_port()
    told = {"DATA_DIR": str(folder), "PORT": str(port), "FLOOD_PER_HOUR": FLOOD, "DIGEST": "now"}
    process = subprocess.Popen(
        [sys.executable, str(DOORS), str(source), str(port), *prepare],
        cwd=source,
        env=os.environ | told | environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        lines = iter(process.stdout.readline, "")
        assert any(line == "ready\n" for line in lines), f"{source}: its doors did not open"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
