"""In the thread: a request to let the accused read the report, and the way to refuse it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, Response

from functions.actions.reporter.converse import Converse, ReporterView
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.guard_lift import LiftStep
from functions.casework.receipt import Receipt
from functions.casework.stages import Move

Act = Callable[[Receipt, dict[str, str]], dict[str, object]]
Answer = Callable[[Act, int, str], Response]


def lift_routes(app: Flask, answer: Answer, converse: Converse) -> None:
    """Add ``POST /api/thread/object`` (``receipt``, ``reason`` or nothing)."""

    @app.post("/api/thread/object")
    def object_lift() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            return {"lift": converse.object(receipt, typed.get("reason", "")).lift.state.value}

        return answer(act, 200, "lift_objected")


def lift_wanted(view: ReporterView, directory: Directory) -> dict[str, Any] | None:
    """Return the waiting request for the page; None without one.

    Names: ``agency`` asked, ``about`` is the accused, ``by`` is the overseer's. With them the ``reason``, and
    ``until``, the last day before anybody decides.
    """
    if Move.OBJECT not in view.moves:
        return None
    steps = (message for message in reversed(view.messages) if message.kind is EventKind.LIFT)
    asked = next((message for message in steps if message.facts.get("step") == LiftStep.ASKED), None)
    if asked is None:  # it is broken
        return None
    names = {name: directory.agency(asked.facts[name]).name for name in ("agency", "about", "by")}
    return names | {"reason": asked.body, "until": date.fromisoformat(asked.facts["until"])}
