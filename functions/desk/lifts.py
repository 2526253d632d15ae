"""At the desk: asking that the accused may read a case after all, and an overseer's decision (``actions.lifting``)."""

from collections.abc import Callable

from flask import Flask, Response, g, make_response, request

from functions.actions.lifting import Lifting
from functions.casework.case import CaseHead
from functions.casework.problems import NotFoundProblem
from functions.desk import answers, pages
from functions.storage.interface import BadPageTokenError
from functions.web.forms import wants_json

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def lift_routes(app: Flask, lifting: Lifting, answer: Answer) -> None:
    """``GET /desk/asked/``; ``POST /desk/cases/<tracking_id>/`` ``lift`` (``reason``) and ``lift/decision``
    (``decision``: granted or refused; ``reason``)."""

    @app.get("/desk/asked/")
    def asked() -> Response:
        try:
            page = lifting.waiting(g.session.viewer, request.args.get("after", ""))
        except BadPageTokenError as error:
            raise NotFoundProblem from error
        if wants_json():
            return make_response(answers.inbox_json(page, g.session.viewer.agency))
        return make_response(pages.listing("asked", page, g.session, lifting.handle))

    @app.post("/desk/cases/<tracking_id>/lift")
    def lift(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(lifting.ask(g.session.viewer, case_id, typed.get("reason", "")))

        return answer(tracking_id, act, 200, "lift")

    @app.post("/desk/cases/<tracking_id>/lift/decision")
    def decision(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            wanted = [typed.get(name, "").strip() for name in ("decision", "reason")]
            return _standing(lifting.decide(g.session.viewer, case_id, *wanted))

        return answer(tracking_id, act, 200, "decision")


def _standing(head: CaseHead) -> dict[str, object]:
    return {"lift": head.lift.value or None, "stage": head.stage.value, "due": head.due.isoformat()}
