"""At the desk: writing what anybody may read of a report whose reporter wishes it, or saying no
(``actions.clearing``)."""

from collections.abc import Callable
from secrets import token_hex

from flask import Flask, Response, g

from functions.actions.clearing import Clearing
from functions.actions.views import OfficerView
from functions.casework.case import EventKind
from functions.casework.problems import InvalidInputProblem, Problem
from functions.casework.publication import ANSWER_MAX, SUMMARY_MAX, Draft, PublishStep, draft_of

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def publication_routes(app: Flask, clearing: Clearing, answer: Answer) -> None:
    """``POST /desk/cases/<tracking_id>/`` ``publication`` (``summary``, ``answer``; ``keep``, see ``Clearing.draft``)
    and ``publication/decline`` (``reason``)."""

    @app.post("/desk/cases/<tracking_id>/publication")
    def publish(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            wanted = [typed.get(name, "") for name in ("summary", "answer", "keep", "message_key")]
            return {"n": clearing.draft(g.session.viewer, case_id, *wanted)}

        return answer(tracking_id, act, 201, "publish")

    @app.post("/desk/cases/<tracking_id>/publication/decline")
    def decline_publication(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            head = clearing.decline(g.session.viewer, case_id, typed.get("reason", ""))
            return {"publication": head.publication.value}

        return answer(tracking_id, act, 200, "publish_declined")


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
    return {"state": view.head.publication.value or "none", "agreed": view.head.agreed or None, "draft": text}


def _draft(view: OfficerView) -> Draft | None:
    for message in reversed(view.messages):
        if message.kind is EventKind.PUBLISH and message.facts.get("step") == PublishStep.DRAFTED:
            return draft_of(message.n, message.facts)
    return None
