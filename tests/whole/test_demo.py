"""The demonstration's year: small here, whole under ``make demo``; and the page that signs one in as everybody."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import StepKind
from functions.casework.stages import Stage
from functions.config.settings import DEMO, load_directory, load_officers
from tests.pages import check_page
from tests.server import ROOT, Running, running

pytestmark = pytest.mark.long

CASES = 80  # of a day that does not move: what chance deals to so few differs from day to day
SMALL = f"""
import os
from datetime import date
from functions.config.settings import load_settings
from functions.local.setup import prepare_store
from infra.demo import office
from infra.demo.year import play_all

settings = load_settings()
prepare_store(settings)
begin, own = office.Office.count_and_publish, os.getpid()
def noted(self):
    os.write(1, b"%d " % (os.getpid() != own))
    return begin(self)
office.Office.count_and_publish = noted
print(play_all(settings, date(2026, 11, 27), 500_000, lambda *_: None, cases={CASES}, days=100))
"""


def play(folder: Path) -> Path:
    """Play a small year into a folder, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SMALL],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), "PYTHONHASHSEED": "random"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *counted, _refused = done.stdout.rpartition("made")[2].split()
    assert len(counted) >= 6, counted
    assert set(counted) == {"1"}, "the year counts, and nothing happens meanwhile"
    return folder


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture(scope="module")
def product(year: Path) -> Iterator[Running]:
    with running(year) as started:
        yield started


def rows(year: Path, query: str) -> list[tuple[object, ...]]:
    """Read the year's store."""
    with closing(sqlite3.connect(f"file:{year / 'lapor.sqlite'}?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


def steps_of(year: Path) -> list[list[dict[str, str]]]:
    """Return what happened to each name that was left in trust."""
    return [json.loads(str(steps)) for (steps,) in rows(year, "SELECT steps FROM identities ORDER BY case_id")]


def told(year: Path) -> str:
    """Return a hash of all that a year tells: each case's clear facts, each event, each count and edition. What is
    sealed is another each time, by its keys."""
    said = [
        rows(
            year,
            "SELECT case_id, holder, topic, district, about_agency, stage, received_on, due, closed_on, outcome, "
            "rating, escalated FROM cases ORDER BY case_id",
        ),
        rows(year, 'SELECT case_id, n, kind, by, "on", stage, length(sealed) FROM events ORDER BY case_id, n'),
        rows(
            year, "SELECT name, body FROM registers WHERE name LIKE 'barometer:%' OR name LIKE 'edition%' ORDER BY name"
        ),
        [{**step, "sealed": len(step.get("sealed", ""))} for each in steps_of(year) for step in each],
    ]
    assert all(said)
    papers = [path.read_text(encoding="utf-8-sig") for path in sorted(year.glob("surat/*.csv"))]
    return sha256(repr([said, papers, (year / "contoh.json").read_text()]).encode()).hexdigest()


def test_the_same_day_gives_the_same_year(year: Path, tmp_path: Path) -> None:
    assert told(play(tmp_path / "again")) == told(year)


def test_cases_stand_in_many_stages_and_no_notice_is_left(year: Path) -> None:
    stages = dict(rows(year, "SELECT stage, count(*) FROM cases GROUP BY stage"))
    assert sum(int(str(count)) for count in stages.values()) == CASES
    assert int(str(stages[Stage.SELESAI])) > 30
    assert len(stages) >= 5, stages
    assert rows(year, "SELECT count(*) FROM outbox") == [(0,)]


def test_letters_photos_sms_late_cases_and_a_name_are_there(year: Path) -> None:
    letters = [len(path.read_text(encoding="utf-8-sig").splitlines()) - 1 for path in year.glob("surat/*.csv")]
    assert letters == [6, 6]
    assert rows(year, "SELECT count(*) FROM events WHERE kind = 'file'")[0][0] >= 2  # type: ignore[operator]
    assert len(list((year / "blobs").rglob("*"))) >= 2
    assert rows(year, "SELECT count(*) FROM cases WHERE length(contact) > 0")[0][0]
    assert rows(year, "SELECT count(*) FROM cases WHERE escalated > 0")[0][0]
    assert StepKind.ASKED in {steps[-1]["kind"] for steps in steps_of(year)}


def test_the_file_is_whole_and_only_its_owner_reads_it(year: Path) -> None:
    assert rows(year, "PRAGMA integrity_check") == [("ok",)]
    assert rows(year, "PRAGMA foreign_key_check") == []
    assert {path.stat().st_mode & 0o777 for path in (year / "lapor.sqlite", year / "contoh.json")} == {0o600}


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


def test_each_receipt_on_the_page_opens_its_case(product: Running, year: Path) -> None:
    with urlopen(product.url + "/dev/", timeout=60) as answer:
        page = answer.read().decode()
    examples = json.loads((year / "contoh.json").read_text())
    assert len(examples) >= 3
    for each in examples:
        assert f"/lacak/#{each['receipt']}" in page
        body = json.dumps({"receipt": each["receipt"]}).encode()
        asked = Request(
            f"{product.url}/api/thread", body, {"Content-Type": "application/json", "Accept": "application/json"}
        )
        with urlopen(asked, timeout=60) as answer:
            assert json.load(answer)["messages"]


def test_a_year_that_is_there_stays(year: Path, tmp_path: Path) -> None:
    """A copy of it: the product that the tests above ask writes into the year itself."""
    file = tmp_path / "lapor.sqlite"
    shutil.copyfile(year / "lapor.sqlite", file)
    before = file.stat().st_mtime_ns
    done = subprocess.run(
        [sys.executable, "-m", "infra.demo"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "stays as it is" in done.stdout
    assert ([*tmp_path.iterdir()], file.stat().st_mtime_ns) == ([file], before)
