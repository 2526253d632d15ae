"""A delivery that is cut short between what an SMS does and the slip of its number: the repeat does nothing twice."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.reporter import sms
from functions.actions.reporter.sms import Limits
from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.storage.interface import Append, OutboxEntry, Slip, StoreUnavailableError, VersionConflictError
from tests.casework.sms_dialogues import Conversation
from tests.doors.test_sms import CODE, code
from tests.doors.test_sms_closed_and_silent import short
from tests.doors.test_sms_held import heard
from tests.world import PHONE, World

ONE, OTHER = "+6281311110001", "+6281311110002"
LAMP = "LAPOR lampu jalan di Bengalon mati sudah seminggu depan pasar"
WATER = "LAPOR pipa air di Kaubun bocor sejak hari senin dekat balai desa"
LONG = " ".join(f"lampunya mati{n} lagi" for n in range(180)) + " akhir kata"
PARTS = 160  # more than one message or report holds

Made = list[str]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.texting = replace(made.texting, limits=Limits(reports=1_000))  # its parts are many
    return made


def nothing(world: World, number: str) -> Made:
    return []


def lamp(world: World, number: str) -> Made:
    return [code(heard(world, LAMP, number))]


def both(world: World, number: str) -> Made:
    return [*lamp(world, number), code(heard(world, WATER, number))]


def asked(world: World, number: str) -> Made:
    """Two open cases; the officer of the first asked something."""
    receipts = both(world, number)
    case_id = world.read(receipts[0])["tracking_id"]
    question = {"body": "Di mana tiangnya, pak?", "message_key": "1" * 32}
    assert world.hand_over(case_id).post(f"/desk/cases/{case_id}/messages", question).status_code in (200, 201)
    world.run_courier()
    return receipts


def closed(world: World, number: str) -> Made:
    receipts = lamp(world, number)
    shut(world, receipts[0])
    return receipts


def told_and_closed(world: World, number: str) -> Made:
    receipts = lamp(world, number)
    heard(world, "sudah dua orang jatuh di situ pak tadi malam", number)
    shut(world, receipts[0])
    return receipts


def one_closed(world: World, number: str) -> Made:
    receipts = both(world, number)
    shut(world, receipts[0])
    return receipts


def asked_which_is_done(world: World, number: str) -> Made:
    receipts = both(world, number)
    for receipt in receipts:
        shut(world, receipt)
    assert "SELESAI" in heard(world, "SELESAI", number)
    return receipts


def which(world: World, number: str) -> Made:
    """Words went to one of two cases, and the answer asked whether the other was meant."""
    receipts = both(world, number)
    assert "Maksud Anda laporan lain?" in heard(world, "sudah berhari hari begini terus pak", number)
    return receipts


def held(world: World, number: str) -> Made:
    heard(world, "besok arisan di rumah bu yanti jam 4", number)
    return []


def shut(world: World, receipt: str) -> None:
    case_id = world.read(receipt)["tracking_id"]
    ended = {"outcome": "dijelaskan", "reason": "Sudah."}
    assert world.hand_over(case_id).post(f"/desk/cases/{case_id}/close", ended).status_code == 200
    world.run_courier()


ACTS = [
    (nothing, "lampu jalan di Bengalon mati sudah seminggu depan pasar", 1),
    (nothing, "halo pak", 0),
    (held, "LAPOR", 1),
    (lamp, "sudah dua orang jatuh di situ pak tadi malam", 2),
    (lamp, "tolong pak", 1),
    (lamp, "ada anak jatuh ke sungai tolong cepat", 2),
    (lamp, "LAPOR sampah pasar di Kaubun menumpuk sebulan", 2),
    (lamp, "SELESAI", 2),
    (lamp, "cabut laporan saya pak", 2),
    (asked, "dekat masjid besar sebelah kiri jalan", 3),
    (asked, "BALAS {0} tiang nomor tujuh", 3),
    (which, "{0}", 4),
    (closed, "lampunya sudah menyala lagi sejak tadi malam, warga depan pasar senang semua pak", 2),
    (closed, "sudah nyala pak terima kasih", 2),
    (closed, "SELESAI", 2),
    (closed, "SELESAI {0}", 2),
    (told_and_closed, "SELESAI {0}", 3),
    (asked_which_is_done, "{0}", 4),
    (closed, "SELESAI {0} sudah terang sekali", 2),
    (closed, "BELUM lampunya masih mati pak", 2),
    (closed, f"BELUM {LONG}", 3),
    (closed, "belum nyala sama sekali lampunya pak masih gelap", 2),
    (one_closed, "lampunya sudah menyala lagi sejak tadi malam terima kasih", 3),
    (one_closed, "BELUM {0} masih mati", 3),
]


def outcome(world: World, number: str, receipts: Made) -> list[tuple[str, list[str], list[str]]]:
    """Return what stands in all cases of a number, its codes aside."""
    ours = [*receipts, *(str(each) for each in Conversation(world, number)._receipts())]
    told = [world.read(each) for each in dict.fromkeys(ours)]
    return [(each["stage"], each["actions"], [message["body"] for message in each["messages"]]) for each in told]


def bare(answer: str, receipts: Made) -> str:
    """Return an answer without codes."""
    for receipt in receipts:
        answer = answer.replace(short(receipt), "X")
    return re.sub(r"laporan [0-9A-Z]{5}\b", "laporan X", CODE.sub("CODE", answer), flags=re.IGNORECASE)


def cut_short(world: World, number: str, text: str, error: Exception, *, answered: bool) -> None:
    """Deliver an SMS twice: the first time all is done but the slip of its number, or but its answer."""
    name, write, enqueue = PhoneSecret(PHONE).keys(number).name, world.store.write_slip, world.store.enqueue
    left = [error]

    def write_slip(slip: Slip, now: int) -> None:
        if not answered and slip.name == name and left:
            raise left.pop()
        write(slip, now)

    def enqueued(*entries: OutboxEntry) -> None:
        if answered and left:
            raise left.pop()
        enqueue(*entries)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(world.store), "write_slip", lambda _, *given: write_slip(*given))
        patched.setattr(type(world.store), "enqueue", lambda _, *given: enqueued(*given))
        status = world.sms(text, number, gateway_id="9001").status_code
        assert status == (202 if isinstance(error, VersionConflictError) else 503)
        assert not left
        assert world.sms(text, number, gateway_id="9001").status_code == 202
    world.run_courier()


@pytest.mark.every_day(21)
@pytest.mark.parametrize("where", ["before the slip", "a clash", "before the answer"])
@pytest.mark.parametrize(("before", "text", "written"), ACTS)
def test_a_repeat_does_nothing_twice_and_answers_the_same(
    world: World, before: Callable[[World, str], Made], text: str, written: int, where: str
) -> None:
    usual = before(world, OTHER)
    wanted_answer = heard(world, text.format(*map(short, usual)), OTHER)
    wanted = outcome(world, OTHER, usual)
    assert sum(body != "" for _, _, said in wanted for body in said) >= written, "the act does something"
    receipts = before(world, ONE)
    sent = len(world.phone.texts)
    error = VersionConflictError() if where == "a clash" else StoreUnavailableError("gone")
    answered = where == "before the answer" and bool(wanted_answer)
    cut_short(world, ONE, text.format(*map(short, receipts)), error, answered=answered)
    answers = [each.text for each in world.phone.texts[sent:] if each.to == ONE]
    assert outcome(world, ONE, receipts) == wanted
    assert len(answers) == 1
    if where != "before the answer":
        assert bare(answers[0], receipts) == bare(wanted_answer, usual)


def test_a_code_that_looks_like_a_question_moves_words_alike_when_it_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = iter(range(160, 166))  # the first makes QACJS, which reads like a question beside these cases
    monkeypatch.setattr(sms, "token_bytes", lambda size: next(keys).to_bytes(size))
    receipts = which(world, ONE)
    assert short(receipts[0]) == "QACJS"
    cut_short(world, ONE, "QACJS", StoreUnavailableError("gone"), answered=False)
    assert world.phone.texts[-1].text.startswith("Sudah ditambahkan ke laporan QACJS")


def test_the_rest_of_a_reason_that_waited_is_added_by_the_repeat(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts = closed(world, ONE)
    heard(world, f"BALAS {short(receipts[0])} {LONG}", ONE)
    append, calls = world.store.append, iter([True, False])

    def once(_: object, change: Append, version: int) -> None:
        if not next(calls, True):  # between the reason and what is too long for it
            raise StoreUnavailableError("gone")
        append(change, version)

    monkeypatch.setattr(type(world.store), "append", once)
    assert world.sms("BELUM", ONE, gateway_id="9001").status_code == 503
    assert world.sms("BELUM", ONE, gateway_id="9001").status_code == 202
    assert outcome(world, ONE, receipts)[0][2][-1].endswith("akhir kata")


def part_of(n: int, parts: int = PARTS) -> str:
    return f" jalan{n} rusak berlubang di kampung kami" * 4 if n < parts else " lalu akhir kata"


@pytest.mark.every_day(1)
@pytest.mark.parametrize("before", [nothing, lamp])
@pytest.mark.parametrize("broken", [False, True])
def test_nothing_of_the_longest_sms_is_cut(world: World, before: Callable[[World, str], Made], *, broken: bool) -> None:
    receipts = before(world, ONE)
    for n in range(1, PARTS):
        world.sms(part_of(n), ONE, reference="7", part=str(n), parts=str(PARTS))
    if broken:
        name, write = PhoneSecret(PHONE).keys(ONE).name, world.store.write_slip
        left = [StoreUnavailableError("gone")]

        def write_slip(_: object, slip: Slip, now: int) -> None:
            if slip.name == name and left:
                raise left.pop()
            write(slip, now)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(world.store), "write_slip", write_slip)
            last = {"reference": "7", "part": str(PARTS), "parts": str(PARTS), "gateway_id": "9002"}
            assert world.sms(part_of(PARTS), ONE, **last).status_code == 503
            assert world.sms(part_of(PARTS), ONE, **last).status_code == 202
    else:
        world.sms(part_of(PARTS), ONE, reference="7", part=str(PARTS), parts=str(PARTS))
    world.run_courier()
    said = [body for _, _, each in outcome(world, ONE, receipts) for body in each]
    assert len(said) == len(receipts) + 2
    assert said[-1].endswith("akhir kata")
    whole = "".join(part_of(n) for n in range(1, PARTS + 1)).strip()
    assert said[-2] + said[-1].removeprefix("[...]") == whole or "".join(said[-2:]).replace("[...]", "") in whole


def test_the_rest_of_a_long_reason_that_it_is_done_waits_and_is_told_so(world: World) -> None:
    receipts = closed(world, ONE)
    answer = heard(world, f"SELESAI sudah nyala {'lampunya terang sekali ' * 120}akhir kata", ONE)
    assert "SMS tadi laporan? Balas: LAPOR" in answer
    heard(world, "LAPOR", ONE)
    assert any(body.endswith("akhir kata") for _, _, each in outcome(world, ONE, receipts) for body in each)
