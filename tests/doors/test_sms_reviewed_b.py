"""What a reviewer played: silence that only its owner ends, orders of silence in any words, nothing added is dropped."""

import re
from pathlib import Path

import pytest

from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_texts import TEMPLATES
from functions.casework.understanding.unaddressed import behind_ours
from tests.casework.sms_dialogues import Conversation
from tests.doors.test_sms import bodies, code
from tests.doors.test_sms_held import DANGER, close, heard, muted
from tests.world import NUMBER, World

LAMP = "LAPOR lampu jalan di Bengalon mati sudah seminggu depan pasar"
SILENCE = "jangan sms saya lagi hp dipegang suami"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def every_word(world: World) -> list[str]:
    receipts = Conversation(world, NUMBER)._receipts()
    return [body for receipt in receipts for body in bodies(world, str(receipt))]


# Silence ends by an own wish, now


@pytest.mark.parametrize(
    "text",
    [
        "suami saya sekarang boleh pegang hp lagi",
        "boleh hubungi pak RT saja",
        "nanti kalau aman boleh sms",
        "besok baru boleh sms lagi",
        "sudah aman? belum. boleh sms lagi nanti malam",
        "masih mau terima sms lagi? tidak",
        "anak saya mau terima sms lagi",
        "kades ingin dapat kabar lagi",
        "oknum itu mau terima pesan lagi",
        "adik saya ingin dikabari lagi tapi lewat no nya sendiri",
        "boleh sms lagi setelah dia pergi",
        "boleh sms lagi tapi jangan sekarang",
        "dulu saya minta jangan sms, sekarang kades bilang boleh sms lagi",
        "kabari suami saya lagi",
    ],
)
def test_silence_is_ended_by_no_other_wish(world: World, text: str) -> None:
    heard(world, LAMP)
    heard(world, SILENCE)
    assert not heard(world, text)
    assert muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "MULAI",
        "boleh sms lagi pak",
        "sekarang sudah aman, boleh sms lagi",
        "tolong kabari saya lagi",
        "boleh hubungi nomor ini lagi",
        "hp sudah saya pegang sendiri, silakan sms lagi",
    ],
)
def test_a_plain_own_wish_ends_silence(world: World, text: str) -> None:
    heard(world, LAMP)
    heard(world, SILENCE)
    assert say.STARTED in heard(world, text)
    assert not muted(world)


# An order of silence, in any words and behind any head


@pytest.mark.parametrize(
    "text",
    [
        "kades korupsi bantuan di Sepaso, jgn kirim jawaban",
        "kades korupsi bantuan di Sepaso, jangan sampai ada balasan di hp ini",
        "LAPOR kades korupsi bantuan di Sepaso, jangan kabari lewat nomor ini",
        "LAPOR kades korupsi bantuan di Sepaso, tidak usah membalas",
        "tlg jgn ngabarin lg",
        "sms saja jangan telpon, eh jangan sms juga",
        "sms saja jangan telpon eh jangan sms juga",
        "jangan sms saja pak",
        "jangan respon lewat hp ini",
        "tidak perlu menghubungi saya",
        "jgn bales bales",
        "mohon jangan ada sms masuk",
    ],
)
@pytest.mark.parametrize("before", [None, LAMP])
def test_an_order_of_silence_is_obeyed(world: World, text: str, before: str | None) -> None:
    if before:
        heard(world, before)
    assert not heard(world, text)
    assert muted(world)
    told = text.split(",", maxsplit=1)[0].removeprefix("LAPOR ")
    if told.startswith("kades"):
        assert any(told in body for body in every_word(world))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("BALAS suami pukul saya lagi, jangan kabari lewat nomor ini", "suami pukul saya lagi"),
        ("BALAS jangan sampai ada balasan di hp ini", ""),
        ("BALAS hp saya dibuka dia tiap malam, jgn kirim jawaban", "hp saya dibuka dia tiap malam"),
        ("BELUM lampunya mati lagi, jangan dibalas ya nanti ketahuan", "lampunya mati lagi"),
        ("BALAS kalau ada yang masuk ke hp saya nanti saya habis sama dia, jangan ya pak sms nya", ""),
    ],
)
def test_no_head_overrules_silence(world: World, text: str, told: str) -> None:
    receipt = code(heard(world, LAMP))
    assert not heard(world, text)
    assert muted(world)
    assert any(told in body for body in bodies(world, receipt))


@pytest.mark.parametrize(
    "text",
    [
        "BELUM lampunya masih mati, jangan dibalas lagi ya",
        "BELUM lampunya masih mati, kalau ada yang masuk ke hp saya nanti saya habis sama dia jangan ya pak sms nya",
        "belum nyala lampunya, jangan sms saya lagi",
    ],
)
def test_a_command_beside_silence_is_carried_out(world: World, text: str) -> None:
    receipt = code(heard(world, LAMP))
    close(world, receipt)
    assert not heard(world, text)
    assert muted(world)
    assert world.read(receipt)["stage"] == "diproses" or "lampunya" in bodies(world, receipt)[-1]


def test_a_new_report_beside_silence_goes_to_no_other_case(world: World) -> None:
    receipt = code(heard(world, LAMP))
    heard(world, "LAPOR kadis PU minta setoran ke kontraktor di Bengalon, jangan kabari lewat nomor ini")
    assert not any("setoran" in body for body in bodies(world, receipt))
    assert any("setoran" in body for body in every_word(world))


@pytest.mark.parametrize(
    "text", ["jangan telepon, sms saja", "LAPOR jalan rusak di Telen, cukup sms saja jangan telpon"]
)
def test_who_forbids_calls_alone_is_answered(world: World, text: str) -> None:
    assert heard(world, text)
    assert not muted(world)


