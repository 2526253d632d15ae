"""Names of places that people make themselves, and whose they are, in directories that the demonstration has not."""

from dataclasses import replace

import pytest

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Level
from functions.casework.understanding.place_names.heard import is_heard
from functions.casework.understanding.places import places_in
from functions.config.settings import DEMO, load_directory

KUTIM = load_directory(DEMO / "kutai-timur.toml")
ELSEWHERE = ("91.99", "Pemerintah Kabupaten Rancamaya")


def with_districts(*names: str) -> Directory:
    """Kutai Timur with these districts in place of its own."""
    rows = [District(f"64.08.{number:02}", name) for number, name in enumerate(names, 1)]
    return replace(KUTIM, districts={row.code: row for row in rows}, villages={})


def where(text: str, directory: Directory) -> str:
    """The names of the districts that a text may be at, or the government elsewhere."""
    found = places_in(text, directory, "kutim")
    names = [directory.districts[code].name for code in (found.district, *found.possible) if code]
    return " | ".join(names) or found.elsewhere


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("di cerim", "Cempedak Rimbun"),
        ("di cempri", "Cempedak Rimbun"),
        ("di cemperimbu", "Cempedak Rimbun"),
        ("di ceri", ""),
        ("di crimbu", ""),
        ("di cempedrim", ""),
        ("di cerimbun", ""),
    ],
)
def test_a_nickname_takes_two_to_five_letters_of_each_word_and_has_five(text: str, found: str) -> None:
    assert where(text, with_districts("Cempedak Rimbun", "Kenanga Hijau")) == found


def test_a_nickname_that_people_use_is_found() -> None:
    nicknames = {"rapul": "Rantau Pulung", "sangsel": "Sangatta Selatan", "sangut": "Sangatta Utara"}
    assert {text: where(f"di {text}", KUTIM) for text in nicknames} == nicknames


def test_a_nickname_that_two_districts_share_is_neithers() -> None:
    directory = with_districts("Cempaka Rimbun", "Cendana Rimbun", "Kenanga Hijau")
    assert where("di kenhij", directory) == "Kenanga Hijau"
    assert where("di cemrim", directory) == "Cempaka Rimbun"
    assert where("di cerim", directory) == ""


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Kenanga Hijau", "Kenanga Merah"), "Kenanga Hijau | Kenanga Merah"),
        (("Kenanga", "Kenanga Merah"), "Kenanga"),
        (("Kenanga Hijau", "Cempaka Rimbun"), ""),
    ],
    ids=["shared by two", "one district's whole name", "one district's alone"],
)
def test_a_first_word_stands_for_the_districts_that_share_it(names: tuple[str, ...], found: str) -> None:
    assert where("di kenanga", with_districts(*names)) == found


def test_a_district_without_a_government_is_no_place_of_ours() -> None:
    directory = with_districts("Kenanga Hijau")
    directory = replace(directory, districts={**directory.districts, "91.99.01": District("91.99.01", "Antahkaranga")})
    assert where("di antahkaranga", directory) == ""


def test_another_government_of_the_directory_is_known_by_its_name_without_its_kind() -> None:
    region, name = ELSEWHERE
    other = Agency("rancamaya", name, AgencyKind.INSTANCE, "pusat", region, level=Level.KABUPATEN)
    directory = replace(KUTIM, agencies={**KUTIM.agencies, "rancamaya": other})
    assert where("jembatan di rancamaya", directory) == "Kabupaten Rancamaya"
    assert where("jembatan di rancamaya", KUTIM) == ""


@pytest.mark.parametrize(
    ("typed", "name", "heard"),
    [
        ("gelinjau", "kelinjau", True),  # the first sound voiced, of eight letters
        ("gelinja", "kelinja", False),  # of seven it may be another place
        ("sankarlintang", "sangkarlintang", False),  # a consonant is heard
        ("sangkrlintng", "sangkarlintang", True),  # two letters that nobody hears
        ("sngkrlintng", "sangkarlintang", False),  # three are too many
        ("empenantar", "ampenantar", False),  # another first letter, and none that is taken for it
    ],
)
def test_a_name_that_was_written_by_ear(typed: str, name: str, heard: bool) -> None:
    assert is_heard(typed, name) is heard
