"""Joining two cases, and answering them together, when the store fails in between, and when somebody may not know."""

from pathlib import Path
from typing import Any

import pytest

from functions.actions.officer.join_cases import JoinCases
from functions.casework.access import Viewer
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Role
from functions.casework.problems import InvalidInputProblem, NotAllowedProblem, NotFoundProblem, NotNowProblem
from functions.casework.stages import Stage
from functions.storage.interface import StoreUnavailableError
from functions.storage.sqlite.store import SqliteStore
from tests.actions.year import COORDINATOR
from tests.world import World

UNIT, OTHER = "kutim-dpupr", "kutim-dlh"
OFFICER = Viewer("dpupr-1", UNIT, Role.OFFICER)
ELSEWHERE = Viewer("dlh-1", OTHER, Role.OFFICER)
REASON = "Lampu yang sama, di depan sekolah."
KEY = "jawaban0001"


class Failing(SqliteStore):
    """A store whose nth append from now on does not happen."""

    fails_at = 0

    def append(self, *args: Any, **kwargs: Any) -> None:
        self.fails_at -= 1
        if self.fails_at == 0:
            raise StoreUnavailableError
        super().append(*args, **kwargs)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, Failing(tmp_path / "lapor.sqlite"))


def held(world: World, agency: str = UNIT, **changes: str) -> dict[str, Any]:
    """A report on a unit's desk."""
    report = world.report(**changes)
    world.handle.handover(COORDINATOR, report["tracking_id"], agency, "Kewenangan dinas.")
    return report


def two(world: World, **changes: str) -> tuple[dict[str, Any], dict[str, Any], JoinCases]:
    """One that is to be joined, and its induk."""
    return held(world, **changes), held(world), JoinCases(world.act, world.handle)


def said(world: World, report: dict[str, Any]) -> list[str]:
    return [message["body"] for message in world.read(report["receipt"])["messages"]]


def joins(world: World, report: dict[str, Any]) -> int:
    events = world.store.read_case(report["tracking_id"]).events
    return sum(event.kind is EventKind.JOIN for event in events)


def refused(act: Any) -> str:
    with pytest.raises(InvalidInputProblem) as caught:
        act()
    (error,) = caught.value.errors
    assert error.field == "tracking_id"
    return error.code


def test_both_ends_are_written_and_the_same_again_changes_nothing(world: World) -> None:
    one, induk, joined = two(world)
    for _ in range(2):
        joined.join(OFFICER, one["tracking_id"], induk["tracking_id"].lower(), REASON)
        assert (joins(world, one), joins(world, induk)) == (1, 1)
    below = world.cases.read(OFFICER, one["tracking_id"])
    above = world.cases.read(OFFICER, induk["tracking_id"])
    assert below.into
    assert (below.into.case_id, below.joined) == (induk["tracking_id"], ())
    assert (above.into, [head.case_id for head in above.joined]) == (None, [one["tracking_id"]])
    for _ in range(2):
        joined.part(OFFICER, one["tracking_id"], "Ternyata lain.")
        assert refused(lambda: joined.part(OFFICER, one["tracking_id"], "x")) == "required"
        joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    assert (joins(world, one), joins(world, induk)) == (5, 5)


def test_its_reporter_reads_that_there_is_another_and_nothing_of_it(world: World) -> None:
    one, induk, joined = two(world)
    before = said(world, induk)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    assert said(world, one)[-1] == "Ada laporan lain tentang hal yang sama; jawabannya juga akan dikirim ke sini."
    assert said(world, induk) == before
    for report, other in ((one, induk), (induk, one)):
        whole = str(world.read(report["receipt"]))
        assert other["tracking_id"] not in whole
        assert REASON not in whole
    joined.part(OFFICER, one["tracking_id"], "Ternyata lain.")
    assert said(world, one)[-1] == "Jawaban laporan lain itu tidak dikirim ke sini lagi."


