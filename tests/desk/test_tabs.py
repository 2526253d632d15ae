"""The case page's tabs, as without script: words and a file in one form, what is asked once more, what is said after."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex

import pytest

from functions.casework.stages import Stage
from functions.desk.case_page.facts import deadline_of
from tests.case_heads import changed
from tests.markup import field, forms, is_open, page, text
from tests.memory import Officer, Town, hidden, photo
from tests.pages import check_page

WORDS = "Lampu sudah kami ganti, Selasa pagi."


def at_unit(town: Town) -> tuple[str, str, Officer]:
    receipt, case_id = town.report()
    return receipt, case_id, town.hand_over(case_id)


def test_a_unit_answers_with_a_photo_and_closes_in_four_clicks(town: Town) -> None:
    """Open the mail's link, choose the photo, press "Kirim dan tutup", press "Ya"."""
    receipt, case_id, unit = at_unit(town)
    shown = unit.case(case_id)
    form = forms(check_page(shown))["reply"]
    assert form.get("enctype") == "multipart/form-data"
    button = next(b for b in form.iter("button") if b.get("name") == "then")
    assert text(button) == "Kirim dan tutup: sudah diperbaiki"
    sent = {name: hidden(shown, name) for name in ("message_key", "seen", "file_key")}
    asked = unit.send(case_id, "messages", form="reply", body=WORDS, then=button.get("value"), file=photo(), **sent)
    root = page(asked)
    assert WORDS in text(root)
    assert "Sudah diperbaiki" in text(root)
    (confirm,) = forms(root).values()
    fields = {i.get("name"): i.get("value") for i in confirm.iter("input") if i.get("type") == "hidden"}
    assert confirm.get("action") == f"/desk/cases/{case_id}/close"
    assert town.memory.read_head(case_id).stage is Stage.DIDISPOSISIKAN
    done = unit.client.post(confirm.get("action") or "", data=fields, headers={"Accept": "text/html"})
    assert done.headers["Location"] == f"/desk/cases/{case_id}?done=close"
    read = text(page(town.open(receipt)))
    assert WORDS in read
    assert "Foto, " in read
    assert read.count(WORDS) == 1


@pytest.mark.parametrize("act", ["close", "archive"])
def test_what_cannot_be_undone_is_asked_once(town: Town, act: str) -> None:
    _, case_id = town.report()
    officer = town.hand_over(case_id) if act == "close" else town.coordinator()
    path, typed = {
        "close": ("close", {"form": "close", "outcome": "dijelaskan", "reason": WORDS}),
        "archive": ("stage", {"form": "archive", "stage": "diarsipkan", "outside": "pln", "reason": WORDS}),
    }[act]
    before = town.memory.read_head(case_id).version
    root = page(officer.send(case_id, path, **typed, step="check"))
    assert WORDS in text(root)
    assert [b.get("value") for b in root.iter("button") if b.get("name") == "step"] == ["edit"]
    back = page(officer.send(case_id, path, **typed, step="edit"))
    assert is_open(back, act)
    assert field(back, f"{act}-reason").text == WORDS
    wrong = page(officer.send(case_id, path, **typed | {"reason": " "}, step="check"), 422)
    assert is_open(wrong, act)
    assert town.memory.read_head(case_id).version == before
    assert officer.send(case_id, path, **typed).status_code == 303
    assert town.memory.read_head(case_id).stage in (Stage.SELESAI, Stage.DIARSIPKAN)


def test_a_photo_that_is_missing_is_asked_for_before_anything_is_sent(town: Town) -> None:
    _, case_id, unit = at_unit(town)
    before = town.memory.read_head(case_id).version
    refused = unit.send(case_id, "messages", form="reply", body=WORDS, then="diperbaiki", message_key=token_hex(8))
    root = page(refused, 422)
    assert field(root, "close-reason").text == WORDS
    empty = unit.send(
        case_id, "messages", form="reply", body="", then="diperbaiki", file=photo(), file_key=token_hex(8)
    )
    assert empty.status_code == 422
    assert town.memory.read_head(case_id).version == before


def test_words_leave_though_their_file_cannot_and_a_file_may_go_alone(town: Town) -> None:
    receipt, case_id, unit = at_unit(town)
    typed = {"form": "reply", "message_key": token_hex(8)}
    broken = (BytesIO(b"MZ\x90\x00 no picture"), "foto.jpg")
    root = page(unit.send(case_id, "messages", **typed, body=WORDS, file=broken, file_key=token_hex(8)), 422)
    assert "Jawaban terkirim." in text(root)
    assert not (field(root, "body").text or "").strip()
    assert field(root, "file-error") is not None
    alone = unit.send(case_id, "messages", **typed, body="", file=photo(), file_key=token_hex(8))
    assert alone.headers["Location"] == f"/desk/cases/{case_id}?done=attach"
    read = text(page(town.open(receipt)))
    assert read.count(WORDS) == 1
    assert "Foto, " in read
    assert unit.send(case_id, "messages", **typed, body="").status_code == 422


@pytest.mark.parametrize(
    ("path", "typed", "says"),
    [
        ("stage", {"stage": "ditahan", "reason": "Di mana?"}, "Jam berhenti sampai pelapor menjawab."),
        ("stage", {"stage": "diproses", "reason": "Dicat."}, "ditandai sedang dikerjakan"),
        ("priority", {"on": "yes", "reason": "Sekolah."}, "berdiri paling atas"),
        ("assign", {"officer": "kutim-dishub-1"}, "“Milik saya”"),
        ("assign", {"officer": ""}, "Rekan Anda dapat mengambilnya."),
    ],
)
def test_after_an_act_a_sentence_says_what_was_done(town: Town, path: str, typed: dict[str, str], says: str) -> None:
    _, case_id, unit = at_unit(town)
    sent = unit.send(case_id, path, **typed)
    assert says in text(check_page(unit.page(sent.headers["Location"])))


def test_a_link_to_any_form_shows_it(town: Town) -> None:
    _, case_id, unit = at_unit(town)
    for html in unit.tabs(case_id).values():
        for name in forms(check_page(html)):
            assert is_open(check_page(unit.case(case_id, do=name)), name), name
    assert "reply" in forms(check_page(unit.case(case_id, do="tidak-ada")))


def test_the_reason_of_a_proposal_is_filled_in(town: Town) -> None:
    _, case_id = town.report()
    reason = field(check_page(town.coordinator().case(case_id)), "handover-reason").text or ""
    assert "Sesuai topik laporan ini. Laporan menyebut: " in reason
    assert "Dinas" not in reason  # the officer may choose another


@pytest.mark.parametrize(
    ("stage", "days", "says", "how"),
    [
        (Stage.DIPROSES, 7, "5 hari kerja lagi", "fine"),
        (Stage.DIPROSES, 1, "1 hari kerja lagi", "soon"),
        (Stage.DIPROSES, 0, "Hari ini", "soon"),
        (Stage.DIPROSES, -4, "Terlambat 2 hari kerja", "late"),
        (Stage.DITAHAN, -4, "Jam berhenti", "held"),
    ],
)
def test_the_deadline_counts_working_days_and_a_held_case_has_none(
    town: Town, stage: Stage, days: int, says: str, how: str
) -> None:
    tuesday = town.today
    head = changed(town.memory.read_head(town.report()[1]), stage=stage, due=tuesday + timedelta(days=days))
    found = deadline_of(head, tuesday, ())
    assert found
    assert (found.text, found.how) == (says, how)
    assert deadline_of(changed(head, stage=Stage.SELESAI), tuesday, ()) is None
