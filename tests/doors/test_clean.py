"""A document made anew by a door that is not told whose it is: what it takes, what it refuses, and who is let in."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.casework.formats.attachments import DOCX, JPEG, MB, ODT, PDF, TEXT, XLSX
from functions.cleaner import app as cleaner
from functions.cleaner.main import create_app
from functions.cleaner.work import HOUR_SECONDS, NONCE_BYTES, TIMES, Spent
from functions.config.settings import load_settings
from functions.edge.request_filter import BUCKET_HEADER
from functions.local.door import make_door_app
from functions.sanitize.clean import FileRefusedError, Refusal
from tests.cleaning import PATH, posted, unworked, worked
from tests.doors.test_sealed_thread import FOUND, MADE, looked
from tests.sanitize import samples, samples_hostile, samples_odt, samples_office, samples_pdf, samples_sheet
from tests.world import JSON, World

RECEIPT = "9XH2R-Z23T1-SNKGW-WMBW2-N4WPN"
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    TEXT: lambda: b"Surat kepada kepala dinas.\n",
    PDF: samples_pdf.pdf,
    DOCX: samples_office.docx,
    XLSX: samples_sheet.xlsx,
    ODT: samples_odt.odt,
}


def brought(client: Any, raw: bytes, bucket: str = "", **changes: str) -> Any:
    body, kind = posted(raw, **changes)
    return client.post(PATH, data=body, content_type=kind, headers=JSON | {BUCKET_HEADER: bucket})


@pytest.mark.parametrize("media_type", DOCUMENTS, ids=lambda kind: kind.rpartition(".")[2].rpartition("/")[2])
def test_a_document_comes_back_without_what_identifies_and_the_desk_makes_it_anew_again(
    world: World, media_type: str
) -> None:
    raw = DOCUMENTS[media_type]()
    answer = brought(world.cleaner, raw)
    assert (answer.status_code, answer.mimetype) == (FOUND, media_type), answer.data[:200]
    assert samples.holds_canary(raw) is (media_type != TEXT)
    assert not samples.holds_canary(answer.data)
    assert answer.headers["Cache-Control"] == "no-store"
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    status, told = looked(world, sent["receipt"]).attach(answer.data, media_type)
    assert status == MADE
    seen = desk.get(f"/desk/cases/{sent['tracking_id']}/files/{told['n']}")
    assert (seen.status_code, seen.mimetype, samples.holds_canary(seen.data)) == (FOUND, media_type, False)
    hostile = looked(world, sent["receipt"]).attach(raw, media_type)[1]["n"]  # as a foreign browser may
    seen = desk.get(f"/desk/cases/{sent['tracking_id']}/files/{hostile}")
    assert (seen.status_code, samples.holds_canary(seen.data)) == (FOUND, False)


def test_a_photo_may_come_too_where_a_phone_cannot_make_it_anew(world: World) -> None:
    raw = samples.jpeg(samples.picture((2400, 1800)))
    answer = brought(world.cleaner, raw)
    assert (answer.mimetype, samples.holds_canary(answer.data)) == (JPEG, False)
    assert max(samples.open_image(answer.data).size) == 1600
    assert samples.open_image(brought(world.cleaner, raw, keep_size="yes").data).size == (2400, 1800)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: samples_office.docx(f"<w:p><w:r><w:t>Kode saya {RECEIPT}</w:t></w:r></w:p>"), "file_receipt"),
        (f"Kode saya {RECEIPT}.\n".encode, "file_receipt"),
        (lambda: samples_pdf.encrypted(owner="a", user="b"), "file_encrypted_pdf"),
        (samples_hostile.zip_bomb, "file_too_complex"),
        (samples_hostile.many_entries, "file_too_complex"),
        (lambda: b"\x7fELF" + bytes(2000), "file_unknown_type"),
        (lambda: b"MZ" + bytes(range(256)) * 9, "file_unknown_type"),
        (lambda: b"GIF89a" + bytes(200), "file_moving_picture"),
        (lambda: samples_pdf.pdf()[:-700], "file_damaged"),
        (lambda: samples_office.docx()[:900], "file_damaged"),
        (lambda: b"a" * (5 * MB + 1), "file_too_large"),
    ],
)
def test_what_is_not_taken_is_refused_by_a_code_and_nothing_of_it_is_quoted(
    world: World, made: Callable[[], bytes], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The page says it in its own words by the code (``site/file_words.py``); law 12 holds here as on other ways."""
    raw = made()
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    answer = brought(world.cleaner, raw)
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (422, code), told
    assert told["detail"]
    assert RECEIPT not in answer.text
    assert caplog.records == []


