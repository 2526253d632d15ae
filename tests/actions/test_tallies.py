"""The barometer's counting: what the clock adds up day by day is what a look at all cases at once would say, however often
it counts; and it neither reads nor remembers more as cases grow in number."""

import tracemalloc
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from functions.actions.clock.barometer_counts import CHANGING, CountBarometer
from functions.casework.barometer.cells import Adder, Cell, cells_of
from functions.casework.barometer.counts import Calendar, Count, closed_in, cohort, contribution
from functions.casework.barometer.months import add_months, month_end, month_of
from functions.casework.case import CaseHead, Kind, Outcome
from functions.casework.stages import Stage
from functions.config.settings import DEMO, load_directory
from functions.storage.interface import Append, Page, Register, Scope
from functions.storage.registers.barometer_counts import read_counted, read_month, read_standing
from tests.case_heads import changed
from tests.depth import deep
from tests.storage.conftest import *  # noqa: F403 - the engines, and `store` on each of them
from tests.storage.examples import buried, make_event, make_head

KUTIM = "kutim"
DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
FIRST, TODAY = date(2026, 3, 2), date(2026, 8, 3)
CALENDAR = Calendar()


def seeded(seed: int) -> Random:
    """The same cases each time."""
    return Random(seed)  # noqa: S311 - of invented cases


