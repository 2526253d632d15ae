"""Reading what people type on a keypad, and what they are answered."""

from datetime import date
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.formats.gsm import PARTS_MAX, count, is_gsm, units
from functions.casework.formats.sms_closing import MORE, quoted
from functions.casework.formats.sms_codes import short_code
from functions.casework.formats.sms_command import ALONE, SPELLINGS, Command, read_sms
from functions.casework.formats.sms_number import read_number
from functions.casework.formats.sms_texts import TEMPLATES, received, which
from functions.casework.receipt import receipt_from_bytes
from functions.casework.stages import FACTS
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.places import places_in
from functions.casework.understanding.pointers import is_enumerated
from functions.casework.understanding.sorts import Sort
from functions.config.settings import DEMO, load_directory
from tests.bench.cpu import times_as_long

RECEIPT = receipt_from_bytes(bytes(range(13)))
CODE, SHORT = str(RECEIPT), short_code(RECEIPT)
WIDEST = {
    "code": "WWWWW-WWWWW-WWWWW-WWWWW-WWWWW",
    "short": "WWWWW",
    "codes": ", ".join(["WWWWW"] * 4),
    "day": "30/12",
    "stage": max((facts.sms for facts in FACTS.values()), key=len),
    "until": "Batas waktu 30/12. ",
    "command": "SELESAI",
    "place": "Sangatta Selatan",
    "places": "Sangatta Utara, Sangatta Selatan",
    "url": "https://lapor-anonim.kutaitimurkab.go.id",
    "where": "Kab. Kutai Kartanegara",
    "office": "Kabupaten Kutai Timur",
    "states": "WWWWW: sedang dikerjakan; WWWWW: sedang dikerjakan",
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_answer_fits_into_one_part_with_its_longest_values(template):
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    said = template.format(**{name: WIDEST[name] for name in names})
    assert is_gsm(said)
    assert units(said) <= 160, (units(said), said)


@pytest.mark.parametrize(
    ("sender", "number"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("0062 81234567890", "+6281234567890"),
        ("+6591234567", "+6591234567"),
        ("+29027654", "+29027654"),  # the shortest that there is, and the longest
        ("+2902765", ""),
        ("+881612345678901", "+881612345678901"),
        ("+8816123456789012", ""),
        ("TELKOMSEL", ""),
        ("1708", ""),
        ("", ""),
        ("+6281234567890123456", ""),
        ("٠٨١٢٣٤٥٦٧٨٩٠", ""),
    ],
)
def test_a_number_is_read_in_every_usual_form(sender, number):
    assert read_number(sender) == number


@pytest.mark.parametrize(
    ("text", "command", "words"),
    [
        ("LAPOR jalan rusak", Command.LAPOR, "jalan rusak"),
        ("lapor: jalan rusak", Command.LAPOR, "jalan rusak"),
        ("Lapr#jalan rusak", Command.LAPOR, "jalan rusak"),
        ("KUTIM lapor jalan rusak", Command.LAPOR, "jalan rusak"),
        ("kutim jalan rusak", Command.LAPOR, "jalan rusak"),
        ("KUTIM cek", Command.CEK, ""),
        ("kutim", Command.BANTUAN, ""),
        ("lapor", Command.LAPOR, ""),
        ("mau lapor dong pak", Command.LAPOR, ""),
        ("laporan saya kemarin belum dijawab, jalannya makin rusak", Command.TEXT, None),
        ("jalan rusak", Command.TEXT, "jalan rusak"),
        ("stop", Command.BERHENTI, ""),
        ("Berhenti.", Command.BERHENTI, ""),
        ("stop pungli di pasar", Command.TEXT, "stop pungli di pasar"),
        ("bantuan", Command.BANTUAN, ""),
        ("bantuan sosial belum cair", Command.TEXT, "bantuan sosial belum cair"),
        ("mulai", Command.MULAI, ""),
        ("cek", Command.CEK, ""),
        ("cek jalan di Sangatta", Command.TEXT, "cek jalan di Sangatta"),
        ("belum masih rusak", Command.BELUM, "masih rusak"),
        ("bls masih rusak", Command.BALAS, "masih rusak"),
        ("balas jalan masih rusak", Command.BALAS, "jalan masih rusak"),
        ("selesai", Command.SELESAI, ""),
        ("😀😀", Command.SALAM, "😀😀"),
        ("hapus laporan saya", Command.CABUT, ""),
        ("tolong jangan sms saya lagi", Command.BERHENTI, ""),
        ("gimana kabar laporan saya pak?", Command.CEK, ""),
        ("makasih sudah beres", Command.TERIMA, None),
        ("", Command.TEXT, ""),
        ("ꦗꦭꦤ꧀", Command.TEXT, "ꦗꦭꦤ꧀"),
    ],
)
def test_a_command_is_read_and_what_is_none_stays_whole(text, command, words):
    asked = read_sms(text, ["KUTIM"])
    assert (asked.command, asked.words) == (command, text if words is None else words)


@pytest.mark.parametrize("command", SPELLINGS)
def test_every_spelling_is_read_in_any_case(command):
    for word in SPELLINGS[command].split():
        asked = read_sms(f" {word.upper()} {CODE} isi")
        about_the_case = command in ALONE or word == "laporan"
        assert asked.command is (Command.BALAS if about_the_case else command)
        assert read_sms(word).command is command


@pytest.mark.parametrize("written", [CODE, CODE.lower(), CODE.replace("-", " "), CODE.replace("-", ""), f"{CODE}:"])
def test_a_code_is_read_in_every_usual_form(written):
    asked = read_sms(f"BALAS {written} masih mati")
    assert (asked.command, asked.receipt, asked.words) == (Command.BALAS, RECEIPT, "masih mati")


def test_the_first_group_names_a_case_of_the_sender_alone():
    assert read_sms(f"balas {SHORT.lower()} mati", known=[SHORT]).short == SHORT
    assert read_sms(f"balas {SHORT} mati").words == f"{SHORT} mati"


@pytest.mark.parametrize(
    ("text", "command", "words"), [("JWB7H", Command.CEK, ""), ("jwb7h tiang tujuh", Command.BALAS, "tiang tujuh")]
)
def test_a_code_that_begins_like_a_command_is_a_code(text: str, command: Command, words: str) -> None:
    asked = read_sms(text, known=["JWB7H", SHORT])
    assert (asked.command, asked.short, asked.words) == (command, "JWB7H", words)


@given(st.text())
def test_no_word_is_lost_and_nothing_breaks(text):
    asked = read_sms(text, ["KUTIM"], [SHORT])
    assert asked.whole == text.strip()
    assert asked.words in " ".join(text.split()) or asked.words in text


@pytest.mark.parametrize("text", ["Ada KEBAKARAN di pasar", "orang tenggelam!", "tetangga dibunuh", "kami dirampok"])
def test_danger_is_told_112(text):
    assert nature_of(text).danger
    for placed in (True, False):
        assert "112" in received(CODE, date(2026, 12, 2), danger=True, placed=placed)[:25]


@pytest.mark.parametrize("text", ["lampu jalan mati", "jalan rusak parah", "air PDAM keruh"])
def test_a_usual_complaint_is_no_danger(text):
    assert not nature_of(text).danger


@pytest.mark.parametrize("danger", [True, False])
def test_the_first_answer_says_who_sees_the_number(danger):
    said = received(CODE, date(2026, 12, 2), danger=danger, placed=True)
    assert "Operator melihat nomor Anda" in said
    assert CODE in said


def test_a_long_answer_says_where_the_rest_is():
    url = "https://lapor.example.id"
    assert quoted("Sudah “diperbaiki”.", url) == 'Sudah "diperbaiki".'
    sent = quoted("Petugas datang besok pagi. " * 60, url)
    assert count(sent) == PARTS_MAX
    assert sent.endswith(MORE.format(url=url))


def test_several_cases_are_named_by_their_latest_codes():
    assert which(["AAAAA", "BBBBB"], "CEK").count("BBBBB") == 2


def test_a_district_is_found_by_its_name_and_the_longest_wins():
    directory = load_directory(DEMO / "kutai-timur.toml")
    found = places_in("lampu mati di Sangatta  Selatan dekat pasar", directory, "kutim").district
    assert directory.districts[found].name == "Sangatta Selatan"
    assert places_in("lampu mati", directory, "kutim").district == ""
    assert places_in("lampu mati di Sangatta Selatan", directory, "other").district == ""


@pytest.mark.parametrize(
    "text", ["tes 123", "TEST!", "testing, testing", "tesss 1 2 3", "cobacoba 123123", "cek cek coba"]
)
def test_a_trial_is_greeted(text):
    assert nature_of(text).sort is Sort.GREETING


@pytest.mark.parametrize("word", ["test ", "123", "cobacoba "])
def test_words_of_a_trial_are_read_in_one_way(word):
    """One SMS of "test test test … x" does not hold the gateway: each further word would double the time."""

    def read(times):
        return nature_of(word * times + "x")

    assert times_as_long(read, 10, 20) < 20


@pytest.mark.parametrize("part", ["-", "w-j", "abc-"])
def test_the_time_of_reading_is_proportional_to_the_length(part):
    assert times_as_long(lambda length: read_sms((part * length)[:length]), 2_500, 20_000, turns=3) < 20


@pytest.mark.parametrize("part", ["busang ", "bengalon "])
def test_many_places_take_time_in_proportion(part):
    directory = load_directory(DEMO / "kutai-timur.toml")

    def read(length):
        return places_in((part * length)[:length], directory, "kutim")

    assert times_as_long(read, 2_500, 20_000) < 26


def test_numbers_of_matters_are_found_in_proportion_to_the_length():
    assert is_enumerated("1. lampu mati 2. guru bolos")
    assert not is_enumerated("2. lampu mati 1. guru bolos")
    assert times_as_long(lambda length: is_enumerated(("1. a " * length)[:length]), 5_000, 20_000) < 8
