"""What officers want to be reminded of: a register for each officer. Case and day are in clear, so that a digest can
count what is due without a key; the line they wrote is sealed to its case's key."""

from base64 import b64decode, b64encode
from datetime import date
from typing import NamedTuple

from functions.casework.directory.registers import pack, unpack
from functions.storage.interface import Register, Registers, StorageError, VersionConflictError
from functions.storage.retry import retry_on_conflict

REMINDERS_MAX = 100
PREFIX = "reminders:"


class Reminder(NamedTuple):
    """One reminder: of a case, on a local day, with a sealed line (b"" for none)."""

    case_id: str
    day: date
    sealed: bytes


def read_reminders(store: Registers, officer: str) -> tuple[Reminder, ...]:
    """Return an officer's reminders, the earliest first. Raises StorageError."""
    return _read(store, officer)[1]


def reminders_due(store: Registers, officer: str, day: date) -> tuple[Reminder, ...]:
    """Return an officer's reminders that are due on a day: its own and earlier ones. Raises StorageError."""
    return tuple(each for each in read_reminders(store, officer) if each.day <= day)


def keep_reminder(store: Registers, officer: str, case_id: str, reminder: Reminder | None, since: date) -> bool:
    """Put a reminder in place of the one of its case, or remove that (None), and drop those of days before ``since``.
    Return False if there are too many. Raises StorageError."""

    def attempt() -> bool:
        version, standing = _read(store, officer)
        others = tuple(each for each in standing if each.case_id != case_id and each.day >= since)
        if reminder and len(others) >= REMINDERS_MAX:
            return False
        kept = sorted((*others, *((reminder,) if reminder else ())), key=lambda each: (each.day, each.case_id))
        if tuple(kept) != standing:
            store.write_registers([Register(f"{PREFIX}{officer}", version + 1, _body(kept))])
        return True

    return retry_on_conflict(attempt, VersionConflictError)


def _read(store: Registers, officer: str) -> tuple[int, tuple[Reminder, ...]]:
    register = store.read_register(f"{PREFIX}{officer}")
    if register is None:
        return 0, ()
    try:
        rows = unpack(register.body)["rows"]
        found = (Reminder(row["case"], date.fromisoformat(row["day"]), b64decode(row["line"])) for row in rows)
        return register.version, tuple(found)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(f"the reminders of {officer} cannot be read") from error


def _body(kept: list[Reminder]) -> bytes:
    rows = [{"case": r.case_id, "day": r.day.isoformat(), "line": b64encode(r.sealed).decode()} for r in kept]
    return pack({"rows": rows})
