"""An edition of the barometer: the numbers of one month as they were published, once and for good.

Everything in it may be published: counts are rounded or hidden, shares and medians need enough cases. It names its
places itself, so that it reads the same after the directory has changed.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

FORMAT = 3
# 1 had neither quarters nor the month through which measures were counted; 2 had no kinds and regions of instances
READ = (1, 2, FORMAT)
HIDDEN = "<8"  # a count of 1 to 7
FEW, NEARLY = "sedikit", "hampir semua"  # shares that stand for too few to be published, or for all but too few
LEVELS = ("nation", "instance", "agency", "topic", "district")

Published = int | float | str | None  # None: not published, since too few or folded


class EditionError(ValueError):
    """The data are no edition, or an edition of a later release."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month ("2026-10") in a place's history: counts of received and closed, and the share (0 to 1) on time."""

    month: str
    received: Published = None
    closed: Published = None
    on_time: Published = None


@dataclass(frozen=True, slots=True)
class Sensitive:
    """What came in of a sensitive topic within a quarter; ``code`` is "lainnya" for several of them together."""

    code: str
    name: str
    name_en: str = ""
    received: Published = None


@dataclass(frozen=True, slots=True)
class Quarter:
    """Sensitive topics of the months ``first`` through ``last``; both are "" if an instance has none.

    Without topics, the audit withheld them all.
    """

    first: str
    last: str
    topics: tuple[Sensitive, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What is published of one place.

    ``level`` is one of ``LEVELS``; ``instance`` is the code of its instance. ``values`` are counts of the month
    (``received``, ``closed``, ``open``), and, of what came in within the year, medians in working days and shares from
    0 to 1 (``places``). ``curve`` says which share is unfinished after how many working days. ``ages`` counts open
    cases by age (``counts.AGES``). ``closings`` are shares of the outcomes. ``measured`` is the month through which
    medians and shares were counted, "" for the edition's own: they stay while too little is new (``yearly_refresh``).
    ``quarter`` is an instance's last one that ended. Only instances have a ``kind`` (``national.Kind``) and a
    ``region`` (Kemendagri's code): the nation's pages compare by them, also when the directory knows it no more.
    """

    level: str
    code: str
    name: str
    name_en: str = ""
    instance: str = ""
    values: Mapping[str, Published] = field(default_factory=dict)
    months: tuple[Month, ...] = ()
    curve: tuple[tuple[int, float], ...] = ()
    ages: Mapping[str, Published] = field(default_factory=dict)
    closings: Mapping[str, Published] = field(default_factory=dict)
    measured: str = ""
    quarter: Quarter | None = None
    kind: str = ""
    region: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The key by which it is found."""
        return self.level, self.code


@dataclass(frozen=True, slots=True)
class Edition:
    """The barometer of one month.

    ``number`` counts corrections, from 1. ``first`` is the first month whose reports are in the sums of a year.
    ``published`` is the day on which the edition was made.
    """

    month: str
    number: int
    first: str
    published: date
    places: tuple[Place, ...]

    def place(self, level: str, code: str) -> Place | None:
        """Return the place with this key, or None."""
        return next((place for place in self.places if place.key == (level, code)), None)


def encode_edition(edition: Edition) -> bytes:
    """Return an edition as it is stored."""
    return zlib.compress(json.dumps(plain_edition(edition), ensure_ascii=False, separators=(",", ":")).encode(), 9)


def decode_edition(body: bytes) -> Edition:
    """Parse a stored edition. Raises EditionError."""
    try:
        return read_edition(json.loads(zlib.decompress(body)))
    except (zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise EditionError("not an edition") from error


def plain_edition(edition: Edition) -> dict[str, Any]:
    """Return an edition as plain data, for JSON."""
    return {"format": FORMAT, **asdict(edition), "published": edition.published.isoformat()}


def read_edition(raw: Mapping[str, Any]) -> Edition:
    """Parse plain data. Raises EditionError."""
    try:
        if raw["format"] not in READ:
            raise EditionError(f"an edition of format {raw['format']}: a later release wrote it")
        places = tuple(_place(each) for each in raw["places"])
        published = date.fromisoformat(raw["published"])
        return Edition(raw["month"], raw["number"], raw["first"], published, places)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise error if isinstance(error, EditionError) else EditionError(f"not an edition: {error}") from error


def _place(raw: Mapping[str, Any]) -> Place:
    months = tuple(Month(**each) for each in raw["months"])
    curve = tuple((day, share) for day, share in raw["curve"])
    return Place(**{**raw, "months": months, "curve": curve, "quarter": _quarter(raw.get("quarter"))})


def _quarter(raw: Mapping[str, Any] | None) -> Quarter | None:
    return Quarter(raw["first"], raw["last"], tuple(Sensitive(**each) for each in raw["topics"])) if raw else None
