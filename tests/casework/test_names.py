"""Names that stay with their codes: which signs they may have, which names are one, and what is remembered."""

import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.access import is_accused
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.directory.check import check, directory_from_mapping
from functions.casework.directory.memory import remembering
from functions.casework.directory.names import (
    BAD_SIGNS,
    TAKEN,
    bad_signs,
    name_faults,
    name_key,
    renamed,
    succeeding,
    with_former,
)
from functions.casework.directory.registers import as_tables, decode_directory, encode_directory, plain_directory
from functions.config.settings import DEMO, SettingsError, load_directory

TODAY = date(2026, 11, 27)
EMPTY = Directory({}, {}, {})
NAMES = {"k": "Kominfo", "p": "Inspektorat", "a": "Dinas Satu", "b": "Dinas Dua", "c": "Dinas Tiga"}


def tree(**names: str) -> Directory:
    """One government with these units, each by its name."""
    units = {code: name for code, name in (NAMES | names).items() if name}
    rows = [Agency("i", "Kabupaten", AgencyKind.INSTANCE, region="64.08", coordinator="k", inspectorate="p")]
    rows += [Agency(code, name, AgencyKind.UNIT, "i") for code, name in units.items()]
    return Directory({row.code: row for row in rows}, {}, {})


def step(old: Directory, new: Directory, on: date = TODAY) -> Directory:
    """One write: what stands after it. Raises ValueError for a name that is another code's."""
    for fault in name_faults(old, new):
        raise ValueError(str(fault))
    return with_former(old, remembering(old, new), on)


def test_the_demonstration_and_what_officials_write_are_names() -> None:
    directory = load_directory(DEMO / "kutai-timur.toml")
    assert not [agency.name for agency in directory.agencies.values() if bad_signs(agency.name)]
    for name in (
        "RSUD “Kudungga”",
        "Puskesmas Muara Bengkal – 2",
        "Perumda Air Minum (PDAM)",
        "Kafé Désa",
        "SDN 005/A",
    ):
        assert not bad_signs(name)


@given(st.characters(exclude_categories=["Cs"]), st.integers(0, 16))
def test_no_sign_that_is_not_seen_or_is_of_another_script_stands_in_a_name(sign: str, at: int) -> None:
    name = f"{'Dinas Perhubungan'[:at]}{sign}{'Dinas Perhubungan'[at:]}"
    if bad_signs(name):
        return
    assert unicodedata.category(sign)[0] not in "CM"
    plain = unicodedata.normalize("NFD", sign)[0]
    assert plain.isascii() or sign in "‘’“”–—·"
    assert sign.isprintable()


@given(st.lists(st.sampled_from(" .,-()/'\u2013"), max_size=20), st.lists(st.booleans(), min_size=17, max_size=17))
def test_blanks_punctuation_and_case_make_no_other_name(gaps: list[str], upper: list[bool]) -> None:
    name = "Dinas Perhubungan"
    cased = "".join(sign.upper() if up else sign.lower() for sign, up in zip(name, upper, strict=True))
    spread = "".join(sign + "".join(gaps[at::17]) for at, sign in enumerate(cased) if sign != " ")
    assert name_key(spread) == name_key(name) or "rn" in spread


@given(st.text("dinaslur10I|O MVWvw", min_size=1, max_size=12))
def test_signs_of_ascii_that_look_alike_are_one(name: str) -> None:
    """UTS 39 makes these one in its skeletons, too."""
    alike = name.replace("0", "O").replace("1", "l").replace("I", "l").replace("|", "l").replace("i", "l")
    assert name_key(alike) == name_key(name)


@given(st.data())
def test_whatever_is_done_a_name_is_one_codes_alone(data: st.DataObject) -> None:
    """Random renames, removals and returns over a year; each that is let through is checked against all of the past."""
    stands, owner = tree(), {name_key(name): code for code, name in NAMES.items()} | {name_key("Kabupaten"): "i"}
    names: dict[str, str] = {}
    for number in range(data.draw(st.integers(1, 12))):
        code = data.draw(st.sampled_from("abc"))
        typed = data.draw(st.sampled_from(["Dinas Satu", "dinas dua", "DINAS-TIGA", "Sementara", "Lain", ""]))
        names = names | {code: typed}
        try:
            stands = step(stands, replace(tree(**names), former=stands.former), TODAY + timedelta(days=30 * number))
        except ValueError:
            names = {each: stands.agencies[each].name if each in stands.agencies else "" for each in "abc"}
            continue
        if typed:
            assert owner.setdefault(name_key(typed), code) == code
    assert not list(name_faults(EMPTY, replace(stands, former=())))


def test_a_swap_in_one_write_a_circle_over_days_and_a_way_back() -> None:
    with pytest.raises(ValueError, match=r"agency a: .* that of b"):
        step(tree(), tree(a="Dinas Dua", b="Dinas Satu"))
    away = step(tree(), tree(a="Sementara"))
    with pytest.raises(ValueError, match=r"agency b: .* that of a"):
        step(away, replace(tree(a="Sementara", b="Dinas Satu"), former=away.former))
    back = step(away, replace(tree(), former=away.former))
    assert {(each.code, each.name) for each in back.former} == {("a", "Dinas Satu"), ("a", "Sementara")}


