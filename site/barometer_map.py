"""A map of an instance's districts: a tile for each, roughly where it lies, with the number that the table gives it.

No outline is drawn, since the data of the districts have none. Shading follows from the published medians alone.
Tests: ``tests/site/test_barometer.py``.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from barometer_shelf import below
from barometer_words import NOTHING, days, median_of, named

from functions.casework.barometer.edition import Edition, Place
from functions.web.language import gettext as _
from functions.web.language import ngettext

# Name, column and row by Kemendagri's code, for each regency; the name is for a district of which nothing is told.
TILES = {
    "64.08": {
        "64.08.01": ("Muara Ancalong", 0, 3),
        "64.08.02": ("Muara Wahau", 1, 0),
        "64.08.03": ("Muara Bengkal", 1, 3),
        "64.08.04": ("Sangatta Utara", 2, 3),
        "64.08.05": ("Sangkulirang", 3, 1),
        "64.08.06": ("Busang", 0, 1),
        "64.08.07": ("Telen", 1, 1),
        "64.08.08": ("Kombeng", 2, 0),
        "64.08.09": ("Bengalon", 2, 1),
        "64.08.10": ("Kaliorang", 3, 3),
        "64.08.11": ("Sandaran", 4, 1),
        "64.08.12": ("Sangatta Selatan", 2, 4),
        "64.08.13": ("Teluk Pandan", 2, 5),
        "64.08.14": ("Rantau Pulung", 2, 2),
        "64.08.15": ("Kaubun", 3, 2),
        "64.08.16": ("Karangan", 3, 0),
        "64.08.17": ("Batu Ampar", 1, 2),
        "64.08.18": ("Long Mesangat", 0, 2),
    }
}
LEVELS = 4  # of shading
WIDTH, HEIGHT = 72, 58  # of a tile with its gap, in a picture 360 wide
LONG = 9  # letters: a longer word is drawn together, so that it fits in any font
MOST_NAMES = 2  # that the sentence lists


def tile_map(edition: Edition, place: Place) -> dict[str, Any] | None:
    """Return the tiles of an instance's districts, the height of the picture and its sentence; None where most have no
    number, since a map would be empty where it matters, or where they lie is not known."""
    found = {each.code: each for each in edition.places if each.level == "district" and below(place, each)}
    tiles = next((t for t in TILES.values() if any(code in t for code in found)), {})
    told = [each for code, each in found.items() if code in tiles and each.values["answer_known"]]
    if place.level != "instance" or 2 * len(told) < len(tiles) or not tiles:
        return None
    slowest = max([1, *(_median(each) or 0 for each in told)])
    return {
        "tiles": [_tile(name, column, row, found.get(code), slowest) for code, (name, column, row) in tiles.items()],
        "height": (max(row for _name, _column, row in tiles.values()) + 1) * HEIGHT,
        "says": _says(told, len(tiles) - len(told)),
    }


def _tile(name: str, column: int, row: int, place: Place | None, slowest: int) -> dict[str, Any]:
    said, level = NOTHING, 0
    if place and place.values["answer_known"]:
        median = _median(place)
        said = median_of(place.values["answer_known"], median)
        level = LEVELS if median is None else max(1, -(-LEVELS * median // slowest))
    words = (named(place) if place else name).split(" ", 1)
    return {
        "x": column * WIDTH + WIDTH // 2,
        "y": row * HEIGHT,
        "level": level,
        "words": [(word, len(word) > LONG) for word in words],
        "said": said,
    }


def _median(place: Place) -> int | None:
    median = place.values["answer_median"]
    return median if isinstance(median, int) else None


def _says(told: Sequence[Place], few: int) -> str:
    known = sorted((median, named(each)) for each in told if (median := _median(each)) is not None)
    groups = [(median, [name for _days, name in group]) for median, group in groupby(known, lambda each: each[0])]
    found = []
    if groups:
        found.append(
            _("Paling cepat dijawab: {where}, {days}.").format(where=_where(groups[0][1]), days=days(groups[0][0]))
        )
    if len(groups) > 1:
        last = groups[-1]
        found.append(_("Paling lama: {where}, {days}.").format(where=_where(last[1]), days=days(last[0])))
    if unanswered := len(told) - len(known):
        said = ngettext(
            "Di {count} kecamatan lebih dari separuh belum dijawab.",
            "Di {count} kecamatan lebih dari separuh belum dijawab.",
            unanswered,
        )
        found.append(said.format(count=unanswered))
    if few:
        said = ngettext(
            "{count} kecamatan: terlalu sedikit laporan untuk disebut.",
            "{count} kecamatan: terlalu sedikit laporan untuk disebut.",
            few,
        )
        found.append(said.format(count=few))
    return " ".join(found)


def _where(names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    return ngettext("{count} kecamatan", "{count} kecamatan", len(names)).format(count=len(names))