def test_a_file_needs_work_of_its_own(world: World) -> None:
    raw, other = b"Surat.\n", b"Surat lain.\n"
    for changes in (
        {"nonce": "", "count": ""},
        unworked(raw, bytes(NONCE_BYTES)),
        {"nonce": "zz" * 16},
        {"count": "-1"},
        {"count": "9" * 30},
        unworked(raw, bytes.fromhex(worked(other)["nonce"])),
    ):
        answer = brought(world.cleaner, raw, **changes)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "no_work"), changes
    assert world.cleaner.post(PATH, json={}, headers=JSON).status_code == 422
    assert world.cleaner.post(PATH, data=b"x", content_type="application/pdf", headers=JSON).status_code == 415
    assert world.cleaner.get(PATH, headers=JSON).status_code == 405


def test_the_same_work_lets_in_a_few_times_since_answers_get_lost(world: World) -> None:
    fields = worked(b"Surat.\n")
    codes = [brought(world.cleaner, b"Surat.\n", **fields).status_code for _ in range(TIMES + 1)]
    assert codes == [FOUND] * TIMES + [403]
    assert brought(world.cleaner, b"Surat.\n", **fields).get_json()["code"] == "no_work"


def test_a_work_is_good_for_its_hour_and_the_ones_beside_it_and_never_counted_anew() -> None:
    """Else a store of works, made once, would be good for ever."""
    now, raw = [100.5 * HOUR_SECONDS], b"Surat.\n"
    spent, digest = Spent(lambda: now[0]), sha256(raw).digest()

    def hour_of(made: dict[str, str]) -> int | None:
        return spent.hour_of(digest, bytes.fromhex(made["nonce"]), int(made["count"]))

    assert [hour_of(worked(raw, hour)) for hour in (97, 98, 99, 100, 101, 102)] == [None, None, 99, 100, 101, None]
    for hour in (99.5, 100.5, 101.5):
        now[0] = hour * HOUR_SECONDS
        assert spent.spend(b"x", 100) is (hour < 101)
        assert spent.spend(b"x", 100) is (hour < 100)
    assert spent.spend(b"y", 100)
    for hour in range(105, 110):
        now[0] = hour * HOUR_SECONDS
        assert spent.spend(b"x", hour)
    assert sum(map(len, spent._seen.values())) == 2  # what is too old to be tried again is forgotten


@pytest.mark.long
def test_who_was_told_to_come_again_has_spent_nothing() -> None:
    """An honest phone brings the same work each time; it would be given up for a reason that is none."""

    class Full:
        full = True

        @contextmanager
        def turn(self, _: str) -> Iterator[None]:
            if self.full:
                raise FileRefusedError(Refusal.BUSY)
            yield

    line, fields = Full(), worked(b"Surat.\n")
    client = cleaner.make_app(https=False, file_mb=5, line=line).test_client()  # type: ignore[arg-type]
    codes = [brought(client, b"Surat.\n", **fields).status_code for _ in range(2 * TIMES)]
    line.full = False
    codes += [brought(client, b"Surat.\n", **fields).status_code for _ in range(TIMES + 1)]
    assert codes == [503] * 2 * TIMES + [FOUND] * TIMES + [403]


