"""The barometer's editions: once, a week after the month, audited, and never changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.actions.clock import publish_edition as module
from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.publish_edition import Editions, Publish
from functions.casework.barometer.audit import AuditFailedError
from functions.casework.barometer.disclosure import Menu, Suppressed, table
from functions.casework.barometer.edition import HIDDEN, EditionError, Place, decode_edition, encode_edition
from functions.casework.case import Outcome
from functions.casework.stages import Stage
from functions.storage.interface import Register, StorageError, VersionConflictError
from functions.storage.registers.editions import (
    edition_name,
    list_editions,
    newest_editions,
    read_edition,
    read_tables,
    write_edition,
    write_tables,
)
from functions.storage.sqlite.store import SqliteStore
from tests.actions.test_tallies import DIRECTORY, KUTIM, invented, put, seeded
from tests.prepared import copy_file
from tests.storage.conftest import *  # noqa: F403 - the engines, and `store` on each of them

AUGUST, SEPTEMBER = date(2026, 8, 8), date(2026, 9, 8)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """One, where a test names none: what differs between engines is proved in ``tests/storage``."""
    return str(getattr(request, "param", "sqlite"))


def count(store: Any, today: date) -> None:
    CountBarometer(store, DIRECTORY, lambda: today)()


def publish(store: Any, today: date) -> int:
    return Editions(store, DIRECTORY, lambda: today)()


def filled(store: Any, cases: int = 400) -> None:
    random = seeded(5)
    put(store, [invented(random) for _ in range(cases)])


def until_august(store: Any) -> None:
    """Reports that came in before August."""
    random = seeded(5)
    put(store, [head for _ in range(400) if (head := invented(random)).received_on < date(2026, 8, 1)])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that most tests begin with: 400 cases counted in August, July's edition published of them, and one of the
    cases that came before August."""
    folder = tmp_path_factory.mktemp("begun")
    made = SqliteStore(folder / "filled")
    made.prepare()
    filled(made)
    count(made, AUGUST)
    copy_file(folder / "filled", folder / "counted")
    assert publish(made, AUGUST) == 1
    copy_file(folder / "filled", folder / "published")
    before = SqliteStore(folder / "early")
    before.prepare()
    until_august(before)
    count(before, AUGUST)
    assert publish(before, AUGUST) == 1
    return folder


@pytest.fixture
def counted(store: Any, begun: Path) -> Any:
    copy_file(begun / "counted", store.engine.path)
    return store


@pytest.fixture
def published(store: Any, begun: Path) -> Any:
    copy_file(begun / "published", store.engine.path)
    return store


@pytest.fixture
def early(store: Any, begun: Path) -> Any:
    copy_file(begun / "early", store.engine.path)
    return store


@pytest.mark.every_day(1)
@pytest.mark.parametrize(("engine", "cases"), [("sqlite", 400), ("moto", 60), ("ministack", 60)], indirect=["engine"])
def test_an_edition_appears_a_week_after_its_month_and_once(store: Any, cases: int) -> None:
    filled(store, cases)
    early = AUGUST - timedelta(days=2)
    count(store, early)
    assert publish(store, early) == 0  # June's end was before the clock's first day
    assert list_editions(store) == ()
    count(store, AUGUST)
    assert (publish(store, AUGUST), publish(store, AUGUST)) == (1, 0)
    assert list_editions(store) == (("2026-07", 1),)
    (edition,) = newest_editions(store)
    assert (edition.month, edition.number, edition.first, edition.published) == ("2026-07", 1, "2025-08", AUGUST)
    assert edition.place("instance", KUTIM)
    tables = read_tables(store, KUTIM, "2026-07", 1)
    assert tables
    assert (tables.month, tables.number) == ("2026-07", 1)


def test_nothing_is_published_of_a_month_that_the_clock_has_not_counted(store: Any) -> None:
    filled(store, 20)
    assert publish(store, AUGUST) == 0
    count(store, date(2026, 7, 31))
    assert publish(store, AUGUST) == 0
    count(store, AUGUST)
    assert publish(store, AUGUST) == 1


@pytest.mark.long
def test_the_next_edition_goes_on_with_the_history_and_leaves_the_one_before_alone(published: Any) -> None:
    before = published.read_register(edition_name("2026-07", 1))
    count(published, SEPTEMBER)
    assert publish(published, SEPTEMBER) == 1
    assert published.read_register(edition_name("2026-07", 1)) == before
    july, august = newest_editions(published)
    for place in august.places:
        former = july.place(*place.key)
        assert former
        assert place.months[-2:] == (former.months[-1], place.months[-1])
        assert [each.month for each in place.months][-2:] == ["2026-07", "2026-08"]


