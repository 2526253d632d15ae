"""What the clock did today for an instance, in a small register.

So a step of the day is neither done twice nor looked for again every hour, and a run that was cut off goes on after the
last step it finished.

A mark only spares a look. Each step knows by itself what it did (``actions.clock``), so a mark that is missing does no
harm.
"""

import json
from datetime import date

from functions.storage.interface import Register, Registers, VersionConflictError


def register_name(instance: str) -> str:
    """Name the register of an instance's marks."""
    return f"clock:{instance}"


def read_marks(store: Registers, instance: str, day: date) -> frozenset[str]:
    """Return the steps that were finished on this day."""
    register = store.read_register(register_name(instance))
    return _of(register, day)


def mark_done(store: Registers, instance: str, day: date, step: str) -> None:
    """Note a step as finished. If another run writes at the same moment, the note is left out."""
    register = store.read_register(register_name(instance))
    version = register.version if register else 0
    body = json.dumps({"day": day.isoformat(), "done": sorted(_of(register, day) | {step})}).encode()
    try:
        store.write_registers([Register(register_name(instance), version + 1, body)])
    except VersionConflictError:
        return


def _of(register: Register | None, day: date) -> frozenset[str]:
    try:
        marks = json.loads(register.body) if register else {}
        return frozenset(map(str, marks["done"])) if marks.get("day") == day.isoformat() else frozenset()
    except (ValueError, TypeError, KeyError, AttributeError):
        return frozenset()  # written by hand: the step looks for itself
