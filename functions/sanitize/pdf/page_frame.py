"""The frame of a page: its edges, its unit and its turn, as any reader can show them.

A page without usable edges, or larger than readers draw, opens blank or not at all. ISO 32000-1, Annex C.2: a side has
3 to 14,400 units.
"""

from decimal import Decimal
from typing import Final

from pikepdf import Array, Object

MIN_SIDE: Final = Decimal(3)
MAX_SIDE: Final = Decimal(14_400)
MAX_PLACE: Final = Decimal(32_767)  # the largest number that all readers hold (Annex C.2)
MAX_UNIT: Final = 10  # a unit is 1/72 inch times this: pages up to 50 metres
A4: Final = (Decimal(0), Decimal(0), Decimal(595), Decimal(842))
TURN: Final = 90

Box = tuple[Decimal, Decimal, Decimal, Decimal]


def framed(page: Object) -> dict[str, object]:
    """Return what the page's dictionary says of its frame: ``/MediaBox``, and where they say something ``/CropBox``,
    ``/UserUnit`` and ``/Rotate``."""
    edges = _box(page.get("/MediaBox")) or A4
    found: dict[str, object] = {"/MediaBox": Array(edges)}
    if (crop := _box(page.get("/CropBox"))) and (shown := _common(edges, crop)):
        found["/CropBox"] = Array(shown)
    unit, turn = _number(page.get("/UserUnit")), _number(page.get("/Rotate"))
    if unit and 1 < unit <= MAX_UNIT:
        found["/UserUnit"] = unit
    if turn and turn % TURN == 0:
        found["/Rotate"] = int(turn) % (4 * TURN)
    return found


def _box(value: object) -> Box | None:
    """Return left, bottom, right, top within the limits; None for what has no four numbers, or no area."""
    numbers = [_number(item) for item in value] if isinstance(value, Array) else []
    places = [max(-MAX_PLACE, min(MAX_PLACE, number)) for number in numbers if number is not None]
    if len(numbers) != 4 or len(places) != 4:  # noqa: PLR2004 - the edges of a rectangle
        return None
    left, right = sorted(places[0::2])
    bottom, top = sorted(places[1::2])
    return _sized((left, bottom, min(right, left + MAX_SIDE), min(top, bottom + MAX_SIDE)))


def _common(one: Box, other: Box) -> Box | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    return _sized((left, bottom, min(one[2], other[2]), min(one[3], other[3])))


def _sized(box: Box) -> Box | None:
    left, bottom, right, top = box
    return box if right - left >= MIN_SIDE and top - bottom >= MIN_SIDE else None


def _number(value: object) -> Decimal | None:
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else None
