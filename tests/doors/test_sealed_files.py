"""Photos that their reporter's browser sealed: taken by the thread unopened, and distrusted by whoever reads them."""

import json
import re
from dataclasses import replace
from io import BytesIO
from secrets import token_bytes, token_hex
from threading import Event, Thread
from typing import Any

import pytest
from PIL import Image

from functions.actions.common import file_limits
from functions.actions.common.file_limits import QUARANTINE_BYTES, UNANSWERED_BYTES
from functions.actions.reporter.sealed_thread import ITEM_BYTES
from functions.casework.case import UNREAD, EventKind
from functions.casework.formats.attachments import MB
from functions.crypto.seal import sealing
from functions.crypto.sign import reporter_acts
from functions.sanitize.clean import FileRefusedError, Refusal
from tests.doors.test_sealed_thread import FOUND, MADE, faults, looked
from tests.doors.test_thread import photo, upload
from tests.markup import page
from tests.phone import Phone
from tests.world import JSON, Desk, World

HTML = {"Accept": "text/html"}


def large(size: int) -> bytes:
    """Bytes that need this bucket."""
    return token_bytes(size - 4)


def seen(desk: Desk, case_id: str, n: int) -> Any:
    return desk.get(f"/desk/cases/{case_id}/files/{n}")


def test_a_photo_is_sealed_signed_stored_once_and_read_by_the_desk(world: World) -> None:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    phone = looked(world, sent["receipt"])
    fields, blob = phone.sealed_file(photo())
    status, told = phone.post_file(fields, blob)
    assert (status, told["n"]) == (MADE, phone.head["version"] + 1)
    assert phone.post_file(fields, blob) == (status, told)  # the answer was lost: the same once
    case = world.store.read_case(sent["tracking_id"])
    event = case.events[-1]
    assert (event.kind, event.clear, len(event.sig)) == (EventKind.FILE, f"{UNREAD} 65536", 64)
    assert (len(case.events), faults(world)) == (told["n"], ())
    answer = seen(desk, sent["tracking_id"], event.n)
    assert (answer.status_code, answer.mimetype) == (FOUND, "image/jpeg")
    assert Image.open(BytesIO(answer.data)).size == (320, 200)
    assert world.thread.post(f"/api/thread/files/{event.n}", json={"receipt": sent["receipt"]}).data == answer.data
    phone.look()
    assert phone.fetch(event.n) == (FOUND, photo())  # as it lies: nothing opens it on the way
    assert case.head.history.from_reporter == world.store.read_head(sent["tracking_id"]).history.from_reporter


def test_an_officers_file_is_fetched_sealed_and_only_with_the_look_up_value(world: World) -> None:
    sent, other = world.report(), world.report()
    desk = world.hand_over(sent["tracking_id"])
    given = {"file": (BytesIO(photo("blue")), "x.jpg"), "file_key": token_hex(8)}
    path = f"/desk/cases/{sent['tracking_id']}/files"
    n = desk.client.post(path, data=given, headers=JSON | {"X-CSRF-Token": desk.csrf}).get_json()["n"]
    phone = looked(world, sent["receipt"])
    status, raw = phone.fetch(n)
    assert (status, raw[:3]) == (FOUND, b"\xff\xd8\xff")
    name = phone.words()[-1]["blob"]
    asked = {"case_id": phone.keys.case_id, "look": phone.keys.look.hex(), "blob": name}
    foreign = looked(world, other["receipt"])
    rests = world.store.read_head(sent["tracking_id"]).wraps.lookup.hex()
    for wrong in ({"look": rests}, {"look": foreign.keys.look.hex()}, {"blob": "0" * 32}, {"blob": "../../x"}):
        assert phone.call(f"/api/thread/files/{n}", asked | wrong)[0] == 404
    assert foreign.call(f"/api/thread/files/{n}", asked | {"case_id": foreign.keys.case_id})[0] == 404
    assert phone.act("withdraw")[0] == MADE
    assert phone.call(f"/api/thread/files/{n}", asked)[0] == 404


