"""Hush Line on this machine: its source at one commit, its libraries in an environment of their own, PostgreSQL and one
worker of gunicorn, as its own ``scripts/prod_start.sh`` starts it. Nothing of it is changed."""

import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any, Final

from tests.engines.serving import free_port, wait_until

SOURCE: Final = "https://github.com/scidsg/hushline"
COMMIT: Final = "08e033d4056e20ccac4664d562eee9bba4ab924f"
VERSION: Final = "0.7.23"
FOLDER: Final = Path("build/hushline")
SECONDS = 60
USER = "pelapor"
# A user with a key, and nothing that sends mail; the tables as its own tests make them.
USERS = f"""
from pathlib import Path
from hushline import create_app
from hushline.db import db
from hushline.model import User, Username
with create_app().app_context():
    db.create_all()
    user = User(password="Uji-coba-uji-coba-1", is_admin=False)
    user.onboarding_complete = True
    db.session.add(user)
    db.session.flush()
    db.session.add(Username(user_id=user.id, _username="{USER}", display_name="Uji", is_primary=True))
    user.pgp_key = Path("tests/test_pgp_key.txt").read_text()
    db.session.commit()
"""


class UnavailableError(Exception):
    """Hush Line cannot be had here; the message says why."""


def source(clone: str = "") -> Path:
    """Return its source at ``COMMIT``: of a clone that is there, else from GitHub. Raises UnavailableError."""
    target = FOLDER / COMMIT[:12]
    if target.exists():
        return target
    made = target.with_suffix(".part")
    shutil.rmtree(made, ignore_errors=True)
    made.parent.mkdir(parents=True, exist_ok=True)
    _done(["git", "clone", "-q", "--no-checkout", clone or SOURCE, str(made)], f"{clone or SOURCE} cannot be cloned")
    _done(["git", "-C", str(made), "checkout", "-q", COMMIT], f"{clone or SOURCE} does not have {COMMIT}")
    made.rename(target)
    return target


def environment(code: Path) -> Path:
    """Return the programs of an environment with the libraries that its own lock names. Raises UnavailableError."""
    folder = FOLDER / f"venv-{COMMIT[:12]}"
    if not folder.exists():
        packages = tomllib.loads((code / "poetry.lock").read_text())["package"]
        wanted = [_requirement(package) for package in packages if "main" in package.get("groups", ["main"])]
        _done([sys.executable, "-m", "venv", str(folder)], "no environment can be made")
        pip = [str(folder / "bin" / "pip"), "install", "-q", *wanted]
        try:
            _done(pip, "its libraries cannot be installed from PyPI")
        except UnavailableError:
            shutil.rmtree(folder)
            raise
    return (folder / "bin").resolve()


def _requirement(package: dict[str, Any]) -> str:
    marker = package.get("markers")
    return f"{package['name']}=={package['version']}" + (f" ; {marker}" if isinstance(marker, str) else "")


def _done(command: Sequence[str], trouble: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"GIT_TERMINAL_PROMPT": "0"}
    )
    if done.returncode:
        raise UnavailableError(f"{trouble}: {' '.join(done.stderr.split()[-12:])}")


@contextmanager
def database() -> Iterator[tuple[str, int]]:
    """Lend the address of an empty PostgreSQL in a folder of its own, and its process. Raises UnavailableError."""
    if not shutil.which("initdb") or not shutil.which("postgres"):
        raise UnavailableError("PostgreSQL is not installed (Debian: postgresql)")
    user: dict[str, Any] = (
        {} if os.geteuid() else {"user": "nobody", "group": "nogroup", "extra_groups": []}
    )  # it refuses root
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o777)
        data, port = f"{folder}/data", str(free_port())
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(["initdb", "-D", data, "-U", "hushline", "-A", "trust"], check=True, **quiet, **user)
        process = subprocess.Popen(
            ["postgres", "-D", data, "-p", port, "-k", folder, "-h", "127.0.0.1"], **quiet, **user
        )
        try:
            wait_until(lambda: _answers(folder, port), process, Path(folder) / "log", SECONDS)
            yield f"postgresql+psycopg://hushline@127.0.0.1:{port}/postgres", process.pid
        finally:
            process.terminate()
            process.wait()


def _answers(folder: str, port: str) -> bool:
    return (
        subprocess.run(
            ["psql", "-h", folder, "-p", port, "-U", "hushline", "-c", "", "postgres"], capture_output=True, check=False
        ).returncode
        == 0
    )


@contextmanager
def served(code: Path, programs: Path, uri: str) -> Iterator[tuple[str, int]]:
    """Lend the address of a running Hush Line, and its process."""
    port = free_port()
    environ = os.environ | {
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "FLASK_APP": "hushline",
        "ENCRYPTION_KEY": "bi5FDwhZGKfc4urLJ_ChGtIAaOPgxd3RDOhnvct10mw=",  # of its own dev_env.sh
        "SECRET_KEY": "cb3f4afde364bfb3956b97ca22ef4d2b593d9d980a4330686267cabcd2c0befd",
        "SESSION_FERNET_KEY": "jY0gDbATEOQolx2SGj46YnkkbN6HQBB4YCABzwl1H1A=",
        "SQLALCHEMY_DATABASE_URI": uri,
        "SESSION_COOKIE_NAME": "session",
        "NOTIFICATIONS_ADDRESS": "notifications@hushline.app",
    }
    done = subprocess.run(
        [programs / "python", "-c", USERS], cwd=code, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UnavailableError(f"it does not start here: {done.stderr.strip().splitlines()[-1]}")
    command = [programs / "gunicorn", "hushline:create_app()", "-b", f"127.0.0.1:{port}"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=code, env=environ, stdout=out, stderr=out)
        try:
            wait_until(lambda: _is_up(port), process, log, SECONDS)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait()


def _is_up(port: int) -> bool:
    try:
        return bool(visit(f"http://127.0.0.1:{port}/to/{USER}"))
    except OSError:
        return False


class Browser:
    """A visitor with cookies of their own."""

    def __init__(self) -> None:
        jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("https", "http")))
        plain = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(plain, urllib.request.HTTPCookieProcessor(jar))

    def ask(self, url: str, form: dict[str, str] | None = None) -> str:
        """Return the page at an address, or that a form leads to."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        with self._opener.open(urllib.request.Request(url, data)) as answer:
            return str(answer.read().decode())


def visit(url: str) -> str:
    """Return a page as somebody sees it who comes for the first time."""
    return Browser().ask(url)


INPUT = re.compile(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"')
FIELD = re.compile(r'\bname="(field_\d+)"')
SUM = re.compile(r"(\d+) \+ (\d+) =")


def submit(url: str, words: str) -> None:
    """Send a message without script, as a person does: the form, the sum, the answer. Raises AssertionError if it is not
    taken."""
    browser = Browser()
    page = browser.ask(f"{url}/to/{USER}")
    form = {name: unescape(value) for name, value in INPUT.findall(page)}
    found = SUM.search(page)
    assert found, "no sum"
    form |= dict.fromkeys(FIELD.findall(page), words)
    form |= {"captcha_answer": str(int(found[1]) + int(found[2]))}
    answer = browser.ask(f"{url}/to/{USER}", form)
    assert "/reply/" in answer, re.sub(r"<[^>]+>|\s+", " ", answer)[:2000]
