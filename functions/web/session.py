"""The cookie of a session, the token of its forms, and the way back after a form."""

from hmac import compare_digest
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request

from functions.casework.problems import CsrfProblem
from functions.web.forms import fields
from functions.web.language import DEFAULT, current

KEPT_SECONDS = 30 * 86400
KEPT_LINKS = 8  # of a week: a digest a day, and some letters that left at once


class Cookie:
    """The session cookie of one door. ``__Host-`` ties it to this host and HTTPS wherever there is HTTPS."""

    def __init__(self, door: str, *, https: bool) -> None:
        self.https = https
        self.name = f"__Host-lapor-{door}" if https else f"lapor-{door}"

    def read(self) -> str:
        """Return what the browser sent, "" for none: of several sessions the last."""
        return self.sessions()[0]

    def sessions(self) -> list[str]:
        """Return the sessions of all links that were opened in this browser, the last one first."""
        return request.cookies.get(self.name, "").split("~")

    def add(self, response: Response, value: str) -> None:
        """Give a session to this browser, which keeps those of its other links: it may come back with each of them."""
        same = value.partition(".")[0] + "."
        others = [each for each in self.sessions() if each and not each.startswith(same)]
        self.write(response, "~".join([value, *others][:KEPT_LINKS]))

    def write(self, response: Response, value: str, seconds: int = KEPT_SECONDS) -> None:
        """Give the session to this browser alone. It is kept as long as its link may be used, so that the browser may
        come back with the same link."""
        response.set_cookie(
            self.name, value, httponly=True, secure=self.https, samesite="Strict", path="/", max_age=seconds
        )

    def clear(self, response: Response) -> None:
        """Delete the cookie."""
        response.delete_cookie(self.name, httponly=True, secure=self.https, samesite="Strict", path="/")


def check_csrf(wanted: str) -> None:
    """Check that a POST carries its session's token, in a header or in the form. Raises CsrfProblem."""
    if request.method == "POST":
        sent = request.headers.get("X-CSRF-Token", "") or fields().get("csrf_token", "")
        if not compare_digest(sent.encode(), wanted.encode()):
            raise CsrfProblem


def back(path: str, **query: str) -> Response:
    """Redirect to a page by GET after a form was sent (303), in the form's language."""
    if current() != DEFAULT:
        query["lang"] = current()
    return make_response(redirect(f"{path}?{urlencode(query)}" if query else path, code=303))
