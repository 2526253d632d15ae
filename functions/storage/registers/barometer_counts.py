"""What the barometer counts, as stored: registers of the clock, which nobody publishes as they are.

- ``barometer:<instance>``: the day through which closings are counted
- ``barometer:<instance>:window``: the longest window of its cases, where it was longer than the setting
- ``barometer:<instance>:<month>``: what was closed in a month, by day, so that a day can be counted again
- ``barometer:<instance>:<month>:standing``: how everything stood at the end of a month
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from functions.casework.barometer.cells import Cell, Cells, plain_cells, read_cells
from functions.casework.barometer.counts import Sums
from functions.storage.interface import Register, Registers

Day = Mapping[str, Cells]  # by the month in which the cases came in
PREFIX = "barometer"


@dataclass(frozen=True, slots=True)
class Standing:
    """Sums of an instance at the end of a month.

    - ``cohorts``: received within the twelve months up to it
    - ``month``: closed in it or open at its end, whenever received
    - ``received``: received in it
    """

    cohorts: Mapping[Cell, Sums] = field(default_factory=dict)
    month: Mapping[Cell, Sums] = field(default_factory=dict)
    received: Mapping[Cell, Sums] = field(default_factory=dict)


def read_counted(store: Registers, instance: str) -> date | None:
    """Return the day through which an instance's closings are counted, None if none are yet."""
    register = store.read_register(f"{PREFIX}:{instance}")
    return date.fromisoformat(register.body.decode()) if register else None


def write_counted(store: Registers, instance: str, day: date) -> None:
    """Store that day. Raises VersionConflictError if another clock counted in the same moment."""
    _write(store, f"{PREFIX}:{instance}", day.isoformat().encode())


def read_window(store: Registers, instance: str) -> int:
    """Return the longest window (working days) that a month's end found among cases that were not over; 0 if none was
    longer than the setting."""
    register = store.read_register(f"{PREFIX}:{instance}:window")
    return int(register.body) if register else 0


def write_window(store: Registers, instance: str, window: int) -> None:
    """Store that window. Raises VersionConflictError as above."""
    _write(store, f"{PREFIX}:{instance}:window", str(window).encode())


def read_month(store: Registers, instance: str, month: str) -> dict[date, Day]:
    """Return what was closed in a month, by day; empty if nothing was counted."""
    register = store.read_register(f"{PREFIX}:{instance}:{month}")
    if register is None:
        return {}
    return {
        date.fromisoformat(day): {cohort: read_cells(cells) for cohort, cells in cohorts.items()}
        for day, cohorts in _unpack(register.body).items()
    }


def write_month(store: Registers, instance: str, month: str, days: Mapping[date, Day]) -> None:
    """Replace a month. Raises VersionConflictError as above."""
    plain = {
        day.isoformat(): {cohort: plain_cells(cells) for cohort, cells in sorted(cohorts.items())}
        for day, cohorts in sorted(days.items())
        if cohorts
    }
    _write(store, f"{PREFIX}:{instance}:{month}", _pack(plain))


def has_standing(store: Registers, instance: str, month: str) -> bool:
    """Tell whether a month's end was counted."""
    return store.register_version(_standing_name(instance, month)) > 0


def read_standing(store: Registers, instance: str, month: str) -> Standing | None:
    """Return how an instance stood at a month's end, None if that was not counted."""
    register = store.read_register(_standing_name(instance, month))
    if register is None:
        return None
    return Standing(*(read_cells(raw) for raw in _unpack(register.body)))


def write_standing(store: Registers, instance: str, month: str, standing: Standing) -> None:
    """Replace a month's end. Raises VersionConflictError as above."""
    plain = [plain_cells(each) for each in (standing.cohorts, standing.month, standing.received)]
    _write(store, _standing_name(instance, month), _pack(plain))


def _standing_name(instance: str, month: str) -> str:
    return f"{PREFIX}:{instance}:{month}:standing"


def _write(store: Registers, name: str, body: bytes) -> None:
    """Replace a register unless it has this body already."""
    standing = store.read_register(name)
    if standing is None or standing.body != body:
        store.write_registers([Register(name, standing.version + 1 if standing else 1, body)])


def _pack(plain: Any) -> bytes:
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 9)


def _unpack(body: bytes) -> Any:
    return json.loads(zlib.decompress(body))
