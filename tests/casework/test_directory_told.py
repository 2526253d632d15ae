"""Whom a change of the directory concerns, whose links it voids, and what a trail tells of it."""

from dataclasses import replace
from datetime import date

import pytest

from functions.casework.directory.agencies import FormerName
from functions.casework.directory.check import Checked, check
from functions.casework.directory.diff import by_instance, diff, in_full, voided
from functions.casework.directory.names import succeeding
from tests.casework.test_directory_import import AGENCIES, DISTRICTS, FILES, OFFICERS, TOPICS, tables

OLD = check(tables())


def after(**files: str) -> Checked:
    return check(tables({**FILES, **files}))


def concerned(new: Checked) -> dict[str, list[str]]:
    """Whom a change concerns, with the codes of what changed."""
    return {code: [each.code for each in found] for code, found in by_instance(diff(OLD, new), OLD, new).items()}


NEW = """c,Kota C,instance,kota,top,64.74,c0,c1,
c0,Kominfo C,unit,,c,,,,
c1,Inspektorat C,unit,,c,,,,
"""
STAFF = """c-1,koordinator@c.example.id,c,coordinator
c-2,pemeriksa@c.example.id,c1,inspector
c-3,kustodian1@c.example.id,c0,custodian
c-4,kustodian2@c.example.id,c1,custodian
"""


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"agencies": AGENCIES.replace("Kominfo B", "Diskominfo B")}, {"b": ["b0"]}),
        ({"agencies": AGENCIES.replace("Pusat", "Pusat Nasional")}, {"": ["top"]}),
        # a topic is the nation's, but for the unit that usually handles it
        ({"topics": TOPICS.replace(";a2;", ";b0;")}, {"a": ["jalan"], "b": ["jalan"]}),
        ({"topics": TOPICS.replace(";a2;", ";;")}, {"a": ["jalan"]}),
        ({"topics": TOPICS.replace("Roads", "Streets")}, {"": ["jalan"]}),
        ({"topics": TOPICS.replace("Roads;ya;a2;", "Streets;ya;;")}, {"": ["jalan"]}),
        ({"topics": TOPICS.replace("pungli;Pungli;Levies;;;yes\n", "")}, {"": ["pungli"]}),
        ({"districts": DISTRICTS.replace("Satu", "Kesatu")}, {"": ["64.08.01"]}),
        ({"holidays": "day\n2026-08-18\n2026-08-19\n"}, {"": ["2026-08-19"]}),
        ({"officers": OFFICERS.replace("a-5,petugas", "a-5,pegawai")}, {"a": ["a-5"]}),
        ({"officers": OFFICERS.replace("top-2,ombudsman", "top-2,pengawas")}, {"": ["top-2"]}),
        # of one that is new, nobody is there to be told
        ({"agencies": AGENCIES + NEW, "officers": OFFICERS + STAFF}, {}),
    ],
)
def test_whom_a_change_concerns(files: dict[str, str], found: dict[str, list[str]]) -> None:
    assert concerned(after(**files)) == found


@pytest.mark.parametrize(
    ("was", "now", "subjects"),
    [
        ("a-5,petugas@a.example.id,a2,officer", "a-5,petugas@a.example.id,a2,officer", ()),
        ("a-5,petugas@a.example.id,a2,officer", "a-5,petugas@a.example.id,a2,clerk", ("officer:a-5",)),
        ("a-5,petugas@a.example.id,a2,officer", "a-5,petugas@a.example.id,a1,officer", ("officer:a-5",)),
        ("a-5,petugas@a.example.id,a2,officer", "a-5,pegawai@a.example.id,a2,officer", ("officer:a-5",)),
        ("a-5,petugas@a.example.id,a2,officer\n", "", ("officer:a-5",)),
        ("a-6,sekda", "a-7,petugas2@a.example.id,a2,officer\na-6,sekda", ()),  # who comes voids nothing
    ],
)
def test_whose_links_an_import_voids(was: str, now: str, subjects: tuple[str, ...]) -> None:
    assert voided(OLD, after(officers=OFFICERS.replace(was, now))) == subjects


def test_a_trail_keeps_what_matters_of_who_goes_and_no_address() -> None:
    new = after(officers=OFFICERS.replace("a-5,petugas@a.example.id,a2,officer\n", ""))
    (gone,) = in_full(diff(OLD, new), OLD, new)
    assert gone.fields == {"agency": ("a2", ""), "role": ("officer", "")}
    (come,) = in_full(diff(new, OLD), new, OLD)
    assert come.fields == {"agency": ("", "a2"), "role": ("", "officer")}


def test_only_a_unit_stays_out_of_what_accuses_whose_name_it_takes_over() -> None:
    """A government sorts its reports whomever they accuse, but for itself."""
    after_it = succeeding(OLD.directory, OLD.directory, [("a2", "b0"), ("a2", "b0"), ("b", "b1")])
    assert after_it.agencies["a2"].once_below == "b0"
    assert after_it.agencies["b"].once_below == ""
    known = replace(OLD.directory, former=(FormerName("a9", "Lama", date(2026, 1, 2).isoformat(), "a"),))
    assert succeeding(known, known, [("a0", "a9")]).agencies["a0"].once_below == "a9"