@pytest.mark.parametrize(
    "changes",
    [{"sig": "0" * 128}, {"n": 9}, {"once": "0" * 32}, {"clear": f"{UNREAD} 131072"}, {"clear": "65536"}, {"once": ""}],
    ids=str,
)
def test_what_was_altered_on_the_way_stores_nothing(world: World, changes: dict[str, Any]) -> None:
    sent = world.report()
    phone = looked(world, sent["receipt"])
    fields, blob = phone.sealed_file(photo())
    assert phone.post_file(fields | changes, blob)[0] in (404, 422)
    assert world.store.read_head(sent["tracking_id"]).version == 1
    name = sealing.sealed_blob_name(phone.keys.case_id, bytes.fromhex(fields["once"]))
    asked = {"case_id": phone.keys.case_id, "look": phone.keys.look.hex(), "blob": name}
    assert phone.call("/api/thread/files/2", asked)[0] == 404


def test_a_file_act_comes_with_a_file_and_no_other_act_does(world: World) -> None:
    phone = looked(world, world.report()["receipt"])
    fields, blob = phone.sealed_file(photo())
    assert phone.call("/api/thread/acts", fields)[0] == 422
    assert phone.post_file(phone.made("message", {"body": "x"}), blob)[0] == 422
    for wrong in (b"", blob[:-1], b"\x02" + blob[1:], blob + bytes(4096)):
        assert phone.post_file(fields, wrong)[0] == 422
    assert phone.post_file(fields, blob)[0] == MADE


def test_a_photo_by_script_and_one_by_the_server_leave_the_same_record(world: World) -> None:
    one, two = world.report(), world.report()
    assert looked(world, one["receipt"]).attach(photo())[0] == MADE
    assert upload(world, two["receipt"], photo()).status_code == MADE
    script, server = (world.store.read_case(sent["tracking_id"]).events[-1] for sent in (one, two))
    assert (len(script.sealed), len(script.sig)) == (len(server.sealed), len(server.sig)) == (ITEM_BYTES, 64)
    assert (script.clear, server.clear) == (f"{UNREAD} 65536", "65536")
    sizes = {path.stat().st_size for path in (world.folder / "blobs").rglob("*") if path.is_file()}
    assert sizes == {65536 + sealing.ITEM_OVERHEAD}


def test_the_limits_are_those_of_the_other_way(world: World) -> None:
    sent = world.report()
    phone = looked(world, sent["receipt"])
    assert phone.attach(large(5 * MB + 1))[1]["errors"][0]["field"] == "file"
    taken = 0
    for _ in range(3):
        phone.look()
        status, _ = phone.attach(large(4 * MB))
        taken += status == MADE
    assert (taken * 4 * MB <= UNANSWERED_BYTES, taken) == (True, 3)
    phone.look()
    assert phone.attach(photo())[1]["code"] == "too_many"
    assert upload(world, sent["receipt"], photo()).get_json()["code"] == "too_many"  # both ways count together
    desk = world.hand_over(sent["tracking_id"])
    assert desk.post(
        f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Terima kasih.", "message_key": token_hex(8)}
    )
    for _ in range(5):
        phone.look()
        assert phone.attach(photo())[0] == MADE
    phone.look()
    assert phone.attach(photo())[1]["code"] == "too_many"


def test_in_quarantine_a_case_brings_less(world: World) -> None:
    sent = world.report()
    with world.store.engine.write() as db:
        db.execute("UPDATE cases SET quarantined = 1 WHERE case_id = ?", (sent["tracking_id"],))
    phone = looked(world, sent["receipt"])
    assert phone.attach(large(4 * MB))[0] == MADE
    phone.look()
    assert phone.attach(large(4 * MB))[1]["code"] == "too_many"
    assert QUARANTINE_BYTES < 8 * MB


def at_rest(world: World) -> int:
    return sum(path.stat().st_size for path in (world.folder / "blobs").rglob("*") if path.is_file())


