"""The demonstration under infra/demo: complete, staffed, and invented."""

import tomllib
from pathlib import Path

import pytest

from functions.casework.directory.agencies import AgencyKind, Role
from functions.casework.directory.check import directory_from_mapping

DEMO = Path(__file__).parents[2] / "infra" / "demo"
DIRECTORY = directory_from_mapping(tomllib.loads((DEMO / "kutai-timur.toml").read_text()))
OFFICERS = tomllib.loads((DEMO / "officers.toml").read_text())["officers"]

# Kemendagri's codes for the districts of the regency 64.08.
DISTRICTS = {
    "64.08.01": "Muara Ancalong",
    "64.08.02": "Muara Wahau",
    "64.08.03": "Muara Bengkal",
    "64.08.04": "Sangatta Utara",
    "64.08.05": "Sangkulirang",
    "64.08.06": "Busang",
    "64.08.07": "Telen",
    "64.08.08": "Kombeng",
    "64.08.09": "Bengalon",
    "64.08.10": "Kaliorang",
    "64.08.11": "Sandaran",
    "64.08.12": "Sangatta Selatan",
    "64.08.13": "Teluk Pandan",
    "64.08.14": "Rantau Pulung",
    "64.08.15": "Kaubun",
    "64.08.16": "Karangan",
    "64.08.17": "Batu Ampar",
    "64.08.18": "Long Mesangat",
}


def test_the_eighteen_districts_are_there():
    assert {code: district.name for code, district in DIRECTORY.districts.items()} == DISTRICTS
    assert {DIRECTORY.instance_of_district(code).code for code in DISTRICTS} == {"kutim"}


def test_every_topic_but_the_last_has_its_unit():
    *named, last = DIRECTORY.topics.values()
    assert [topic.code for topic in named if DIRECTORY.agencies[topic.unit].kind is not AgencyKind.UNIT] == []
    assert (last.name, last.unit) == ("Lainnya", "")
    assert all(topic.name_en for topic in DIRECTORY.topics.values())


def test_roads_come_first_and_illegal_levies_go_to_the_inspectorate():
    first = next(iter(DIRECTORY.topics.values()))
    assert (first.name, first.public_work) == ("Jalan dan jembatan", True)
    assert DIRECTORY.topics["pungli"].unit == "kutim-inspektorat"


def test_the_first_unit_neither_sorts_nor_inspects():
    instance = DIRECTORY.agencies["kutim"]
    assert DIRECTORY.units("kutim")[0].code not in (instance.coordinator, instance.inspectorate)


@pytest.mark.parametrize("code", DIRECTORY.agencies)
def test_every_agency_is_staffed(code):
    roles = {officer["role"] for officer in OFFICERS if officer["agency"] == code}
    special = {"pusat": Role.CENTRE, "kutim": Role.COORDINATOR, "kutim-inspektorat": Role.INSPECTOR}
    overseen = {Role.OVERSEER} if code in ("pusat", "kutim") else set()
    assert roles - {Role.CUSTODIAN, Role.CLERK} == {special.get(code, Role.OFFICER)} | overseen


def test_two_custodians_of_different_agencies_guard_identities():
    assert len({officer["agency"] for officer in OFFICERS if officer["role"] == Role.CUSTODIAN}) >= 2


def test_two_offices_have_a_counter():
    clerks = {officer["agency"] for officer in OFFICERS if officer["role"] == Role.CLERK}
    assert clerks == {"kutim-diskominfo", "kutim-disdukcapil"}
    assert {DIRECTORY.agencies[code].kind for code in clerks} == {AgencyKind.UNIT}


def test_officers_have_an_agency_and_an_ident_of_their_own():
    assert {officer["agency"] for officer in OFFICERS} <= set(DIRECTORY.agencies)
    assert len({officer["ident"] for officer in OFFICERS}) == len(OFFICERS)
    assert len({officer["email"] for officer in OFFICERS}) == len(OFFICERS)


def test_nobody_in_it_can_get_mail():
    assert [o["email"] for o in OFFICERS if not o["email"].endswith(".example.id")] == []


def test_the_source_of_the_district_data_is_named():
    notice = (DEMO / "NOTICE").read_text()
    assert "idn-area-data" in notice
    assert "ODbL" in notice
