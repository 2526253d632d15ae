"""The way from a case to the next one of the view it was opened from.

Forms of such a case carry the hidden field ``view``, links to it the parameter.
"""

from collections.abc import Callable
from contextlib import suppress

from flask import Flask, Response, g, has_request_context, request
from werkzeug.exceptions import HTTPException

from functions.actions.officer.case_lists import CaseLists
from functions.actions.officer.lists.desk_views import View, views_of
from functions.actions.officer.read_case import ReadCase
from functions.casework.access import Viewer
from functions.casework.receipt import parse_tracking_id
from functions.desk.acts import LEAVING, said
from functions.desk.today.texts import counted, desk_name
from functions.web.session import back

# After these the case is for now no longer this officer's to work on.
DONE_HERE = LEAVING | {"reply", "reply_joined", "stage", "close", "close_joined"}

HANDOVER = "handover"
OF = "~"  # between the key of what was done and the number of the case


def chosen_view(viewer: Viewer | None = None) -> View | None:
    """Return the view that the request names; None if it names none that this officer has."""
    if not has_request_context():
        return None
    try:
        view = View(request.values.get("view", ""))
    except (ValueError, HTTPException):  # HTTPException: a body that is too large says so itself
        return None
    return view if viewer is None or view in views_of(viewer) else None


def leave_case(cases: ReadCase, viewer: Viewer, case_id: str) -> Callable[[str], Response]:
    """Return what answers an act on a case with the key of its sentence: the next case of the view, the case itself, or
    the desk. Call this before the act, which may take the case out of the view."""
    view = chosen_view(viewer)
    onward = CaseLists(cases).around(viewer, view, case_id).after if view else ""

    def answer(done: str) -> Response:
        named = {"view": view.value} if view else {}
        if view and done in DONE_HERE:
            path = f"/desk/cases/{onward}" if onward and onward != case_id else "/desk/"
            return back(path, **named, done=f"{done}{OF}{case_id}")
        if done == HANDOVER:  # it can be recalled for a while
            done = f"{done}{OF}{case_id}"
            return back("/desk/", **named, done=done)
        return back("/desk/" if done in LEAVING else f"/desk/cases/{case_id}", **named, done=done)

    return answer


def next_case_parts(app: Flask, cases: ReadCase) -> None:
    """Give the templates ``desk_view()``, for the forms' hidden field, and ``desk_nav(case_id)``, for
    ``case_nav.html``."""

    def desk_nav(case_id: str) -> dict[str, object] | None:
        view = chosen_view(g.session.viewer)
        if view is None:
            return None
        viewer: Viewer = g.session.viewer
        around = CaseLists(cases).around(viewer, view, case_id)
        parts = {"view": view.value, "around": around, "count": counted(around.count), "desk": desk_name(viewer.role)}
        return {**parts, **told_of()}

    app.jinja_env.globals.update(desk_view=lambda: chosen_view() or "", desk_nav=desk_nav)


def told_of() -> dict[str, str]:
    """Return what was just done (``did``), and the number of the case it was done to (``of``), if that is another than
    the page's."""
    done, _, number = request.args.get("done", "").partition(OF)
    with suppress(ValueError):
        return {"did": said(done), "of": parse_tracking_id(number)}
    return {"did": "", "of": ""}
