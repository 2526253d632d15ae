"""Lambda's front door: makes a clean event of what came in, and hands only that to Zappa.

The clean event is built from an allow-list, so what nobody thought of does not pass: no address, agent,
referer, language or trace id reaches Zappa, Flask or a log. Events this function does not know raise, since
Zappa would answer "success" and lose them; ``raw_command``, which Zappa would execute, is one of them.

``LAPOR_DOOR`` names the door (intake, thread, desk) whose app this function serves.
"""

import importlib
import os
from collections.abc import Mapping
from typing import Any

from functions.settings import load_settings

DOORS = frozenset({"intake", "thread", "desk"})
HEADERS = frozenset({"accept", "accept-encoding", "content-type", "content-length", "cookie", "host", "x-csrf-token"})
NOWHERE = "127.0.0.1"


class UnknownEventError(Exception):
    """Not a request of a function URL or an HTTP API (payload format 2.0). The event itself is not quoted."""


def __getattr__(name: str) -> Any:
    """``app``: the Flask app of this function's door, made when Zappa first asks for it (PEP 562)."""
    if name != "app":
        raise AttributeError(name)
    door = os.environ.get("LAPOR_DOOR", "")
    if door not in DOORS:
        raise AttributeError(f"LAPOR_DOOR is {door!r}; it must be one of: {', '.join(sorted(DOORS))}")
    return importlib.import_module(f"functions.{door}.main").create_app(load_settings())


def lambda_handler(event: Mapping[str, Any], context: Any) -> Any:
    """What Lambda calls. Raises UnknownEventError."""
    from zappa.handler import LambdaHandler  # noqa: PLC0415 - reads the package's settings when imported

    answer = LambdaHandler.lambda_handler(clean_event(event), context)
    answer["cookies"] = list(dict.fromkeys(answer.get("cookies", ())))  # Zappa 0.63 sends each twice
    return answer


def clean_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event with nothing in it but method, path, query, body, session cookie and what the doors read."""
    try:
        if event["version"] != "2.0":
            raise UnknownEventError
        http, headers = event["requestContext"]["http"], event.get("headers") or {}
        method, path = http["method"], event["rawPath"]
        kept = {name.lower(): value for name, value in headers.items() if name.lower() in HEADERS}
    except (KeyError, TypeError, AttributeError):
        raise UnknownEventError from None  # the cause's text may quote the event
    clean: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": event.get("rawQueryString") or "",
        "headers": kept,
        "requestContext": {
            "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": NOWHERE, "userAgent": ""},
        },
        "isBase64Encoded": bool(event.get("isBase64Encoded")),
    }
    if event.get("cookies"):
        clean["cookies"] = list(event["cookies"])
    if event.get("body") is not None:
        clean["body"] = event["body"]
    return clean
