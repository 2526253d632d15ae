"""The directory's tables as they stand in files: rows of text that know their file and line.

A table is a CSV file named after it (``agencies.csv``, ``officers.csv``, ``topics.csv``, ``districts.csv``,
``villages.csv``, ``holidays.csv``), or several stand together in a TOML file. All values here are text; ``check``
parses them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any, NamedTuple

AGENCIES, OFFICERS, TOPICS, DISTRICTS, HOLIDAYS = "agencies", "officers", "topics", "districts", "holidays"
VILLAGES = "villages"
FORMER = "former_names"  # names that codes bore; a file adds to those that stand, and takes none away
COLUMNS: Mapping[str, tuple[str, ...]] = {
    AGENCIES: (
        "code",
        "name",
        "kind",
        "level",
        "parent",
        "region",
        "coordinator",
        "inspectorate",
        "sorted_by",
        "channel",
        "once_below",
        "spoken",
    ),
    TOPICS: ("code", "name", "name_en", "public_work", "unit", "sensitive"),
    DISTRICTS: ("code", "name", "also"),
    VILLAGES: ("code", "name", "also"),
    HOLIDAYS: ("day",),
    OFFICERS: ("ident", "email", "agency", "role"),
    FORMER: ("code", "name", "until", "instance", "once_below"),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    AGENCIES: ("code", "name", "kind"),
    TOPICS: ("code", "name", "name_en"),
    DISTRICTS: ("code", "name"),
    VILLAGES: ("code", "name"),
    HOLIDAYS: ("day",),
    OFFICERS: ("ident", "email", "agency", "role"),
    FORMER: ("code", "name", "until"),
}
HOLIDAYS_KEY = "holidays_own"  # a plain list of days in TOML and YAML
_TOML_HEADER = re.compile(r"\s*\[\[\s*([a-z_]+)\s*\]\]")


class Row(NamedTuple):
    """One line of a table: its values by column, and its place. ``line`` is 0 if it is unknown."""

    values: Mapping[str, str]
    file: str
    line: int = 0

    def get(self, column: str) -> str:
        """Return the value of a column without surrounding blanks; "" if there is none."""
        return self.values.get(column, "").strip()


Tables = dict[str, list[Row]]


class Fault(NamedTuple):
    """What is wrong at a place, and what to do."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class DirectoryFaultsError(ValueError):
    """Files that cannot be imported as they are; ``faults`` are all that were found, by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def read_csv(file: str, text: str) -> Tables:
    """Read a CSV file, whose name tells the table. Commas or semicolons; the first line names the columns.

    Raises DirectoryFaultsError.
    """
    import csv  # noqa: PLC0415 - no function in the cloud reads such a file
    import io  # noqa: PLC0415 - as above

    stem = PurePath(file).stem.lower()
    table = next((name for name in COLUMNS if stem == name or stem.endswith(("-" + name, "_" + name))), "")
    if not table:
        raise DirectoryFaultsError([Fault(file, 0, f"which table is this? name it {', '.join(COLUMNS)} (.csv)")])
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    rows: list[Row] = []
    faults: list[Fault] = []
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                faults += _wrong_columns(table, columns, file, begins)
            elif len(cells) != len(columns):
                what = f"{len(cells)} cells where the first line names {len(columns)} columns"
                faults.append(Fault(file, begins, f"{what}; put a cell with a comma in it in quotation marks"))
            else:
                rows.append(Row(dict(zip(columns, cells, strict=True)), file, begins))
    except csv.Error as error:
        faults.append(Fault(file, line, f"not CSV: {error}"))
    if not columns and not faults:
        faults.append(Fault(file, 1, f"empty; the first line names the columns: {','.join(COLUMNS[table])}"))
    if faults:
        raise DirectoryFaultsError(faults)
    return {table: rows}


def write_csv(table: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Return a table as CSV, which ``read_csv`` reads back unchanged."""
    import csv  # noqa: PLC0415 - as above
    import io  # noqa: PLC0415 - as above

    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS[table], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read_toml(file: str, text: str) -> Tables:
    """Read the tables of a TOML file. Raises DirectoryFaultsError."""
    import tomllib  # noqa: PLC0415 - as in settings

    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # brackets within brackets
        raise DirectoryFaultsError([Fault(file, 0, f"not valid TOML: {error}")]) from error
    lines: dict[str, list[int]] = {HOLIDAYS_KEY: []}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _TOML_HEADER.match(line):
            lines.setdefault(found[1], []).append(number)
        elif line.startswith(HOLIDAYS_KEY):
            lines[HOLIDAYS_KEY].append(number)
    return from_plain(raw, file, lines)


