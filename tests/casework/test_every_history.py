"""Law 5 and the promise of an answer, over every history: each tree of up to five agencies, each accused, each act.

Whatever officers, reporter and clock do, in any order and for as long as they like: no accused reads, somebody can act
on an open case, and officers alone can bring it to an end.
"""

from collections import defaultdict
from collections.abc import Iterable

import pytest

from functions.actions.reporter import verdict
from functions.casework import access
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, Kind, Lift
from functions.casework.directory.agencies import Directory
from functions.casework.stages import SETTABLE, Duty, Stage
from tests.casework.conflict import accused
from tests.casework.every_history import Histories
from tests.casework.every_tree import every_tree
from tests.depth import deep

AGENCIES = deep(5, 3)
LEAST_STATES = 1_000  # of the smallest tree


def readers_among_the_accused(histories: Histories) -> list[tuple[Viewer, CaseHead]]:
    """Officers of the accused who see a case that no overseer allowed them to read."""
    tree, found = histories.directory, []
    for head, readers in histories.readers.items():
        guilty = set() if head.lift.state is Lift.LIFTED else accused(tree, head.about_agency)
        guilty |= {code for later in head.desk_work.kept_from for code in accused(tree, later)}
        found += [(reader, head) for reader in readers if reader.agency in guilty]
    return found


def left_alone(histories: Histories) -> list[CaseHead]:
    """Open cases on which no officer can do anything that changes them."""
    return [
        head for head, after in histories.by_officers.items() if head.open and not head.shredded and not after - {head}
    ]


def without_end(histories: Histories) -> list[CaseHead]:
    """Open cases that officers alone cannot bring to an end."""
    before: defaultdict[CaseHead, set[CaseHead]] = defaultdict(set)
    for head, following in histories.by_officers.items():
        for after in following:
            before[after].add(head)
    ends = {head for head in histories.by_officers if not head.open}
    fresh: Iterable[CaseHead] = ends
    while fresh := {head for after in fresh for head in before[after]} - ends:
        ends |= fresh
    return [head for head in histories.by_officers if head not in ends]


def told(tree: Directory, about: str = "") -> Histories:
    histories = Histories(tree, about, Kind.PENGADUAN)
    histories.explore()
    return histories


@pytest.mark.every_day(1)
@pytest.mark.parametrize(
    "tree", list(every_tree(AGENCIES)), ids=lambda tree: "-".join(a.parent or "0" for a in tree.agencies.values())
)
def test_no_history_shows_a_case_to_the_accused_or_leaves_it_without_a_desk_or_an_end(tree: Directory) -> None:
    states = 0
    for about in ("", *tree.agencies):
        histories = told(tree, about)
        states += len(histories.by_officers)
        assert not readers_among_the_accused(histories), about
        assert not left_alone(histories), about
        assert not without_end(histories), about
    assert states > LEAST_STATES


TREE = next(every_tree(3))  # a centre, an instance, and one unit that sorts and inspects


def test_a_guard_that_forgets_later_words_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        access, "is_kept_from", lambda agency, head, tree: access.is_accused(agency, head.accused, tree)
    )
    assert readers_among_the_accused(told(TREE))


def test_an_appeal_to_whom_later_words_accuse_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was before: the level above got it, though it was kept from there, and nobody could read it."""
    monkeypatch.setattr(verdict, "next_level", lambda head, tree: tree.agencies[head.instance].parent)
    assert left_alone(told(TREE, "i1"))


def test_an_appeal_that_no_desk_can_archive_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was before: a sorting desk whose every unit is accused could only look at it."""
    sources = SETTABLE[Duty.SORT][Stage.DIARSIPKAN] - {Stage.BANDING}
    monkeypatch.setitem(SETTABLE[Duty.SORT], Stage.DIARSIPKAN, sources)
    assert without_end(told(TREE))
