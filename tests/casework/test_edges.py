"""Where a rule of what words say begins and ends: the last that counts, and the first that does not."""

from dataclasses import replace

import pytest

from functions.casework.understanding import about, danger, phrases, places, silence, sorts, thanks, unaddressed
from functions.casework.understanding.sorts import Sort
from functions.casework.understanding.spelling import distance, is_alike, words_of
from functions.casework.understanding.spoken_names import Called, Names
from functions.config.settings import DEMO, load_directory

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
NORTH, SOUTH = "64.08.04", "64.08.12"
CAN = "pak " * 11 + "boleh lapor lewat sini ga"


@pytest.mark.parametrize(
    ("one", "other", "changes"),
    [
        *(("", "", 0), ("", "abc", 3), ("abc", "", 3), ("a", "a", 0), ("a", "b", 1), ("ab", "ba", 1)),
        *(("abcd", "acbd", 1), ("abcd", "abdc", 1), ("ca", "abc", 3), ("kitten", "sitting", 3), ("xabc", "abc", 1)),
        *(("abc", "xabc", 1), ("abcde", "badce", 2), ("abab", "baba", 2)),
    ],
)
def test_how_many_letters_are_changed(one: str, other: str, changes: int) -> None:
    assert distance(one, other) == changes
    assert distance(other, one) == changes


@pytest.mark.parametrize(
    ("typed", "name", "alike"),
    [
        ("sngt", "sangata", True),  # four consonants, three letters fewer
        ("sng", "sanga", False),
        ("bangata", "sangata", False),  # the first letter is typed right
        ("sangot", "sangat", True),
        ("sango", "sanga", False),  # too short for a slip
        ("bengalan", "bengalon", True),
        ("bengulan", "bengalon", False),  # two slips in eight letters
        ("sangkuliramg", "sangkulirang", True),
        ("sangkolaramg", "sangkulirang", False),
        ("sangkolirank", "sangkulirang", True),
        ("kongbeng", "kombeng", False),
        ("snagta", "sangata", False),
    ],
)
def test_what_is_typed_for_a_name(typed: str, name: str, alike: bool) -> None:
    assert is_alike(typed, name) is alike


def test_letters_with_marks_are_read() -> None:
    assert words_of("Kafé DÉSA mkasiiih") == ["kafe", "desa", "mkasih"]


def test_a_call_to_hurry_has_six_words() -> None:
    assert danger.is_urging("ayo cepat tolong segera datang kesini")
    assert not danger.is_urging("ayo cepat tolong segera datang kesini pak")


def test_who_is_armed_is_dangerous_though_it_is_said_to_be_over() -> None:
    assert danger.is_in_danger("sudah aman pak tadi ada yang bawa parang")
    assert not danger.is_in_danger("kebakaran sudah padam")


def test_mild_words_curse_in_four() -> None:
    assert about.is_curse("dasar orang kurang ajar")
    assert not about.is_curse("dasar kamu orang kurang ajar")


def test_a_question_of_us_has_sixteen_words_and_tells_with_four_beside() -> None:
    assert about.surely_about(CAN) == "can"
    assert about.surely_about(f"pak {CAN}") == ""
    assert not about.tells_beside("nomor damkar satu dua tiga")
    assert about.tells_beside("nomor damkar satu dua tiga empat")


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("ya pak ya pak", Sort.BARE),
        ("ya pak ya pak ya", Sort.GREETING),
        ("halo pak " * 20, Sort.GREETING),
        ("halo pak " * 20 + "bu", None),
        ("halo pak 5", None),
        ("bintang", Sort.CLOSING),
        ("bintang 5", Sort.CLOSING),
        ("bintang 5 dari 5", None),
        ("bintang 5 5", None),
        ("caranya", Sort.HELP),
        ("cara pak", Sort.HELP),
        ("cara kabarnya", Sort.QUESTION),
        ("lapor", None),
        ("lapor?", Sort.HELP),
        ("caranya gmn kabarnya", None),
    ],
)
def test_what_lists_hold(text: str, sort: Sort | None) -> None:
    found = sorts.by_lists(text, words_of(text))
    assert (found and found.sort) == sort


@pytest.mark.parametrize(
    ("text", "code"), [("selatan", SOUTH), ("yang utara", NORTH), ("sangatta", ""), ("utara selatan", "")]
)
def test_the_word_that_tells_two_districts_apart_chooses(text: str, code: str) -> None:
    assert places.chosen(text, (NORTH, SOUTH), DIRECTORY) == code
    assert places.chosen(text, (), DIRECTORY) == ""


def test_another_regency_is_known_by_its_name_or_its_region() -> None:
    here = DIRECTORY.agencies["kutim"]
    for name, region in (("Kota Bontang", ""), ("Pemerintah Kota Bontang", ""), ("Wali Kota", "64.74")):
        other = replace(here, code="b", name=name, region=region)
        both = replace(DIRECTORY, agencies={**DIRECTORY.agencies, "b": other})
        assert places.instance_elsewhere("Kota Bontang", both) == other
    assert places.instance_elsewhere("Kota Bontang", DIRECTORY) is None
    assert places.instance_elsewhere("Kota Entah", DIRECTORY) is None


def test_words_of_forty_letters_are_read() -> None:
    assert phrases.words_of("1" * 40)[0].forms
    assert not phrases.words_of("1" * 41)[0].forms


def test_an_owner_behind_three_letters_is_cut_off() -> None:
    assert "qws" in phrases.words_of("qwsnya")[0].forms
    assert "pt" not in phrases.words_of("ptnya")[0].forms


def test_a_dash_or_a_comma_pauses() -> None:
    assert [word.pause for word in phrases.words_of("satu -- dua, tiga empat - lima")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_of_two_names_as_long_the_first_wins() -> None:
    (word,) = phrases.words_of("bpnnya")
    names: Names = {form: {(form,): Called((form,))} for form in word.forms}
    assert [each[2].codes for each in phrases.names_in([word], names, [False])] == [(word.forms[0],)]


def test_a_reason_begins_with_why() -> None:
    assert silence.gives_reason("takut")
    assert not silence.gives_reason("jangan takut")


@pytest.mark.parametrize(("more", "accepted"), [(16, True), (17, False)])
def test_twenty_words_accept(more: int, accepted: bool) -> None:
    assert thanks.accepts("sudah bagus terima kasih" + " pak" * more) is accepted


@pytest.mark.parametrize(("told", "accepted"), [(["banjir"], True), (["lampu"], False), ([], False)])
def test_dry_is_well_where_it_was_flooded(told: list[str], accepted: bool) -> None:
    assert thanks.accepts("udah kering pak", told) is accepted
    assert not thanks.accepts("sumur kami pak", told)


def test_two_signs_of_a_program_are_enough() -> None:
    assert unaddressed.behind_ours("saya sedang rapat, nanti saya hubungi") == ""
    assert unaddressed.behind_ours("nanti saya hubungi") is None