def test_each_keeps_its_clock_its_stage_and_its_counts(world: World) -> None:
    one, induk, joined = two(world)
    ids = (one["tracking_id"], induk["tracking_id"])
    before = [world.store.read_head(case_id) for case_id in ids]
    joined.join(OFFICER, *ids, REASON)
    for was, head in zip(before, map(world.store.read_head, ids), strict=True):
        assert (head.stage, head.clock.due, head.history.from_officers) == (
            was.stage,
            was.clock.due,
            was.history.from_officers,
        )
        assert head.wraps.lookup == was.wraps.lookup


def test_the_tie_does_not_rest_in_clear(world: World) -> None:
    one, induk, joined = two(world)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    for report, other in ((one, induk), (induk, one)):
        case = world.store.read_case(report["tracking_id"])
        assert other["tracking_id"] not in repr(case)


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_joining_cut_short_is_mended_by_joining_again(world: World, fails_at: int) -> None:
    one, induk, joined = two(world)
    world.store.fails_at = fails_at  # type: ignore[attr-defined]
    with pytest.raises(StoreUnavailableError):
        joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    # Nobody was promised anything, and nothing is sent by half a tie.
    assert (joins(world, one), joins(world, induk)) == (0, fails_at - 1)
    _, sent = joined.reply(OFFICER, induk["tracking_id"], "Sedang kami periksa.", "jawaban0000")
    assert all(str(one.error) == "not_joined" for one in sent)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    assert (joins(world, one), joins(world, induk)) == (1, 1)
    _, sent = joined.reply(OFFICER, induk["tracking_id"], "Besok diperbaiki.", KEY)
    assert [(sent.case_id, sent.error) for sent in sent] == [(one["tracking_id"], None)]


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_parting_cut_short_is_mended_by_parting_again(world: World, fails_at: int) -> None:
    one, induk, joined = two(world)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    world.store.fails_at = fails_at  # type: ignore[attr-defined]
    with pytest.raises(StoreUnavailableError):
        joined.part(OFFICER, one["tracking_id"], "Ternyata lain.")
    below = world.cases.read(OFFICER, one["tracking_id"])
    assert below.into  # so the page still offers it
    joined.part(OFFICER, one["tracking_id"], "Ternyata lain.")
    assert (joins(world, one), joins(world, induk)) == (2, 2)
    assert world.cases.read(OFFICER, induk["tracking_id"]).joined == ()


def test_an_answer_goes_into_each_by_its_own_rules_and_only_once(world: World) -> None:
    one, induk, joined = two(world)
    third, fourth = held(world), held(world)
    for report in (one, third, fourth):
        joined.join(OFFICER, report["tracking_id"], induk["tracking_id"], REASON)
    world.handle.set_stage(OFFICER, one["tracking_id"], "ditahan", "Di mana?")
    world.handle.close(OFFICER, fourth["tracking_id"], "dijelaskan", "Sudah.")
    world.handle.handover(OFFICER, third["tracking_id"], "kutim", "Bukan kami.")
    for _ in range(2):  # sent twice, kept once
        n, sent = joined.reply(OFFICER, induk["tracking_id"], "Lampu diganti besok.", KEY)
        assert [(sent.case_id, sent.error) for sent in sent] == [(one["tracking_id"], None)]
        assert n in [m.n for m in world.cases.read(OFFICER, induk["tracking_id"]).messages if "besok" in m.body]
    for report, times in ((one, 1), (induk, 1), (third, 0), (fourth, 0)):
        assert said(world, report).count("Lampu diganti besok.") == times
    assert world.store.read_head(one["tracking_id"]).stage is Stage.DITANGGAPI


def test_an_answer_cut_short_is_sent_to_the_rest_by_sending_it_again(world: World) -> None:
    one, induk, joined = two(world)
    third = held(world)
    for report in (one, third):
        joined.join(OFFICER, report["tracking_id"], induk["tracking_id"], REASON)
    world.store.fails_at = 2  # type: ignore[attr-defined]
    _, sent = joined.reply(OFFICER, induk["tracking_id"], "Lampu diganti besok.", KEY)
    assert [type(sent.error) for sent in sent] == [StoreUnavailableError, type(None)]
    _, sent = joined.reply(OFFICER, induk["tracking_id"], "Lampu diganti besok.", KEY)
    assert [sent.error for sent in sent] == [None, None]
    for report in (one, induk, third):
        assert said(world, report).count("Lampu diganti besok.") == 1


