"""Changes to a case's head: how a case begins, goes back, closes, is deleted, and who keeps it."""

from datetime import date

import pytest

from functions.casework.case import Closing, Mode, Outcome
from functions.casework.case_changes import astray, closed, ended_by_reporter, let_go
from functions.casework.case_fields import flat
from functions.casework.stages import Stage
from tests.casework.trees import a_head

MONDAY, TUESDAY = date(2026, 6, 8), date(2026, 6, 9)


def test_nothing_has_happened_yet_to_a_case_that_nothing_is_said_of() -> None:
    """A store leaves out what is at its default, so an older case counts nothing that it has no word of."""
    facts = flat(a_head())
    counts = {name for name, value in facts.items() if isinstance(value, int)}
    assert counts >= {"version", "paused", "from_reporter", "from_officers", "canned", "transferred", "visible_from"}
    assert counts >= {"escalated", "agreed", "reopened", "appealed", "lapsed", "texted", "oversight", "quarantined"}
    assert not {name: facts[name] for name in counts if facts[name]}
    assert facts["identity"] is Mode.ANONIM


def test_each_time_that_a_case_went_back_counts_once() -> None:
    assert astray(a_head()).history.transferred == 1
    assert astray(a_head(transferred=3)).history.transferred == 4


def test_closing_says_how_or_leaves_how_it_was_closed_before_and_forgets_the_contact() -> None:
    head = a_head(contact=b"sealed", texted=True)
    first = closed(head, MONDAY, Outcome.DIPERBAIKI)
    assert (first.closing.on, first.closing.outcome) == (MONDAY, Outcome.DIPERBAIKI)
    assert (first.reporter.contact, first.reporter.texted) == (b"", False)
    assert closed(first, TUESDAY).closing.outcome is Outcome.DIPERBAIKI
    assert closed(first, TUESDAY, Outcome.SEBAGIAN).closing.outcome is Outcome.SEBAGIAN
    assert closed(head, MONDAY).closing.outcome is None


def test_deleting_a_closed_case_makes_no_closing_late() -> None:
    assert ended_by_reporter(Closing(), TUESDAY).on == TUESDAY
    again = ended_by_reporter(Closing(on=MONDAY, due=MONDAY), TUESDAY)
    assert (again.on, again.earlier_ends) == (MONDAY, (MONDAY.toordinal(),))


DELETED = {"stage": Stage.DIARSIPKAN, "shredded": True}


@pytest.mark.parametrize(
    ("facts", "withdrawn"),
    [
        (DELETED, True),
        (DELETED | {"earlier_ends": (MONDAY.toordinal(),), "closed_due": MONDAY}, True),
        (DELETED | {"earlier_ends": (MONDAY.toordinal(),), "closed_due": MONDAY, "reopened": 1}, False),
        (DELETED | {"earlier_ends": (MONDAY.toordinal(),), "outcome": Outcome.SEBAGIAN, "appealed": 1}, False),
        (DELETED | {"closed_due": MONDAY}, False),
        ({"stage": Stage.DIARSIPKAN}, False),
        ({"stage": Stage.SELESAI, "shredded": True}, False),
        ({"stage": Stage.DIPROSES}, False),
    ],
    ids=[
        *("open", "closed", "reopened, then at its end", "appealed, then at its end", "at its end"),
        *("archived and not deleted", "a tombstone that was done", "alive"),
    ],
)
def test_only_a_case_whose_reporter_deleted_it_is_withdrawn(facts: dict[str, object], *, withdrawn: bool) -> None:
    assert a_head(**facts).withdrawn is withdrawn


@pytest.mark.parametrize(
    ("changes", "keeper"),
    [
        ({}, "dpupr-1"),
        ({"recused": ("dpupr-2",)}, "dpupr-1"),
        ({"recused": ("dpupr-1",)}, ""),
        ({"holder": "b"}, ""),
        ({"holder": "b", "recused": ("dpupr-1",)}, ""),
    ],
    ids=["nothing changed", "another's stake", "a stake of theirs", "it left", "it left, and a stake"],
)
def test_who_took_a_case_keeps_it_while_it_stays_and_they_have_no_stake(
    changes: dict[str, object], keeper: str
) -> None:
    before = a_head(assigned="dpupr-1")
    after = a_head(**{"assigned": "dpupr-1"} | changes)
    assert let_go(before, after).desk_work.assigned == keeper
