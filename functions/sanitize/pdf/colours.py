"""Colour spaces, copied without ICC profiles: a profile can name a scanner or a calibrated screen."""

from collections.abc import Callable
from typing import Final

from pikepdf import Array, Name, Object, Stream, String

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.pdf.budget import Budget
from functions.sanitize.pdf.content import plain

# By number of components
DEVICE: Final = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_COMPONENTS: Final = {
    "/DeviceGray": 1,
    "/CalGray": 1,
    "/Indexed": 1,
    "/Separation": 1,
    "/DeviceRGB": 3,
    "/CalRGB": 3,
    "/Lab": 3,
    "/DeviceCMYK": 4,
}
_CALIBRATED: Final = frozenset({"/CalGray", "/CalRGB", "/Lab"})


def copy_space(
    value: object, copy: Callable[[str, object], object], rename: Callable[[str], Name], budget: Budget
) -> Object:
    """Return a new colour space (ISO 32000-1, 8.6); ``copy`` copies what it refers to.

    Raises FileRefusedError (damaged) if it is not a colour space.
    """
    if isinstance(value, Name):
        known = str(value) in _COMPONENTS or str(value) == "/Pattern"
        return Name(str(value)) if known else rename(str(value))
    if not isinstance(value, Array) or not len(value):
        raise FileRefusedError(Refusal.DAMAGED)
    family, rest = str(value[0]), list(value)[1:]
    if not rest:
        return copy_space(value[0], copy, rename, budget)
    if family == "/ICCBased":
        return Name(DEVICE[int(rest[0].get("/N", 3))])
    return Array([Name(family), *_details(family, rest, copy, budget)])


def _details(family: str, rest: list[Object], copy: Callable[[str, object], object], budget: Budget) -> list[object]:
    if family in _CALIBRATED:
        return [copy("calibration", rest[0])]
    if family == "/Pattern":
        return [copy("space", rest[0])]
    if family == "/Indexed":
        base, last = copy("space", rest[0]), int(rest[1])
        return [base, last, _palette(base, last, rest[2], budget)]
    if family in {"/Separation", "/DeviceN"}:
        return [plain(rest[0]), copy("space", rest[1]), copy("function", rest[2])]
    raise FileRefusedError(Refusal.DAMAGED)


def components(space: object) -> int:
    """Return how many numbers make a colour in a copied space. Raises FileRefusedError (damaged)."""
    family = space[0] if isinstance(space, Array) else space
    if str(family) == "/DeviceN" and isinstance(space, Array):
        return len(space[1])
    try:
        return _COMPONENTS[str(family)]
    except KeyError:
        raise FileRefusedError(Refusal.DAMAGED) from None


def _palette(base: object, last: int, lookup: Object, budget: Budget) -> String:
    colours = budget.read(lookup) if isinstance(lookup, Stream) else bytes(lookup)
    return String(colours[: (last + 1) * components(base)])
