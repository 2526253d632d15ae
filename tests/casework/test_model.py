"""What the exhaustive model counts is what it visits, and it sees a guard that forgets."""

import pytest

from functions.casework import access
from functions.casework.case import CaseHead
from tests.casework import model
from tests.casework.every_history import Histories
from tests.casework.every_tree import every_tree
from tests.casework.model import Visited, histories, table, visit
from tests.casework.test_every_history import told

TREE = next(every_tree(3))


def one_by_one(found: Histories, head: CaseHead, acts: int) -> int:
    """Histories of at most so many acts, each walked."""
    following = found.by_officers[head] | found.by_others[head]
    return sum(1 + one_by_one(found, after, acts - 1) for after in following) if acts else 0


def test_histories_are_counted_as_if_each_was_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(TREE)
    first = [found.first(instance.code) for instance in TREE.instances()]
    monkeypatch.setattr(model, "ACTS", 3)
    assert histories(found) == sum(one_by_one(found, head, 3) for head in first) > 100


@pytest.mark.long
def test_a_law_that_breaks_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = visit(TREE)
    assert (whole.trees, whole.models, whole.broken) == (1, 4, 0)
    assert whole.states > 1_000
    monkeypatch.setattr(
        access, "is_kept_from", lambda agency, head, tree: access.is_accused(agency, head.accused, tree)
    )
    assert visit(TREE).broken > 0


def test_the_table_adds_up() -> None:
    lines = [*table({3: Visited(2, 8, 4_502, 28_696, 100, 0), 4: Visited(8, 40, 72_090, 608_586, 200, 1)}, 90)]
    assert "| 4 | 8 | 40 | 72,090 | 608,586 | 200 | 1 |" in lines
    assert "| all | **10** | **48** | **76,592** | **637,282** | **300** | **1** |" in lines
