"""Lambda's entry point: build a clean event and pass only that to Zappa.

The clean event is built from the allow-list of ``edge.request_filter``: no address, agent, referer, language or trace
id reaches Zappa, Flask or a log. Requests come from a function URL or an HTTP API (payload format 2.0), or from a REST
API (1.0). Zappa sees all of them as 2.0, and a REST API gets its answer in its own form. Unknown events raise, since
Zappa would answer "success" and lose them. One of them is ``raw_command``, which Zappa would execute.

``LAPOR_DOOR`` names the function: a door (intake, thread, cleaner, desk, custody, gateway, open311), whose app it
serves, or the courier or the clock, which have none. Everything else is an order (``orders``), and obeyed only with a
proof by ``ORDER_SECRET``. If ``ORIGIN_SECRET`` is set, a request must come through the edge; that is checked first.
"""

import base64
import gc
import importlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

gc.disable()  # until ``_begin`` has finished: what is loaded meanwhile stays
from functions.aws_lambda import compiled_ahead  # noqa: E402

compiled_ahead.use()  # before anything that it makes shorter is loaded
from functions.aws_lambda.orders import comes_from_us, is_order, read_order  # noqa: E402
from functions.config import logs  # noqa: E402
from functions.config.settings import Settings, SettingsError, load_settings  # noqa: E402
from functions.edge.request_filter import (  # noqa: E402
    BUCKET_HEADER,
    NOWHERE,
    ORIGIN_HEADER,
    Buckets,
    clean_cookies,
    clean_headers,
    clean_query,
    from_edge,
)

DOORS = frozenset({"intake", "thread", "cleaner", "desk", "custody", "gateway", "open311"})
NO_REQUEST = frozenset({"Records", "command", "detail-type", "manage", "raw_command", "type"})
FUNCTIONS = DOORS | {"courier", "clock"}
BUCKETS = Buckets()
# Lambda carries 6 MB back, in which Zappa's base64 takes a third more, and the headers some.
ANSWER_BYTES = 6 * 1024 * 1024 * 3 // 4 - 16 * 1024


class UnknownEventError(Exception):
    """Not a request of a function URL, an HTTP API (payload format 2.0) or a REST API.

    The message quotes nothing of the event, since Lambda's runtime prints it.
    """


class OrderFailedError(Exception):
    """An order of ours failed; the log names the error's class. The message quotes nothing."""


def __getattr__(name: str) -> Any:
    """Return ``app``: the app of this function's door, made when Zappa first asks for it (PEP 562)."""
    if name != "app":
        raise AttributeError(name)
    door = os.environ.get("LAPOR_DOOR", "")
    if door not in DOORS:
        raise AttributeError(f"LAPOR_DOOR is {door!r}; it must be one of: {', '.join(sorted(DOORS))}")
    from functions.edge.request_guard import fitting, guarded, patient  # noqa: PLC0415 - an order needs no Flask

    settings, module = _settings(), importlib.import_module(f"functions.{door}.main")
    made = patient(lambda: module.create_app(settings), https=settings.secure)
    return guarded(fitting(made, ANSWER_BYTES, https=settings.secure))


