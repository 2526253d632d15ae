"""An instance's figures as they rest: one register, written by the clock once a day, read by the desk as a whole."""

import json
from dataclasses import asdict
from datetime import date

from functions.casework.figures import Cell, Tally
from functions.storage.interface import Register, Store, VersionConflictError


def register_name(instance: str) -> str:
    """The register of an instance's figures."""
    return f"figures:{instance}"


def read_figures(store: Store, instance: str) -> tuple[date, dict[Cell, Tally]] | None:
    """The day of an instance's figures and the figures, None where none were made yet."""
    register = store.read_register(register_name(instance))
    return _decode(register.body) if register else None


def write_figures(store: Store, instance: str, on: date, cells: dict[Cell, Tally]) -> bool:
    """Put an instance's figures in the place of older ones. False where somebody else did so in the same moment."""
    version = store.register_version(register_name(instance))
    rows = [
        [holder, accused, {k: v for k, v in asdict(each).items() if v}] for (holder, accused), each in cells.items()
    ]
    body = json.dumps({"day": on.isoformat(), "cells": rows}, separators=(",", ":")).encode()
    try:
        store.write_registers([Register(register_name(instance), version + 1, body)])
    except VersionConflictError:
        return False
    return True


def _decode(body: bytes) -> tuple[date, dict[Cell, Tally]]:
    raw = json.loads(body)
    return date.fromisoformat(raw["day"]), {(h, a): Tally(**counts) for h, a, counts in raw["cells"]}
