"""Changes to a case's head that more than one action makes."""

from dataclasses import replace
from datetime import date

from functions.casework.case import CaseHead, Closing, EventKind, Outcome
from functions.casework.field_fates import remains
from functions.casework.stages import Actor


def handed_to(head: CaseHead, holder: str, second: str = "") -> CaseHead:
    """Return the head on another desk. Nobody there has taken the case, and its extension can be taken again."""
    work = replace(head.desk_work, second=second, assigned="")
    return replace(head, holder=holder, desk_work=work, clock=replace(head.clock, extended=False))


def with_second(head: CaseHead, unit: str) -> CaseHead:
    """Return the head with this second unit, "" for none."""
    return replace(head, desk_work=replace(head.desk_work, second=unit))


def astray(head: CaseHead) -> CaseHead:
    """Return the head of a case that went back once more because it had come to the wrong desk."""
    return replace(head, history=replace(head.history, transferred=head.history.transferred + 1))


def closed(head: CaseHead, today: date, outcome: Outcome | None = None) -> CaseHead:
    """Return the head as closed today, with its reporter's contact erased. The caller sets the stage. Without
    ``outcome`` the earlier one is kept."""
    ending = replace(head.closing, on=today, outcome=outcome or head.closing.outcome)
    return replace(head, closing=ending, reporter=replace(head.reporter, contact=b"", texted=False))


def ended_by_reporter(closing: Closing, today: date) -> Closing:
    """Return the end of a case that its reporter has deleted today. What an office closed before keeps its day: the
    reporter's deleting makes no closing late, and counts in no month again."""
    return replace(closing, on=closing.on or today, earlier_ends=closing.ends)


def let_go(before: CaseHead, after: CaseHead) -> CaseHead:
    """Return ``after`` without the officer who took the case, if it left their agency or they declared a stake in
    it."""
    stays = after.holder == before.holder and after.desk_work.assigned not in after.desk_work.recused
    return after if stays else replace(after, desk_work=replace(after.desk_work, assigned=""))


def answered(before: CaseHead, after: CaseHead, kind: EventKind, by: Actor, today: date) -> CaseHead:
    """Return ``after`` with today as the day of its first answer, if this event is one: an officer's words to the
    reporter, or a closing with a reason. A reply template sent unchanged is no answer and stops no clock of the
    statistics."""
    closes = before.open and not after.open
    said = by is Actor.OFFICER and kind is EventKind.MESSAGE and after.history.canned == before.history.canned
    if after.history.answered_on is not None or not (said or closes):
        return after
    return replace(after, history=replace(after.history, answered_on=today))


def tombstone(head: CaseHead) -> CaseHead:
    """Return what is left of a deleted case: facts, days and counts for the statistics. Wraps, words, contact, identity
    and outside numbers are gone. Each field of the head declares its fate (``field_fates``)."""
    return replace(remains(head), shredded=True, version=head.version + 1)
