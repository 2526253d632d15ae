"""Whose portal a page belongs to, where several governments share one machine.

A frozen page knows by its address, a door by the form's field ``portal``: the code of an instance, or the code after an
``@`` where that portal has a host of its own, and so stands at the root. One portal alone needs neither.
"""

import re

from flask import current_app, g, has_request_context, request
from werkzeug.exceptions import HTTPException

FIELD = "portal"
OWN_HOST = "@"
_FORM = re.compile(r"@?[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?", re.ASCII)


def use(portal: str) -> None:
    """Make this request's pages those of a portal: what the field ``portal`` would hold, "" for the root."""
    g.portal = portal


def current() -> str:
    """Return what the field ``portal`` of this request's forms holds; "" at the root, and for a code that the door does
    not know."""
    if not has_request_context():
        return ""
    if "portal" not in g:
        use(_asked())
    return str(g.portal)


def code() -> str:
    """Return the code of the instance whose portal this is; "" at the root."""
    return current().removeprefix(OWN_HOST)


def base() -> str:
    """Return what addresses of this portal's pages begin with: ``/kutim``, or "" at the root of a host."""
    return "" if current().startswith(OWN_HOST) or not current() else f"/{current()}"


def _asked() -> str:
    names = current_app.config.get("PORTALS")
    if names is None:
        return ""
    try:
        asked = request.values.get(FIELD, "")
    except HTTPException:  # a body that is too large or broken must not spoil the page that says so
        return ""
    return asked if _FORM.fullmatch(asked) and names(asked.removeprefix(OWN_HOST)) else ""
