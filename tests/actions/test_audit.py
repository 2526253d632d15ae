"""The audit trail of an instance in a real SQLite file: what is written out, and that whatever somebody changes in the
file by hand is found."""

import sqlite3
from contextlib import closing
from dataclasses import astuple, dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from secrets import token_hex

import pytest
from PIL import Image

from functions.actions.clock.audit import Audit
from functions.actions.clock.audit_anchors import Trail, read_trail, written
from functions.casework import audit
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, Event
from functions.casework.case_changes import tombstone
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import Identity, StepKind, stepped, withdrawn
from functions.casework.stages import Stage
from functions.crypto.key_pairs import public_of
from functions.crypto.sign import reporter_acts
from functions.storage.interface import Register, StorageError, VersionConflictError
from functions.storage.records import from_row, names
from tests.prepared import copy_file
from tests.storage.examples import at_once, make_identity
from tests.world import JSON, World

PLANTED = {
    "subject": "Kenari judul",
    "body": "Burung kenari di badan laporan",
    "place": "Gang Kenari nomor tujuh",
    "about_officials": "Oknum Kenari",
    "name": "Bunga Kenari",
    "contact": "kenari@contoh.id",
}
BY_ROTATION = ("key_id", "wrap_desk")


class Trailed:
    """A world with five cases: talked about, unmasked and closed; of a flood; late; withdrawn; old."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.talked = self.world.report(**PLANTED, identity_mode="rahasia")
        raw = BytesIO()
        Image.effect_noise((64, 64), 60).save(raw, "PNG")
        file = {"receipt": self.talked["receipt"], "file_key": token_hex(8), "file": (BytesIO(raw.getvalue()), "a.png")}
        assert self.world.thread.post("/api/thread/files", data=file, headers=JSON).status_code == 201
        self.case_id = self.talked["tracking_id"]
        unit = self.world.hand_over(self.case_id)
        words = {"body": "Jawaban kenari", "message_key": token_hex(8)}
        assert unit.post(f"/desk/cases/{self.case_id}/messages", words).status_code == 201
        self.late = self.world.report()["tracking_id"]
        self.withdrawn = self.world.report()
        assert self.world.post("/api/thread/withdraw", {"receipt": self.withdrawn["receipt"]}).status_code == 200
        self.flood = self.world.report()["tracking_id"]
        self.sql("UPDATE cases SET quarantined = 1 WHERE case_id = ?", self.flood)
        self.old = self.world.report()["tracking_id"]  # of before there was a trail
        self.sql("UPDATE cases SET chain = x'' WHERE case_id = ?", self.old)
        self.sql("UPDATE events SET chain = x'' WHERE case_id = ?", self.old)
        self.world.later(days=30)
        while not self.world.remind():
            self.world.later(days=1)
        self.audit = Audit(self.world.store, self.world.directory)

    def sql(self, statement: str, *values: object) -> int:
        """Write to the file by hand; returns how many rows."""
        with closing(sqlite3.connect(self.world.folder / "lapor.sqlite")) as db, db:
            return db.execute(statement, values).rowcount

    def faults(self, kept: str = "") -> list[str]:
        return list(self.audit.verify("kutim", kept).faults)

    def anchor(self) -> bytes:
        return self.audit.anchor("kutim", self.world.today).anchor


@dataclass(frozen=True)
class Kept:
    """The world as it was made, and what it takes to bring it back."""

    trailed: Trailed
    file: Path
    days: tuple[date, int]
    letters: int


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("trailed")
    made = Trailed(folder)
    copy_file(folder / "lapor.sqlite", folder / "kept.sqlite")
    days = made.world.today, made.world.seconds
    return Kept(made, folder / "kept.sqlite", days, len(made.world.mailbox.letters))


@pytest.fixture
def trailed(kept: Kept) -> Trailed:
    """One world for all tests, each of which finds its file, clock and mail as they were when it was made."""
    world = kept.trailed.world
    copy_file(kept.file, world.folder / "lapor.sqlite")
    world.today, world.seconds = kept.days
    del world.mailbox.letters[kept.letters :]
    return kept.trailed


@pytest.fixture
def anchored(trailed: Trailed) -> Trailed:
    trailed.anchor()
    return trailed


def rows(trailed: Trailed, case_id: str) -> list[tuple[object, ...]]:
    found = [row for row in trailed.audit.export("kutim") if row.case_id == case_id]
    return [astuple(row)[1:] for row in found]


def test_the_export_says_who_did_what_on_which_day(trailed: Trailed) -> None:
    made = rows(trailed, trailed.case_id)
    assert [row[:1] + row[2:7] for row in made[:4]] == [
        (1, "report", "pelapor", "", "", "diterima"),
        (2, "file", "pelapor", "", "", "diterima"),
        (3, "handover", "sistem", trailed.world.officer("kutim").ident, "", "didisposisikan"),
        (4, "message", "petugas", trailed.world.officer("kutim-dpupr").ident, "", "ditanggapi"),
    ]
    assert made.pop()[2:] == ("identity_left", "pelapor", "", "", "", "")
    case = trailed.world.store.read_case(trailed.case_id)
    assert [row[7] for row in made] == [event.chain.hex() for event in case.events]
    assert [row[1] for row in made] == [event.on.isoformat() for event in case.events]


def test_what_the_clock_did_has_an_agency_and_no_officer(trailed: Trailed) -> None:
    clock = [row for row in rows(trailed, trailed.late) if row[2] in ("remind", "escalate")]
    assert clock
    assert {row[3:5] for row in clock} == {("sistem", "")}
    assert any(row[5] for row in clock)


def test_a_deleted_case_is_one_row_with_its_last_link(trailed: Trailed) -> None:
    (row,) = rows(trailed, trailed.withdrawn["tracking_id"])
    assert row[0] == 2
    assert row[2:6] == ("deleted", "", "", "")
    assert len(bytes.fromhex(str(row[7]))) == 32


def test_the_export_has_every_case_of_the_instance_in_quarantine_too(trailed: Trailed) -> None:
    assert len({row.case_id for row in trailed.audit.export("kutim")}) == 5
    assert rows(trailed, trailed.flood)


def test_no_word_no_receipt_and_nothing_of_who_wrote_is_in_export_or_anchors(anchored: Trailed) -> None:
    text = "\n".join(str(astuple(row)) for row in anchored.audit.export("kutim"))
    register = anchored.world.store.read_register("audit:kutim")
    assert register is not None
    hunted = [*PLANTED.values(), "enari", "Jawaban", "a.png", "rahasia"]
    for sent in (anchored.talked, anchored.withdrawn):
        hunted += [sent["receipt"], sent["receipt"].replace("-", ""), sent["receipt"].replace("-", "")[:10]]
    for one in hunted:
        assert one not in text + register.body.decode(), one
    assert anchored.case_id in text  # the search finds what is there


def test_officers_names_are_in_neither_side_of_the_conversation(trailed: Trailed) -> None:
    """Neither the reporter nor the desk is shown who it was: a ``Message`` has no such field."""
    idents = [officer.ident for officer in trailed.world.officers]
    assert any(e.officer in idents for e in trailed.world.store.read_case(trailed.case_id).events)
    receipt = {"receipt": trailed.talked["receipt"]}
    unit = trailed.world.desk_of("kutim-dpupr")
    for answer in (
        trailed.world.post("/api/thread", receipt),
        trailed.world.thread.post("/api/thread", data=receipt, headers={"Accept": "text/html"}),
        unit.get(f"/desk/cases/{trailed.case_id}"),
    ):
        assert answer.status_code == 200
        assert "laporan" in answer.text or "messages" in answer.text
        assert not [ident for ident in idents if ident in answer.text]


def test_what_nobody_changed_holds(anchored: Trailed) -> None:
    verdict = anchored.audit.verify("kutim")
    assert verdict.faults == ()
    assert verdict.cases == 5
    assert verdict.older == 1
    assert verdict.last == anchored.audit.anchor("kutim", anchored.world.today)


def test_cases_go_on_after_an_anchor_and_are_deleted(anchored: Trailed) -> None:
    before = anchored.world.store.read_head(anchored.case_id)
    message = {"receipt": anchored.talked["receipt"], "body": "Terima kasih.", "message_key": token_hex(8)}
    assert anchored.world.post("/api/thread/messages", message).status_code == 201
    assert anchored.world.store.read_head(anchored.case_id).version == before.version + 1
    assert anchored.faults() == []
    assert anchored.world.post("/api/thread/withdraw", {"receipt": anchored.talked["receipt"]}).status_code == 200
    assert anchored.faults() == []
    anchored.world.later(days=1)
    anchored.anchor()
    assert anchored.faults() == []


def test_a_case_older_than_the_trail_is_linked_from_its_next_event_on(anchored: Trailed) -> None:
    anchored.world.hand_over(anchored.old)
    events = anchored.world.store.read_case(anchored.old).events
    assert events[0].chain == b""
    assert all(event.chain for event in events[1:])
    assert len(events) > 1
    assert anchored.faults() == []


def test_a_rotation_of_keys_is_no_change(anchored: Trailed) -> None:
    head = anchored.world.store.read_head(anchored.case_id)
    anchored.world.store.rewrap(anchored.case_id, head.wraps.key_id, "desk-2", b"another wrap")
    assert anchored.faults() == []


PUT_IN = """INSERT INTO events (case_id, n, kind, by, "on", stage, sealed, once)
    VALUES (?, 90, 'note', 'petugas', '2026-12-01', 'diproses', x'00', x'')"""
OTHER = {
    "kind": "'close'",
    "by": "CASE by WHEN 'pelapor' THEN 'petugas' ELSE 'pelapor' END",
    "on": "'2026-11-01'",
    "stage": "'banding'",
    "sealed": "randomblob(length(sealed))",
    "once": "randomblob(16)",
    "agency": "'kutim-dishub'",
    "officer": "'dishub-9'",
    "chain": "randomblob(32)",
    "clear": "'agreed 3'",
    "sig": "randomblob(64)",
    "n": "n + 40",
    "case_id": "'4F7K-2M9Q-XR3D'",
}


def test_every_column_of_an_event_is_tried() -> None:
    assert set(OTHER) == {*names(Event), "case_id"}


@pytest.mark.parametrize("with_anchor", [False, True])
def test_whatever_is_altered_in_an_event_is_found(trailed: Trailed, *, with_anchor: bool) -> None:
    if with_anchor:
        trailed.anchor()
    standing = trailed.world.store.read_case(trailed.case_id).events
    for column, other in OTHER.items():
        for n in (1, 3, 4):
            assert trailed.faults() == []
            altered = f'UPDATE events SET "{column}" = {other} WHERE case_id = ? AND n = ?'  # noqa: S608 - our own
            assert trailed.sql(altered, trailed.case_id, n) == 1
            found = trailed.faults()
            assert [fault.startswith(trailed.case_id) for fault in found] == [True], (column, n, found)
            put_back(trailed, standing)


def put_back(trailed: Trailed, events: tuple[Event, ...]) -> None:
    trailed.sql("DELETE FROM events WHERE case_id IN (?, '4F7K-2M9Q-XR3D')", trailed.case_id)
    for event in events:
        put_event(trailed, event)


def put_event(trailed: Trailed, event: Event) -> None:
    columns = ("case_id", *names(Event))
    values = [trailed.case_id, *(getattr(event, name) for name in names(Event))]
    values = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    quoted = ", ".join(f'"{column}"' for column in columns)
    trailed.sql(f"INSERT INTO events ({quoted}) VALUES ({', '.join('?' * len(columns))})", *values)  # noqa: S608 - our own


@pytest.mark.parametrize("with_anchor", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE case_id = ? AND n = 1",
        "DELETE FROM events WHERE case_id = ? AND n = 3",
        "DELETE FROM events WHERE case_id = ? AND n = (SELECT version FROM cases WHERE case_id = events.case_id)",
        "DELETE FROM events WHERE case_id = ?",
        "UPDATE events SET n = CASE n WHEN 1 THEN 2002 ELSE 2001 END WHERE case_id = ? AND n < 3",
        "UPDATE events SET sealed = (SELECT sealed FROM events e WHERE e.n = 1 LIMIT 1) WHERE case_id = ? AND n = 3",
        PUT_IN,
    ],
)
def test_events_removed_swapped_replaced_or_put_in_are_found(
    trailed: Trailed, statement: str, *, with_anchor: bool
) -> None:
    if with_anchor:
        trailed.anchor()
    assert trailed.sql(statement, trailed.case_id) >= 1
    if "2001" in statement:
        assert trailed.sql("UPDATE events SET n = n - 2000 WHERE n > 2000") == 2
    assert [fault for fault in trailed.faults() if fault.startswith(trailed.case_id)]


def test_whatever_is_altered_in_a_cases_own_record_is_found_against_the_anchor(anchored: Trailed) -> None:
    """Another value of the same type, whether the program can read it or not."""
    columns = [name for name in names(CaseHead) if name not in BY_ROTATION]
    with closing(sqlite3.connect(anchored.world.folder / "lapor.sqlite")) as db:
        select = f"SELECT {', '.join(columns)} FROM cases WHERE case_id = ?"  # noqa: S608 - our own
        standing = dict(zip(columns, db.execute(select, (anchored.case_id,)).fetchone(), strict=True))
        kinds = {name: kind for _, name, kind, *_ in db.execute("PRAGMA table_info(cases)")}
    for column, value in standing.items():
        assert anchored.faults() == [], column
        other = {"BLOB": bytes(7), "INTEGER": (value or 0) + 1 if kinds[column] == "INTEGER" else 0}
        write = f"UPDATE cases SET {column} = ? WHERE case_id = ?"  # noqa: S608 - our own
        anchored.sql(write, other.get(kinds[column], "2031-01-01"), anchored.case_id)
        found = anchored.faults()
        assert [fault for fault in found if anchored.case_id in fault], (column, found)
        case_id = "2031-01-01" if column == "case_id" else anchored.case_id
        assert anchored.sql(write, value, case_id) == 1


def test_what_is_left_out_is_what_a_rotation_and_the_listing_write() -> None:
    assert {*BY_ROTATION, "version", "chain"} == audit.NO_FACTS


@pytest.mark.parametrize("case", ["case_id", "late", "flood", "old"])
def test_a_case_that_vanished_is_found_and_stays_found(anchored: Trailed, case: str) -> None:
    case_id = getattr(anchored, case)
    anchored.sql("DELETE FROM events WHERE case_id = ?", case_id)
    anchored.sql("DELETE FROM cases WHERE case_id = ?", case_id)
    gone = [f"{case_id}: the case is gone; the last anchor knew it."]
    assert anchored.faults() == gone
    anchored.world.later(days=1)
    anchored.anchor()
    assert anchored.faults() == gone
    anchored.world.later(days=1)
    anchored.anchor()
    assert anchored.faults() == gone


def test_a_tombstone_that_vanished_is_found(anchored: Trailed) -> None:
    anchored.sql("DELETE FROM cases WHERE case_id = ?", anchored.withdrawn["tracking_id"])
    assert len(anchored.faults()) == 1


def test_a_trail_that_was_calculated_anew_is_found_against_the_anchor_and_stays_found(anchored: Trailed) -> None:
    """Links need no key: whoever knows the code makes new ones that hold among themselves. The anchor knows others."""
    case = anchored.world.store.read_case(anchored.case_id)
    head, events = replace(case.head, chain=b""), []
    for event in case.events:
        forged = replace(event, officer="dishub-9", chain=b"") if event.n == 3 else replace(event, chain=b"")
        head, linked = audit.chained(head, forged)
        events.append(linked)
    put_back(anchored, tuple(events))
    anchored.sql("UPDATE cases SET chain = ? WHERE case_id = ?", head.chain, anchored.case_id)
    assert audit.verify(anchored.case_id, anchored.world.store.read_case(anchored.case_id).events) is None
    (fault,) = anchored.faults()
    assert fault.startswith(anchored.case_id)
    message = {"receipt": anchored.talked["receipt"], "body": "Lanjut.", "message_key": token_hex(8)}
    assert anchored.world.post("/api/thread/messages", message).status_code == 201  # nobody is refused for it
    anchored.world.later(days=1)
    anchored.anchor()
    (fault,) = anchored.faults()
    assert fault.startswith(anchored.case_id)


def test_a_case_set_back_to_an_earlier_version_is_found(anchored: Trailed) -> None:
    case = anchored.world.store.read_case(anchored.case_id)
    at = case.events[2]
    anchored.sql("DELETE FROM events WHERE case_id = ? AND n > 3", anchored.case_id)
    back = "UPDATE cases SET version = 3, chain = ?, stage = ? WHERE case_id = ?"
    anchored.sql(back, at.chain, at.stage.value, anchored.case_id)
    (fault,) = anchored.faults()
    assert "stands at version 3" in fault


def test_a_tombstone_put_in_by_hand_must_know_the_last_link(anchored: Trailed) -> None:
    head = tombstone(replace(anchored.world.store.read_head(anchored.case_id), chain=bytes(32)))
    anchored.world.store.shred(head, head.version - 1)
    (fault,) = anchored.faults()
    assert "deleted" in fault


@pytest.mark.parametrize("left", ["", "another"])
def test_a_withdrawal_that_takes_the_reporters_key_away_is_found_and_stays_found(anchored: Trailed, left: str) -> None:
    """Whoever has desk and store writes a tombstone that nobody signed. It must not pass by bringing no key, or
    another, with which it is signed rightly."""
    head = anchored.world.store.read_head(anchored.late)
    act = (
        (public_of(bytes(32)) + reporter_acts.signed(bytes(32), head.case_id, reporter_acts.withdrawal(head)))
        if left
        else b""
    )
    closing = replace(head.closing, on=anchored.world.today)
    gone = replace(head, stage=Stage.DIARSIPKAN, wraps=replace(head.wraps, act=act), closing=closing)
    anchored.world.store.shred(tombstone(gone), head.version)
    assert anchored.world.store.read_head(anchored.late).withdrawn
    whole = replace(anchored.audit, acts_fault=reporter_acts.forged)
    (fault,) = whole.verify("kutim").faults
    assert fault.startswith(f"{anchored.late}: the key of its reporter's acts")
    anchored.world.later(days=1)
    anchored.anchor()
    assert whole.verify("kutim").faults == (fault,)


def test_an_anchor_of_an_older_release_is_read_and_the_next_learns_the_keys(anchored: Trailed) -> None:
    register = anchored.world.store.read_register("audit:kutim")
    assert register is not None
    now = read_trail(1, register.body)
    assert {bool(known.act) for known in now.cases.values()} == {True}
    older = Trail().with_anchor(now.anchors[0].day, {c: replace(known, act=b"") for c, known in now.cases.items()})
    assert b'"",' not in written(older)  # as an older release wrote it
    anchored.sql("UPDATE registers SET body = ? WHERE name = 'audit:kutim'", written(older))
    assert anchored.faults() == []
    anchored.world.later(days=1)
    anchored.anchor()
    assert anchored.faults() == []
    again = anchored.world.store.read_register("audit:kutim")
    assert again is not None
    assert read_trail(2, again.body).cases == now.cases


def test_anchors_changed_or_removed_are_found_by_themselves_or_by_one_kept_elsewhere(anchored: Trailed) -> None:
    first = anchored.anchor().hex()
    for _ in range(3):
        anchored.world.later(days=1)
        anchored.anchor()
    last = anchored.anchor().hex()
    assert anchored.faults(first) == anchored.faults(last) == []
    register = anchored.world.store.read_register("audit:kutim")
    assert register is not None
    assert register.version == 4
    body = register.body.decode()
    for forged in (body.replace(first, "00" * 32), body.replace('"cases":5', '"cases":4'), body[:-9], "{}", "[]"):
        anchored.sql("UPDATE registers SET body = ? WHERE name = 'audit:kutim'", forged.encode())
        assert anchored.faults()
        anchored.world.later(days=1)
        with pytest.raises(StorageError):
            anchored.anchor()  # nothing is built on what does not hold
    anchored.sql("DELETE FROM registers WHERE name = 'audit:kutim'")
    assert anchored.faults() == []
    anchored.anchor()
    assert anchored.faults() == []
    (fault,) = anchored.faults(last)
    assert last in fault


def opened(trailed: Trailed) -> Identity:
    """A custodian asks, another opens; written as the custody door writes it."""
    identity = trailed.world.store.read_identity(trailed.case_id)
    assert identity is not None
    for kind, ident in ((StepKind.ASKED, "inspektorat-k1"), (StepKind.OPENED, "setda-k1")):
        viewer = Viewer(ident, "kutim-inspektorat", Role.CUSTODIAN)
        identity = stepped(identity, kind, trailed.world.today, viewer, b"sealed reason")
        trailed.world.store.write_identity(identity)
    return identity


def test_who_opened_an_identity_is_written_out_and_the_identity_is_not(trailed: Trailed) -> None:
    opened(trailed)
    steps = [row for row in rows(trailed, trailed.case_id) if str(row[2]).startswith("identity_")]
    assert [row[2:6] for row in steps] == [
        ("identity_left", "pelapor", "", ""),
        ("identity_asked", "custodian", "inspektorat-k1", "kutim-inspektorat"),
        ("identity_opened", "custodian", "setda-k1", "kutim-inspektorat"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identities SET steps = replace(steps, 'setda-k1', 'setda-k2') WHERE case_id = ?",
        "UPDATE identities SET steps = replace(steps, '\"opened\"', '\"refused\"') WHERE case_id = ?",
        "UPDATE identities SET steps = json_remove(steps, '$[2]') WHERE case_id = ?",
        "UPDATE identities SET steps = '[]' WHERE case_id = ?",
        "UPDATE identities SET steps = 'x' WHERE case_id = ?",
        "DELETE FROM identities WHERE case_id = ?",
    ],
)
def test_what_custodians_did_cannot_be_altered_or_removed_after_an_anchor(trailed: Trailed, statement: str) -> None:
    opened(trailed)
    trailed.anchor()
    assert trailed.faults() == []
    assert trailed.sql(statement, trailed.case_id) == 1
    assert ["identity" in fault for fault in trailed.faults()] == [True]
    trailed.world.later(days=1)
    if "'x'" in statement:
        with pytest.raises(StorageError, match="cannot be read"):
            trailed.anchor()
        return
    trailed.anchor()
    assert ["identity" in fault for fault in trailed.faults()] == [True]


def test_an_identity_that_was_left_after_an_anchor_is_bound_by_the_next(anchored: Trailed) -> None:
    identity = make_identity(case_id=anchored.late, instance="kutim")
    anchored.world.store.write_identity(identity)
    anchored.world.hand_over(anchored.late)  # its version moves too
    anchored.world.later(days=1)
    anchored.anchor()
    assert anchored.faults() == []
    anchored.sql("DELETE FROM identities WHERE case_id = ?", anchored.late)
    assert ["identity" in fault for fault in anchored.faults()] == [True]


def test_a_case_that_cannot_be_read_is_a_row_of_the_export_and_no_crash_of_the_anchor(anchored: Trailed) -> None:
    anchored.sql("UPDATE events SET kind = 'entah' WHERE case_id = ? AND n = 2", anchored.case_id)
    assert [row[2] for row in rows(anchored, anchored.case_id)] == ["unreadable"]
    anchored.world.later(days=1)
    anchored.anchor()
    anchored.sql("UPDATE cases SET stage = 'entah' WHERE case_id = ?", anchored.late)
    anchored.world.later(days=1)
    with pytest.raises(StorageError, match="cannot be read"):
        anchored.anchor()
    with pytest.raises(StorageError, match="cannot be read"):
        rows(anchored, anchored.case_id)


def test_an_instance_whose_anchors_do_not_hold_keeps_no_other_from_its_own(anchored: Trailed) -> None:
    other = replace(anchored.world.directory.agencies["kutim"], code="bontang")
    both = replace(anchored.world.directory, agencies={**anchored.world.directory.agencies, "bontang": other})
    assert [instance.code for instance in both.instances()] == ["kutim", "bontang"]
    anchored.sql("UPDATE registers SET body = x'7b7d' WHERE name = 'audit:kutim'")
    with pytest.raises(StorageError):
        Audit(anchored.world.store, both).anchor_all(anchored.world.today)
    assert anchored.world.store.read_register("audit:bontang") is not None


def test_custody_goes_on_after_an_anchor_and_ends_with_the_identity_or_the_case(anchored: Trailed) -> None:
    identity = opened(anchored)
    assert anchored.faults() == []
    for change in (
        lambda: anchored.world.store.write_identity(withdrawn(identity, anchored.world.today)),
        lambda: anchored.world.post("/api/thread/withdraw", {"receipt": anchored.talked["receipt"]}),
    ):
        anchored.world.later(days=1)
        anchored.anchor()
        change()
        assert anchored.faults() == []
    assert anchored.world.store.read_identity(anchored.case_id) is None


def test_an_anchor_that_binds_a_case_removed_from_the_list_is_found(anchored: Trailed) -> None:
    """Case and entry are taken out together: the list is no more the one that the anchor was made of."""
    register = anchored.world.store.read_register("audit:kutim")
    assert register is not None
    start = register.body.index(f'["{anchored.late}"'.encode())
    end = register.body.index(b"]", start) + 1
    body = (register.body[:start] + register.body[end:]).replace(b",,", b",").replace(b"[,", b"[").replace(b",]", b"]")
    anchored.sql("UPDATE registers SET body = ? WHERE name = 'audit:kutim'", body)
    anchored.sql("DELETE FROM cases WHERE case_id = ?", anchored.late)
    (fault,) = anchored.faults()
    assert "list of cases" in fault


def test_a_day_has_one_anchor_however_often_and_by_however_many_it_is_made(trailed: Trailed) -> None:
    made = at_once(6, lambda _: trailed.anchor())
    assert len(set(made)) == 1
    assert all(isinstance(each, bytes) for each in made)
    register = trailed.world.store.read_register("audit:kutim")
    assert register is not None
    assert register.version == 1


def test_an_anchor_that_others_keep_writing_is_given_up(trailed: Trailed, monkeypatch: pytest.MonkeyPatch) -> None:
    def clash(_: object, registers: list[Register]) -> None:
        raise VersionConflictError(registers[0].name)

    monkeypatch.setattr(type(trailed.world.store), "write_registers", clash)
    with pytest.raises(StorageError, match="being written"):
        trailed.anchor()


def test_a_register_of_a_years_cases_stays_small(anchored: Trailed) -> None:
    """Per case, and per day: 2,000 cases and 365 days are some 400 KB."""
    register = anchored.world.store.read_register("audit:kutim")
    assert register is not None
    assert len(register.body) < 5 * 180 + 260


def test_a_row_that_reads_as_an_event_is_one() -> None:
    """``names`` and ``from_row`` know the new fields, and rows without them read as before there was a trail."""
    row = {"n": 1, "kind": "report", "by": "pelapor", "on": "2026-03-02", "stage": "diterima", "sealed": b""}
    event = from_row(Event, row)
    assert (event.officer, event.chain) == ("", b"")
