"""The routes by which two units work on one case (``actions.second``)."""

from collections.abc import Callable

from flask import Flask, Response, g, make_response, request

from functions.actions.handle import Handle
from functions.actions.second import Second
from functions.casework.case import CaseHead
from functions.casework.problems import NotFoundProblem
from functions.desk import answers, pages
from functions.storage.interface import BadPageTokenError
from functions.web.forms import fields, wants_json

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def together_routes(app: Flask, handle: Handle, answer: Answer) -> None:
    """``GET /desk/second/`` and ``POST /desk/cases/<tracking_id>/second`` (``agency``, "" to end it; ``reason``)."""
    ask = Second(handle)

    @app.get("/desk/second/")
    def seconds() -> Response:
        try:
            page = handle.second(g.session.viewer, request.args.get("after", ""))
        except BadPageTokenError as error:
            raise NotFoundProblem from error
        if wants_json():
            return make_response(answers.inbox_json(page))
        return make_response(pages.second(page, g.session, handle))

    @app.post("/desk/cases/<tracking_id>/second")
    def second(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(ask(g.session.viewer, case_id, typed.get("agency", ""), typed.get("reason", "")))

        # Who steps out sees the case no more.
        return answer(tracking_id, act, 200, "leave" if fields().get("form") == "leave" else "second")


def _standing(head: CaseHead) -> dict[str, object]:
    return {"stage": head.stage.value, "due": head.due.isoformat(), "second": head.second or None}
