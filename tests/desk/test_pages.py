"""The officers' pages, as a browser without scripts gets them: who sees what, and every form."""

import re
from datetime import timedelta
from secrets import token_hex
from xml.etree.ElementTree import Element

import pytest

from functions.casework.directory.agencies import Role
from functions.casework.stages import FACTS, Duty, Stage, settable_from
from tests.markup import HOSTILE, every_form, field, forms, page, text
from tests.memory import HTML, Officer, Town, document, hidden, numbers, photo
from tests.pages import check_page

WHAT = "Lampu jalan di depan SDN 005"


def case(officer: Officer, case_id: str, done: str = "") -> Element:
    return check_page(officer.case(case_id, done))


def inbox(officer: Officer, path: str = "/desk/") -> Element:
    return check_page(officer.page(path))


def test_the_inbox_counts_what_waits_and_says_when(town: Town) -> None:
    ids = [town.report(subject=f"Laporan {n}")[1] for n in range(4)]
    for case_id in ids:
        town.hand_over(case_id)
    unit = town.desk("kutim-dishub")
    unit.send(ids[2], "stage", form="ask", stage="ditahan", reason="Di mana?")
    unit.send(ids[3], "close", form="close", outcome="dijelaskan", reason="Sudah.")
    said = text(inbox(unit))
    assert "Meja hari ini: 3 laporan" in said
    assert "Dinas Perhubungan" in said
    assert set(numbers(unit.page())) == set(ids[:2])
    whole = text(inbox(unit, "/desk/?view=all"))
    assert "Menunggu jawaban pelapor" in whole
    assert whole.index("Jam berhenti") < whole.index("Laporan 3") < whole.index("Ditutup Selasa, 24 November 2026")
    assert set(numbers(unit.page("/desk/?view=all"))) == set(ids)


@pytest.mark.parametrize(
    ("days", "says", "how"),
    [
        (0, "5 hari kerja lagi", "fine"),
        (6, "1 hari kerja lagi", "soon"),
        (7, "Hari ini", "soon"),
        (9, "Terlambat 2 hari kerja", "late"),
        (12, "Terlambat 3 hari kerja", "late"),  # Sunday
    ],
)
def test_a_deadline_is_words(town: Town, days: int, says: str, how: str) -> None:
    town.hand_over(town.report()[1])
    town.today += timedelta(days=days)
    page = inbox(town.desk("kutim-dishub"))
    cell = next(span for span in page.iter("span") if (span.get("class") or "").startswith("due"))
    assert (text(cell), cell.get("class")) == (says, f"due {how}")


def test_the_inbox_goes_on(town: Town) -> None:
    for n in range(23):
        town.report(subject=f"Laporan {n}")
    coordinator = town.coordinator()
    first = coordinator.page()
    root = check_page(first)
    assert "Meja hari ini: lebih dari 20 laporan" in text(root)
    onward = next(a.get("href") or "" for a in root.iter("a") if text(a) == "Halaman berikutnya")
    assert onward.startswith("/desk/?view=new&after=")
    second = coordinator.page(onward)
    check_page(second)
    assert len(set(numbers(second))) == 3
    assert not set(numbers(first)) & set(numbers(second))


def test_an_empty_inbox_is_no_error(town: Town) -> None:
    said = text(inbox(town.desk("kutim-dlh")))
    assert "Meja hari ini: tidak ada yang menunggu" in said
    assert "Belum ada laporan di sini." in said


