"""The identity in the reporter's thread: what he reads of it, and what he may do, with and without JSON."""

from pathlib import Path
from typing import Any

import pytest

from functions.casework.receipt import parse_receipt
from functions.storage.interface import StoreUnavailableError
from tests.markup import HOSTILE, field, foreign_scripts, forms, is_open, page, text
from tests.trust import CONTACT, NAME, REASON, TrustWorld

HTML = {"Accept": "text/html"}


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def ask(world: TrustWorld, receipt: str, path: str = "", **fields: str) -> Any:
    """Ask the thread for a page, as a browser's form does."""
    return world.thread.post(f"/api/thread{path}", data={"receipt": receipt, **fields}, headers=HTML)


def test_an_anonymous_report_offers_to_leave_an_identity_and_reads_nothing_more(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(type(world.store), "read_identity", unread)
    receipt = world.report()["receipt"]
    assert world.read(receipt)["identity"] == {
        "mode": "anonim",
        "state": "none",
        "split": False,
        "request": None,
        "steps": [],
        "actions": ["leave"],
    }
    root = page(ask(world, receipt))
    assert "leave" in forms(root)
    assert not is_open(root, "leave")
    assert "Menitipkan nama tidak wajib" in text(root)
    assert "Kami tidak bisa mengabari Anda." in text(root)


def test_leaving_one_later(world: TrustWorld) -> None:
    receipt = world.report()["receipt"]
    answer = world.post("/api/thread/identity", {"receipt": receipt, "name": NAME, "contact": CONTACT})
    assert (answer.status_code, answer.get_json()) == (200, {"mode": "rahasia"})
    thread = world.read(receipt)
    assert (thread["identity"]["mode"], thread["identity"]["state"]) == ("rahasia", "sealed")
    assert thread["identity"]["actions"] == ["withdraw"]
    assert thread["messages"][-1]["body"] == "Pelapor menitipkan identitas."
    assert NAME not in world.post("/api/thread", {"receipt": receipt}).text  # he knows it; a screen need not
    root = page(ask(world, receipt))
    assert "Anda menitipkan identitas." in text(root)
    assert "Rahasia: tersegel dan dititipkan kepada dua penjaga identitas." in text(root)
    assert "Kami tidak bisa mengabari Anda." not in text(root)
    assert "take_back" in forms(root)
    assert "leave" not in forms(root)


def test_a_wrong_contact_comes_back_in_its_field(world: TrustWorld) -> None:
    receipt = world.report()["receipt"]
    root = page(ask(world, receipt, "/identity", form="leave", name="'\"><b>Siti", contact="bukan alamat"), 422)
    assert is_open(root, "leave")
    assert field(root, "name").get("value") == "'\"><b>Siti"
    assert field(root, "contact").get("value") == "bukan alamat"
    assert field(root, "contact").get("aria-invalid") == "true"
    assert "#contact" in [link.get("href") for link in root.iter("a")]
    assert not list(root.iter("b"))
    answer = world.post("/api/thread/identity", {"receipt": receipt, "name": "", "contact": ""})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "name")


def test_a_request_stands_on_top_with_its_reason_and_the_way_to_answer(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, HOSTILE)
    found = world.read(receipt)["identity"]
    waits = {"n": 2, "danger": None, "yes": False, "endorsed": False, "silence_ends": None}
    assert (found["state"], found["request"]) == ("asked", waits)
    assert found["actions"] == ["withdraw", "answer"]
    assert found["steps"][-1] == {
        "kind": "asked",
        "agency": "Inspektorat Daerah",
        "on": "2026-11-25",
        "reason": HOSTILE,
        "danger": None,
        "whole": True,
    }
    root = page(ask(world, receipt))
    said = text(root)
    assert "penjaga identitas di Inspektorat Daerah" in said
    assert "Diam bukan persetujuan" in said
    assert "tidak perlu berbuat apa-apa" not in said
    assert "Inspektorat Daerah meminta identitas ini dibuka. Rabu, 25 November 2026" in said
    assert "Baris “kedua” & <b>ketiga</b>" in said
    assert not foreign_scripts(root)
    assert said.index("Ada yang meminta nama Anda dibuka") < said.index("Lampu jalan di depan sekolah mati")
    assert choices(root) == {"yes": False, "no": False, "later": False}  # nothing is chosen for them
    world.days_over()
    assert "Diam bukan persetujuan" in text(page(ask(world, receipt)))


def choices(root: Any) -> dict[str, bool]:
    """The answers that the page offers, and which of them is chosen."""
    radios = [each for each in root.iter("input") if each.get("name") == "consent"]
    return {each.get("value"): each.get("checked") is not None for each in radios}