def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls. Of ``context``, only the time left is passed on.

    Raises UnknownEventError, OrderFailedError, SettingsError.
    """
    logs.configure()  # at each call: the runtime and Zappa both set up logging of their own
    os.environ.pop("_X_AMZN_TRACE_ID", None)  # the runtime sets it, and botocore would send it with every call
    if is_order(event):
        return _obey(event, context)
    clean = clean_event(event, edge=bool(_settings().origin_secret))
    if os.environ.get("LAPOR_DOOR") in FUNCTIONS - DOORS:
        raise UnknownEventError
    if not from_edge(_origin(event), _settings().origin_secret):
        return _in_form(event, _refused(), [])
    with redirect_stdout(io.StringIO()):  # Zappa prints the text of exceptions
        answer = _zappa().lambda_handler(clean, None)
    if not isinstance(answer, dict) or "headers" not in answer:  # Zappa answers so when it fails itself
        logs.report("zappa_failed", status=500)
        answer = _broken()
    answer = _in_words(answer)
    cookies = list(dict.fromkeys(answer.get("cookies", ())))  # Zappa 0.63 sends each twice
    return _in_form(event, answer, cookies)


@lru_cache(maxsize=1)
def _settings() -> Settings:
    return load_settings()


def _obey(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Carry out an order.

    Raises UnknownEventError if it is not for this function or lacks its proof, SettingsError, and OrderFailedError for
    all else. Only the class of the error is logged: its text may quote what came from outside.
    """
    function = os.environ.get("LAPOR_DOOR", "")
    order = read_order(event, function, lambda: float(context.get_remaining_time_in_millis()) / 1000)
    if order is None or function not in FUNCTIONS:
        raise UnknownEventError
    if not comes_from_us(event, order, _settings().order_secret):
        logs.report("order_not_proved", door=function, code=order.name)
        raise UnknownEventError
    try:
        done: dict[str, Any] = importlib.import_module(f"functions.{function}.orders").obey(order, _settings())
    except SettingsError:
        raise
    except Exception as error:  # noqa: BLE001 - the last place that can keep its text from a log
        logs.report("order_failed", error, door=function, code=order.name)
    else:
        return done
    raise OrderFailedError  # outside of the handler above, so that the other error is not its context


def _origin(event: Mapping[str, Any]) -> str:
    """Return the header that only our edge adds; of two with that name the last."""
    given = [value for name, value in (event.get("headers") or {}).items() if name.lower() == ORIGIN_HEADER]
    return given[-1] if given and isinstance(given[-1], str) else ""


def _zappa() -> Any:
    """Return Zappa's handler. Importing it reads the package's settings and, if they say so, makes the app."""
    with redirect_stdout(io.StringIO()):  # it reports this on standard output
        from zappa.handler import LambdaHandler  # noqa: PLC0415 - see the docstring

    return LambdaHandler


def clean_event(event: Mapping[str, Any], *, edge: bool = False) -> dict[str, Any]:
    """Return an event that holds only method, path, body, flood bucket, and the allowed headers, cookies and query.

    ``edge`` says that it came through our edge, which appends the address it sees. Raises UnknownEventError.
    """
    clean = _clean(event, edge=edge)
    if clean is None:
        raise UnknownEventError  # outside of any other handler, whose exception may quote the event
    return clean


def _clean(event: Mapping[str, Any], *, edge: bool) -> dict[str, Any] | None:
    try:
        if NO_REQUEST.intersection(event):
            return None
        clean = (_from_format_2 if event.get("version") == "2.0" else _from_rest)(event, edge=edge)
        whole = (clean["rawPath"], clean["requestContext"]["http"]["method"], *clean["headers"].values())
        return clean if all(isinstance(part, str) for part in whole) else None
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _from_format_2(event: Mapping[str, Any], *, edge: bool) -> dict[str, Any]:
    context = event["requestContext"]
    headers = clean_headers((event.get("headers") or {}).items())
    if cookies := clean_cookies("; ".join(event.get("cookies") or ())):
        headers["cookie"] = cookies
    path, stage = event["rawPath"], f"/{context.get('stage')}"
    if path == stage or path.startswith(f"{stage}/"):  # an HTTP API with a named stage
        path = path.removeprefix(stage) or "/"
    headers |= _bucket(context["http"].get("sourceIp"), event, edge=edge)
    return _event(event, context["http"]["method"], path, clean_query(event.get("rawQueryString") or ""), headers)


