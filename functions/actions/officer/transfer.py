"""Transfer a case from one government to another, by way of the centre: "bukan wewenang kami".

Keys are per instance, so ``append`` wraps the case's key to the target's desk. Identity and contact stay sealed to the
keys of the instance it came in at (``CaseHead.entrusted_to``), since no desk can open them.

Tests: ``tests/doors/test_transfer.py``.
"""

from dataclasses import dataclass, replace

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework.access import Viewer, is_accused, is_kept_from, kept_above, transfer_targets, transferred_to
from functions.casework.case import CaseHead, EventKind, Lift, PublicationState
from functions.casework.case_changes import astray, handed_to
from functions.casework.directory.agencies import Agency, AgencyKind
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.routing.later_accused import keeping_from
from functions.casework.stages import Actor, Duty, Move, Stage
from functions.casework.understanding.accused import accused_of
from functions.storage.interface import Notice


@dataclass(frozen=True, slots=True)
class Transfer:
    """Moves a case that another government is responsible for."""

    act: CaseAct

    def __call__(self, viewer: Viewer, case_id: str, instance: str, reason: str, yes: str = "") -> CaseHead:
        """Transfer a case: a coordinator to the centre above, which then sorts it; the centre to any instance.
        ``instance`` is the code or name of the target, ``yes`` as in ``HandleCase.handover``.

        Raises InvalidInputProblem, NotNowProblem, NotAllowedProblem, KeyringError.
        """
        wanted, text, act = instance.strip().casefold(), read_reason(reason), self.act
        if not wanted:
            raise InvalidInputProblem(FieldError("instance", "required"))

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            act.rule(opened.head, Move.TRANSFER, duty)
            act.allow(viewer, opened.head, Move.TRANSFER)
            targets = transfer_targets(opened.head, act.directory)
            target = next((t for t in targets if wanted in (t.code.casefold(), t.name.casefold())), None)
            if target is None:
                raise InvalidInputProblem(FieldError("instance", "not_an_instance"))
            moved = self._moved(opened, target)
            words = {"reason": text, "agency": target.code, "transfer": "yes"}
            return Step(EventKind.HANDOVER, Actor.SYSTEM, words, moved, Notice.HANDED_OVER)

        return act.carry_out(viewer, case_id, decide, yes=yes == "yes")[1]

    def _moved(self, opened: OpenedCase, target: Agency) -> CaseHead:
        """Return the head as the target has it, its clock running for sorting."""
        head, stage = opened.head, Stage.DIALIHKAN
        left = handed_to(head, target.code)
        if target.kind is AgencyKind.INSTANCE:
            said = self.act.cases.said(opened, instance=target.code)
            left = self._kept(self._given(head, left, target), target, accused_of(said.accused))
        moved = astray(counted(self.act.clocked(left, stage), Actor.OFFICER, stage))
        return replace(moved, clock=replace(moved.clock, handed_on=None))

    def _given(self, head: CaseHead, left: CaseHead, target: Agency) -> CaseHead:
        """Return the head as another government holds it. A waiting request to an overseer ends, since that overseer
        does not stand above the new holder. So does a publication: its answer was another government's."""
        left = replace(
            left,
            instance=target.code,
            holder=transferred_to(target, head, self.act.directory),
            reporter=replace(left.reporter, origin="" if head.entrusted_to == target.code else head.entrusted_to),
            publication=PublicationState(),
        )
        return replace(left, lift=replace(left.lift, state=Lift.NONE, by="")) if head.lift.state is Lift.ASKED else left

    def _kept(self, left: CaseHead, target: Agency, meant: tuple[str, ...]) -> CaseHead:
        """Return the head on a desk there that its words do not accuse, kept from those that they do, as if it had come
        in there: nobody asked before whom they accuse of that government. Where they accuse all, an officer has to say
        that they do not (``CaseAct``)."""
        directory, kept = self.act.directory, keeping_from(left, meant)
        fit = (desk for desk in (left.holder, target.inspectorate) if not is_kept_from(desk, kept, directory))
        left = replace(left, holder=next(fit, left.holder))
        above = kept_above(target, left.about_agency, meant, directory)
        return keeping_from(left, (code for code in above if not is_accused(left.holder, code, directory)))
