"""The sealing module built anew from its sources, beside what its lock file names, in a folder of its own below
``build/``; and an arena in which Node and a browser answer the same questions about it."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.node import NODE, NPM

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "site" / "browser"
BUILT = ROOT / "site" / "assets" / "segel.js"
HERE = Path(__file__).parent
PROGRAMS = {"node": NODE, "npm": NPM}
INSTALL_SECONDS = 180
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
PAGE = '<!doctype html><html lang="id"><title>Segel</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>\n'


def run(*command: str, folder: Path) -> str:
    """Run ``node`` or ``npm`` in a folder and return what it printed; what it complained of is the error's own text."""
    done = subprocess.run(
        [PROGRAMS[command[0]], *command[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr[-2000:]}"
    return done.stdout


@contextmanager
def workshop() -> Iterator[Path]:
    """The sources beside their installed packages. Test processes that come at the same time take turns."""
    lock = hashlib.sha256(b"".join((SOURCES / name).read_bytes() for name in LOCK_FILES)).hexdigest()
    folder = ROOT / "build" / f"segel-{lock[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        stamp = folder / ".installed"
        for path in SOURCES.iterdir():
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
        for part in ("form", "thread", "custodian"):
            shutil.copytree(SOURCES / part, folder / part, dirs_exist_ok=True)
        if not stamp.exists():
            run("npm", "ci", folder=folder)
            stamp.touch()
        yield folder


def rebuild(target: Path, module: str = "segel") -> Path:
    """Build a module into a file."""
    with workshop() as folder:
        run("node", "build.mjs", str(target), module, folder=folder)
    return target


def arena(folder: Path) -> Path:
    """The committed module, its readable sources and the questions' other half, as Node and a browser load them."""
    (folder / "sources").mkdir()
    for path in SOURCES.glob("*.js"):
        shutil.copyfile(path, folder / "sources" / path.name)
    for path in (BUILT, HERE / "answers.js", HERE / "node.js", HERE / "page.js"):
        shutil.copyfile(path, folder / path.name)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "index.html").write_text(PAGE)
    return folder