def test_a_file_forgets_no_name_and_adds_those_it_knows() -> None:
    away = step(tree(), tree(a="Sementara"))
    silent = step(away, tree(a="Sementara"))  # as from files that have no former names
    assert silent.former == away.former
    stored, _ = decode_directory(encode_directory(away, ()))
    assert stored.former == away.former
    assert "former_names" not in plain_directory(tree(), ())
    whole = load_directory(DEMO / "kutai-timur.toml")
    known = replace(whole, former=away.former)
    tables = as_tables(known, (), (), "x")
    del tables["officers"]
    assert check(tables).directory == known
    assert directory_from_mapping(plain_directory(known, ())) == known


def test_governments_do_not_share_their_names_but_with_those_above() -> None:
    second = {
        "j": Agency("j", "Kota", AgencyKind.INSTANCE, region="64.74", coordinator="jk", inspectorate="jp"),
        "jk": Agency("jk", "Kominfo", AgencyKind.UNIT, "j"),
        "jp": Agency("jp", "Inspektorat", AgencyKind.UNIT, "j"),
    }
    both = replace(tree(), agencies={**tree().agencies, **second})
    assert not list(name_faults(EMPTY, both))
    named = {**both.agencies, "jk": replace(second["jk"], name="Kabupaten")}
    assert {(f.code, f.why, f.other) for f in name_faults(both, replace(both, agencies=named))} == {("jk", TAKEN, "i")}
    there = {**both.agencies, "jx": Agency("jx", "Dinas Satu", AgencyKind.UNIT, "j")}
    moved = {**there, "a": replace(both.agencies["a"], parent="j")}
    assert [f.code for f in name_faults(replace(both, agencies=there), replace(both, agencies=moved))] == ["a"]


def test_a_merger_takes_over_a_name_and_stays_out_of_what_accuses_it() -> None:
    merged = tree(a="Dinas Dua", b="")
    assert [str(fault) for fault in name_faults(tree(), merged)]
    assert not list(name_faults(tree(), merged, [("a", "b")]))
    stands = with_former(tree(), succeeding(tree(), remembering(tree(), merged), [("a", "b")]), TODAY)
    assert is_accused("a", "b", stands)
    assert not is_accused("c", "b", stands)
    assert renamed(stands, TODAY)["a"].name == "Dinas Satu"
    new = with_former(tree(), tree(b="", d="Dinas Dua"), TODAY)
    assert renamed(new, TODAY)["d"].name == ""


@pytest.mark.parametrize("gone", [False, True])
def test_who_succeeds_another_stays_out_of_what_accuses_those_above_it(*, gone: bool) -> None:
    """The hospital of a department becomes a unit of its own, of another code: the same people work there."""
    below = replace(tree(), agencies={**tree().agencies, "b": replace(tree().agencies["b"], parent="a")})
    old, alone = (step(below, tree(b="")) if gone else below), tree(b="", d="Dinas Dua")
    assert is_accused("b", "a", below)
    stands = with_former(old, succeeding(old, remembering(old, alone), [("d", "b")]), TODAY)
    assert is_accused("d", "b", stands)
    assert is_accused("d", "a", stands)
    assert not is_accused("c", "a", stands)
    assert stands.agencies["d"].once_below == "b a"


def test_the_form_says_it_for_a_year() -> None:
    stands = step(tree(), tree(a="Dinas Baru"))
    assert {code: each.name for code, each in renamed(stands, TODAY + timedelta(days=365)).items()} == {
        "a": "Dinas Satu"
    }
    assert renamed(stands, TODAY + timedelta(days=366)) == {}
    back = step(stands, replace(tree(), former=stands.former), TODAY + timedelta(days=3))
    assert renamed(back, TODAY + timedelta(days=4))["a"].name == "Dinas Baru"
    cased = step(tree(), tree(a="DINAS SATU"))
    assert renamed(cased, TODAY) == {}


def test_a_unit_that_was_removed_and_comes_back_remembers_whom_it_stood_below() -> None:
    below = replace(tree(), agencies={**tree().agencies, "a": replace(tree().agencies["a"], parent="b")})
    gone = step(below, tree(a=""))
    back = step(gone, tree(a="Dinas Lain"))
    assert is_accused("a", "b", back)
    assert not is_accused("c", "b", back)


def test_a_file_of_the_settings_with_one_name_twice_or_unseen_signs_is_refused(tmp_path: Path) -> None:
    text = (DEMO / "kutai-timur.toml").read_text()
    for old, new, says in (
        ('name = "Dinas Lingkungan Hidup"', 'name = "DINAS PERHUBUNGAN"', "kutim-dishub"),
        ('name = "Dinas Lingkungan Hidup"', 'name = "Dinas Lingkungan\u3164Hidup"', "cannot be seen"),
    ):
        path = tmp_path / "lain.toml"
        path.write_text(text.replace(old, new))
        with pytest.raises(SettingsError, match=says):
            load_directory(path)


def test_faults_say_what_to_do() -> None:
    assert [fault.why for fault in name_faults(EMPTY, tree(a="Dinas\u200b"))] == [BAD_SIGNS]
    assert [fault.why for fault in name_faults(EMPTY, tree(a="- - -"))] == [BAD_SIGNS]