def test_a_danger_says_what_silence_means_and_that_a_no_is_final(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    assert world.read(receipt)["identity"]["request"] == {
        "n": 2,
        "danger": "threat",
        "yes": False,
        "endorsed": False,
        "silence_ends": "2026-12-04",
    }
    said = text(page(ask(world, receipt)))
    assert "Permintaan ini menyebut bahaya bagi nyawa: Seseorang diancam dibunuh atau dianiaya." in said
    assert "Sampai Jumat, 4 Desember 2026 tidak seorang pun dapat membukanya tanpa persetujuan Anda." in said
    assert "Bila Anda menjawab tidak, nama Anda tetap tertutup." in said
    world.custody.endorse(world.overseer(), case_id, "Ancaman itu nyata.")
    said = text(page(ask(world, receipt)))
    assert "Seorang pengawas sudah menyetujui permintaan ini." in said
    assert "Pengawas di Pemerintah Kabupaten Kutai Timur menyetujui permintaan itu" in said
    assert "Ancaman itu nyata." in said
    world.days_over()
    assert "Waktunya lewat: bila Anda tetap diam" in text(page(ask(world, receipt)))


def test_agreeing_taking_it_back_and_leaving_it_for_later_on_the_page(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", consent="later"))
    assert len(world.identity(case_id).steps) == 2  # nothing has changed
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", consent="yes", reason="Silakan."))
    said = text(root)
    assert "Anda setuju identitas Anda dibuka." in said
    assert "Silakan." in said
    assert "Anda sudah setuju." in said
    assert choices(root) == {"later": False, "no": False}
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", consent="later"))
    assert "Anda menarik persetujuan." in text(root)
    assert choices(root) == {"yes": False, "no": False, "later": False}


def test_words_beside_a_later_stay_with_their_writer(world: TrustWorld) -> None:
    """Such an answer is no step, so its words would go nowhere."""
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    typed = {"form": "consent", "request": "2", "consent": "later", "reason": "Siapa yang membacanya?"}
    said = text(root := page(ask(world, receipt, "/identity/answer", **typed), 422))
    assert "Jawaban Anda tersimpan." not in said
    assert "Belum ada yang berubah." in said
    assert [area.text for area in root.iter("textarea") if area.get("id") == "consent-reason"] == [typed["reason"]]
    assert choices(root) == {"yes": False, "no": False, "later": True}
    assert len(world.identity(case_id).steps) == 2


@pytest.mark.parametrize("reason", ["", "Saya takut."])
def test_refusing_on_the_page(world: TrustWorld, reason: str) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", consent="no", reason=reason))
    assert "Jawaban Anda tersimpan." in text(root)
    assert "Anda tidak setuju. Permintaan itu berakhir." in text(root)
    assert "consent" not in forms(root)
    assert reason in text(root)
    body = {"receipt": receipt, "consent": "no", "request": "2", "reason": reason}
    again = world.post("/api/thread/identity/answer", body)
    assert (again.status_code, again.get_json()) == (200, {"state": "sealed"})


def test_no_choice_comes_back_with_what_was_written(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", reason=HOSTILE), 422)
    assert field(root, "consent-reason").text == HOSTILE
    assert "Pilih “setuju”, “tidak setuju”, atau “nanti”." in text(root)
    assert "#consent" in [link.get("href") for link in root.iter("a")]
    long = "x" * 2001
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", consent="no", reason=long), 422)
    assert field(root, "consent-reason").text == long
    assert choices(root) == {"yes": False, "no": True, "later": False}


def test_an_answer_to_a_request_that_is_over_gives_its_words_back(world: TrustWorld) -> None:
    receipt, _ = world.opened()
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", consent="no", reason=HOSTILE), 409)
    assert field(root, "unsent").text == HOSTILE
    answer = world.post("/api/thread/identity/answer", {"receipt": receipt, "consent": "no", "request": "2"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_not_pending")


def test_an_answer_from_a_page_with_an_earlier_request_is_no_answer_to_this_one(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.custody.refuse(world.viewer(1), case_id, "Belum perlu.")
    world.custody.ask(world.viewer(1), case_id, "Alasan lain.")
    root = page(ask(world, receipt, "/identity/answer", form="consent", request="2", consent="yes"), 409)
    assert "Bacalah yang menunggu sekarang" in text(root)
    assert world.identity(case_id).steps[-1].kind == "asked"


def test_every_step_is_told_in_its_place_among_the_messages(world: TrustWorld) -> None:
    receipt, case_id = world.opened()
    world.custody.look(world.viewer(0), case_id)
    world.later(days=1)
    world.post("/api/thread/messages", {"receipt": receipt, "body": "Sesudahnya.", "message_key": "k" * 16})
    said = text(page(ask(world, receipt)))
    order = [
        said.index(words)
        for words in (
            "Lampu jalan di depan sekolah mati",
            "Inspektorat Daerah meminta identitas ini dibuka.",
            "menyetujui permintaan itu. Identitas dibuka.",
            "Inspektorat Daerah membaca nama dan kontak.",
            "Sesudahnya.",
        )
    ]
    assert order == sorted(order)
    assert "Saya sependapat." in said


def test_taking_it_back(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    root = page(ask(world, receipt, "/identity/withdraw", form="take_back"))
    assert "Identitas Anda ditarik." in text(root)
    assert "Anda menarik identitas." in text(root)
    assert REASON not in text(root)
    assert NAME not in text(root)
    assert {"consent", "take_back"}.isdisjoint(forms(root))
    thread = world.read(receipt)
    assert (thread["identity"]["mode"], thread["identity"]["state"]) == ("anonim", "withdrawn")
    assert thread["messages"][-1]["body"] == "Pelapor menarik identitasnya."
    assert thread["identity"]["actions"] == ["leave"]
    answer = world.post("/api/thread/identity/withdraw", {"receipt": receipt})
    assert (answer.status_code, answer.get_json()) == (200, {"mode": "anonim"})


def test_an_open_name_is_said_to_be_open(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted(identity_mode="terbuka")
    root = page(ask(world, receipt))
    assert "Terbuka: petugas yang menangani laporan ini dapat membaca nama Anda." in text(root)
    assert world.read(receipt)["identity"]["actions"] == ["withdraw"]
    desk = world.hand_over(case_id)
    shown = page(desk.client.get(f"/desk/cases/{case_id}", headers=HTML))
    assert NAME in text(shown)
    world.post("/api/thread/identity/withdraw", {"receipt": receipt})
    shown = page(desk.client.get(f"/desk/cases/{case_id}", headers=HTML))
    assert NAME not in text(shown)


def test_the_desk_is_told_the_mode_and_not_the_name(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    desk = world.hand_over(case_id)
    answer = desk.client.get(f"/desk/cases/{case_id}", headers=HTML)
    assert "Rahasia: nama dititipkan pada dua kustodian" in text(page(answer))
    for secret in (NAME, CONTACT):
        assert secret not in answer.text + desk.get(f"/desk/cases/{case_id}").text


@pytest.mark.parametrize("path", ["", "/withdraw", "/answer"])
def test_no_receipt_and_a_strange_one_do_nothing(world: TrustWorld, path: str) -> None:
    body = {"name": NAME, "contact": "", "reason": ""}
    assert world.post(f"/api/thread/identity{path}", body).status_code == 400
    strange = "00001-00002-00003-00004-00005"
    assert world.post(f"/api/thread/identity{path}", body | {"receipt": strange}).status_code in (400, 404)
    page(ask(world, strange, f"/identity{path}", **body), 400)


def test_with_the_store_away_what_was_typed_comes_back_to_the_same_address(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    anonymous = world.report()["receipt"]

    def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(type(world.store), "read_head", away)
    monkeypatch.setattr(type(world.store), "read_case", away)
    typed = {"form": "consent", "request": "2", "consent": "no", "reason": HOSTILE}
    root = page(ask(world, receipt, "/identity/answer", **typed), 503)
    assert next(root.iter("form")).get("action") == "/api/thread/identity/answer"
    kept = {each.get("name"): each.get("value") for each in root.iter("input")}
    assert (kept["request"], kept["consent"]) == ("2", "no")
    assert field(root, "written").text == HOSTILE
    root = page(ask(world, anonymous, "/identity", form="leave", name=NAME, contact=CONTACT), 503)
    assert next(root.iter("form")).get("action") == "/api/thread/identity"
    assert (field(root, "name").get("value"), field(root, "contact").get("value")) == (NAME, CONTACT)
    root = page(ask(world, receipt, "/identity/withdraw", form="take_back"), 503)
    assert next(root.iter("form")).get("action") == "/api/thread/identity/withdraw"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_pages_hold_the_house_rules_in_both_languages(world: TrustWorld, lang: str) -> None:
    receipt, case_id = world.entrusted()
    for act in (
        lambda: None,
        lambda: world.custody.ask(world.viewer(0), case_id, REASON, "threat"),
        lambda: world.custody.endorse(world.overseer(), case_id, "Ancaman itu nyata."),
        lambda: world.answer(receipt),
        lambda: world.custody.refuse(world.viewer(1), case_id, "Tidak perlu."),
        lambda: world.trust.withdraw(parse_receipt(receipt)),
    ):
        act()
        assert page(ask(world, receipt, lang=lang)).get("lang") == lang
