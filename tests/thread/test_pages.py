"""The reporter's pages, as a browser without scripts gets them: every state and every form."""

from datetime import timedelta
from secrets import token_hex

from tests.markup import HOSTILE, field, foreign_scripts, forms, is_open, page, text
from tests.memory import Officer, Town, hidden, photo


def close(officer: Officer, case_id: str, outcome: str = "dijelaskan") -> None:
    sent = officer.send(case_id, "close", form="close", outcome=outcome, reason="Sudah kami jelaskan.")
    assert sent.status_code == 303, sent.text


def test_a_new_report_is_shown_with_its_date_and_what_to_expect(town: Town) -> None:
    receipt, _ = town.report(happened_on="2026-11-20", about_officials="kepala seksi")
    answer = town.open(receipt)
    root = page(answer)
    said = text(root)
    for words in (
        "Lampu jalan mati",
        "Langkah 1 dari 5: Diterima",
        "paling lambat Jumat, 27 November 2026",
        "Anda · Selasa, 24 November 2026",
        "Tempat Depan SDN 005 Sangatta Utara".replace("Tempat ", ""),
        "Jumat, 20 November 2026",
        "kepala seksi",
        "Belum ada jawaban. Itu biasa pada hari-hari pertama.",
        "Kami tidak bisa mengabari Anda.",
    ):
        assert words in said, words
    assert set(forms(root)) == {"reply", "attach", "leave", "withdraw"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_the_title_says_nothing_of_the_report(town: Town) -> None:
    receipt, _ = town.report(subject="Pungutan di loket dua")
    title = page(town.open(receipt)).find("head/title")
    assert title is not None
    assert title.text == "Laporan Anda — Lapor Anonim"


def test_every_form_carries_the_receipt_and_the_language(town: Town) -> None:
    receipt, case_id = town.report()
    close(town.hand_over(case_id), case_id)
    for root in (page(town.open(receipt)), page(town.open(receipt, lang="en"))):
        for form in forms(root).values():
            sent = {element.get("name"): element.get("value") for element in form.iter("input")}
            assert sent["receipt"] == receipt
            assert sent["lang"] == root.get("lang")


def test_an_answer_is_stored_once_however_often_it_is_sent(town: Town) -> None:
    receipt, _ = town.report()
    key = hidden(town.open(receipt).text, "message_key")
    for _ in range(2):
        answer = town.open(receipt, "/messages", form="reply", body="Masih gelap.\n\nTadi malam juga.", message_key=key)
        root = page(answer, 201)
        assert text(root).count("Masih gelap.") == 1
        assert "Pesan Anda tersimpan." in text(root)
    assert hidden(answer.text, "message_key") != key
    assert [p.text for p in root.iter("p") if p.get("class") == "said"][-2:] == ["Masih gelap.", "Tadi malam juga."]


def test_hostile_words_stay_words(town: Town) -> None:
    receipt, case_id = town.report(
        subject="<i>judul</i>", body=HOSTILE, place="<u>tempat</u>", about_officials="'\"><x"
    )
    officer = town.hand_over(case_id)
    officer.send(case_id, "messages", form="reply", body=HOSTILE, message_key=token_hex(16))
    answer = town.open(receipt)
    root = page(answer)
    assert "<i>judul</i>" in text(root)
    assert text(root).count("Baris “kedua” & <b>ketiga</b>") == 2
    assert not foreign_scripts(root)
    assert not [e for e in root.iter() if e.tag in ("u", "x", "b")]


def test_a_photo_after_the_receipt_reminds_of_the_code(town: Town) -> None:
    receipt, _ = town.report()
    root = page(town.open(receipt, "/files", form="attach", file_key=token_hex(16), file=photo()), 201)
    assert "Sudahkah kode laporan tersimpan?" in text(root)
    code = field(root, "kode")
    assert code.get("open") is not None
    assert receipt in text(code)
    button = next(b for b in root.iter("button") if "".join(b.itertext()).startswith("Foto, "))
    form = next(f for f in root.iter("form") if button in list(f.iter()))
    assert (form.get("action"), form.get("target")) == ("/api/thread/files/2", "_blank")
    shown = town.thread.post(form.get("action") or "", data={"receipt": receipt})
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")


def test_no_file_unfolds_the_form_again(town: Town) -> None:
    receipt, _ = town.report()
    root = page(town.open(receipt, "/files", form="attach", file_key=token_hex(16)), 422)
    assert is_open(root, "attach")
    assert not is_open(root, "withdraw")
    assert field(root, "file").get("aria-invalid") == "true"


def test_a_held_report_asks_its_question(town: Town) -> None:
    receipt, case_id = town.report()
    town.coordinator().send(case_id, "stage", form="ask", stage="ditahan", reason="Di kantor yang mana?")
    said = text(page(town.open(receipt)))
    assert "Petugas menunggu jawaban Anda." in said
    assert "Petugas bertanya · Selasa, 24 November 2026 Di kantor yang mana?" in said
    assert "Balas petugas" in said


def test_a_missed_date_is_said_plainly(town: Town) -> None:
    receipt, case_id = town.report()
    town.hand_over(case_id)
    town.today += timedelta(days=30)
    said = text(page(town.open(receipt)))
    assert "Batas waktunya, Selasa, 1 Desember 2026, sudah lewat." in said
    assert "Laporan Anda ada di Dinas Perhubungan. Anda berhak menagih" in said


def test_a_closed_report_asks_whether_it_is_done(town: Town) -> None:
    receipt, case_id = town.report()
    close(town.hand_over(case_id), case_id)
    root = page(town.open(receipt))
    assert set(forms(root)) == {"confirm", "reopen", "publish-wish", "withdraw"}
    assert "bukan sebagai puas" in text(root)
    assert "Ditutup petugas: Sudah dijelaskan. Sudah kami jelaskan." in text(root)


def test_not_done_wants_a_reason_and_then_goes_back(town: Town) -> None:
    receipt, case_id = town.report()
    close(town.hand_over(case_id), case_id)
    root = page(town.open(receipt, "/verdict", form="reopen", verdict="belum", reason=""), 422)
    assert is_open(root, "reopen")
    assert not is_open(root, "confirm")
    assert "#reopen-reason" in [link.get("href") for link in root.iter("a")]
    assert field(root, "reopen-reason").get("aria-invalid") == "true"
    assert field(root, "confirm-reason").get("aria-invalid") is None
    root = page(town.open(receipt, "/verdict", form="reopen", verdict="belum", reason="Satu masih mati."))
    assert "Anda menyatakan belum selesai. Satu masih mati." in text(root)
    assert "reply" in forms(root)


def test_the_second_time_it_is_an_appeal_and_then_only_yes(town: Town) -> None:
    receipt, case_id = town.report()
    unit = town.hand_over(case_id)
    close(unit, case_id)
    town.open(receipt, "/verdict", form="reopen", verdict="belum", reason="Belum.")
    close(unit, case_id)
    root = page(town.open(receipt))
    assert set(forms(root)) == {"confirm", "appeal", "publish-wish", "withdraw"}
    assert "naik ke tingkat di atas dinas ini" in text(root)
    root = page(town.open(receipt, "/appeal", form="appeal", reason=" "), 422)
    assert is_open(root, "appeal")
    root = page(town.open(receipt, "/appeal", form="appeal", reason="Tetap gelap."))
    assert "Anda mengajukan banding. Tetap gelap." in text(root)
    assert "Inspektorat Daerah" in text(root)
    close(town.desk("kutim-inspektorat"), case_id)
    root = page(town.open(receipt))
    assert set(forms(root)) == {"confirm", "publish-wish", "withdraw"}
    assert "Banding sudah dipakai." in text(root)


def test_a_wrong_rating_is_given_back_and_a_right_one_thanked(town: Town) -> None:
    receipt, case_id = town.report()
    close(town.hand_over(case_id), case_id)
    root = page(town.open(receipt, "/verdict", form="confirm", verdict="selesai", rating="9", reason="Bagus."), 422)
    assert is_open(root, "confirm")
    assert field(root, "confirm-reason").text == "Bagus."
    assert field(root, "rating") is not None
    root = page(town.open(receipt, "/verdict", form="confirm", verdict="selesai", rating="4", reason="Bagus."))
    assert "Anda menyatakan selesai. Nilai 4 dari 5. Bagus." in text(root)
    assert "Tidak ada lagi yang perlu Anda lakukan." in text(root)
    assert set(forms(root)) == {"publish-wish", "withdraw"}


def test_withdrawing_says_what_it_means_and_ends_it(town: Town) -> None:
    receipt, _ = town.report()
    root = page(town.open(receipt, "/withdraw", form="withdraw"), 422)
    assert is_open(root, "withdraw")
    assert "Penanganannya berhenti" in text(root)
    root = page(town.open(receipt, "/withdraw", form="withdraw", sure="yes"))
    assert "sudah ditarik dan isinya dihapus untuk selamanya" in text(root)
    assert forms(root) == {}


def test_a_report_about_the_coordinator_lies_with_the_inspectorate(town: Town) -> None:
    receipt, _ = town.report(about_agency="kutim-diskominfo")
    said = text(page(town.open(receipt)))
    assert "Laporan Anda ada di Inspektorat Daerah. Jawaban pertama paling lambat" in said
