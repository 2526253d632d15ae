"""An SMS that may be read in two ways gets an answer that is right under both; after a closing nobody is asked twice."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_about import ABOUT, ABOUT_CASE
from functions.casework.formats.sms_codes import short_code
from functions.casework.receipt import parse_receipt
from functions.casework.understanding.about import surely_about
from functions.casework.understanding.danger import is_in_danger, is_relieved
from functions.casework.understanding.thanks import accepts, doubts, postpones
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import DANGER, close, heard, muted
from tests.doors.test_sms_nothing_swallowed import ask
from tests.doors.test_sms_places import where
from tests.world import World

ROAD = "LAPOR jalan poros di Telen rusak berat, truk sering amblas"
LAMP = "LAPOR lampu jalan di Bengalon mati sudah seminggu depan pasar"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def closed(world: World, words: str = LAMP) -> str:
    receipt = code(heard(world, words))
    close(world, receipt)
    return receipt


# Beside an open case


@pytest.mark.parametrize(
    "text",
    [
        "pagi tadi dua motor jatuh lagi",
        "sekdesnya juga ikut lewat situ",
        "capek saya",
        "bau sekali",
        "perusahaannya diam saja",
    ],
)
def test_whatever_is_added_is_told_how_the_case_stands(world: World, text: str) -> None:
    receipt = code(heard(world, ROAD))
    answer = heard(world, text)
    assert "diterima. Batas waktu" in answer
    assert bodies(world, receipt)[-1] == text


def test_a_call_to_hurry_is_danger_only_where_there_is_some(world: World) -> None:
    receipt = code(heard(world, ROAD))
    assert not DANGER.search(heard(world, "tolong cepat pak"))
    assert bodies(world, receipt)[-1] == "tolong cepat pak"


def test_a_call_to_hurry_beside_danger_is_told_112(world: World) -> None:
    heard(world, "LAPOR rumah terbakar di Telen api besar")
    assert heard(world, "cepat pak").startswith(say.CALL)


def test_danger_that_is_over_is_told_112_no_more(world: World) -> None:
    heard(world, "LAPOR rumah terbakar di Telen api besar")
    assert not DANGER.search(heard(world, "sudah padam pak, tidak ada korban"))
    assert not DANGER.search(heard(world, "kami masih bersihkan puing"))


@pytest.mark.parametrize("text", ["siap pak trimakasih kami tunggu", "inggih pak", "baik pak", "oke makasih"])
def test_agreement_answers_only_an_officer_who_asks(world: World, text: str) -> None:
    receipt = code(heard(world, ROAD))
    ask(world, "Tim turun hari Kamis. Mohon bersabar.")
    assert heard(world, text).startswith("Baik, terima kasih.")
    assert text not in bodies(world, receipt)


@pytest.mark.parametrize(
    "text",
    [
        "Pak ini lain lg. pustu di Marah Haloq ga ada bidannya sdh 2 bln",
        "sekalian mau tanya guru di sd cuma dua orang, kelas 6 sudah mau ujian, tolong ditambah",
    ],
)
def test_another_matter_is_a_report_of_its_own(world: World, text: str) -> None:
    first = code(heard(world, ROAD))
    ask(world, "Sudah kami teruskan.")
    second = code(heard(world, text))
    assert len(cases(world)) == 2
    assert bodies(world, second) == [text]
    assert text not in bodies(world, first)


def test_what_is_said_of_a_report_is_no_new_one(world: World) -> None:
    receipt = code(heard(world, LAMP))
    text = "yang saya lapor lampu merah pak bukan lampu jalan"
    assert "ditambahkan" in heard(world, text)
    assert bodies(world, receipt)[-1] == text


@pytest.mark.parametrize("text", ["kosong pak kiosnya tutup", "got nya sudah meluap ke rumah", "tidak berani pak"])
def test_what_tells_no_end_is_none(world: World, text: str) -> None:
    receipt = code(heard(world, ROAD))
    ask(world, "Sudah tersedia, bisa dicek?")
    assert heard(world, text).startswith("Sudah ditambahkan")
    assert bodies(world, receipt)[-1] == text


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ini dengan siapa ya?", "whose"),
        ("kalau ternak mati bisa lapor di sini juga?", "can"),
        ("maaf salah kirim", "wrong"),
        ("ngapain dibalas", "robot"),
        ("kalau saya ganti nomor hp gimana ngeceknya", "code"),
    ],
)
def test_who_asks_about_us_beside_a_case_is_answered_and_told_its_state(world: World, text: str, topic: str) -> None:
    receipt = code(heard(world, ROAD))
    answer = heard(world, text)
    assert answer.startswith(ABOUT_CASE[topic].split("{")[0])
    assert f"Laporan {short_code(parse_receipt(receipt))}: diterima." in answer
    assert len(bodies(world, receipt)) == 1


def test_a_lost_code_is_not_sent_again_and_that_is_told(world: World) -> None:
    receipt = code(heard(world, ROAD))
    answer = heard(world, "pak sy hilang kode laporan nya, minta lg")
    assert "tidak dapat dikirim ulang" in answer
    assert receipt not in answer


# Without a case


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("eh maaf salah kirim", "wrong"),
        ("haha ngapain balas", "robot"),
        ("Permisi mau tanya, kalau sapi sakit lapornya ke sini bisa?", "can"),
        ("permisi, kalau masalah BPJS apa bisa dilaporkan di nomor ini?", "can"),
        ("oo gratis toh apa biasa ya. ok makasih", "cost"),
        ("minta nomor telepon kantor bupati", "other"),
        ("siapa ni", "whose"),
        ("berapa hari laporan diproses?", "time"),
    ],
)
def test_who_asks_about_us_is_answered_as_asked(world: World, text: str, topic: str) -> None:
    assert heard(world, text).startswith(ABOUT[topic].split("{")[0])
    assert not cases(world)


def test_a_complaint_that_nobody_answers_is_no_question_about_robots() -> None:
    assert surely_about("kenapa tidak dibalas") == ""


def test_to_announce_a_report_makes_none_of_what_waits(world: World) -> None:
    heard(world, "besok arisan di rumah bu yanti jam 4")
    assert heard(world, "mau ngadu pak") == say.ASK
    assert not cases(world)


def test_a_lamp_that_is_out_again_is_where_it_was(world: World) -> None:
    closed(world)
    heard(world, "SELESAI")
    answer = heard(world, "waduh malam ini mati lagi lampunya")
    assert say.PLACE_BEFORE.format(place="Bengalon") in answer


# After a closing


@pytest.mark.parametrize(
    "text",
    [
        "sudah sy terima ktpnya pak, terima kasih banyak atas bantuannya",
        "Selamat Idul Fitri mohon maaf lahir batin utk bapak ibu petugas. air sdh bagus trims",
        "sampun padhang pak matur nuwun",
        "mantap, sdh tdk bocor lg",
        "sudah saya cek, jernih pak",
        "betul sudah bisa lewat makasih",
    ],
)
def test_who_says_that_it_is_well_is_not_asked_again(world: World, text: str) -> None:
    receipt = closed(world)
    assert heard(world, text) == say.THANKS.format(short=receipt[:5])


@pytest.mark.parametrize("text", ["trims", "👍", "sip", "nanti saya cek dulu ya pak, belum di rumah"])
def test_plain_thanks_confirm_nothing_and_ask_nothing(world: World, text: str) -> None:
    closed(world)
    assert heard(world, text).startswith("Terima kasih kembali. Laporan")
    assert [head.awaited for head in cases(world)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "kurang rapi pak pasangnya, baru sehari sudah ngelupas",
        "hebat ya, lampu yang mana orang masih gelap",
        "masih belum ada yang datang pak",
    ],
)
def test_a_doubt_reopens(world: World, text: str) -> None:
    receipt = closed(world)
    assert "dibuka lagi" in heard(world, text)
    assert text in bodies(world, receipt)[-1]


def test_another_matter_beside_praise_is_not_lost(world: World) -> None:
    closed(world)
    text = "alhamdulillah nyala. sekarang giliran jalannya pak, lubang semua dari pertigaan sampai SD"
    assert bodies(world, code(heard(world, text))) == [text]


@pytest.mark.parametrize(
    "text", ["sudah nyala tapi redup", "sudah diperbaiki katanya", "sudah datang? ", "terima kasih sudah dibohongi"]
)
def test_what_holds_a_doubt_accepts_nothing(text: str) -> None:
    assert not accepts(text)


def test_no_more_of_a_bad_thing_is_well_and_of_a_good_one_is_not() -> None:
    assert accepts("sudah tidak bau lagi")
    assert doubts("sudah tidak ngalir lagi")
    assert postpones("besok saya lihat dulu")
    assert not postpones("besok saya lapor bupati")


# Silence


@pytest.mark.parametrize(
    "text",
    [
        "ya dicek betul2 pak jgn dari kantor saja",
        "tolong dibalas kalau sudah dibaca",
        "jangan cuma janji pak",
        "saya minta nomor saya jangan disebarkan ya",
    ],
)
def test_what_only_sounds_like_silence_is_none(world: World, text: str) -> None:
    heard(world, ROAD)
    ask(world, "Kami cek lagi.")
    assert heard(world, text)
    assert not muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "jgn dibls suami pulang",
        "mpun mboten usah sms malih nggih",
        "cukup pak gausah dibalas",
        "stop dulu bahaya pak",
        "gak usah tanya2 lagi",
        "sa minta jang balas lai, bos su tanya2",
    ],
)
def test_silence_in_few_words_still_is(world: World, text: str) -> None:
    heard(world, ROAD)
    heard(world, text)
    assert muted(world)


# Danger


@pytest.mark.parametrize(
    "text",
    [
        "lampu mati gelap, takut begal",
        "semalam tebing di belakang rumah warga longsor, untung tdk ada korban. takut longsor lg, mohon tinjau",
        "klo hujan truk amblas mobil ambulan ga bs lewat",
        "pustu ga ada bidannya, org mau melahirkan lari ke kota",
        "sawah di bawah kering sedangkan yang di atas kebanjiran",
        "simpang ini sering kecelakaan karena ga ada lampu merah, tolong dipasang",
        "rumah tetangga saya terbakar bulan lalu, sampai sekarang bantuan belum datang",
        "jembatan titian hanyut, anak sekolah renang",
        "nelayan luar pake bom ikan",
        "istri saya melahirkan anak kedua tahun ini",
    ],
)
def test_what_is_feared_usual_or_over_is_no_danger_now(text: str) -> None:
    assert not is_in_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "tolong takut pak rumah kebakaran",
        "banjir sdh sepinggang, mertua saya stroke di dalam rumah",
        "istri saya mau melahirkan jalan putus",
        "butuh ambulan di pasar",
        "longsor pak ada mobil ketimbun orangnya masih didalam",
        "kabel listrik putus jatuh di jalan depan SD masih nyala api",
        "setiap malam suami saya memukuli saya",
        "mobil masuk jurang di km 15 tolong",
    ],
)
def test_danger_now_is_danger_all_the_same(text: str) -> None:
    assert is_in_danger(text)
    assert not is_relieved(text)


# Places


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("debu masuk rumah, penyiraman tidak pernah. Tanah Abang", "Long Mesangat"),
        ("anakku disuruh bayar seragam di smp negeri karangan", "Karangan"),
        ("puskesmas karangan tutup", "Karangan"),
        ("tower Melan mati", "Long Mesangat"),
        ("itu Sandaran pak bukan Sangkulirang", "Sandaran"),
        ("bukan sangkulirang", ""),
        ("sungai melak keruh", ""),
        ("kami hidup tidak makmur", ""),
        ("eh ada yg buang lagi pak", ""),
    ],
)
def test_a_name_is_read_where_it_can_only_be_a_place(text: str, district: str) -> None:
    assert where(text) == district


def test_words_that_only_sound_like_a_place_move_no_case(world: World) -> None:
    heard(world, ROAD)
    heard(world, "kakinya bengkak biru")
    (head,) = cases(world)
    assert world.directory.districts[head.district].name == "Telen"


def test_a_corrected_district_moves_it(world: World) -> None:
    heard(world, ROAD)
    assert "Batu Ampar" in heard(world, "maaf kec nya Batu Ampar")
