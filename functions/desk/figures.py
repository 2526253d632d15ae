"""``GET /desk/figures/`` (``?instance=``): what those who oversee see of many cases at once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, g, make_response, render_template, request

from functions.actions.officer.figures import Figures, Survey
from functions.casework.barometer.measures import Measures, Spell
from functions.casework.figures import CLOSED_DAYS, Tally
from functions.web.forms import wants_json


def figure_views(survey: Survey) -> Mapping[str, Callable[..., Response]]:
    """The view; 404 for who oversees nothing."""

    def figures() -> Response:
        found = survey.read(g.session.viewer, request.args.get("instance", ""))
        if wants_json():
            return make_response(_json(found))
        agency = survey.directory.agencies[g.session.viewer.agency]
        rows = [{"name": agency.name, **_shown(each)} for agency, each in found.rows]
        page = {"found": found, "rows": rows, "total": _shown(found.total), "days": CLOSED_DAYS}
        page |= {"lately": _measured(found.lately)}
        return make_response(render_template("figures.html", session=g.session, agency=agency, **page))

    return {"figures": figures}


def _shown(each: Tally) -> dict[str, Any]:
    """A tally with its mean rating, None where nobody rated."""
    return asdict(each) | {"mean": round(each.ratings / each.rated, 1) if each.rated else None}


def _measured(lately: Measures) -> dict[str, Any]:
    """Medians in working days and shares in whole per cent, None where too few cases stand behind one; a median that is
    known and None was not reached by half of them."""
    return {
        "received": lately.received,
        "answer": _spell(lately.answer),
        "resolve": _spell(lately.resolve),
        "on_time": round(lately.on_time.share * 100) if lately.on_time else None,
        "reopened": round(lately.reopened.share * 100) if lately.reopened else None,
    }


def _spell(spell: Spell | None) -> dict[str, Any] | None:
    if spell is None:
        return None
    waiting = {str(day): round(point.share * 100) for day, point in spell.waiting.items()}
    return {"median": spell.median.day, "waiting": waiting}


def _json(found: Figures) -> dict[str, object]:
    return {
        "instance": found.instance.code,
        "instances": [{"code": agency.code, "name": agency.name} for agency in found.instances],
        "on": found.on.isoformat() if found.on else None,
        "closed_days": CLOSED_DAYS,
        "agencies": [{"code": agency.code, "name": agency.name, **_shown(each)} for agency, each in found.rows],
        "total": _shown(found.total),
        "lately": _measured(found.lately),
    }
