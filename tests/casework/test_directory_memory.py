"""Whoever was hidden from a case stays so, however a coordinator turns the tree: over random trees and changes."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from functions.casework.access import is_accused
from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import Checked, directory_from_mapping
from functions.casework.directory.instance_edit import plan_edit
from functions.casework.directory.memory import FORGET, remembering
from functions.casework.problems import InvalidInputProblem
from tests.casework.conflict import directories

TODAY = date(2026, 11, 27)


def hidden(directory: Directory, others: Directory) -> set[tuple[str, str]]:
    """(who, about whom) of all accusations ever known."""
    named = {*directory.agencies, *others.agencies}
    return {(who, about) for who in directory.agencies for about in named if is_accused(who, about, directory)}


@given(st.data(), directories())
def test_no_change_of_a_coordinator_opens_what_was_hidden(data: st.DataObject, directory: Directory) -> None:
    first, instance = directory, directory.instances()[0]
    for _ in range(data.draw(st.integers(1, 6))):
        units = [unit.code for unit in directory.units(instance.code)]
        typed = {
            "act": data.draw(st.sampled_from(["change", "change", "remove", "add"])),
            "code": data.draw(st.sampled_from([*units, "baru1", "baru2"])),
            "parent": data.draw(st.sampled_from([instance.code, *units])),
            "name": data.draw(st.sampled_from([f"Unit {number}" for number in range(20)])),
            "level": "",
        }
        try:
            plan = plan_edit(typed, directory.agencies[instance.code], Checked(directory, (), frozenset()), TODAY)
        except InvalidInputProblem:
            continue
        new = plan.new.directory
        before, after = hidden(directory, first), hidden(new, first)
        for who, about in before:
            # Only an accusation of a unit that goes is not recognised any more, and only by who was not below it.
            assert (who, about) in after or who not in new.agencies, (who, about, typed)
        directory = new


def test_what_a_file_does_not_say_stays_and_a_dash_forgets_it() -> None:
    whole = _tree({"a": "i", "b": "a", "c": "b", "d": "i"})
    moved = remembering(whole, _tree({"a": "i", "b": "i", "c": "b", "d": "i"}))
    assert moved.agencies["b"].once_below == "a"
    assert moved.agencies["c"].once_below == ""
    assert is_accused("c", "a", moved)
    silent = remembering(moved, _tree({"a": "i", "b": "d", "c": "b", "d": "i"}))
    assert silent.agencies["b"].once_below == "a"
    plain = _tree({"a": "i", "b": "i", "c": "b", "d": "i"})
    told = {**plain.agencies, "b": replace(plain.agencies["b"], once_below=FORGET)}
    forgot = remembering(moved, Directory(told, plain.topics, plain.districts))
    assert (forgot.agencies["b"].once_below, forgot.agencies["c"].once_below) == ("", "")
    assert not is_accused("c", "a", forgot)


def _tree(parents: dict[str, str]) -> Directory:
    rows = [{"code": "i", "name": "I", "kind": "instance", "region": "64.08", "coordinator": "k", "inspectorate": "p"}]
    rows += [{"code": c, "name": c, "kind": "unit", "parent": p} for c, p in {"k": "i", "p": "i", **parents}.items()]
    topics = [{"code": "t", "name": "T", "name_en": "T"}]
    return directory_from_mapping(
        {"agencies": rows, "topics": topics, "districts": [{"code": "64.08.01", "name": "D"}]}
    )
