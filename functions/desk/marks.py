"""The routes by which officers note something about a case, beside answering it (``actions.officer.case_notes``)."""

from collections.abc import Callable

from flask import Flask, Response, g, make_response

from functions.actions.officer.case_notes import Mark
from functions.casework.case import CaseHead
from functions.desk.handed_over import hand_over_csv

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def mark_routes(app: Flask, mark: Mark, answer: Answer, case_number: Callable[[str], str]) -> None:
    """``POST /desk/cases/<tracking_id>/`` ``notes`` (``body``, ``message_key``), ``oversight`` and ``recuse``
    (``reason``), ``sp4n`` (``number``), ``sp4n/file`` (a CSV)."""

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

    @app.post("/desk/cases/<tracking_id>/sp4n/file")
    def sp4n_file(tracking_id: str) -> Response:
        view = mark.copy_out(g.session.viewer, case_number(tracking_id))
        response = make_response(hand_over_csv(view, mark.directory))
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        response.headers["Content-Disposition"] = f'attachment; filename="laporan-{view.head.case_id}.csv"'
        return response

    @app.post("/desk/cases/<tracking_id>/sp4n")
    def sp4n(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(mark.record(g.session.viewer, case_id, typed.get("number", "")))

        return answer(tracking_id, act, 200, "sp4n")


def _standing(head: CaseHead) -> dict[str, object]:
    return {"stage": head.stage.value, "due": head.clock.due.isoformat()}
