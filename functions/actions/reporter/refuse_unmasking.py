"""What a reporter does about masked words: read who wants to see them, and say no before a second person agrees.

Tests: ``tests/doors/test_masking.py``.
"""

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase, unmask_facts
from functions.actions.reporter.converse import Converse, ReporterView
from functions.casework.case import EventKind
from functions.casework.consent import unmask_request
from functions.casework.consent.unmask_request import UnmaskRequest, UnmaskStep, works_on
from functions.casework.consent.unmask_steps import noted
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.receipt import Receipt
from functions.casework.report import REASON_MAX, read_text
from functions.casework.stages import Actor
from functions.storage.interface import Notice


def unmaskings_wanted(view: ReporterView, converse: Converse) -> tuple[UnmaskRequest, ...]:
    """Return the requests to see masked words that wait for a second person."""
    if view.head.shredded:
        return ()
    found = unmask_request.waiting(unmask_facts(view.messages))
    return tuple(one for one in found if works_on(one.agency, view.head, converse.directory))


def refuse_unmasking(converse: Converse, receipt: Receipt, request: str, reason: str) -> int:
    """Refuse request number ``request``, for good for that agency and that message. ``reason`` is optional. Returns the
    event's number.

    Raises InvalidInputProblem, UnmaskProblem (no such request waits any more), NotFoundProblem, BusyProblem.
    """
    text, errors = read_text({"reason": reason}, "reason", REASON_MAX)
    if not request.isdecimal():
        errors.append(FieldError("request", "unknown" if request else "required"))
    if errors:
        raise InvalidInputProblem(*errors)

    def decide(opened: OpenedCase) -> Step:
        found = unmask_request.find(unmask_facts(opened.messages()), request)
        words = {
            "step": UnmaskStep.OBJECTED.value,
            "reason": text,
            "agency": found.agency,
            "target": str(found.target),
            "request": request,
        }
        head = noted(opened.head, found.agency, found.ground, UnmaskStep.OBJECTED)
        head = counted(head, Actor.REPORTER, opened.head.stage)
        return Step(EventKind.UNMASK, Actor.REPORTER, words, head, others=((Notice.UNMASK_DECIDED, found.agency),))

    return converse.append_step(receipt, decide)[0]
