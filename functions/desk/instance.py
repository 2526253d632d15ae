"""``/desk/instance/…``: a coordinator edits their own instance (``actions.officer.directory_admin``).

Each change is shown first; the same form with ``confirm`` makes it.
"""

from collections.abc import Callable, Mapping

from flask import Response, g, make_response, request

from functions.actions.officer.directory_admin import Tend
from functions.actions.officer.request_enrolment import Enlist
from functions.casework.problems import (
    DirectoryMovedProblem,
    InvalidInputProblem,
    NotFoundProblem,
    Problem,
)
from functions.desk import instance_pages as pages
from functions.desk.changes import trail_csv
from functions.web.forms import fields, wants_json
from functions.web.session import back

HOME = "/desk/instance/"
Typed = dict[str, str]


def instance_views(tend: Tend, enlist: Enlist) -> Mapping[str, Callable[..., Response]]:
    """``GET /desk/instance/``, ``…/units/<code>``, ``…/trail.csv``; ``POST …/changes`` (``act``: add, change, remove,
    topic, day_off, day_on; with their fields) and ``…/officers`` (``act``: add_officer, remove_officer)."""

    def instance() -> Response:
        standing = tend.look(g.session.viewer)
        if wants_json():
            return make_response(pages.standing_json(standing))
        return make_response(pages.home(standing, g.session, done=request.args.get("done", "")))

    def unit(code: str) -> Response:
        standing = tend.look(g.session.viewer)
        if code not in [unit.code for unit in standing.units]:
            raise NotFoundProblem
        if wants_json():
            return make_response(pages.unit_json(standing.directory.agencies[code]))
        return make_response(pages.unit(standing, g.session, code))

    def trail() -> Response:
        standing = tend.look(g.session.viewer)
        response = make_response(trail_csv(standing.trail))
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        name = f"perubahan-{standing.instance.code}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def changes() -> Response:
        return _answered(tend, fields(), lambda typed: _change(tend, typed))

    def officers() -> Response:
        return _answered(tend, fields(), lambda typed: _officer(enlist, typed))

    return {"instance": instance, "unit": unit, "trail": trail, "changes": changes, "officers": officers}


def _answered(tend: Tend, typed: Typed, act: "pages.Act") -> Response:
    """The answer of an act; where something is wrong, the page with what was typed."""
    try:
        return act(typed)
    except InvalidInputProblem as problem:
        if wants_json():
            raise
        return make_response(_again(tend, problem, typed), problem.status)


def _again(tend: Tend, problem: Problem, typed: Typed) -> str:
    standing = tend.look(g.session.viewer)
    code = typed.get("code", "").strip()
    own = typed.get("act") in ("change", "remove") and code in [unit.code for unit in standing.units]
    if own:
        return pages.unit(standing, g.session, code, problem=problem, typed=typed)
    return pages.home(standing, g.session, problem=problem, typed=typed)


def _change(tend: Tend, typed: Typed) -> Response:
    viewer, seen = g.session.viewer, typed.get("version", "")
    if typed.get("confirm"):
        try:
            version = tend.change(viewer, typed, seen)
        except DirectoryMovedProblem as problem:
            if wants_json():
                raise
            return make_response(_shown(tend, typed, seen), problem.status)
        return make_response({"version": version}) if wants_json() else back(HOME, done="tend")
    if wants_json():
        standing, plan = tend.plan(viewer, typed)
        return make_response(pages.plan_json(standing, plan.changes))
    return make_response(_shown(tend, typed))


def _shown(tend: Tend, typed: Typed, seen: str = "") -> str:
    """What would change, to be confirmed; since ``seen``, what others changed meanwhile."""
    viewer = g.session.viewer
    standing, plan = tend.plan(viewer, typed)
    meanwhile = tend.changed_since(viewer, seen) if seen else ()
    return pages.confirm(standing, g.session, plan.changes, typed, meanwhile=meanwhile, moved=bool(seen))


def _officer(enlist: Enlist, typed: Typed) -> Response:
    viewer = g.session.viewer
    if typed.get("confirm"):
        enlist.wish(viewer, typed)
        return make_response({}, 202) if wants_json() else back(HOME, done="enlist")
    standing, _, changes = enlist.plan(viewer, typed)
    if wants_json():
        return make_response(pages.plan_json(standing, changes))
    return make_response(pages.confirm(standing, g.session, changes, typed, officers=True))
