"""Refuse forms that another site's page sends through its visitors' browsers.

Reporters have no cookie that such a page could misuse, but it could make strangers flood us. Officers must not act
without knowing. The browser itself says where a request came from (Fetch Metadata, ``Sec-Fetch-Site``), and no page can
alter that. Requests without it pass (older browsers, text browsers, programs): no site can make those send either,
without their user. ``Origin`` is not checked: our own pages send "null" (Referrer-Policy).
"""

from flask import Flask, Response, make_response, render_template, request

from functions.casework.problems import CrossSiteProblem
from functions.web import errors
from functions.web.forms import wants_json
from functions.web.kept_input import written
from functions.web.wording import sentence, title

STRANGERS = frozenset({"cross-site", "same-site"})  # a neighbour below the same domain is not us
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_from_elsewhere() -> bool:
    """Tell whether the browser says that a page of another site made this request."""
    return request.headers.get("Sec-Fetch-Site", "") in STRANGERS


def guard(app: Flask) -> None:
    """Refuse every change from another site's page: 403, before any route or session is read."""

    @app.before_request
    def refuse() -> Response | None:
        if request.method in SAFE_METHODS or not is_from_elsewhere():
            return None
        problem = CrossSiteProblem()
        text = "" if wants_json() else written()
        if not text:
            return errors.answer(problem)
        # A saved copy of our form, or one behind a translator, is a stranger too; what was typed there is not lost.
        page = render_template("strange.html", title=title(problem.code), says=sentence(problem.code), written=text)
        return make_response(page, problem.status)
