"""What is asked of the number itself, a place before its matter, words to a closed case, and silence that ends."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.reporter.sms import Limits
from functions.actions.reporter.texting.talk import LONG
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_about import ABOUT, ABOUT_CASE, BESIDE
from functions.casework.understanding.about import surely_about
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.place_names.heard import is_heard
from functions.casework.understanding.silence import lifts_silence
from functions.casework.understanding.spelling import words_of
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import close, heard, muted
from tests.doors.test_sms_places import where
from tests.world import World

LAMP = "LAPOR lampu jalan di Sangatta Selatan mati sejak dua minggu"
GALLON = "mas anter galon 2 ke blok f yaa"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# Names by ear


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("di nihas lia bing pak", "Muara Wahau"),
        ("nehas liabing jalan lobang", "Muara Wahau"),
        ("banjir gelinjau ulu sdh sampe atap", "Muara Ancalong"),
        ("apotek slabing kosong", "Muara Wahau"),
        ("sama orang perikanan", ""),
        ("kalau orang adat demo lagi", ""),
        ("ke pantai jepu", ""),
    ],
)
def test_a_village_is_found_as_people_hear_it(text: str, district: str) -> None:
    assert where(text) == district


def test_a_short_name_is_not_heard_in_another_word() -> None:
    assert not is_heard("bandu", "pandu")
    assert is_heard("gandolobesar", "kandolobesar")
    assert not is_heard("sandolobesar", "kandolobesar")


# A place before its matter


@pytest.mark.parametrize(
    "first",
    [
        "desa marah haloq pak",
        "Assalamualaikum pak sy dari marah haloq",
        "perkenalkan saya ketua karang taruna marah haloq",
    ],
)
def test_a_place_alone_is_asked_what_happens_and_joins_the_report(world: World, first: str) -> None:
    assert heard(world, first) == say.ASK_WHAT.format(place="Telen")
    assert not cases(world)
    receipt = code(heard(world, "lampu tenaga surya bantuan rusak semua, 40 kk gelap"))
    (head,) = cases(world)
    assert head.district == "64.08.07"
    assert bodies(world, receipt)[0] == f"{first}\nlampu tenaga surya bantuan rusak semua, 40 kk gelap"


def test_a_place_that_nobody_would_be_asked_about_is_a_report(world: World) -> None:
    world.texting = replace(world.texting, limits=Limits(countries=("+1",)))
    assert heard(world, "desa marah haloq pak") == ""
    assert len(cases(world)) == 1


def test_another_place_than_that_before_is_the_one(world: World) -> None:
    heard(world, "desa marah haloq pak")
    receipt = code(heard(world, "jembatan di kaubun putus sejak kemarin"))
    assert bodies(world, receipt) == ["jembatan di kaubun putus sejak kemarin"]


# Questions about us


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("bs kirim foto kah lewat sini", "photo"),
        ("ada fotonya ni pak kirim lewat mana", "photo"),
        ("kode itu apa pak saya ga ngerti sy orang tua", "code"),
        ("ini yg baca siapa ya pak", "who"),
        ("nanti kades tau gak siapa yg lapor?", "safe"),
        ("Siapa yang mengadukan saya lewat nomor ini?", "others"),
        ("min ada lowongan kerja ga di pemda saya lulusan smk otomotif", "other"),
        ("minta nomor damkar sangatta dong", "emergency"),
    ],
)
def test_a_question_about_us_is_answered_beside_a_case_and_not_with_its_state_alone(
    world: World, text: str, topic: str
) -> None:
    heard(world, LAMP)
    assert heard(world, text).startswith({**ABOUT, **ABOUT_CASE}[topic].split("{")[0])
    assert len(cases(world)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "petugas minta foto ktp lalu dikirim kemana mana",
        "syarat bikin ktp dipersulit petugas, apa boleh",
        "oke. pegawai kecamatan di kaliorang tidur di jam kerja",
        "tagihan bocor",
    ],
)
def test_a_complaint_is_no_question_about_us(text: str) -> None:
    assert surely_about(text) == ""


def test_two_questions_in_one_breath_are_both_answered(world: World) -> None:
    said = heard(world, "kalo sms kesini kena pulsa ga? nomor saya ketauan ga sama kades?")
    assert "Terlapor tak diberi tahu" in said
    assert BESIDE["cost"] in said


def test_what_is_asked_beside_a_report_is_answered_with_it(world: World) -> None:
    said = heard(
        world, "bisa kirim foto lewat sini kah? dermaga desa Tadoan tiangnya patah dua, perahu tidak bisa sandar"
    )
    assert "Kode rahasia" in said
    assert said.endswith(BESIDE["photo"])


def test_a_long_question_is_answered_and_kept(world: World) -> None:
    receipt = code(heard(world, LAMP))
    text = "gimana pak laporan saya kemarin sudah sampai mana ya, sudah lama sekali saya menunggu kabar dari petugas di kantor"
    assert len(text.split()) > LONG
    assert "Batas waktu" in heard(world, text)
    assert bodies(world, receipt)[-1] == text


# Words to a closed case


@pytest.mark.parametrize(
    "text",
    [
        "terima kasih sdh disedot kemarin. tp ini hujan semalam mati lg seperti semula",
        "makasih ya pak sudah dinyalakan, nyala di laporan doang. di jalan tetap gelap gulita",
        "48 APA, YANG TERIMA 19 SAJA PAK SAYA HITUNG SENDIRI. SAYA TIDAK DAPAT",
    ],
)
def test_words_that_say_that_it_is_not_done_need_no_command(world: World, text: str) -> None:
    receipt = code(heard(world, LAMP))
    close(world, receipt)
    assert "dibuka lagi" in heard(world, text)
    assert text in bodies(world, receipt)[-1]


def test_another_matter_after_closing_is_a_report_of_its_own(world: World) -> None:
    close(world, code(heard(world, LAMP)))
    assert "Kode rahasia" in heard(
        world, "guru sd di desa sepaso bengalon tidak pernah masuk kelas, anak anak main saja"
    )
    assert len(cases(world)) == 2


@pytest.mark.parametrize("text", ["sudah ada sinyal, terima kasih bapak", GALLON])
def test_thanks_and_talk_reopen_nothing(world: World, text: str) -> None:
    receipt = code(heard(world, LAMP))
    close(world, receipt)
    heard(world, text)
    (head,) = cases(world)
    assert not head.open


# Courtesies


def test_thanks_are_answered_once_until_something_moves(world: World) -> None:
    heard(world, LAMP)
    assert heard(world, "ok").startswith("Baik, terima kasih")
    assert heard(world, "siap pak") == ""
    assert heard(world, "👍") == ""
    assert heard(world, "gimana laporan saya?").startswith("Laporan ")


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("damkar sdh datang pak alhamdulillah anak selamat", Standing.OPEN),
        ("kemarin bagus, tadi malam mampet lagi", Standing.CLOSED),
    ],
)
def test_news_are_no_thanks_and_what_came_back_is_not_done(text: str, standing: Standing) -> None:
    found = nature_of(text, standing)
    assert found.sort == "report"
    assert not (found.settled and standing is Standing.CLOSED)


def test_what_answers_an_officer_is_never_talk(world: World) -> None:
    receipt = code(heard(world, "LAPOR debu truk batu bara di keraitan masuk rumah"))
    desk = world.hand_over(cases(world)[0].case_id, "kutim-dlh")
    assert desk.post(
        f"/desk/cases/{cases(world)[0].case_id}/messages",
        {"body": "Jam berapa debu paling parah?", "message_key": "1" * 32},
    ).status_code in (200, 201)
    heard(world, "pagi jam 6 smpe 9 sama sore pas ganti shift")
    assert bodies(world, receipt)[-1] == "pagi jam 6 smpe 9 sama sore pas ganti shift"


# Silence


def test_whoever_ends_their_silence_is_told_so(world: World) -> None:
    heard(world, LAMP)
    heard(world, "BERHENTI")
    assert heard(world, "boleh kirim sms lagi ya pak").endswith(say.STARTED)
    assert not muted(world)


@pytest.mark.parametrize(
    ("text", "lifts"),
    [
        ("dulu saya minta jangan disms krn hp dipinjam. sekarang boleh kirim kabar lagi", True),
        ("dulu boleh kirim kabar lagi, sekarang jangan sms saya", False),
        ("kemarin petugas bilang jangan sms, sekarang jalan rusak lagi", False),
    ],
)
def test_an_order_that_is_taken_back_is_none(text: str, lifts: bool) -> None:
    assert lifts_silence(text) is lifts


def test_talk_waits_for_nobody_when_the_answers_of_the_hour_are_used_up(world: World) -> None:
    world.texting = replace(world.texting, limits=Limits(hourly=2))
    assert heard(world, "halo")
    assert heard(world, GALLON) == ""
    assert len(cases(world)) == 1, "nobody could be told to write LAPOR"


def test_a_curse_is_more_than_a_word_of_one() -> None:
    from functions.casework.understanding.about import is_curse

    assert is_curse("pemerintah taik semua")
    assert is_curse("kurang ajar kalian")
    assert not is_curse("Mas Heri keramik nya 40x40 kurang 7 dus kirim sekarang ya")
    assert words_of("kurang")
