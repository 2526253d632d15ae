"""Records as plain rows and back: the one place that knows how a field rests in a store.

Days rest as ISO text, enums by their value, yes and no as 1 and 0, lists of text as JSON, bytes as bytes.
A row holds the record's own fields and nothing else: no time of writing, no running number.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from functions.casework.case import CaseHead, Event
from functions.storage.interface import LinkUse, OutboxEntry

Value = str | int | bytes | None
Row = dict[str, Value]
Record = TypeVar("Record", CaseHead, Event, OutboxEntry, LinkUse)


def to_row(record: CaseHead | Event | OutboxEntry | LinkUse) -> Row:
    """The record's fields by name, as plain values."""
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def from_row(kind: type[Record], row: Mapping[str, Value]) -> Record:
    """The record of a row. Other names in the row are ignored; an absent or empty (None) field takes the
    record's default, so that rows written before a field existed can be read."""
    readers = _READERS[kind]
    return kind(**{name: read(row[name]) for name, read in readers.items() if row.get(name) is not None})


def names(kind: type[Record]) -> tuple[str, ...]:
    """The names of a record's fields, in order."""
    return tuple(field.name for field in fields(kind))


def check_numbers(head: CaseHead, events: Sequence[Event], before: int) -> None:
    """Raises ValueError unless the events are numbered on from ``before`` and the head counts them: an
    append that is numbered wrongly would write over what stands."""
    numbers = [event.n for event in events]
    if not numbers or numbers != list(range(before + 1, before + 1 + len(numbers))) or head.version != numbers[-1]:
        raise ValueError(f"events {numbers} and version {head.version} do not follow version {before}")


def _plain(value: Any) -> Value:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return json.dumps(value)
    return value  # type: ignore[no-any-return]  # str, int, bytes or None: the records hold nothing else


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, UnionType):
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is tuple:
        return lambda text: tuple(json.loads(text))
    if hint is date:
        return date.fromisoformat
    return hint  # type: ignore[no-any-return]  # an enum or a plain type: each reads its own value


_READERS: dict[type, dict[str, Callable[[Any], Any]]] = {
    kind: {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    for kind in (CaseHead, Event, OutboxEntry, LinkUse)
}
