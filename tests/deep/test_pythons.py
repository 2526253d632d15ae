"""Every Python that the bootstrap takes can install this, and runs lint, types and the quick tests. Needs the network."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUPPORTED = sorted(set(re.findall(r"\bpython(3\.\d+)\b", (ROOT / "infra/bootstrap.sh").read_text())))
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
# Of this run, and not of a run in another folder with another Python.
NOT_PASSED_ON = ("MAKE", "MFLAGS", "PYTHON", "PYTEST_", "VIRTUAL_ENV", "COVERAGE_", "LAPOR_")
MINUTES = 60


def found(version):
    """The interpreters of this version that can make environments; a shim of pyenv may lead nowhere."""
    folders = [*map(Path, os.environ["PATH"].split(os.pathsep)), *sorted(PYENV.glob("versions/*/bin"))]
    programs = [folder / f"python{version}" for folder in folders if (folder / f"python{version}").is_file()]
    able = [
        subprocess.run([each, "-c", "import ensurepip, venv"], capture_output=True, check=False) for each in programs
    ]
    return [str(program) for program, done in zip(programs, able, strict=True) if done.returncode == 0]


FOUND = {version: programs[0] for version in SUPPORTED if (programs := found(version))}


def test_the_oldest_python_is_the_one_that_is_promised():
    assert f'requires-python = ">={SUPPORTED[0]}"' in (ROOT / "pyproject.toml").read_text()
    assert f"Python {SUPPORTED[0]} or newer" in (ROOT / "README.md").read_text()
    assert FOUND


@pytest.fixture
def clone():
    """A fresh clone on a disk: an environment is a gigabyte, and the tests' own folders stand in memory."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="pythons-") as folder:
        yield Path(folder) / "clone"


@pytest.mark.parametrize("version", SUPPORTED)
def test_a_fresh_clone_installs_and_passes(version, clone):
    if version not in FOUND:
        pytest.skip(f"no Python {version} that can make environments, neither on PATH nor below {PYENV}: not tried")
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
    done = subprocess.run(
        ["make", "quick"],
        cwd=clone,
        env={**kept, "PYTHON": FOUND[version]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert f"making .venv with Python {version}." in done.stdout
    assert re.search(r"^== tests: ok$", done.stdout, re.MULTILINE), done.stdout[-5000:]
