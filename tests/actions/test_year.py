"""A simulated year of Kutai Timur: 2,000 invented cases (every day: 160), officers who answer, delay, pass on and stay
silent. Every case ends in a legal state, every deadline is what a calculation of its own says, no accused ever sees
one, and whoever wrote reads every step."""

import itertools
import shutil
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial

import pytest

from functions.actions.common.decrypted_case import Message
from functions.casework.access import Viewer
from functions.casework.barometer.counts import Count
from functions.casework.case import CaseHead, Event, EventKind, Kind
from functions.casework.directory.agencies import Role
from functions.casework.problems import NotFoundProblem
from functions.casework.stages import RULES, SETTABLE, Actor, Stage
from functions.storage.interface import Scope
from functions.storage.registers.editions import newest_editions
from functions.web.narration import narrate
from tests.actions.year import CASES, LAST, Year, live, mails, trail_of
from tests.barometer_year import EDITIONS, Barometer
from tests.casework.conflict import accused
from tests.casework.test_clocks_independent import counted, working
from tests.depth import deep
from tests.room import fast_folder
from tests.uncounted import uncounted

pytestmark = pytest.mark.long

VERIFY, RESPOND, WINDOW, OVERSIGHT = 3, 5, 10, 60
FINISH = {Kind.PENGADUAN: 14, Kind.ASPIRASI: 14, Kind.INFORMASI: 5}
STEPS = (1, 5, 10)
ON_THE_WAY = (Stage.DIPROSES, Stage.DITANGGAPI)
SEEN_IT_ALL = date(2026, 4, 1)  # what is run from then on was run before
SHOWN = (Scope.ESCALATED, Scope.SECOND, Scope.QUARANTINE)
TO_CUSTODIANS = ("identity_asked", "identity_objected")


@pytest.fixture(scope="module")
def barometer() -> Barometer:
    return Barometer()


@pytest.fixture(scope="module")
def year(barometer: Barometer) -> Iterator[Year]:
    folder = fast_folder()
    with ExitStack() as later:

        def each_day(year: Year) -> None:
            barometer(year)
            if year.world.today == SEEN_IT_ALL:
                later.enter_context(uncounted())

        lived = live(folder, each_day)
    yield lived
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def heads(year: Year) -> list[CaseHead]:
    return [year.world.store.read_head(case_id) for case_id in year.cases]


@pytest.fixture(scope="module")
def events(year: Year) -> dict[str, tuple[Event, ...]]:
    return {case_id: year.world.store.read_case(case_id).events for case_id in year.cases}


@pytest.fixture(scope="module")
def messages(year: Year, heads: list[CaseHead]) -> dict[str, dict[int, Message]]:
    """What each reporter reads in the end, by case and number."""
    kept = {head.case_id: year.cases[head.case_id].receipt for head in heads if not head.shredded}
    return {case: {m.n: m for m in year.world.converse.read(kept[case]).messages} for case in kept}


def test_a_year_has_in_it_what_a_year_has(
    year: Year, heads: list[CaseHead], events: dict[str, tuple[Event, ...]]
) -> None:
    assert len(heads) == CASES
    kinds = Counter(event.kind for case in events.values() for event in case)
    wanted = set(EventKind) - {EventKind.UNMASK, EventKind.IDENTITY, EventKind.SP4N, EventKind.FILE, EventKind.WITHDRAW}
    wanted -= {EventKind.PUBLISH}
    wanted -= {EventKind.LIFT}  # asking an overseer: tests/doors/test_lift.py and the random walks
    wanted -= {EventKind.CORRECT, EventKind.RECALL}  # tests/doors/test_correct.py, test_recall.py
    wanted -= {EventKind.ASSIGN, EventKind.PRIORITY}  # what officers arrange: tests/doors/test_worklist.py
    assert {kind for kind in wanted if kinds[kind] < deep(20, 2)} == set(), kinds
    stages = Counter(event.stage for case in events.values() for event in case)
    assert set(stages) == set(Stage), stages
    assert sum(told.withdrawn for told in year.cases.values()) >= deep(5, 1)
    assert sum(head.escalation.steps >= 2 for head in heads) >= deep(20, 4)


def test_every_case_ends_in_a_legal_state(
    year: Year, heads: list[CaseHead], events: dict[str, tuple[Event, ...]]
) -> None:
    legal = {(source, rule.to) for rule in RULES if rule.to for source in rule.sources}
    legal |= {(source, to) for named in SETTABLE.values() for to, sources in named.items() for source in sources}
    legal |= {(Stage.DITAHAN, Stage.DIPROSES), (Stage.DITAHAN, Stage.DIVERIFIKASI)}  # its reporter answered
    legal |= {(stage, Stage.DIALIHKAN) for stage in Stage if stage not in (Stage.SELESAI, Stage.DIARSIPKAN)}
    for head in heads:
        told = year.cases[head.case_id]
        assert head.shredded == told.withdrawn
        if head.shredded:
            assert (head.stage, events[head.case_id]) == (Stage.DIARSIPKAN, ())
            continue
        happened = [event.stage for event in events[head.case_id]]
        assert happened[0] is Stage.DITERIMA
        assert happened[-1] is head.stage
        assert {(a, b) for a, b in itertools.pairwise(happened) if a is not b} <= legal
        assert (head.closing.on is None) == head.open
        assert head.version == len(happened)
        assert head.holder not in accused(year.world.directory, told.about)
        assert (head.clock.held_on is not None) == (head.stage is Stage.DITAHAN)


