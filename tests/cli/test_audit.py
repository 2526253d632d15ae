"""The audit trail at a terminal, on a real SQLite file that somebody writes to by hand."""

import csv
import io
import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.casework.directory.diff import Change, What
from functions.casework.directory.trail import IMPORTS, Trail, encode_trail
from functions.cli.main import cli
from functions.config.settings import load_settings
from functions.crypto.seal.public_keys import Purpose
from functions.local import clock
from functions.storage.choose_store import open_store
from functions.storage.interface import Register
from functions.storage.registers.directory_trail import read_trail, trail_register
from tests.world import World

COLUMNS = ["case_id", "n", "date", "kind", "by", "officer", "agency", "stage", "chain"]
CANARY = "Burung kenari di badan laporan"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def run(world: World, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["audit", *arguments], env={"DATA_DIR": str(world.folder)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def by_hand(world: World, statement: str) -> None:
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as db, db:
        assert db.execute(statement).rowcount > 0


def anchor(world: World) -> str:
    """Anchor today; the anchor as it was printed."""
    done = run(world, "anchor")
    assert done.exit_code == 0
    (line,) = done.stdout.splitlines()
    return line.split()[-1]


def test_the_export_is_csv_without_words_receipts_or_who_wrote(world: World) -> None:
    sent = world.report(body=CANARY, name="Bunga Kenari", contact="kenari@contoh.id", identity_mode="rahasia")
    world.hand_over(sent["tracking_id"])
    shown = run(world, "export", "kutim")
    assert shown.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [list(row) for row in rows] == [COLUMNS] * 3
    assert [row["kind"] for row in rows] == ["report", "handover", "identity_left"]
    assert [row["officer"] for row in rows] == ["", world.officer("kutim").ident, ""]
    assert {row["case_id"] for row in rows} == {sent["tracking_id"]}
    for hunted in (CANARY, "enari", sent["receipt"], sent["receipt"].replace("-", "")[:10]):
        assert hunted not in shown.output


def test_the_export_into_a_file_is_the_same_and_private_and_writes_over_nothing(world: World, tmp_path: Path) -> None:
    for _ in range(60):  # enough for a bar, which must not stand among the rows
        world.report()
    path = tmp_path / "jejak.csv"
    done = run(world, "export", "kutim", "--csv", str(path))
    assert done.exit_code == 0
    assert f"{path}: 60 rows" in done.stdout
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    printed = run(world, "export", "kutim").stdout
    written = path.read_text()
    assert list(csv.reader(io.StringIO(printed))) == list(csv.reader(io.StringIO(written)))
    again = run(world, "export", "kutim", "--csv", str(path))
    assert again.exit_code == 1
    assert "name a new file" in again.stderr
    assert path.read_text() == written


def test_verify_says_that_all_holds_and_shows_how_far_it_is(world: World) -> None:
    for _ in range(50):
        world.report()
    done = run(world, "verify", "kutim")
    assert done.exit_code == 0
    assert "50 cases, 50 events: every link holds" in done.stdout
    assert "no anchor yet" in done.stdout
    assert done.stdout.splitlines()[0].strip() == "cases"  # the bar's label, where there is no terminal
    kept = anchor(world)
    done = run(world, "verify", "kutim", "--anchor", kept.upper())
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"holds: {kept}" in done.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET \"on\" = '2026-01-01' WHERE n = 2",
        "UPDATE events SET officer = 'dishub-9' WHERE n = 2",
        "DELETE FROM events WHERE n = 1",
        "DELETE FROM events WHERE n = 2",
        "UPDATE events SET sealed = randomblob(length(sealed)) WHERE n = 1",
        "UPDATE cases SET holder = 'kutim-dishub'",
        "DELETE FROM cases",
    ],
)
def test_a_row_altered_removed_or_replaced_is_told_with_exit_status_1(world: World, statement: str) -> None:
    case_id = world.report()["tracking_id"]
    world.hand_over(case_id)
    anchor(world)
    by_hand(world, statement)
    done = run(world, "verify", "kutim")
    assert done.exit_code == 1
    fault, last = done.stderr.strip().splitlines()
    assert fault.startswith(f"{case_id}: ")
    assert last == "Error: 1 things do not hold."
    assert "Traceback" not in done.output


def test_a_row_that_cannot_be_read_is_told_and_the_others_are_looked_at(world: World) -> None:
    case_id, other = world.report()["tracking_id"], world.report()["tracking_id"]
    anchor(world)
    by_hand(world, f"UPDATE cases SET stage = 'entah' WHERE case_id = '{case_id}'")  # noqa: S608 - our own
    by_hand(world, f"UPDATE events SET agency = 'x' WHERE case_id = '{other}'")  # noqa: S608 - our own
    done = run(world, "verify", "kutim")
    assert done.exit_code == 1
    assert f"{case_id}: what stands there cannot be read." in done.stderr
    assert f"{other}: event 1" in done.stderr


