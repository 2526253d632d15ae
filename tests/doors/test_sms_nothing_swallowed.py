"""Nothing that may tell of a matter is taken for a question about this number: it is a report, an answer, or waits and
is told so."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_about import ABOUT, ABOUT_CASE
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import close, heard
from tests.world import World

BILL = "tagihan air pdam di Bengalon naik terus padahal rumah kosong"
TALKED = [  # names what a question about us names, and tells a matter
    "mohon periksa laporan pak kades, dana BLT fiktif semua",
    "tolong cek laporan bu bendahara sekolah, uang bos dipakai beli mobil",
    "lihat laporan pak rt, tiang listriknya miring ke rumah saya",
    "periksa laporan si mandor pasar, retribusi dobel tiap hari",
    "telpon ambulans puskesmas Bengalon tidak pernah diangkat kami kecewa",
    "telpon polsek tidak pernah diangkat kalau malam",
    "nomor polsek dipakai oknum minta uang ke warga",
    "nomor ambulans Kaliorang mati terus",
    "no damkar sangatta ga aktif",
    "kontak sar salah sambung semua",
    "siapa yg balas budi ke kades dia yg dapat bantuan, warga miskin tidak",
    "kode rumah warga itu dipakai kades untuk ambil beras bantuan warga",
    "kode bantuan itu apa gunanya kalau berasnya dijual pak lurah",
    "yang jawab orang pdam bagian loket namanya Anton",
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def ask(world: World, question: str, key: str = "1") -> None:
    """Let an officer ask in the latest case, once under each ``key`` (a digit)."""
    case_id = cases(world)[0].case_id
    desk = world.hand_over(case_id, "kutim-dlh") if key == "1" else world.desk_of("kutim-dlh")
    body = {"body": question, "message_key": key * 32}
    assert desk.post(f"/desk/cases/{case_id}/messages", body).status_code in (200, 201)
    world.run_courier()


@pytest.mark.parametrize("text", TALKED)
def test_what_tells_is_a_report_or_waits_and_is_told_so(world: World, text: str) -> None:
    answer = heard(world, text)
    if not cases(world):
        assert "LAPOR" in answer, answer
        answer = heard(world, "LAPOR")
    assert text in bodies(world, code(answer))[0]


@pytest.mark.parametrize("text", TALKED)
def test_beside_an_open_case_it_is_kept_or_waits_and_is_told_so(world: World, text: str) -> None:
    receipt = code(heard(world, BILL))
    answer = heard(world, text)
    if answer.endswith(say.HELD_CASE):
        assert len(bodies(world, receipt)) == 1
        answer = heard(world, "BALAS")
    kept = bodies(world, receipt)[1:] or bodies(world, code(answer))
    assert text in kept


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Siapa yang menjawab saat Bapak menelepon?", "yang jawab orang pdam bagian loket namanya Anton"),
        ("Siapa yang menjawab saat Bapak menelepon?", "yg jawab orang"),
        ("Berapa kode meteran Bapak?", "kode meteran saya tidak tahu pak"),
        ("Berapa kode meteran Bapak?", "kode meteran saya ga ngerti"),
        ("Ke mana Bapak menelepon?", "nomor polsek"),
        ("Kapan loket buka?", "hari kerja buka jam berapa saja saya kurang tau"),
        ("Siapa yang melapor pertama?", "siapa yg melapor pertama itu saya"),
    ],
)
def test_what_answers_an_officer_is_kept(world: World, question: str, text: str) -> None:
    receipt = code(heard(world, BILL))
    ask(world, question)
    assert heard(world, text)
    assert bodies(world, receipt)[-1] == text


@pytest.mark.parametrize(
    "words",
    [
        "kode meteran saya tidak tahu pak, meterannya nomor 7712 warna biru",
        "yang jawab orang pdam bagian loket namanya Anton",
        "nomor polsek tidak ada, saya telpon pos jaga di pasar saja",
        "cek laporan pak rt juga, isinya sama dengan laporan saya",
    ],
)
def test_what_follows_balas_is_kept_though_nobody_asked(world: World, words: str) -> None:
    receipt = code(heard(world, BILL))
    heard(world, f"BALAS {words}")
    assert bodies(world, receipt)[-1] == words


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("siapa yang melaporkan saya", "others"),
        ("cek laporan teman saya bisa?", "others"),
        ("ini yg baca siapa ya pak", "who"),
        ("kode itu apa pak", "code"),
        ("minta nomor damkar sangatta dong", "emergency"),
    ],
)
def test_a_bare_question_about_us_is_still_answered_and_no_words(world: World, text: str, topic: str) -> None:
    receipt = code(heard(world, BILL))
    assert heard(world, text).startswith({**ABOUT, **ABOUT_CASE}[topic].split("{")[0])
    assert len(bodies(world, receipt)) == 1


def test_whoever_asks_of_others_is_told_that_it_waits(world: World) -> None:
    assert heard(world, "cek laporan teman saya bisa?").endswith(say.HELD)


def test_what_is_told_there_and_comes_back_is_no_word_of_a_person(world: World) -> None:
    receipt = code(heard(world, BILL))
    answer = heard(world, "kode bantuan itu apa gunanya kalau berasnya dijual pak lurah")
    assert answer.endswith(say.HELD_CASE)
    heard(world, answer)
    assert len(bodies(world, receipt)) == 1


# What agrees


@pytest.mark.parametrize("text", ["siap", "ok pak", "baik, makasih", "👍", "oke siap bu"])
def test_what_agrees_answers_an_officer_and_then_is_thanks_again(world: World, text: str) -> None:
    receipt = code(heard(world, BILL))
    heard(world, "ok")
    ask(world, "Kami datang besok jam 8, bisa?")
    assert "ditambahkan" in heard(world, text)
    assert bodies(world, receipt)[-1] == text
    heard(world, text)
    assert bodies(world, receipt)[-2] == "Kami datang besok jam 8, bisa?"


@pytest.mark.parametrize("text", ["makasih pak", "halo", "terima kasih bu", "selamat pagi"])
def test_what_only_thanks_or_greets_answers_nothing(world: World, text: str) -> None:
    receipt = code(heard(world, BILL))
    ask(world, "Kami datang besok jam 8, bisa?")
    heard(world, text)
    assert bodies(world, receipt)[-1] == "Kami datang besok jam 8, bisa?"


@pytest.mark.parametrize("text", ["siap", "ok pak", "👍"])
def test_what_agrees_to_a_closing_is_no_answer(world: World, text: str) -> None:
    receipt = code(heard(world, BILL))
    close(world, receipt)
    before = bodies(world, receipt)
    heard(world, text)
    assert bodies(world, receipt) == before


AGAIN = "belum ada yang datang sampai sekarang pak"


def test_the_same_words_by_the_code_of_another_case_go_there_as_well(world: World) -> None:
    first = code(heard(world, "LAPOR lampu jalan di Bengalon mati sudah seminggu depan pasar"))
    second = code(heard(world, "LAPOR pipa air di Kaubun bocor sejak hari senin dekat balai desa"))
    for receipt in (first, second, second):
        heard(world, f"BALAS {receipt[:5]} {AGAIN}")
    assert [bodies(world, each).count(AGAIN) for each in (first, second)] == [1, 1]


def test_the_same_answer_to_an_officer_who_asks_again_is_kept(world: World) -> None:
    receipt = code(heard(world, BILL))
    for key in "12":
        ask(world, "Di mana persisnya?", key)
        heard(world, "di depan pasar lama sebelah kiri")
        heard(world, "di depan pasar lama sebelah kiri")
    assert bodies(world, receipt).count("di depan pasar lama sebelah kiri") == 2