def from_plain(raw: Mapping[str, Any], file: str, lines: Mapping[str, Sequence[int]] | None = None) -> Tables:
    """Return the tables of plain data: lists of mappings by table, and ``holidays_own``, a list of days.

    ``lines`` gives the lines of each table's rows. Raises DirectoryFaultsError.
    """
    faults = [
        Fault(file, 0, f"{name}: there is no such table; there are {', '.join(COLUMNS)}")
        for name in raw
        if name not in COLUMNS and name != HOLIDAYS_KEY
    ]
    tables: Tables = {}
    for name, content in raw.items():
        known = (lines or {}).get(name, ())
        if not isinstance(content, list):
            faults.append(Fault(file, known[0] if known else 0, f"{name}: is not a list"))
            continue
        entries = [{"day": day} for day in content] if name == HOLIDAYS_KEY else content
        where = list(known) * len(entries) if name == HOLIDAYS_KEY else known
        table = HOLIDAYS if name == HOLIDAYS_KEY else name
        for number, entry in enumerate(entries):
            line = where[number] if len(where) >= len(entries) else 0
            label = f"{table}, entry {number + 1}: " if not line else ""
            try:
                tables.setdefault(table, []).append(Row(_texts(entry), file, line))
            except TypeError as error:
                faults.append(Fault(file, line, f"{label}{error}"))
        tables.setdefault(table, [])
    if faults:
        raise DirectoryFaultsError(faults)
    return tables


def merged(base: Tables, files: Iterable[Tables]) -> Tables:
    """Return ``base`` with the files' tables in place of its own; several files may share a table. Where files bring
    districts and no villages, those villages stay whose district does."""
    fresh: Tables = {}
    for tables in files:
        for name, rows in tables.items():
            fresh.setdefault(name, []).extend(rows)
    if DISTRICTS in fresh and VILLAGES in base and VILLAGES not in fresh:
        there = {row.get("code") for row in fresh[DISTRICTS]}
        fresh[VILLAGES] = [row for row in base[VILLAGES] if row.get("code").rpartition(".")[0] in there]
    return {**base, **fresh}


def _texts(entry: object) -> dict[str, str]:
    """Return the values of an entry as text. Numbers are refused: 64.08 would be 64.8 already."""
    if not isinstance(entry, dict):
        raise TypeError("is not a set of names and values")
    values = {}
    for name, value in entry.items():
        if isinstance(value, bool):
            values[name] = "yes" if value else "no"
        elif isinstance(value, str | date):
            values[name] = str(value)
        else:
            raise TypeError(f"{name}: {value!r} is no text; put it in quotation marks")
    return values


def _wrong_columns(table: str, columns: Sequence[str], file: str, line: int) -> list[Fault]:
    found = [f"column {name!r} is unknown; known are {', '.join(COLUMNS[table])}" for name in columns]
    found = [text for name, text in zip(columns, found, strict=True) if name not in COLUMNS[table]]
    found += [f"column {name} is missing" for name in REQUIRED[table] if name not in columns]
    found += [f"column {name} stands twice" for name in sorted(set(columns)) if columns.count(name) > 1]
    return [Fault(file, line, text) for text in found]
