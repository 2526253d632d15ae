"""Reply templates: what may stand in them, how a case fills them, and when an answer is one unchanged."""

import pytest

from functions.casework.directory.agencies import DirectoryError
from functions.casework.directory.registers import decode_templates, encode_templates
from functions.casework.problems import InvalidInputProblem
from functions.casework.reply_templates import (
    BLANKS,
    TEXT_MAX,
    TITLE_MAX,
    Template,
    fill,
    left_open,
    read_template,
    sent_as_is,
    shipped,
    suited,
)
from functions.config.settings import DEMO, load_directory

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
CASE = {
    "nomor": "4F7K-2M9Q-XR3D",
    "topik": "Jalan dan jembatan",
    "kecamatan": "Bengalon",
    "dinas": "Dinas Contoh",
    "batas_waktu": "Rabu, 2 Desember 2026",
}
GOOD = {"title": "Judul", "topic": "jalan", "text": "Laporan {nomor} di {kecamatan} kami periksa."}


def faults(**changes):
    with pytest.raises(InvalidInputProblem) as caught:
        read_template("a", GOOD | changes, DIRECTORY)
    return [(error.field, error.code) for error in caught.value.errors]


def test_what_is_shipped_passes_the_check_that_an_edit_passes():
    assert set(CASE) == set(BLANKS)
    for template in shipped():
        typed = {"title": template.title, "topic": template.topic, "text": template.text}
        assert read_template(template.ident, typed, DIRECTORY) == template
        assert "{" not in fill(template.text, CASE)
    assert len({template.ident for template in shipped()}) == len(shipped()) > 5


def test_every_fault_is_told_at_once_and_an_unknown_blank_with_those_known():
    assert faults(title=" ", topic="tidak-ada", text="") == [
        ("title", "required"),
        ("topic", "unknown"),
        ("text", "required"),
    ]
    assert faults(title="x" * (TITLE_MAX + 1), text="x" * (TEXT_MAX + 1)) == [
        ("title", "too_long"),
        ("text", "too_long"),
    ]
    for strange in ("{nama}", "{Nomor}", "{ nomor }", "{}", "{nomor", "nomor}", "{{nomor}}"):
        assert faults(text=f"Yth. {strange}") == [("text", "unknown_blank")]
    with pytest.raises(InvalidInputProblem) as caught:
        read_template("a", GOOD | {"text": "{nama} {nomor} {nik} {nama}"}, DIRECTORY)
    assert caught.value.errors[0].facts == {
        "found": "{nama} {nik}",
        "known": "{nomor} {topik} {kecamatan} {dinas} {batas_waktu}",
    }


def test_a_case_fills_the_blanks_and_what_it_brings_is_not_filled_again():
    assert fill("{nomor}: {topik}, {kecamatan}; {dinas}, {batas_waktu}.", CASE) == (
        "4F7K-2M9Q-XR3D: Jalan dan jembatan, Bengalon; Dinas Contoh, Rabu, 2 Desember 2026."
    )
    assert fill("{dinas}", CASE | {"dinas": "{nomor}"}) == "{nomor}"
    assert fill("{lain}", CASE) == "{lain}"  # kept by an older release with other blanks


def test_those_of_the_topic_come_first_and_those_of_others_not_at_all():
    many = [Template("a", "A", "a"), Template("b", "B", "b", "jalan"), Template("c", "C", "c", "sekolah")]
    assert [template.ident for template in suited(many, "jalan")] == ["b", "a"]
    assert [template.ident for template in suited(many, "lainnya")] == ["a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Laporan 4F7K-2M9Q-XR3D di Bengalon kami periksa.", "a"),
        ("  Laporan 4F7K-2M9Q-XR3D\n\ndi  Bengalon kami periksa.\n", "a"),
        ("Laporan 4F7K-2M9Q-XR3D di Bengalon kami periksa besok.", ""),
        ("Laporan {nomor} di {kecamatan} kami periksa.", ""),
        ("Laporan 4F7K-2M9Q-XR3D di Telen kami periksa.", ""),
        ("", ""),
    ],
)
def test_an_answer_is_a_template_where_only_spaces_and_lines_differ(text, found):
    templates = [Template("b", "B", "Lain."), Template("a", **GOOD)]
    assert sent_as_is(text, templates, CASE) == found


def test_a_gap_of_a_template_is_found_and_other_brackets_are_not():
    templates = [Template("a", "A", "Kami datang [tanggal] ke [tempat].")]
    assert left_open("Kami datang besok ke [tempat], [tempat].", templates) == ("[tempat]",)
    assert left_open("Nomor [nomor telepon disamarkan] kami hubungi.", templates) == ()


def test_a_register_gives_back_what_was_put_in():
    assert decode_templates(encode_templates(shipped())) == shipped()
    assert decode_templates(encode_templates(())) == ()
    with pytest.raises(DirectoryError):
        decode_templates(b"x")
