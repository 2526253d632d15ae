"""The barometer's editions as stored. Each is written once: a correction is another edition of its month, with the next
number, and the old one stays.

- ``edition:<month>`` and ``edition:<month>:<number>``: what is public
- ``editions``: which there are; its version changes with each, so that a portal notices a new one
- ``barometer:<instance>:<month>:tables:<number>``: what was counted for its tables, to audit later ones; never
  published
"""

import json
from collections.abc import Iterator, Sequence

from functions.casework.barometer import disclosure, stored_tables
from functions.casework.barometer.edition import Edition, EditionError, decode_edition, encode_edition
from functions.storage.interface import Register, Registers, StorageError, VersionConflictError
from functions.storage.registers.barometer_counts import PREFIX

EDITIONS_REGISTER = "editions"


def edition_name(month: str, number: int) -> str:
    """Name the register of an edition."""
    return f"edition:{month}" if number == 1 else f"edition:{month}:{number}"


def list_editions(store: Registers) -> tuple[tuple[str, int], ...]:
    """Return every edition as month and number, in the order in which they were made."""
    register = store.read_register(EDITIONS_REGISTER)
    return tuple((month, number) for month, number in json.loads(register.body)) if register else ()


def read_edition(store: Registers, month: str, number: int) -> Edition | None:
    """Return an edition, None if there is none. Raises StorageError for one that this release cannot read."""
    register = store.read_register(edition_name(month, number))
    try:
        return decode_edition(register.body) if register else None
    except EditionError as error:
        raise StorageError(f"edition {month} ({number}): {error}") from error


def newest_editions(store: Registers) -> tuple[Edition, ...]:
    """Return each month's edition with the latest number, months in order. Raises StorageError."""
    return tuple(each_newest_edition(store))


def each_newest_edition(store: Registers) -> Iterator[Edition]:
    """Yield the same one after another: a nation's are too large to hold at once."""
    latest: dict[str, int] = {}
    for month, number in list_editions(store):
        latest[month] = max(number, latest.get(month, 0))
    found = (read_edition(store, month, number) for month, number in sorted(latest.items()))
    yield from (edition for edition in found if edition)


def write_edition(store: Registers, edition: Edition) -> bool:
    """Put an edition and list it, in one transaction. False if it exists, or if somebody else was faster."""
    name, standing = edition_name(edition.month, edition.number), store.read_register(EDITIONS_REGISTER)
    listed = [*(json.loads(standing.body) if standing else []), [edition.month, edition.number]]
    version = standing.version + 1 if standing else 1
    index = Register(EDITIONS_REGISTER, version, json.dumps(listed, separators=(",", ":")).encode())
    try:
        store.write_registers([Register(name, 1, encode_edition(edition)), index])
    except VersionConflictError:
        return False
    return True


def read_tables(store: Registers, instance: str, month: str, number: int) -> disclosure.Edition | None:
    """Return the audited tables of an instance's month with what was counted, None if there are none."""
    register = store.read_register(_tables_name(instance, month, number))
    return stored_tables.from_json(json.loads(register.body)) if register else None


def write_tables(store: Registers, tables: disclosure.Edition) -> None:
    """Store audited tables, once. Raises VersionConflictError if they exist."""
    body = json.dumps(stored_tables.to_json(tables), separators=(",", ":")).encode()
    store.write_registers([Register(_tables_name(tables.instance, tables.month, tables.number), 1, body)])


def earlier_tables(store: Registers, instance: str, but: tuple[str, int]) -> Sequence[disclosure.Edition]:
    """Return the tables of all published editions of an instance except the one with this month and number."""
    found = (
        read_tables(store, instance, month, number) for month, number in list_editions(store) if (month, number) != but
    )
    return [tables for tables in found if tables]


def _tables_name(instance: str, month: str, number: int) -> str:
    return f"{PREFIX}:{instance}:{month}:tables:{number}"
