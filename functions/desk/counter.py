"""The counter (loket): an empty report form for a clerk who is signed in, with a pass for its report.

The form posts to the intake, as everybody's does. The desk sees neither the report nor its receipt. The pass tells the
intake that a clerk sent it, not which one: nothing is written down here.
"""

from flask import Flask, Response, g, make_response, render_template

from functions.casework.directory.agencies import Directory
from functions.crypto.sign.counter_passes import Passes
from functions.web.forms import wants_json

COUNTER = "/desk/loket"


def counter_routes(app: Flask, directory: Directory, passes: Passes) -> None:
    """``GET /desk/loket``, for clerks alone: the guard of ``desk.app`` lets them nowhere else, and nobody else here."""

    @app.get(COUNTER)
    def counter() -> Response:
        from functions.web.agency_choices import agency_choices  # noqa: PLC0415 - only the counter's form lists them

        given = passes.make()
        if wants_json():
            return make_response({"loket": given})
        page = render_template(
            "counter.html",
            session=g.session,
            agency=directory.agencies[g.session.viewer.agency],
            values={"loket": given},
            errors=[],
            topics=list(directory.topics.values()),
            districts=list(directory.districts.values()),
            agencies=agency_choices(directory),
        )
        return make_response(page)
