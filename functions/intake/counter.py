"""The counter (loket) at the intake. Its clerk types in the same form and only sees different pages.

"Selesai, orang berikutnya" leaves nothing behind. The browser's history holds the sent forms: going back and sending
one again would show the report, or its receipt, to the next person. So the browser remembers the pass of each finished
form, in a cookie of random marks without any fact of a report, case or counter. A form sent again with one of them
is answered with an empty form. An unfinished form is always taken: nobody loses what they wrote, nor a receipt whose
answer was lost on the way.
"""

import re
from collections.abc import Mapping

from flask import Flask, Response, make_response

from functions.crypto.sign.counter_passes import HOUR, MARK_DIGITS, PASS_HOURS, Passes
from functions.intake.proof import COUNTER_FIELD
from functions.web.forms import fields, wants_json
from functions.web.session import Cookie, back

DESK = "/desk/loket"
REMEMBERED = 60  # finished forms; about a kilobyte with the dots between them
MARKS = re.compile(rf"[0-9a-f]{{{MARK_DIGITS}}}")


def register(app: Flask, passes: Passes, *, https: bool) -> None:
    """Add ``POST /api/reports/selesai`` (``loket``: the pass), which ends this person's turn."""
    cookie = Cookie("loket", https=https)

    @app.post("/api/reports/selesai")
    def finish() -> Response:
        response = make_response({}) if wants_json() else next_person()
        if mark := passes.mark(fields().get(COUNTER_FIELD, "")):
            known = [other for other in _marks(cookie.read()) if other != mark]
            cookie.write(response, ".".join([*known, mark][-REMEMBERED:]), PASS_HOURS * HOUR)
        # Browsers may keep whole pages in memory for going back; this clears them.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


def is_over(typed: Mapping[str, str], passes: Passes, *, https: bool) -> bool:
    """Whether this browser already finished the form that comes again."""
    mark = passes.mark(typed.get(COUNTER_FIELD, ""))
    return mark != "" and mark in _marks(Cookie("loket", https=https).read())


def next_person() -> Response:
    """Redirect to an empty form."""
    return back(DESK)


def _marks(value: str) -> list[str]:
    return [mark for mark in value.split(".") if MARKS.fullmatch(mark)]
