"""Several cases handed over as proposed: ``POST /desk/bulk`` (the confirmation), ``/desk/bulk/handover`` (the act) and
``/desk/bulk/recall``; and the recall of one case. Each answers a page or JSON.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, make_response, render_template, request

from functions.actions.common.append import check_key
from functions.actions.common.trouble_codes import TROUBLE, trouble_code
from functions.actions.officer.case_lists import CaseLists
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.handover.bulk_handover import (
    MOST,
    REFUSALS,
    Apart,
    BulkHandover,
    Order,
    Proposed,
    Result,
)
from functions.actions.officer.handover.recall import Recall, Waiting
from functions.casework.access import Viewer
from functions.casework.problems import FieldError, InvalidInputProblem, Problem, RecallProblem
from functions.casework.receipt import parse_tracking_id
from functions.casework.stages import STANDING
from functions.desk.acts import Act, Typed, standing
from functions.desk.today.next_case import HANDOVER, OF, chosen_view
from functions.web.forms import fields, wants_json
from functions.web.layout import long_date
from functions.web.narration import district_name, topic_name
from functions.web.session import back
from functions.web.wording import sentence, spoken

View = Callable[..., Response]
HOUR = 3600
_VIEW = re.compile("[a-z_]{1,20}")
_SEPARATORS = re.compile(r"[\s,]+")
RETRY = frozenset({"reason", "key"})  # faults that the officer puts right on the page itself


def bulk_views(handle: HandleCase, timezone: str) -> dict[str, View]:
    """Return the views of ``lazy_routes.BULK``. ``timezone`` is that of the hours that the pages name."""
    pages = BulkPages(BulkHandover(handle), Recall(handle.act), timezone)
    preview, handover, take_back = (pages.shown(view) for view in (pages.preview, pages.handover, pages.take_back))
    return {"bulk": preview, "bulk_handover": handover, "bulk_recall": take_back}


@dataclass(frozen=True, slots=True)
class BulkPages:
    """The views. ``timezone`` as in ``bulk_views``."""

    bulk: BulkHandover
    recall: Recall
    timezone: str

    @property
    def handle(self) -> HandleCase:
        """What hands each case over."""
        return self.bulk.handle

    def shown(self, view: View) -> View:
        """Answer a fault of the whole form with the page, where a page is wanted."""

        def answer() -> Response:
            try:
                return view()
            except InvalidInputProblem as error:
                if wants_json():
                    raise
                return make_response(self._page([], [], errors=spoken(error.errors)), error.status)

        return answer

    def preview(self) -> Response:
        """List what would go where, and what is left out."""
        cases = _ticked(self.handle, fields())
        if not cases:
            raise InvalidInputProblem(FieldError("case", "tick_first"))
        proposed, left = self.bulk.propose(g.session.viewer, cases)
        apart = [_apart_row(self.handle, one) for one in left]
        if wants_json():
            return make_response({"cases": [_row_json(row) for row in proposed], "apart": apart})
        return make_response(self._page([_row(self.handle, row) for row in proposed], apart))

    def handover(self) -> Response:
        """Hand over what is still ticked; with faults, the page with what was typed."""
        typed = fields()
        key, named = check_key("key", typed.get("key", "")), _named(typed)
        if not named:
            raise InvalidInputProblem(FieldError("case", "tick_first"))
        orders = [_order(case_id, typed) for case_id in named[:MOST]]
        results = self.bulk.carry_out(g.session.viewer, orders, key)
        done = [result.order for result in results if result.error is None]
        failed = [result for result in results if result.error is not None]
        beyond = [_apart_row(self.handle, Apart(case_id, "bulk_limit")) for case_id in named[MOST:]]
        if wants_json():
            said = [{"tracking_id": order.case_id, "agency": order.agency} for order in done]
            return make_response({"done": said, "failed": [_failed_json(one) for one in failed] + beyond})
        if not failed and not beyond:
            joined = " ".join(order.case_id for order in done)
            return back("/desk/", done=f"{HANDOVER}{OF}{joined}", **_view(typed))
        again = [_again(self.bulk, result) for result in failed if _can_retry(result)]
        apart = [_failed_json(result) for result in failed if not _can_retry(result)] + beyond
        numbers = [order.case_id for order in done]
        handed = handed_rows(self.recall, self.timezone, numbers) if numbers else {}
        errors = [{"field": f"reason-{row['case_id']}", "message": row["error"]} for row in again]
        page = self._page(again, apart, key=key, handed=handed, tried=True, errors=errors)
        return make_response(page, 422 if again else 409)

    def take_back(self) -> Response:
        """Recall each; one that is too late is named."""
        cases = _named(fields(), "recall")
        if not cases:
            raise InvalidInputProblem(FieldError("recall", "tick_first"))
        done, late = [], []
        for case_id in cases[:MOST]:
            try:
                self.recall(g.session.viewer, case_id)
            except REFUSALS as error:
                late.append({"tracking_id": case_id, "why": _code(error), "detail": _why(error)})
            else:
                done.append(case_id)
        if wants_json():
            return make_response({"done": [{"tracking_id": one} for one in done], "failed": late})
        if not late:
            return back("/desk/", done="recall", **_view(fields()))
        return make_response(self._page([], late, back_again=len(done), tried=True), 409)

    def _page(self, rows: list[dict[str, Any]], apart: list[dict[str, str]], **more: Any) -> str:
        session = g.session
        given: dict[str, Any] = {"key": token_hex(16), "errors": [], "handed": {}, "tried": False, "back_again": 0}
        return render_template(
            "bulk.html",
            session=session,
            agency=self.handle.act.directory.agencies[session.viewer.agency],
            rows=rows,
            apart=apart,
            view=_view(fields()).get("view", ""),
            **given | more,
        )


def recall_acts(handle: HandleCase) -> dict[str, Act]:
    """``recall``: no fields."""
    recall = Recall(handle.act)

    def do(viewer: Viewer, case_id: str, _: Typed) -> dict[str, object]:
        return standing(recall(viewer, case_id))

    return {"recall": Act(do, "recall")}


def handed_now(handle: HandleCase, timezone: str) -> dict[str, Any]:
    """Return what ``bulk_said.html`` says of the cases that the query names as handed over; nothing of a single one
    that cannot be recalled, since another sentence says what became of it."""
    did, _, named = request.args.get("done", "").partition(OF)
    numbers = _numbers(_SEPARATORS.split(named))[:MOST] if did == HANDOVER else []
    if not numbers:
        return {}
    said = handed_rows(Recall(handle.act), timezone, numbers)
    return said if said["open"] or not said["count"] or len(numbers) > 1 else {}


def handed_rows(recall: Recall, timezone: str, cases: list[str]) -> dict[str, Any]:
    """Return what the bar says: ``count`` of the cases that are handed over, ``one``: the number of a single one,
    ``open``: the numbers of those that can be recalled, ``at``: the hour of their first letter, "" for soon."""
    found: dict[str, Waiting | None] = {}
    for case_id in cases:
        with suppress(*REFUSALS):
            found[case_id] = recall.waiting(g.session.viewer, case_id)
    waiting = [one for one in found.values() if one]
    away = [case_id for case_id in cases if found.get(case_id, case_id)]
    first = min((one.leaves for one in waiting), default=0)
    later = first > g.session.viewer.hour
    return {
        "count": len(away),
        "one": away[0] if len(away) == 1 else "",
        "open": [one.case_id for one in waiting],
        "at": _clock(first, timezone) if later else "",
    }


def _clock(hour: int, timezone: str) -> str:
    """Return an epoch hour as people of the place say it ("10.00"), with the day if that is not today: a digest may
    leave on another."""
    zone = ZoneInfo(timezone)
    now, then = (datetime.fromtimestamp(each * HOUR, UTC).astimezone(zone) for each in (g.session.viewer.hour, hour))
    clock = then.strftime("%H.%M")
    return clock if then.date() == now.date() else f"{clock}, {long_date(then.date())}"


def _ticked(handle: HandleCase, typed: Typed) -> list[str]:
    """Return the ticked cases; with ``all`` (yes), those that wait on the first page of the view, or of all cases."""
    if typed.get("all", "") not in ("", "yes"):
        raise InvalidInputProblem(FieldError("all", "unknown"))
    if not typed.get("all", ""):
        return _named(typed)
    lists, viewer, own = CaseLists(handle.act.cases), g.session.viewer, g.session.viewer.agency
    view = chosen_view(viewer)
    rows = lists.today(viewer, view).rows if view else lists.inbox(viewer).rows
    return [r.head.case_id for r in rows if r.head.holder == own and r.head.open and r.head.stage not in STANDING]


def _named(typed: Typed, name: str = "case") -> list[str]:
    """Return the numbers in a field that may stand more than once, or hold several apart by spaces or commas."""
    given = [typed.get(name, "")] if request.is_json else request.form.getlist(name)
    return _numbers([part for each in given for part in _SEPARATORS.split(each)])


def _numbers(given: list[str]) -> list[str]:
    """Return the tracking ids among these, each once."""
    found = []
    for text in given:
        try:
            found.append(parse_tracking_id(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _order(case_id: str, typed: Typed) -> Order:
    seen = typed.get(f"seen-{case_id}", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0  # noqa: PLR2004 - no version is so long
    return Order(case_id, typed.get(f"agency-{case_id}", ""), typed.get(f"reason-{case_id}", ""), number)


def _view(typed: Typed) -> dict[str, str]:
    view = typed.get("view", "")
    return {"view": view} if _VIEW.fullmatch(view) else {}


def _can_retry(result: Result) -> bool:
    error = result.error
    return isinstance(error, InvalidInputProblem) and all(one.field in RETRY for one in error.errors)


def _row(handle: HandleCase, row: Proposed) -> dict[str, Any]:
    directory, head = handle.act.directory, row.head
    return {
        "case_id": head.case_id,
        "subject": row.subject,
        "topic": topic_name(head.topic, directory),
        "district": district_name(head.district, directory),
        "agency": row.agency,
        "name": directory.agency(row.agency).name,
        "reason": row.reason,
        "seen": head.version,
        "error": "",
    }


def _again(bulk: BulkHandover, result: Result) -> dict[str, Any]:
    """Return the row of an order whose reason has to be written anew, with what was typed."""
    handle, order = bulk.handle, result.order
    proposed, _ = bulk.propose(g.session.viewer, [order.case_id])
    base = _row(handle, proposed[0]) if proposed else {"case_id": order.case_id, "subject": "", "topic": ""}
    name = handle.act.directory.agency(order.agency).name
    kept = {"agency": order.agency, "name": name, "reason": order.reason, "seen": order.seen}
    return {"district": ""} | base | kept | {"error": _why(result.error)}


def _row_json(row: Proposed) -> dict[str, object]:
    return {
        "tracking_id": row.head.case_id,
        "subject": row.subject,
        "agency": row.agency,
        "reason": row.reason,
        "seen": row.head.version,
    }


def _apart_row(handle: HandleCase, one: Apart) -> dict[str, str]:
    facts = {"agency": handle.act.directory.agency(one.agency).name if one.agency else "", "limit": str(MOST)}
    return {"tracking_id": one.case_id, "why": one.why, "detail": sentence(one.why, facts)}


def _failed_json(result: Result) -> dict[str, str]:
    return {"tracking_id": result.order.case_id, "why": _code(result.error), "detail": _why(result.error)}


def _code(error: Exception | None) -> str:
    if isinstance(error, Problem):
        return error.code
    return trouble_code(error) if isinstance(error, TROUBLE) else "unavailable"


def _why(error: Exception | None) -> str:
    if isinstance(error, InvalidInputProblem):
        return " ".join(one["message"] for one in spoken(error.errors))
    if isinstance(error, Problem) and not isinstance(error, RecallProblem):
        return sentence({"not_found": "bulk_unknown"}.get(error.code, error.code), error.facts)
    return sentence(_code(error))