def test_the_coordinator_reads_until_he_hands_over_and_then_sees_the_clock(town: Town) -> None:
    receipt, case_id = town.report()
    coordinator = town.coordinator()
    before = case(coordinator, case_id)
    assert WHAT in text(before)
    marks = {"note", "oversight", "recuse", "sp4n", "assign", "priority", "transfer", "join", "correct", "remind"}
    assert set(every_form(coordinator.tabs(case_id))) == {"handover", "verify", "ask", "archive"} | marks
    unit = town.hand_over(case_id)
    town.open(receipt, "/messages", form="reply", body="Kata rahasia.", message_key=token_hex(16))
    unit.send(case_id, "messages", form="reply", body="Jawaban.", message_key=token_hex(16))
    after = case(coordinator, case_id)
    said = text(after)
    assert forms(after) == {}
    assert "Laporan ini sedang ditangani Dinas Perhubungan." in said
    assert "Dari pelapor: 2 kiriman. Dari petugas: 2." in said
    assert "Pelapor menulis" in said
    for hidden_words in (WHAT, "Kata rahasia.", "Jawaban.", "Lampu jalan mati", "Depan SDN"):
        assert hidden_words not in said + text(inbox(coordinator))
    assert "Dinas Perhubungan" in text(inbox(coordinator))


def test_the_proposed_unit_is_chosen_and_marked(town: Town) -> None:
    _, case_id = town.report()
    options = [o for o in case(town.coordinator(), case_id).iter("option") if o.get("selected") is not None]
    assert [(o.get("value"), text(o)) for o in options] == [("kutim-dishub", "Dinas Perhubungan (usulan)")]


def test_the_accused_is_named_and_cannot_be_chosen(town: Town) -> None:
    _, case_id = town.report(about_agency="kutim-dishub")
    root = case(town.coordinator(), case_id)
    assert "Laporan ini tidak diperlihatkan kepada Dinas Perhubungan." in text(root)
    assert "kutim-dishub" not in [option.get("value") for option in root.iter("option")]


def test_handing_over_ends_in_the_inbox(town: Town) -> None:
    _, case_id = town.report()
    for officer, target in ((town.coordinator(), "kutim-dishub"), (town.desk("kutim-dishub"), "kutim")):
        sent = officer.send(case_id, "handover", form="handover", agency=target, reason="Kewenangannya.")
        assert sent.status_code == 303
        said = text(inbox(officer, sent.headers["Location"]))
        assert re.search(f"aporan diteruskan\\.( Instansi tujuan menerima email\\.)? Nomornya {case_id}\\.", said)


def test_the_unit_answers_first_and_has_the_rest_in_tabs(town: Town) -> None:
    _, case_id = town.report()
    unit = town.hand_over(case_id)
    root = case(unit, case_id)
    named = {form.name for to in settable_from(Stage.DIDISPOSISIKAN, Duty.ANSWER) if (form := FACTS[to].form)}
    assert named >= {"ask", "start"}
    tabs = unit.tabs(case_id)
    rest = {
        "remind",
        "note",
        "recuse",
        "sp4n",
        "assign",
        "priority",
        "second",
        "join",
        "correct",
        "extend",
        "handover",
        "start",
    }
    each = {name: set(forms(check_page(html))) for name, html in tabs.items()}
    assert each == {"answer": {"reply"}, "ask": {"ask"}, "close": {"close"}, "more": rest}
    assert not [d for html in tabs.values() for d in check_page(html).iter("details") if d.get("open") is not None]
    said = text(root)
    for words in ("bukan mencari pelapornya", "disegel di server saat tiba", "Selasa, 1 Desember 2026", WHAT):
        assert words in said
    sent = unit.send(case_id, "messages", form="reply", body="Kami periksa besok.", message_key=token_hex(16))
    after = check_page(unit.page(sent.headers["Location"]))
    assert "Jawaban terkirim." in text(after)
    assert "Anda sudah menjawab." in text(after)


def test_every_form_carries_its_token_and_language(town: Town) -> None:
    _, case_id = town.report()
    unit = town.hand_over(case_id)
    for path, lang in ((f"/desk/cases/{case_id}", "id"), (f"/desk/cases/{case_id}?lang=en", "en"), ("/desk/", "id")):
        for form in check_page(unit.page(path)).iter("form"):
            if form.get("method") == "get":  # the search changes nothing
                assert {element.get("name") for element in form.iter("input")} <= {"q", "view", "lang"}
                continue
            sent = {element.get("name"): element.get("value") for element in form.iter("input")}
            assert (sent["csrf_token"], sent["lang"]) == (unit.csrf, lang)


