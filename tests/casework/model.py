"""How much the exhaustive model visits: ``python -m tests.casework.model [AGENCIES]``, five if not said.

Every directory of so few agencies, each agency accused in turn or none, and every act from every state that any history
leads to (``every_history``): who may read, whether a desk can act, whether officers can end it. Prints the counts and
tells them (``tests.evidence``). Ends with 1 where a law is broken.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from typing import NamedTuple

from functions.casework.directory.agencies import Directory
from tests.casework.every_history import Histories
from tests.casework.every_tree import every_tree
from tests.casework.test_every_history import left_alone, readers_among_the_accused, told, without_end
from tests.evidence import say, tell

TREES: list[Directory] = []  # also in forked processes
ACTS = 6  # the histories that are counted one by one; states are visited however long it takes to come there


class Visited(NamedTuple):
    """What was visited in trees of one size: how many trees, models (a tree and whom the case accuses), states, acts
    that lead from one to another, histories of at most ``ACTS`` acts, and laws broken."""

    trees: int = 0
    models: int = 0
    states: int = 0
    acts: int = 0
    histories: int = 0
    broken: int = 0

    def plus(self, more: "Visited") -> "Visited":
        return Visited(*(one + other for one, other in zip(self, more, strict=True)))


def visit(tree: Directory) -> Visited:
    """Visit every state of a tree."""
    total = Visited(trees=1)
    for about in ("", *tree.agencies):
        found = told(tree, about)
        acts = sum(len(after | found.by_others[head]) for head, after in found.by_officers.items())
        broken = len(readers_among_the_accused(found)) + len(left_alone(found)) + len(without_end(found))
        total = total.plus(Visited(0, 1, len(found.by_officers), acts, histories(found), broken))
    return total


def histories(found: Histories) -> int:
    """Return how many histories of at most ``ACTS`` acts begin with a case that comes in."""
    number = {head: at for at, head in enumerate(found.by_officers)}  # a head takes long to hash
    leads = [[number[to] for to in following | found.by_others[head]] for head, following in found.by_officers.items()]
    here = Counter(number[found.first(instance.code)] for instance in found.directory.instances())
    count = 0
    for _ in range(ACTS):
        after = Counter[int]()
        for at, ways in here.items():
            for to in leads[at]:
                after[to] += ways
        here, count = after, count + after.total()
    return count


def table(found: dict[int, Visited], seconds: float) -> Iterator[str]:
    """Yield the lines of the report."""
    yield "| agencies | trees | with each accused, or none | states | acts between them | histories of ≤ 6 acts | laws broken |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for size, each in found.items():
        yield f"| {size} | {' | '.join(f'{number:,}' for number in each)} |"
    total = Visited()
    for each in found.values():
        total = total.plus(each)
    yield f"| all | {' | '.join(f'**{number:,}**' for number in total)} |"
    yield ""
    yield f"{seconds:,.0f} seconds of one processor."


def visit_nth(at: int) -> tuple[int, Visited]:
    """Visit the tree at a place of ``TREES``. Returns how many agencies it has, too."""
    return len(TREES[at].agencies), visit(TREES[at])


def main(most: int = 5) -> int:
    """Visit all, on every core. Returns the exit status."""
    found: dict[int, Visited] = {}
    TREES[:] = every_tree(most)
    began = used()
    with get_context("fork").Pool() as pool:
        # The largest first: what begins last ends last.
        for size, visited in pool.imap_unordered(visit_nth, reversed(range(len(TREES)))):
            found[size] = found.get(size, Visited()).plus(visited)
            say(
                f"{size} agencies: {found[size].trees} trees, {found[size].states:,} states, {found[size].broken} broken"
            )
        pool.close()
        pool.join()  # else their time does not count
    lines = [*table(dict(sorted(found.items())), used() - began)]
    say(*lines)
    tell("model", lines)
    return int(any(each.broken for each in found.values()))


def used() -> float:
    """Return the seconds of a processor of this process and of what it started."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
