"""A folder of one government: what it must hold, what it may not, and that it replaces what stood of this one alone."""

from dataclasses import replace

import pytest

from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import check
from functions.casework.directory.instance_tables import (
    instance_row,
    notes,
    with_instance,
    without_instance,
    without_reports,
)
from functions.casework.directory.tables import DirectoryFaultsError, Tables, merged, read_csv
from tests.casework.test_directory_import import AGENCIES, FILES, OFFICERS

VILLAGES = "code,name\n64.08.01.2001,Suka Maju\n64.09.01.2001,Di provinsi\n"
BASE = merged({}, [read_csv(f"{name}.csv", text) for name, text in {**FILES, "villages": VILLAGES}.items()])
STANDING = check(BASE).directory
HEAD = "code,name,kind,level,parent,region,coordinator,inspectorate,channel\n"
OWN = {
    "agencies": HEAD
    + """c,Kota C,instance,kota,top,64.74,c0,c1,
c0,Kominfo C,unit,,c,,,,
c1,Inspektorat C,unit,,c,,,,
c2,Puskesmas,unit,,c0,,,,
""",
    "officers": "ident,email,agency,role\nc-1,koordinator@c.example.id,c,coordinator\nc-2,puskesmas@c.example.id,c2,officer\n",
    "districts": "code,name\n64.74.01,Kenanga\n",
    "villages": "code,name\n64.74.01.1001,Suka Maju\n",
}


def folder(**changes: str) -> Tables:
    files = {name: text for name, text in {**OWN, **changes}.items() if text}
    return merged({}, [read_csv(f"{name}.csv", text) for name, text in files.items()])


def told(**changes: str) -> list[str]:
    """What is wrong with a folder; nothing if it is taken."""
    try:
        row = instance_row(folder(**changes), "berkas/c")
    except DirectoryFaultsError as error:
        return [str(fault) for fault in error.faults]
    assert row.get("code") == "c"
    return []


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"villages": ""}, []),
        ({"topics": "code,name,name_en\njalan,Jalan,Roads\n"}, []),
        ({"agencies": ""}, ["berkas/c: agencies.csv is missing or empty; it lists the government itself"]),
        ({"agencies": HEAD}, ["berkas/c: agencies.csv is missing or empty; it lists the government itself"]),
        ({"officers": ""}, ["berkas/c: officers.csv is missing or empty; it lists a coordinator"]),
        ({"districts": "code,name\n"}, ["berkas/c: districts.csv is missing or empty; it lists its districts"]),
        (
            {"agencies": OWN["agencies"].replace(",instance,", ",unit,")},
            ["berkas/c: agencies.csv has 0 rows of kind instance; it must have exactly one"],
        ),
        (
            {"agencies": OWN["agencies"] + "d,Kota D,instance,kota,top,64.72,c0,c1,\n"},
            ["berkas/c: agencies.csv has 2 rows of kind instance; it must have exactly one"],
        ),
        (
            {"holidays": "day\n2026-08-18\n2026-08-19\n"},
            ["holidays.csv:2: holidays are those of all governments; use `agencies import` for them"],
        ),
        (
            {"former_names": "code,name,until\nc0,Kominfo Lama,2026-01-01\n"},
            ["former_names.csv:2: former_names are those of all governments; use `agencies import` for them"],
        ),
        (
            {"agencies": OWN["agencies"].replace("c2,Puskesmas,unit,,c0", "c2,Puskesmas,unit,,a0")},
            ["agencies.csv:5: agency c2: parent a0 is not of c; this folder is of one alone"],
        ),
        (
            {"officers": OWN["officers"].replace("c2,officer", "a2,officer")},
            ["officers.csv:3: officer c-2: agency a2 is not in agencies.csv; add it there"],
        ),
        (
            {"districts": "code,name\n64.74.01,Kenanga\n64.08.01,Satu\n64.740,Dua\n"},
            [
                "districts.csv:3: 64.08.01 lies outside the region 64.74 of c; remove it",
                "districts.csv:4: 64.740 lies outside the region 64.74 of c; remove it",
            ],
        ),
        (
            {"villages": "code,name\n64.08.01.2001,Suka Maju\n"},
            ["villages.csv:2: 64.08.01.2001 lies outside the region 64.74 of c; remove it"],
        ),
    ],
)
def test_what_a_folder_of_one_government_holds(changes: dict[str, str], faults: list[str]) -> None:
    found = told(**changes)
    assert len(found) == len(faults)
    assert all(fault.startswith(begin) for fault, begin in zip(found, faults, strict=True))


