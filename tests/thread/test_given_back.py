"""What a reporter typed comes back with every mistake, and when the store is out of reach."""

from secrets import token_hex

import pytest

from tests.markup import HOSTILE, field, foreign_scripts, page, text
from tests.memory import Town, hidden, photo


def test_an_empty_answer_is_pointed_out_at_its_field(town: Town) -> None:
    receipt, _ = town.report()
    root = page(town.open(receipt, "/messages", form="reply", body=" ", message_key=token_hex(16)), 422)
    assert field(root, "body").get("aria-invalid") == "true"
    assert "#body" in [link.get("href") for link in root.iter("a")]
    title = root.find("head/title")
    assert title is not None
    assert (title.text or "").startswith("Kesalahan: ")


def test_what_was_too_long_comes_back_whole_and_harmless(town: Town) -> None:
    receipt, _ = town.report()
    long = HOSTILE + "x" * 20_000
    answer = town.open(receipt, "/messages", form="reply", body=long, message_key="a" * 32)
    root = page(answer, 422)
    assert field(root, "body").text == long
    assert hidden(answer.text, "message_key") == "a" * 32
    assert not foreign_scripts(root)


def test_another_text_under_a_used_key_gets_a_fresh_key_and_can_be_sent(town: Town) -> None:
    receipt, _ = town.report()
    town.open(receipt, "/messages", form="reply", body="Satu.", message_key="b" * 32)
    answer = town.open(receipt, "/messages", form="reply", body="Dua.", message_key="b" * 32)
    assert field(page(answer, 409), "body").text == "Dua."
    key = hidden(answer.text, "message_key")
    assert key != "b" * 32
    assert "Dua." in text(page(town.open(receipt, "/messages", form="reply", body="Dua.", message_key=key), 201))


def test_words_for_a_form_that_is_gone_can_still_be_copied(town: Town) -> None:
    receipt, case_id = town.report()
    town.coordinator().send(case_id, "stage", form="archive", stage="diarsipkan", reason="Bukan layanan.")
    answer = town.open(receipt, "/messages", form="reply", body=HOSTILE, message_key=token_hex(16))
    root = page(answer, 409)
    kept = field(root, "unsent")
    assert kept.text == HOSTILE
    assert kept.get("readonly") is not None
    assert "Bukan layanan." in text(root)
    assert "Tulis laporan baru" in text(root)


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ("", 400, "Tuliskan kode laporan Anda."),
        ("K7QM2-XRD9H", 400, "berisi 25 huruf dan angka; yang Anda tulis 10"),
        ("4F7K-2M9Q-XR3D", 400, "Itu nomor laporan."),
    ],
)
def test_a_mistyped_code_comes_back_with_what_is_wrong(town: Town, typed: str, status: int, says: str) -> None:
    root = page(town.open(typed), status)
    assert says in text(root)
    assert field(root, "receipt").get("value") == typed


def test_the_wrong_group_is_named(town: Town) -> None:
    receipt, _ = town.report()
    groups = receipt.split("-")
    groups[2] = groups[2][:4] + ("A" if groups[2][4] != "A" else "B")
    root = page(town.open("-".join(groups)), 400)
    assert "Kelompok ke-3 tampaknya salah ketik." in text(root)


def test_an_unknown_code_is_like_any_other(town: Town) -> None:
    root = page(town.open("00001-00002-00003-00004-00005"), 400)
    assert field(root, "receipt") is not None


@pytest.mark.parametrize(
    ("path", "fields", "kept"),
    [
        ("/messages", {"form": "reply", "body": HOSTILE, "message_key": "c" * 32}, "body"),
        ("/verdict", {"form": "reopen", "verdict": "belum", "reason": HOSTILE}, "reason"),
        ("/appeal", {"form": "appeal", "reason": HOSTILE}, "reason"),
    ],
)
def test_with_the_store_away_the_words_come_back_to_the_same_address(
    town: Town, path: str, fields: dict[str, str], kept: str
) -> None:
    receipt, _ = town.report()
    town.memory.broken = True
    root = page(town.open(receipt, path, **fields), 503)
    form = next(root.iter("form"))
    assert form.get("action") == f"/api/thread{path}"
    sent = {element.get("name"): element.get("value") for element in form.iter("input")}
    assert sent == {"receipt": receipt, "lang": "id", "z": "1"} | {k: v for k, v in fields.items() if k != kept}
    assert field(root, "written").get("name") == kept
    assert field(root, "written").text == HOSTILE
    assert "Coba kirim lagi" in text(root)


def test_with_the_store_away_nothing_else_is_lost_either(town: Town) -> None:
    receipt, _ = town.report()
    town.memory.broken = True
    assert "belum dapat dibuka" in text(page(town.open(receipt), 503))
    root = page(town.open(receipt, "/files", form="attach", file_key=token_hex(16), file=photo()), 503)
    assert next(root.iter("form")).get("action") == "/api/thread"
    rated = {"form": "confirm", "verdict": "selesai", "rating": "5"}
    root = page(town.open(receipt, "/verdict", **rated), 503)
    assert {i.get("name") for i in root.iter("input")} == {"receipt", "lang", "form", "verdict", "rating", "z"}
