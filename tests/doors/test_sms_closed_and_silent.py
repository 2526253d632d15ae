"""Silence that nobody ends unasked, closed cases that only what is meant opens again, words that reach no accused."""

from pathlib import Path

import pytest

from functions.actions.reporter.texting.closed import BUT
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_codes import short_code
from functions.casework.receipt import parse_receipt
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion.likely import Standing
from tests.casework.sms_dialogues import Conversation
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import DANGER, close, heard, muted
from tests.world import NUMBER, World

LAMP = "LAPOR lampu jalan di Bengalon mati sudah seminggu depan pasar"
SILENCE = "jangan sms saya lagi hp dipegang suami"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def closed_lamp(world: World, words: str = LAMP) -> str:
    receipt = code(heard(world, words))
    close(world, receipt)
    return receipt


def short(receipt: str) -> str:
    return short_code(parse_receipt(receipt))


def stages(world: World) -> list[str]:
    return sorted(str(head.stage) for head in cases(world))


# Silence


@pytest.mark.parametrize(
    "text",
    [
        "kemarin sudah saya minta, sekarang saya tidak mau terima sms lagi",
        "dulu saya minta jangan sms, sekarang juga tolong jangan kirim sms lagi",
        "tadinya sudah bilang stop, sekarang saya ga mau dapat kabar lagi",
        "waktu itu saya minta berhenti, sekarang saya tidak ingin dikabari lagi",
        "petugas pln mau terima uang lagi baru listrik di Bengalon dinyalakan",
        "kami mau dapat bantuan lagi tahun ini kapan dibagi",
        "kades mau terima setoran lagi dari kami",
        "warga mau dikirim beras lagi kapan",
        "kemarin guru pukul anak saya sampai pingsan, sekarang pihak sekolah boleh hubungi saya",
    ],
)
def test_silence_is_kept(world: World, text: str) -> None:
    heard(world, LAMP)
    heard(world, SILENCE)
    answer = heard(world, text)
    assert not answer or (text.endswith(("kapan", "dibagi")) and answer.startswith("Laporan")), "a question is asked"
    assert muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "dulu saya minta jangan disms, sekarang boleh kirim kabar lagi",
        "saya mau terima sms lagi",
        "mau dapat balasan lagi pak",
        "saya ingin dikabari lagi",
        "tidak apa boleh sms lagi",
    ],
)
def test_who_wants_answers_again_gets_them(world: World, text: str) -> None:
    heard(world, LAMP)
    heard(world, SILENCE)
    assert say.STARTED in heard(world, text)
    assert not muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "kemarin guru pukul anak saya sampai pingsan, sekarang pihak sekolah boleh hubungi saya",
        "kemarin air masuk rumah dan nenek terjebak di loteng, air naik, sekarang boleh hubungi saya",
        "dulu saya minta jangan disms, sekarang boleh kirim sms lagi, rumah tetangga kebakaran tolong",
    ],
)
def test_an_emergency_that_offers_an_answer_is_a_case(world: World, text: str) -> None:
    assert DANGER.search(heard(world, text))
    assert bodies(world, code(world.phone.texts[-1].text)) == [text]


@pytest.mark.parametrize("text", ["kemarin kades potong bantuan kami, sekarang kami boleh dibalas lewat nomor ini"])
def test_a_report_that_offers_an_answer_is_a_case(world: World, text: str) -> None:
    assert bodies(world, code(heard(world, text))) == [text]


def test_words_that_offer_an_answer_are_added(world: World) -> None:
    receipt = code(heard(world, LAMP))
    heard(world, "tadi malam tiang roboh. kemarin miring, sekarang boleh hubungi saya")
    assert len(bodies(world, receipt)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "jembatan kayu menuju kebun sawit rusak parah dan berlubang besar",
        "guru sdn 3 Sangkulirang jarang masuk kelas murid dipukul pakai rotan setiap hari",
        "sampah di Kaliorang menumpuk sebulan tidak diangkut baunya busuk sekali",
        "di Kaliorang ada kebakaran rumah tiga pintu tolong cepat",
    ],
)
@pytest.mark.parametrize("order", [SILENCE, "BERHENTI"])
def test_a_muted_number_is_sent_no_code_beside_its_case(world: World, order: str, text: str) -> None:
    closed_lamp(world)
    heard(world, order)
    assert heard(world, text) == ""
    assert "Laporan" in heard(world, "CEK")
    heard(world, "LAPOR")  # makes a report of what waits: it is lost to nobody
    assert text in [bodies(world, str(each))[0] for each in Conversation(world, NUMBER)._receipts()]


