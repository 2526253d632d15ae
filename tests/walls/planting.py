"""A copy of the house in which one import is planted, and what import-linter says of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def house(folder: Path) -> Path:
    """A copy of ``functions/`` and the contracts, in ``folder``."""
    ignored = shutil.ignore_patterns("__pycache__", "*.mo", "*.po", "*.html")
    shutil.copytree(ROOT / "functions", folder / "functions", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def verdict(copy: Path) -> tuple[bool, str]:
    """Whether every contract is kept, and what was said, on one line."""
    uncounted = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run([LINT], cwd=copy, env=uncounted, capture_output=True, text=True, check=False)
    return done.returncode == 0, " ".join((done.stdout + done.stderr).split())
