"""Hand several cases over as proposed: first what would go where and why, then each by ``HandleCase.handover``.

What is not plain is left out, for an officer to read: no proposal inside the local government, words that may accuse
the unit, a flood, another name of the accused. The preview decides nothing: rights, guard and words are looked at again
when each is handed over.

Tests: ``tests/doors/test_bulk.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from functions.actions.common.trouble_codes import TROUBLES
from functions.actions.officer.handle_case import Bulk, HandleCase
from functions.actions.officer.lists.case_line import first_line
from functions.actions.officer.views import OfficerView
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.directory.accused_name import is_renamed
from functions.casework.problems import (
    FactsChangedProblem,
    NotAllowedProblem,
    NotFoundProblem,
    NotNowProblem,
    Problem,
)
from functions.casework.routing.plain_reason import plain_reason
from functions.casework.stages import Duty, Move
from functions.crypto.seal.sealing import once_hash
from functions.storage.interface import CaseNotFoundError, StorageError

MOST = 20
REFUSALS: tuple[type[Exception], ...] = (Problem, StorageError, *TROUBLES)


class Proposed(NamedTuple):
    """A case that may go where it is proposed: its head, its first line (masked), the unit's code, the reason to begin
    with."""

    head: CaseHead
    subject: str
    agency: str
    reason: str


class Apart(NamedTuple):
    """A case that is left out: ``why`` is the code of the sentence, ``agency`` the unit it speaks of, "" for none."""

    case_id: str
    why: str
    agency: str = ""


class Order(NamedTuple):
    """What an officer confirmed for one case. ``seen`` is the version of the case that they were shown."""

    case_id: str
    agency: str
    reason: str
    seen: int


class Result(NamedTuple):
    """What became of an order; ``error`` is None if the case was handed over, now or by the same act before."""

    order: Order
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class BulkHandover:
    """Hands over up to ``MOST`` cases in one act."""

    handle: HandleCase

    def propose(self, viewer: Viewer, case_ids: Sequence[str]) -> tuple[list[Proposed], list[Apart]]:
        """Return what may be handed over as proposed, and what is left out; both in the order given."""
        proposed: list[Proposed] = []
        apart = [Apart(case_id, "bulk_limit") for case_id in case_ids[MOST:]]
        for case_id in case_ids[:MOST]:
            try:
                view = self.handle.act.cases.read(viewer, case_id)
            except NotFoundProblem:
                apart.append(Apart(case_id, "bulk_unknown"))
            except FactsChangedProblem:
                apart.append(Apart(case_id, "bulk_closed"))
            else:
                why, agency = self._left_out(view)
                if why:
                    apart.append(Apart(case_id, why, agency))
                else:
                    proposed.append(self._proposed(view))
        return proposed, apart

    def carry_out(self, viewer: Viewer, orders: Sequence[Order], key: str) -> list[Result]:
        """Hand each over. One that fails holds up no other. The same ``key`` again does nothing twice."""
        return [Result(order, self._hand(viewer, order, key)) for order in orders]

    def _hand(self, viewer: Viewer, order: Order, key: str) -> Exception | None:
        try:
            head = self.handle.handover(viewer, order.case_id, order.agency, order.reason, bulk=Bulk(key, order.seen))
        except (NotAllowedProblem, NotFoundProblem) as error:  # it lies elsewhere: perhaps by this very act
            return None if self._done_before(order, key) else error
        except REFUSALS as error:
            return error
        return None if head.holder == order.agency else NotNowProblem(move=Move.HANDOVER, stage=head.stage)

    def _done_before(self, order: Order, key: str) -> bool:
        """Whether this act handed the case over when it was sent the first time. Its officer may not see the case any
        more: only who has the key of the act learns this."""
        try:
            case = self.handle.act.store.read_case(order.case_id)
        except CaseNotFoundError:
            return False
        mark = once_hash(order.case_id, key)
        return any(event.kind is EventKind.HANDOVER and event.once == mark for event in case.events)

    def _left_out(self, view: OfficerView) -> tuple[str, str]:
        """Return why a case is left out ("" if it is not), and the agency concerned."""
        cases, agency = self.handle.act.cases, view.proposed
        sorts = view.rights.duty is Duty.SORT and Move.HANDOVER in view.rights.moves
        causes: dict[str, Callable[[], bool]] = {
            "bulk_closed": lambda: not view.rights.words and bool(view.rights.moves),
            "bulk_moved": lambda: not sorts,
            "bulk_quarantine": lambda: view.head.quarantined,
            "bulk_renamed": lambda: bool(view.named.code) and is_renamed(view.named, cases.directory),
            "bulk_no_proposal": lambda: agency not in [target.code for target in view.targets],
            "bulk_accused": lambda: cases.needs_a_yes(agency, view.head, view.suspects),
        }
        why = next((code for code, holds in causes.items() if holds()), "")
        return why, agency if why == "bulk_accused" else ""

    def _proposed(self, view: OfficerView) -> Proposed:
        directory = self.handle.act.directory
        topic = directory.topics.get(view.head.topic)
        name = directory.agency(view.proposed).name
        reason = plain_reason(view.proposals[0], topic.name if topic else "", name)
        line = first_line(view.subject or view.messages[0].body)
        return Proposed(view.head, line, view.proposed, reason)