# Words are no request for one's own text, and no withdrawal, because they have a word of one


@pytest.mark.parametrize(
    "text",
    [
        "warga takut lapor apa lagi saksi, pak Budi dipukul oknum polisi tadi malam",
        "kami tidak berani lapor apa pun ke polsek sejak kades mengancam warga",
        "kades paksa saya cabut laporan, kalau tidak saya dipecat",
        "saya tidak mau cabut laporan pak, tolong diproses",
        "oknum suruh kami batalkan laporan",
        "mereka datang ke rumah minta saya tarik laporan",
        "jangan sampai saya disuruh hapus laporan lagi",
    ],
)
def test_words_are_kept_whatever_they_say_of_reports(world: World, text: str) -> None:
    heard(world, LAMP)
    answer = heard(world, text)
    assert "membatalkannya" not in answer
    assert "tidak dikirim lewat SMS" not in answer
    assert text in every_word(world)


@pytest.mark.parametrize(
    "text", ["saya cabut laporan pak", "minta tolong batalkan laporan saya", "tidak jadi lapor pak"]
)
def test_whoever_gives_up_is_noted(world: World, text: str) -> None:
    heard(world, LAMP)
    assert "membatalkannya" in heard(world, text)


# What a person adds behind a text of ours or a program's is read as an SMS of its own


@pytest.mark.parametrize(
    "added", ["lampu roboh", "jangan sms", "stop sms", "rumah terbakar di Bengalon", "kades korupsi"]
)
@pytest.mark.parametrize("forwarded", ["", "Fwd: "])
def test_nothing_behind_a_text_of_ours_is_dropped(world: World, added: str, forwarded: str) -> None:
    receipt = code(heard(world, LAMP))
    ours = heard(world, "CEK")
    answer = heard(world, f"{forwarded}{ours} {added}")
    if "sms" in added:
        assert muted(world)
        assert not answer
        return
    assert answer
    assert bool(DANGER.search(answer)) == ("terbakar" in added)
    assert any(added in body for body in every_word(world)), receipt


@pytest.mark.parametrize("added", ["lampu mati", "kades korupsi"])
def test_nothing_behind_a_greeting_of_ours_is_dropped(world: World, added: str) -> None:
    assert heard(world, f"{heard(world, 'halo')} {added}")


@pytest.mark.parametrize("dots", ["", "...", " …", ' "', " >"])
def test_a_text_of_ours_alone_is_not_answered(world: World, dots: str) -> None:
    heard(world, LAMP)
    assert not heard(world, heard(world, "CEK") + dots)


@pytest.mark.parametrize("number", range(len(TEMPLATES)))
def test_no_value_within_a_text_of_ours_is_an_addition(number: int) -> None:
    text = list(TEMPLATES)[number]
    values = {"code": "78A8D-289QF-2KQWD-SP7QB-6AF6H", "short": "78A8D", "codes": "78A8D, 289QF", "day": "30/11"}
    values |= {"until": "Batas waktu 30/11. ", "stage": "diterima"}
    filled = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "lapor.go.id"), text)
    assert not behind_ours(filled)


@pytest.mark.parametrize(
    "text",
    [
        "pelanggan yth lampu mati",
        "Pesan otomatis: sedang menyetir. ada kecelakaan di Bengalon tolong",
        "balasan otomatis rumah terbakar",
    ],
)
def test_a_programs_text_that_tells_something_is_answered(world: World, text: str) -> None:
    assert heard(world, text)


def test_a_programs_text_is_not_answered(world: World) -> None:
    heard(world, LAMP)
    assert not heard(world, "Pesan otomatis: saya sedang menyetir, nanti saya hubungi")
    assert not heard(world, "Pelanggan Yth, sisa kuota anda 2 GB. Isi ulang di *123#")


# A reference that is used again, and words that are too many for a reason


def test_a_reference_used_again_mixes_no_two_messages(world: World) -> None:
    heard(world, "jalan rusak di Sepaso karena", reference="7", part="1", parts="2")
    heard(world, "PELAKU pak Budi ambil uang di Bengalon", reference="7", part="1", parts="2")
    heard(world, " dan lari ke hutan", reference="7", part="2", parts="2")
    said = " | ".join(every_word(world))
    assert "jalan rusak di Sepaso karena" in said
    assert "ambil uang di Bengalon dan lari ke hutan" in said
    assert "karena dan" not in said


def test_a_part_that_comes_twice_is_one(world: World) -> None:
    for part in ("1", "1", "2"):
        text = "lampu mati di Bengalon" if part == "1" else " depan pasar"
        world.sms(text, reference="7", part=part, parts="2")
    world.run_courier()
    assert every_word(world) == ["lampu mati di Bengalon depan pasar"]


@pytest.mark.parametrize("head", ["BELUM", "belum nyala pak,"])
def test_all_words_of_a_long_reason_are_kept(world: World, head: str) -> None:
    receipt = code(heard(world, LAMP))
    close(world, receipt)
    assert "dibuka lagi" in heard(world, f"{head} {'lampunya tetap mati di depan pasar ' * 110}akhir kata")
    assert world.read(receipt)["stage"] == "diproses"
    assert any(body.endswith("akhir kata") for body in bodies(world, receipt))


# Places that nobody told of


@pytest.mark.parametrize("text", ["pegawai PU minta uang rokok 200 ribu di jembatan", "kadis pu minta setoran"])
def test_pu_is_no_regency(world: World, text: str) -> None:
    assert "Penajam" not in heard(world, text)


def test_ppu_is_a_regency(world: World) -> None:
    assert "Penajam" in heard(world, "LAPOR jalan rusak di Penajam, PPU, dekat pasar")