def _from_rest(event: Mapping[str, Any], *, edge: bool) -> dict[str, Any]:
    if "version" in event or "elb" in event["requestContext"]:
        raise ValueError
    context, given = event["requestContext"], {k.lower(): v for k, v in _rest_headers(event)}
    query = event.get("multiValueQueryStringParameters") or event.get("queryStringParameters") or {}
    headers = clean_headers(given.items()) | _bucket((context.get("identity") or {}).get("sourceIp"), event, edge=edge)
    return _event(event, context["httpMethod"], event["path"], clean_query(urlencode(query, doseq=True)), headers)


def _rest_headers(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (event.get("headers") or {}).items()
    for name, values in (event.get("multiValueHeaders") or {}).items():  # a superset of ``headers``, so they come last
        yield name, ("; " if name.lower() == "cookie" else ", ").join(values)


def _bucket(address: str | None, event: Mapping[str, Any], *, edge: bool) -> dict[str, str]:
    """Return the flood bucket as a header of ours.

    Behind the edge, ``address`` is the edge's and the same for all. There the last of ``X-Forwarded-For`` counts, which
    the edge appends. The edge's own address is skipped, since AWS may append it after that.
    """
    headers = event.get("headers") or {}
    forwarded = next((value for name, value in headers.items() if name.lower() == "x-forwarded-for"), "")
    passed = [part.strip() for part in forwarded.split(",")]
    if len(passed) > 1 and passed[-1] == address:
        passed.pop()
    bucket = BUCKETS.bucket((passed[-1] if edge else "") or address or "")
    return {BUCKET_HEADER: bucket} if bucket else {}


def _event(event: Mapping[str, Any], method: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Build a request of payload format 2.0, with a placeholder address and without a stage for Zappa to look for."""
    clean: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(headers),
        "requestContext": {
            "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": NOWHERE, "userAgent": ""},
        },
        "isBase64Encoded": bool(event.get("isBase64Encoded")),
    }
    if event.get("body") is not None:
        clean["body"] = event["body"]
    return clean


def _in_words(answer: dict[str, Any]) -> dict[str, Any]:
    """Send problem+json as text: Zappa takes it for binary, which a REST API may pass on as base64."""
    if not answer["isBase64Encoded"] or answer["headers"].get("Content-Type") != "application/problem+json":
        return answer
    return {**answer, "isBase64Encoded": False, "body": base64.b64decode(answer["body"]).decode()}


def _in_form(event: Mapping[str, Any], answer: Mapping[str, Any], cookies: list[str]) -> dict[str, Any]:
    """Return the answer in the form of the request's API."""
    if event.get("version") == "2.0":
        return {**answer, "cookies": cookies}
    return _rest_answer(answer, cookies)


def _rest_answer(answer: Mapping[str, Any], cookies: list[str]) -> dict[str, Any]:
    """Return an answer as a REST API takes it: without ``cookies``, and never with a null body."""
    kept = {name: answer[name] for name in ("statusCode", "headers", "isBase64Encoded")}
    return {**kept, "multiValueHeaders": {"Set-Cookie": cookies} if cookies else {}, "body": answer["body"] or ""}


def _broken() -> dict[str, Any]:
    from functions.edge.request_guard import broken  # noqa: PLC0415 - as above

    body, headers = broken()
    return {"statusCode": 500, "headers": dict(headers), "isBase64Encoded": False, "body": body.decode()}


def _refused() -> dict[str, Any]:
    from functions.edge.request_guard import refused  # noqa: PLC0415 - as above

    return {"statusCode": 403, "headers": dict(refused()), "isBase64Encoded": False, "body": ""}


def _begin() -> None:
    """Make the app while Lambda starts the function: it has a whole processor then, and nobody waits yet.

    Garbage collection is off until the end, since nothing made here is garbage; it would cost a tenth of a cold start.
    """
    wanted = os.environ.get("INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT") == "1" and os.environ.get("LAPOR_DOOR") in DOORS
    if wanted and "zappa.handler" not in sys.modules:  # else Zappa imports this module, and has already begun
        logs.configure()
        _zappa()
        gc.freeze()


try:
    _begin()
finally:
    gc.enable()
