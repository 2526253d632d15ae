"""The districts that a case may be corrected to: those of the government that has it."""

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District
from functions.casework.routing.correction import districts_of
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
