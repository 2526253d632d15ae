"""Who is told of what happens to an officer's second factors: themself, who helps them, and who watches over the helper."""

import pytest

from functions.casework.directory.agencies import Officer, Role
from functions.casework.factors.events import Event, who_is_told
from functions.config.settings import DEMO, load_directory

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
STAFF = tuple(
    Officer(ident, f"{ident}@kutim.example.id", agency, role)
    for ident, agency, role in (
        ("koordinator", "kutim", Role.COORDINATOR),
        ("sekda", "kutim", Role.OVERSEER),
        ("inspektur", "kutim-inspektorat", Role.INSPECTOR),
        ("pemeriksa", "kutim-inspektorat", Role.OFFICER),
        ("petugas", "kutim-dpupr", Role.OFFICER),
        ("loket", "kutim-dpupr", Role.CLERK),
        ("kustodian", "kutim-bkpsdm", Role.CUSTODIAN),
        ("lama", "kutim-dibubarkan", Role.OFFICER),
        ("pusat", "pusat", Role.CENTRE),
    )
)


@pytest.mark.parametrize(
    ("event", "whose", "others"),
    [
        # A coordinator gave the code: the inspectorate watches over coordinators.
        (Event.CODE, "petugas", ["inspektur", "pemeriksa"]),
        (Event.CODE, "loket", ["inspektur", "pemeriksa"]),
        # No coordinator helps the inspectorate, and it does not watch over itself.
        (Event.CODE, "pemeriksa", ["sekda"]),
        (Event.CODE, "inspektur", ["sekda"]),
        (Event.CODE, "koordinator", ["sekda"]),
        (Event.CODE, "kustodian", ["sekda"]),
        (Event.ENROLLED, "petugas", ["koordinator"]),
        (Event.ENROLLED, "koordinator", ["inspektur", "pemeriksa"]),
        (Event.ADDED, "petugas", []),
        (Event.RECOVERED, "koordinator", ["sekda", "inspektur", "pemeriksa"]),
        (Event.CODE, "pusat", []),
        (Event.CODE, "lama", []),  # of an agency that was removed
    ],
)
def test_who_is_told_besides_the_officer(event: Event, whose: str, others: list[str]) -> None:
    told = [officer.ident for officer in who_is_told(event, whose, STAFF, DIRECTORY)]
    assert told == [whose, *others]


def test_of_an_officer_whom_no_register_knows_nobody_is_told_here() -> None:
    assert [*who_is_told(Event.CODE, "karangan", STAFF, DIRECTORY)] == []