MEASURES = ("answer_median", "finish_median", "on_time", "open_30", "reopened", "confirmed", "lapsed", "rated")
OCTOBER, NOVEMBER = date(2026, 10, 8), date(2026, 11, 8)


def published_in(store: Any, today: date) -> dict[tuple[str, str], Place]:
    """By level and code the places of the edition that a day makes."""
    count(store, today)
    assert publish(store, today) == 1
    return newest(store)


def newest(store: Any) -> dict[tuple[str, str], Place]:
    """By level and code the places of the edition that was made last."""
    return {place.key: place for place in newest_editions(store)[-1].places}


def came(store: Any, month: int, cases: int) -> None:
    """More reports come in, and are closed within the month."""
    received, random = date(2026, month, 3), seeded(month)
    ended = {"stage": Stage.SELESAI, "closed_on": received + timedelta(days=9), "confirmed": True, "rating": 5}
    ended |= {"closed_due": received + timedelta(days=20), "outcome": Outcome.DIPERBAIKI, "lapsed": False}
    put(store, [invented(random, received_on=received, holder="kutim-dpupr", **ended) for _ in range(cases)])


def test_medians_and_shares_rest_until_eight_came_in_and_eight_were_closed(early: Any) -> None:
    """Of a month in which three came nobody learns what became of them by comparing two editions."""
    july = newest(early)
    came(early, 8, 3)
    august = published_in(early, SEPTEMBER)
    assert {place.measured for place in july.values()} == {"2026-07"}
    told = [key for key, place in july.items() if place.values["answer_known"] and place.curve]
    assert len(told) >= 4
    for key in told:
        assert august[key].measured == "2026-07"
        names = ("values", "curve", "closings")
        before, now = ({name: getattr(place[key], name) for name in names} for place in (july, august))
        assert {name: now["values"][name] for name in MEASURES} == {name: before["values"][name] for name in MEASURES}
        assert (now["curve"], now["closings"]) == (before["curve"], before["closings"])
    instance = ("instance", KUTIM)
    assert august[instance].values["received"] == HIDDEN
    came(early, 9, 40)
    september = published_in(early, OCTOBER)
    assert september[instance].measured == "2026-09"
    assert september["agency", "kutim-dinkes"].measured == "2026-07"  # nothing new came to it
    assert september[instance].values["rated"] != july[instance].values["rated"]


def test_the_months_before_count_until_it_is_enough(early: Any) -> None:
    """Two months of four are hidden, and might be of one; a month of eight is known at once."""
    came(early, 8, 4)
    came(early, 9, 4)
    published_in(early, SEPTEMBER)
    assert published_in(early, OCTOBER)["instance", KUTIM].measured == "2026-07"  # eight came; nobody outside knows
    came(early, 10, 8)
    assert published_in(early, NOVEMBER)["instance", KUTIM].measured == "2026-10"


def test_a_correction_counts_no_median_and_no_share_anew(published: Any) -> None:
    july = newest(published)
    came(published, 7, 60)
    editions = Editions(published, DIRECTORY, lambda: SEPTEMBER)
    CountBarometer(published, DIRECTORY, lambda: SEPTEMBER).again("2026-07")
    assert editions.correct("2026-07") == 2
    again = {place.key: place for place in newest_editions(published)[-1].places}
    instance = ("instance", KUTIM)
    assert again[instance].values["received"] != july[instance].values["received"]
    for key, place in again.items():
        assert {name: place.values[name] for name in MEASURES} == {name: july[key].values[name] for name in MEASURES}
        assert place.months[-1].on_time == july[key].months[-1].on_time


def test_sensitive_topics_are_told_by_the_quarter_as_the_audit_let_them_pass(published: Any) -> None:
    july = newest(published)["instance", KUTIM]
    assert july.quarter is None  # the first edition: no quarter has ended
    published_in(published, SEPTEMBER)
    september = published_in(published, OCTOBER)["instance", KUTIM]
    tables = read_tables(published, KUTIM, "2026-09", 1)
    assert tables
    told = {row: number for (row, _), number in table(tables, Menu.SENSITIVE).items()}
    assert september.quarter
    assert (september.quarter.first, september.quarter.last) == ("2026-07", "2026-09")
    assert {each.code: each.received for each in september.quarter.topics} == {
        row: HIDDEN if number is Suppressed.SMALL else number for row, number in told.items()
    }
    assert len(told) == sum(topic.sensitive for topic in DIRECTORY.topics.values())
    assert {each.name for each in september.quarter.topics} <= {topic.name for topic in DIRECTORY.topics.values()}
    october = published_in(published, NOVEMBER)["instance", KUTIM]
    assert october.quarter == september.quarter  # until the next one has ended
    assert newest_editions(published)[-1].place("agency", "kutim-dpupr").quarter is None  # type: ignore[union-attr]


