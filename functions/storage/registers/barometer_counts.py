"""What the barometer counts, as it rests: registers of the clock's, which nobody publishes as they are.

- ``barometer:<instance>``: through which day closings are counted
- ``barometer:<instance>:<month>``: what was closed in a month, by day, so that a day can be counted anew in its place
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
    """An instance at the end of a month. ``cohorts`` are sums of what came in within the twelve months up to it;
    ``month`` of what was closed in it or was open at its end, whenever that came in; ``received`` of what came in
    within it."""

    cohorts: Mapping[Cell, Sums] = field(default_factory=dict)
    month: Mapping[Cell, Sums] = field(default_factory=dict)
    received: Mapping[Cell, Sums] = field(default_factory=dict)


def read_counted(store: Registers, instance: str) -> date | None:
    """Through which day an instance's closings are counted, None where none are yet."""
    register = store.read_register(f"{PREFIX}:{instance}")
    return date.fromisoformat(register.body.decode()) if register else None


def write_counted(store: Registers, instance: str, day: date) -> None:
    """Remember that day. Raises VersionConflictError where somebody else counted in the same moment."""
    _write(store, f"{PREFIX}:{instance}", day.isoformat().encode())


def read_month(store: Registers, instance: str, month: str) -> dict[date, Day]:
    """What was closed in a month, by day; nothing where nothing was counted."""
    register = store.read_register(f"{PREFIX}:{instance}:{month}")
    if register is None:
        return {}
    return {
        date.fromisoformat(day): {cohort: read_cells(cells) for cohort, cells in cohorts.items()}
        for day, cohorts in _unpack(register.body).items()
    }


def write_month(store: Registers, instance: str, month: str, days: Mapping[date, Day]) -> None:
    """Put a month in the place of what stood. Raises VersionConflictError as above."""
    plain = {
        day.isoformat(): {cohort: plain_cells(cells) for cohort, cells in sorted(cohorts.items())}
        for day, cohorts in sorted(days.items())
        if cohorts
    }
    _write(store, f"{PREFIX}:{instance}:{month}", _pack(plain))


def has_standing(store: Registers, instance: str, month: str) -> bool:
    """Whether a month's end was counted."""
    return store.register_version(_standing_name(instance, month)) > 0


def read_standing(store: Registers, instance: str, month: str) -> Standing | None:
    """How an instance stood at a month's end, None where that was not counted."""
    register = store.read_register(_standing_name(instance, month))
    if register is None:
        return None
    return Standing(*(read_cells(raw) for raw in _unpack(register.body)))


def write_standing(store: Registers, instance: str, month: str, standing: Standing) -> None:
    """Keep a month's end, in the place of what was counted of it before. Raises VersionConflictError as above."""
    plain = [plain_cells(each) for each in (standing.cohorts, standing.month, standing.received)]
    _write(store, _standing_name(instance, month), _pack(plain))


def _standing_name(instance: str, month: str) -> str:
    return f"{PREFIX}:{instance}:{month}:standing"


def _write(store: Registers, name: str, body: bytes) -> None:
    """Replace a register, unless it says the same already."""
    standing = store.read_register(name)
    if standing is None or standing.body != body:
        store.write_registers([Register(name, standing.version + 1 if standing else 1, body)])


def _pack(plain: Any) -> bytes:
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 9)


def _unpack(body: bytes) -> Any:
    return json.loads(zlib.decompress(body))
