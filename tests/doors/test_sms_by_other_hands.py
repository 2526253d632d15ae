"""What conversations by other hands broke, each with words of our own: places, silence, another matter, danger."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_about
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_command import Command, read_sms
from functions.casework.understanding.about import asked_about
from functions.casework.understanding.danger import is_despair, is_in_danger
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion import likely
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.silence import lifts_silence, wants_answers
from functions.casework.understanding.sorts import Sort
from tests.bench.cpu import times_as_long
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import DANGER, close, heard
from tests.doors.test_sms_nothing_swallowed import ask
from tests.world import World

DIESEL = "solar subsidi habis terus di sini, diborong pakai jerigen tiap subuh"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# Where it is


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("yang di spbu karangan pak, cuma satu itu", "Karangan"),
        ("batu balai rt 3 pinggir sungai", "Muara Bengkal"),
        ("bangun jaya pak", "Kaliorang"),
    ],
)
def test_a_usual_word_is_a_place_if_it_was_asked(world: World, text: str, district: str) -> None:
    heard(world, DIESEL)
    assert f"kecamatan {district}," in heard(world, text)


def test_of_two_places_a_correction_means_the_other(world: World) -> None:
    heard(world, "atap posyandu di Sepaso jebol kena pohon")
    answer = heard(world, "maaf salah, di Sepaso itu rumah lama saya. yang jebol di Mandu Dalam")
    assert "kecamatan Sangkulirang," in answer


def test_where_somebody_comes_from_is_no_answer_to_a_choice(world: World) -> None:
    heard(world, "lampu jalan di Sangatta mati dua minggu")
    heard(world, "saya jauh2 dari Manubar naik kapal, gelap sekali jalannya")
    (head,) = cases(world)
    assert world.directory.districts[head.district].name != "Sandaran"


@pytest.mark.parametrize(
    "text",
    [
        "bukan yang di Mandu Dalam, yang di Sepaso",
        "jalan rusaknya bukan cuma di Sepaso pak, di Mandu Dalam juga begitu",
        "maksud saya jalan dari Sepaso ke Mandu Dalam",
        "maksudnya truk sawit dari Mandu Dalam yang merusak jalan Sepaso",
    ],
)
def test_of_two_places_none_is_guessed(world: World, text: str) -> None:
    heard(world, "jalan rusak di Sepaso lubang besar")
    assert "kecamatan Sangkulirang," not in heard(world, text)


def test_a_third_place_that_answers_a_choice_is_taken(world: World) -> None:
    heard(world, "lampu jalan di Sangatta mati dua minggu")
    assert "kecamatan Kaliorang," in heard(world, "di kecamatan Kaliorang pak, dekat puskesmas yang lampunya mati")


# What is said of an open case


def test_an_addition_that_sounds_like_another_place_is_none(world: World) -> None:
    receipt = code(heard(world, "petani Karya Bhakti belum dapat pupuk subsidi, kios jual mahal"))
    more = "Sebagai tambahan, anggota kami 24 orang dengan luas 31 hektar, semuanya terdaftar di RDKK."
    heard(world, more)
    assert bodies(world, receipt)[-1] == more


def test_news_of_what_came_is_no_report_though_it_begins_so(world: World) -> None:
    receipt = code(heard(world, "lampu jalan di Sangatta Selatan mati sejak dua minggu"))
    ask(world, "Sudah kami teruskan, terima kasih.")
    text = "lapor pak lampunya tadi malam sudah nyala semua. mantap"
    heard(world, text)
    assert len(cases(world)) == 1
    assert bodies(world, receipt)[-1] == text


@pytest.mark.parametrize(
    "text",
    [
        "lapor pak lampu sudah nyala semua tp yang pasang minta bayaran ke warga",
        "LAPOR lampunya sudah nyala, tukangnya minta 100 ribu baru mau pasang",
        "LAPOR lampu yang kemarin sudah beres. Sekarang sampah di pasar menumpuk bau sekali",
    ],
)
def test_a_report_of_its_own_stays_one_though_it_has_good_news(world: World, text: str) -> None:
    receipt = code(heard(world, "lampu jalan di Sangatta Selatan depan masjid mati dua minggu"))
    heard(world, text)
    assert len(cases(world)) == 2
    assert text not in bodies(world, receipt)


def test_good_news_for_one_instance_is_no_second_case(world: World) -> None:
    heard(world, "lampu jalan di Sangatta Selatan depan masjid mati dua minggu")
    heard(world, "KUTIM lampunya sudah nyala tadi malam, terima kasih")
    assert len(cases(world)) == 1


def test_a_number_within_thanks_is_kept(world: World) -> None:
    receipt = code(heard(world, "lampu jalan di Sangatta Selatan depan masjid mati dua minggu"))
    text = "ok terima kasih banyak pak kami tunggu, warga sudah patungan 2 juta"
    heard(world, text)
    assert text in bodies(world, receipt)


def test_a_danger_that_is_over_is_no_second_case(world: World) -> None:
    receipt = code(heard(world, "kebakaran lahan di Mawai Indah, api dekat rumah warga, kirim pemadam"))
    text = "Api sudah padam pak dibantu warga. 1 pondok habis tp tdk ada korban. Trims"
    assert not DANGER.search(heard(world, text))
    assert bodies(world, receipt)[-1] == text


def test_who_must_not_know_is_told_the_officer_and_gives_nothing_up(world: World) -> None:
    receipt = code(heard(world, "perawat pustu Sri Pantun jarang ada, pintunya digembok"))
    text = "tolong jgn sampai dia tau sy yg lapor, cuma dia yg punya obat disini"
    assert say.UNTOLD.strip() in heard(world, text)
    assert bodies(world, receipt)[-1] == text


def test_a_closed_case_that_is_well_but_for_a_word_is_not_reopened(world: World) -> None:
    close(world, code(heard(world, "air pdam mati tiga hari di Sangatta Utara")))
    heard(world, "iya pak udh ngalir dr subuh td, agak keruh dikit tp gpp. trims")
    (head,) = cases(world)
    assert not head.open


@pytest.mark.parametrize(
    "text",
    [
        "makasih sudah nyala lampunya tapi sudah cukup lama warga bayar sendiri",
        "makasih pak tapi aman dari mana, gelap gulita begini",
    ],
)
def test_a_but_that_goes_on_reopens(world: World, text: str) -> None:
    close(world, code(heard(world, "lampu jalan di Sangatta Selatan depan masjid mati dua minggu")))
    heard(world, text)
    (head,) = cases(world)
    assert head.open


# Silence


@pytest.mark.parametrize(
    "text",
    [
        "suami sdh naik site jd boleh dibalas skrg. gmn kabarnya",
        "sdh bisa bu, hp sama sy lg. boleh sms lg",
        "sy sdh di kampung. bisa kirim kabar lg",
        "anu pak, boleh dikirimi kabar lg. hp nya sdh balik ke saya",
    ],
)
def test_a_wish_of_their_own_ends_silence(text: str) -> None:
    assert wants_answers(text)


def test_an_order_of_before_is_ended_though_a_question_follows() -> None:
    assert lifts_silence("ini yg kmrn minta jgn sms. skrg boleh sms lagi, sy mau tau kapan dikerjakan")


@pytest.mark.parametrize(
    "text",
    [
        "suami sdh naik site, nanti boleh dibalas",
        "boleh sms lagi mau tau kabarnya tapi kalau suami pergi",
        "boleh sms lagi, ingin tau hasilnya tapi jangan malam",
        "tolong buka lagi sms saya pak",
        "bisa dibuka lagi pesannya?",
        "pak boleh dihidupkan lg smsnya?",
        "suami saya boleh dibalas skrg",
        "sy mau tau boleh sms lagi tidak",
        "kades mau tau boleh sms lagi",
    ],
)
def test_no_other_wish_does(text: str) -> None:
    assert not wants_answers(text)


def test_a_scam_that_forbids_calls_is_no_case(world: World) -> None:
    heard(world, "Ini mama pakai hp polisi. Tolong isikan pulsa 50rb ke nomer 0812999xx penting jgn telpon dulu")
    assert cases(world) == []


@pytest.mark.parametrize(
    "text",
    [
        "salah kirim, jangan balas ke sini, hp dipegang suami",
        "maaf salah sambung. jangan sms ke nomor ini lagi ya",
        "jgn balas pak, tadi anak saya yang main hp",
    ],
)
def test_an_order_beside_talk_is_obeyed(world: World, text: str) -> None:
    assert heard(world, text) == ""


@pytest.mark.parametrize(("silence", "sort"), [(0.03, Sort.SILENCE), (0.01, Sort.TALK)])
def test_what_may_be_an_order_is_one(monkeypatch: pytest.MonkeyPatch, silence: float, sort: Sort) -> None:
    shares = {**dict.fromkeys(likely.read_model().weights, 0.0), "chat": 1 - silence, "silence": silence}
    monkeypatch.setattr(likely, "likely", lambda *_: likely.Likely("chat", 1 - silence, shares))
    assert nature_of("maaf salah sambung. jangan sms ke nomor ini lagi", Standing.NONE).sort is sort


# What is asked of this number, and programs


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("klo sms kesini potong pulsa brapa", "cost"),
        ("kalau melapor di nomor ini kena biaya kah", "cost"),
        ("yg baca siapa? org kantor desa kami ikut baca kah", "who"),
        ("Ini nomornya dinas perkebunan bukan?", "who"),
        ("km org atau mesin sih cepet amat balasnya", "robot"),
    ],
)
def test_a_question_is_answered_as_asked(text: str, topic: str) -> None:
    assert asked_about(text) == topic
    assert topic in sms_about.ABOUT


def test_a_one_time_code_is_a_programs_though_it_names_staff() -> None:
    text = "482913 adl kode OTP transaksi Anda. JANGAN BERIKAN kode ini kpd siapapun termasuk petugas bank."
    assert read_sms(text, (), (), Standing.NONE).command is Command.KEMBALI


@pytest.mark.parametrize(
    "text",
    [
        "waspada, petugas bank gadungan minta kode verifikasi, saldo ibu saya habis",
        "petugas bank minta kode otp 482913 lalu saldo ibu saya habis",
    ],
)
def test_who_was_robbed_by_a_code_is_no_program(text: str) -> None:
    assert read_sms(text, (), (), Standing.NONE).command is not Command.KEMBALI


# Danger


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("ada buaya timbul dekat batang tempat orang mandi", True),
        ("kulit buaya dijual di pasar", False),
        ("ktp sy hilang jatuh di sungai, urusnya gimana", False),
        ("anak sy jatuh di sungai", True),
        ("pinjam hp tetangga anak saya tenggelam di sungai Sangatta", True),
        ("hp sy lowbat ibu kecebur sumur di Sepaso", True),
    ],
)
def test_what_is_in_danger(text: str, danger: bool) -> None:
    assert is_in_danger(text) is danger


def test_where_it_is_counts_though_it_was_not_asked(world: World) -> None:
    heard(world, "rasanya mau udahan aja hidup, jalan Sangatta rusak, warung sepi")
    assert "kecamatan Sangatta Selatan," in heard(world, "selatan")


@pytest.mark.parametrize(
    "text",
    [
        "pasien puskesmas disuruh minum pil kadaluarsa, sudah 3 orang mual",
        "sudahan lah hidup susah begini, beras bansos dijual ketua rt, sy minta diperiksa",
    ],
)
def test_who_complains_of_life_or_pills_wants_no_comfort(text: str) -> None:
    assert not is_despair(text)


@pytest.mark.parametrize("word", ["buaya ", "boleh balas lagi x ", "mau tau kapan "])
def test_time_is_in_proportion(word: str) -> None:
    def read(length: int) -> None:
        text = (word * length)[:length]
        is_in_danger(text)
        wants_answers(text)

    assert times_as_long(read, 4_000, 32_000) < 20


@pytest.mark.parametrize(
    "text", ["rasanya mau udahan aja hidup", "sudah siapin talinya pak", "saya minum pilnya semua"]
)
def test_whoever_wants_to_die_is_heard(world: World, text: str) -> None:
    assert is_despair(text)
    answer = heard(world, text)
    assert "119" in answer
    assert "kecamatan" not in answer, "no cold question"
