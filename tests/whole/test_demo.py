"""The demonstration's year: small here, whole under ``make demo``; and the page that signs one in as everybody."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

from functions.casework.directory.agencies import Role
from functions.casework.stages import Stage
from functions.config.settings import DEMO, load_directory, load_officers
from tests.pages import check_page
from tests.server import ROOT, Running, running

SMALL = """
from functions.config.settings import load_settings
from functions.local.setup import prepare
from infra.demo.year import play_all
settings = load_settings()
prepare(settings)
print(play_all(settings, settings.today(), 500_000, lambda *_: None, cases=80, days=100))
"""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = subprocess.run(
        [sys.executable, "-c", SMALL],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def product(year: Path) -> Iterator[Running]:
    with running(year) as started:
        yield started


def test_cases_stand_in_many_stages_and_no_letter_is_left(year: Path) -> None:
    with closing(sqlite3.connect(year / "lapor.sqlite")) as db:
        stages = dict(db.execute("SELECT stage, count(*) FROM cases GROUP BY stage").fetchall())
        letters = db.execute("SELECT count(*) FROM outbox").fetchone()[0]
    assert sum(stages.values()) == 80
    assert stages[Stage.SELESAI] > 30
    assert len(stages) >= 5, stages
    assert letters == 0


def sign_in(product: Running, email: str) -> str:
    """Press the button of an officer; returns where it leads."""
    with closing(HTTPConnection("127.0.0.1", int(product.url.rpartition(":")[2]), timeout=60)) as line:
        line.request("POST", "/dev/masuk", f"email={email}", {"Content-Type": "application/x-www-form-urlencoded"})
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (303, b"")
        return answer.headers["Location"]


def test_one_can_be_everybody_with_one_button(product: Running) -> None:
    with urlopen(product.url + "/dev/", timeout=60) as answer:
        root = check_page(answer.read().decode())
    directory = load_directory(DEMO / "kutai-timur.toml")
    officers = load_officers(DEMO / "officers.toml", directory)
    assert {button.get("value") for button in root.iter("button")} >= {o.email for o in officers}
    for role in (Role.COORDINATOR, Role.CUSTODIAN, Role.CLERK):
        email = next(o.email for o in officers if o.role is role)
        assert sign_in(product, email).startswith("/masuk/"), role
    assert sign_in(product, "orang@luar.example.com") == "/dev/"


def test_a_year_that_is_there_stays(year: Path) -> None:
    before = (year / "lapor.sqlite").stat().st_mtime_ns
    done = subprocess.run(
        [sys.executable, "-m", "infra.demo"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(year)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "stays as it is" in done.stdout
    assert (year / "lapor.sqlite").stat().st_mtime_ns == before
