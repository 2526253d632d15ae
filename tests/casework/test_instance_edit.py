"""What a coordinator's form may change of their own instance, to the last that it takes, and at which field it tells why not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.casework.directory.agencies import Agency, AgencyKind, Level
from functions.casework.directory.check import Checked, check
from functions.casework.directory.instance_edit import DAYS_MAX, UNITS_MAX, Plan, plan_edit
from functions.casework.problems import InvalidInputProblem
from tests.casework.test_directory_import import AGENCIES, FILES, tables

TODAY = date(2026, 11, 27)
NATION = check(tables())
# One government alone, whose days off are its own: "a" of these files.
ROWS = [row for row in AGENCIES.splitlines() if row.partition(",")[0] not in ("b", "b0", "b1", "m", "m0", "m1")]
OFFICERS = "\n".join(row for row in FILES["officers"].splitlines() if row[0] not in "bm")
ALONE = check(
    tables(
        {**FILES, "agencies": "\n".join(ROWS), "districts": "code,name\n64.08.01,Satu\n", "officers": OFFICERS}
        | {"villages": "code,name\n64.08.01.2001,Suka Maju\n"}
    )
)
ADD = {"act": "add", "code": "a-baru", "name": "Dinas Baru", "level": "opd", "parent": "a"}


def plan(typed: dict[str, str], old: Checked = ALONE) -> Plan:
    return plan_edit(typed, old.directory.agencies["a"], old, TODAY)


def told(typed: dict[str, str], old: Checked = ALONE) -> list[tuple[str, str]]:
    """What the form is told, by field; nothing if it may be done."""
    try:
        plan(typed, old)
    except InvalidInputProblem as problem:
        return [(error.field, error.code) for error in problem.errors]
    return []


def with_days(count: int) -> Checked:
    return replace(ALONE, holidays=frozenset(TODAY + timedelta(days=n) for n in range(count)))


def with_units(count: int) -> Checked:
    """The one government with so many units in all."""
    there = len(ALONE.directory.units("a"))
    more = (Agency(f"u{n}", f"Kantor {n}", AgencyKind.UNIT, "a", level=Level.OPD) for n in range(count - there))
    directory = replace(ALONE.directory, agencies={**ALONE.directory.agencies, **{unit.code: unit for unit in more}})
    return replace(ALONE, directory=directory)


def with_unit(**facts: object) -> Checked:
    """The one government with these facts for its unit a2."""
    changed = replace(ALONE.directory.agencies["a2"], **facts)
    directory = replace(ALONE.directory, agencies={**ALONE.directory.agencies, "a2": changed})
    return replace(ALONE, directory=directory)


def test_days_off_are_taken_up_to_a_number_and_each_once() -> None:
    assert DAYS_MAX == 400
    wanted = {"act": "day_off", "day": "2029-06-01"}
    assert told(wanted, with_days(399)) == []
    assert told(wanted, with_days(400)) == [("day", "days_max")]
    assert told({"act": "day_off", "day": TODAY.isoformat()}, with_days(400)) == [("day", "day_there")]
    assert told({"act": "day_on", "day": TODAY.isoformat()}, with_days(400)) == []


def test_units_are_taken_up_to_a_number() -> None:
    assert UNITS_MAX == 3000
    assert told(ADD, with_units(2999)) == []
    assert told(ADD, with_units(3000)) == [("code", "units_max")]


@pytest.mark.parametrize("act", ["day_off", "day_on"])
def test_where_several_governments_share_their_days_off_no_coordinator_changes_them(act: str) -> None:
    assert told({"act": act, "day": "2026-08-18"}, NATION) == [("day", "days_shared")]


CHANGE = {"act": "change", "code": "a2", "name": "Dinas PU, Perumahan", "level": "", "parent": "a"}


@pytest.mark.parametrize(
    ("typed", "old", "errors"),
    [
        (ADD, ALONE, []),
        (ADD | {"name": "N" * 200}, ALONE, []),
        (ADD | {"name": "N" * 201}, ALONE, [("name", "bad_name")]),
        (ADD | {"name": ""}, ALONE, [("name", "required")]),
        (ADD | {"code": "a..b"}, ALONE, [("code", "bad_code")]),
        (ADD | {"code": ""}, ALONE, [("code", "required")]),
        (ADD | {"code": "top"}, ALONE, [("code", "code_taken")]),
        (ADD | {"parent": ""}, ALONE, [("parent", "required")]),
        (ADD | {"parent": "b"}, NATION, [("parent", "unknown")]),
        (ADD | {"level": "kota"}, ALONE, [("level", "unknown")]),
        (CHANGE | {"level": "kecamatan"}, with_unit(region="64.08.04"), []),
        (CHANGE | {"level": "desa"}, with_unit(region="64.08.04"), [("level", "bad_level")]),
        (CHANGE | {"code": ""}, ALONE, [("code", "required")]),
        (CHANGE | {"code": "b1"}, NATION, [("code", "unknown")]),
        (CHANGE | {"parent": "a2"}, ALONE, [("parent", "circle")]),
        ({**CHANGE, "code": "a1", "name": "Inspektorat", "parent": "a2"}, ALONE, [("parent", "unit_needed")]),
        ({**CHANGE, "code": "a1", "name": "Inspektorat Baru"}, ALONE, [("name", "name_ops_only")]),
        ({**CHANGE, "code": "a0", "name": "Kominfo Baru"}, ALONE, [("name", "name_ops_only")]),
        ({"act": "remove", "code": "a1"}, ALONE, [("code", "unit_needed")]),
        ({"act": "remove", "code": "a2"}, ALONE, [("code", "has_officers")]),
        ({"act": "remove", "code": "a2"}, replace(ALONE, officers=()), [("code", "has_topics")]),
        ({"act": "topic", "topic": "", "unit": "a2"}, ALONE, [("topic", "required")]),
        ({"act": "topic", "topic": "jalan", "unit": "b1"}, NATION, [("unit", "unknown")]),
        ({"act": "topic", "topic": "pungli", "unit": "a1"}, NATION, []),
        ({"act": "day_off", "day": ""}, ALONE, [("day", "required")]),
        ({"act": "day_off", "day": "besok"}, ALONE, [("day", "bad_date")]),
        ({"act": "day_on", "day": "2026-08-19"}, ALONE, [("day", "unknown")]),
        ({"act": "remove"}, ALONE, [("code", "required")]),
        ({}, ALONE, [("act", "unknown")]),
    ],
)
def test_what_a_form_asks_for_is_done_or_told_at_its_field(
    typed: dict[str, str], old: Checked, errors: list[tuple[str, str]]
) -> None:
    assert told(typed, old) == errors


def test_a_unit_with_others_below_it_cannot_go() -> None:
    below = plan(ADD | {"parent": "a2"}).new
    assert told({"act": "remove", "code": "a2"}, replace(below, officers=())) == [("code", "has_units")]


def test_a_new_unit_stands_last_among_its_own_governments() -> None:
    assert list(plan(ADD, NATION).new.directory.agencies)[:7] == ["top", "a", "a0", "a1", "a2", "a-baru", "b"]


def test_a_code_that_was_removed_comes_back_as_itself_alone() -> None:
    gone = plan({"act": "remove", "code": "a-baru"}, plan(ADD).new).new
    assert told(ADD, gone) == []
    assert told(ADD | {"name": "dinas  baru"}, gone) == []
    assert told(ADD | {"name": "Dinas Lain"}, gone) == [("code", "code_taken")]


def test_a_changed_topic_concerns_whose_units_it_names_and_no_topic_of_another() -> None:
    assert told({"act": "topic", "topic": "jalan", "unit": ""}, NATION) == []
    theirs = plan_edit({"act": "topic", "topic": "pungli", "unit": "b1"}, NATION.directory.agencies["b"], NATION, TODAY)
    assert told({"act": "topic", "topic": "pungli", "unit": "a1"}, theirs.new) == [("topic", "unknown")]
