"""Ask the custodians to consider opening an identity, because a case cannot be handled without it.

Nothing opens by itself: a custodian has to ask in turn, and the reporter to agree (``casework.consent``). The reporter
reads the wish and its reason as an event, and the custodians the same reason at their own door.

Tests: ``tests/doors/test_custodian_wish.py``.
"""

from dataclasses import dataclass
from datetime import timedelta

from functions.actions.common.append import Step, counted
from functions.actions.common.custodian_wish import Wish, drop_wish, leave_wish
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.decrypted_identity import told
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.problems import Problem
from functions.casework.sealed_identity import TrustProblem
from functions.casework.stages import Actor, Duty, Move
from functions.storage.interface import Notice

AGAIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AskCustodian:
    """The wish of whoever handles a case whose reporter left a name in trust."""

    act: CaseAct

    def __call__(self, viewer: Viewer, case_id: str, reason: str) -> CaseHead:
        """Leave the wish for the custodians, and tell the reporter. Raises InvalidInputProblem without a reason,
        NotNowProblem where no name is left, TrustProblem ``identity_pending`` within a week of the last wish."""
        text, today = read_reason(reason), self.act.today()

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            self.act.rule(head, Move.CUSTODIAN, duty)
            self.act.allow(viewer, head, Move.CUSTODIAN)
            ours = (e for e in opened.case.events if e.kind is EventKind.IDENTITY and e.officer)
            if any(event.on > today - AGAIN for event in ours):
                raise TrustProblem("identity_pending")
            words = {"change": "wished", "agency": viewer.agency, "reason": text}
            entry = told(Notice.IDENTITY_WISHED, head)
            return Step(
                EventKind.IDENTITY, Actor.SYSTEM, words, counted(head, Actor.OFFICER, head.stage), outgoing=(entry,)
            )

        head = self.act.rehearse(viewer, case_id, decide)  # no slip for what is refused, and none later than its mail
        leave_wish(self.act.store, self.act.public_keys(), head, Wish(viewer.agency, today, text))
        try:
            return self.act.carry_out(viewer, case_id, decide)[1]
        except Problem:
            if self.act.store.read_head(case_id).shredded:  # withdrawn meanwhile: the wish came after it went
                drop_wish(self.act.store, case_id)
            raise
