"""Open311 GeoReport v2 as data: what is asked and answered, before it becomes XML or JSON (``open311_format``).

Both sides read it: the door that answers apps, and whoever sends our cases to a server of this standard. Codes and
numbers of requests are text, never numbers (``001`` is not 1); a moment is W3C text with its offset. A field that is
None is not written.

Source: GeoReport v2, https://wiki.open311.org/GeoReport_v2/ (frozen); updates as mySociety's servers and clients have
them (``servicerequestupdates``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
MOST_REQUESTS = 1000
MOST_DAYS = 90


class Status(StrEnum):
    """All that the standard says of how far a request is; what is finer stands in ``status_notes``."""

    OPEN = "open"
    CLOSED = "closed"


class Datatype(StrEnum):
    """What an attribute's value is."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    SINGLE = "singlevaluelist"
    MULTI = "multivaluelist"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server speaks which version. ``type`` is production or test, ``formats`` are media types."""

    specification: str
    url: str
    changeset: str
    type: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """The document that apps begin with."""

    changeset: str
    contact: str
    key_service: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What may be reported. ``type``: ``realtime`` answers a number, ``batch`` a token, ``blackbox`` neither."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str
    group: str


@dataclass(frozen=True, slots=True)
class Value:
    """One choice of a list."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a service's form. ``variable`` False: a text to be shown, nothing to be filled in. ``order`` counts
    from 1."""

    variable: bool
    code: str
    datatype: Datatype
    required: bool
    datatype_description: str
    order: int
    description: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A service's form."""

    service_code: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a report: a number *or* a token, and what the reporter is to be told."""

    service_request_id: str | None = None
    token: str | None = None
    service_notice: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A report as the public may read it."""

    service_request_id: str
    status: Status
    service_name: str
    service_code: str
    description: str
    requested_datetime: str
    updated_datetime: str
    status_notes: str | None = None
    agency_responsible: str | None = None
    service_notice: str | None = None
    expected_datetime: str | None = None
    address: str | None = None
    address_id: str | None = None
    zipcode: str | None = None
    lat: str | None = None
    long: str | None = None
    media_url: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What an agency said of a request."""

    update_id: str
    service_request_id: str
    status: Status
    updated_datetime: str
    description: str
    media_url: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, ``description`` for people. ``code`` begins as the HTTP status does, or is finer."""

    code: int
    description: str


Answer = Discovery | Endpoint | Service | Value | Attribute | Definition | Accepted | Request | Update | Fault
Read = TypeVar("Read", Accepted, Request, Update)


def plain(answer: Answer) -> dict[str, Any]:
    """An answer as plain data: what is None is left out, and so is an empty list of choices."""
    found = {field.name: _plain(getattr(answer, field.name)) for field in fields(answer)}
    return {name: value for name, value in found.items() if value is not None and (value != [] or name != "values")}


def read(kind: type[Read], content: Any) -> Read:
    """What another server answered, from plain data. Numbers become text; what the standard does not know is passed
    over. Raises ValueError where it is not such an answer."""
    if not isinstance(content, Mapping):
        raise ValueError("not an object")  # noqa: TRY004 - what came is wrong, not who called
    known = {field.name for field in fields(kind)}
    texts: dict[str, Any] = {
        name: str(value) for name, value in content.items() if name in known and value not in (None, "")
    }
    if "status" in texts:
        texts["status"] = Status(texts["status"].lower())
    try:
        return kind(**texts)
    except TypeError as error:
        raise ValueError(f"a field of {kind.__name__} is missing") from error


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, StrEnum):
        return value.value
    return value if value is None or isinstance(value, str | int) else plain(value)
