"""What an SMS asks for where a command, a code and words stand together: no word is lost, and none goes to a case that
it was not meant for. Single commands: ``test_sms.py``."""

import pytest

from functions.casework.formats.sms_codes import find_code
from functions.casework.formats.sms_command import Command, begins_with_done, read_sms
from functions.casework.formats.sms_held import agrees, confirmed
from functions.casework.receipt import receipt_from_bytes
from functions.casework.understanding.opinion.likely import Standing

RECEIPT, OTHER = receipt_from_bytes(bytes(range(13))), receipt_from_bytes(bytes(range(50, 63)))
SHORT = "AB12C"
WHOLE = None  # all of the text


def check(text: str, command: Command, words: str | None, short: str = "") -> None:
    asked = read_sms(text, known=[SHORT], standing=Standing.OPEN)
    assert (asked.command, asked.words, asked.short) == (command, text if words is WHOLE else words, short)


@pytest.mark.parametrize(
    ("text", "command", "words"),
    [
        ("ga jadi pak, sudah dibersihkan sendiri", Command.CABUT, WHOLE),
        ("kades suruh cabut laporan, saya takut", Command.TEXT, WHOLE),
        ("orang kantor desa nyuruh saya cabut laporan", Command.TEXT, WHOLE),
        (
            "laporan pungli, kata kades tidak usah dilanjutkan",
            Command.LAPOR,
            "pungli, kata kades tidak usah dilanjutkan",
        ),
        ("aduan batalkan saja pungutan itu", Command.LAPOR, "batalkan saja pungutan itu"),
    ],
)
def test_only_who_gives_up_their_own_report_withdraws_it(text: str, command: Command, words: str | None) -> None:
    check(text, command, words)


@pytest.mark.parametrize("text", ["LAPOR cukup jangan kirim lagi", "BALAS jangan lagi sms ka sini"])
def test_an_order_to_be_silent_goes_before_the_command_in_front_of_it(text: str) -> None:
    assert read_sms(text, standing=Standing.OPEN).command is Command.BERHENTI


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("ada satu lagi pak, got mampet di depan pasar", Command.LAPOR),
        ("tambah lagi pak: dua rumah yang kena", Command.TEXT),  # of the same matter
        ("tutup saja laporannya pak, satu lagi sudah beres juga", Command.TEXT),
    ],
)
def test_another_matter_is_a_report_of_its_own_and_more_of_the_same_is_none(text: str, command: Command) -> None:
    check(text, command, WHOLE)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("tolong balas isi sms sy td lupa simpan", Command.BACA),
        ("maaf pak bisa kirim ulang isi laporan saya tadi pagi", Command.BACA),  # ten words
        ("saya bingung mau tulis apa tapi jalan depan sekolah rusak parah", Command.TEXT),
        ("ada kebakaran pak, tolong kirim ulang isi laporan saya", Command.TEXT),
    ],
)
def test_few_words_ask_for_ones_own_and_more_of_them_tell_something(text: str, command: Command) -> None:
    check(text, command, WHOLE)


@pytest.mark.parametrize(
    ("text", "command", "words", "short"),
    [
        ("yang jawab orang loket", Command.BANTUAN, "", ""),
        ("balas ini robot ya?", Command.BANTUAN, "", ""),
        ("balas ini robot ya? lampunya masih mati", Command.BALAS, "ini robot ya? lampunya masih mati", ""),
        ("AB12C yang jawab orang loket", Command.BALAS, "yang jawab orang loket", SHORT),
        ("pak balasan dari loket tidak pernah datang", Command.BALAS, WHOLE, ""),
        ("pak mau balas AB12C masih mati", Command.BALAS, "masih mati", SHORT),
        ("laporan info dong", Command.CEK, WHOLE, ""),
        ("mau tau kabar AB12C dong", Command.CEK, "", SHORT),
        ("AB12C sudah dibaca apa belum pak", Command.CEK, "", SHORT),
        ("AB12C sudah dibaca ke belum sms saya", Command.BALAS, "sudah dibaca ke belum sms saya", SHORT),  # six words
        ("cek jembatan di RT05", Command.TEXT, WHOLE, ""),
        ("cek laporan jembatan", Command.CEK, WHOLE, ""),
        ("pertimbangan", Command.TEXT, WHOLE, ""),
    ],
)
def test_what_stands_beside_a_command_is_kept_unless_it_only_asks(
    text: str, command: Command, words: str | None, short: str
) -> None:
    check(text, command, words, short)


def test_a_mistyped_command_is_read_where_a_receipt_stands_behind_it() -> None:
    asked = read_sms(f"perkembagan {RECEIPT}")
    assert (asked.command, asked.receipt) == (Command.CEK, RECEIPT)
    for text, unknown in (("cek RT05", True), ("cek laporan RT05", True), ("cek laporan jembatan", False)):
        assert read_sms(text).unknown is unknown, text


@pytest.mark.parametrize("text", ["di pasar lampu mati", "lampu pasar mati lagi pak"])
def test_a_word_within_a_sentence_that_is_spelled_like_a_code_is_a_word(text: str) -> None:
    asked = read_sms(text, known=["PASAR"])
    assert (asked.command, asked.words, asked.short) == (Command.TEXT, text, "")


def test_a_short_code_stands_among_the_first_five_words() -> None:
    found = find_code("tolong tambahkan ke laporan AB12C: tiang tujuh", [SHORT])
    assert (found.short, found.words) == (SHORT, "tolong tambahkan ke laporan tiang tujuh")
    assert not find_code("lampu jalan di depan pintu pasar", ["PASAR"]).names


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("blok7", True),
        ("krtmn", True),
        ("blok7 depan", False),  # alone it may be a code, beside words it is a word
        ("krtmn pak", False),
        ("wkwk", False),
        ("pasar", False),
        ("a3b/4", False),
        ("x4tz7 masih mati", True),
    ],
)
def test_what_is_meant_as_a_short_code_is_told_from_words(text: str, meant: bool) -> None:
    assert find_code(text, []).unknown is meant


def test_of_two_codes_the_one_that_is_whole_counts_before_one_with_a_letter_too_many() -> None:
    found = find_code(f"{RECEIPT}A eh salah {OTHER} masih mati", [])
    assert (found.receipt, found.words) == (OTHER, f"{RECEIPT}A eh salah masih mati")


@pytest.mark.parametrize(
    ("text", "done"), [("slesai pak, terima kasih", True), ("pak selesai", True), ("belum", False)]
)
def test_done_is_heard_at_the_beginning_however_it_is_spelled(text: str, done: bool) -> None:
    assert begins_with_done(text) is done


def test_a_yes_of_five_words_makes_a_report_of_words_that_wait() -> None:
    assert confirmed("ok iya itu laporan saya", beside_case=False) is Command.LAPOR
    assert confirmed("ok iya itu laporan tetangga", beside_case=False) is None


@pytest.mark.parametrize(
    ("text", "yes"), [("siap pak", True), ("👍", True), ("makasih 👍", False), ("makasih pak", False), ("...", False)]
)
def test_a_yes_or_a_thumb_alone_agrees(text: str, yes: bool) -> None:
    assert agrees(text) is yes