def test_the_language_outlives_a_form(town: Town) -> None:
    _, case_id = town.report()
    sent = town.hand_over(case_id).send(case_id, "messages", lang="en", body="Done.", message_key=token_hex(16))
    assert sent.headers["Location"] == f"/desk/cases/{case_id}?done=reply&lang=en"


def test_photos_are_shown_and_documents_linked(town: Town) -> None:
    receipt, case_id = town.report()
    town.open(receipt, "/files", form="attach", file_key=token_hex(16), file=photo())
    town.open(receipt, "/files", form="attach", file_key=token_hex(16), file=document())
    unit = town.hand_over(case_id)
    root = case(unit, case_id)
    linked = next(link for link in root.iter("a") if text(link).startswith("Dokumen PDF, "))
    assert unit.client.get(linked.get("href") or "").mimetype == "application/pdf"
    shown = next(root.iter("img"))
    assert shown.get("src") == f"/desk/cases/{case_id}/files/2"
    assert shown.get("alt") == "Foto dari pelapor, Selasa, 24 November 2026"
    assert unit.client.get(shown.get("src") or "").mimetype == "image/jpeg"
    assert town.coordinator().client.get(shown.get("src") or "", headers=HTML).status_code == 404


def test_the_officer_sees_how_it_ended(town: Town) -> None:
    receipt, case_id = town.report()
    unit = town.hand_over(case_id)
    unit.send(case_id, "close", form="close", outcome="dijelaskan", reason="Sudah.")
    root = case(unit, case_id)
    assert "Ditutup: Sudah dijelaskan. Sekarang giliran pelapor" in text(root)
    assert forms(root) == {}
    town.open(receipt, "/verdict", form="confirm", verdict="selesai", rating="4")
    assert "Pelapor menyatakan laporannya sudah beres. Nilainya 4 dari 5." in text(case(unit, case_id))
    town.today += timedelta(days=40)
    _, other = town.report()
    silent = town.hand_over(other)
    silent.send(other, "close", form="close", outcome="dijelaskan", reason="Sudah.")
    town.today += timedelta(days=40)
    assert "Itu tidak dihitung sebagai puas." in text(case(silent, other))


def test_hostile_words_stay_words(town: Town) -> None:
    receipt, case_id = town.report(subject="<i>judul</i>", body=HOSTILE, place="<u>tempat</u>")
    unit = town.hand_over(case_id)
    for root in (case(unit, case_id), inbox(unit)):
        assert "<i>judul</i>" in text(root)
        scripts = {e.get("src", "") for e in root.iter("script")}
        assert all(src.startswith(("/assets/meja.", "/assets/konsep.", "/assets/tulisan.")) for src in scripts)
        assert not [e for e in root.iter() if e.tag in ("u", "i")]
    assert not re.search(receipt, unit.case(case_id))


def test_the_title_says_nothing_of_the_report(town: Town) -> None:
    _, case_id = town.report(subject="Pungutan di loket dua")
    title = case(town.coordinator(), case_id).find("head/title")
    assert title is not None
    assert title.text == f"Laporan {case_id} — Lapor Anonim"


def test_a_link_for_one_report_says_so(town: Town) -> None:
    _, case_id = town.report()
    town.hand_over(case_id)
    _, other = town.report(subject="Yang lain")
    town.hand_over(other)
    one = town.desk("kutim-dishub", Role.OFFICER, case_id)
    assert one.first == f"/desk/cases/{case_id}"
    root = inbox(one)
    assert "Link ini hanya untuk satu laporan" in text(root)
    assert "Yang lain" not in text(root)
    wanted = next(form for form in root.iter("form") if form.get("action") == "/desk/links")
    assert field(wanted, "email") is not None


def test_signing_out(town: Town) -> None:
    unit = town.desk("kutim-dishub")
    token = hidden(unit.page(), "csrf_token")
    answer = unit.client.post("/desk/session/end", data={"csrf_token": token}, headers=HTML)
    assert "Anda sudah keluar" in text(page(answer))
    assert unit.client.get("/desk/", headers=HTML).status_code == 401
