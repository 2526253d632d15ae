"""What a reporter is told by SMS, and an officer by mail, is what the code does."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from functions.casework.answer import Answer
from functions.casework.case import EventKind
from functions.casework.formats.gsm import count
from functions.casework.formats.sms_texts import TEMPLATES
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.links import read_link
from functions.delivery.notify_app import app_text
from functions.storage.interface import VersionConflictError
from functions.web.dates import long_date
from tests.world import JSON, Desk, World

WORDS = "Lampu jalan di Sangatta Selatan mati sejak dua minggu"
ASKED = "Apakah lampu di tiang nomor 7 juga mati?"


def sent(world: World) -> tuple[str, str]:
    """Report by SMS. Returns the receipt and the case's number."""
    receipt = next(word for word in world.said(f"LAPOR {WORDS}").split() if word.count("-") == 4)
    return receipt, world.read(receipt)["tracking_id"]


def put(desk: Desk, case_id: str, act: str, **fields: str) -> None:
    answer = desk.post(f"/desk/cases/{case_id}/{act}", fields)
    assert answer.status_code in (200, 201), answer.data


def close(world: World, desk: Desk, case_id: str) -> str:
    put(desk, case_id, "close", outcome="dijelaskan", reason="Lampu sudah menyala.")
    world.run_courier()
    return world.phone.texts[-1].text


@pytest.mark.parametrize("answer", ["ya", "iya pak", "siap pak", "betul"])
def test_a_yes_answers_what_an_officer_asked_by_the_form_that_waits_for_it(world: World, answer: str) -> None:
    receipt, case_id = sent(world)
    desk = world.hand_over(case_id)
    put(desk, case_id, "messages", body="Kami periksa minggu ini.", message_key="a" * 32)
    put(desk, case_id, "stage", stage="ditahan", reason=ASKED)
    told = world.said("CEK")
    assert f"Pertanyaan: {ASKED}" in told
    assert "Kami periksa" not in told
    told = world.said(answer)
    case = world.read(receipt)
    assert case["messages"][-1]["body"] == answer
    assert case["stage"] == "diproses"
    assert "menunggu jawaban Anda" not in told, "they gave it"


def test_an_archived_report_is_not_said_to_be_done(world: World) -> None:
    receipt, case_id = sent(world)
    why = "Ini iuran JKN."
    put(world.desk_of("kutim"), case_id, "stage", stage="diarsipkan", reason=why, outside="bpjs")
    world.run_courier()
    told = world.phone.texts[-1].text
    assert told.startswith(f"Diarsipkan, tidak ditangani lagi: {why} Hubungi: BPJS Kesehatan 165")
    for command in ("CEK", "SELESAI", "BELUM"):
        told = world.said(f"{command} {receipt}")
        assert "sudah selesai" not in told
        assert "diarsipkan" in told


def test_an_app_is_told_that_an_archived_request_is_closed() -> None:
    answer = Answer(EventKind.STAGE, reason="Iuran JKN.", stage="diarsipkan", turn_to="BPJS Kesehatan 165")
    assert app_text(answer) == ("Iuran JKN. Hubungi: BPJS Kesehatan 165.", "closed", "")


def test_a_report_that_lapsed_is_not_said_to_be_done(world: World) -> None:
    receipt, case_id = sent(world)
    close(world, world.hand_over(case_id), case_id)
    for _ in range(20):
        world.later(days=1)
        world.remind()
    assert "sudah selesai" not in world.said(f"CEK {receipt}")
    assert "Masih boleh menanggapi" in world.said(f"CEK {receipt}")


