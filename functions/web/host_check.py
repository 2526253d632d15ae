"""Answer only under our own names: a page of another site cannot make its name lead here (DNS rebinding).

A browser then takes that site and us for one, and its page reads whatever this machine answers. So a request for
another host gets 421 (RFC 9110 §15.5.20) before anything else is read. The answer names neither us nor our address:
the other site's page may read it. Behind CloudFront this is not needed: it answers its own names alone, and the doors
refuse whatever lacks its secret (``ORIGIN_SECRET``). An onion service reaches us through nginx, which puts our name.

Tests: ``tests/edge/test_host_check.py``.
"""

import json
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, request
from werkzeug.datastructures import Headers
from werkzeug.sansio.utils import host_is_trusted

from functions.casework.formats.web_address import host_of, is_this_machine
from functions.config import logs
from functions.web.headers import SECURITY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATUS = "421 Misdirected Request"
TITLE = "Alamat ini tidak dikenal"
SAYS = "Tidak ada yang tersimpan. Ketik sendiri alamat yang Anda terima di browser, lalu coba lagi."
PAGE = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    f"<title>{TITLE}</title></head><body><main><h1>{TITLE}</h1><p>{SAYS}</p>"
    '<p lang="en">This address is not known here. Nothing was stored. Type the address that you were given.</p>'
    "</main></body></html>"
).encode()
PROBLEM = json.dumps(
    {"type": "about:blank", "title": TITLE, "status": 421, "detail": SAYS, "code": "other_host"}
).encode()


def _none(_: str) -> bool:
    return False


def is_ours(header: str, url: str, also: Callable[[str], bool] = _none) -> bool:
    """Tell whether a ``Host`` header names the portal at ``url``, this machine, or a host of ``also``; at any port."""
    host = host_of(f"http://{header}") if host_is_trusted(header) else ""  # its form; no list of names
    return bool(host) and (host == host_of(url) or is_this_machine(host) or also(host))


def only_ours(app: "WSGIApplication", url: str, also: Callable[[str], bool] = _none) -> "WSGIApplication":
    """Refuse requests for another host than the portal's at ``url``, this machine's own names, and those of ``also``:
    hosts of single instances' portals."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if is_ours(environ.get("HTTP_HOST", ""), url, also):
            return app(environ, start_response)
        logs.report("other_host", level=logging.WARNING, status=421)
        as_json = "json" in environ.get("HTTP_ACCEPT", "")
        body, kind = (PROBLEM, "application/problem+json") if as_json else (PAGE, "text/html; charset=utf-8")
        headers = Headers({**SECURITY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Content-Type": kind})
        headers["Content-Length"] = str(len(body))
        start_response(STATUS, headers.to_wsgi_list())
        return [body]

    return call


def relative_redirects(app: Flask) -> None:
    """Let no redirect of a door name the host that was asked for: behind an edge or a proxy it is another.

    Werkzeug's own redirects (``/desk`` to ``/desk/``) do.
    """

    @app.after_request
    def shorten(response: Response) -> Response:
        where = urlsplit(response.headers.get("Location", ""))
        if where.netloc and where.netloc == request.host:
            path = "/" + where.path.lstrip("/")  # "//x" would be a host again
            response.headers["Location"] = urlunsplit(("", "", path, where.query, where.fragment))
        return response
