"""The simulated year (``tests/actions/year.py``) as a barometer: the clock counts every day of it, and a week after each
month its edition is made. For the tests, and for pictures: ``python -m tests.barometer_year FOLDER`` writes the editions
as ``site/freeze.py --editions`` takes them."""

import json
import shutil
import sys
from pathlib import Path

from functions.actions.publish import Editions
from functions.actions.tallies import Tallies
from functions.casework.barometer.edition import Edition, plain_edition
from functions.storage.editions import newest_editions
from tests.actions.year import Year, fast_folder, live

EDITIONS = 12


def counted(year: Year) -> None:
    """What the clock does of the barometer on one day, until there are twelve editions."""
    world = year.world
    if len(newest_editions(world.store)) < EDITIONS:
        Tallies(world.store, world.directory, lambda: world.today)()
        Editions(world.store, world.directory, lambda: world.today)()


def editions(folder: Path) -> tuple[Edition, ...]:
    """Let the year pass; returns its editions."""
    return newest_editions(live(folder, counted).world.store)


def write(found: tuple[Edition, ...], folder: Path) -> None:
    """One file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for edition in found:
        (folder / f"{edition.month}.{edition.number}.json").write_text(json.dumps(plain_edition(edition)))


if __name__ == "__main__":
    place = fast_folder()
    write(editions(place), Path(sys.argv[1]))
    shutil.rmtree(place)
