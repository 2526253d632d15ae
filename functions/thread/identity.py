"""The identity in the thread: its routes, and what the reporter sees of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, Response

from functions.actions.reporter.converse import ReporterView
from functions.actions.reporter.identity import Trust, TrustView, withdrawable
from functions.casework.case import EventKind, Mode
from functions.casework.directory.agencies import Directory
from functions.casework.receipt import Receipt
from functions.casework.sealed_identity import StepKind
from functions.web.identity_steps import name_danger, narrate_step

Act = Callable[[Receipt, dict[str, str]], dict[str, object]]
Answer = Callable[[Act, int, str], Response]
# Events of the case report these already.
IN_EVENTS = frozenset({StepKind.LEFT, StepKind.WITHDRAWN})
# The form of each action, by its name on the page
FORMS = {"leave": "leave", "withdraw": "take_back", "answer": "consent"}


class ReporterIdentity(NamedTuple):
    """What the reporter sees of their identity.

    ``view`` is None if they never left one in trust. ``actions`` are some of ``leave``, ``withdraw``, ``answer``.
    """

    mode: Mode
    view: TrustView | None
    actions: tuple[str, ...]


def identity_routes(app: Flask, answer: Answer, trust: Trust) -> None:
    """Add the routes that leave an identity, take it back, and say yes or no to its opening."""

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

    @app.post("/api/thread/identity/answer")
    def consent() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            said, request, reason = (typed.get(name, "").strip() for name in ("consent", "request", "reason"))
            return {"state": trust.answer(receipt, said, request, reason).value}

        return answer(act, 200, "answered")


def shown(trust: Trust, receipt: Receipt, view: ReporterView) -> ReporterIdentity:
    """Return mode, steps and possible actions. Of an anonymous report nothing more is read from the store."""
    head = view.head
    ever = head.reporter.mode is not Mode.ANONIM or any(message.kind is EventKind.IDENTITY for message in view.messages)
    found = trust.read(receipt) if ever else None
    actions = {
        "leave": head.reporter.mode is Mode.ANONIM and head.open and not head.shredded,
        "withdraw": withdrawable(head),
        "answer": found is not None and found.request is not None,
    }
    return ReporterIdentity(head.reporter.mode, found, tuple(name for name, possible in actions.items() if possible))


def identity_json(found: ReporterIdentity, directory: Directory) -> dict[str, object]:
    """Return mode, state (``none`` if nothing is in trust), the request that waits, steps and actions. The name itself
    is not repeated."""
    view = found.view
    return {
        "mode": found.mode.value,
        "state": view.state.value if view else "none",
        "split": view.split if view else False,
        "request": _request_json(view) if view else None,
        "steps": [
            {
                "kind": step.kind.value,
                "agency": _name(step.agency, directory) or None,
                "on": step.on.isoformat(),
                "reason": step.reason,
                "danger": step.danger or None,
                "whole": step.whole,
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
            "headline": narrate_step(step, _name(step.agency, directory), reporter=True),
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
    """Return the waiting request: its number, whose agency asked, why, what was answered so far, and for a danger to
    life its name and the last day on which silence keeps the identity closed. None without one."""
    view = found.view
    if view is None or view.request is None:
        return None
    request = view.request
    return {
        "n": request.n,
        "agency": _name(request.agency, directory),
        "reason": next(step.reason for step in view.steps if step.n == request.n),
        "danger": name_danger(request.danger or ""),
        "yes": request.yes,
        "endorsed": request.endorsed,
        "ends": view.silence_ends,
    }


def _request_json(view: TrustView) -> dict[str, object] | None:
    if view.request is None:
        return None
    return {
        "n": view.request.n,
        "danger": view.request.danger.value if view.request.danger else None,
        "yes": view.request.yes,
        "endorsed": view.request.endorsed,
        "silence_ends": view.silence_ends.isoformat() if view.silence_ends else None,
    }


def _name(agency: str, directory: Directory) -> str:
    known = directory.agencies.get(agency)
    return known.name if known else agency
