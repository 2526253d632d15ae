"""At the desk: asking that the accused may read a case, and an overseer's decision (``actions.officer.lift_guard``)."""

from collections.abc import Callable, Mapping

from flask import Response, g

from functions.actions.officer.lift_guard import Lifting
from functions.casework.case import CaseHead

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def lift_views(lifting: Lifting, answer: Answer) -> Mapping[str, Callable[..., Response]]:
    """``POST /desk/cases/<tracking_id>/`` ``lift`` (``reason``) and ``lift/decision``
    (``decision``: granted or refused; ``reason``)."""

    def lift(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(lifting.ask(g.session.viewer, case_id, typed.get("reason", "")))

        return answer(tracking_id, act, 200, "lift")

    def decision(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            wanted = [typed.get(name, "").strip() for name in ("decision", "reason")]
            return _standing(lifting.decide(g.session.viewer, case_id, *wanted))

        return answer(tracking_id, act, 200, "decision")

    return {"lift": lift, "decision": decision}


def _standing(head: CaseHead) -> dict[str, object]:
    return {"lift": head.lift.state.value or None, "stage": head.stage.value, "due": head.clock.due.isoformat()}