@pytest.mark.parametrize(
    "part",
    [
        " gelap. jangan sms saya lagi hp dipegang suami",
        " gelap. nomor ini jangan dihubungi",
        " gelap gulita, stop kirim sms ke saya",
        " gelap. tolong jangan balas sms ini",
    ],
)
def test_a_late_part_may_order_silence(world: World, part: str) -> None:
    first = "lampu jalan di Bengalon mati sudah seminggu depan pasar dan warga takut lewat malam hari karena"
    heard(world, first, reference="k", part="1", parts="2")
    world.later(hours=1)
    world.sms("halo", "+6281299999999")
    world.run_courier()
    receipt = code(next(text.text for text in world.phone.texts if "Kode rahasia" in text.text))
    assert heard(world, part, reference="k", part="2", parts="2") == ""
    assert muted(world)
    assert len(bodies(world, receipt)) == 2


def test_a_late_part_of_a_muted_number_is_kept_without_an_answer(world: World) -> None:
    first = "lampu jalan di Bengalon mati sudah seminggu depan pasar dan warga takut lewat malam hari karena"
    heard(world, first, reference="k", part="1", parts="2")
    world.later(hours=1)
    world.sms("halo", "+6281299999999")
    world.run_courier()
    receipt = code(next(text.text for text in world.phone.texts if "Kode rahasia" in text.text))
    heard(world, SILENCE)
    assert heard(world, " gelap gulita setiap malam", reference="k", part="2", parts="2") == ""
    assert bodies(world, receipt)[-1] == "[...] gelap gulita setiap malam"


# Law 5

BRIBE = "kepala dinas PU minta setoran 10 juta ke kontraktor jembatan di Bengalon"


@pytest.mark.parametrize(
    "text",
    [
        "orangnya yang kemarin itu masih terus begitu, saya takut dipecat",
        "belum ada perubahan, mereka malah cari siapa yang melapor",
        "masih begitu terus pak saya simpan semua buktinya",
        "BELUM saya takut dicari orang itu",
    ],
)
def test_words_after_closings_do_not_reach_whom_another_case_accuses(world: World, text: str) -> None:
    accusing, lamp = closed_both(world)
    first, second = (world.read(each)["tracking_id"] for each in (accusing, lamp))
    answer = heard(world, text)
    assert not world.store.read_head(second).open
    assert not world.store.read_head(first).open
    assert "BELUM" in answer
    assert "dibuka lagi" in heard(world, f"BELUM {short(accusing)}")
    assert bodies(world, accusing)[-1].endswith(text.removeprefix("BELUM ").removeprefix("belum "))


@pytest.mark.parametrize(
    "text",
    [
        "saya punya bukti rekaman dan kwitansi, saya kerja di kantor kontraktor itu",
        "saya punya bukti rekaman dan kwitansi, saya kerja di kantor itu",
    ],
)
def test_evidence_after_closings_stays_out_of_the_other_case(world: World, text: str) -> None:
    accusing, lamp = closed_both(world)
    answer = heard(world, text)
    assert not world.store.read_head(world.read(lamp)["tracking_id"]).open
    assert text not in "".join(bodies(world, lamp))
    where = accusing if "dibuka lagi" in answer else code(answer)
    assert text in bodies(world, where)[-1]


def closed_both(world: World) -> tuple[str, str]:
    """Return a case that accuses the public works, and one that these repaired; both are closed."""
    accusing = code(heard(world, BRIBE))
    lamp = code(heard(world, "LAPOR lampu di Kaliorang mati sudah seminggu depan masjid"))
    first, second = (world.read(each)["tracking_id"] for each in (accusing, lamp))
    assert world.store.read_head(first).accused
    inspectorate = world.hand_over(first, world.directory.agencies["kutim"].inspectorate)
    ended = {"outcome": "dijelaskan", "reason": "Sudah kami periksa."}
    assert inspectorate.post(f"/desk/cases/{first}/close", ended).status_code == 200
    assert world.hand_over(second, "kutim-dpupr").post(f"/desk/cases/{second}/close", ended).status_code == 200
    world.run_courier()
    return accusing, lamp


