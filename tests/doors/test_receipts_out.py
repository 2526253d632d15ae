"""A receipt that somebody hides in a text, on every way in and in every text of a case (law 12).

It is never in what the store's opened words hold, never on an officer's page, in no mail and in no SMS.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from secrets import token_hex

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.receipt import Receipt, parse_receipt, receipt_from_bytes
from functions.casework.understanding.receipts import TAKEN_OUT
from functions.crypto.open import opening
from functions.crypto.open.replies import open_reply
from functions.crypto.seal.reply_keys import REPLY_VERSION
from functions.crypto.seal.sealing import receipt_keys
from tests.depth import deep
from tests.doors import test_linked as linked
from tests.doors import test_sms as sms
from tests.doors.test_desk import attach, photo
from tests.doors.test_sealed import forged, send
from tests.spelled_receipts import shows, spellings
from tests.ways_in import IN_CLEAR, Way, by_counter, by_json, by_sms
from tests.world import JSON, Desk, World

HIDDEN = receipt_from_bytes(bytes(range(40, 53)))
CODE = str(HIDDEN)
EASY = settings(max_examples=deep(600, 30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
world = linked.world  # a unit in it has a system of its own


def opened(world: World, receipt: str) -> OpenedCase:
    keys = receipt_keys(parse_receipt(receipt))
    case = world.store.read_case(keys.case_id)
    return OpenedCase(case, opening.unwrap_with_receipt(keys, case.head.wraps.receipt))


def stored(world: World, receipt: str) -> str:
    """All that lies under the seals of a case, opened as it lies there: nothing is masked on the way."""
    it = opened(world, receipt)
    n, key = it.head.case_id, it.case_key
    lies = [opening.open_item(key, n, 0, "subject", it.head.wraps.subject).decode()]
    for event in it.case.events:
        if event.sealed[:1] == REPLY_VERSION:
            lies += open_reply(it.reply_key(event.agency), n, event.kind, event.sealed).values()
        elif event.sealed:
            plain = json.loads(opening.open_item(key, n, event.n, event.kind, event.sealed))
            lies += [text for name, text in plain.items() if name not in ("reply_key", "blob", "source")]
    return "\n".join(lies)


def seen(desk: Desk, case_id: str) -> str:
    """All that an officer is shown of a case, as a page and as JSON, and the list it is in."""
    path = f"/desk/cases/{case_id}"
    case = desk.get(path)
    assert case.status_code == 200, case.data
    return "\n".join(
        (*_texts(case.get_json()), desk.client.get(path, headers={"Accept": "text/html"}).text, desk.get("/desk/").text)
    )


def _texts(raw: object) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    for each in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        yield from _texts(each)


def letters(world: World) -> str:
    world.run_courier()
    mails = (f"{mail.subject}\n{mail.text}\n{mail.html}" for mail in world.mailbox.letters)
    return "\n".join((*mails, *(text.text for text in world.phone.texts)))


def test_a_receipt_in_a_report_is_out_on_every_way_in(world: World) -> None:
    by_counter(world, {})  # the clerk signs in first: that takes an hour of the world
    desk = world.desk_of("kutim")
    hidden: list[Receipt] = []

    @EASY
    @given(spellings(), st.sampled_from(IN_CLEAR), st.sampled_from(("subject", "place", "about_officials")))
    def check(spelled: tuple[Receipt, str], way: Way, field: str) -> None:
        secret, text = spelled
        facts = {"body": f"Jalan rusak parah. {text}"}
        if way is not IN_CLEAR[2] and len(text) < 150:  # an SMS has no other fields
            facts[field] = text
        receipt, case_id = way(world, facts)
        hidden.append(secret)
        assert not shows(stored(world, receipt), secret)
        assert not shows(seen(desk, case_id), secret)

    check()
    left = letters(world)
    assert not any(shows(left, secret) for secret in hidden)


def in_a_case(world: World, receipt: str, case_id: str, desk: Desk) -> tuple[Callable[[str], object], ...]:
    """Every act by which words come into an open case."""
    once = itertools.count(10**15)
    path = f"/desk/cases/{case_id}"

    def reporter(body: str) -> object:
        said = {"receipt": receipt, "body": body, "message_key": str(next(once))}
        return world.post("/api/thread/messages", said)

    return (
        reporter,
        lambda text: desk.post(f"{path}/messages", {"body": text, "message_key": str(next(once))}),
        lambda text: desk.post(f"{path}/notes", {"body": text, "message_key": str(next(once))}),
        lambda text: desk.post(f"{path}/unmask", {"n": "1", "ground": "records", "reason": text}),
        lambda text: desk.post(f"{path}/priority", {"on": ("yes", "no")[next(once) % 2], "reason": text}),
    )


def test_a_receipt_in_any_text_of_a_case_is_out(world: World) -> None:
    receipt, case_id = by_json(world, {})
    desk = world.hand_over(case_id, "kutim-dishub")
    acts = in_a_case(world, receipt, case_id, desk)
    hidden: list[Receipt] = []

    @EASY
    @given(spellings(), st.integers(0, len(acts) - 1))
    def check(spelled: tuple[Receipt, str], which: int) -> None:
        secret, text = spelled
        acts[which](f"Perlu. {text}")
        hidden.append(secret)

    check()
    lies, shown, left = stored(world, receipt), seen(desk, case_id), letters(world)
    assert lies.count(TAKEN_OUT) > len(hidden) // 4
    for secret in hidden:
        assert not shows(lies, secret)
        assert not shows(shown, secret)
        assert not shows(left, secret)


def test_closing_verdict_and_appeal_take_it_out(world: World) -> None:
    receipt, case_id = by_json(world, {})
    desk = world.hand_over(case_id, "kutim-dishub")
    text = f"Sudah. Kode {CODE.replace('-', ' / ').lower()} saya."

    def done(answer: object) -> None:
        assert getattr(answer, "status_code", 0) in (200, 201), getattr(answer, "data", answer)

    def close() -> None:
        done(desk.post(f"/desk/cases/{case_id}/messages", {"body": text, "message_key": "ab" * 8}))
        done(desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": text}))

    close()
    done(world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": text}))
    desk = world.desk_of("kutim-dishub")
    done(desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": text}))
    done(world.post("/api/thread/appeal", {"receipt": receipt, "reason": text}))
    lies = stored(world, receipt)
    assert lies.count(TAKEN_OUT) == 5
    assert not shows(lies, HIDDEN)
    assert not shows(letters(world), HIDDEN)


def test_a_receipt_over_two_messages_is_out(world: World) -> None:
    """As two SMS, or two answers: the end is taken out before it is stored, and both halves when they are read."""
    receipt, case_id = by_json(world, {})
    desk = world.desk_of("kutim")
    for n, body in enumerate((f"Kode saya {CODE[:14]}", f"{CODE[14:]} sekian")):
        said = {"receipt": receipt, "body": body, "message_key": f"kunci000{n}"}
        for _ in range(2):  # the same again is no other text
            assert world.post("/api/thread/messages", said).status_code == 201
    assert not shows(stored(world, receipt), HIDDEN)
    assert f"{TAKEN_OUT} sekian" in stored(world, receipt)
    assert CODE[:11] not in seen(desk, case_id)


def test_what_lies_in_the_store_of_before_is_masked_on_reading(world: World) -> None:
    """A browser that is not ours, or an older release, sealed a receipt: nobody reads it, nor who unmasks, nor a
    system; also with a typing error."""
    mistyped = CODE[:12] + ("2" if CODE[12] != "2" else "3") + CODE[13:]
    words = {"body": f"Kode {CODE.replace('-', '.')} atau {mistyped}", "subject": CODE, "place": "Sangatta"}
    body, receipt = forged(world, json.dumps(words).encode(), subject=CODE.encode())
    assert send(world, body).status_code == 201
    case_id = body["case_id"]
    assert shows(stored(world, receipt), HIDDEN)
    desk = world.desk_of("kutim")
    for text in (seen(desk, case_id), world.post("/api/thread", {"receipt": receipt}).text):
        assert not shows(text, HIDDEN)
        assert mistyped not in text


def test_what_an_agencys_system_says_and_is_told_has_none(world: World, system: linked.LinkedSystem) -> None:
    told = linked.hand(world, body=f"Jalan rusak, kode {CODE}.")
    world.run_courier()
    system.say("R-1", f"Kode Anda {CODE.replace('-', '')} kami catat.")
    assert linked.hear(world) == 1
    body = {"receipt": told["receipt"], "body": f"Kode saya {CODE.lower()}", "message_key": "kunci0001"}
    assert world.post("/api/thread/messages", body).status_code == 201
    world.run_courier()
    assert system.requests
    assert system.updates
    assert not shows(json.dumps([system.requests, system.updates]), HIDDEN)
    lies = stored(world, told["receipt"])
    assert lies.count(TAKEN_OUT) == 3
    assert not shows(lies, HIDDEN)


@pytest.mark.parametrize("first", ["report", "answer"])
def test_an_agencys_system_is_told_no_end_of_one_that_began_in_what_it_has(
    world: World, system: linked.LinkedSystem, first: str
) -> None:
    """It puts its texts one under the other: there both halves were one receipt."""
    secret = parse_receipt("8VG4N-T4MXP-FD2XM-0N269-KKHM6")  # neither half looks like a card's number, as most do
    begun, end = "Jalan rusak. Kode saya 8VG4N-T4MXP-FD2XM", "0N269-KKHM6 sekian"
    told = linked.hand(world, **({"body": begun} if first == "report" else {}))
    world.run_courier()
    for n, body in enumerate([end] if first == "report" else [begun, end]):
        said = {"receipt": told["receipt"], "body": body, "message_key": f"kunci000{n}"}
        assert world.post("/api/thread/messages", said).status_code == 201
        world.run_courier()
    texts = [each["description"] for each in (*system.requests, *system.updates)]
    assert "sekian" in texts[-1]
    assert not shows("\n".join(texts), secret)


def test_a_wrong_or_unknown_code_by_sms_touches_no_case(world: World) -> None:
    receipt, case_id = by_sms(world, {"body": "Lampu jalan di Sangatta Utara mati."})
    wrong = receipt[:-1] + ("2" if receipt[-1] != "2" else "3")
    before = world.store.read_case(case_id)
    for code in (CODE, wrong):
        for command in ("BALAS {} sudah saya cek", "CEK {}", "SELESAI {}", "BELUM {} masih mati", "TUTUP {}"):
            world.said(command.format(code))
    assert world.store.read_case(case_id) == before
    assert not shows(letters(world), HIDDEN)


def test_a_receipt_in_the_name_of_a_file_rests_nowhere(world: World) -> None:
    """A phone names a photo of a receipt after what stands on it. The name ends with the request."""
    receipt, case_id = by_json(world, {})
    desk = world.hand_over(case_id)

    @settings(EASY, max_examples=deep(60, 4))
    @given(spellings(), st.sampled_from(("jpg", "png", "pdf", "")))
    def check(spelled: tuple[Receipt, str], ending: str) -> None:
        secret, name = spelled
        named = " ".join(f"{name}.{ending}".replace("/", "-").split())  # no browser sends a line's end in a name
        sent = {"receipt": receipt, "file_key": token_hex(8), "file": (BytesIO(photo()), named)}
        attached = attach(desk, case_id, photo(), named)
        assert attached.status_code == 201, (attached.text, named)
        answers = (world.thread.post("/api/thread/files", data=sent, headers=JSON), attached)
        shown = world.post("/api/thread", {"receipt": receipt})
        for text in (*(each.text for each in (*answers, shown)), stored(world, receipt), seen(desk, case_id)):
            assert not shows(text, secret)
        assert not shows(repr(world.store.read_case(case_id)), secret)

    check()


@pytest.mark.every_day(1)
@pytest.mark.parametrize("joined", [True, False], ids=["one SMS in two parts", "two SMS"])
def test_a_receipt_that_is_cut_in_an_sms_is_out(world: World, joined: bool) -> None:
    desk = world.desk_of("kutim")

    @EASY
    @given(st.integers(1, len(CODE) - 1), st.sampled_from(("", " ", "lanjut ")))
    def check(cut: int, between: str) -> None:
        world.count += 1
        number, parts = f"+62812{world.count:08}", {"reference": f"{world.count}", "parts": "2"}
        part = [parts | {"part": f"{n}"} if joined else {} for n in (1, 2)]
        first, last = (
            f"LAPOR Lampu jalan di Sangatta Utara mati. Kode saya {CODE[:cut]}",
            f"{between}{CODE[cut:]} sekian",
        )
        if joined:
            world.sms(first, number, **part[0])
            receipt = sms.code(world.said(last, number, **part[1]))
        else:
            receipt = sms.code(world.said(first, number))
            world.said(last, number)
        assert not shows(stored(world, receipt), HIDDEN)
        assert not shows(seen(desk, receipt_keys(parse_receipt(receipt)).case_id), HIDDEN)

    check()
    assert not shows(letters(world), HIDDEN)
