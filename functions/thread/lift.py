"""In the thread: a request that whom it is about may read the report, and the way to say no to it."""

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
    """``POST /api/thread/object`` (``receipt``, ``reason`` or nothing)."""

    @app.post("/api/thread/object")
    def object_lift() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            return {"lift": converse.object(receipt, typed.get("reason", "")).lift.state.value}

        return answer(act, 200, "lift_objected")


def lift_wanted(view: ReporterView, directory: Directory) -> dict[str, Any] | None:
    """The request that waits, for the page: names of who asked (``agency``), of whom it is about (``about``) and of
    where the overseer stands (``by``), the ``reason``, and ``until``, the last day on which nobody decides; None where
    none does."""
    if Move.OBJECT not in view.moves:
        return None
    asked = next(
        message
        for message in reversed(view.messages)
        if message.kind is EventKind.LIFT and message.facts["step"] == LiftStep.ASKED
    )
    names = {name: directory.agency(asked.facts[name]).name for name in ("agency", "about", "by")}
    return names | {"reason": asked.body, "until": date.fromisoformat(asked.facts["until"])}
