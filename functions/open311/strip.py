"""Drop what an app sends about a person before Flask, a log or anything of ours sees the request.

The standard has fields for a reporter's e-mail, phone, names, device and account, and apps send them unasked. The body
is read here, and only fields on the list of ``edge.request_filter`` are passed on.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from functions.edge.request_filter import clean_form

FORM = "application/x-www-form-urlencoded"
MAX_BYTES = 256 * 1024

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def stripped(app: "WSGIApplication") -> "WSGIApplication":
    """Pass on the allowed fields of a form, and nothing of any other body. A body that is too large becomes empty but
    keeps its length header, so that the door refuses it."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return app({**environ, **_clean(environ)}, start_response)

    return call


def _clean(environ: "WSGIEnvironment") -> "WSGIEnvironment":
    typed = environ.get("CONTENT_LENGTH") or "0"
    length = int(typed) if typed.isdecimal() else 0
    if length > MAX_BYTES:
        return {"wsgi.input": BytesIO(), "wsgi.input_terminated": True}
    media = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    body = clean_form(environ["wsgi.input"].read(length)) if length and media == FORM else b""
    return {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.input_terminated": True}
