"""What may just still stand in a linked office's edition, and what just not any more."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from functions.casework.barometer.edition import Edition, EditionError, Month, Place, plain_edition
from functions.casework.barometer.linked_counts import read_linked
from functions.casework.barometer.places import nothing_told

NOT_COMPARED = {name: value for name, value in nothing_told().items() if name not in ("index", "group", "standing")}
PLACE = Place("instance", "tirta", "Kabupaten Tirta", instance="tirta", values=nothing_told())
COMPARED = {"group": "sedang", "standing": "sekitar rata-rata"}


def edition(*places: Place) -> Edition:
    return Edition("2026-10", 1, "2025-11", date(2026, 11, 8), places)


def told(**values: Any) -> Place:
    return replace(PLACE, values={**PLACE.values, **values})


FINE = {
    "a place that nobody compares": replace(PLACE, values=NOT_COMPARED),
    "the longest name": replace(PLACE, name="x" * 200),
    "the largest count": told(received=10**9 - 1),
    "all of a share": replace(told(on_time=1, open_30=1.0), curve=((30, 1), (60, 0))),
    "the best index": told(index=100, **COMPARED),
    "the worst index": told(index=0, **COMPARED),
}
REFUSED = {
    "a place without its share on time": replace(
        PLACE, values={n: v for n, v in NOT_COMPARED.items() if n != "on_time"}
    ),
    "a name too long": replace(PLACE, name="x" * 201),
    "a count too large": told(received=10**9),
    "more than all": told(on_time=1.05),
    "more than all of a month": replace(PLACE, months=(Month("2026-10", on_time=2),)),
    "more than all on the curve": replace(PLACE, curve=((30, 1.05),)),
    "an index above the best": told(index=100.5, **COMPARED),
    "an index below the worst": told(index=-0.5, **COMPARED),
}


@pytest.mark.parametrize("what", FINE)
def test_what_just_fits_is_read_as_it_was_published(what: str) -> None:
    assert read_linked(plain_edition(edition(FINE[what])), "tirta") == edition(FINE[what])


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_just_too_much_is_refused(what: str) -> None:
    with pytest.raises(EditionError):
        read_linked(plain_edition(edition(REFUSED[what])), "tirta")


def test_an_office_of_five_thousand_places_is_read_and_one_of_more_is_refused() -> None:
    raw = plain_edition(edition(PLACE))
    one = {**raw["places"][0], "level": "district"}
    raw["places"] = [{**one, "code": f"64.08.{n}"} for n in range(5_000)]
    assert len(read_linked(raw, "tirta").places) == 5_000
    raw["places"].append({**one, "code": "64.09.0"})
    with pytest.raises(EditionError):
        read_linked(raw, "tirta")
