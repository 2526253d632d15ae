"""In the thread: requests to see masked words, and the way to refuse one."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from functions.actions.reporter.converse import Converse, ReporterView
from functions.actions.reporter.refuse_unmasking import refuse_unmasking, unmaskings_wanted
from functions.casework.receipt import Receipt
from functions.web.unmask_words import ground_name, kind_name

Act = Callable[[Receipt, dict[str, str]], dict[str, object]]
Answer = Callable[[Act, int, str], Response]


def unmask_routes(app: Flask, answer: Answer, converse: Converse) -> None:
    """Add ``POST /api/thread/unmask`` (``receipt``, ``request``, ``reason`` or nothing), which refuses a request."""

    @app.post("/api/thread/unmask")
    def refuse_unmask() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            request, reason = (typed.get(name, "").strip() for name in ("request", "reason"))
            return {"n": refuse_unmasking(converse, receipt, request, reason)}

        return answer(act, 201, "kept_masked")


def unmask_json(view: ReporterView, converse: Converse) -> list[dict[str, object]]:
    """Return the requests that wait: which agency wants which message, for what, why, and what is masked there."""
    return [
        {
            "n": one.n,
            "agency": converse.directory.agency(one.agency).name,
            "message": one.target,
            "ground": one.ground.value,
            "reason": one.reason,
            "kinds": dict(one.kinds),
        }
        for one in unmaskings_wanted(view, converse)
    ]


def unmask_rows(view: ReporterView, converse: Converse) -> list[dict[str, Any]]:
    """Return the same for the page, in words."""
    return [
        {
            "n": one.n,
            "form": f"unmask-{one.n}",
            "agency": converse.directory.agency(one.agency).name,
            "ground": ground_name(one.ground),
            "reason": one.reason,
            "kinds": ", ".join(f"{count} {kind_name(kind)}" for kind, count in one.kinds.items()),
        }
        for one in unmaskings_wanted(view, converse)
    ]