def test_closing_goes_into_each_and_is_finished_by_closing_again(world: World) -> None:
    one, induk, joined = two(world, topic="jalan")
    third = held(world, topic="lainnya")
    for report in (one, third):
        joined.join(OFFICER, report["tracking_id"], induk["tracking_id"], REASON)
    world.store.fails_at = 2  # type: ignore[attr-defined]
    head, sent = joined.close(OFFICER, induk["tracking_id"], "dijelaskan", "Sudah diganti.", KEY)
    assert head.stage is Stage.SELESAI
    assert [type(sent.error) for sent in sent] == [StoreUnavailableError, type(None)]
    _, sent = joined.close(OFFICER, induk["tracking_id"], "dijelaskan", "Sudah diganti.", KEY)
    assert [sent.error for sent in sent] == [None]
    assert {world.store.read_head(r["tracking_id"]).stage for r in (one, induk, third)} == {Stage.SELESAI}


def test_what_one_of_them_refuses_is_told_and_the_others_take_it(world: World) -> None:
    one, joined = held(world, topic="jalan"), JoinCases(world.act, world.handle)
    assert world.directory.topics["jalan"].public_work  # "repaired" wants a photo there, and not elsewhere
    plain, other = held(world, topic="lainnya"), held(world, topic="lainnya")
    for report in (one, other):
        joined.join(OFFICER, report["tracking_id"], plain["tracking_id"], REASON)
    _, (road, rest) = joined.close(OFFICER, plain["tracking_id"], "diperbaiki", "Sudah diganti.", KEY)
    assert isinstance(road.error, InvalidInputProblem)
    assert (road.case_id, road.error.errors[0].code) == (one["tracking_id"], "photo_wanted")
    assert world.store.read_head(one["tracking_id"]).open
    assert rest.error is None
    assert world.store.read_head(other["tracking_id"]).stage is Stage.SELESAI


def test_there_are_no_chains_and_not_more_than_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one, induk, joined = two(world)
    third = held(world)
    ids = {"one": one["tracking_id"], "induk": induk["tracking_id"], "third": third["tracking_id"]}
    joined.join(OFFICER, ids["one"], ids["induk"], REASON)
    assert refused(lambda: joined.join(OFFICER, ids["third"], ids["one"], REASON)) == "join_elsewhere"
    assert refused(lambda: joined.join(OFFICER, ids["induk"], ids["third"], REASON)) == "join_has_own"
    assert refused(lambda: joined.join(OFFICER, ids["one"], ids["third"], REASON)) == "join_other"
    assert refused(lambda: joined.join(OFFICER, ids["third"], ids["third"], REASON)) == "join_self"
    monkeypatch.setattr("functions.casework.case_ties.JOINED_MAX", 1)
    assert refused(lambda: joined.join(OFFICER, ids["third"], ids["induk"], REASON)) == "join_full"
    joined.join(OFFICER, ids["one"], ids["induk"], REASON)  # it is there already
    world.handle.close(OFFICER, ids["induk"], "dijelaskan", "Sudah.")
    assert refused(lambda: joined.join(OFFICER, ids["third"], ids["induk"], REASON)) == "join_closed"
    assert joins(world, third) == 0


@pytest.mark.parametrize(("typed", "code"), [("", "required"), ("K7QM", "bad_tracking"), ("x" * 5000, "bad_tracking")])
def test_a_number_that_is_none_is_told(world: World, typed: str, code: str) -> None:
    one, _, joined = two(world)
    assert refused(lambda: joined.join(OFFICER, one["tracking_id"], typed, REASON)) == code


