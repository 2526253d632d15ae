"""What each earlier release left, made by its own code, is taken up by today's: nothing is lost, nothing is doubled.

``snapshots/`` holds the releases and three states of the history before the first (``history-1`` to ``history-3``). The
next release adds its own: ``python -m tests.upgrades.make COMMIT NUMBER``.
"""

import re
import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import field, make_dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.common.rewrap import RewrapCases
from functions.casework.case import Kind
from functions.casework.formats.clean_text import clean_text
from functions.casework.report import COUNTED, Report
from functions.config.settings import ROOT
from functions.crypto.seal.public_keys import Purpose
from functions.storage.sqlite import schema
from tests.depth import deep
from tests.engines import ministack
from tests.office.test_backup import done, opened, run
from tests.upgrades.drive import PHOTO
from tests.upgrades.offices import Office, on_dynamodb, on_sqlite
from tests.upgrades.snapshots import names, unpack
from tests.world import JSON

HISTORY = "history-"
UNIT = "kutim-dpupr"


@pytest.fixture(scope="module")
def engine_url() -> Iterator[str]:
    with ministack.serve() as url:
        yield url


def made() -> list[tuple[str, str]]:
    """Every snapshot on SQLite; on DynamoDB the releases every day, all of them in ``make test-deep``."""
    served = deep(names(), [name for name in names() if not name.startswith(HISTORY)])
    return [*((name, "sqlite") for name in names()), *((name, "dynamodb") for name in served)]


@pytest.fixture(params=made(), ids="-".join)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    name, engine = request.param
    snapshot = unpack(name, tmp_path)
    return on_sqlite(snapshot) if engine == "sqlite" else on_dynamodb(snapshot, request.getfixturevalue("engine_url"))


def test_every_release_has_its_snapshot() -> None:
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert released
    assert not set(released) - set(names()), "run: python -m tests.upgrades.make COMMIT NUMBER"
    assert sum(name.startswith(HISTORY) for name in names()) == 3


def edited(folder: Path) -> bool:
    """Whether the steps that a release had taken no longer make what its file holds."""
    with (
        closing(sqlite3.connect(folder / "data" / "lapor.sqlite")) as then,
        closing(sqlite3.connect(":memory:")) as now,
    ):
        (version,) = then.execute("PRAGMA user_version").fetchone()
        for statement in (statement for step in schema.STEPS[:version] for statement in step):
            now.execute(statement)
        tables = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
        return now.execute(tables).fetchall() != then.execute(tables).fetchall()


