"""The counter (loket): an empty report form for a clerk who is signed in, with a pass for its report.

The form posts to the intake, as everybody's does. The desk sees neither the report nor its receipt. The pass tells the
intake that a clerk sent it, not which one: nothing is written down here.
"""

from typing import TYPE_CHECKING

from flask import Flask, Response, g, make_response, render_template

from functions.casework.access import is_accused
from functions.casework.directory.agencies import Agency, Directory
from functions.casework.directory.portal import above, portal_name, portal_of
from functions.crypto.sign.counter_passes import Passes
from functions.web import layout
from functions.web.forms import wants_json
from functions.web.language import gettext
from functions.web.wording import N_

if TYPE_CHECKING:  # only the counter's form lists them
    from functions.web.agency_choices import Choice

COUNTER = "/desk/loket"
OURS = N_("{name} (kantor Anda: jangan ditulis di loket ini)")


def counter_routes(app: Flask, directory: Directory, passes: Passes) -> None:
    """``GET /desk/loket``, for clerks alone: the guard of ``desk.app`` lets them nowhere else, and nobody else here."""

    @app.get(COUNTER)
    def counter() -> Response:
        from functions.web.agency_choices import agency_choices  # noqa: PLC0415 - only the counter's form lists them

        shown, higher = _portal(directory, g.session.viewer.agency)
        given = passes.make()
        if wants_json():
            return make_response({"loket": given})
        page = render_template(
            "counter.html",
            session=g.session,
            agency=directory.agencies[g.session.viewer.agency],
            values={"loket": given},
            errors=[],
            topics=list(shown.topics.values()),
            districts=list(shown.districts.values()),
            agencies=[
                _warned(choice, g.session.viewer.agency, directory) for choice in agency_choices(shown, above=higher)
            ],
        )
        return make_response(page)


def _portal(directory: Directory, agency: str) -> tuple[Directory, tuple[Agency, ...]]:
    """Return what the portal of the clerk's government lists, and who stands above it; all, if there is only one."""
    instance = directory.instance_of(agency)
    if instance is None or not portal_name(directory, instance.code):
        return directory, ()
    layout.use_portal(instance.code)
    return portal_of(directory, instance.code), above(directory, instance.code)


def _warned(choice: "Choice", own: str, directory: Directory) -> "Choice":
    """Return a choice of whom the report is about, with a warning where that is the clerk's own office: another has to
    write it. The desk alone knows which office that is, so the form warns and no later page does."""
    if not is_accused(own, choice.code, directory):
        return choice
    return choice._replace(name=gettext(OURS).format(name=choice.name))
