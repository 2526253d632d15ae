"""The tree of agencies and its staff: every report has a reader, every instance who sorts, inspects and guards names."""

import pytest

from functions.casework.directory.check import check
from functions.casework.directory.tables import DirectoryFaultsError
from tests.casework.test_directory_import import AGENCIES, FILES, OFFICERS, tables, with_line

# Line 3 of the agencies: their first government.
A = "a,{name},instance,{level},{parent},{region},{coordinator},{inspectorate},{channel}"
FACTS = {"name": "Kabupaten A", "level": "kabupaten", "parent": "top", "region": "64.08"} | {
    "coordinator": "a0",
    "inspectorate": "a1",
    "channel": "",
}


def told(files: dict[str, str]) -> list[str]:
    """What is wrong with these files; nothing if they are taken."""
    try:
        check(tables(files))
    except DirectoryFaultsError as error:
        return [str(fault) for fault in error.faults]
    return []


def with_a(**facts: str) -> dict[str, str]:
    return with_line("agencies", 3, A.format(**FACTS | facts))


def sorted_by(typed: str, parent: str = "top") -> dict[str, str]:
    """The files with a column that says who sorts the first government's new reports."""
    rows = [f"{row}," for row in AGENCIES.splitlines()]
    rows[0], rows[2] = f"{rows[0]}sorted_by", A.format(**FACTS | {"parent": parent}) + f",{typed}"
    return {**FILES, "agencies": "\n".join(rows)}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (with_a(), ""),
        (with_a(parent=""), ""),  # a government alone, without a centre
        (with_a(coordinator=""), "coordinator must be one of its own units; nothing stands there"),
        (with_a(coordinator="b0"), "coordinator must be one of its own units; b0 stands there"),
        (with_a(coordinator="nirgends"), "coordinator must be one of its own units; nirgends stands there"),
        (with_a(coordinator="a"), "coordinator must be one of its own units; a stands there"),
        (with_a(inspectorate=""), "inspectorate must be one of its own units; nothing stands there"),
        # one unit for both needs somebody above, who reads what is about it
        (with_a(coordinator="a1"), ""),
        (with_a(coordinator="a1", parent=""), "who reads a report about its coordinator?"),
        (sorted_by(""), ""),
        (sorted_by("centre"), ""),
        (
            sorted_by("centre", parent=""),
            "sorted_by is 'centre', which needs a parent, or nothing; 'centre' stands there",
        ),
        (sorted_by("a0"), "sorted_by is 'centre', which needs a parent, or nothing; 'a0' stands there"),
        (with_a(region="64"), "region '64' has not the form of a Kemendagri code here; write 64.08"),
        (with_a(level="opd"), "level opd is for the kind unit, and this is of kind instance"),
        (
            with_a(level="provinsi", region="64.08"),
            "region '64.08' has not the form of a Kemendagri code here; write 64",
        ),
        (with_a(level="", region="64"), "region 64 is that of a already; two governments have two"),
        (with_a(parent="b"), "its parent b is of kind instance; the parent of a instance is of kind centre"),
        (with_a(parent="a2"), "its parent a2 is of kind unit; the parent of a instance is of kind centre"),
        (with_line("agencies", 2, "top,Pusat,centre,,b,,,,"), "the parent of a centre is of kind none"),
        (with_line("agencies", 6, "a2,Dinas,unit,,top,,,,"), ""),  # a unit of the centre itself
        (with_line("agencies", 6, "a2,Dinas,unit,,a0,64.08.04.2001,,,"), ""),
        (with_line("agencies", 6, "a2,Dinas,unit,,a,64.08.4,,,"), "region '64.08.4' has not the form"),
        (with_line("agencies", 6, "a2,Dinas,unit,,a,64.08.04.201,,,"), "region '64.08.04.201' has not the form"),
        (with_line("agencies", 10, "m,Kementerian M,instance,kementerian,top,,m0,m1,"), ""),  # it has no place
    ],
)
def test_what_may_stand_in_the_tree(files: dict[str, str], says: str) -> None:
    found = told(files)
    assert bool(found) == bool(says)
    assert any(says in fault for fault in found) or not says


@pytest.mark.parametrize("code", ["lapor", "desk", "privasi"])
def test_no_government_takes_the_place_of_a_page_of_all(code: str) -> None:
    rows = AGENCIES.replace("b,Provinsi", f"{code},Provinsi").replace(",b,,,,", f",{code},,,,")
    staff = OFFICERS.replace(",b,coordinator", f",{code},coordinator")
    found = told({**FILES, "agencies": rows, "officers": staff})
    assert [fault.partition("instance ")[2] for fault in found] == [
        f"{code}: its portal would stand where a page of all portals stands; give it another code"
    ]


def staff(*changes: tuple[str, str]) -> dict[str, str]:
    officers = OFFICERS
    for old, new in changes:
        assert old in officers
        officers = officers.replace(old, new)
    return {**FILES, "officers": officers}


NO_INSPECTOR = "instance a: its inspectorate a1 has no officer; name an inspector"
NO_TWO = "instance a: has no two custodians of different agencies; no identity could be opened"
NO_COORDINATOR = "instance a: has no officer with the role coordinator; nobody would be told of its new reports"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (staff(("a1,inspector", "a1,officer")), ""),
        (staff(("a1,inspector", "a1,clerk")), NO_INSPECTOR),  # who reads none
        (staff(("a-2,pemeriksa@a.example.id,a1", "a-2,pemeriksa@a.example.id,a2")), NO_INSPECTOR),
        (staff(("a0,custodian", "a2,custodian")), ""),
        (staff(("a0,custodian", "a1,custodian")), NO_TWO),
        (staff(("kustodian2@a.example.id,a1,custodian", "kustodian2@a.example.id,a0,custodian")), NO_TWO),
        (staff(("a,coordinator", "a,overseer")), NO_COORDINATOR),
        (
            staff(("a-5,petugas@a.example.id", "a-5,kustodian1@a.example.id")),
            "officer a-5: kustodian1@a.example.id is the address of a-3 of a0 already; an officer has one agency",
        ),
        (staff(("a-5,petugas@a.example.id,a2", "a-5,kustodian1@a.example.id,a0")), ""),  # one person, two roles there
        (
            staff(("a2,officer", "top,officer")),
            "officer a-5: the role officer belongs to a unit; top is of kind centre",
        ),
    ],
)
def test_every_instance_has_who_sorts_inspects_and_guards_names(files: dict[str, str], says: str) -> None:
    found = [fault.partition(": ")[2] for fault in told(files)]
    assert len(found) == bool(says)
    assert not says or found[0].startswith(says)
