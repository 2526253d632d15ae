"""Check whether the directory's tables are complete and agree: all faults at once, each with its place.

A fault that only follows from another is not reported, so a second check may find more.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from functions.casework.directory.accused_name import CODE_MAX, NAME_MAX
from functions.casework.directory.agencies import (
    DESK_CHANNEL,
    Agency,
    AgencyKind,
    Directory,
    DirectoryError,
    District,
    FormerName,
    Level,
    Officer,
    Role,
    Topic,
    Village,
)
from functions.casework.directory.memory import FORGET
from functions.casework.directory.staff import staff_faults
from functions.casework.directory.tables import (
    AGENCIES,
    COLUMNS,
    DISTRICTS,
    FORMER,
    HOLIDAYS,
    OFFICERS,
    REQUIRED,
    TOPICS,
    VILLAGES,
    DirectoryFaultsError,
    Fault,
    Row,
    Tables,
    from_plain,
)
from functions.casework.directory.tree import tree_faults
from functions.casework.formats.web_address import is_confidential
from functions.casework.linked_systems import CHANNEL
from functions.casework.report import is_address

Kind = TypeVar("Kind", bound=StrEnum)
# Codes are parts of storage keys and names of key folders: no colon, no slash, no number sign.
CODE = re.compile(rf"[a-z0-9](?:[a-z0-9.-]{{0,{CODE_MAX - 2}}}[a-z0-9])?", re.ASCII)
CODE_SAYS = f"write 1 to {CODE_MAX} small letters, digits, hyphens or dots, like kutim-dishub"
DISTRICT = re.compile(r"\d\d\.\d\d\.\d\d", re.ASCII)
VILLAGE = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}", re.ASCII)
SPOKEN_MAX = 1000
EMAIL_MAX = 254
TRUTH = {"yes": True, "ya": True, "true": True, "1": True, "no": False, "tidak": False, "false": False, "0": False}
ONE = {
    AGENCIES: "agency",
    TOPICS: "topic",
    DISTRICTS: "district",
    VILLAGES: "village",
    HOLIDAYS: "day off",
    OFFICERS: "officer",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """Tables that agree: the public directory, the days off, and the officers (none if they had no table)."""

    directory: Directory
    officers: tuple[Officer, ...]
    holidays: frozenset[date]


def check(tables: Tables, tick: Callable[[int], None] = lambda _: None) -> Checked:
    """Parse all rows and check them against each other.

    ``tick`` gets the number of rows done. Officers are checked if their table is there. Raises DirectoryFaultsError
    with all faults.
    """
    faults: list[Fault] = []
    agencies = _read(AGENCIES, tables, _agency, faults, tick)
    topics = _read(TOPICS, tables, _topic, faults, tick)
    districts = _read(DISTRICTS, tables, _district, faults, tick)
    villages = _read(VILLAGES, tables, _village, faults, tick)
    holidays = _read(HOLIDAYS, tables, _holiday, faults, tick)
    officers = _read(OFFICERS, tables, _officer, faults, tick)
    known = {row.get("code") for row in tables.get(AGENCIES, ())}
    whole = len(agencies) == len(tables.get(AGENCIES, ()))
    for name, table in ((AGENCIES, agencies), (TOPICS, topics), (DISTRICTS, districts)):
        if not table and not tables.get(name):
            faults.append(Fault("the directory", 0, f"{name}: empty; at least one is needed"))
    tree = list(tree_faults(agencies, known))
    faults += tree
    directory = Directory(
        {code: agency for code, (agency, _) in agencies.items()},
        {code: topic for code, (topic, _) in topics.items()},
        {code: district for code, (district, _) in districts.items()},
        _former(tables, faults, tick),
        {code: village for code, (village, _) in villages.items()},
    )
    for topic, row in topics.values():
        if topic.unit and topic.unit not in known:
            text = f"topic {topic.code}: unit {topic.unit} is unknown; name an agency of the directory, or none"
            faults.append(Fault(row.file, row.line, text))
    for village, row in villages.values():
        if village.district not in districts:
            text = f"village {village.code}: district {village.district} is unknown; add that district, or remove it"
            faults.append(Fault(row.file, row.line, text))
    for district, row in districts.values() if whole else ():
        faults += _homeless(district, row, directory)
    if OFFICERS in tables:
        whole = whole and not tree and len(officers) == len(tables[OFFICERS])
        faults += staff_faults(officers, agencies, known, whole=whole)
    if faults:
        raise DirectoryFaultsError(sorted(faults))
    staff = tuple(officer for officer, _ in officers.values())
    return Checked(directory, staff, frozenset(day for day, _ in holidays.values()))


def directory_from_mapping(raw: Mapping[str, Any]) -> Directory:
    """Build and check a directory from plain data: ``agencies``, ``topics``, ``districts`` and ``holidays_own``.

    Raises DirectoryError, which names the first wrong entry.
    """
    try:
        return check(from_plain(raw, "directory")).directory
    except DirectoryFaultsError as error:
        raise DirectoryError(error.faults[0].text) from error


Read = TypeVar("Read")


def _read(
    table: str,
    tables: Tables,
    read: Callable[[Row, Callable[[str], None]], Read | None],
    faults: list[Fault],
    tick: Callable[[int], None],
) -> dict[str, tuple[Read, Row]]:
    """Return the rows of a table by their first column, each with its place; faulty ones are left out."""
    key = COLUMNS[table][0]
    found: dict[str, tuple[Read, Row]] = {}
    done = 0
    for row in tables.get(table, ()):
        told: list[str] = []
        unknown = [name for name in row.values if name not in COLUMNS[table]]
        told += [f"{name}: there is no such column; known are {', '.join(COLUMNS[table])}" for name in unknown]
        told += [f"{name} is missing" for name in REQUIRED[table] if not row.get(name)]
        record = None if told else read(row, told.append)
        code = row.get(key)
        if code in found:
            told.append(_again(table, found[code], row))
        label = f"{ONE[table]} {code}" if code else table
        faults.extend(Fault(row.file, row.line, f"{label}: {text}") for text in told)
        if record is not None and not told:
            found[code] = (record, row)
        done += 1
        if done % 1000 == 0:
            tick(1000)
    tick(done % 1000)
    return found


def _former(tables: Tables, faults: list[Fault], tick: Callable[[int], None]) -> tuple[FormerName, ...]:
    """Return the names borne before. A code may have several, so no column is their key."""
    found = []
    for row in tables.get(FORMER, ()):
        told: list[str] = [f"{name} is missing" for name in REQUIRED[FORMER] if not row.get(name)]
        if not told:
            _code(row, told.append)
            _name("name", row, told.append)
            _day("until", row, told.append)
        faults.extend(Fault(row.file, row.line, f"former name of {row.get('code')}: {text}") for text in told)
        found.append(FormerName(**{column: row.get(column) for column in COLUMNS[FORMER]}))
    tick(len(found))
    return tuple(found)


def _again(table: str, first: tuple[Any, Row], row: Row) -> str:
    where = f"{first[1].file}:{first[1].line}" if first[1].line else first[1].file
    if table == OFFICERS and first[0].agency != row.get("agency"):
        return f"is an officer of {first[0].agency} already ({where}); an officer has one agency"
    return f"this code appears twice in {table}, first at {where}; remove one, or give it a code of its own"


def _agency(row: Row, tell: Callable[[str], None]) -> Agency | None:
    code, channel = _code(row, tell), row.get("channel") or DESK_CHANNEL
    kind = _one_of(AgencyKind, "kind", row, tell)
    level = _one_of(Level, "level", row, tell)
    if channel != DESK_CHANNEL and not (channel.startswith(CHANNEL) and is_confidential(channel.removeprefix(CHANNEL))):
        tell(f"channel {channel!r} is unknown; write desk, or {CHANNEL}https:// and the address of its system")
    name = _name("name", row, tell)
    once = row.get("once_below")
    if once != FORGET and not all(CODE.fullmatch(known) for known in once.split()):
        tell(f"once_below {once!r} is no list of codes; write them with a blank between, or {FORGET} for none any more")
    spoken = row.get("spoken")
    if len(spoken) > SPOKEN_MAX or not spoken.isprintable():
        tell(f"spoken must be one line of at most {SPOKEN_MAX} characters; write the names with commas between")
    if kind is None or level is None:
        return None
    texts = {column: row.get(column) for column in ("parent", "region", "coordinator", "inspectorate", "sorted_by")}
    return Agency(
        code, name, kind, level=level, channel=channel, once_below=" ".join(once.split()), spoken=spoken, **texts
    )


def _topic(row: Row, tell: Callable[[str], None]) -> Topic:
    truths = {}
    for column in ("public_work", "sensitive"):
        typed = row.get(column).lower() or "no"
        if typed not in TRUTH:
            tell(f"{column} {typed!r} is neither yes nor no")
        truths[column] = TRUTH.get(typed, False)
    return Topic(
        _code(row, tell), _name("name", row, tell), _name("name_en", row, tell), unit=row.get("unit"), **truths
    )


def _district(row: Row, tell: Callable[[str], None]) -> District:
    code = row.get("code")
    if not DISTRICT.fullmatch(code):
        tell("is not the Kemendagri code of a kecamatan; write it like 64.08.04")
    return District(code, _name("name", row, tell), _name("also", row, tell))


def _village(row: Row, tell: Callable[[str], None]) -> Village:
    code = row.get("code")
    if not VILLAGE.fullmatch(code):
        tell("is not the Kemendagri code of a village; write it like 64.08.04.2001")
    return Village(code, _name("name", row, tell), _name("also", row, tell))


def _holiday(row: Row, tell: Callable[[str], None]) -> date | None:
    return _day("day", row, tell)


def _day(column: str, row: Row, tell: Callable[[str], None]) -> date | None:
    try:
        return date.fromisoformat(row.get(column))
    except ValueError:
        tell("is no day; write it like 2026-08-18")
        return None


def _officer(row: Row, tell: Callable[[str], None]) -> Officer | None:
    email = row.get("email").lower()
    role = _one_of(Role, "role", row, tell)
    if not is_address(email) or len(email) > EMAIL_MAX or not email.isprintable():
        tell(f"e-mail {email!r} is no address; write it like petugas1@dishub.example.id")
    ident = _code(row, tell)
    return Officer(ident, email, row.get("agency"), role) if role else None


def _homeless(district: District, row: Row, directory: Directory) -> list[Fault]:
    try:
        directory.instance_of_district(district.code)
    except DirectoryError:
        text = f"no instance for district {district.code}: its first parts must be the region of an instance"
        return [Fault(row.file, row.line, text)]
    return []


def _code(row: Row, tell: Callable[[str], None]) -> str:
    code = row.get("ident") or row.get("code")
    if not CODE.fullmatch(code) or ".." in code:
        tell(f"{code!r} cannot be a code; {CODE_SAYS}")
    return code


def _name(column: str, row: Row, tell: Callable[[str], None]) -> str:
    name = row.get(column)
    if len(name) > NAME_MAX or not name.isprintable():
        tell(f"{column} must be one line of at most {NAME_MAX} characters; is a quotation mark left open?")
    return name


def _one_of(kind: type[Kind], column: str, row: Row, tell: Callable[[str], None]) -> Kind | None:
    typed = row.get(column).lower()
    try:
        return kind(typed)
    except ValueError:
        tell(f"{column} {typed!r} is unknown; write one of: {', '.join(filter(None, kind))}")
        return None
