"""The districts that a case may be corrected to: those of the government that has it. And which text for the public loses
its agreement by it."""

from dataclasses import replace

import pytest

from functions.casework.case import Publication, PublicationState
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District
from functions.casework.routing.correction import corrected, districts_of
from tests.casework.trees import a_head

NEAR, FAR, CITY = (District(code, code) for code in ("64.08.01", "64.80.01", "64.74.01"))
NESTED = Directory(
    {
        agency.code: agency
        for agency in (
            Agency("province", "Provinsi", AgencyKind.INSTANCE, region="64"),
            Agency("regency", "Kabupaten", AgencyKind.INSTANCE, region="64.08"),
            Agency("city", "Kota", AgencyKind.INSTANCE, region="64.74"),
        )
    },
    {},
    {district.code: district for district in (NEAR, FAR, CITY)},
)


def test_a_district_belongs_to_the_nearest_government_alone() -> None:
    for instance, districts in {"province": [FAR], "regency": [NEAR], "city": [CITY]}.items():
        assert [*districts_of(a_head(instance=instance), NESTED).values()] == districts


@pytest.mark.parametrize(
    ("state", "agreed", "void"),
    [
        (Publication.NONE, 0, False),
        (Publication.WISHED, 0, False),  # no text yet
        (Publication.DRAFTED, 0, True),  # one waits for its reporter
        (Publication.AGREED, 4, True),
        (Publication.DRAFTED, 4, True),
        (Publication.WISHED, 4, True),  # an earlier one is public until they agree to another
    ],
)
def test_a_text_for_the_public_needs_a_new_agreement_once_its_place_was_wrong(
    state: Publication, agreed: int, void: bool
) -> None:
    head = replace(a_head(instance="regency"), district="", publication=PublicationState(state, agreed))
    after, words = corrected(head, NESTED, district=NEAR.code)
    assert words.get("text_void", "") == ("yes" if void else "")
    assert after.publication == (PublicationState(Publication.WISHED) if void else head.publication)