@pytest.mark.parametrize("lost", [40, 60, 400])
def test_a_body_that_was_cut_on_its_way_is_no_other_file(world: World, lost: int) -> None:
    body, kind = posted(b"Surat kepada kepala dinas.\n" * 40)
    cut = world.cleaner.post(PATH, data=body[:-lost], content_type=kind, headers=JSON)
    assert cut.status_code in (400, 403, 422), cut.text
    announced = {"CONTENT_LENGTH": str(len(body))}
    cut = world.cleaner.post(PATH, data=body[:-lost], content_type=kind, headers=JSON, environ_overrides=announced)
    assert cut.status_code in (400, 403, 422), cut.text


@pytest.mark.long
def test_of_100_at_once_one_is_cleaned_few_wait_and_the_others_are_told_to_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come from a hundred addresses, and one more at the end finds an open door."""
    app = cleaner.make_app(https=False, file_mb=5)
    begun, end, at_once, most = Event(), Event(), [0], [0]
    real = cleaner.clean

    def slow(*raw: Any, **how: Any) -> Any:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        begun.set()
        end.wait(30)
        at_once[0] -= 1
        return real(*raw, **how)

    monkeypatch.setattr(cleaner, "clean", slow)
    sent, codes = [posted(f"Surat {nth}.\n".encode()) for nth in range(100)], list[int]()

    def send(nth: int) -> None:
        headers = JSON | {BUCKET_HEADER: f"{nth:08x}"}
        answer = app.test_client().post(PATH, data=sent[nth][0], content_type=sent[nth][1], headers=headers)
        codes.append(answer.status_code)
        if len(codes) == 96:
            end.set()

    threads = [Thread(target=send, args=(nth,)) for nth in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(set(codes)) == [FOUND, 503]
    assert (codes.count(FOUND), codes[:96], most[0]) == (4, [503] * 96, 1)
    assert brought(app.test_client(), b"Surat terakhir.\n", "ffffffff").status_code == FOUND


def test_nothing_of_it_is_kept_and_nothing_is_set(tmp_path: Path) -> None:
    """As one machine runs it: a process with no key and no store."""
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    client = create_app(settings).test_client()
    answer = brought(client, samples_pdf.pdf())
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (FOUND, [])
    assert [*tmp_path.rglob("*")] == []
    assert "berkas" in answer.headers["Content-Disposition"]
    assert make_door_app(settings, "cleaner") is not None
    assert [*tmp_path.rglob("*")] == []


def test_a_receipt_that_somebody_sends_along_is_read_by_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fields are three; whatever else a foreign page adds changes nothing."""
    read: set[str] = set()

    class Watched(dict[str, str]):
        def get(self, name: str, *default: Any) -> Any:
            read.add(name)
            return super().get(name, *default)

    real = cleaner.fields
    monkeypatch.setattr(cleaner, "fields", lambda: Watched(real()))
    answer = brought(world.cleaner, b"Surat.\n", receipt=RECEIPT, case_id="4F7K-2M9Q-XR3D", look="0" * 64)
    assert (answer.status_code, answer.data) == (FOUND, b"Surat.\n")
    assert read == {"nonce", "count", "keep_size"}


def test_the_document_and_its_case_meet_in_no_request_and_the_clean_bytes_are_sealed(world: World) -> None:
    sent = world.report()
    phone = looked(world, sent["receipt"])
    made = brought(world.cleaner, DOCUMENTS[PDF]()).data
    fields, blob = phone.sealed_file(made, PDF)
    _, body = encode_multipart(fields | {"file": FileStorage(BytesIO(blob), "-")})
    assert made[200:260] not in body
    assert json.dumps(fields).find("pdf") < 0
    body, _ = posted(made)
    for secret in (sent["receipt"], phone.keys.case_id, phone.keys.look.hex(), fields["once"]):
        assert secret.encode() not in body
    assert set(re.findall(rb'name="(\w+)"', body)) == {b"nonce", b"count", b"file"}
    assert phone.post_file(fields, blob)[0] == MADE
    for path in world.folder.rglob("*"):
        if path.is_file():
            assert made[200:260] not in path.read_bytes()
