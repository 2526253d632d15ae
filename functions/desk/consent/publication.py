"""A report that anybody may read: its officer writes the text or declines; what a case's page and JSON say of it."""

from secrets import token_hex
from typing import TYPE_CHECKING

from functions.actions.officer.views import OfficerView
from functions.casework.case import EventKind
from functions.casework.problems import InvalidInputProblem, Problem
from functions.casework.publication import ANSWER_MAX, SUMMARY_MAX, Draft, PublishStep, draft_of
from functions.desk.acts import Act, asked

if TYPE_CHECKING:  # loaded when first asked for (``lazy_routes``)
    from functions.actions.officer.publication_draft import PublicationDraft


def publication_acts(draft: "PublicationDraft") -> dict[str, Act]:
    """``publication`` (``summary``, ``answer``; ``keep``, see ``PublicationDraft.draft``) and ``publication/decline``
    (``reason``)."""
    fields = ("summary", "answer", "keep", "message_key")
    return {
        "publication": Act(
            lambda viewer, case_id, typed: {"n": draft.draft(viewer, case_id, *asked(typed, *fields))}, "publish", 201
        ),
        "publication/decline": Act(
            lambda viewer, case_id, typed: {
                "publication": draft.decline(viewer, case_id, typed.get("reason", "")).publication.state.value
            },
            "publish_declined",
        ),
    }


def public_parts(view: OfficerView, problem: Problem | None) -> dict[str, object]:
    """Return what the page shows: ``cleared``, the latest text (None for none); the fields' limits; a ``publish_key``;
    ``keep_mark``, with which what was found in the text just sent may stay ("" if nothing was)."""
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
    """Return the state (``none`` if the reporter wished nothing), the text they agreed to, and the latest text, if this
    officer may read the words."""
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
