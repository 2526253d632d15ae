"""Editions as files: one for a single government, and for a nation one of all instances with a folder beside it. Read
back, each instance has its own details and nobody else's."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from functions.casework.barometer.edition import Edition, EditionError, Place, read_edition
from functions.casework.barometer.edition_files import detail_file, details, instances_of, write_edition_file

MONTH = "2026-10"
A, B, C = (Place("instance", code, code.upper(), instance=code, values={"received": 20}) for code in "abc")
DPU, ROADS, DISTRICT = (
    Place(level, code, code, instance="a", values={"received": 10})
    for level, code in (("agency", "a-dpu"), ("topic", "jalan"), ("district", "64.08.01"))
)
OTHER_ROADS = Place("topic", "jalan", "jalan", instance="b", values={"received": 15})
NATION = Edition(MONTH, 1, "2025-11", date(2026, 11, 8), (A, DPU, ROADS, DISTRICT, B, OTHER_ROADS, C))
OWN = {"a": [DPU, ROADS, DISTRICT], "b": [OTHER_ROADS], "c": [], "d": []}


def read(path: Path) -> Edition:
    return read_edition(json.loads(path.read_text()))


def test_a_nations_edition_is_a_file_of_its_instances_and_one_of_each_that_tells_more(tmp_path: Path) -> None:
    write_edition_file(NATION, tmp_path, apart=True)
    whole = read(tmp_path / f"{MONTH}.json")
    assert whole == instances_of(NATION) == replace(NATION, places=(A, B, C))
    found = {path.name: read(path) for path in (tmp_path / MONTH).iterdir()}
    assert found == {f"{code}.json": replace(NATION, places=tuple(OWN[code])) for code in ("a", "b")}
    assert {code: list(details(tmp_path, whole, code)) for code in OWN} == OWN
    assert detail_file(tmp_path, MONTH, "c") == detail_file(tmp_path, "2026-09", "a") == b""


def test_a_governments_edition_is_one_file(tmp_path: Path) -> None:
    write_edition_file(NATION, tmp_path, apart=False)
    assert [path.name for path in tmp_path.iterdir()] == [f"{MONTH}.json"]
    assert read(tmp_path / f"{MONTH}.json") == NATION


@pytest.mark.parametrize("in_folder", [False, True])
def test_details_are_an_instances_own_also_where_the_edition_has_them_all(tmp_path: Path, in_folder: bool) -> None:
    folder = tmp_path if in_folder else None  # a folder in which nothing stands apart is as none
    assert {code: list(details(folder, NATION, code)) for code in OWN} == OWN


def test_details_that_are_no_edition_are_refused(tmp_path: Path) -> None:
    write_edition_file(NATION, tmp_path, apart=True)
    (tmp_path / MONTH / "a.json").write_text('{"format": 99}')
    with pytest.raises(EditionError):
        list(details(tmp_path, NATION, "a"))