def test_a_correction_is_another_edition_of_its_month(published: Any) -> None:
    before = published.read_register(edition_name("2026-07", 1))
    editions = Editions(published, DIRECTORY, lambda: SEPTEMBER)
    assert editions.correct("2026-07") == 2
    assert published.read_register(edition_name("2026-07", 1)) == before
    assert list_editions(published) == (("2026-07", 1), ("2026-07", 2))
    assert [(each.month, each.number) for each in newest_editions(published)] == [("2026-07", 2)]
    tables = read_tables(published, KUTIM, "2026-07", 2)
    assert tables
    assert tables.number == 2
    with pytest.raises(KeyError):
        editions.correct("2026-01")


def test_what_was_audited_is_published_as_it_was_where_it_was_cut_short(counted: Any, monkeypatch: Any) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, "write_edition", lambda *_: False)
        assert publish(counted, AUGUST) == 0
    audited = read_tables(counted, KUTIM, "2026-07", 1)
    monkeypatch.setattr(module, "publishable", lambda *_: pytest.fail("it was audited already"))
    assert publish(counted, AUGUST) == 1
    assert read_tables(counted, KUTIM, "2026-07", 1) == audited


def test_where_the_audit_finds_no_way_nothing_is_published(counted: Any, monkeypatch: Any) -> None:

    def fail(*_: Any) -> None:
        raise AuditFailedError

    monkeypatch.setattr(module, "publishable", fail)
    with pytest.raises(AuditFailedError):
        publish(counted, AUGUST)
    assert list_editions(counted) == ()


def test_an_edition_holds_no_exact_small_count_no_sensitive_topic_and_no_inspectorate(published: Any) -> None:
    (edition,) = newest_editions(published)
    counts = [
        value
        for place in edition.places
        for value in (
            *(place.values[name] for name in ("received", "closed", "open")),
            *place.ages.values(),
            *(number for month in place.months for number in (month.received, month.closed)),
        )
    ]
    assert {value for value in counts if isinstance(value, int)} <= {0, *range(10, 10_000, 5)}
    assert HIDDEN in counts
    sensitive = {code for code, topic in DIRECTORY.topics.items() if topic.sensitive}
    named = {place.code for place in edition.places}
    assert sensitive
    assert not named & (sensitive | {"kutim-inspektorat"})
    shares = [share for place in edition.places for share in (*place.closings.values(), place.values["on_time"])]
    assert {round(share * 100) % 5 for share in shares if isinstance(share, float)} <= {0}


def test_editions_and_tables_are_written_once(store: Any) -> None:
    filled(store, 30)
    count(store, AUGUST)
    publish(store, AUGUST)
    (edition,) = newest_editions(store)
    assert not write_edition(store, replace(edition, published=SEPTEMBER))
    assert newest_editions(store) == (edition,)
    assert list_editions(store) == (("2026-07", 1),)
    tables = read_tables(store, KUTIM, "2026-07", 1)
    assert tables
    with pytest.raises(VersionConflictError):
        write_tables(store, tables)
    assert read_edition(store, "2026-01", 1) is None


def test_an_edition_that_this_release_cannot_read_is_said_to_be_one(store: Any) -> None:
    filled(store, 30)
    count(store, AUGUST)
    publish(store, AUGUST)
    (edition,) = newest_editions(store)
    assert decode_edition(encode_edition(edition)) == edition
    with pytest.raises(EditionError):
        decode_edition(b"x")
    store.write_registers([Register(edition_name("2026-07", 1), 2, b"x")])
    with pytest.raises(StorageError, match="2026-07"):
        newest_editions(store)


def test_publishing_is_a_list_of_steps() -> None:
    taken: list[str] = []

    def steps() -> Iterator[tuple[str, Any]]:
        for name in ("one", "two"):
            yield name, lambda name=name: len(taken.append(name) or taken)

    assert Publish(dict(steps()))() == 3
    assert taken == ["one", "two"]
