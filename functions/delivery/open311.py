"""A client of Open311 GeoReport v2, in XML, which every server has (https://wiki.open311.org/GeoReport_v2/).

Replies come by mySociety's ``servicerequestupdates``, from servers that have it. Only addresses that ops wrote into the
directory are called, each call within ``bounded_call.CALL_SECONDS``, and no redirect is followed.
"""

import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from functions.casework.formats.web_address import is_confidential
from functions.casework.linked_systems import Said
from functions.delivery.bounded_call import OK, CallError, call
from functions.delivery.interface import DeliveryError

ANSWER_MAX = 2_000_000
NUMBER_MAX = 200
NOT_FOUND = 404
FORM = "application/x-www-form-urlencoded; charset=utf-8"
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class System:
    """A server: the address of its GeoReport endpoint (``…/v2``), our api_key there, and its jurisdiction."""

    url: str
    key: str = field(repr=False)
    jurisdiction: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request as accepted: its number there, or the token that the number is asked for with."""

    number: str = ""
    token: str = ""


def update_id(entry_id: str) -> str:
    """Return our name of an update (32 hex), the same for every try of an outbox entry."""
    return sha256(entry_id.encode()).hexdigest()[:32]


def ask(system: System, fields: Mapping[str, str]) -> Accepted:
    """POST Service Request. Raises DeliveryError; 4xx lasts."""
    answer = _post(system, "requests.xml", {"api_key": system.key, **fields})
    for request in answer.iter("request"):
        accepted = Accepted(_text(request, "service_request_id"), _text(request, "token"))
        if 0 < len(accepted.number or accepted.token) <= NUMBER_MAX:
            return accepted
    raise DeliveryError("open311_strange")


def number_of(system: System, token: str) -> str:
    """GET service_request_id from a token; "" if there is none yet. Raises DeliveryError."""
    answer = _get(system, f"tokens/{urllib.parse.quote(token, safe='')}.xml", {})
    numbers = () if answer is None else (_text(request, "service_request_id") for request in answer.iter("request"))
    return next((number for number in numbers if 0 < len(number) <= NUMBER_MAX), "")


def say(system: System, number: str, update: str, text: str, status: str = "open", code: str = "") -> None:
    """POST a service request update; ``update`` is ours, the same for every try. Raises DeliveryError; 4xx lasts."""
    fields = {"service_request_id": number, "update_id": update, "status": status.upper(), "description": text}
    extra = {"external_status_code": code} if code else {}
    _post(system, "servicerequestupdates.xml", {"api_key": system.key, **fields, **extra})


def states(system: System, numbers: Sequence[str]) -> Iterator[Said]:
    """GET Service Requests and yield those of these that are closed. Raises DeliveryError."""
    for start in range(0, len(numbers), AT_ONCE):
        answer = _get(system, "requests.xml", {"service_request_id": ",".join(numbers[start : start + AT_ONCE])})
        for request in () if answer is None else answer.iter("request"):
            number, when = _text(request, "service_request_id"), _text(request, "updated_datetime")
            if _text(request, "status").lower() == "closed":
                yield Said(number, f"closed {when}", "closed", _text(request, "status_notes"), state=True)


def updates(system: System, start: str, end: str) -> Iterator[Said]:
    """GET service request updates between two moments (ISO 8601); none from a server without updates. Raises
    DeliveryError."""
    span = {"api_key": system.key, "start_date": start, "end_date": end}
    answer = _get(system, "servicerequestupdates.xml", span)
    for each in () if answer is None else answer.iter("request_update"):
        yield Said(
            _text(each, "service_request_id"),
            _text(each, "update_id"),
            _text(each, "status").lower(),
            _text(each, "description"),
            _text(each, "external_status_code"),
        )


def _post(system: System, path: str, fields: Mapping[str, str]) -> Element:
    given = {"jurisdiction_id": system.jurisdiction, **fields} if system.jurisdiction else fields
    body = urllib.parse.urlencode(given).encode()
    return _read(f"{_base(system)}/{path}", body)


def _get(system: System, path: str, arguments: Mapping[str, str]) -> Element | None:
    """Return the answer, None for 404: nothing that was asked for is there."""
    given = {"jurisdiction_id": system.jurisdiction, **arguments} if system.jurisdiction else arguments
    query = f"?{urllib.parse.urlencode(given)}" if given else ""
    try:
        return _read(f"{_base(system)}/{path}{query}")
    except DeliveryError as error:
        if error.code == "open311_unknown":
            return None
        raise


def _base(system: System) -> str:
    if not is_confidential(system.url):  # whoever put it into the store
        raise DeliveryError("open311_address", lasting=True)
    return system.url.rstrip("/")


def _read(url: str, body: bytes | None = None) -> Element:
    try:
        content = call(url, body, {"Content-Type": FORM} if body else None, most=ANSWER_MAX)
    except CallError as error:
        if error.status == NOT_FOUND:
            raise DeliveryError("open311_unknown", lasting=True) from None
        code = {0: "open311_unreachable", OK: "open311_strange"}.get(error.status, "open311_refused")
        raise DeliveryError(code, lasting=error.lasting, slow=error.slow) from None
    try:
        root: Element = fromstring(content)
    except Exception:  # noqa: BLE001 - a foreign document's faults have no list: an unknown encoding is a LookupError
        raise DeliveryError("open311_strange") from None
    return root


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
