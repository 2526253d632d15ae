"""The tests that kill what once survived (``named.NAMED``): each bound and branch is pinned from both sides."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from functions.casework.access import SURVEYORS, Viewer, may_receive, rights, surveyed
from functions.casework.case import Escalation
from functions.casework.channel import Channel
from functions.casework.deadlines.clocks import Deadlines, run_clock, with_due
from functions.casework.deadlines.digests import STANDARD, Choice, Digests, Pace
from functions.casework.deadlines.escalation import Patience, forgotten
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Role
from functions.casework.routing.propose import propose
from functions.casework.stages import Duty, Move, Stage, settable_from
from functions.casework.understanding.accused import Complaint
from functions.config.settings import DEMO, load_directory
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.padding import pad
from functions.crypto.seal.public_keys import hint_of
from functions.crypto.transport.waiting_reports import INFO, StrangeKeyError, WaitingKey
from functions.intake.gate import _remember
from functions.pii import words
from functions.storage.interface import Notice
from tests.case_heads import changed
from tests.casework.trees import a_head
from tests.doors.test_quarantine import flood
from tests.mutation.named import NAMED
from tests.world import World

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
UNIT, DAY = "kutim-dpupr", date(2026, 6, 9)  # a Tuesday
KEY = WaitingKey(b"w" * 32)


def a_case(**facts: Any) -> Any:
    return a_head(**{"instance": "kutim", "holder": UNIT, "stage": Stage.DIDISPOSISIKAN, "due": DAY} | facts)


@pytest.mark.parametrize("born", ["0101", "3101", "4101", "7101", "0112", "3112", "4112", "7112", "1506", "5506"])
def test_a_number_of_a_person_born_on_any_day_is_known_as_one(born: str) -> None:
    number = f"640804{born}950001"
    found = words.find(f"Hubungi saya di {number} untuk data.")  # masked it would be as some number too
    assert [(each.category, each.text, each.mask) for each in found] == [("nik", number, True)]


@pytest.mark.parametrize("never", ["0001", "3201", "4001", "7201", "0100", "0113"])
def test_a_number_of_nobody_is_none(never: str) -> None:
    found = words.find(f"Kontrak bernomor 640804{never}950001 sudah dibayar.")
    assert "nik" not in {each.category for each in found}


def test_every_channel_but_mail_carries_words() -> None:
    assert {channel for channel in Channel if channel.quotes} == {Channel.SMS, Channel.APP}


@pytest.mark.parametrize("stage", [Stage.DITERIMA, Stage.DIALIHKAN, Stage.DIDISPOSISIKAN, Stage.BANDING])
def test_whoever_answers_can_say_that_they_work_on_it(stage: Stage) -> None:
    assert Stage.DIPROSES in settable_from(stage, Duty.ANSWER)


def sealed(size: int, *, version: bytes = b"\x01", hint: bytes = b"") -> bytes:
    inside = SUITE.encrypt(pad(b"{}", size), hpke_public(KEY.public), info=INFO)
    return version + (hint or hint_of(KEY.key_id)) + inside


@pytest.mark.parametrize("size", [2048, 4096, 256 * 1024])
def test_a_waiting_report_has_whole_steps_up_to_its_most(size: int) -> None:
    assert KEY.open(sealed(size)) == b"{}"


@pytest.mark.parametrize("size", [1024, 2047, 2049, 3072, 256 * 1024 + 1024, 258 * 1024])
def test_no_other_size_is_one(size: int) -> None:
    with pytest.raises(SealError):
        KEY.open(sealed(size))


def test_nor_another_version_or_key() -> None:
    with pytest.raises(SealError):
        KEY.open(sealed(2048, version=b"\x02"))
    with pytest.raises(StrangeKeyError):
        KEY.open(sealed(2048, hint=bytes(8)))
    with pytest.raises(SealError):
        KEY.open(b"")


def two_centres() -> Directory:
    more = {
        "lain": Agency("lain", "Pusat Lain", AgencyKind.CENTRE),
        "jauh": replace(DIRECTORY.agencies["kutim"], code="jauh", name="Jauh", parent="lain", inspectorate=""),
        "jauh-dinas": replace(DIRECTORY.agencies[UNIT], code="jauh-dinas", name="Dinas Jauh", parent="jauh"),
    }
    return replace(DIRECTORY, agencies={**DIRECTORY.agencies, **more})


def test_a_centre_reads_the_figures_of_those_below_it_alone() -> None:
    directory, role = two_centres(), next(role for role in (Role.CENTRE, *SURVEYORS) if role in SURVEYORS)
    assert surveyed(Viewer("a", "lain", role), directory) == ("jauh",)
    assert "jauh" not in surveyed(Viewer("b", "pusat", role), directory)


def test_a_case_stays_with_units_and_desk_of_its_instance() -> None:
    directory, head = two_centres(), a_case(holder="kutim")
    assert may_receive(UNIT, head, directory)
    assert may_receive("kutim", head, directory)
    assert not may_receive("jauh-dinas", head, directory)
    assert not may_receive("jauh", head, directory)


def test_who_has_a_second_unit_can_end_it_even_if_no_other_could_come() -> None:
    only = {code: a for code, a in DIRECTORY.agencies.items() if a.kind is not AgencyKind.UNIT or code == UNIT}
    alone = replace(DIRECTORY, agencies=only)
    viewer = Viewer("petugas", UNIT, Role.OFFICER)
    assert Move.SECOND not in rights(viewer, a_case(), alone).moves
    assert Move.SECOND in rights(viewer, a_case(second="kutim-dishub"), alone).moves


def test_a_deadline_of_today_is_not_past() -> None:
    late = changed(a_case(), escalated=1, escalated_to="kutim")
    assert with_due(late, date(2026, 6, 10), date(2026, 6, 10)).escalation == Escalation()
    assert with_due(late, date(2026, 6, 10), date(2026, 6, 11)).escalation.steps == 1


def test_the_last_deadline_is_kept_by_the_first_closing() -> None:
    open_case = a_case(stage=Stage.DITANGGAPI)
    closed = replace(run_clock(open_case, Stage.SELESAI, DAY, Deadlines()), stage=Stage.SELESAI)
    assert closed.closing.due == DAY
    assert closed.clock.due == add_workdays(DAY, Deadlines().window)
    again = run_clock(closed, Stage.DIARSIPKAN, add_workdays(DAY, 20), Deadlines())
    assert again.closing.due == DAY


def test_the_alarm_of_a_clock_that_stands_falls_silent_at_the_top() -> None:
    long_after = add_workdays(DAY, 60)
    for patience in (Patience(), Patience(steps=(1,)), Patience(steps=(1, 2, 3, 4, 5, 6, 7))):
        most = min(3, len(patience.steps))
        assert forgotten(changed(a_case(), escalated=most - 1), long_after, DIRECTORY, patience)
        assert not forgotten(changed(a_case(), escalated=most), long_after, DIRECTORY, patience)


def test_the_alarm_waits_for_the_whole_last_day() -> None:
    last = add_workdays(DAY, Patience().steps[-1])
    assert not forgotten(a_case(), last, DIRECTORY, Patience())
    assert forgotten(a_case(), add_workdays(last, 1), DIRECTORY, Patience())


def test_who_chose_nothing_gets_one_mail_at_nine_and_no_other_hours() -> None:
    digests = Digests()
    leaving = [hour % 24 for hour in range(494_000, 494_024) if digests.leaves(STANDARD, hour)]
    assert leaving == [1]  # UTC, nine in Makassar
    assert len([hour for hour in range(24) if digests.leaves(Choice(Pace.ALL), hour)]) == 24


def test_what_was_seen_again_is_remembered_longest() -> None:
    from collections import OrderedDict

    memory: OrderedDict[str, int] = OrderedDict()
    for entry in ("a", "b", "a", "c"):
        _remember(memory, entry, 1, most=2)
    assert [*memory] == ["a", "c"]


def test_a_flood_is_counted_one_by_one(world: World) -> None:
    flood(world, 3)
    counts = [entry.count for entry in world.store.claim("w", 10**6) if entry.notice is Notice.QUARANTINED]
    assert counts == [3]


def proposed(text: str) -> tuple[str, ...]:
    return tuple(each.agency for each in propose(a_case(holder="kutim", stage=Stage.DITERIMA), text, DIRECTORY))


def test_abuse_of_office_goes_to_the_inspectorate_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the words' weight: the look for complaints of people in office is another branch, and silent here."""
    said = propose.__globals__["what_is_said"]

    def silent(*given: Any) -> Any:
        found = said(*given)
        found.__dict__["complaint"] = Complaint((), conduct=False)
        return found

    monkeypatch.setitem(propose.__globals__, "what_is_said", silent)
    assert proposed("Ada korupsi dan suap.") == ("kutim-inspektorat",)
    assert proposed("Petugas minta uang.") == ("kutim-inspektorat",)  # first, and enough
    road = "Jalan berlubang, aspal rusak, jembatan putus, jalan amblas. Ada {}."
    assert proposed(road.format("suap")) == ("kutim-inspektorat",)  # not first, and grave
    assert proposed(road.format("nepotisme")) == (UNIT, "kutim-inspektorat")  # neither
    assert "kutim-inspektorat" not in proposed("Jalan berlubang di depan pasar.")


def test_each_mutant_changes_one_place() -> None:
    """Else the list no longer says what it breaks."""
    from tests.server import ROOT

    for mutant in NAMED:
        assert (ROOT / mutant.file).read_text().count(mutant.old) == 1, mutant
