"""Intake's routes: form → check-your-answers → receipt, and JSON in one step (DESIGN §8)."""

from flask import Flask, Response, make_response, request

from functions.actions.submit import Submit
from functions.actions.troubles import TROUBLE, TROUBLES, trouble_code
from functions.casework.problems import (
    ChangedTextProblem,
    ClashProblem,
    FieldError,
    InvalidInputProblem,
)
from functions.casework.report import read_report
from functions.intake import pages
from functions.intake.hints import masked
from functions.web.door import make_door
from functions.web.forms import fields, submission_key, wants_json


def make_app(submit: Submit, *, url: str, operator: str = "") -> Flask:
    """The intake door around a ``Submit``. ``url`` is where the portal is reached."""
    app = make_door(__name__, TROUBLES, https=url.startswith("https://"), operator=operator)

    @app.post("/api/reports")
    def reports() -> Response:
        typed = fields()
        return _json(submit, typed) if wants_json() else _page(submit, typed, url)

    return app


def _json(submit: Submit, typed: dict[str, str]) -> Response:
    report = read_report(typed, submit.directory, submit.today())
    if not typed.get("submission_key"):
        raise InvalidInputProblem(FieldError("submission_key", "bad_submission_key"))
    done = submit(report, submission_key(typed["submission_key"]))
    return make_response(
        {
            "receipt": str(done.receipt),
            "tracking_id": done.tracking_id,
            "stage": done.stage,
            "due": done.due.isoformat(),
        },
        201 if done.created else 200,
    )


def _page(submit: Submit, typed: dict[str, str], url: str) -> Response:
    """One form, three answers: back to the form, the check page, or the receipt. What was typed is in each."""
    directory = submit.directory
    if request.form.get("edit"):
        return make_response(pages.form(typed, directory))
    # A tick is a wish: pressing "Kirim" with one set masks too, and shows the page again instead of sending.
    ticked = request.form.getlist("mask")
    typed = masked(typed, ticked) if ticked else typed
    try:
        report = read_report(typed, directory, submit.today())
        if ticked or request.form.get("mask_now") or not typed.get("submission_key"):
            key = typed.get("submission_key", "")
            return make_response(pages.check(typed, report, directory, key=key, done=bool(ticked)))
        done = submit(report, submission_key(typed["submission_key"]))
    except InvalidInputProblem as error:
        return make_response(pages.form(typed, directory, error.errors), error.status)
    except (ChangedTextProblem, ClashProblem) as error:
        # The earlier text is safe under this key; the new one gets a fresh key, and the writer decides.
        return make_response(pages.check(typed, report, directory, problem=error), error.status)
    except TROUBLE as error:
        return make_response(pages.check_again(typed, report, directory, trouble_code(error)), 503)
    return make_response(pages.receipt(done, url), 201 if done.created else 200)