@pytest.mark.parametrize("name", names())
def test_no_step_of_a_released_schema_was_edited_later(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack(name, tmp_path)
    assert not edited(tmp_path)
    first, *others = schema.STEPS
    grown = tuple(statement.replace("rating INTEGER", "rating INTEGER NOT NULL") for statement in first)
    assert grown != first
    monkeypatch.setattr(schema, "STEPS", (grown, *others))
    assert edited(tmp_path)


def test_a_field_that_a_later_release_adds_changes_no_older_fingerprint() -> None:
    """It counts where it says something: until then what is sent again is the same report."""
    later = make_dataclass("Later", [("witness", str, field(default=""))], bases=(Report,), frozen=True)
    given = (Kind.PENGADUAN, "jalan", "64.08.04", "Lampu jalan mati.")
    assert later(*given).content() == Report(*given).content()
    assert later(*given, witness="Ada.").content() != Report(*given).content()
    assert {*Report(*given).content()} == COUNTED


def test_each_case_reads_as_it_did_and_its_key_gives_the_same_answer(office: Office) -> None:
    for name, case in office.cases_then.items():
        seen, then = office.read(office.receipt(name)), case["thread"]
        assert talk(seen) == [[*said, clean_text(body)] for *said, body in talk(then)], name
        assert [seen[key] for key in ("tracking_id", "stage", "due")] == [
            then[key] for key in ("tracking_id", "stage", "due")
        ], name
        again = office.intake.post("/api/reports", json=case["sent"], headers=JSON)
        assert again.status_code == 200, (name, again.get_json())
        assert [again.get_json()[key] for key in case["answer"]] == [*case["answer"].values()], name
        other = office.intake.post("/api/reports", json=case["sent"] | {"subject": "Lain"}, headers=JSON)
        assert (other.status_code, other.get_json()["code"]) == (409, "changed_text"), name
    said = office.cases_then["ditangani"]["said"]
    repeated = office.post("/api/thread/messages", {name: said[name] for name in ("receipt", "body", "message_key")})
    assert (repeated.status_code, repeated.get_json()["n"]) == (201, said["n"])
    assert len(office.read(said["receipt"])["messages"]) == len(office.cases_then["ditangani"]["thread"]["messages"])
    verdict = Audit(office.store, office.directory).verify("kutim")
    assert (verdict.faults, verdict.cases) == ((), len(office.cases_then))


def talk(thread: dict[str, Any]) -> list[list[Any]]:
    return [[said[key] for key in ("n", "from", "on", "body")] for said in thread["messages"]]


def write(office: Office, name: str) -> None:
    said = {"receipt": office.receipt(name), "body": "Masih begitu.", "message_key": token_hex(8)}
    assert office.post("/api/thread/messages", said).status_code == 201


def verdict(office: Office, name: str, **said: str) -> None:
    answer = office.post("/api/thread/verdict", {"receipt": office.receipt(name), **said})
    assert answer.status_code == 200, (name, answer.get_json())


def officer_does(desk: Any, office: Office, name: str, act: str, **said: str) -> None:
    answer = desk.post(f"/desk/cases/{office.tracking_id(name)}/{act}", said)
    assert answer.status_code in (200, 201), (name, act, answer.get_json())


def test_each_case_goes_on_to_its_end(office: Office) -> None:
    """Whatever people may do next to the cases that the older release left."""
    office.run_courier()
    desk = office.desk_of("kutim")
    listed = {case["tracking_id"] for case in desk.get("/desk/").get_json()["cases"]}
    assert {office.tracking_id(name) for name in ("baru", "titip", "tanda", "dilaporkan")} <= listed
    write(office, "baru")
    file = {"receipt": office.receipt("baru"), "file_key": token_hex(8), "file": (BytesIO(PHOTO[2]), PHOTO[0])}
    assert office.thread.post("/api/thread/files", data=file, headers=JSON).status_code == 201
    officer_does(desk, office, "baru", "handover", agency=UNIT, reason="Kewenangan dinas.")
    unit = office.desk_of(UNIT)
    assert unit.get(f"/desk/cases/{office.tracking_id('dilaporkan')}").status_code == 404
    officer_does(unit, office, "baru", "stage", stage="ditahan", reason="Tiang nomor berapa?")
    write(office, "baru")
    due = office.store.read_head(office.tracking_id("baru")).clock.due + timedelta(days=5)
    officer_does(unit, office, "baru", "extend", due=due.isoformat(), reason="Menunggu suku cadang.")
    for name in ("baru", "dibuka-lagi", "ditangani"):
        officer_does(unit, office, name, "messages", body="Sudah kami ganti.", message_key=token_hex(8))
        officer_does(unit, office, name, "close", outcome="dijelaskan", reason="Lampu sudah menyala.")
    verdict(office, "baru", verdict="belum", reason="Masih mati.")
    verdict(office, "ditutup", verdict="selesai", rating="4")
    appeal = office.post("/api/thread/appeal", {"receipt": office.receipt("dibuka-lagi"), "reason": "Masih mati."})
    assert (appeal.status_code, appeal.get_json()["stage"]) == (200, "banding")
    inspector = office.desk_of("kutim-inspektorat")
    officer_does(inspector, office, "dibuka-lagi", "close", outcome="sebagian", reason="Sudah ditegur.")
    assert office.post("/api/thread/withdraw", {"receipt": office.receipt("ditangani")}).status_code == 200
    office.remind()
    office.run_courier()
    entrusted(office, "titip")
    rotated(office)
    faults = Audit(office.store, office.directory).verify("kutim").faults
    assert faults == ()


def entrusted(office: Office, name: str) -> None:
    """The name in trust opens by two custodians and its reporter's yes, as it would have."""
    case_id, receipt = office.tracking_id(name), office.receipt(name)
    office.custody.ask(office.viewer(0), case_id, "Perlu untuk gugatan.")
    office.answer(receipt)
    office.custody.open(office.viewer(1), case_id, "Saya sependapat.")
    view = office.custody.look(office.viewer(0), case_id)
    assert (view.name, view.contact) == ("Bunga Melati", "bunga@contoh.id")


def rotated(office: Office) -> None:
    """After a rotation each open case is read with the new key alone."""
    key = office.keys.generate(Purpose.DESK, "kutim")
    rewrap = RewrapCases(
        office.store, lambda: office.keys.private(Purpose.DESK), office.keys.public, lambda: office.today
    )
    while rewrap("kutim"):
        pass
    head = office.store.read_head(office.tracking_id("tanda"))
    assert head.wraps.key_id == key
    assert len(office.keys.private(Purpose.DESK).open_case(head)) == 32


@pytest.mark.parametrize("name", names())
def test_what_was_on_its_way_arrives(name: str, tmp_path: Path) -> None:
    """Sessions, links that nobody opened, reports that a phone or an open page had sealed, and backups."""
    snapshot = unpack(name, tmp_path)
    office, then = on_sqlite(snapshot), snapshot.manifest["sqlite"]
    client = office.desk_app.test_client()
    for cookie, value in then["session"]["cookies"].items():
        client.set_cookie(cookie, value)
    # A session of before a second factor was asked for is half open, until its officer comes by a link again.
    asked = client.get("/desk/", headers=JSON)
    assert (asked.status_code, asked.get_json()["code"]) == (403, "factor_wanted")
    assert office.desk(then["link"]["token"]).session["agency"] == then["link"]["agency"]
    whole = then["backup"] and all(then["unsent"].values())
    assert whole or name.startswith(HISTORY), then["why"]
    if sealed := then["unsent"]["sealed"]:
        assert office.intake.post("/api/reports", json=sealed["fields"], headers=JSON).status_code == 201
        assert office.read(sealed["receipt"])["messages"][0]["body"] == sealed["body"]
    if waited := then["unsent"]["waiting"]:
        form = {"sealed": "waiting", "envelope": (BytesIO(b64decode(waited["envelope"])), "blob")}
        answer = office.intake.post("/api/reports", data=form, headers=JSON)
        assert (answer.status_code, answer.get_json()["opened"]) == (201, waited["opened"])
        assert office.read(waited["receipt"])["messages"][0]["body"] == waited["body"]
    if then["backup"]:
        done(run(tmp_path / "restored", "restore", "--unsealed", tmp_path / "backup.bin"))
        for kept in ("baru", "titip", "selesai"):
            body = then["cases"][kept]["sent"]["body"]
            assert opened(tmp_path / "restored", office.receipt(kept)) == (body, [])
    assert opened(tmp_path / "data", office.receipt("ditangani"))[1] == [PHOTO[2] + b"\n"]
