"""The custody door's pages and JSON: the requests that wait, and one identity."""

from collections.abc import Sequence
from pathlib import Path

from flask import render_template

from functions.actions.common.sign_in import Session
from functions.actions.custodian.custody import Custody
from functions.actions.custodian.views import CustodyView, Pending
from functions.casework.consent.identity_request import Request
from functions.casework.problems import InvalidInputProblem, Problem
from functions.web.identity_steps import DANGERS, name_danger, narrate_step
from functions.web.kept_input import told, unsent
from functions.web.language import gettext
from functions.web.wording import N_, spoken

TEMPLATES = Path(__file__).parent / "templates"
DONE = {
    "ask": N_("Permintaan tercatat. Pelapor membacanya, dan kustodian lain menerima email."),
    "refuse": N_("Permintaan ditolak. Pelapor membaca alasan Anda."),
    "open": N_("Identitas dibuka. Pelapor membaca alasan Anda."),
    "endorse": N_("Persetujuan Anda tercatat. Pelapor membaca alasan Anda; kustodian lain yang memutuskan."),
}
# The form of each action, by what it is called on the page.
FORMS = {"ask": "request", "refuse": "refuse", "open": "open", "endorse": "endorse"}


def requests_json(rows: Sequence[Pending]) -> dict[str, object]:
    """Return the requests that wait."""
    return {
        "requests": [
            {
                "tracking_id": row.case_id,
                "agency": row.request.agency,
                "on": row.on.isoformat(),
                "opens_on": row.opens_on.isoformat() if row.opens_on else None,
                "mine": row.mine,
                **request_json(row.request),
            }
            for row in rows
        ]
    }


def request_json(request: Request) -> dict[str, object]:
    """Return what a waiting request still needs: the danger it names, the reporter's yes, an overseer's agreement."""
    return {
        "danger": request.danger.value if request.danger else None,
        "yes": request.yes,
        "endorsed": request.endorsed,
    }


def case_json(view: CustodyView) -> dict[str, object]:
    """Return one identity; ``name`` and ``contact`` only if this custodian may read them."""
    body: dict[str, object] = {
        "tracking_id": view.case_id,
        "state": view.state.value,
        "steps": [
            {
                "kind": step.kind.value,
                "agency": step.agency or None,
                "on": step.on.isoformat(),
                "reason": step.reason,
                "danger": step.danger or None,
                "whole": step.whole,
            }
            for step in view.steps
        ],
        "request": {"n": view.request.n, **request_json(view.request)} if view.request else None,
        "opens_on": view.opens_on.isoformat() if view.opens_on else None,
        "readable_until": view.readable_until.isoformat() if view.readable_until else None,
        "actions": list(view.actions),
        "split": view.split,
        "part": view.part or None,
        "wish": {"agency": view.wish.agency, "on": view.wish.on.isoformat(), "reason": view.wish.reason}
        if view.wish
        else None,
    }
    return body | ({"name": view.name, "contact": view.contact} if view.name is not None else {})


def requests(
    rows: Sequence[Pending],
    session: Session,
    custody: Custody,
    problem: InvalidInputProblem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """Return the page of what waits, with a field to look a number up. ``typed`` is given back with ``problem``."""
    agencies = custody.directory.agencies
    return render_template(
        "requests.html",
        session=session,
        agency=agencies[session.viewer.agency],
        rows=[{"row": row, "agency": _name(custody, row.request.agency)} for row in rows],
        waiting=sum(not row.mine for row in rows),
        today=custody.today(),
        values=typed or {},
        errors=spoken(problem.errors) if problem else [],
    )


def case(
    view: CustodyView,
    session: Session,
    custody: Custody,
    *,
    done: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """Return one identity's page. ``typed`` is given back with ``problem``."""
    given = typed or {}
    steps = [{"step": step, "headline": narrate_step(step, _name(custody, step.agency))} for step in view.steps[::-1]]
    return render_template(
        "identity.html",
        session=session,
        agency=custody.directory.agencies[session.viewer.agency],
        view=view,
        steps=steps,
        asker=_name(custody, view.request.agency) if view.request else "",
        wish_agency=_name(custody, view.wish.agency) if view.wish else "",
        danger=name_danger(view.request.danger or "") if view.request else "",
        dangers={danger.value: gettext(text) for danger, text in DANGERS.items()},
        today=custody.today(),
        days=custody.danger_days,
        done=gettext(DONE[done]) if done in DONE and not problem else "",
        errors=told(problem, given.get("form", "")),
        values=given,
        unsent=unsent(given, [FORMS[action] for action in view.actions]),
    )


def _name(custody: Custody, agency: str) -> str:
    known = custody.directory.agencies.get(agency)
    return known.name if known else agency
