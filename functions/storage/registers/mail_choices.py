"""How officers want their mail, as stored: a register for each agency, by idents and without addresses.

The desk writes it and the courier reads it. Who chose nothing is not in it.
"""

import json
from collections.abc import Mapping

from functions.casework.deadlines.digests import Choice, Pace
from functions.storage.interface import Register, Registers, StorageError
from functions.storage.retry import retry_on_conflict


def register_name(agency: str) -> str:
    """Name the register of an agency's officers."""
    return f"mail:{agency}"


def read_choices(store: Registers, agency: str) -> Mapping[str, Choice]:
    """Return what an agency's officers chose, by ident. Raises StorageError."""
    return _read(store.read_register(register_name(agency)))


def write_choice(store: Registers, agency: str, ident: str, choice: Choice) -> None:
    """Keep an officer's choice. Raises StorageError."""

    def attempt() -> None:
        name = register_name(agency)
        standing = store.read_register(name)
        chosen = {**_read(standing), ident: choice}
        body = json.dumps({each: [pace.value, hour] for each, (pace, hour) in sorted(chosen.items())}).encode()
        store.write_registers([Register(name, (standing.version if standing else 0) + 1, body)])

    retry_on_conflict(attempt, StorageError("the register of mail choices is being written to"))


def _read(register: Register | None) -> dict[str, Choice]:
    raw = json.loads(register.body) if register else {}
    return {ident: Choice(Pace(pace), int(hour)) for ident, (pace, hour) in raw.items()}
