"""A second unit on a case: the holder asks it in or lets it go, or it steps out by itself.

Stage, clock and closing stay the holder's. The part ends by itself when the case goes to another desk, or when the
guard would refuse it (``casework.access.assisting``).

Tests: ``tests/doors/test_second.py``.
"""

from dataclasses import dataclass

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework.access import Viewer, may_assist
from functions.casework.case import CaseHead, EventKind
from functions.casework.case_changes import with_second
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.stages import Actor, Duty, Move
from functions.storage.interface import Notice


@dataclass(frozen=True, slots=True)
class SecondUnit:
    """Changes which unit works on a case beside its holder."""

    act: CaseAct

    def __call__(self, viewer: Viewer, case_id: str, agency: str, reason: str, yes: str = "") -> CaseHead:
        """Ask a unit in, with a reason that the reporter reads; ``agency`` "" ends it. The second unit itself may only
        end it. Raises InvalidInputProblem, NotNowProblem, NotAllowedProblem, NotFoundProblem."""
        text = read_reason(reason)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            self.act.rule(head, Move.SECOND, duty)
            words = {"reason": text, "agency": agency or head.desk_work.second}
            changed = counted(with_second(head, agency), Actor.OFFICER, head.stage)
            if not agency:
                if not head.desk_work.second:
                    raise InvalidInputProblem(FieldError("agency", "required"))
                notice = Notice.STEPPED_OUT if duty is Duty.ASSIST else None
                return Step(EventKind.SECOND, Actor.SYSTEM, words | {"change": "ended"}, changed, notice)
            if head.desk_work.second:
                raise InvalidInputProblem(FieldError("agency", "second_taken"))
            if duty is Duty.ASSIST or not may_assist(agency, with_second(head, ""), self.act.directory):
                raise InvalidInputProblem(FieldError("agency", "not_a_second"))
            others = ((Notice.ASKED_IN, agency),)
            return Step(EventKind.SECOND, Actor.SYSTEM, words | {"change": "asked"}, changed, others=others)

        return self.act.carry_out(viewer, case_id, decide, yes=yes == "yes")[1]
