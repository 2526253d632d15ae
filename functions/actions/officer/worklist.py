"""Which case first, and whose it is: an officer takes a case, gives it back, or puts it before others.

Neither opens, hides or moves anything, and no deadline changes.

Tests: ``tests/doors/test_worklist.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from functions.actions.common.append import Step
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.stages import Actor, Duty, Move

ON = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Worklist:
    """What officers of one desk arrange among themselves."""

    act: CaseAct

    def assign(self, viewer: Viewer, case_id: str, officer: str) -> CaseHead:
        """Take a case, also from a colleague who may be away, or give it back. ``officer`` is the officer's own ident,
        "" to give it back. Repeating it writes nothing. Raises InvalidInputProblem for anybody else's ident."""
        if officer not in ("", viewer.officer):
            raise InvalidInputProblem(FieldError("officer", "unknown"))

        def change(head: CaseHead) -> tuple[CaseHead, dict[str, str]]:
            said = "left" if not officer else "passed" if head.desk_work.assigned else "taken"
            return replace(head, desk_work=replace(head.desk_work, assigned=officer)), {"change": said}

        return self._mark(viewer, case_id, Move.ASSIGN, EventKind.ASSIGN, change)

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
    ) -> CaseHead:
        """Write what changes. A case that is as wanted already stays as it is: a button pressed twice."""

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.act.rule(opened.head, move, duty)
            head, words = change(opened.head)
            if head == opened.head:
                raise _AsItIsError(head)
            return Step(kind, Actor.SYSTEM, words, replace(head, quarantined=False))

        try:
            return self.act.carry_out(viewer, case_id, decide)[1]
        except _AsItIsError as same:
            return same.head


class _AsItIsError(Exception):
    """Nothing is to be written."""

    def __init__(self, head: CaseHead) -> None:
        self.head = head
        super().__init__("as it is")
