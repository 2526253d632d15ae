"""The registers as they are stored.

They are the public directory with its days off, the officers, the staff, and each instance's reply templates. The staff
are the officers without addresses, for doors that must not know these. All are compressed JSON: 50,000 officers take a
tenth. Only what was checked is written, so reading checks nothing again.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints

from functions.casework.directory.agencies import (
    Agency,
    Directory,
    DirectoryError,
    District,
    FormerName,
    Member,
    Officer,
    Topic,
    Village,
)
from functions.casework.directory.tables import (
    AGENCIES,
    DISTRICTS,
    FORMER,
    HOLIDAYS,
    HOLIDAYS_KEY,
    OFFICERS,
    TOPICS,
    VILLAGES,
    Row,
    Tables,
)
from functions.casework.reply_templates import Template

DIRECTORY_REGISTER, OFFICERS_REGISTER, STAFF_REGISTER = "directory", "officers", "staff"
TEMPLATES = "templates"
Record = TypeVar("Record", Agency, Topic, District, Village, FormerName, Officer, Member, Template)
Entry = dict[str, str | bool]


def encode_directory(directory: Directory, holidays: Collection[date]) -> bytes:
    """Return the body of the public register."""
    return pack(plain_directory(directory, holidays))


def decode_directory(body: bytes) -> tuple[Directory, frozenset[date]]:
    """Parse the public directory and the days off. Raises DirectoryError for a body that this release cannot read."""
    try:
        raw = unpack(body)
        directory = Directory(
            {agency.code: agency for agency in _records(Agency, raw[AGENCIES])},
            {topic.code: topic for topic in _records(Topic, raw[TOPICS])},
            {district.code: district for district in _records(District, raw[DISTRICTS])},
            tuple(_records(FormerName, raw.get(FORMER, ()))),  # older releases kept none
            {village.code: village for village in _records(Village, raw.get(VILLAGES, ()))},  # nor any of these
        )
        return directory, frozenset(map(date.fromisoformat, raw[HOLIDAYS_KEY]))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise DirectoryError(f"the register of agencies cannot be read by this release: {error}") from error


def encode_officers(officers: Iterable[Officer]) -> bytes:
    """Return the body of the officers' register."""
    return pack({OFFICERS: [_plain(officer) for officer in officers]})


def decode_officers(body: bytes) -> tuple[Officer, ...]:
    """Parse the officers. Raises DirectoryError for a body that this release cannot read."""
    try:
        return tuple(_records(Officer, unpack(body)[OFFICERS]))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise DirectoryError(f"the register of officers cannot be read by this release: {error}") from error


def encode_staff(officers: Iterable[Officer | Member]) -> bytes:
    """Return the body of the staff register: the officers without their addresses."""
    return pack({OFFICERS: [_plain(Member(each.ident, each.agency, each.role)) for each in officers]})


def decode_staff(body: bytes) -> tuple[Member, ...]:
    """Parse the officers without their addresses. Raises DirectoryError for a body that this release cannot read."""
    try:
        return tuple(_records(Member, unpack(body)[OFFICERS]))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise DirectoryError(f"the register of staff cannot be read by this release: {error}") from error


def templates_register(instance: str) -> str:
    """Return the name of an instance's register of reply templates."""
    return f"{TEMPLATES}:{instance}"


def encode_templates(templates: Iterable[Template]) -> bytes:
    """Return the body of a register of reply templates."""
    return pack({TEMPLATES: [_plain(template) for template in templates]})


def decode_templates(body: bytes) -> tuple[Template, ...]:
    """Parse the reply templates. Raises DirectoryError for a body that this release cannot read."""
    try:
        return tuple(_records(Template, unpack(body)[TEMPLATES]))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise DirectoryError(f"the register of templates cannot be read by this release: {error}") from error


def plain_directory(directory: Directory, holidays: Collection[date]) -> dict[str, Any]:
    """Return the public directory as plain data, which ``check.directory_from_mapping`` reads."""
    plain: dict[str, Any] = {
        AGENCIES: [_plain(agency) for agency in directory.agencies.values()],
        TOPICS: [_plain(topic) for topic in directory.topics.values()],
        DISTRICTS: [_plain(district) for district in directory.districts.values()],
        HOLIDAYS_KEY: sorted(day.isoformat() for day in holidays),
    }
    if directory.villages:
        plain[VILLAGES] = [_plain(village) for village in directory.villages.values()]
    return plain | ({FORMER: [_plain(name) for name in directory.former]} if directory.former else {})


def as_tables(directory: Directory, holidays: Collection[date], officers: Iterable[Officer], file: str) -> Tables:
    """Return the present directory as rows of a file called ``file``, so that an import of some tables is checked with
    it."""
    plain = plain_directory(directory, holidays)
    plain[HOLIDAYS] = [{"day": day} for day in plain.pop(HOLIDAYS_KEY)]
    plain[OFFICERS] = [_plain(officer) for officer in officers]
    return {table: [Row(_texts(entry), file) for entry in entries] for table, entries in plain.items()}


def _plain(record: Agency | Topic | District | Village | FormerName | Officer | Member | Template) -> Entry:
    """Return a record's fields except those with their default."""
    return {
        field.name: getattr(record, field.name) for field in fields(record) if _says(field, getattr(record, field.name))
    }


def _says(field: "Field[Any]", value: object) -> bool:
    return field.default is MISSING or value != field.default


def _texts(entry: Mapping[str, str | bool]) -> dict[str, str]:
    return {name: ("yes" if value else "no") if isinstance(value, bool) else value for name, value in entry.items()}


def _records(kind: type[Record], entries: Iterable[Mapping[str, Any]]) -> Iterable[Record]:
    """Build records from plain entries. Fields of a later release are ignored."""
    hints = get_type_hints(kind)
    enums = {name: hint for name, hint in hints.items() if issubclass(hint, StrEnum)}
    for entry in entries:
        known = {name: value for name, value in entry.items() if name in hints}
        yield kind(**known | {name: enums[name](known[name]) for name in enums if name in known})


def pack(plain: Mapping[str, Any]) -> bytes:
    """Return plain data as the body of a register."""
    return zlib.compress(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def unpack(body: bytes) -> dict[str, Any]:
    """Parse what ``pack`` returned. Raises ValueError, TypeError or zlib.error for anything else."""
    raw = json.loads(zlib.decompress(body))
    if not isinstance(raw, dict):
        raise TypeError("not a register")
    return raw