def test_an_unknown_number_and_one_of_another_desk_are_refused_alike(world: World) -> None:
    one, _, joined = two(world)
    theirs = held(world, OTHER)
    for number in ("4F7K-2M9Q-XR3D", theirs["tracking_id"]):
        assert refused(lambda n=number: joined.join(OFFICER, one["tracking_id"], n, REASON)) == "join_unknown"
    with pytest.raises(NotFoundProblem):
        joined.join(ELSEWHERE, one["tracking_id"], theirs["tracking_id"], REASON)
    with pytest.raises(NotAllowedProblem):  # who coordinates sees that it moves, and does nothing with it
        joined.join(COORDINATOR, one["tracking_id"], theirs["tracking_id"], REASON)
    with pytest.raises(NotAllowedProblem):
        joined.part(COORDINATOR, one["tracking_id"], REASON)
    world.handle.close(OFFICER, one["tracking_id"], "dijelaskan", "Sudah.")
    with pytest.raises(NotNowProblem):
        joined.join(OFFICER, one["tracking_id"], "4F7K-2M9Q-XR3D", REASON)
    assert joins(world, theirs) == 0


def test_a_session_for_one_case_ties_it_to_no_other(world: World) -> None:
    one, induk, joined = two(world)
    confined = Viewer(OFFICER.officer, UNIT, Role.OFFICER, one["tracking_id"])
    assert refused(lambda: joined.join(confined, one["tracking_id"], induk["tracking_id"], REASON)) == "join_unknown"


def test_whom_the_joined_one_is_about_reads_nothing_of_it_on_the_other(world: World) -> None:
    """The induk, which accuses nobody, comes to the desk of whom the joined one is about."""
    one, induk, joined = two(world, about_agency=OTHER)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    world.handle.handover(OFFICER, induk["tracking_id"], "kutim", "Bukan kami.")
    world.handle.handover(COORDINATOR, induk["tracking_id"], OTHER, "Kewenangan dinas.")
    view = world.cases.read(ELSEWHERE, induk["tracking_id"])
    assert view.joined == ()
    assert all(message.kind is not EventKind.JOIN for message in view.messages)
    assert one["tracking_id"] not in repr(view)
    assert REASON not in repr(view)
    # Nor is it told by what he may do there: another is joined to it as if there were none.
    n, sent = joined.reply(ELSEWHERE, induk["tracking_id"], "Sedang kami periksa.", KEY)
    assert (n, sent) == (n, ())
    assert "Sedang kami periksa." not in said(world, one)
    mine = held(world, OTHER)
    joined.join(ELSEWHERE, induk["tracking_id"], mine["tracking_id"], "Sama.")
    assert world.cases.read(ELSEWHERE, induk["tracking_id"]).into


def test_whom_the_induk_is_about_reads_nothing_of_it_on_the_joined_one(world: World) -> None:
    induk, one, joined = two(world, about_agency=OTHER)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    world.handle.handover(OFFICER, one["tracking_id"], "kutim", "Bukan kami.")
    world.handle.handover(COORDINATOR, one["tracking_id"], OTHER, "Kewenangan dinas.")
    view = world.cases.read(ELSEWHERE, one["tracking_id"])
    assert view.into is None
    assert induk["tracking_id"] not in repr(view)
    assert REASON not in repr(view)
    assert refused(lambda: joined.part(ELSEWHERE, one["tracking_id"], "x")) == "required"


def test_who_reads_no_words_cannot_tell_a_tie_from_a_note(world: World) -> None:
    one, induk, joined = two(world)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    world.notes.note(OFFICER, one["tracking_id"], "Alat berat Kamis.", "catatan01")
    tie, note = world.cases.read(COORDINATOR, one["tracking_id"]).messages[-2:]
    assert (tie.kind, tie.by, tie.body, tie.facts, tie.readable) == (
        note.kind,
        note.by,
        note.body,
        note.facts,
        note.readable,
    )


def test_what_is_gone_is_shown_no_more(world: World) -> None:
    one, induk, joined = two(world)
    joined.join(OFFICER, one["tracking_id"], induk["tracking_id"], REASON)
    assert world.post("/api/thread/withdraw", {"receipt": one["receipt"]}).status_code == 200
    view = world.cases.read(OFFICER, induk["tracking_id"])
    assert view.joined == ()
    assert one["tracking_id"] not in repr(view)
