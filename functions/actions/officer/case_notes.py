"""What officers note about a case: a stake of their own, that it is for the inspectorate alone, a word to colleagues,
its number in SP4N-LAPOR!.

Tests: ``tests/doors/test_marks.py``, ``tests/doors/test_second.py``.
"""

import re
from dataclasses import dataclass, replace

from functions.actions.common.append import Once, Step, check_key, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.actions.officer.views import OfficerView
from functions.casework.access import Viewer, ladder
from functions.casework.case import CaseHead, EventKind
from functions.casework.case_changes import handed_to, with_second
from functions.casework.problems import FieldError, InvalidInputProblem, NotNowProblem
from functions.casework.report import BODY_MAX
from functions.casework.stages import Actor, Duty, Move, Stage
from functions.storage.interface import Notice

SP4N_NUMBER = re.compile(r"#?([0-9]{4,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """An officer's notes on a case."""

    act: CaseAct

    def oversee(self, viewer: Viewer, case_id: str, reason: str, yes: str = "") -> CaseHead:
        """Mark a complaint *berkadar pengawasan*: it goes to the inspectorate, and no unit gets it. ``yes`` as in
        ``HandleCase.handover``. Raises NotNowProblem if it is marked already, or if the inspectorate is accused."""
        text = read_reason(reason)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            self.act.rule(head, Move.OVERSIGHT, duty)
            self.act.allow(viewer, head, Move.OVERSIGHT)
            inspectorate = self.act.directory.agencies[head.instance].inspectorate
            stage = Stage.DIDISPOSISIKAN
            moved = self.act.clocked(replace(handed_to(head, inspectorate), oversight=True), stage)
            moved = replace(moved, clock=replace(moved.clock, handed_on=self.act.today()))
            moved = counted(moved, Actor.OFFICER, stage)
            words = {"reason": text, "agency": inspectorate, "oversight": "yes"}
            return Step(EventKind.HANDOVER, Actor.SYSTEM, words, moved, Notice.HANDED_OVER)

        return self.act.carry_out(viewer, case_id, decide, yes=yes == "yes")[1]

    def recuse(self, viewer: Viewer, case_id: str, reason: str) -> CaseHead:
        """Recuse the officer from a case, which moves to the desk above. An officer of the second unit ends that unit's
        part instead. Raises NotNowProblem if no desk stands above."""
        text = read_reason(reason)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            rule = self.act.rule(head, Move.RECUSE, duty)
            self.act.allow(viewer, head, Move.RECUSE)
            if duty is Duty.ASSIST:
                return _out(head, viewer, text)
            stage, above = rule.to or head.stage, self._above(viewer, opened)
            if not above:
                raise NotNowProblem(move=Move.RECUSE, stage=head.stage)
            moved = self.act.clocked(handed_to(_without(head, viewer), above), stage)
            moved = counted(replace(moved, clock=replace(moved.clock, handed_on=None)), Actor.OFFICER, stage)
            return Step(EventKind.RECUSE, Actor.SYSTEM, {"reason": text, "agency": above}, moved, Notice.HANDED_OVER)

        return self.act.carry_out(viewer, case_id, decide)[1]

    def _above(self, viewer: Viewer, opened: OpenedCase) -> str:
        """Return the first desk above that the words do not accuse: who has a stake must not say that they do not."""
        cases, head = self.act.cases, opened.head
        suspects = cases.suspects(head, cases.said(opened))
        fit = (desk for desk in ladder(head, self.act.directory) if not cases.needs_a_yes(desk, head, suspects))
        return next(fit, "")

    def note(self, viewer: Viewer, case_id: str, body: str, message_key: str) -> int:
        """Leave a note for colleagues, which the reporter does not see. Returns its number."""
        text = read_reason(body, "body", BODY_MAX)
        once = Once(check_key("message_key", message_key), "body", text)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.act.rule(opened.head, Move.NOTE, duty)
            words = {"body": text, "agency": viewer.agency}
            return Step(EventKind.NOTE, Actor.OFFICER, words, replace(opened.head, quarantined=False))

        return self.act.carry_out(viewer, case_id, decide, once)[0]

    def record(self, viewer: Viewer, case_id: str, number: str) -> CaseHead:
        """Note a case's number in SP4N-LAPOR! (4 to 12 digits), which its reporter may look up there."""
        found = SP4N_NUMBER.fullmatch(number.strip())
        if not found:
            raise InvalidInputProblem(FieldError("number", "bad_sp4n" if number.strip() else "required"))

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.act.rule(opened.head, Move.SP4N, duty)
            head = replace(opened.head, desk_work=replace(opened.head.desk_work, sp4n=found[1]))
            return Step(EventKind.SP4N, Actor.SYSTEM, {"number": found[1]}, head)

        return self.act.carry_out(viewer, case_id, decide)[1]

    def copy_out(self, viewer: Viewer, case_id: str) -> OfficerView:
        """Return a copy to be typed into SP4N-LAPOR!, masked as this officer reads it. Taking one is an event that the
        reporter reads, since words leave the house with it."""

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.act.rule(opened.head, Move.SP4N, duty)
            return Step(EventKind.SP4N, Actor.SYSTEM, {"number": ""}, replace(opened.head, quarantined=False))

        self.act.carry_out(viewer, case_id, decide)
        return self.act.cases.read(viewer, case_id)


def _without(head: CaseHead, viewer: Viewer) -> CaseHead:
    """Return the head of a case that this officer sees no more."""
    return replace(head, desk_work=replace(head.desk_work, recused=(*head.desk_work.recused, viewer.officer)))


def _out(head: CaseHead, viewer: Viewer, reason: str) -> Step:
    """Return the step by which an officer of the second unit, and so the unit, leaves the case."""
    left = counted(with_second(_without(head, viewer), ""), Actor.OFFICER, head.stage)
    words = {"reason": reason, "agency": viewer.agency, "second": "yes"}
    return Step(EventKind.RECUSE, Actor.SYSTEM, words, left, Notice.STEPPED_OUT)
