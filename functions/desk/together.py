"""Routes for two units on one case (``actions.officer.second_unit``) and for joined cases
(``actions.officer.join_cases``)."""

from collections.abc import Callable, Mapping, Sequence

from flask import Response, g

from functions.actions.common.trouble_codes import trouble_code
from functions.actions.officer.handle_case import Handle
from functions.actions.officer.join_cases import Joined, Sent
from functions.actions.officer.second_unit import Second
from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.problems import InvalidInputProblem, Problem
from functions.web.forms import fields
from functions.web.wording import sentence, spoken

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def together_views(handle: Handle, answer: Answer) -> Mapping[str, Callable[..., Response]]:
    """``POST /desk/cases/<tracking_id>/`` ``second`` (``agency``, "" to end it; ``reason``),
    ``join`` (``tracking_id`` of the induk, "" to take it from there again; ``reason``)."""
    ask, joined = Second(handle), Joined(handle)

    def second(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            return _standing(ask(g.session.viewer, case_id, typed.get("agency", ""), typed.get("reason", "")))

        # Who steps out sees the case no more.
        return answer(tracking_id, act, 200, "leave" if fields().get("form") == "leave" else "second")

    def join(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            into, reason = typed.get("tracking_id", ""), typed.get("reason", "")
            if into.strip():
                return _standing(joined.join(g.session.viewer, case_id, into, reason))
            return _standing(joined.part(g.session.viewer, case_id, reason))

        return answer(tracking_id, act, 200, "part" if fields().get("form") == "part" else "join")

    return {"second": second, "join": join}


def replied(handle: Handle, viewer: Viewer, case_id: str, wanted: Sequence[str], *, again: bool) -> dict[str, object]:
    """Answer this case and all joined to it; ``wanted`` are the words, their key and what was seen."""
    n, sent = Joined(handle).reply(viewer, case_id, *wanted, again=again)
    return {"n": n, "joined": _told_each(sent)}


def closed(
    handle: Handle, viewer: Viewer, case_id: str, wanted: Sequence[str], *, again: bool
) -> tuple[CaseHead, list[dict[str, object]]]:
    """Close this case and all joined to it; ``wanted`` are the outcome, the words and their key. Returns the head, and
    what became of each other."""
    head, sent = Joined(handle).close(viewer, case_id, *wanted, again=again)
    return head, _told_each(sent)


def _told_each(sent: tuple[Sent, ...]) -> list[dict[str, object]]:
    """What became of a text in each joined case; ``detail`` says why it was not taken."""
    return [
        {"tracking_id": one.case_id, "taken": one.error is None, **({"detail": _why(one.error)} if one.error else {})}
        for one in sent
    ]


def _why(error: Exception) -> str:
    if isinstance(error, InvalidInputProblem):
        return " ".join(one["message"] for one in spoken(error.errors))
    if isinstance(error, Problem):
        return sentence(error.code, error.facts)
    return sentence(trouble_code(error))


def _standing(head: CaseHead) -> dict[str, object]:
    return {"stage": head.stage.value, "due": head.clock.due.isoformat(), "second": head.desk_work.second or None}
