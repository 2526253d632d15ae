"""Freeze the months of the nation's open data: a folder for each edition, which only a correction changes.

Each is made from its edition and the details beside it, one month at a time. Where both and the program are as they
were, the folder of before is taken over.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from barometer_nation_data import month_files
from barometer_shelf import TOP, shelf_of
from frozen_files import QuickCompressor, link

from functions.casework.barometer.edition import Edition, Place
from functions.casework.barometer.edition_files import detail_file, details

FILES = ("data.csv", "triwulan.csv")


def freeze_months(
    editions: tuple[Edition, ...],
    folder: Path | None,
    out: Path,
    before: Mapping[str, str],
    previous: Path | None,
    program: str,
) -> dict[str, str]:
    """Write each month's data below ``out``. ``folder`` holds the details, if they stand apart. Returns what each was
    made from, by address; ``before`` is what this returned for the portal in ``previous``. Raises EditionError."""
    made = {}
    for edition in shelf_of(editions).editions:
        address = f"{TOP.strip('/')}/{edition.month}"
        made[address] = digest = _digest(edition, folder, program)
        (out / address).mkdir(parents=True, exist_ok=True)
        if previous and before.get(address) == digest:
            for name in FILES:
                if (previous / address / name).exists():
                    link(previous / address / name, out / address / name)
            continue
        for name, body in month_files(replace(edition, places=tuple(_places(edition, folder)))).items():
            (out / address / name).write_bytes(body)
            QuickCompressor(quiet=True).compress(str(out / address / name))
    return made


def _places(edition: Edition, folder: Path | None) -> Iterator[Place]:
    """Yield all places of an edition by the code of their instance, itself first: a stable order for a stable file."""
    for place in sorted((each for each in edition.places if each.level == "instance"), key=lambda each: each.code):
        yield place
        yield from details(folder, edition, place.code)


def _digest(edition: Edition, folder: Path | None, program: str) -> str:
    known = hashlib.sha256(f"{program}{edition!r}".encode())
    for place in edition.places if folder else ():
        known.update(detail_file(folder, edition.month, place.code) if folder and place.level == "instance" else b"")
    return known.hexdigest()
