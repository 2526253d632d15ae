"""``GET /desk/figures/`` (``?instance=``): many cases at once, for officers who oversee."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, g, make_response, render_template, request

from functions.actions.officer.figures import Figures, ReadFigures
from functions.casework.barometer.measures import Measures, Spell
from functions.casework.consent.unmask_request import UnmaskStep
from functions.casework.figures import CLOSED_DAYS, Tally
from functions.web.forms import wants_json
from functions.web.unmask_words import ground_name


def figure_views(reading: ReadFigures) -> Mapping[str, Callable[..., Response]]:
    """Return the view; it answers 404 to officers who oversee nothing."""

    def figures() -> Response:
        found = reading.read(g.session.viewer, request.args.get("instance", ""))
        if wants_json():
            return make_response(_json(found))
        agency = reading.directory.agencies[g.session.viewer.agency]
        rows = [{"name": agency.name, **_shown(each)} for agency, each in found.rows]
        page = {"found": found, "rows": rows, "total": _shown(found.total), "days": CLOSED_DAYS}
        page |= {"lately": _measured(found.lately), "requests": list(_requests(found))}
        return make_response(render_template("figures.html", session=g.session, agency=agency, **page))

    return {"figures": figures}


def _shown(each: Tally) -> dict[str, Any]:
    """A tally with its mean rating, None if nobody rated."""
    return asdict(each) | {"mean": round(each.ratings / each.rated, 1) if each.rated else None}


def _measured(lately: Measures) -> dict[str, Any]:
    """Medians in working days and shares in whole per cent, None if too few cases stand behind one. A median of None
    within a known spell was not reached by half of the cases."""
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
        **({"requests": list(_requests(found))} if found.requests else {}),
    }


def _requests(found: Figures) -> Iterator[dict[str, object]]:
    """Yield the requests to see masked words by agency and ground: how often it asked, saw them, and was refused by a
    second person or by the reporter."""
    for agency, ground, steps in found.requests:
        yield {
            "code": agency.code,
            "name": agency.name,
            "ground": ground,
            "for": ground_name(ground),
            "asked": steps[UnmaskStep.ASKED] + steps[UnmaskStep.SHOWN],
            "seen": steps[UnmaskStep.AGREED] + steps[UnmaskStep.SHOWN],
            "refused": steps[UnmaskStep.REFUSED],
            "objected": steps[UnmaskStep.OBJECTED],
        }
