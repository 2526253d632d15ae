"""``/desk/instance/…``: a coordinator edits their own instance (``actions.officer.instance.directory_admin``).

Each change is shown first; the same form with ``confirm`` makes it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import Response, g, make_response, request

from functions.actions.officer.instance.directory_admin import DirectoryAdmin, Standing
from functions.actions.officer.instance.directory_history import DirectoryHistory, History
from functions.actions.officer.instance.request_enrolment import RequestEnrolment
from functions.casework.directory.agencies import Agency
from functions.casework.directory.diff import Change
from functions.casework.directory.trail import Entry, Trail
from functions.casework.problems import (
    DirectoryMovedProblem,
    InvalidInputProblem,
    NotFoundProblem,
    Problem,
)
from functions.desk.acts import Typed
from functions.desk.instance import pages
from functions.web.file_answer import csv_answer, xlsx_answer
from functions.web.forms import fields, wants_json
from functions.web.session import back

HOME = "/desk/instance/"
COLUMNS = ("n", "on", "by", "version", "change", "chain")


def instance_views(admin: DirectoryAdmin, enrolment: RequestEnrolment) -> Mapping[str, Callable[..., Response]]:
    """``GET /desk/instance/``, ``…/units/<code>``, ``…/trail.csv``, ``…/trail.xlsx``; ``POST …/changes`` (``act``: add,
    change, remove, topic, day_off, day_on; with their fields) and ``…/officers`` (``act``: add_officer,
    remove_officer)."""

    def instance() -> Response:
        standing = admin.read(g.session.viewer)
        if wants_json():
            return make_response(standing_json(standing))
        return make_response(pages.home(standing, g.session, done=request.args.get("done", "")))

    def unit(code: str) -> Response:
        standing = admin.read(g.session.viewer)
        if code not in [unit.code for unit in standing.units]:
            raise NotFoundProblem
        if wants_json():
            return make_response(unit_json(standing.directory.agencies[code]))
        return make_response(pages.unit(standing, g.session, code))

    def trail() -> Response:
        standing = admin.read(g.session.viewer)
        return csv_answer(f"perubahan-{standing.instance.code}.csv", COLUMNS, trail_rows(standing.trail))

    def trail_book() -> Response:
        standing = admin.read(g.session.viewer)
        return xlsx_answer(f"perubahan-{standing.instance.code}.xlsx", COLUMNS, trail_rows(standing.trail))

    def changes() -> Response:
        return _answered(admin, fields(), lambda typed: _change(admin, typed))

    def officers() -> Response:
        return _answered(admin, fields(), lambda typed: _officer(enrolment, typed))

    tables = {"trail": trail, "trail_book": trail_book}
    views: dict[str, Callable[..., Response]] = {"instance": instance, "unit": unit}
    return {**views, **tables, "changes": changes, "officers": officers}


def history_views(reading: DirectoryHistory) -> Mapping[str, Callable[..., Response]]:
    """``GET /desk/instance/history/`` (``?instance=``, ``?page=``), for those who watch over an instance."""

    def history() -> Response:
        found = reading.read(g.session.viewer, request.args.get("instance", ""), request.args.get("page", ""))
        if wants_json():
            return make_response(history_json(found))
        return make_response(pages.history(found, g.session, reading.directory))

    return {"history": history}


def _answered(admin: DirectoryAdmin, typed: Typed, act: Callable[[Typed], Response]) -> Response:
    """Return the answer of an act; if something is wrong, the page with what was typed."""
    try:
        return act(typed)
    except InvalidInputProblem as problem:
        if wants_json():
            raise
        return make_response(_again(admin, problem, typed), problem.status)


def _again(admin: DirectoryAdmin, problem: Problem, typed: Typed) -> str:
    standing = admin.read(g.session.viewer)
    code = typed.get("code", "").strip()
    own = typed.get("act") in ("change", "remove") and code in [unit.code for unit in standing.units]
    if own:
        return pages.unit(standing, g.session, code, problem=problem, typed=typed)
    return pages.home(standing, g.session, problem=problem, typed=typed)


def _change(admin: DirectoryAdmin, typed: Typed) -> Response:
    viewer, seen = g.session.viewer, typed.get("version", "")
    if typed.get("confirm"):
        try:
            version = admin.change(viewer, typed, seen)
        except DirectoryMovedProblem as problem:
            if wants_json():
                raise
            return make_response(_shown(admin, typed, seen), problem.status)
        return make_response({"version": version}) if wants_json() else back(HOME, done="tend")
    if wants_json():
        standing, plan = admin.plan(viewer, typed)
        return make_response(plan_json(standing, plan.changes))
    return make_response(_shown(admin, typed))


def _shown(admin: DirectoryAdmin, typed: Typed, seen: str = "") -> str:
    """Return what would change, to be confirmed, and what others changed since ``seen``."""
    viewer = g.session.viewer
    standing, plan = admin.plan(viewer, typed)
    meanwhile = admin.changed_since(viewer, seen) if seen else ()
    return pages.confirm(standing, g.session, plan.changes, typed, meanwhile=meanwhile, moved=bool(seen))


def _officer(enrolment: RequestEnrolment, typed: Typed) -> Response:
    viewer = g.session.viewer
    if typed.get("confirm"):
        enrolment.wish(viewer, typed)
        return make_response({}, 202) if wants_json() else back(HOME, done="enlist")
    standing, _, changes = enrolment.plan(viewer, typed)
    if wants_json():
        return make_response(plan_json(standing, changes))
    return make_response(pages.confirm(standing, g.session, changes, typed, officers=True))


def trail_rows(trail: Trail) -> Iterator[tuple[object, ...]]:
    """Yield a row for each change of the whole trail, as ops read it."""
    for entry in trail.entries:
        for change in entry.changes:
            yield entry.n, entry.on.isoformat(), entry.by, entry.version, str(change), entry.chain.hex()


def standing_json(standing: Standing) -> dict[str, object]:
    """Return the instance as JSON."""
    topics = standing.directory.topics
    return {
        "instance": standing.instance.code,
        "version": standing.version,
        "units": [unit_json(unit) for unit in standing.units],
        "topics": [{"code": code, "name": topics[code].name, "unit": topics[code].unit} for code in standing.topics],
        "days_off": [day.isoformat() for day in sorted(standing.checked.holidays)] if standing.own_days else None,
        "officers": [{"ident": m.ident, "agency": m.agency, "role": m.role.value} for m in standing.staff],
        "trail": [entry_json(entry) for entry in standing.trail.entries[-pages.TRAIL_SHOWN :]],
    }


def history_json(found: History) -> dict[str, object]:
    """Return a page of changes as JSON, newest first."""
    return {
        "instance": found.instance.code,
        "instances": [{"code": agency.code, "name": agency.name} for agency in found.instances],
        "page": found.page,
        "pages": found.pages,
        "trail": [entry_json(entry) for entry in found.entries],
    }


def entry_json(entry: Entry) -> dict[str, object]:
    """Return what was changed at once, as JSON; ``by`` is "@ops" for an import."""
    told = {"n": entry.n, "on": entry.on.isoformat(), "by": entry.by, "version": entry.version}
    return told | {"changes": list(map(str, entry.changes))}


def unit_json(unit: Agency) -> dict[str, object]:
    """Return a unit as JSON."""
    return {"code": unit.code, "name": unit.name, "level": unit.level.value, "parent": unit.parent}


def plan_json(standing: Standing, changes: Iterable[Change]) -> dict[str, object]:
    """Return a change before it is made, as JSON. Sent again with ``confirm`` and this ``version``, it is made."""
    changes = tuple(changes)
    return {"version": standing.version, "changes": list(map(str, changes)), "notes": pages.notes(changes)}
