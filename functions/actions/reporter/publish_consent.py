"""The reporter's part in publishing a report: they request it, agree to exactly one text, and may stop it at any time.

The case's head decides, written in one transaction with the reporter's act. *Before* that, the agreed text is stored
where the publishing job finds it. If the act is cut short between the two, that text waits and has no effect.

Tests: ``tests/doors/test_publication.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.receipt_lookup import ReceiptLookup
from functions.casework.case import CaseHead, EventKind, Publication, PublicationState
from functions.casework.problems import FieldError, InvalidInputProblem, MeanwhileProblem, NotNowProblem
from functions.casework.publication import (
    STEPS_MAX,
    Agreed,
    Draft,
    PublicationProblem,
    PublishStep,
    clearable,
    draft_of,
    fit,
    wishable,
)
from functions.casework.receipt import Receipt
from functions.casework.report import REASON_MAX, read_text
from functions.casework.stages import Actor, Move
from functions.casework.understanding.words import Words
from functions.storage.interface import Notice
from functions.storage.registers.publications import check_soon, put_agreed, touch_agreed


@dataclass(frozen=True, slots=True)
class Consent:
    """A reporter's acts about the publication of their report."""

    converse: Converse

    def wish(self, receipt: Receipt) -> CaseHead:
        """Request publication: the holder is asked to write a text. Repeating it changes nothing. Raises
        PublicationProblem if this report may not be public, NotNowProblem, NotFoundProblem."""

        def decide(opened: OpenedCase) -> Step:
            head = opened.head
            if not fit(head, self.converse.directory):
                raise PublicationProblem("not_public")
            if not wishable(head, self.converse.directory):
                raise NotNowProblem(move=Move.PUBLISH, stage=head.stage)
            _check_room(opened)
            head = counted(_wished(head), Actor.REPORTER, head.stage)
            return _step(PublishStep.WISHED, head, Notice.PUBLICATION_WISHED)

        return self._once(receipt, lambda head: head.publication.state is not Publication.NONE, decide)

    def change(self, receipt: Receipt, reason: str) -> CaseHead:
        """Ask the holder for a different text than the waiting one, and say what should change. Raises
        InvalidInputProblem, PublicationProblem, NotNowProblem (no text waits), NotFoundProblem."""
        text, errors = read_text({"reason": reason}, "reason", REASON_MAX, required=True)
        if errors:
            raise InvalidInputProblem(*errors)

        def decide(opened: OpenedCase) -> Step:
            head = opened.head
            if not clearable(head, self.converse.directory):
                raise PublicationProblem("not_public")
            if head.publication.state is not Publication.DRAFTED:
                raise NotNowProblem(move=Move.PUBLISH, stage=head.stage)
            _check_room(opened)
            head = counted(_wished(head), Actor.REPORTER, head.stage)
            return _step(PublishStep.CHANGE, head, Notice.PUBLICATION_WISHED, reason=text)

        return self.converse.carry_out(receipt, decide)

    def agree(self, receipt: Receipt, draft: str, *, hide_district: bool = False) -> CaseHead:
        """Agree to the text with this number, as it was read. ``hide_district``: nothing finer than the instance
        becomes public. Repeating it changes nothing.

        Raises PublicationProblem (the text is a different one now, or this report may not be public), MeanwhileProblem
        if it was agreed to with the district, or without, before; InvalidInputProblem, NotFoundProblem,
        StoreUnavailableError.
        """
        if not draft.isdecimal():
            raise InvalidInputProblem(FieldError("draft", "unknown" if draft else "required"))

        def decide(opened: OpenedCase) -> Step:
            head, latest = opened.head, latest_draft(opened)
            if not clearable(head, self.converse.directory):
                raise PublicationProblem("not_public")
            if head.publication.state is not Publication.DRAFTED or latest is None or str(latest.n) != draft:
                raise PublicationProblem("draft_changed")
            _check_room(opened)
            district = "" if hide_district else head.district
            put_agreed(
                self.converse.store, head.instance, Agreed(head.case_id, latest, self.converse.today(), district)
            )
            head = replace(head, publication=PublicationState(Publication.AGREED, latest.n))
            head = counted(head, Actor.REPORTER, head.stage)
            return _step(PublishStep.AGREED, head, draft=draft, district=district)

        def done(head: CaseHead) -> bool:
            if draft != str(head.publication.agreed or ""):
                return False
            agreed = _agreed_to(ReceiptLookup(self.converse.store, self.converse.even).open(receipt))
            if agreed.get("district", "") != ("" if hide_district else head.district):  # other terms: it is no repeat
                raise MeanwhileProblem
            return True

        return self._once(receipt, done, decide)

    def stop(self, receipt: Receipt) -> CaseHead:
        """Take the request or the consent back: after the next run nothing of the case is public. Repeating it changes
        nothing. Raises NotFoundProblem, BusyProblem, StoreUnavailableError."""

        def decide(opened: OpenedCase) -> Step:
            check_soon(self.converse.store, opened.head.instance)
            head = replace(opened.head, publication=PublicationState())
            return _step(PublishStep.STOPPED, counted(head, Actor.REPORTER, head.stage))

        head = self.converse.head(receipt)
        if head.publication.state is Publication.NONE:
            return head
        head = self.converse.carry_out(receipt, decide)
        touch_agreed(self.converse.store, head.instance, head.case_id)
        return head

    def _once(
        self, receipt: Receipt, done: Callable[[CaseHead], bool], decide: Callable[[OpenedCase], Step]
    ) -> CaseHead:
        head = self.converse.head(receipt)
        return head if done(head) else self.converse.carry_out(receipt, decide)


def latest_draft(opened: OpenedCase) -> Draft | None:
    """Return the last text that an officer cleared, None if there is none."""
    for event in reversed(opened.case.events):
        if event.kind is EventKind.PUBLISH:
            words = opened.readable(event)
            if words.get("step") == PublishStep.DRAFTED:
                return draft_of(event.n, words)
    return None


def _agreed_to(opened: OpenedCase) -> Words:
    """Return the words of the reporter's last agreement, which name the district that may be told."""
    acts = (each for each in reversed(opened.case.events) if each.kind is EventKind.PUBLISH)
    mine = (opened.readable(each) for each in acts if each.by is Actor.REPORTER)
    return next((words for words in mine if words.get("step") == PublishStep.AGREED), Words({}))


def _step(step: PublishStep, head: CaseHead, notice: Notice | None = None, **facts: str) -> Step:
    clear = f"{step.value} {facts['draft']}" if "draft" in facts else step.value
    return Step(EventKind.PUBLISH, Actor.REPORTER, {"step": step.value, **facts}, head, notice, clear=clear)


def _wished(head: CaseHead) -> CaseHead:
    return replace(head, publication=replace(head.publication, state=Publication.WISHED))


def _check_room(opened: OpenedCase) -> None:
    """Limit how often a request and an agreement can be repeated; stopping always works."""
    acts = sum(event.kind is EventKind.PUBLISH and event.by is Actor.REPORTER for event in opened.case.events)
    if acts >= STEPS_MAX:
        raise PublicationProblem("publication_often")
