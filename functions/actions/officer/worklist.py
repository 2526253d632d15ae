"""Which case first, and whose it is: an officer takes a case, gives it to a colleague or back, or puts it first.

Neither opens, hides or moves anything, and no deadline changes.

Tests: ``tests/doors/test_worklist.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from functions.actions.common.append import Step
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.stages import Actor, Duty, Move
from functions.storage.interface import Notice, Registers
from functions.storage.registers.reminders import Reminder, reminders_due
from functions.storage.registers.staff import read_staff

ON = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Worklist:
    """What officers of one desk arrange among themselves."""

    act: CaseAct

    def assign(self, viewer: Viewer, case_id: str, officer: str) -> CaseHead:
        """Take a case, also from a colleague who may be away, give it to a colleague, who gets a mail, or give it back.
        ``officer`` is an ident, "" to give it back. Repeating it writes nothing. Raises InvalidInputProblem for anybody
        but the officer and ``colleagues``."""
        known = "" if officer in ("", viewer.officer) else officer

        def change(head: CaseHead) -> tuple[CaseHead, dict[str, str]]:
            if known and known not in colleagues(self.act.store, viewer, head):
                raise InvalidInputProblem(FieldError("officer", "unknown"))
            said = "left" if not officer else "given" if known else "passed" if head.desk_work.assigned else "taken"
            return replace(head, desk_work=replace(head.desk_work, assigned=officer)), {"change": said}

        return self._mark(viewer, case_id, Move.ASSIGN, EventKind.ASSIGN, change, tell=known)

    def reminders_due(self, officer: str, day: date) -> tuple[Reminder, ...]:
        """Return an officer's reminders that are due on a day, for a digest: cases and days, no words."""
        return reminders_due(self.act.store, officer, day)

    def prioritize(self, viewer: Viewer, case_id: str, on: str, reason: str) -> CaseHead:
        """Put a case before others (``on``: yes), or back among them (no), with a reason that the reporter reads."""
        if on not in ON:
            raise InvalidInputProblem(FieldError("on", "unknown" if on else "required"))
        text = read_reason(reason)

        def change(head: CaseHead) -> tuple[CaseHead, dict[str, str]]:
            return replace(head, desk_work=replace(head.desk_work, priority=ON[on])), {"change": on, "reason": text}

        return self._mark(viewer, case_id, Move.PRIORITY, EventKind.PRIORITY, change)

    def _mark(
        self,
        viewer: Viewer,
        case_id: str,
        move: Move,
        kind: EventKind,
        change: Callable[[CaseHead], tuple[CaseHead, dict[str, str]]],
        tell: str = "",
    ) -> CaseHead:
        """Write what changes, and tell the officer ``tell``. A case that is as wanted already stays as it is: a button
        pressed twice."""

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.act.rule(opened.head, move, duty)
            head, words = change(opened.head)
            if head == opened.head:
                raise _AsItIsError(head)
            step = Step(kind, Actor.SYSTEM, words, replace(head, quarantined=False))
            if not tell:
                return step
            others = tuple(m.ident for m in read_staff(self.act.store).at(head.holder) if m.ident != tell)
            return replace(step, notice=Notice.ASSIGNED, served=others)

        try:
            return self.act.carry_out(viewer, case_id, decide)[1]
        except _AsItIsError as same:
            return same.head


def colleagues(store: Registers, viewer: Viewer, head: CaseHead) -> tuple[str, ...]:
    """Return the idents of others at this officer's agency in the same role, who may be given the case: none who has a
    stake in it. Takes a query."""
    staff = read_staff(store).at(viewer.agency)
    others = (member.ident for member in staff if member.role is viewer.role and member.ident != viewer.officer)
    return tuple(ident for ident in others if ident not in head.desk_work.recused)


class _AsItIsError(Exception):
    """Nothing is to be written."""

    def __init__(self, head: CaseHead) -> None:
        self.head = head
        super().__init__("as it is")
