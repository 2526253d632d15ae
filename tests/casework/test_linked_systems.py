"""What goes to an agency's own system, and what its answers become: at the bounds that Open311 sets."""

from datetime import date

import pytest

from functions.casework.case import EventKind, Outcome
from functions.casework.linked_systems import CUT, Forward, Reply, report_text, request_fields

MONDAY, TUESDAY = date(2026, 6, 8), date(2026, 6, 9)


def test_a_description_has_four_thousand_characters_at_most_and_says_where_it_was_cut() -> None:
    """GeoReport v2 takes 4,000 in POST Service Request."""
    assert Forward("jalan", "64.08.04", "a" * 4000).description() == "a" * 4000
    cut = Forward("jalan", "64.08.04", "a" * 4001).description()
    assert (len(cut), cut) == (4000, "a" * (4000 - len(CUT)) + CUT)


@pytest.mark.parametrize(
    ("outcome", "told"), [(None, "dijelaskan"), (Outcome.SEBAGIAN, "sebagian"), (Outcome.TIDAK_DAPAT, "tidak_dapat")]
)
def test_a_closing_keeps_how_that_system_closed_it_and_explains_where_it_does_not_say(
    outcome: Outcome | None, told: str
) -> None:
    assert Reply("0" * 32, EventKind.CLOSE, "Selesai.", outcome).words() == {"reason": "Selesai.", "outcome": told}


def test_a_report_stands_first_and_each_addition_shows_its_day() -> None:
    said = [("Lampu mati.", MONDAY), ("Masih mati.", TUESDAY), ("", TUESDAY), ("Sudah dua hari.", TUESDAY)]
    assert report_text(said) == "Lampu mati.\n\n[2026-06-09] Masih mati.\n\n[2026-06-09] Sudah dua hari."


def test_the_address_is_the_place_and_where_none_is_said_the_district() -> None:
    placed = request_fields(Forward("jalan", "64.08.04", "Rusak.", place="KM 5"), {}, "")
    assert (placed["address_string"], placed["address_id"]) == ("KM 5", "64.08.04")
    assert request_fields(Forward("jalan", "64.08.04", "Rusak."), {}, "")["address_string"] == "64.08.04"
