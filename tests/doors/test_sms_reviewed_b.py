"""What a reviewer played: silence that only its owner ends, orders of silence in any words, nothing added is dropped."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_texts as say
from tests.casework.sms_dialogues import Conversation
from tests.doors.test_sms import bodies, code
from tests.doors.test_sms_held import close, heard, muted
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


@pytest.mark.parametrize("text", ["saya cabut laporan pak", "minta tolong batalkan laporan saya", "tidak jadi lapor pak"])
def test_whoever_gives_up_is_noted(world: World, text: str) -> None:
    heard(world, LAMP)
    assert "membatalkannya" in heard(world, text)
