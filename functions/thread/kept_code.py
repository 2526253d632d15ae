"""The step after "I have saved the code": one group is asked back, so that a wrong copy shows while it can be mended.

Nothing is read, written or counted: the receipt comes with the form, and so does the number of the group. A wrong group
shows the whole code again, as often as somebody likes. Where the browser sealed the report, its script asks the same
(``site/browser/form/ingat.js``), and the receipt stays on the phone.
"""

from secrets import randbelow

from flask import Flask, Response, jsonify, make_response, render_template

from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.receipt import GROUPS, Receipt, is_group
from functions.thread import pages
from functions.thread.receipt_field import BadReceiptProblem, read_receipt
from functions.web.forms import fields, wants_json

NUMBERS = frozenset(map(str, range(1, GROUPS + 1)))


def kept_code_routes(app: Flask) -> None:
    """Add the route. A page without ``group`` asks for one at random; with ``show`` it shows the code again."""

    @app.post("/api/thread/kode")
    def kept_code() -> Response:
        typed = fields()
        if wants_json():
            return jsonify(kept=is_group(read_receipt(typed), _number(typed), typed.get("answer", "")))
        try:
            return make_response(page(read_receipt(typed), typed))
        except BadReceiptProblem as error:
            return make_response(pages.track(typed, error), error.status)


def page(receipt: Receipt, typed: dict[str, str]) -> str:
    """Return the question, or after an answer whether it fits; what fits no question is asked anew."""
    group, shown = typed.get("group", ""), bool(typed.get("show"))
    number = int(group) if group in NUMBERS and not shown else 0
    kept = bool(number) and is_group(receipt, number, typed.get("answer", ""))
    return render_template(
        "kept_code.html",
        receipt=str(receipt),
        groups=receipt.groups,
        asked=0 if number or shown else randbelow(GROUPS) + 1,
        wrong=number,
        kept=kept,
    )


def _number(typed: dict[str, str]) -> int:
    """Return the group that was asked for. Raises InvalidInputProblem for anything but 1 to 5."""
    group = typed.get("group", "")
    if group not in NUMBERS:
        raise InvalidInputProblem(FieldError("group", "unknown" if group else "required"))
    return int(group)
