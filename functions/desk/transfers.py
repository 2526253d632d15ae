"""The route by which a case goes to another government (``actions.officer.transfer``)."""

from collections.abc import Callable, Mapping

from flask import Response, g

from functions.actions.officer.transfer import Transfer

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def transfer_views(transfer: Transfer, answer: Answer) -> Mapping[str, Callable[..., Response]]:
    """``POST /desk/cases/<tracking_id>/transfer`` (``instance``: code or name; ``reason``)."""

    def move(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            head = transfer(g.session.viewer, case_id, typed.get("instance", ""), typed.get("reason", ""))
            return {"stage": head.stage.value, "due": head.clock.due.isoformat()}

        return answer(tracking_id, act, 200, "transfer")

    return {"move": move}