def test_an_anchor_kept_elsewhere_shows_that_those_here_were_written_anew(world: World) -> None:
    world.report()
    kept = anchor(world)
    by_hand(world, "DELETE FROM registers WHERE name = 'audit:kutim'")
    by_hand(world, "DELETE FROM cases")
    assert anchor(world) != kept
    assert run(world, "verify", "kutim").exit_code == 0  # nothing here remembers
    done = run(world, "verify", "kutim", "--anchor", kept)
    assert done.exit_code == 1
    assert kept in done.stderr


def test_anchoring_again_on_the_same_day_prints_the_same(world: World) -> None:
    world.report()
    first = anchor(world)
    world.report()
    assert anchor(world) == first


@pytest.mark.parametrize("command", ["export", "verify"])
@pytest.mark.parametrize("instance", ["kutim-dpupr", "bontang"])
def test_only_an_instance_has_a_trail(world: World, command: str, instance: str) -> None:
    done = run(world, command, instance)
    assert done.exit_code == 1
    assert "not an instance" in done.stderr


def test_the_housekeeping_of_one_machine_anchors_every_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.report()
    settings = load_settings({"DATA_DIR": str(world.folder)})
    stop, rounds = threading.Event(), iter((False, False, True))
    monkeypatch.setattr(stop, "wait", lambda _: None)
    monkeypatch.setattr(stop, "is_set", lambda: next(rounds))
    clock.keep_house(settings, stop)
    register = open_store(settings).read_register("audit:kutim")
    assert register is not None
    assert register.version == 1
    assert anchor(world) in register.body.decode()


def test_a_change_to_the_directory_that_was_written_by_hand_is_found(world: World) -> None:
    desk = world.desk_of("kutim")
    typed = {"act": "topic", "topic": "jalan", "unit": ""}
    done = desk.post("/desk/instance/changes", typed | {"confirm": "yes", "version": "0"})
    assert done.status_code == 200
    assert run(world, "verify", "kutim").exit_code == 0
    _, trail = read_trail(world.store, "kutim")
    forged = replace(trail, entries=(replace(trail.entries[0], by="orang-lain"),))
    world.store.write_registers([Register("changes:kutim", 2, encode_trail(forged))])
    said = run(world, "verify", "kutim")
    assert (said.exit_code, "Change 1 to the directory of kutim is not as it was written." in said.stderr) == (1, True)
    world.store.write_registers([Register("changes:kutim", 3, b"rusak")])
    assert "cannot be read" in run(world, "verify", "kutim").stderr


def test_an_import_whose_trail_was_written_by_hand_is_found(world: World) -> None:
    changes = [Change("agencies", "kutim-dishub", What.CHANGED, {"name": ("Dinas Perhubungan", "Dinas Lain")})]
    trail = Trail(IMPORTS).with_entry(world.today, IMPORTS, 1, changes, "kutim")
    world.store.write_registers([Register(trail_register(IMPORTS), 1, encode_trail(trail))])
    assert run(world, "verify", "kutim").exit_code == 0
    forged = replace(trail, entries=(replace(trail.entries[0], instance="lain"),))
    world.store.write_registers([Register(trail_register(IMPORTS), 2, encode_trail(forged))])
    said = run(world, "verify", "kutim")
    assert (said.exit_code, "Change 1 to the directory by imports is not as it was written." in said.stderr) == (
        1,
        True,
    )


def test_the_accused_changed_by_hand_is_told_with_what_the_seal_says(world: World) -> None:
    """Nothing was anchored since it came in, and every link holds: until now nobody was told."""
    case_id = world.report(about_agency="kutim-dishub")["tracking_id"]
    whole = run(world, "verify", "kutim")
    assert whole.exit_code == 0
    assert "every case has the facts it was sealed with" in whole.stdout
    by_hand(world, "UPDATE cases SET about_agency = ''")
    told = run(world, "verify", "kutim")
    assert told.exit_code == 1
    assert told.stderr.splitlines()[0] == f"{case_id}: about_agency is '' in the store, and 'kutim-dishub' in its seal."
    by_hand(world, "UPDATE cases SET topic = 'x', kind = 'aspirasi'")
    assert "facts that decide who may read it are not those" in run(world, "verify", "kutim").stderr


def test_a_case_of_an_older_release_is_counted_until_it_binds_its_facts(world: World) -> None:
    case_id = world.report()["tracking_id"]
    head = world.store.read_head(case_id)
    key = world.keys.private(Purpose.DESK).open_case(head)
    _, old = world.keys.public().seal(Purpose.DESK, "kutim", case_id, key)
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as db, db:
        db.execute("UPDATE cases SET wrap_desk = ?", (old,))
    assert "1 open cases of an older release bind no facts" in run(world, "verify", "kutim").stdout
    world.hand_over(case_id)
    assert "older release bind" not in run(world, "verify", "kutim").stdout