def test_who_races_their_own_acts_does_not_fill_the_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a file is stored, another and a message of the same number come in."""
    sent = world.report()
    phone = looked(world, sent["receipt"])
    blobs, put, answers = type(world.converse.blobs), type(world.converse.blobs).put, list[int]()

    def raced(*told: Any) -> None:
        put(*told)
        monkeypatch.setattr(blobs, "put", put)
        answers.append(phone.attach(large(4 * MB))[0])
        assert phone.act("message", {"body": "Sekali lagi."})[0] == MADE

    for _ in range(8):
        monkeypatch.setattr(blobs, "put", raced)
        phone.look()
        answers.append(phone.attach(large(4 * MB))[0])
    assert answers[:2] == [503, 409]
    assert phone.attach(photo())[1]["code"] == "too_many"
    assert at_rest(world) < 5 * 4.1 * MB


def test_a_file_that_is_stored_while_its_case_goes_does_not_stay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = world.report()
    phone = looked(world, sent["receipt"])
    blobs, put = type(world.converse.blobs), type(world.converse.blobs).put

    def slow(*told: Any) -> None:
        world.post("/api/thread/withdraw", {"receipt": sent["receipt"]})
        put(*told)

    monkeypatch.setattr(blobs, "put", slow)
    assert phone.attach(photo())[0] == 409
    assert at_rest(world) == 0


def test_who_asks_for_many_files_at_once_keeps_no_others_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = world.report()
    _, told = looked(world, sent["receipt"]).attach(photo())
    asked, again = (f"/api/thread/files/{told['n']}", {"receipt": sent["receipt"]}), list[int]()
    cleaned = file_limits.clean

    def slow(*raw: Any, **how: Any) -> Any:
        again.append(world.thread.post(asked[0], json=asked[1]).status_code)
        return cleaned(*raw, **how)

    monkeypatch.setattr(file_limits, "clean", slow)
    assert (world.thread.post(asked[0], json=asked[1]).status_code, again) == (FOUND, [503])


def hostile(world: World, phone: Phone, what: str) -> Any:
    """What a foreign browser may seal and sign as a photo."""
    picture = BytesIO()
    Image.new("RGB", (320, 200)).save(picture, "PNG")
    page = b"<!doctype html><script>alert(1)</script>"
    if what == "another after":
        fields, _ = phone.sealed_file(photo())
        name = sealing.sealed_blob_name(phone.keys.case_id, bytes.fromhex(fields["once"]))
        return phone.post_file(fields, sealing.seal_blob(phone.key, phone.keys.case_id, name, photo("blue")))
    if what == "another key":
        fields, blob = phone.sealed_file(photo())
        return phone.post_file(fields, blob[:20] + bytes(40) + blob[60:])
    made: dict[str, tuple[bytes, dict[str, str]]] = {
        "no picture": (token_bytes(3000), {}),
        "a page": (page, {}),
        "a page as text": (page + b"\xff\xfe\x00", {"type": "text/plain"}),
        "polyglot": (photo()[:200] + page, {}),
        "another type": (picture.getvalue(), {}),
        "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", {"type": "image/svg+xml"}),
        "no size": (photo(), {"size": "-1"}),
        "a path": (photo(), {"blob": "../../../etc/passwd"}),
        "a case's other": (photo(), {"blob": "0" * 32}),
        "no source": (photo(), {"source": ""}),
    }
    raw, words = made[what]
    return phone.attach(raw, **{"media_type" if k == "type" else k: v for k, v in words.items()})


@pytest.mark.parametrize(
    "what",
    [
        *("no picture", "a page", "a page as text", "polyglot", "another type", "svg", "no size", "a path"),
        *("a case's other", "no source", "another after", "another key"),
    ],
)
def test_nothing_but_a_real_file_reaches_an_officer_and_the_case_can_be_closed(world: World, what: str) -> None:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    phone = looked(world, sent["receipt"])
    status, told = hostile(world, phone, what)
    assert status == MADE
    path = f"/desk/cases/{sent['tracking_id']}"
    answer = seen(desk, sent["tracking_id"], told["n"])
    assert answer.status_code in (404, 422), answer.data[:80]
    assert b"alert" not in answer.data
    shown = desk.client.get(f"{path}/files/{told['n']}", headers=HTML)
    assert (shown.status_code, "alert" in shown.text) == (answer.status_code, False)
    assert desk.get(path).status_code == desk.client.get(path, headers=HTML).status_code == FOUND
    assert world.thread.post("/api/thread", json={"receipt": sent["receipt"]}).status_code == FOUND
    assert phone.look() == FOUND
    closing = {"outcome": "dijelaskan", "reason": "Sudah dijelaskan."}
    assert desk.post(f"{path}/close", closing).status_code == FOUND
    assert faults(world) == ()


def test_a_photo_with_data_in_it_reaches_the_officer_without(world: World) -> None:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    exif, out = Image.Exif(), BytesIO()
    exif[0x010F] = "kenariputih"
    Image.new("RGB", (2400, 1800), "red").save(out, "JPEG", exif=exif, comment=b"kenariputih")
    status, told = looked(world, sent["receipt"]).attach(out.getvalue())
    assert status == MADE
    answer = seen(desk, sent["tracking_id"], told["n"])
    assert (answer.status_code, b"kenariputih" in answer.data) == (FOUND, False)
    assert Image.open(BytesIO(answer.data)).size == (2400, 1800)


def test_where_too_many_are_being_cleaned_the_officer_tries_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    _, told = looked(world, sent["receipt"]).attach(photo())

    def busy(*_: Any, **__: Any) -> None:
        raise FileRefusedError(Refusal.BUSY)

    monkeypatch.setattr("functions.actions.common.file_limits.clean", busy)
    assert seen(desk, sent["tracking_id"], told["n"]).status_code == 503


def test_the_desk_makes_one_file_anew_at_a_time_and_has_two_in_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five heavy ones that somebody asks for together hold no more than two of the desk's threads."""
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    phone, numbers = looked(world, sent["receipt"]), list[int]()
    for _ in range(5):
        phone.look()
        numbers.append(phone.attach(photo())[1]["n"])
    path, end, now, most = f"/desk/cases/{sent['tracking_id']}/files", Event(), [0], [0]
    codes, real = list[int](), file_limits.clean

    def slow(*raw: Any, **how: Any) -> Any:
        now[0] += 1
        most[0] = max(most[0], now[0])
        end.wait(30)
        now[0] -= 1
        return real(*raw, **how)

    def opens(n: int) -> None:
        codes.append(desk.get(f"{path}/{n}").status_code)
        if len(codes) == 3:
            end.set()

    monkeypatch.setattr(file_limits, "clean", slow)
    threads = [Thread(target=opens, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (codes, most) == ([503, 503, 503, FOUND, FOUND], [1])
    assert desk.get(f"{path}/{numbers[4]}").status_code == FOUND


def test_an_officers_page_asks_for_no_file_that_a_browser_sealed(world: World) -> None:
    """It is folded, and fetched when it is unfolded; one that the server cleaned is shown as before."""
    one, two = world.report(), world.report()
    assert looked(world, one["receipt"]).attach(photo())[0] == MADE
    assert upload(world, two["receipt"], photo()).status_code == MADE
    folded = {}
    for sent in (one, two):
        shown = page(
            world.hand_over(sent["tracking_id"]).client.get(f"/desk/cases/{sent['tracking_id']}", headers=HTML)
        )
        (picture,) = [img for img in shown.iter("img") if "/files/" in (img.get("src") or "")]
        assert picture.get("loading") == "lazy"
        folded[sent["tracking_id"]] = [
            each for each in shown.iter("details") if picture in each.iter("img") and each.get("open") is None
        ]
        again = [each for found in folded[sent["tracking_id"]] for each in found.iter("a")]
        # A picture that came while too many were being cleaned is a broken one, and no script is here to say so.
        assert [a.get("href") for a in again if "Muat lagi" in (a.text or "")] == [picture.get("src")] * len(again[1:])
    assert [len(found) for found in folded.values()] == [1, 0]


def test_officers_have_places_of_their_own_in_the_desks_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one who unfolds many pictures holds up the office (``tests/sanitize/test_line.py``)."""
    sent, real, who = world.report(), file_limits.DESK_LINE.turn, list[str]()
    desk = world.hand_over(sent["tracking_id"])
    _, told = looked(world, sent["receipt"]).attach(photo())
    monkeypatch.setattr(file_limits.DESK_LINE, "turn", lambda officer: (who.append(officer), real(officer))[1])
    assert seen(desk, sent["tracking_id"], told["n"]).status_code == FOUND
    assert who == [world.officer("kutim-dpupr").ident]


def test_an_invented_photo_is_found(world: World) -> None:
    sent = world.report()
    assert looked(world, sent["receipt"]).attach(photo())[0] == MADE
    case = world.store.read_case(sent["tracking_id"])
    assert reporter_acts.forged(case) == ""
    for forged in ({"sig": b""}, {"sig": bytes(64)}, {"clear": f"{UNREAD} 131072"}, {"sealed": bytes(1821)}):
        events = (*case.events[:-1], replace(case.events[-1], **forged))
        assert "not signed" in reporter_acts.forged(case._replace(events=events))


def test_nothing_of_it_is_stored_in_clear(world: World) -> None:
    sent = world.report()
    phone = looked(world, sent["receipt"])
    fields, _ = phone.sealed_file(photo())
    assert phone.attach(photo())[0] == MADE
    plain = json.dumps({name: value for name, value in fields.items() if name != "item"})
    assert not re.search("image|jpeg", plain)
    for path in world.folder.rglob("*"):
        if path.is_file():
            assert photo()[100:200] not in path.read_bytes(), path