# Another matter after a closing


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (LAMP, "kebakaran di Sangkulirang pasar terbakar tolong cepat kirim damkar"),
        (LAMP, "kebakaran di Bengalon pasar terbakar tolong cepat kirim damkar"),
        (LAMP, "ada anak tenggelam di sungai tolong cepat"),
        (LAMP, "tolong pak rumah warga terbakar lagi api besar"),
        (LAMP, "sekarang di Kaliorang jembatan putus lagi warga tidak bisa lewat"),
        (
            "LAPOR sampah di Bengalon menumpuk depan pasar",
            "listrik mati lagi di puskesmas Sangkulirang bayi di inkubator",
        ),
        (
            "LAPOR jalan di Bengalon rusak berlubang depan pasar",
            "ada kecelakaan maut truk terguling orang terjepit tolong cepat",
        ),
    ],
)
def test_another_matter_after_a_closing_is_a_report_of_its_own(world: World, told: str, text: str) -> None:
    receipt = closed_lamp(world, told)
    assert bodies(world, code(heard(world, text))) == [text]
    assert not world.store.read_head(world.read(receipt)["tracking_id"]).open


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (
            "LAPOR jalan di Bengalon rusak berlubang depan pasar",
            "guru sdn 3 jarang masuk kelas murid pulang lewat jalan sebelum jam 9",
        ),
        (LAMP, "petugas datang cepat sekali dan kerjanya rapi hasilnya bagus"),
        (LAMP, "kepala puskesmas selalu menyuruh kami beli obat di apotek istrinya"),
        (LAMP, "bantuan beras keluarga kami dipotong dua kilo oleh ketua kelompok"),
    ],
)
def test_words_of_nothing_that_a_case_told_reopen_nothing_and_wait(world: World, told: str, text: str) -> None:
    receipt = closed_lamp(world, told)
    answer = heard(world, text)
    assert not world.store.read_head(world.read(receipt)["tracking_id"]).open
    if "LAPOR" in answer:
        answer = heard(world, "LAPOR")
    assert bodies(world, code(answer)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "lampu di depan pasar masih gelap gulita sampai malam ini",
        "bukan di Kaliorang tapi di Bengalon, lampunya masih mati terus",
        "lampu mati lagi, tadi malam ada kecelakaan karena gelap",
        "masih mati pak",
    ],
)
def test_the_same_matter_after_a_closing_reopens_it(world: World, text: str) -> None:
    receipt = closed_lamp(world)
    assert "dibuka lagi" in heard(world, text)
    assert len(cases(world)) == 1
    assert bodies(world, receipt)[-1].endswith(text)


# Praise


@pytest.mark.parametrize(
    "text",
    [
        "terima kasih pak, tetap semangat bekerja untuk warga",
        "makasih banyak pak cuma itu saja yang mau saya sampaikan",
        "terima kasih bapak ibu, hanya Allah yang bisa membalas",
        "alhamdulillah terima kasih, tetap jaga kesehatan ya pak",
    ],
)
def test_thanks_with_a_small_word_reopen_nothing(world: World, text: str) -> None:
    receipt = closed_lamp(world)
    answer = heard(world, text)
    assert "dibuka lagi" not in answer
    assert not world.store.read_head(world.read(receipt)["tracking_id"]).open


@pytest.mark.parametrize(
    "text",
    [
        "lampu depan pasar nyala sebentar lalu mati terus sampai pagi",
        "BELUM lampu mati lagi sejak tadi malam",
        "masih mati pak",
        "mati lagi pak lampunya tadi malam",
    ],
)
def test_what_is_said_after_the_only_reopening_waits_and_names_the_appeal(world: World, text: str) -> None:
    receipt = closed_lamp(world)
    assert "dibuka lagi" in heard(world, "BELUM lampu di depan pasar masih gelap")
    case_id = world.read(receipt)["tracking_id"]
    ended = {"outcome": "dijelaskan", "reason": "Sudah diperbaiki lagi."}
    assert world.desk_of("kutim-dpupr").post(f"/desk/cases/{case_id}/close", ended).status_code == 200
    world.run_courier()
    answer = heard(world, text)
    assert "Keberatan" in answer
    assert "BELUM" not in answer
    assert heard(world, "BELUM") == answer
    assert bodies(world, code(heard(world, "LAPOR")))[0] == text.removeprefix("BELUM ")


@pytest.mark.parametrize(
    "text",
    [
        "sip pak mantap semoga yang lain sudah dikerjakan",
        "alhamdulillah sudah nyala pak 1 dari 5 lampu",
        "makasih sudah nyala sebagian pak",
        "terima kasih sudah diperbaiki, semoga di gang sebelah segera dikerjakan",
        "sudah nyala pak dua dari tiga",
    ],
)
def test_what_is_partly_done_closes_nothing(world: World, text: str) -> None:
    receipt = closed_lamp(world)
    heard(world, text)
    assert not world.store.read_head(world.read(receipt)["tracking_id"]).closing.confirmed


@pytest.mark.parametrize(
    "text",
    ["makasih pak lampunya sudah nyala, semoga sukses selalu", "sudah beres pak terima kasih", "sudah nyala pak"],
)
def test_what_is_done_still_closes(text: str) -> None:
    assert nature_of(text, Standing.CLOSED).settled


def test_thanks_with_a_but_reopen_from_four_words_on(world: World) -> None:
    few, enough = "makasih pak tapi", "makasih pak tapi belum"
    assert (len(few.split()), len(enough.split())) == (BUT - 1, BUT)
    closed_lamp(world)
    world.said(few)
    assert stages(world) == ["selesai"]
    world.said(enough)
    assert stages(world) == ["diproses"]