def replayed(head: CaseHead, happened: tuple[Event, ...], read: dict[int, Message]) -> list[date]:
    """The deadline after each event, by DESIGN's rules and a calendar of its own."""
    due, handed, held = counted(head.received_on, VERIFY), head.received_on, None
    stood, extended, finish, before = 0, False, FINISH[head.kind], Stage.DITERIMA
    dues = [due]
    for event in happened[1:]:
        facts, kind, on = read[event.n].facts if event.n in read else {}, event.kind, event.on
        if before is Stage.DITAHAN and event.stage is not Stage.DITAHAN:
            assert held
            days = sum(working(date.fromordinal(n)) for n in range(held.toordinal() + 1, on.toordinal() + 1))
            due, stood, held = counted(due, days), stood + days, None
        if kind in (EventKind.HANDOVER, EventKind.RECUSE):
            anew = event.stage is Stage.DIALIHKAN
            finish = (
                OVERSIGHT if facts.get("oversight") else FINISH[head.kind] if facts["agency"] == "kutim" else finish
            )
            due, handed = counted(on, VERIFY if anew else RESPOND), head.received_on if anew else on
            stood, extended = 0, False
        elif kind is EventKind.EXTEND:
            if held:  # what it stood until then is in the new date
                stood += sum(working(date.fromordinal(n)) for n in range(held.toordinal() + 1, on.toordinal() + 1))
                held = on
            due, extended = date.fromisoformat(facts["due"]), True
        elif kind is EventKind.CLOSE:
            due, stood = counted(on, WINDOW), 0
        elif kind in (EventKind.REOPEN, EventKind.APPEAL):
            due, stood, extended = counted(on, finish), 0, False
        elif event.stage is Stage.DITAHAN:
            held = held or on
        elif (
            event.by is not Actor.REPORTER and event.stage is not before and event.stage in ON_THE_WAY and not extended
        ):
            due = max(due, counted(handed, finish + stood))
        before = event.stage
        dues.append(due)
    return dues


def test_every_deadline_is_what_another_calculation_says(
    year: Year,
    heads: list[CaseHead],
    events: dict[str, tuple[Event, ...]],
    messages: dict[str, dict[int, Message]],
) -> None:
    wrong = {}
    for head in heads:
        if not head.shredded:
            due = replayed(head, events[head.case_id], messages[head.case_id])[-1]
            if due != head.clock.due:
                wrong[head.case_id] = (due, head.clock.due)
    assert wrong == {}


def test_who_was_late_went_up_on_the_day_and_nobody_else(
    year: Year,
    heads: list[CaseHead],
    events: dict[str, tuple[Event, ...]],
    messages: dict[str, dict[int, Message]],
) -> None:
    directory = year.world.directory
    seen = 0
    for head in heads:
        if head.shredded:
            continue
        happened = events[head.case_id]
        dues, level = replayed(head, happened, messages[head.case_id]), 0
        for n, event in enumerate(happened):
            if n and dues[n] != dues[n - 1] and dues[n] >= event.on:
                level = 0
            if event.kind is EventKind.ESCALATE:
                assert working(event.on)
                assert event.on >= counted(dues[n], STEPS[level])
                assert event.agency not in accused(directory, year.cases[head.case_id].about_on(event.on))
                level, seen = level + 1, seen + 1
            if event.kind is EventKind.REMIND:
                assert working(event.on)
                assert event.on <= dues[n] <= counted(event.on, 1)
        assert level == head.escalation.steps or not head.open
        if head.open and head.stage is not Stage.DITAHAN and head.escalation.steps < len(STEPS):
            higher = {"kutim": ("kutim-inspektorat", "pusat"), "kutim-inspektorat": ("pusat",), "pusat": ()}
            above = set(higher.get(head.holder, ("kutim", "kutim-inspektorat", "pusat")))
            above -= accused(directory, head.about_agency) | ({"kutim"} if head.oversight else set())
            late = [step for step in STEPS[: len(above)] if counted(head.clock.due, step) <= LAST]
            assert head.escalation.steps == len(late), head.case_id
    assert seen > deep(200, 50)


