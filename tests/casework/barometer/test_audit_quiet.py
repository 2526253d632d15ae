"""What must not be named stays unknown beside what is: sensitive topics, and what the inspectorate has."""

from dataclasses import replace

import pytest

from functions.casework.barometer.audit import Ledger, publishable
from functions.casework.barometer.disclosure import (
    ALL,
    BAND_NAMES,
    KINDS,
    OTHER,
    TOTAL,
    Edition,
    Menu,
    assemble,
    table,
)
from functions.casework.barometer.printed_month import VALUES
from functions.casework.barometer.stored_tables import from_json, to_json
from tests.casework.barometer.attacker import reads, values
from tests.casework.barometer.test_audit import told

TOPICS = ("t1", "t2", "t3", "t4", "t5")
QUIET = ("disiplin", "korupsi", "pungli")
AGENCIES = (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)


def march(topics: tuple[int, ...], quiet: tuple[int, ...], agencies: dict[str, int] | None = None) -> Edition:
    """The first month of an office, which ends a quarter: complaints of one district by topic, all open."""
    kind, n = KINDS[0], sum(topics) + sum(quiet)
    by_agency = agencies or {"a1": n}
    rows = {
        Menu.RECEIVED_DISTRICT: ("d1",),
        Menu.RECEIVED_TOPIC: (*TOPICS, OTHER),
        Menu.SENSITIVE: QUIET,
        **dict.fromkeys(AGENCIES, ("a1", "a2", OTHER) if agencies else ("a1",)),
    }
    named = zip((*TOPICS, OTHER), (*topics, *[0] * (len(TOPICS) - len(topics)), sum(quiet)), strict=True)
    counts = {
        Menu.RECEIVED: {(ALL, ALL): n},
        Menu.RECEIVED_DISTRICT: {("d1", kind): n},
        Menu.RECEIVED_TOPIC: {(row, kind): count for row, count in named if count},
        Menu.SENSITIVE: {(row, ALL): count for row, count in zip(QUIET, quiet, strict=False) if count},
        Menu.RECEIVED_AGENCY: {(row, ALL): count for row, count in by_agency.items()},
        Menu.OPEN: {(ALL, ALL): n},
        Menu.OPEN_AGENCY: {(row, BAND_NAMES[0]): count for row, count in by_agency.items()},
    }
    return assemble("uji", "2026-03", rows, counts)


@pytest.mark.parametrize(
    ("topics", "quiet"),
    [
        ((1, 1, 1, 1, 1), (1,)),  # five topics had something, and all together 7 at most: 1 or 2 are left
        ((1, 1, 1, 1), (1, 1)),  # four had: 3 are left for two, of which each had something
        ((8, 30), (1, 1, 1)),  # one that is folded alone, and not hidden, had 8: of 12 at most 4 are left for three
    ],
)
def test_what_is_folded_leaves_three_values_to_sensitive_topics(
    topics: tuple[int, ...], quiet: tuple[int, ...]
) -> None:
    found = values(reads(told([publishable(march(topics, quiet))])), 1)
    assert {name for name, count in found.items() if count < VALUES} == set()


def test_each_sensitive_topic_folded_into_lainnya_had_something_in_it() -> None:
    """Four ordinary topics had something, and all together 7 at most: 3 are left for two that are not named, 2 or 3."""
    edition = march((1, 1, 1, 1), (1, 1))
    folded = replace(edition, folded={**edition.folded, Menu.SENSITIVE: frozenset({"disiplin", "korupsi"})})
    ledger = Ledger()
    ledger.add(folded)
    assert (Menu.SENSITIVE, OTHER) in {(pin.menu, pin.row) for pin in ledger.pins()}
    ledger = Ledger()
    ledger.add(replace(folded, kept=folded.folded))
    assert ledger.pins() == []


@pytest.mark.parametrize("quiet", [(1,), (9,)])
@pytest.mark.parametrize("topics", [(), (3,)], ids=["sensitive ones alone", "one topic beside them"])
def test_reports_of_sensitive_topics_alone_are_not_told_from_those_of_one_topic(
    topics: tuple[int, ...], quiet: tuple[int, ...]
) -> None:
    """All other topics at 0 would say that whatever came in was sensitive, and the districts beside it from where."""
    edition = publishable(march(topics, quiet))
    assert table(edition, Menu.RECEIVED)[TOTAL, TOTAL]
    assert table(edition, Menu.RECEIVED_TOPIC) == {}


@pytest.mark.parametrize("agencies", [{OTHER: 2}, {"a1": 2, OTHER: 1}, {"a1": 2}])
def test_what_the_inspectorate_alone_has_is_not_told_from_what_one_unit_has(agencies: dict[str, int]) -> None:
    edition = publishable(march((1, sum(agencies.values()) - 1), (), agencies))
    assert [table(edition, menu) for menu in (Menu.RECEIVED_AGENCY, Menu.OPEN_AGENCY)] == [{}, {}]
    assert set(table(edition, Menu.CLOSED_AGENCY).values()) == {0}  # nothing was closed, by nobody


def test_an_empty_month_says_so() -> None:
    assert set(table(publishable(march((), ())), Menu.RECEIVED_TOPIC).values()) == {0}


@pytest.mark.parametrize(("release", "pinned"), [("earlier", False), ("this", True)])
def test_an_edition_of_an_earlier_release_is_held_to_the_rules_of_then(release: str, *, pinned: bool) -> None:
    """It was published, and stays so: held to newer rules it would let no later edition appear."""
    stored = to_json(march((1, 1, 1, 1, 1), (1,)))
    if release == "earlier":
        del stored["rules"]
    ledger = Ledger()
    ledger.add(from_json(stored))
    assert bool(ledger.pins()) is pinned
