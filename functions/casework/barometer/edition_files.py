"""Editions as files, for the freezing, which knows no store: ``2026-10.json`` and, where there are many instances,
``2026-10/<code>.json`` beside it with what each publishes of its agencies, topics and districts.

So a nation's editions are never in memory at once: a reader takes what all instances publish of themselves, and one
instance's or one month's details.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from functions.casework.barometer.edition import Edition, Place, plain_edition, read_edition


def write_edition_file(edition: Edition, folder: Path, *, apart: bool) -> None:
    """Write an edition below ``folder``; ``apart`` with each instance's details in a file of its own."""
    kept = instances_of(edition) if apart else edition
    (folder / f"{edition.month}.json").write_text(json.dumps(plain_edition(kept)))
    if not apart:
        return
    of: dict[str, list[Place]] = {}
    for place in edition.places:
        if place.level != "instance":
            of.setdefault(place.instance, []).append(place)
    (folder / edition.month).mkdir()
    for code, places in of.items():
        plain = plain_edition(replace(edition, places=tuple(places)))
        (folder / edition.month / f"{code}.json").write_text(json.dumps(plain))


def instances_of(edition: Edition) -> Edition:
    """Return the edition without what instances publish of their agencies, topics and districts."""
    return replace(edition, places=tuple(place for place in edition.places if place.level == "instance"))


def detail_file(folder: Path, month: str, code: str) -> bytes:
    """Return the details of an instance's month as they were written; empty where there are none."""
    path = folder / month / f"{code}.json"
    return path.read_bytes() if path.is_file() else b""


def details(folder: Path | None, edition: Edition, code: str) -> Iterator[Place]:
    """Yield the agencies, topics and districts of an instance in an edition: those that the edition has, and those in
    a file of their own. Raises EditionError."""
    yield from (place for place in edition.places if place.level != "instance" and place.instance == code)
    if folder and (body := detail_file(folder, edition.month, code)):
        yield from read_edition(json.loads(body)).places
