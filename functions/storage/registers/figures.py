"""An instance's figures as stored: one register, written by the clock once a day, read by the desk as a whole."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from functions.casework.barometer.counts import Sums, from_json, to_json
from functions.casework.figures import Cell, Request, Tally
from functions.storage.interface import Register, Registers, VersionConflictError

# The release before knows one code in a row, and would tell each of several what accuses them: it sees none of these.
SEVERAL = "several"


class Counted(NamedTuple):
    """The day of an instance's figures, and the figures: counts, sums of recent reports, and steps of requests to see
    masked words."""

    on: date
    cells: Mapping[Cell, Tally]
    sums: Mapping[Cell, Sums]
    requests: Mapping[Request, int]


def register_name(instance: str) -> str:
    """Name the register of an instance's figures."""
    return f"figures:{instance}"


def read_figures(store: Registers, instance: str) -> Counted | None:
    """Return an instance's figures, None if none were made yet."""
    register = store.read_register(register_name(instance))
    return _decode(json.loads(register.body)) if register else None


def write_figures(store: Registers, instance: str, counted: Counted) -> bool:
    """Replace an instance's figures. False if another clock did so in the same moment."""
    version = store.register_version(register_name(instance))
    rows = [[*cell, {k: v for k, v in asdict(each).items() if v}] for cell, each in counted.cells.items()]
    sums = [[*cell, to_json(each)] for cell, each in counted.sums.items()]
    requests = [[*request, count] for request, count in counted.requests.items()]
    every: dict[str, list[list[Any]]] = {"cells": rows, "sums": sums, "requests": requests}
    plain: dict[str, Any] = {"day": counted.on.isoformat()}
    plain |= {name: [row for row in each if not _is_of_several(row)] for name, each in every.items()}
    several = {name: found for name, each in every.items() if (found := [row for row in each if _is_of_several(row)])}
    plain |= {SEVERAL: several} if several else {}
    body = json.dumps(plain, separators=(",", ":")).encode()
    try:
        store.write_registers([Register(register_name(instance), version + 1, body)])
    except VersionConflictError:
        return False
    return True


def _decode(raw: Mapping[str, Any]) -> Counted:
    several = raw.get(SEVERAL, {})
    cells, sums, requests = ([*raw.get(name, ()), *several.get(name, ())] for name in ("cells", "sums", "requests"))
    return Counted(
        date.fromisoformat(raw["day"]),
        {(holder, accused): Tally(**counts) for holder, accused, counts in cells},
        {(holder, accused): from_json(each) for holder, accused, each in sums},
        {Request(*request): count for *request, count in requests},
    )


def _is_of_several(row: Sequence[Any]) -> bool:
    """Tell whether the cases of a row are kept from several agencies."""
    return " " in row[-2]
