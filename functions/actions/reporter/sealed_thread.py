"""A case as its reporter's browser reads it: sealed, so that the receipt stays on the phone.

Who presents the value whose hash rests with the case gets its clear facts, the case key wrapped to the receipt, and the
items as they lie. Nothing is opened here and no key comes this way.

Tests: ``tests/doors/test_sealed_thread.py``, ``tests/captured/test_thread.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from functions.actions.common.even_lookup import EvenLookup, nowhere
from functions.casework.case import Case, Event, EventKind
from functions.casework.problems import Problem
from functions.crypto.seal.sealing import look_at_rest
from functions.storage.interface import Store

# Notes among officers; and ties, whose words name the other report.
UNSHOWN = frozenset({EventKind.NOTE, EventKind.JOIN})


@dataclass(frozen=True, slots=True)
class SealedThread:
    """The cases of a store, each behind the value that its receipt yields."""

    store: Store
    even: EvenLookup[Case]
    where: Callable[[bytes], Problem] = nowhere

    def find(self, case_id: str, look: bytes) -> Case:
        """Return a case. For an unknown one the work is the same, as in ``ReceiptLookup.find``. A case of before has no
        such value yet, and is as unknown. Raises NotFoundProblem; ElsewhereProblem if a linked office has it."""
        read = self.store.read_case
        case, there = self.even.find(read, case_id)
        ours = case is not None and compare_digest(case.head.wraps.lookup, look_at_rest(look))
        if case is None or not (there and ours and case.head.wraps.act):
            raise self.where(look_at_rest(look))
        self.even.refuse(read)
        return case


def shown(case: Case, since: int = 0) -> tuple[Event, ...]:
    """Return the events after number ``since`` that a reporter may read."""
    return tuple(event for event in case.events if event.n > since and event.kind not in UNSHOWN)
