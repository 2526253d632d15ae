"""Where a typed place may lie, in a nation of three invented governments: the nearest names first, and no more than fit."""

import pytest

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Village
from functions.casework.directory.place_search import MOST, find_places

INSTANCES = (
    Agency("melati", "Pemerintah Kota Melati", AgencyKind.INSTANCE, region="91.71", spoken="Kota Bunga, Melati Raya"),
    Agency("kenanga", "Pemerintah Kabupaten Kenanga", AgencyKind.INSTANCE, region="91.01"),
    Agency("cempaka", "Pemerintah Kabupaten Cempaka", AgencyKind.INSTANCE, region="91.02"),
)
DISTRICTS = (
    District("91.71.01", "Melati Utara"),
    District("91.71.02", "Melati Selatan", "Bukit Indah"),
    District("91.01.01", "Kenanga"),
    District("91.01.02", "Muara Elok"),
    District("91.02.01", "Elok"),
    District("91.02.02", "Rimba Melati"),
)
VILLAGES = (
    Village("91.01.01.2001", "Suka Maju"),
    Village("91.01.02.2001", "Suka Maju"),
    Village("91.02.01.2001", "Suka Maju Barat"),
    Village("91.02.02.1001", "Elok", "Elok Jaya"),
)


def directory(districts: tuple[District, ...] = DISTRICTS, villages: tuple[Village, ...] = VILLAGES) -> Directory:
    agencies = {each.code: each for each in INSTANCES}
    return Directory(agencies, {}, {d.code: d for d in districts}, villages={v.code: v for v in villages})


def found(typed: str, known: Directory | None = None) -> list[tuple[str, list[str]]]:
    return [
        (each.instance.code, [d.code[3:] for d in each.districts]) for each in find_places(known or directory(), typed)
    ]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("melati", [("melati", ["71.01", "71.02"])]),  # a whole government, and no district that only has the word
        ("Kota Melati", [("melati", ["71.01", "71.02"])]),
        ("kota bunga", [("melati", ["71.01", "71.02"])]),
        ("bunga", [("melati", ["71.01", "71.02"])]),
        ("melati raya", [("melati", ["71.01", "71.02"])]),
        ("kec. melati selatan", [("melati", ["71.02"])]),
        ("bukit indah", [("melati", ["71.02"])]),
        ("bukit", [("melati", ["71.02"])]),
        ("kenanga", [("kenanga", ["01.01", "01.02"])]),  # of a district and its government, the government
        ("elok", [("cempaka", ["02.01", "02.02"])]),  # a district and a village of that very name
        ("elok jaya", [("cempaka", ["02.02"])]),
        ("suka maju", [("kenanga", ["01.01", "01.02"])]),
        ("suka maju barat", [("cempaka", ["02.01"])]),
        ("desa suka", [("kenanga", ["01.01", "01.02"]), ("cempaka", ["02.01"])]),
        ("maju", [("kenanga", ["01.01", "01.02"]), ("cempaka", ["02.01"])]),  # a word within a name
        ("aju", []),  # no beginning of a word
        ("elo", [("kenanga", ["01.02"]), ("cempaka", ["02.01", "02.02"])]),
        ("el", []),  # two letters fit half a nation
        ("kabupaten", []),
        ("", []),
    ],
)
def test_where_a_typed_place_may_lie(typed: str, places: list[tuple[str, list[str]]]) -> None:
    assert found(typed) == places


def test_the_nearest_name_comes_first_within_a_government() -> None:
    villages = (Village("91.01.01.2002", "Elok Permai"), Village("91.01.02.2002", "Permai"))
    assert found("permai", directory(villages=villages)) == [("kenanga", ["01.02", "01.01"])]


@pytest.mark.parametrize("count", [59, 60, 61])
def test_an_answer_lists_so_many_districts(count: int) -> None:
    many = tuple(District(f"91.{1 + n // 40:02}.{1 + n % 40:02}", f"Permai {n}") for n in range(count))
    listed = sum(len(districts) for _, districts in found("permai", directory(many, ())))
    assert (listed, MOST) == (min(count, 60), 60)


def test_the_last_place_of_an_answer_is_given_as_well() -> None:
    many = [District(f"91.01.{n:02}", f"Permai {n}") for n in range(1, 60)]
    beside = [District(f"91.02.{n:02}", f"Permai {n}") for n in range(1, 3)]
    listed = [(code, len(districts)) for code, districts in found("permai", directory((*many, *beside), ()))]
    assert listed == [("kenanga", 59), ("cempaka", 1)]


def test_what_does_not_fit_is_not_listed_as_empty() -> None:
    many = tuple(District(f"91.01.{n:02}", f"Permai {n}") for n in range(1, 61))
    known = directory((*many, District("91.02.01", "Permai")), ())
    assert [code for code, _ in found("permai 1", directory(many, ()))] == ["kenanga"]
    assert found("perm", known)[0][0] == "kenanga"
    assert len(found("perm", known)) == 1
