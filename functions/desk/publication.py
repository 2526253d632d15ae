"""What a case's page and its JSON say of a text that anybody may read (``desk.cleared`` takes it)."""

from secrets import token_hex

from functions.actions.officer.views import OfficerView
from functions.casework.case import EventKind
from functions.casework.problems import InvalidInputProblem, Problem
from functions.casework.publication import ANSWER_MAX, SUMMARY_MAX, Draft, PublishStep, draft_of


def public_parts(view: OfficerView, problem: Problem | None) -> dict[str, object]:
    """For the page: ``cleared``, the latest text (None for none); ``keep_mark``, by which what was found in the text
    just sent may be kept, "" where nothing was; the fields' limits; a ``publish_key``."""
    errors = problem.errors if isinstance(problem, InvalidInputProblem) else ()
    marks = (error.facts["mark"] for error in errors if error.code == "identifies")
    return {
        "cleared": _draft(view),
        "keep_mark": next(marks, ""),
        "summary_max": SUMMARY_MAX,
        "answer_max": ANSWER_MAX,
        "publish_key": token_hex(16),
    }


def public_json(view: OfficerView) -> dict[str, object]:
    """State (``none`` where nothing was wished), whether its reporter agreed to a text, and the latest text, where the
    words are this officer's to read."""
    draft = _draft(view)
    text = {"n": draft.n, "summary": draft.summary, "answer": draft.answer} if draft else None
    return {
        "state": view.head.publication.state.value or "none",
        "agreed": view.head.publication.agreed or None,
        "draft": text,
    }


def _draft(view: OfficerView) -> Draft | None:
    for message in reversed(view.messages):
        if message.kind is EventKind.PUBLISH and message.facts.get("step") == PublishStep.DRAFTED:
            return draft_of(message.n, message.facts)
    return None