def codes(tables: Tables, table: str, column: str = "code") -> list[str]:
    return [row.get(column) for row in tables.get(table, ())]


def test_a_new_government_is_put_beside_those_that_stand() -> None:
    both = with_instance(BASE, folder(), "c", STANDING)
    for table in ("agencies", "districts", "villages"):
        assert codes(both, table) == codes(BASE, table) + codes(folder(), table)
    assert both["topics"] == BASE["topics"]
    assert both["holidays"] == BASE["holidays"]


def test_a_folder_replaces_its_governments_tables_and_no_others() -> None:
    rows = AGENCIES.splitlines()
    anew = {
        "agencies": "\n".join([rows[0], *rows[2:5]]),  # without its unit a2
        "officers": "\n".join(row for row in OFFICERS.splitlines() if row.startswith(("ident", "a-1"))),
        "districts": "code,name\n64.08.02,Dua\n",
        "villages": "",
        "topics": "code,name,name_en,unit\nair,Air,Water,a0\n",
    }
    found = with_instance(BASE, folder(**anew), "a", STANDING)
    assert codes(found, "agencies") == ["top", "b", "b0", "b1", "m", "m0", "m1", "a", "a0", "a1"]
    assert codes(found, "officers", "ident") == [
        *("top-1", "top-2", "b-1", "b-2", "b-3", "b-4", "m-1", "m-2", "m-3", "m-4", "a-1"),
    ]
    assert codes(found, "districts") == ["64.09.01", "64.08.02"]
    assert codes(found, "topics") == ["pungli", "air"], "topics of its units, and of no unit those of all"
    assert found["villages"] == BASE["villages"], "a table that it has not stays"


def test_of_a_government_that_takes_no_reports_the_places_go_alone() -> None:
    found = without_reports(BASE, "a", STANDING)
    assert (codes(found, "districts"), codes(found, "villages")) == (["64.09.01"], ["64.09.01.2001"])
    assert {name: rows for name, rows in found.items() if name not in ("districts", "villages")} == {
        name: rows for name, rows in BASE.items() if name not in ("districts", "villages")
    }
    bare = {name: rows for name, rows in BASE.items() if name != "villages"}
    assert "villages" not in without_reports(bare, "a", replace(STANDING, villages={}))


def test_of_a_government_that_goes_nothing_stays_and_a_topic_loses_its_unit() -> None:
    found = without_instance(BASE, "a", STANDING)
    assert codes(found, "agencies") == ["top", "b", "b0", "b1", "m", "m0", "m1"]
    assert {ident[0] for ident in codes(found, "officers", "ident")} == {"t", "b", "m"}
    assert codes(found, "topics") == ["jalan", "pungli"]
    assert codes(found, "topics", "unit") == ["", ""]
    assert codes(without_instance(BASE, "b", STANDING), "topics", "unit") == ["a2", ""]


ALL_ROLES = frozenset({"clerk", "overseer", "coordinator"})
SPOKEN = replace(STANDING.agencies["a2"], spoken="Dinas PU")
NAMED = replace(STANDING.agencies["a"], name="Pemerintah Kabupaten Kutai Timur")
WHOLE = replace(STANDING, agencies={**STANDING.agencies, "a2": SPOKEN, "a": NAMED})


@pytest.mark.parametrize(
    ("directory", "roles", "said"),
    [
        (WHOLE, ALL_ROLES, []),
        (STANDING, ALL_ROLES, ["region 64.08 is Kabupaten Kutai Timur; is that the", "no unit has spoken names"]),
        (replace(WHOLE, villages={}), ALL_ROLES, ["villages.csv is missing"]),
        (WHOLE, ALL_ROLES - {"clerk"}, ["no officer has the role clerk"]),
        (WHOLE, ALL_ROLES - {"overseer"}, ["no officer has the role overseer"]),
    ],
)
def test_what_a_government_may_still_want_is_said(directory: Directory, roles: frozenset[str], said: list[str]) -> None:
    found = list(notes(directory, "a", roles))
    assert len(found) == len(said)
    assert all(note.startswith(begin) for note, begin in zip(found, said, strict=True))
