"""What an officer typed comes back with every mistake, after his session, and without a store."""

from secrets import token_hex
from xml.etree.ElementTree import Element

import pytest
from werkzeug.test import TestResponse

from tests.markup import HOSTILE, field, forms, is_open, page, text
from tests.memory import HTML, Officer, Town, photo


def refused(officer: Officer, case_id: str, action: str, status: int = 422, **fields: object) -> Element:
    return page(officer.send(case_id, action, **fields), status)


@pytest.mark.parametrize(
    ("form", "action", "fields", "wrong"),
    [
        ("close", "close", {"outcome": "", "reason": HOSTILE}, "outcome"),
        ("close", "close", {"outcome": "sebagian", "reason": ""}, "close-reason"),
        ("extend", "extend", {"due": "besok", "reason": HOSTILE}, "due"),
        ("extend", "extend", {"due": "2026-12-09", "reason": ""}, "extend-reason"),
        ("ask", "stage", {"stage": "ditahan", "reason": ""}, "ask-reason"),
        ("start", "stage", {"stage": "diproses", "reason": ""}, "start-reason"),
        ("handover", "handover", {"agency": "kutim", "reason": ""}, "handover-reason"),
        ("attach", "files", {"file_key": "d" * 32}, "file"),
    ],
)
def test_a_mistake_opens_its_own_form_and_keeps_the_words(
    town: Town, form: str, action: str, fields: dict[str, str], wrong: str
) -> None:
    _, case_id = town.report()
    unit = town.hand_over(case_id)
    root = refused(unit, case_id, action, form=form, **fields)
    shown = "reply" if form == "attach" else form  # a file is sent with the answer's form
    assert [f for f in forms(root) if is_open(root, f)] == [shown]
    assert [e.get("href") for e in root.iter("a") if e.get("href") == f"#{wrong}"] == [f"#{wrong}"]
    assert field(root, wrong) is not None
    typed = field(root, f"{form}-reason") if form != "attach" else None
    if typed is not None:
        assert (typed.text or "") == fields["reason"]
        assert (typed.get("aria-invalid") == "true") == (wrong == f"{form}-reason")
    others = [e for e in root.iter("textarea") if e.get("id") != f"{form}-reason"]
    assert not [e.get("id") for e in others if (e.text or "").strip()]
    title = root.find("head/title")
    assert title is not None
    assert (title.text or "").startswith("Kesalahan: ")


def test_an_unchosen_agency_stays_unchosen(town: Town) -> None:
    _, case_id = town.report()
    root = refused(town.coordinator(), case_id, "handover", form="handover", agency="", reason="Dishub.")
    assert not [o for o in root.iter("option") if o.get("selected") is not None]
    assert field(root, "handover-reason").text == "Dishub."


def test_a_repair_wants_its_photo_in_the_same_form(town: Town) -> None:
    _, case_id = town.report()
    unit = town.hand_over(case_id)
    closing = {"form": "close", "outcome": "diperbaiki", "reason": "Sudah diganti."}
    root = refused(unit, case_id, "close", **closing)
    assert field(root, "close-reason").text == "Sudah diganti."
    assert field(root, "file").get("name") == "file"
    asked = unit.send(case_id, "close", **closing, step="check", file_key=token_hex(16), file=photo())
    assert "Ya, tutup laporan" in text(page(asked))
    assert unit.send(case_id, "close", **closing).status_code == 303


def test_a_mistyped_address_comes_back(town: Town) -> None:
    root = page(town.desk_app.test_client().post("/desk/links", data={"email": "petugas"}, headers=HTML), 422)
    assert field(root, "email").get("value") == "petugas"
    assert "salah ketik" in text(root)


def _post(officer: Officer, case_id: str, **data: str) -> TestResponse:
    return officer.client.post(f"/desk/cases/{case_id}/messages", data=data, headers=HTML)


def test_words_survive_the_end_of_a_session(town: Town) -> None:
    _, case_id = town.report()
    unit = town.hand_over(case_id)
    csrf = unit.csrf
    town.seconds += 9 * 3600
    root = page(_post(unit, case_id, csrf_token=csrf, body=HOSTILE, message_key="e" * 32), 401)
    assert field(root, "unsent").text == HOSTILE
    assert "waktu masuk Anda habis" in text(root)


def test_words_survive_a_wrong_token_and_an_absent_store(town: Town) -> None:
    _, case_id = town.report()
    unit = town.hand_over(case_id)
    csrf = unit.csrf
    root = page(_post(unit, case_id, csrf_token="x", body=HOSTILE, message_key="e" * 32), 403)
    assert field(root, "unsent").text == HOSTILE
    town.memory.broken = True
    root = page(_post(unit, case_id, csrf_token=csrf, body=HOSTILE, message_key="e" * 32), 503)
    assert field(root, "unsent").text == HOSTILE
    assert "Layanan sedang terganggu" in text(page(unit.client.get("/desk/", headers=HTML), 503))


def test_words_for_a_form_that_is_gone_can_still_be_copied(town: Town) -> None:
    receipt, case_id = town.report()
    unit = town.hand_over(case_id)
    town.open(receipt, "/withdraw", form="withdraw", sure="yes")
    root = refused(unit, case_id, "messages", 409, form="reply", body=HOSTILE, message_key="f" * 32)
    assert field(root, "unsent").text == HOSTILE
    assert "Pelapor menarik laporan ini." in text(root)