def test_no_text_offers_belum_to_whom_it_is_not_left(world: World) -> None:
    receipt, case_id = sent(world)
    desk = world.hand_over(case_id)
    assert "BELUM <alasan>" in close(world, desk, case_id)
    assert "dibuka lagi" in world.said("BELUM masih mati")
    told = close(world, desk, case_id)
    assert "BELUM" not in told
    assert "Keberatan: http" in told
    for asked in ("CEK", "makasih pak"):
        told = world.said(asked)
        assert "BELUM" not in told
        assert "Keberatan: di situs kami" in told
    appeal = {"receipt": receipt, "reason": "Tetap mati."}
    assert world.thread.post("/api/thread/appeal", json=appeal, headers=JSON).status_code == 200
    close(world, world.desk_of(world.store.read_head(case_id).holder), case_id)
    for asked in ("CEK", "BELUM masih mati juga"):
        told = world.said(asked)
        assert "banding sudah dipakai" in told
        assert "BELUM" not in told


def test_a_belum_that_others_hold_up_by_writing_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case_id = sent(world)
    close(world, world.hand_over(case_id), case_id)

    def conflict(*_: object) -> None:
        raise VersionConflictError

    with monkeypatch.context() as patched:
        patched.setattr(world.store, "append", conflict)
        assert world.sms("BELUM masih mati", gateway_id="belum").status_code == 503
    assert world.sms("BELUM masih mati", gateway_id="belum").status_code == 202
    assert world.store.read_head(case_id).stage == "diproses"


def test_every_sms_names_the_site_by_what_stands_on_its_first_page() -> None:
    first_page = (Path(__file__).parents[2] / "site" / "pages" / "beranda.html").read_text()
    assert '{{ _("Lihat jawaban' in first_page
    sent_there = [text for text in TEMPLATES if "situs kami" in text]
    assert sent_there
    assert [text for text in sent_there if "(Lihat jawaban)" not in text] == []


def test_news_of_a_late_report_can_be_read(world: World) -> None:
    _, case_id = sent(world)
    world.hand_over(case_id)
    world.run_courier()
    before = len(world.phone.texts)
    while len(world.phone.texts) == before:
        world.later(days=1)
        world.remind()
        world.run_courier()
    assert world.phone.texts[-1].text.startswith("Ada perkembangan. Ketik CEK")
    told = world.said("CEK")
    assert "Batas waktu" not in told
    assert "Lewat batas 02/12. " in told
    assert "naik ke tingkat di atasnya" in told
    assert count(told) == 1
    sms = world.said(told)  # it comes back by itself
    assert "ditambahkan" not in sms


def test_a_link_is_good_on_the_whole_of_the_day_that_its_letter_names(world: World) -> None:
    world.report()
    world.run_courier()
    letter, zone = world.mailbox.letters[-1], ZoneInfo("Asia/Makassar")
    keys = world.keys.public()
    (token,) = world.mailbox.tokens()
    link = read_link(token, [keys.keys[keys.current_id(Purpose.LINKS, "kutim")]], world.seconds)
    last = datetime.fromtimestamp(link.expires, UTC).astimezone(zone)
    assert (last.hour, last.minute) == (23, 59)
    assert f"berlaku sampai {long_date(last.date(), 'id')}" in " ".join(letter.text.split())


def test_who_reports_the_coordinating_unit_is_not_told_that_a_coordinator_reads_it(world: World) -> None:
    about = world.directory.agencies["kutim"].coordinator
    sent_by_form = world.fields(about_agency=about, checked="yes")
    page = world.intake.post("/api/reports", data=sent_by_form, headers={"Accept": "text/html"})
    said = page.get_data(as_text=True)
    assert page.status_code == 201
    assert "Petugas membaca laporan Anda paling lambat" in said
    assert "Koordinator" not in said


@pytest.mark.parametrize(("body", "mends"), [("Masih gelap.", False), ("", True)])
def test_where_nothing_is_to_mend_no_page_says_so(world: World, body: str, mends: bool) -> None:
    receipt, case_id = sent(world)
    close(world, world.hand_over(case_id), case_id)
    typed = {"receipt": receipt, "body": body, "message_key": "k" * 16}
    page = world.thread.post("/api/thread/messages", data=typed, headers={"Accept": "text/html"}).text
    assert 'id="kesalahan"' in page
    assert ("Ada yang perlu diperbaiki" in page) is mends
