"""Take a hand-over back before its letter leaves: the case lies on the desk again as it lay before.

Only the desk that handed it over, only as long as nothing has happened since: its letters wait untouched, the unit has
not opened the case (``ReadCase.read`` notes that in them), and nobody has written. Letters and case go back in one
transaction, so that no courier can be faster. The guard is the one of every other way.

Tests: ``tests/doors/test_recall.py``.
"""

from dataclasses import dataclass
from typing import NamedTuple

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.directory.agencies import Role
from functions.casework.problems import InvalidInputProblem, NotFoundProblem, RecallProblem
from functions.casework.routing.recall import Handed, read_noted, recalled
from functions.casework.stages import Actor, Duty
from functions.storage.interface import EntryGoneError, OutboxEntry

SORTERS = frozenset({Role.COORDINATOR, Role.CENTRE})
LATE, NONE = "recall_late", "recall_none"


class Waiting(NamedTuple):
    """A hand-over that can be recalled: its case, the unit, and the epoch hour in which its letter leaves, 0 for as
    soon as the courier comes to it."""

    case_id: str
    agency: str
    leaves: int


@dataclass(frozen=True, slots=True)
class Recall:
    """Recalls hand-overs of sorting desks."""

    act: CaseAct

    def __call__(self, viewer: Viewer, case_id: str) -> CaseHead:
        """Recall the last hand-over. Repeating it changes nothing.

        Raises RecallProblem (``recall_late``, ``recall_none``), NotFoundProblem."""
        found: list[tuple[Handed, tuple[OutboxEntry, ...]]] = []

        def load() -> tuple[OpenedCase, Duty]:
            opened, handed = self._open(viewer, case_id)
            found[:] = [(handed, self._entries(opened, handed))]
            return opened, Duty.SORT

        def decide(opened: OpenedCase, _: Duty) -> Step:
            handed, entries = found[0]
            words = {"agency": handed.desk, "from": opened.head.holder}
            head = recalled(opened.head, handed)
            head = counted(head, Actor.OFFICER, head.stage)
            return Step(EventKind.RECALL, Actor.SYSTEM, words, head, withdrawn=entries)

        try:
            return self.act.carry_out(viewer, case_id, decide, load=load)[1]
        except _AlreadyError as done:
            return done.head
        except (EntryGoneError, RecallProblem) as error:  # the courier was faster, or a colleague
            return self._done_by_another(viewer, case_id, error)
        except InvalidInputProblem as error:  # its words accuse this desk by what is known today
            raise RecallProblem(NONE) from error

    def _done_by_another(self, viewer: Viewer, case_id: str, error: Exception) -> CaseHead:
        try:
            self._open(viewer, case_id)
        except _AlreadyError as done:
            return done.head
        raise RecallProblem(error.code if isinstance(error, RecallProblem) else LATE) from error

    def waiting(self, viewer: Viewer, case_id: str) -> Waiting | None:
        """Return what can be recalled; None if it was already. Raises RecallProblem, NotFoundProblem."""
        try:
            opened, handed = self._open(viewer, case_id)
        except _AlreadyError:
            return None
        entries = self._entries(opened, handed)
        return Waiting(case_id, opened.head.holder, max(entry.not_before for entry in entries))

    def _open(self, viewer: Viewer, case_id: str) -> tuple[OpenedCase, Handed]:
        """Open a case whose last event is a hand-over by this desk. Raises _AlreadyError where it was recalled."""
        cases = self.act.cases
        case = cases.load(viewer, case_id)[0].case
        key = b"" if case.head.shredded or viewer.role not in SORTERS else cases.case_key(case.head)
        if not key:
            raise RecallProblem(NONE)
        opened = OpenedCase(case, key)
        if cases.hides(viewer.agency, case.head, opened.named()):
            raise NotFoundProblem
        last = case.events[-1]
        if last.kind is EventKind.RECALL and case.head.holder == viewer.agency:
            raise _AlreadyError(case.head)
        handed = _handed_on(opened)
        if handed is None or handed.desk != viewer.agency:
            raise RecallProblem(NONE)
        if last.kind is not EventKind.HANDOVER:
            raise RecallProblem(LATE)
        return opened, handed

    def _entries(self, opened: OpenedCase, handed: Handed) -> tuple[OutboxEntry, ...]:
        """Return the letters of a hand-over, all untouched. Raises RecallProblem."""
        entries = []
        for entry_id in handed.notices:
            entry = self.act.store.read_entry(entry_id)
            if entry is None or not entry.untouched or set(entry.delivered) - {*opened.head.desk_work.recused}:
                raise RecallProblem(LATE)
            entries.append(entry)
        return tuple(entries)


def _handed_on(opened: OpenedCase) -> Handed | None:
    """Return the last hand-over of a case; None if it cannot be recalled."""
    handovers = (event for event in reversed(opened.case.events) if event.kind is EventKind.HANDOVER)
    last = next(handovers, None)
    return read_noted(opened.readable(last)) if last else None


class _AlreadyError(Exception):
    """It was recalled before."""

    def __init__(self, head: CaseHead) -> None:
        self.head = head
        super().__init__("recalled already")