def invented(random: Random, **changes: Any) -> CaseHead:
    """A case of some age in some state."""
    received = FIRST + timedelta(days=random.randrange((TODAY - FIRST).days))
    took = random.randrange(60)
    closed = received + timedelta(days=took)
    facts: dict[str, Any] = {
        "instance": KUTIM,
        "holder": random.choice(["kutim-dpupr", "kutim-dinkes", KUTIM]),
        "kind": random.choice(list(Kind)),
        "topic": random.choice(list(DIRECTORY.topics)),
        "district": random.choice(list(DIRECTORY.districts)),
        "received_on": received,
        "due": received + timedelta(days=20),
        "answered_on": received + timedelta(days=took // 2),
    }
    if closed < TODAY and random.random() < 0.8:
        facts |= {"stage": Stage.SELESAI, "closed_on": closed, "closed_due": received + timedelta(days=20)}
        facts |= {"outcome": random.choice(list(Outcome)), "due": closed + timedelta(days=14)}
        answered = random.random()
        facts |= {"confirmed": answered < 0.4, "lapsed": closed + timedelta(days=14) < TODAY and answered >= 0.4}
        facts |= {"rating": random.randint(1, 5) if answered < 0.2 else None}
    return make_head(**facts | changes)


def put(store: Any, heads: list[CaseHead]) -> None:
    for head in heads:
        store.create_case(head, [make_event()], [])


def count(store: Any, today: date) -> int:
    return CountBarometer(store, DIRECTORY, lambda: today)()


def all_at_once(heads: list[CaseHead], month: str) -> tuple[dict[Cell, Any], ...]:
    """What a month's end should say, from every case."""
    as_of, first = month_end(month), add_months(month, -11)
    cohorts, closed_or_open, received = Adder(), Adder(), Adder()
    for head in heads:
        sums = contribution(head, as_of, CALENDAR)
        if cohort(head) >= first:
            cohorts.add(cells_of(head), sums)
        ended = head.closing.on if head.closing.on and head.closing.on <= as_of else None
        if sums and (ended is None or month_of(ended) == month):
            closed_or_open.add(cells_of(head), sums)
        if cohort(head) == month:
            received.add(cells_of(head), sums)
    return cohorts.cells(), closed_or_open.cells(), received.cells()


def check(store: Any, heads: list[CaseHead], month: str) -> None:
    found = read_standing(store, KUTIM, month)
    assert found
    assert (dict(found.cohorts), dict(found.month), dict(found.received)) == all_at_once(heads, month)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """One, where a test names none: what differs between engines is proved in ``tests/storage``."""
    return str(getattr(request, "param", "sqlite"))


@pytest.mark.every_day(1)
@pytest.mark.parametrize(
    ("engine", "cases"),
    [("sqlite", deep(3_000, 300)), ("moto", 60), ("ministack", deep(300, 100))],
    indirect=["engine"],
)
def test_a_months_end_is_what_a_look_at_every_case_says(store: Any, cases: int) -> None:
    random = seeded(7)
    heads = [invented(random) for _ in range(cases)]
    put(store, heads)
    assert count(store, TODAY) == 1
    check(store, heads, "2026-07")
    assert read_counted(store, KUTIM) == TODAY - timedelta(days=1)


def test_a_day_that_is_counted_twice_adds_once(store: Any) -> None:
    random = seeded(11)
    heads = [invented(random) for _ in range(200)]
    put(store, heads)
    months = [f"2026-0{number}" for number in range(3, 9)]
    assert (count(store, TODAY), count(store, TODAY)) == (1, 0)
    before = [read_month(store, KUTIM, month) for month in months]
    assert count(store, TODAY + timedelta(days=1)) == 1  # everything of the last weeks is counted anew
    assert [read_month(store, KUTIM, month) for month in months] == before
    register = store.read_register(f"barometer:{KUTIM}")
    store.write_registers([register._replace(version=register.version + 1, body=b"2026-03-01")])
    assert count(store, TODAY) == 1  # a clock that forgot how far it had come
    assert [read_month(store, KUTIM, month) for month in months] == before
    closed = {cell: sums for cell, sums in _total(before).items() if cell.level == "instance"}
    settled = [h for h in heads if h.closing.on and (h.closing.confirmed or h.closing.lapsed)]
    assert closed[Cell("instance", KUTIM)][Count.CLOSED] == len(settled) > 50


def _total(months: list[dict[date, Any]]) -> dict[Cell, Any]:
    adder = Adder()
    for month in months:
        for cohorts in month.values():
            for cells in cohorts.values():
                adder.add_all(cells)
    return adder.cells()


def test_what_opens_again_is_taken_back_however_long_ago_it_was_counted(store: Any) -> None:
    random = seeded(13)
    closed_on = date(2026, 4, 1)
    over = {"stage": Stage.SELESAI, "closed_on": closed_on, "outcome": Outcome.DIJELASKAN, "lapsed": True}
    over |= {"received_on": date(2026, 3, 20), "closed_due": closed_on, "confirmed": False, "rating": None}
    over |= {"answered_on": date(2026, 3, 25)}
    heads = [invented(random, **over) for _ in range(3)]
    put(store, heads)
    count(store, TODAY)
    check(store, heads, "2026-07")
    reopened = {"stage": Stage.DIPROSES, "closed_on": None, "outcome": None, "lapsed": False, "closed_due": None}
    reopened |= {"reopened": 1, "earlier_ends": (closed_on.toordinal(),), "due": date(2026, 9, 1)}
    again = changed(heads[0], version=2, **reopened)
    store.append(_append(again), 1)
    heads[0] = again
    assert closed_on < TODAY - CHANGING
    count(store, date(2026, 9, 2))
    check(store, heads, "2026-08")
    # Closed anew and over before the clock looks: it is found under its new day, and says where else it stands.
    closed = changed(again, version=3, **over | {"closed_on": date(2026, 9, 3)})
    store.append(_append(closed), 2)
    heads[0] = closed
    count(store, date(2026, 10, 2))
    check(store, heads, "2026-09")
    assert _total([read_month(store, KUTIM, "2026-04")])[Cell("instance", KUTIM)][Count.CLOSED] == 2


def test_what_ends_anew_between_a_months_end_and_its_count_is_not_counted_twice(store: Any) -> None:
    """Closed and counted long ago, withdrawn on the first of a month, before the clock looks at the month before."""
    random = seeded(29)
    closed_on, today = date(2026, 4, 1), date(2026, 9, 1)
    over = {"stage": Stage.SELESAI, "closed_on": closed_on, "outcome": Outcome.DUPLIKAT, "lapsed": True}
    over |= {"received_on": date(2026, 3, 20), "closed_due": closed_on, "confirmed": False, "rating": None}
    over |= {"answered_on": date(2026, 3, 25)}
    heads = [invented(random, **over) for _ in range(3)]
    put(store, heads)
    count(store, TODAY)
    gone = {"stage": Stage.DIARSIPKAN, "closed_on": today, "earlier_ends": (closed_on.toordinal(),), "lapsed": False}
    heads[0] = changed(heads[0], version=2, **gone)
    store.append(_append(heads[0]), 1)
    assert closed_on < TODAY - CHANGING
    count(store, today)
    check(store, heads, "2026-08")


def _append(head: CaseHead) -> Any:
    from functions.storage.interface import Append

    return Append(head, (make_event(head.version),))


def test_a_clock_that_slept_makes_up_for_every_month(store: Any) -> None:
    random = seeded(17)
    heads = [invented(random, received_on=date(2026, 3, 5)) for _ in range(40)]
    put(store, heads)
    count(store, date(2026, 4, 1))
    count(store, date(2026, 8, 3))
    for month in ("2026-03", "2026-04", "2026-05", "2026-06", "2026-07"):
        assert read_standing(store, KUTIM, month), month
    check(store, heads, "2026-06")
    check(store, heads, "2026-07")


def test_quarantine_counts_nowhere_and_a_tombstone_as_it_stood(store: Any) -> None:
    random = seeded(19)
    over = {
        "stage": Stage.DIARSIPKAN,
        "closed_on": date(2026, 7, 3),
        "received_on": date(2026, 7, 1),
        "answered_on": None,
    }
    gone = invented(random, **over | {"closed_due": None, "outcome": None, "shredded": True})
    put(store, [invented(random, quarantined=True), gone])
    count(store, TODAY)
    check(store, [gone], "2026-07")
    found = read_standing(store, KUTIM, "2026-07")
    assert found
    assert found.cohorts[Cell("instance", KUTIM)][Count.WITHDRAWN] == 1


class Endless:
    """A store with so many cases closed each day that nobody keeps them: they are made when they are asked for. Counts
    how many heads it hands out."""

    def __init__(self, a_day: int, opened: int) -> None:
        self.a_day, self.opened, self.read = a_day, opened, 0
        self.registers: dict[str, Register] = {}

    def _closed(self, day: date, number: int) -> CaseHead:
        random = seeded(day.toordinal() * 100_003 + number)
        received = day - timedelta(days=random.randrange(10))
        facts = {"stage": Stage.SELESAI, "closed_on": day, "closed_due": day, "lapsed": True, "confirmed": False}
        facts |= {"holder": KUTIM, "topic": "jalan", "district": "64.08.04"}
        return invented(random, **facts | {"received_on": received, "answered_on": received, "case_id": "x"})

    def page_ended(self, instance: str, first: date, last: date, after: str = "", limit: int = 100) -> Page:
        day, number = (last, 0) if not after else (date.fromisoformat(after[:10]), int(after[11:]))
        heads = []
        while day >= first and len(heads) < limit:
            if number == self.a_day:
                day, number = day - timedelta(days=1), 0
                continue
            heads.append(self._closed(day, number))
            number += 1
        self.read += len(heads)
        return Page(tuple(heads), f"{day.isoformat()} {number}" if day >= first else "")

    def page(self, scope: Scope, code: str, after: str = "", limit: int = 100) -> Page:
        begin = int(after or 0)
        end = min(begin + limit, self.opened)
        heads = tuple(invented(seeded(n), closed_on=None, stage=Stage.DIPROSES) for n in range(begin, end))
        self.read += len(heads)
        return Page(heads, str(end) if end < self.opened else "")

    def closed_before(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        return (self._closed(FIRST, 0),)

    def read_register(self, name: str) -> Register | None:
        return self.registers.get(name)

    def register_version(self, name: str) -> int:
        return self.registers[name].version if name in self.registers else 0

    def write_registers(self, registers: list[Register]) -> None:
        for register in registers:
            assert register.version == self.register_version(register.name) + 1
            self.registers[register.name] = register


def _peak(store: Endless) -> int:
    count(store, TODAY)  # what Python keeps for itself: caches of days, of modules
    store.registers.clear()
    tracemalloc.start()
    count(store, TODAY)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.long
def test_ten_times_the_cases_take_no_more_memory() -> None:
    """The sums grow until every day, topic and age occurs, and then no more; cases themselves are not kept."""
    a_day, opened = deep((6, 60), (3, 30))
    few, many = Endless(a_day, opened), Endless(10 * a_day, 10 * opened)
    peaks = _peak(few), _peak(many)
    assert many.read > 9 * few.read
    assert peaks[1] < 2.5 * peaks[0], peaks


def test_a_days_count_reads_what_can_have_changed_and_no_open_case() -> None:
    store = Endless(a_day=5, opened=300)
    count(store, TODAY)
    first = store.read
    store.read = 0
    count(store, TODAY + timedelta(days=1))
    assert store.read == 5 * (CHANGING.days + 2)
    assert (
        first == 5 * ((TODAY - FIRST).days + 3) + 300
    )  # every closing once, those after the month twice; what is open


def test_what_is_withdrawn_after_its_end_counts_once_under_its_new_day(store: Any) -> None:
    random = seeded(29)
    closed_on = date(2026, 4, 1)
    over = {"stage": Stage.SELESAI, "closed_on": closed_on, "outcome": Outcome.DIJELASKAN, "lapsed": True}
    over |= {"received_on": date(2026, 3, 20), "closed_due": closed_on, "answered_on": date(2026, 3, 25)}
    heads = [invented(random, **over) for _ in range(2)]
    put(store, heads)
    count(store, TODAY)
    gone = {"stage": Stage.DIARSIPKAN, "closed_on": date(2026, 8, 20), "earlier_ends": (closed_on.toordinal(),)}
    heads[0] = buried(heads[0], **gone)
    store.shred(heads[0], 1)
    store.finish(heads[0])
    count(store, date(2026, 9, 2))
    check(store, heads, "2026-08")
    found = read_standing(store, KUTIM, "2026-08")
    assert found
    assert found.cohorts[Cell("instance", KUTIM)][Count.RECEIVED] == 2


def test_a_reporter_who_withdraws_a_closed_report_leaves_the_day_it_was_counted_under(tmp_path: Any) -> None:
    from tests.doors.test_lapse import closed
    from tests.world import World

    world = World(tmp_path)
    report = closed(world)
    before = world.store.read_head(report["tracking_id"])
    assert before.closing.on
    world.later(days=30)
    answer = world.thread.post("/api/thread/withdraw", json={"receipt": report["receipt"], "sure": "yes"})
    assert answer.status_code == 200, answer.data
    after = world.store.read_head(report["tracking_id"])
    assert (after.shredded, after.withdrawn) == (True, True)
    assert after.closing.earlier_ends == (before.closing.on.toordinal(),)
    was, now = (contribution(each, after.clock.due + timedelta(days=90), CALENDAR) for each in (before, after))
    assert (now.resolve, now[Count.CLOSED], now[Count.ON_TIME]) == (was.resolve, 1, 1)  # deleting makes nobody late
    assert closed_in(after) == closed_in(before)  # and no closing counts in two months


@pytest.mark.parametrize("setting", [64, 10])
def test_a_case_whose_reporter_may_answer_for_long_is_counted_once_that_is_over(store: Any, setting: int) -> None:
    """``DEADLINE_WINDOW`` may be 120 working days; until it ends, a month's end walks through the case itself. A case
    keeps the one that it came in under."""
    closed = date(2026, 3, 10)
    facts = {"received_on": FIRST, "answered_on": closed, "closed_on": closed, "closed_due": date(2026, 3, 20)}
    ends = closed + timedelta(days=90)
    head = invented(seeded(3), **facts, stage=Stage.SELESAI, due=ends, outcome=Outcome.DIJELASKAN, confirmed=False)
    head = changed(head, lapsed=False, rating=None, terms=(3, 5, 14, 64, 60))
    put(store, [head])
    clock = CountBarometer(store, DIRECTORY, lambda: day, window=setting)  # working days
    day = closed + timedelta(days=1)
    while day <= ends:
        clock()
        day += timedelta(days=1)
    after = changed(head, lapsed=True, version=head.version + 1)
    store.append(Append(after, (make_event(head.version + 1),)), head.version)
    while day <= TODAY:
        clock()
        day += timedelta(days=1)
    check(store, [after], "2026-07")
