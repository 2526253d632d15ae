"""Masked words: an officer's act of asking to see them, and the second person's page, which shows none of them."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, make_response, render_template

from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.unmask import Unmask, Waiting, waiting
from functions.casework.access import Viewer, rights
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.casework.problems import NotFoundProblem, Problem
from functions.desk.acts import Act, Typed, asked
from functions.web.forms import case_number, fields, wants_json
from functions.web.kept_input import told, unsent
from functions.web.session import back
from functions.web.unmask_words import ground_name, kind_name

View = Callable[..., Response]


def unmask_acts(unmask: Unmask) -> dict[str, Act]:
    """``unmask`` (``n``, ``ground``, ``reason``)."""

    def ask(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        done = unmask.ask(viewer, case_id, *asked(typed, "n", "ground", "reason"))
        return {"n": done.n, "shown": done.shown}

    return {"unmask": Act(ask, "unmask", 201)}


def unmask_views(unmask: Unmask) -> dict[str, View]:
    """Return the second person's views: the requests that wait (GET), and ``unmask/decision`` (``request``,
    ``decision``: agreed or refused; ``reason``)."""

    def page(case_id: str, problem: Problem | None = None, typed: Typed | None = None) -> str:
        head, rows = waiting(unmask.act.cases, g.session.viewer, case_id)
        directory, given = unmask.act.directory, typed or {}
        forms = [f"unmask-{row.request.n}" for row in rows if row.mine]
        return render_template(
            "unmask.html",
            session=g.session,
            agency=directory.agencies[g.session.viewer.agency],
            head=head,
            opens=rights(g.session.viewer, head, directory).see,
            rows=[_shown(row, directory) for row in rows],
            errors=told(problem, given.get("form", "")),
            values=given,
            unsent=unsent(given, forms),
        )

    def unmask_requests(tracking_id: str) -> Response:
        case_id = case_number(tracking_id)
        if wants_json():
            return make_response(_json(*waiting(unmask.act.cases, g.session.viewer, case_id)))
        return make_response(page(case_id))

    def unmask_decision(tracking_id: str) -> Response:
        case_id, typed = case_number(tracking_id), fields()
        wanted = [text.strip() for text in asked(typed, "request", "decision", "reason")]
        if wants_json():
            return make_response({"n": unmask.decide(g.session.viewer, case_id, *wanted)}, 201)
        try:
            unmask.decide(g.session.viewer, case_id, *wanted)
        except NotFoundProblem:
            raise
        except Problem as error:
            return make_response(page(case_id, error, typed), error.status)
        return back("/desk/", done="unmask_decided")

    return {"unmask_requests": unmask_requests, "unmask_decision": unmask_decision}


def may_decide_on(cases: ReadCase, viewer: Viewer, case_id: str) -> bool:
    """Whether a request waits in this case that this officer may know of, whatever else they may see of it."""
    try:
        waiting(cases, viewer, case_id)
    except NotFoundProblem:
        return False
    return True


def _shown(row: Waiting, directory: Directory) -> dict[str, Any]:
    one = row.request
    return {
        "n": one.n,
        "agency": directory.agency(one.agency).name,
        "ground": ground_name(one.ground),
        "reason": one.reason,
        "kinds": [{"name": kind_name(kind), "count": count} for kind, count in one.kinds.items()],
        "mine": row.mine,
    }


def _json(head: CaseHead, rows: tuple[Waiting, ...]) -> dict[str, object]:
    return {
        "tracking_id": head.case_id,
        "requests": [
            {
                "n": row.request.n,
                "agency": row.request.agency,
                "ground": row.request.ground.value,
                "reason": row.request.reason,
                "kinds": dict(row.request.kinds),
                "mine": row.mine,
            }
            for row in rows
        ],
    }
