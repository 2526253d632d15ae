"""What the nation's barometer adds up and compares: nothing but what instances published.

A national number is the sum of printed numbers, as the least and the most that they allow together. It is never formed
from the counts behind them. A sum of counts would undo what the audit of each instance proved: the nation's total less
those of all other instances is the one that was withheld. ``audit.allowed`` holds every sum to that.

Instances are compared within their kind, and among those that get about as many reports: those numbers are published.
How many people live there stands in no edition.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import inf
from typing import NamedTuple

from functions.casework.barometer.disclosure import MOST, Suppressed, possible
from functions.casework.barometer.edition import FEW, HIDDEN, NEARLY, Published
from functions.casework.directory.agencies import Agency, Level

MINIMUM = 50  # reports of a year: the 95 % interval of a median then leaves out a third of them at either end
CITY = 71  # from here on Kemendagri numbers a province's cities


class Kind(StrEnum):
    """Kinds of instances, each compared with its own."""

    REGENCY = "kabupaten"
    CITY = "kota"
    PROVINCE = "provinsi"
    CENTRE = "pusat"
    OTHER = "lain"


class Size(StrEnum):
    """Classes by the least number of reports that an instance gets in a year."""

    SMALL = "kecil"
    MIDDLE = "sedang"
    LARGE = "besar"


SIZES = ((1_000, Size.LARGE), (250, Size.MIDDLE), (MINIMUM, Size.SMALL))
LEVELS = {Level.KABUPATEN: Kind.REGENCY, Level.KOTA: Kind.CITY, Level.PROVINSI: Kind.PROVINCE}


class Total(NamedTuple):
    """The sum of some instances' printed numbers.

    ``most`` is None if one of them is withheld: it may be any. ``of`` counts the instances, ``hidden`` those with 1 to
    7, ``withheld`` those that published no number.
    """

    least: int
    most: int | None
    of: int
    hidden: int
    withheld: int


def total(numbers: Iterable[Published]) -> Total:
    """Add up printed counts."""
    each = list(numbers)
    spans = [span_of(number) for number in each]
    withheld = sum(number is None for number in each)
    most = None if withheld else sum(most for _, most in spans)
    return Total(sum(least for least, _ in spans), most, len(each), sum(n == HIDDEN for n in each), withheld)


def span_of(number: Published) -> tuple[int, int]:
    """Return the least and the most that a count in an edition may stand for."""
    if number is None:
        return 0, MOST
    return possible(number if isinstance(number, int) else Suppressed.SMALL)


def kind_of(instance: Agency) -> Kind:
    """Return an instance's kind: as the directory says, else as Kemendagri numbers its region."""
    if instance.level in LEVELS:
        return LEVELS[instance.level]
    if instance.level is Level.KEMENTERIAN:
        return Kind.CENTRE
    return kind_of_region(instance.region)


def kind_of_region(region: str) -> Kind:
    """Return the kind of government that a region's code stands for."""
    province, _, number = region.partition(".")
    if not province:
        return Kind.OTHER
    if not number:
        return Kind.PROVINCE
    return Kind.CITY if int(number) >= CITY else Kind.REGENCY


def size_of(reports: int) -> Size | None:
    """Return the class of an instance by its published reports of a year; None if it is not compared."""
    return next((size for least, size in SIZES if reports >= least), None)


class Quartiles(NamedTuple):
    """How many working days a quarter, half, and three quarters of some instances need at most; None is not reached."""

    quick: int | None
    half: int | None
    slow: int | None
    of: int


def quartiles(medians: Sequence[int | None]) -> Quartiles | None:
    """Return the quartiles of instances' published medians; None without any. A median that is not reached is the
    longest."""
    if not medians:
        return None
    ranked = sorted(medians, key=lambda days: (days is None, days or 0))
    quick, half, slow = (ranked[-(-len(ranked) * part // 4) - 1] for part in (1, 2, 3))
    return Quartiles(quick, half, slow, len(ranked))


def middle_share(shares: Sequence[Published]) -> Published:
    """Return the published share that half of some instances reach at least; None without any."""
    ranked = sorted(shares, key=lambda share: {FEW: -inf, NEARLY: inf}.get(share, share))  # type: ignore[arg-type, return-value]  # None is left out
    return ranked[len(ranked) // 2] if ranked else None
