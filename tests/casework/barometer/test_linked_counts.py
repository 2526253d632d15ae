"""A linked office's edition beside the nation's: each place once, and nothing but what an edition may hold."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from functions.casework.barometer.edition import Edition, EditionError, Place, plain_edition
from functions.casework.barometer.linked_counts import read_linked, with_linked
from functions.casework.barometer.quality import Group, Standing
from functions.config.settings import DEMO, load_directory
from tests.site.edition import edition_of

MONTH = "2026-10"


@pytest.fixture(scope="module")
def theirs() -> Edition:
    return edition_of(load_directory(DEMO / "kutai-timur.toml"), MONTH)


@pytest.fixture(scope="module")
def ours() -> Edition:
    place = Place("instance", "samarinda", "Kota Samarinda", instance="samarinda", values={"received": 20})
    topic = Place("topic", "jalan", "Jalan", instance="samarinda", values={"received": 9})
    return Edition(MONTH, 1, "2025-11", date(2026, 11, 8), (place, topic))


def test_what_an_office_publishes_is_read_as_it_was_made(theirs: Edition) -> None:
    assert read_linked(plain_edition(theirs), "kutim") == theirs


def test_an_office_with_a_quality_index_is_read_too(theirs: Edition) -> None:
    index = {"index": 71.5, "group": Group.MIDDLE.value, "standing": Standing.ABOVE.value}
    places = tuple(
        replace(place, values={**place.values, **index}) if place.level == "agency" else place
        for place in theirs.places
    )
    large = replace(theirs, places=places)
    assert read_linked(plain_edition(large), "kutim") == large


def test_each_place_stands_once_also_if_it_is_read_twice(ours: Edition, theirs: Edition) -> None:
    (merged,) = with_linked([ours], [theirs, theirs])
    keys = [(place.instance, place.key) for place in merged.places]
    assert len(keys) == len(set(keys)) == 2 + len(theirs.places)
    assert merged.place("instance", "samarinda") == ours.places[0]


def test_a_month_that_only_an_office_has_is_an_edition_of_its_own(ours: Edition, theirs: Edition) -> None:
    months = {edition.month for edition in with_linked([ours], [replace(theirs, month="2026-09")])}
    assert months == {"2026-09", MONTH}


def test_a_later_month_that_only_an_office_has_hides_nobody(ours: Edition, theirs: Edition) -> None:
    late = replace(theirs, month="2026-11")
    assert [edition.month for edition in with_linked([ours], [late])] == [MONTH]
    assert [edition.month for edition in with_linked([], [late])] == ["2026-11"]


def changed(name: str, value: Any) -> Any:
    def change(raw: dict[str, Any]) -> None:
        raw["places"][0][name] = value

    return change


WRONG = {
    "another government's": changed("instance", "samarinda"),
    "another instance's total": changed("code", "samarinda"),
    "a folder above": lambda raw: raw["places"][1].update(code="../../keys"),
    "a level of the nation": changed("level", "nation"),
    "a text in place of a number": changed("values", {"received": "<script>"}),
    "a list in place of a number": changed("values", {"received": [1]}),
    "a number below nothing": changed("values", {"received": -1}),
    "no number": changed("values", {"received": float("nan")}),
    "two of one place": lambda raw: raw["places"].append(raw["places"][0]),
    "a name without end": changed("name", "x" * 201),
    "a name over two lines": changed("name", "a\nb"),
    "a month that is none": lambda raw: raw.update(month="../2026-10"),
    "a later format": lambda raw: raw.update(format=99),
    "a field that is none": changed("strange", 1),
    "a time that is no month": changed("measured", "kapan"),
    "a history of no months": lambda raw: raw["places"][0].update(months=[{"month": "2026-13"}]),
    "a kind that is none": changed("kind", "kerajaan"),
    "a region that is an address": changed("region", "<x>"),
    "a share in place of days": lambda raw: raw["places"][0]["values"].update(answer_median="sedikit"),
    "a group that is none": lambda raw: raw["places"][0]["values"].update(group="sedikit"),
    "a number that is none": lambda raw: raw.update(number="</id>"),
    "an age that no page knows": changed("ages", {"muda": 9}),
    "a value that pages look up and is none": lambda raw: raw["places"][0]["values"].pop("received"),
    "a group without an index": lambda raw: raw["places"][0]["values"].update(group=Group.MIDDLE.value),
    "a quarter without a beginning": changed("quarter", {"first": "", "last": "2026-09", "topics": []}),
    "a curve without days": changed("curve", [[None, 0.5]]),
    "a curve of few": changed("curve", [[5, "sedikit"]]),
    "a curve of words": changed("curve", [["a", "b"]]),
    "values that are none": changed("values", 7),
    "no places": lambda raw: raw.pop("places"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_edition_of_the_office_is_refused(what: str, theirs: Edition) -> None:
    raw = plain_edition(theirs)
    raw["places"] = [dict(place) for place in raw["places"]]
    WRONG[what](raw)
    with pytest.raises(EditionError):
        read_linked(raw, "kutim")
