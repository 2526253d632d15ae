"""The directory: what contradicts itself is refused by name."""

import copy

import pytest

from functions.casework.directory.agencies import AgencyKind, Directory, DirectoryError, Village
from functions.casework.directory.check import directory_from_mapping

GOOD = {
    "agencies": [
        {"code": "top", "name": "Pusat", "kind": "centre"},
        {
            "code": "a",
            "name": "Kabupaten A",
            "kind": "instance",
            "parent": "top",
            "region": "64.08",
            "coordinator": "a0",
            "inspectorate": "a1",
        },
        {"code": "a0", "name": "Kominfo", "kind": "unit", "parent": "a"},
        {"code": "a1", "name": "Inspektorat", "kind": "unit", "parent": "a"},
        {"code": "a2", "name": "Dinas", "kind": "unit", "parent": "a"},
        {"code": "a3", "name": "UPT", "kind": "unit", "parent": "a2"},
        {
            "code": "b",
            "name": "Kabupaten B",
            "kind": "instance",
            "parent": "top",
            "region": "64.80",
            "coordinator": "b0",
            "inspectorate": "b1",
        },
        {"code": "b0", "name": "Kominfo B", "kind": "unit", "parent": "b"},
        {"code": "b1", "name": "Inspektorat B", "kind": "unit", "parent": "b"},
    ],
    "topics": [{"code": "jalan", "name": "Jalan", "name_en": "Roads", "public_work": True, "unit": "a2"}],
    "districts": [{"code": "64.08.01", "name": "Satu"}, {"code": "64.08.02", "name": "Dua"}],
}


def test_a_good_directory_keeps_its_order():
    directory = directory_from_mapping(GOOD)
    assert list(directory.agencies) == ["top", "a", "a0", "a1", "a2", "a3", "b", "b0", "b1"]
    assert directory.topics["jalan"].public_work
    assert [agency.code for agency in directory.instances()] == ["a", "b"]
    assert [agency.code for agency in directory.units("a")] == ["a0", "a1", "a2", "a3"]
    assert directory.lineage("a3") == ("a3", "a2", "a", "top")
    assert directory.agencies["top"].kind is AgencyKind.CENTRE


def test_instances_are_found_by_place_and_by_unit():
    directory = directory_from_mapping(GOOD)
    assert directory.instance_of_district("64.08.01").code == "a"
    assert directory.instance_of("a3").code == "a"
    assert directory.instance_of("a").code == "a"
    assert directory.instance_of("top") is None
    with pytest.raises(DirectoryError, match=r"64\.81\.01"):
        directory.instance_of_district("64.81.01")  # 64.8 is neither 64.08 nor 64.80


@pytest.mark.parametrize(
    ("code", "title", "district"),
    [
        ("64.08.04.1001", "Kelurahan Suka Maju", "64.08.04"),
        ("64.08.04.2001", "Desa Suka Maju", "64.08.04"),
        ("11.01.01.2010", "Desa Suka Maju", "11.01.01"),
    ],
)
def test_what_a_village_is_follows_from_its_code(code: str, title: str, district: str):
    village = Village(code, "Suka Maju")
    assert (village.title, village.district) == (title, district)


def test_the_owner_of_a_door_is_the_one_government_that_it_has():
    directory = directory_from_mapping(GOOD)
    assert directory.owner == ""
    one = {code: agency for code, agency in directory.agencies.items() if not code.startswith("b")}
    assert Directory(one, {}, {}).owner == "Kabupaten A"


def test_whom_an_accusation_reaches():
    """Whoever stands below the accused, and whoever once did."""
    directory = directory_from_mapping(changed("agencies", 4, once_below="a0 gone"))
    assert directory.shadow("a3") == {"a3", "a2", "a", "top", "a0", "gone"}
    assert directory.shadow("a1") == {"a1", "a", "top"}


def without(table, index, key):
    raw = copy.deepcopy(GOOD)
    del raw[table][index][key]
    return raw


def changed(table, index, **values):
    raw = copy.deepcopy(GOOD)
    raw[table][index] |= values
    return raw


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({}, "agencies"),
        (without("agencies", 1, "name"), "name"),
        (without("agencies", 1, "kind"), "kind"),
        (changed("agencies", 0, kind="king"), "king"),
        (changed("agencies", 0, colour="red"), "colour"),
        (changed("agencies", 3, code="a0"), "agency a0: this code appears twice in agencies"),
        (changed("districts", 1, code="64.08.01"), r"district 64\.08\.01: this code appears twice in districts"),
        (GOOD | {"topics": []}, "topics: empty"),
        (changed("topics", 0, unit="nowhere"), "topic jalan: unit nowhere is unknown"),
        (changed("districts", 0, code="65.01.01"), r"no instance for district 65\.01\.01"),
        (changed("agencies", 5, parent="nowhere"), "agency a3: parent nowhere is unknown"),
        (changed("agencies", 4, parent="a3"), "circle"),
        (changed("agencies", 2, parent="a2"), "instance a: coordinator must be one of its own units"),
        (changed("agencies", 1, inspectorate="b1"), "instance a: inspectorate must be one of its own units"),
        (changed("agencies", 1, inspectorate="nowhere"), "instance a: inspectorate"),
        (changed("agencies", 1, inspectorate="a0", parent=""), "instance a: who reads a report about its coordinator"),
        (changed("agencies", 1, region=""), "instance a: region"),
    ],
)
def test_contradictions_are_refused_by_name(raw, says):
    with pytest.raises(DirectoryError, match=says):
        directory_from_mapping(raw)
