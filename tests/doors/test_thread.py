"""The thread: what a receipt opens, what a mistyped one says, and what its holder may do when."""

import re
from dataclasses import replace
from io import BytesIO
from secrets import token_hex
from typing import Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.actions.common import append
from functions.casework.receipt import parse_receipt
from functions.crypto.seal import sealing
from functions.storage.interface import StoreUnavailableError, VersionConflictError
from tests.pages import check_page
from tests.world import JSON, WORDS, Desk, World

HTML = {"Accept": "text/html"}


def photo(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


def upload(world: World, receipt: str, raw: bytes, key: str = "", **more: Any) -> Any:
    file = FileStorage(BytesIO(raw), "IMG_20261125_WA0007.jpg")
    fields = {name: value for name, value in more.items() if name != "headers"}
    boundary, body = encode_multipart({"receipt": receipt, "file_key": key or token_hex(8), "file": file, **fields})
    kind = f'multipart/form-data; boundary="{boundary}"'
    return world.thread.post("/api/thread/files", data=body, content_type=kind, headers=more.get("headers", JSON))


def write(world: World, receipt: str, body: str = "Masih gelap.", key: str = "") -> Any:
    return world.post("/api/thread/messages", {"receipt": receipt, "body": body, "message_key": key or token_hex(8)})


def closed(world: World) -> tuple[str, str, Desk]:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    body = {"outcome": "dijelaskan", "reason": "Dijadwalkan besok."}
    assert desk.post(f"/desk/cases/{sent['tracking_id']}/close", body).status_code == 200
    return sent["receipt"], sent["tracking_id"], desk


def test_a_typing_error_is_caught_and_its_group_named(world: World) -> None:
    receipt = world.report()["receipt"]
    groups = receipt.split("-")
    wrong = "A" if groups[2][1] != "A" else "B"
    typed = "-".join([*groups[:2], groups[2][0] + wrong + groups[2][2:], *groups[3:]])
    answer = world.post("/api/thread", {"receipt": typed})
    assert answer.status_code == 400
    assert "ke-3" in answer.get_json()["errors"][0]["message"]
    page = world.thread.post("/api/thread", data={"receipt": typed}, headers=HTML)
    check_page(page.text)
    assert page.status_code == 400
    assert "ke-3" in page.text
    assert typed in page.text


@pytest.mark.parametrize(("typed", "says"), [("", "Tuliskan kode"), ("K7QM2", "25"), ("x" * 900, "25")])
def test_what_cannot_be_a_receipt_is_told_apart(world: World, typed: str, says: str) -> None:
    answer = world.post("/api/thread", {"receipt": typed})
    assert answer.status_code == 400
    assert says in answer.get_json()["errors"][0]["message"]


def test_the_tracking_id_typed_as_receipt_is_explained(world: World) -> None:
    answer = world.post("/api/thread", {"receipt": world.report()["tracking_id"]})
    assert answer.status_code == 400
    assert "nomor laporan" in answer.get_json()["errors"][0]["message"]


def test_an_unknown_receipt_is_like_any_other_unknown(world: World) -> None:
    unknown = str(sealing.receipt_for(bytes(16)))
    answer = world.post("/api/thread", {"receipt": unknown})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    page = world.thread.post("/api/thread", data={"receipt": unknown}, headers=HTML)
    check_page(page.text)
    assert (page.status_code, unknown in page.text) == (404, True)
    for path in ("messages", "verdict", "appeal", "withdraw"):
        body = {"receipt": unknown, "body": "x", "message_key": token_hex(8), "verdict": "selesai", "reason": "x"}
        assert world.post(f"/api/thread/{path}", body).status_code == 404


def test_a_receipt_whose_lookup_differs_opens_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two receipts could share a case id (60 bits); only the one the case was made with opens it."""
    first, other = world.report(), sealing.receipt_for(bytes(16))
    honest = sealing.receipt_keys
    monkeypatch.setattr(
        sealing,
        "receipt_keys",
        lambda r: replace(honest(r), case_id=first["tracking_id"]),
    )
    assert world.post("/api/thread", {"receipt": str(other)}).status_code == 404
    assert world.post("/api/thread", {"receipt": first["receipt"]}).status_code == 200


def test_spelling_is_forgiven(world: World) -> None:
    receipt = world.report()["receipt"]
    typed = receipt.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    assert world.post("/api/thread", {"receipt": typed}).status_code == 200


def test_an_answer_is_written_once_however_often_it_is_sent(world: World) -> None:
    receipt, key = world.report()["receipt"], token_hex(8)
    first, again = write(world, receipt, "Masih gelap.", key), write(world, receipt, "Masih gelap.", key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json() == {"n": 2}
    assert write(world, receipt, "Teks lain.", key).get_json()["code"] == "changed_text"
    assert [m["body"] for m in world.read(receipt)["messages"]] == [WORDS, "Masih gelap."]


def test_an_answer_tells_the_officer_by_mail_and_a_photo_after_it_does_not_tell_again(world: World) -> None:
    sent = world.report()
    world.hand_over(sent["tracking_id"])
    world.run_courier()
    before = len(world.mailbox.letters)
    write(world, sent["receipt"])
    upload(world, sent["receipt"], photo())
    world.run_courier()
    assert [mail.to for mail in world.mailbox.letters[before:]] == [
        officer.email for officer in world.officers if officer.agency == "kutim-dpupr"
    ]


@pytest.mark.parametrize(
    ("body", "key", "field"),
    [
        ("", "a" * 16, "body"),
        ("x" * 20_001, "a" * 16, "body"),
        ("ada", "", "message_key"),
        ("ada", "kunci/..", "message_key"),
    ],
)
def test_a_bad_answer_is_named_and_given_back(world: World, body: str, key: str, field: str) -> None:
    receipt = world.report()["receipt"]
    typed = {"receipt": receipt, "body": body, "message_key": key}
    answer = world.post("/api/thread/messages", typed)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, field)
    page = world.thread.post("/api/thread/messages", data=typed, headers=HTML)
    check_page(page.text)
    assert page.status_code == 422
    assert body in page.text


@pytest.mark.parametrize(("lang", "says"), [("id", "20.001 huruf; paling banyak 20.000"), ("en", "20,000")])
def test_counts_are_written_as_its_language_writes_them(world: World, lang: str, says: str) -> None:
    """In Indonesian 20,000 is twenty."""
    sent = {"receipt": world.report()["receipt"], "body": "a" * 20_001, "message_key": token_hex(8)}
    answer = world.post(f"/api/thread/messages?lang={lang}", sent)
    assert answer.status_code == 422
    assert says in answer.get_json()["errors"][0]["message"]


def test_a_store_out_of_reach_gives_the_words_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = world.report()["receipt"]

    def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(type(world.store), "append", away)
    monkeypatch.setattr(type(world.store), "read_case", away)
    typed = {"receipt": receipt, "body": "Kata yang tidak boleh hilang", "message_key": "k" * 16}
    page = world.thread.post("/api/thread/messages", data=typed, headers=HTML)
    check_page(page.text)
    assert page.status_code == 503
    assert "Kata yang tidak boleh hilang" in page.text
    assert "k" * 16 in page.text
    assert write(world, receipt).status_code == 503


def test_a_photo_is_cleaned_sealed_and_comes_back(world: World) -> None:
    receipt = world.report()["receipt"]
    raw = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "KAMERA-CANARY"
    Image.new("RGB", (320, 200), "navy").save(raw, "JPEG", exif=exif)
    answer = upload(world, receipt, raw.getvalue())
    assert (answer.status_code, answer.get_json()) == (201, {"n": 2})
    message = world.read(receipt)["messages"][1]
    assert message["files"][0]["type"] == "image/jpeg"
    back = world.thread.post("/api/thread/files/2", data={"receipt": receipt})
    assert back.mimetype == "image/jpeg"
    assert back.headers["Content-Disposition"] == 'inline; filename="berkas-2.jpg"'
    assert len(back.data) == message["files"][0]["size"]
    assert b"KAMERA-CANARY" not in back.data
    assert b"KAMERA-CANARY" in raw.getvalue()
    assert world.thread.post("/api/thread/files/1", data={"receipt": receipt}).status_code == 404


def test_the_same_upload_again_is_one_file(world: World) -> None:
    receipt, key = world.report()["receipt"], token_hex(8)
    assert (
        upload(world, receipt, photo(), key).get_json() == upload(world, receipt, photo(), key).get_json() == {"n": 2}
    )
    assert upload(world, receipt, photo("blue"), key).get_json()["code"] == "changed_text"
    assert len(world.read(receipt)["messages"]) == 2


def test_five_files_a_turn_then_the_officers_turn(world: World) -> None:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    for _ in range(5):
        assert upload(world, sent["receipt"], photo()).status_code == 201
    answer = upload(world, sent["receipt"], photo())
    assert (answer.status_code, answer.get_json()["code"]) == (409, "too_many")
    desk.post(f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Terima kasih.", "message_key": token_hex(8)})
    assert upload(world, sent["receipt"], photo()).status_code == 201


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "Pilih satu berkas"),
        (b"GIF89a" + bytes(100), "GIF tidak dapat kami bersihkan"),
        (b"BLENDER-v" + bytes(100), "Jenis berkas ini belum dapat diterima"),
        (b"\xff\xd8\xff\xe0" + bytes(2000), "rusak"),
        (b"\xff\xd8\xff" + bytes(5 * 1024 * 1024), "5 MB"),
        (b"%PDF-1.4\nnothing", "rusak"),
    ],
)
def test_a_bad_file_is_explained_and_nothing_is_stored(world: World, raw: bytes, says: str) -> None:
    receipt = world.report()["receipt"]
    answer = upload(world, receipt, raw)
    assert answer.status_code == 422
    assert says in answer.get_json()["errors"][0]["message"]
    page = upload(world, receipt, raw, headers=HTML)
    check_page(page.text)
    assert says in page.text
    assert len(world.read(receipt)["messages"]) == 1


def test_of_two_files_at_once_none_is_lost_without_a_word(world: World) -> None:
    sent = world.report()
    desk, path = world.hand_over(sent["tracking_id"]), f"/desk/cases/{sent['tracking_id']}"
    both = lambda: [(BytesIO(photo(it)), f"{it}.jpg") for it in ("red", "blue")]  # noqa: E731 - a request closes them
    typed = {"receipt": sent["receipt"], "file": both(), "file_key": token_hex(8)}
    answers = [world.thread.post("/api/thread/files", data=typed, headers=JSON)]
    for place, more in (("files", {}), ("messages", {"body": "Lihat foto.", "message_key": token_hex(8)})):
        typed = {"file": both(), "file_key": token_hex(8), **more}
        answers.append(desk.client.post(f"{path}/{place}", data=typed, headers=JSON | {"X-CSRF-Token": desk.csrf}))
    for answer in answers:
        assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "file")
        assert "satu berkas setiap kali" in answer.get_json()["errors"][0]["message"]
    assert not any(message["files"] for message in world.read(sent["receipt"])["messages"])


def test_a_body_over_the_limit_is_refused_before_it_is_read(world: World) -> None:
    receipt = world.report()["receipt"]
    answer = upload(world, receipt, bytes(7 * 1024 * 1024))
    assert answer.status_code == 413


def test_done_with_a_rating_ends_it(world: World) -> None:
    receipt, _, _ = closed(world)
    assert world.read(receipt)["actions"] == ["confirm", "reopen", "withdraw"]
    for rating in ("0", "6", "bagus"):
        answer = world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "selesai", "rating": rating})
        assert answer.get_json()["errors"][0]["field"] == "rating"
    answer = world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "selesai", "rating": 5})
    assert (answer.status_code, answer.get_json()["stage"]) == (200, "selesai")
    view = world.read(receipt)
    assert view["actions"] == ["withdraw"]
    assert "nilai 5 dari 5" in view["messages"][-1]["body"]
    assert world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": "x"}).status_code == 409


def test_not_done_needs_a_reason_reopens_once_then_only_an_appeal(world: World) -> None:
    receipt, case_id, desk = closed(world)
    missing = world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum"})
    assert missing.get_json()["errors"][0]["field"] == "reason"
    assert world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "mungkin"}).status_code == 422
    assert world.post("/api/thread/appeal", {"receipt": receipt, "reason": "Belum boleh"}).status_code == 409
    answer = world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": "Masih mati."})
    assert answer.get_json()["stage"] == "diproses"
    desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Kabel diganti."})
    assert world.read(receipt)["actions"] == ["confirm", "appeal", "withdraw"]
    again = world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": "Masih."})
    assert again.status_code == 409
    appeal = world.post("/api/thread/appeal", {"receipt": receipt, "reason": "Sudah dua kali."})
    assert appeal.get_json()["stage"] == "banding"
    assert world.store.read_case(case_id).head.holder == "kutim-inspektorat"
    inspector = world.desk_of("kutim-inspektorat")
    assert inspector.get(f"/desk/cases/{case_id}").get_json()["messages"][0]["body"] == WORDS
    assert (
        inspector.post(f"/desk/cases/{case_id}/close", {"outcome": "sebagian", "reason": "Ditegur."}).status_code == 200
    )
    assert world.read(receipt)["actions"] == ["confirm", "withdraw"]


def test_withdrawing_deletes_the_case(world: World) -> None:
    sent = world.report()
    receipt = sent["receipt"]
    assert upload(world, receipt, photo()).status_code == 201
    unit = world.hand_over(sent["tracking_id"])
    answer = world.post("/api/thread/withdraw", {"receipt": receipt, "reason": "Sudah beres."})
    assert answer.get_json()["stage"] == "diarsipkan"
    assert world.post("/api/thread/withdraw", {"receipt": receipt}).status_code == 200  # again, as after a lost answer
    seen = world.read(receipt)
    assert (seen["stage"], seen["messages"], seen["actions"], seen["subject"]) == ("diarsipkan", [], [], "")
    assert write(world, receipt).status_code == 409
    assert not [path for path in world.blobs.root.rglob("*") if path.is_file()]
    case = unit.get(f"/desk/cases/{sent['tracking_id']}").get_json()
    assert (case["shredded"], case["messages"], case["actions"]) == (True, [], [])
    reply = {"body": "Terlambat.", "message_key": token_hex(8)}
    assert unit.post(f"/desk/cases/{sent['tracking_id']}/messages", reply).status_code == 409
    world.run_courier()
    assert sent["tracking_id"] in world.mailbox.letters[-1].text


def test_deleting_wants_a_tick_on_the_page(world: World) -> None:
    receipt = world.report()["receipt"]
    without = world.thread.post("/api/thread/withdraw", data={"receipt": receipt, "form": "withdraw"}, headers=HTML)
    assert without.status_code == 422
    assert "Centang bahwa Anda yakin" in without.text
    fields = {"receipt": receipt, "form": "withdraw", "sure": "yes"}
    assert "dihapus untuk selamanya" in world.thread.post("/api/thread/withdraw", data=fields, headers=HTML).text


def test_an_answer_takes_a_held_case_up_again(world: World) -> None:
    sent = world.report()
    coordinator = world.desk_of("kutim")
    held = coordinator.post(f"/desk/cases/{sent['tracking_id']}/stage", {"stage": "ditahan", "reason": "Sekolah mana?"})
    assert held.get_json()["stage"] == "ditahan"
    assert "Sekolah mana?" in world.read(sent["receipt"])["messages"][-1]["body"]
    write(world, sent["receipt"], "SDN 005.")
    assert world.read(sent["receipt"])["stage"] == "diverifikasi"


def test_the_page_shows_the_case_and_carries_the_receipt_only_in_forms(world: World) -> None:
    sent = world.report()
    page = world.thread.post("/api/thread", data={"receipt": sent["receipt"]}, headers=HTML)
    check_page(page.text)
    assert WORDS in page.text
    assert re.search(rf'name="receipt" value="{sent["receipt"]}"', page.text)
    assert not re.search(rf'(href|action)="[^"]*{sent["receipt"][:11]}', page.text)
    assert not page.headers.getlist("Set-Cookie")
    sends = {
        "/api/thread/messages": {"body": "Halo", "message_key": "m" * 16},
        "/api/thread/withdraw": {"sure": "yes"},
    }
    for path, fields in sends.items():
        answer = world.thread.post(path, data={"receipt": sent["receipt"], **fields}, headers=HTML)
        check_page(answer.text)
        assert answer.status_code in (200, 201)
    assert str(parse_receipt(sent["receipt"])) == sent["receipt"]


def test_one_side_may_fill_a_case_and_the_other_can_still_close_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append, "TALK_MAX", 3)
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    assert [write(world, sent["receipt"], f"Pesan {n}").status_code for n in range(4)] == [201, 201, 201, 409]
    answer = desk.post(f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Baik.", "message_key": token_hex(8)})
    assert answer.status_code == 201
    body = {"outcome": "dijelaskan", "reason": "Beres."}
    assert desk.post(f"/desk/cases/{sent['tracking_id']}/close", body).status_code == 200
    assert world.post("/api/thread/verdict", {"receipt": sent["receipt"], "verdict": "selesai"}).status_code == 200


def test_when_others_keep_writing_it_says_busy_and_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = world.report()["receipt"]

    def always_late(*_: object) -> None:
        raise VersionConflictError

    with monkeypatch.context() as patch:
        patch.setattr(type(world.store), "append", always_late)
        answer = write(world, receipt, "Kata", "k" * 16)
        assert (answer.status_code, answer.get_json()["code"]) == (503, "busy")
        form = {"receipt": receipt, "body": "Kata yang tetap ada", "message_key": "k" * 16}
        page = world.thread.post("/api/thread/messages", data=form, headers=HTML)
        assert (page.status_code, "Kata yang tetap ada" in page.text) == (503, True)
    assert write(world, receipt, "Kata", "k" * 16).status_code == 201


def test_a_writer_who_was_overtaken_tries_again_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = world.report()["receipt"]
    honest = type(world.store).append

    def once_late(self: object, change: Any, version: int) -> None:
        if next(late):
            write(world, receipt, "Yang lebih cepat")
        honest(self, change, version)  # type: ignore[arg-type]

    monkeypatch.setattr(type(world.store), "append", once_late)
    late = iter([True, False, False])
    assert write(world, receipt, "Yang kedua").get_json() == {"n": 3}
    assert [m["body"] for m in world.read(receipt)["messages"][1:]] == ["Yang lebih cepat", "Yang kedua"]


def test_a_file_whose_blob_is_gone_is_not_found(world: World) -> None:
    sent = world.report()
    upload(world, sent["receipt"], photo())
    world.blobs.delete_case(sent["tracking_id"])
    answer = world.thread.post("/api/thread/files/2", data={"receipt": sent["receipt"]}, headers=JSON)
    assert answer.status_code == 404


def test_words_with_a_verdict_are_never_cut_short(world: World) -> None:
    receipt, _, _ = closed(world)
    long = {"receipt": receipt, "verdict": "selesai", "reason": "x" * 2001}
    answer = world.post("/api/thread/verdict", long)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "reason")
    assert world.read(receipt)["actions"] == ["confirm", "reopen", "withdraw"]


def test_an_appeal_goes_past_the_desk_that_had_the_case(world: World) -> None:
    sent = world.report(about_agency="kutim-diskominfo")
    inspector = world.desk_of("kutim-inspektorat")
    body = {"outcome": "dijelaskan", "reason": "Beres."}
    path = f"/desk/cases/{sent['tracking_id']}/close"
    assert inspector.post(path, body).status_code == 200
    world.post("/api/thread/verdict", {"receipt": sent["receipt"], "verdict": "belum", "reason": "Belum."})
    assert inspector.post(path, body).status_code == 200
    assert world.post("/api/thread/appeal", {"receipt": sent["receipt"], "reason": "Naik."}).status_code == 200
    assert world.store.read_case(sent["tracking_id"]).head.holder == "pusat"


def test_without_public_keys_a_reopening_waits_and_its_words_come_back(world: World) -> None:
    receipt, _, _ = closed(world)
    kept = world.keys.public_file.read_text()
    world.keys.public_file.write_text("{")
    form = {"receipt": receipt, "verdict": "belum", "reason": "Lampu masih mati"}
    assert world.post("/api/thread/verdict", form).get_json()["code"] == "offline"
    page = world.thread.post("/api/thread/verdict", data=form | {"form": "belum"}, headers=HTML)
    check_page(page.text)
    assert (page.status_code, "Lampu masih mati" in page.text) == (503, True)
    world.keys.public_file.write_text(kept)
    assert world.post("/api/thread/verdict", form).get_json()["stage"] == "diproses"


def test_a_photo_is_made_smaller_unless_its_writer_wants_it_as_large_as_it_is(world: World) -> None:
    raw = BytesIO()
    Image.new("RGB", (2400, 1200), "teal").save(raw, "JPEG")
    receipt = world.report()["receipt"]
    assert upload(world, receipt, raw.getvalue()).status_code == 201
    assert upload(world, receipt, raw.getvalue(), keep_size="yes").status_code == 201
    sizes = []
    for n in (2, 3):
        back = world.thread.post(f"/api/thread/files/{n}", data={"receipt": receipt})
        sizes.append(Image.open(BytesIO(back.data)).size)
    assert sizes == [(1600, 800), (2400, 1200)]
