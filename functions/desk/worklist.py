"""The routes of an officer's own list: what he took, and what comes first."""

from collections.abc import Callable

from flask import Flask, Response, g

from functions.actions.officer.handle_case import Handle
from functions.actions.officer.worklist import Worklist
from functions.casework.case import CaseHead

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def worklist_routes(app: Flask, handle: Handle, answer: Answer) -> None:
    """``POST /desk/cases/<tracking_id>/`` ``assign`` (``officer``: his own ident, or empty) and
    ``priority`` (``on``: yes or no, ``reason``)."""
    worklist = Worklist(handle)

    @app.post("/desk/cases/<tracking_id>/assign")
    def assign(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(worklist.assign(g.session.viewer, case_id, typed.get("officer", "")))

        return answer(tracking_id, act, 200, "assign")

    @app.post("/desk/cases/<tracking_id>/priority")
    def priority(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            on, reason = typed.get("on", ""), typed.get("reason", "")
            return _standing(worklist.prioritize(g.session.viewer, case_id, on, reason))

        return answer(tracking_id, act, 200, "priority")


def _standing(head: CaseHead) -> dict[str, object]:
    return {"stage": head.stage.value, "due": head.clock.due.isoformat()}
