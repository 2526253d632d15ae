"""Joined cases: joining, parting, and answering or closing them together (``actions.officer.join_cases``)."""

from collections.abc import Sequence

from functions.actions.common.trouble_codes import trouble_code
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.join_cases import JoinCases, Sent
from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.problems import InvalidInputProblem, Problem
from functions.desk.acts import Act, Typed
from functions.desk.handover.routing import with_second
from functions.web.wording import sentence, spoken


def join_acts(handle: HandleCase) -> dict[str, Act]:
    """``join`` (``tracking_id`` of the induk, "" to part from it; ``reason``); its form ``part`` parts."""
    joined = JoinCases(handle.act, handle)

    def join(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        into, reason = typed.get("tracking_id", ""), typed.get("reason", "")
        if into.strip():
            return with_second(joined.join(viewer, case_id, into, reason))
        return with_second(joined.part(viewer, case_id, reason))

    return {"join": Act(join, "join", also="part")}


def reply_to_all(
    handle: HandleCase, viewer: Viewer, case_id: str, wanted: Sequence[str], *, again: bool
) -> dict[str, object]:
    """Answer this case and all joined to it. ``wanted`` are the words, their key and what was seen."""
    n, sent = JoinCases(handle.act, handle).reply(viewer, case_id, *wanted, again=again)
    return {"n": n, "joined": _told_each(sent)}


def close_all(
    handle: HandleCase, viewer: Viewer, case_id: str, wanted: Sequence[str], *, again: bool
) -> tuple[CaseHead, list[dict[str, object]]]:
    """Close this case and all joined to it. ``wanted`` are the outcome, the words and their key. Returns the head, and
    what became of each other case."""
    head, sent = JoinCases(handle.act, handle).close(viewer, case_id, *wanted, again=again)
    return head, _told_each(sent)


def _told_each(sent: tuple[Sent, ...]) -> list[dict[str, object]]:
    """Return what became of a text in each joined case; ``detail`` says why it was not taken."""
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
