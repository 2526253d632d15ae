"""Our own commands, run on an environment's store and keys: importing the directory, making keys, freezing the portal.

Each runs in a process of its own with ops' environment (``environs.of_ops``), as ``functions.cli`` does on one machine.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.deploy.environs import data_dir, of_ops
from infra.deploy.place import ROOT, Place
from infra.deploy.say import DeployError, say

KEYS = """
from functions.local.setup import make_keys
from functions.config.settings import load_settings
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory
settings = load_settings()
print("   keys made:", make_keys(settings, read_directory(open_store(settings), settings).directory))
"""
FREEZE = (
    "from functions.local.setup import freeze; "
    "from functions.config.settings import load_settings; freeze(load_settings())"
)
VERSION = """
from functions.casework.directory.registers import DIRECTORY_REGISTER
from functions.config.settings import load_settings
from functions.storage.choose_store import open_store
print(open_store(load_settings()).register_version(DIRECTORY_REGISTER))
"""


def directory_version(place: Place, url: str) -> int:
    """Which version of the directory stands in the store; 0 where none was imported. Raises DeployError."""
    return int(_python(place, url, ["-c", VERSION]).strip() or 0)


def import_directory(place: Place, url: str) -> str:
    """Take the environment's files into the store, and make the keys of its instances. Raises DeployError."""
    files = [str(name) for name in place.parameters.get("directory") or []]
    if not files:
        raise DeployError(
            f"there is no directory yet: name your files in infra/parameters/{place.env}.toml, for example "
            'directory = ["/…/agencies.csv", "/…/topics.csv", "/…/districts.csv", "/…/officers.csv"] '
            "(docs/directory.md says what they hold)"
        )
    return _python(place, url, ["-m", "functions.cli", "agencies", "import", "--yes", "--no-portal", *files])


def fill_first(place: Place, url: str) -> None:
    """Take the directory in where none stands. Raises DeployError."""
    version = directory_version(place, url)
    say(f"   directory: version {version} stands" if version else import_directory(place, url).rstrip())


def make_keys(place: Place, url: str) -> str:
    """Make the keys that were never there. Raises DeployError."""
    return _python(place, url, ["-c", KEYS])


def freeze_portal(place: Place, url: str) -> Path:
    """Freeze the portal with today's directory and public keys; returns where it is. Raises DeployError."""
    _python(place, url, ["-c", FREEZE])
    return portal_dir(place)


def portal_dir(place: Place) -> Path:
    """The folder of the portal that was frozen on this machine."""
    return data_dir(place) / "portal"


def frozen(place: Place) -> int:
    """Which frozen portal stands on this machine, as a number that each freezing changes; 0 for none."""
    folder = portal_dir(place)
    return folder.stat().st_ino if folder.is_dir() else 0


def run(place: Place, url: str, arguments: Sequence[str]) -> int:
    """One of ``functions.cli``'s commands, talking to the terminal itself. Returns its exit status."""
    command = [sys.executable, "-m", "functions.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=_environ(place, url), check=False).returncode  # noqa: S603 - our own


def _python(place: Place, url: str, arguments: Sequence[str]) -> str:
    data_dir(place).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *arguments], cwd=ROOT, env=_environ(place, url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["it did not say why"]
        traced = any(line.startswith("Traceback") for line in said)
        raise DeployError(said[-1] if traced else "\n".join(said))
    return done.stdout


def _environ(place: Place, url: str) -> dict[str, str]:
    known = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(known), **of_ops(place, url)}