def test_no_accused_ever_saw_one(year: Year, heads: list[CaseHead]) -> None:
    world, directory = year.world, year.world.directory
    about = {head.case_id: accused(directory, head.about_agency) for head in heads}
    assert sum(map(bool, about.values())) > CASES / 10
    for agency in directory.agencies:
        for role in (Role.CENTRE, Role.COORDINATOR, Role.OFFICER, Role.INSPECTOR):
            viewer = Viewer("siapa-1", agency, role)
            hidden = {case_id for case_id, those in about.items() if agency in those}
            for case_id in hidden:
                with pytest.raises(NotFoundProblem):
                    world.cases.read(viewer, case_id)
        officer = Viewer("siapa-1", agency, Role.INSPECTOR)
        listings = [partial(world.lists.listed, officer, scope) for scope in SHOWN]
        for listing in (partial(world.lists.inbox, officer), *listings):
            after, shown = "", set()
            while True:
                page = listing(after)
                shown |= {row.head.case_id for row in page.rows}
                after = page.next
                if not after:
                    break
            assert not shown & hidden
    mailed = mails(year)
    assert len(mailed) > CASES
    assert [row for row in mailed if row[3] not in TO_CUSTODIANS and row[1] in whose(year, row, about)] == []


def whose(year: Year, mail: tuple[str, str, str, str], about: dict[str, Collection[str]]) -> Collection[str]:
    """Whom a mail's case accused when it was put."""
    told = year.cases[mail[2]]
    return accused(year.world.directory, told.about) if mail[0] in told.mailed else about[mail[2]]


def test_every_step_was_told_to_its_reporter(
    year: Year,
    heads: list[CaseHead],
    events: dict[str, tuple[Event, ...]],
    messages: dict[str, dict[int, Message]],
) -> None:
    for head in heads:
        if head.shredded:
            continue
        read = messages[head.case_id]
        happened = events[head.case_id]
        notes, ties = ({e.n for e in happened if e.kind is kind} for kind in (EventKind.NOTE, EventKind.JOIN))
        # Of ties he reads that there is one to which he is party; of those that others have to his, nothing.
        assert set(read) | ties == {event.n for event in happened} - notes
        for message in read.values():
            assert narrate(message.kind, message.stage, message.body, message.facts, year.world.directory)


def test_the_trail_of_the_whole_year_holds(year: Year, events: dict[str, tuple[Event, ...]]) -> None:
    """Against an anchor of every month, with officers' acts signed and nothing of reporters."""
    verdict = trail_of(year).verify("kutim")
    assert verdict.faults == ()
    assert (verdict.cases, verdict.older) == (CASES, 0)
    assert verdict.events == sum(len(case) for case in events.values())
    assert verdict.last is not None
    assert verdict.last.day == LAST.replace(day=1)
    signed = {(event.by, event.officer != "") for case in events.values() for event in case}
    assert signed == {(Actor.REPORTER, False), (Actor.OFFICER, True), (Actor.SYSTEM, True), (Actor.SYSTEM, False)}


def test_what_the_statistics_need_stands_in_the_head(
    year: Year, heads: list[CaseHead], events: dict[str, tuple[Event, ...]]
) -> None:
    """The first answer, how often it went astray, and the deadline it was closed under: read off the events."""
    ends = (Stage.SELESAI, Stage.DIARSIPKAN)
    for head in heads:
        if head.shredded:
            continue
        case = events[head.case_id]
        said = [event.on for event in case if event.kind is EventKind.MESSAGE and event.by is Actor.OFFICER]
        moves = itertools.pairwise(case)
        said += [after.on for before, after in moves if after.stage in ends and before.stage not in ends]
        assert head.history.canned or head.history.answered_on == min(said, default=None), head.case_id
        back = [event for event in case if event.kind is EventKind.HANDOVER and event.stage is Stage.DIALIHKAN]
        assert head.history.transferred == len(back)
        assert (head.closing.due is None) == head.open
    assert sum(head.history.answered_on is not None for head in heads) > len(heads) / 2
    assert sum(head.history.transferred > 0 for head in heads) >= deep(20, 5)


def test_the_clock_counted_every_months_end_as_a_look_at_every_case_does(year: Year, barometer: Barometer) -> None:
    assert year.steps
    assert barometer.wrong == []
    assert len(barometer.checked) == EDITIONS


def test_what_reporters_said_is_counted_as_the_trail_of_each_case_says(barometer: Barometer, year: Year) -> None:
    """Confirmed, lapsed, awaited and rated. Between two counts, since what is said more than sixty days after the closing
    may be counted, or not; they lie close together."""
    assert len(barometer.said) == 4
    for name, (found, least, most) in barometer.said.items():
        assert least <= found <= most, (name, found, least, most)
        assert most - least <= most * 3 // 5, name
    assert min(found for name, (found, _, _) in barometer.said.items() if name is not Count.AWAITED) > deep(50, 8)


def test_the_year_makes_twelve_editions_that_say_something(year: Year) -> None:
    editions = newest_editions(year.world.store)
    assert [edition.month for edition in editions] == [f"2026-{number:02}" for number in range(1, 13)]
    last = editions[-1].place("instance", "kutim")
    assert last
    assert isinstance(last.values["answer_median"], int)
    assert last.values["finish_known"]
    assert len(last.months) == EDITIONS
    assert len(last.curve) > 5
    named = {place.level for place in editions[-1].places if place.values["answer_known"]}
    assert {"instance", "topic", "district"} <= named
