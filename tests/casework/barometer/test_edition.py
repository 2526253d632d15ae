"""Editions as every release since the first wrote them are read, those of a later one refused."""

import json
import zlib
from datetime import date
from typing import Any

import pytest

from functions.casework.barometer.edition import (
    Edition,
    EditionError,
    Month,
    Place,
    Quarter,
    Sensitive,
    decode_edition,
    encode_edition,
    read_edition,
)

OLDEST = {
    "level": "instance",
    "code": "a",
    "name": "Kabupaten A",
    "name_en": "",
    "instance": "a",
    "values": {"received": 20, "closed": "<8"},
    "months": [{"month": "2026-10", "received": 20, "closed": "<8", "on_time": None}],
    "curve": [[0, 1.0], [5, 0.4]],
    "ages": {"umur_0_5": 10},
    "closings": {"diperbaiki": 0.6},
}
TOPIC = {"code": "korupsi", "name": "Korupsi", "name_en": "Corruption", "received": 10}
QUARTERS = {"measured": "2026-09", "quarter": {"first": "2026-07", "last": "2026-09", "topics": [TOPIC]}}
KINDS = {"kind": "kabupaten", "region": "64.08"}
QUARTER = Quarter("2026-07", "2026-09", (Sensitive("korupsi", "Korupsi", "Corruption", 10),))


def stored(number: int, **more: Any) -> bytes:
    """An edition as a release wrote it into its store."""
    plain = {"format": number, "month": "2026-10", "number": 2, "first": "2025-11", "published": "2026-11-08"}
    return zlib.compress(json.dumps({**plain, "places": [OLDEST | more]}).encode())


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (stored(1), {}),
        (stored(2, **QUARTERS), {"measured": "2026-09", "quarter": QUARTER}),
        (stored(3, **QUARTERS, **KINDS), {"measured": "2026-09", "quarter": QUARTER, **KINDS}),
    ],
)
def test_what_each_release_stored_is_read(body: bytes, more: dict[str, Any]) -> None:
    """Nothing rewrites an edition, so the first one must be read for as long as there is a barometer."""
    place = Place(
        "instance",
        "a",
        "Kabupaten A",
        instance="a",
        values={"received": 20, "closed": "<8"},
        months=(Month("2026-10", 20, "<8"),),
        curve=((0, 1.0), (5, 0.4)),
        ages={"umur_0_5": 10},
        closings={"diperbaiki": 0.6},
        **more,
    )
    found = decode_edition(body)
    assert found == Edition("2026-10", 2, "2025-11", date(2026, 11, 8), (place,))
    assert decode_edition(encode_edition(found)) == found


@pytest.mark.parametrize("number", [0, 4])
def test_what_no_release_so_far_wrote_is_refused(number: int) -> None:
    with pytest.raises(EditionError, match=f"format {number}"):
        decode_edition(stored(number))


@pytest.mark.parametrize("raw", [{}, {"format": 3}, {"format": 3, "places": [{}]}])
def test_what_is_no_edition_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(EditionError, match="not an edition"):
        read_edition(raw)
    with pytest.raises(EditionError):
        decode_edition(b"no edition")
