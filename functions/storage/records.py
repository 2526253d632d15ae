"""Records as plain rows and back: the only place that knows how a store represents a field.

Days rest as ISO text, enums by their value, yes and no as 1 and 0, bytes as bytes. Lists rest as JSON: of texts, or of
small records with their bytes in base64. A row holds the record's own fields and nothing else: no time of writing, no
running number.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from functions.casework.audit import facts
from functions.casework.case import CaseHead, Event, Sealed
from functions.casework.case_fields import DEFAULTS, PLACES, TYPES, flat, unflat
from functions.casework.sealed_identity import Identity
from functions.storage.interface import LinkUse, OutboxEntry

Value = str | int | bytes | None
Row = dict[str, Value]
Record = TypeVar("Record", CaseHead, Event, OutboxEntry, LinkUse, Identity)
_PLAIN = frozenset((str, int, bytes, NoneType))
MARK = 32  # hexadecimal digits
_EMPTY = "[]"  # as JSON writes it
# What of a head tells with whom a case lies and who must not see it (``casework.access``), and how pressing it is. No
# key, no words, nothing of the reporter but the instance where the report came in.
WHEREABOUTS = (
    "case_id",
    "instance",
    "holder",
    "kind",
    "about_agency",
    "stage",
    "oversight",
    "shredded",
    "recused",
    "second",
    "kept_from",
    "escalated",
    "lift",
    "lift_by",
    "origin",
    "visible_from",
    "due",
    "assigned",
    "priority",
)


SHARES = "shares"


def to_row(record: CaseHead | Event | OutboxEntry | LinkUse | Identity) -> Row:
    """Return the record's fields by name, as plain values."""
    return _row(record)


def identity_row(identity: Identity) -> Row:
    """Return an identity's fields by name but ``shares``, which a store keeps apart: they are never read for a list."""
    row = _row(identity)
    del row[SHARES]
    return row


def spare_row(record: CaseHead | Event) -> Row:
    """Return the record's fields by name without those at their default, for a store that charges for each byte. A
    missing field takes the default of the day it is read, so defaults never change
    (``tests/storage/test_dynamodb_items.py``)."""
    row = _row(record)
    return {name: row[name] for name in row if row[name] != _DEFAULTS[type(record)].get(name, _NO_DEFAULT)}


def from_row(kind: type[Record], row: Mapping[str, Value]) -> Record:
    """Return the record of a row. Other names in the row are ignored. An absent or empty (None) field takes the
    record's default, so that rows older than a field can be read."""
    values = _read(_READERS[kind], row)
    return unflat(values) if kind is CaseHead else kind(**values)


def whereabouts(row: Mapping[str, Value]) -> CaseHead:
    """Return the head of a row of which only ``WHEREABOUTS`` counts; everything else is empty."""
    return from_row(CaseHead, {**_NOWHERE, **{name: row[name] for name in WHEREABOUTS if name in row}})


def names(kind: type[Record]) -> tuple[str, ...]:
    """Return the names of a record's fields in a store, in order; an identity's shares are kept apart."""
    return tuple(PLACES) if kind is CaseHead else tuple(f.name for f in fields(kind) if f.name != SHARES)


def contact_mark(contact: bytes) -> str:
    """Return what a sealed contact is known by once another stands in its place: a hash that tells nothing of it."""
    return sha256(contact).hexdigest()[:MARK]


def resealed_marks(before: CaseHead, anew: bytes) -> str:
    """Return what a contact that is sealed anew leaves behind until the next append: the old one's mark, and the facts
    before and after, which the trail (``casework.audit``) would otherwise take for a change by hand."""
    after = replace(before, reporter=replace(before.reporter, contact=anew))
    return f"{contact_mark(before.reporter.contact)} {facts(before).hex()} {facts(after).hex()}"


def _row(record: Any) -> Row:
    if isinstance(record, CaseHead):
        return {name: _plain(value) for name, value in flat(record).items()}
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def _plain(value: Any) -> Value:
    if type(value) in _PLAIN:  # most fields: asked first, for a head has sixty of them
        return value  # type: ignore[no-any-return]  # one of _PLAIN
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return json.dumps([_part(each) for each in value]) if value else _EMPTY
    return value  # type: ignore[no-any-return]  # a subclass of those in _PLAIN: the records hold nothing else


def _part(each: Any) -> Any:
    """Return a part of a list as JSON takes it: JSON has no bytes. Fields at their default are left out, as in
    ``spare_row``: a name with the key of its reporter's acts still takes two write units."""
    if not is_dataclass(each):
        return each
    defaults = {field.name: field.default for field in fields(each) if field.default is not MISSING}
    row = {name: v for name, v in _row(each).items() if name not in defaults or v != defaults[name]}
    return {name: b64encode(v).decode() if isinstance(v, bytes) else v for name, v in row.items()}


def _read(readers: Mapping[str, Callable[[Any], Any]], row: Mapping[str, Value]) -> dict[str, Any]:
    return {name: readers[name](value) for name, value in row.items() if value is not None and name in readers}


def _readers(kind: type, of_bytes: Callable[[Any], bytes] = bytes) -> dict[str, Callable[[Any], Any]]:
    hints = TYPES if kind is CaseHead else get_type_hints(kind)
    return {name: of_bytes if hint is bytes else _reader(hint) for name, hint in hints.items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, UnionType):
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is tuple:
        read = _part_reader(get_args(hint)[0])
        return lambda text: () if text == _EMPTY else tuple(read(each) for each in json.loads(text))
    if hint is date:
        return date.fromisoformat
    return hint  # type: ignore[no-any-return]  # an enum or a plain type: each reads its own value


def _part_reader(kind: type) -> Callable[[Any], Any]:
    if not is_dataclass(kind):
        return kind
    readers = _readers(kind, b64decode)
    return lambda row: kind(**_read(readers, row))


_NOWHERE: Mapping[str, Value] = {
    name: "" if kind is str else b""
    for name, kind in TYPES.items()
    if name not in DEFAULTS and name not in WHEREABOUTS and kind in (str, bytes)
} | {"received_on": date.min.isoformat(), "due": date.min.isoformat(), "sealed": Sealed.SERVER.value}
_READERS = {kind: _readers(kind) for kind in (CaseHead, Event, OutboxEntry, LinkUse, Identity)}
_NO_DEFAULT = object()
_DEFAULTS = {
    CaseHead: {name: _plain(value) for name, value in DEFAULTS.items()},
    Event: {field.name: _plain(field.default) for field in fields(Event) if field.default is not MISSING},
}
