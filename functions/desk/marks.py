"""The routes by which officers note something about a case, beside answering it (``actions.mark``)."""

from collections.abc import Callable

from flask import Flask, Response, g

from functions.actions.mark import Mark
from functions.casework.case import CaseHead

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def mark_routes(app: Flask, mark: Mark, answer: Answer) -> None:
    """``POST /desk/cases/<tracking_id>/`` ``notes`` (``body``, ``message_key``), ``oversight`` and ``recuse``
    (``reason``), ``sp4n`` (``number``)."""

    @app.post("/desk/cases/<tracking_id>/notes")
    def note(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return {"n": mark.note(g.session.viewer, case_id, typed.get("body", ""), typed.get("message_key", ""))}

        return answer(tracking_id, act, 201, "note")

    @app.post("/desk/cases/<tracking_id>/oversight")
    def oversight(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(mark.oversee(g.session.viewer, case_id, typed.get("reason", "")))

        return answer(tracking_id, act, 200, "oversight")

    @app.post("/desk/cases/<tracking_id>/recuse")
    def recuse(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(mark.recuse(g.session.viewer, case_id, typed.get("reason", "")))

        return answer(tracking_id, act, 200, "recuse")

    @app.post("/desk/cases/<tracking_id>/sp4n")
    def sp4n(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(mark.record(g.session.viewer, case_id, typed.get("number", "")))

        return answer(tracking_id, act, 200, "sp4n")


def _standing(head: CaseHead) -> dict[str, object]:
    return {"stage": head.stage.value, "due": head.due.isoformat()}
