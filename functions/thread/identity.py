"""The identity in the thread: its routes, and what the reporter sees of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, Response

from functions.actions.reporter.converse import ReporterView
from functions.actions.reporter.identity import Trust, TrustView
from functions.casework.case import EventKind, Mode
from functions.casework.directory.agencies import Directory
from functions.casework.receipt import Receipt
from functions.casework.sealed_identity import StepKind, TrustState
from functions.web.identity_steps import narrate_step

Act = Callable[[Receipt, dict[str, str]], dict[str, object]]
Answer = Callable[[Act, int, str], Response]
# Events of the case report these already.
IN_EVENTS = frozenset({StepKind.LEFT, StepKind.WITHDRAWN})
# The form of each action, by its name on the page
FORMS = {"leave": "leave", "withdraw": "take_back", "object": "object"}


class ReporterIdentity(NamedTuple):
    """What the reporter sees of their identity.

    ``view`` is None if they never left one in trust. ``actions`` are some of ``leave``, ``withdraw``, ``object``.
    """

    mode: Mode
    view: TrustView | None
    actions: tuple[str, ...]


def identity_routes(app: Flask, answer: Answer, trust: Trust) -> None:
    """Add the routes that leave an identity, take it back, and object to its opening."""

    @app.post("/api/thread/identity")
    def leave() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            trust.leave(receipt, typed.get("name", ""), typed.get("contact", ""))
            return {"mode": Mode.RAHASIA.value}

        return answer(act, 200, "left")

    @app.post("/api/thread/identity/withdraw")
    def take_back() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            trust.withdraw(receipt)
            return {"mode": Mode.ANONIM.value}

        return answer(act, 200, "taken_back")

    @app.post("/api/thread/identity/object")
    def object_() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            return {"state": trust.object(receipt, typed.get("reason", "")).value}

        return answer(act, 200, "objected")


def shown(trust: Trust, receipt: Receipt, view: ReporterView) -> ReporterIdentity:
    """Return mode, steps and possible actions. Of an anonymous report nothing more is read from the store."""
    head = view.head
    ever = head.reporter.mode is not Mode.ANONIM or any(message.kind is EventKind.IDENTITY for message in view.messages)
    found = trust.read(receipt) if ever else None
    actions = {
        "leave": head.reporter.mode is Mode.ANONIM and head.open and not head.shredded,
        "withdraw": head.reporter.mode is not Mode.ANONIM,
        "object": found is not None and found.may_object,
    }
    return ReporterIdentity(head.reporter.mode, found, tuple(name for name, possible in actions.items() if possible))


def identity_json(found: ReporterIdentity, directory: Directory) -> dict[str, object]:
    """Return mode, state (``none`` if nothing is in trust), steps and actions. The name itself is not repeated."""
    view = found.view
    return {
        "mode": found.mode.value,
        "state": view.state.value if view else "none",
        "objection_ends": view.objection_ends.isoformat() if view and view.objection_ends else None,
        "steps": [
            {
                "kind": step.kind.value,
                "agency": _name(step.agency, directory) or None,
                "on": step.on.isoformat(),
                "reason": step.reason,
            }
            for step in (view.steps if view else ())
        ],
        "actions": list(found.actions),
    }


def step_rows(found: ReporterIdentity, directory: Directory) -> list[dict[str, Any]]:
    """Return the steps as rows among the messages, in the form of ``pages``."""
    return [
        {
            "n": f"i{step.n}",
            "kind": "identity",
            "voice": "system" if step.by else "mine",
            "asked": False,
            "on": step.on,
            "headline": narrate_step(step.kind, _name(step.agency, directory), reporter=True),
            "body": step.reason,
            "rating": "",
            "report": {},
            "happened_on": None,
            "files": (),
        }
        for step in (found.view.steps if found.view else ())
        if step.kind not in IN_EVENTS
    ]


def asked(found: ReporterIdentity, directory: Directory) -> dict[str, Any] | None:
    """Return the waiting request: whose agency asked, why, and the last day before anybody may open; None without
    one."""
    view = found.view
    if view is None or view.state is not TrustState.ASKED:
        return None
    step = view.steps[-1]
    return {"agency": _name(step.agency, directory), "reason": step.reason, "ends": view.objection_ends}


def _name(agency: str, directory: Directory) -> str:
    known = directory.agencies.get(agency)
    return known.name if known else agency
