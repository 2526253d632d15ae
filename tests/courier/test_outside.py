"""What is outside cannot stop what is inside: the courier as it runs beside systems that drip, lie and fall silent."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from functions.actions.courier.circuit import RESTS_AFTER, Circuit
from functions.actions.courier.open311_exchange import Exchange, key_context
from functions.config.settings import DEMO, load_directory
from functions.courier import lanes as module
from functions.courier.lanes import Lane, Lanes
from functions.crypto.seal.public_keys import Purpose
from functions.delivery.bounded_call import CALL_SECONDS
from functions.delivery.interface import DeliveryError, Text
from functions.storage.interface import Notice, OutboxEntry, StoreUnavailableError
from functions.storage.registers.linked_systems import Peer, change_sent, read_sent, write_peer
from tests.aggregator import aggregator
from tests.courier.test_courier import ended, start
from tests.delivery.letterbox import Letterbox, letterbox
from tests.linked_system import KEY, LinkedSystem, linked_system
from tests.server import wait_for
from tests.world import World

AGENCY, OTHER = "kutim-dpupr", "kutim-dishub"
LETTERS = 12


@pytest.fixture
def box() -> Iterator[Letterbox]:
    with letterbox() as box:
        yield box


@pytest.fixture
def system() -> Iterator[LinkedSystem]:
    with linked_system() as running:
        yield running


@pytest.fixture
def other() -> Iterator[LinkedSystem]:
    with linked_system() as running:
        yield running


@pytest.fixture
def world(tmp_path: Path, system: LinkedSystem, other: LinkedSystem) -> World:
    known = load_directory(DEMO / "kutai-timur.toml")
    there = {AGENCY: system, OTHER: other}
    linked = {code: replace(known.agencies[code], channel=f"open311:{each.url}") for code, each in there.items()}
    made = World(tmp_path, directory=replace(known, agencies=MappingProxyType({**known.agencies, **linked})))
    for code in there:
        sealed = made.keys.public().seal(Purpose.COURIER, "kutim", key_context(code), KEY.encode())[1]
        write_peer(made.store, code, Peer(sealed))
    return made


def hand(world: World, agency: str = AGENCY, desk=None) -> str:
    """A report, handed to an agency; its number."""
    case_id = world.report()["tracking_id"]
    body = {"agency": agency, "reason": "Kewenangan dinas."}
    answer = (desk or world.desk_of("kutim")).post(f"/desk/cases/{case_id}/handover", body)
    assert answer.status_code == 200, answer.data
    return str(case_id)


def directory_file(world: World) -> str:
    """The world's directory as the file that a courier reads."""
    text = (DEMO / "kutai-timur.toml").read_text()
    for code in (AGENCY, OTHER):
        line = f'code = "{code}"\nname'
        assert text.count(line) == 1
        text = text.replace(line, f'code = "{code}"\nchannel = "{world.directory.agencies[code].channel}"\nname')
    path = world.folder / "directory.toml"
    path.write_text(text)
    return str(path)


@pytest.mark.long
def test_mail_leaves_while_a_system_drips_and_the_courier_ends_when_told(
    world: World, box: Letterbox, system: LinkedSystem
) -> None:
    """Its answer to a report comes a byte at a time, well within any time-out for a read. All mail is out before the
    first call is over, and the process ends with that call in hand."""
    hand(world)
    system.drip, system.drip_seconds = b"HTTP/1.1 200 OK\r\nX-A: ", 0.2
    process = start(world, box, DIRECTORY_FILE=directory_file(world))
    try:
        assert wait_for(lambda: system.dripping)
        calls = len(system.asked)
        for _ in range(LETTERS):
            world.report()
        assert wait_for(lambda: len(box.arrived) >= LETTERS)
        assert system.dripping == 1
        assert len(system.asked) == calls  # it is still the same call
        process.terminate()
        status, _ = ended(process)
    finally:
        process.kill()
    assert status == 0
    assert not system.dripping or wait_for(lambda: not system.dripping)
    assert [entry.notice for entry in world.store.waiting()] == [Notice.FORWARDED]  # kept for the next hour


@pytest.mark.long
def test_mail_leaves_while_the_aggregator_drips(world: World, box: Letterbox, system: LinkedSystem) -> None:
    for n in range(3):
        world.sms("LAPOR lampu mati", f"+62812000000{n}")
    system.drip, system.drip_seconds = b"a", 0.2
    process = start(world, box, SMS="http", SMS_URL=system.url)
    try:
        assert wait_for(lambda: system.dripping)
        for _ in range(LETTERS):
            world.report()
        assert wait_for(lambda: len(box.arrived) >= LETTERS)
        assert len(system.asked) == 1
        process.terminate()
        assert ended(process)[0] == 0
    finally:
        process.kill()
    assert sum(entry.notice is Notice.TEXTED for entry in world.store.waiting()) == 3


@pytest.mark.long
def test_a_storm_of_sms_while_the_courier_restarts_is_sent_once_and_whole(world: World) -> None:
    """Ended and started again in the middle, twice: each SMS leaves, and none twice."""
    told = 40
    for n in range(told):
        world.sms("LAPOR lampu mati", f"+6281200001{n:03}")
    with aggregator(200, 0.05) as (url, got):
        for enough in (5, 15, told):
            process = start(world, None, SMS="http", SMS_URL=url)
            try:
                assert wait_for(lambda enough=enough: len(got) >= enough)
                process.terminate()
                assert ended(process)[0] == 0
            finally:
                process.kill()
            assert len(got) < told or enough == told
    ids = [body["id"] for _, body in got]
    assert len(ids) == len(set(ids)) == told
    assert [entry for entry in world.store.waiting() if entry.notice is Notice.TEXTED] == []


STRANGE = {
    "no status line": b"XYZ\r\n\r\n",
    "cut short": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 200 + b"\r\n",
    "an unknown encoding": b'HTTP/1.1 200 OK\r\n\r\n<?xml version="1.0" encoding="klingon"?><a/>',
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_one_system_answers_keeps_no_other_from_being_asked(
    world: World, system: LinkedSystem, other: LinkedSystem, name: str
) -> None:
    desk = world.desk_of("kutim")
    hand(world, AGENCY, desk)
    case_id = hand(world, OTHER, desk)
    world.run_courier()
    other.say("R-1", "Sudah ditinjau.")
    system.raw = STRANGE[name]
    world.later(hours=1)
    world.run_courier()
    assert world.take_up() == 1
    assert world.store.read_head(case_id).history.answered_on == world.today


def test_a_system_that_used_up_a_call_is_left_alone_until_the_next_hour(
    world: World, system: LinkedSystem, other: LinkedSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = world.desk_of("kutim")
    for _ in range(4):
        hand(world, AGENCY, desk)
    hand(world, OTHER, desk)
    system.drip = b"a"
    with monkeypatch.context() as patch:
        patch.setattr("functions.delivery.bounded_call.CALL_SECONDS", 0.2)  # the last calls may take longer
        world.run_courier()
    assert len(system.asked) == 1
    assert len(other.requests) == 1
    system.drip = b""
    world.later(hours=1)
    world.run_courier()
    assert len(system.requests) == 4


def test_a_number_of_another_case_is_not_used(
    world: World, system: LinkedSystem, caplog: pytest.LogCaptureFixture
) -> None:
    """A system that gives two reports one number: what it says of it reaches the first reporter alone, and the second
    report goes to the officers by letter."""
    desk = world.desk_of("kutim")
    first = hand(world, AGENCY, desk)
    world.run_courier()
    second = hand(world, AGENCY, desk)
    same = b"<service_requests><request><service_request_id>R-1</service_request_id></request></service_requests>"
    system.body = same
    world.run_courier()
    system.body = None
    world.run_courier()
    assert read_sent(world.store, AGENCY).cases == {"R-1": first}
    assert "open311_shared_number" in str([getattr(record, "lapor", "") for record in caplog.records])
    mails = [letter for letter in world.mailbox.letters if letter.to == world.officer(AGENCY).email]
    assert [second in letter.text for letter in mails] == [True]
    system.say("R-1", "Untuk yang pertama.")
    world.later(hours=1)
    world.run_courier()
    assert world.take_up() == 1
    assert world.store.read_head(first).history.answered_on == world.today
    assert world.store.read_head(second).history.answered_on is None


def test_a_token_is_not_turned_into_a_number_of_another_case(world: World, system: LinkedSystem) -> None:
    desk = world.desk_of("kutim")
    first = hand(world, AGENCY, desk)
    world.run_courier()
    system.tokens = True
    second = hand(world, AGENCY, desk)
    world.run_courier()
    known = {"R-1": first, "token TR-2": second}
    assert read_sent(world.store, AGENCY).cases == known
    system.tokens = False
    system.body = b"<r><request><service_request_id>R-1</service_request_id></request></r>"
    world.later(hours=1)
    world.run_courier()
    assert read_sent(world.store, AGENCY).cases == known


def test_a_system_slow_in_each_answer_has_its_share_of_an_hour_and_no_more(
    world: World, system: LinkedSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hundred open numbers, and calls that each take 59 seconds of a clock: all are asked for in the end."""
    monkeypatch.setattr(Exchange, "_deleted", lambda *_: False)  # of cases that are in no store
    cases = {f"R-{n:03}": f"TEST-{n}" for n in range(500)}
    change_sent(world.store, AGENCY, lambda sent: replace(sent, cases=cases))
    at, asked = [0.0], []

    class Wire:
        @staticmethod
        def updates(*_: object) -> list[object]:
            return []

        @staticmethod
        def states(_: object, numbers: list[str]) -> list[object]:
            at[0] += 59
            asked.append(numbers)
            return []

    opening = world.keys.private(Purpose.COURIER)
    now = lambda: world.seconds  # noqa: E731 - as the world says it
    exchange = Exchange(world.store, world.directory, opening, now, Circuit(now), Wire, clock=lambda: at[0])  # type: ignore[arg-type]
    for _ in range(10):
        before = len(asked)
        exchange.poll()
        assert len(asked) - before == 2
        world.later(hours=1)
    assert {number for numbers in asked for number in numbers} == set(cases)


def test_only_a_systems_own_failures_make_it_rest() -> None:
    circuit = Circuit(lambda: 0)
    for _ in range(RESTS_AFTER - 1):
        circuit.note("a", DeliveryError("x"))
    circuit.note("a", DeliveryError("x", lasting=True))
    circuit.note("a", DeliveryError("x"))
    assert not circuit.resting("a")
    circuit.note("b", DeliveryError("x", slow=True))
    assert circuit.resting("b")
    assert not circuit.resting("c")


def entry(name: str, notice: Notice = Notice.TEXTED) -> OutboxEntry:
    return OutboxEntry(name, notice, "kutim")


def test_an_entry_claimed_again_while_a_lane_has_it_is_sent_once() -> None:
    """Leases are given back after trouble with the store, and one courier claims what one of its lanes is sending."""
    stop, begun, go, sent = threading.Event(), threading.Event(), threading.Event(), []

    class Sends:
        exchange = None

        @staticmethod
        def deliver(entries: list[OutboxEntry], *_: object) -> None:
            begun.set()
            go.wait(20)
            sent.extend(each.entry_id for each in entries)

    lane = Lane(Sends, "courier", stop, frozenset({Notice.TEXTED}))  # type: ignore[arg-type]
    shared = Lanes((lane,))
    lane.start()
    assert shared.share(lambda: (entry("a"), entry("m", Notice.NEW_CASE))) == (2, [entry("m", Notice.NEW_CASE)])
    assert begun.wait(20)
    shared.share(lambda: (entry("a"),))
    go.set()
    assert wait_for(lambda: not lane.held)
    shared.share(lambda: (entry("b"),))
    assert wait_for(lambda: not lane.held)
    stop.set()
    shared.end()
    assert sent == ["a", "b"]


def test_what_waits_in_a_lane_until_its_lease_is_over_keeps_its_place_with_the_next() -> None:
    lane = Lane(lambda: None, "courier", threading.Event(), frozenset({Notice.TEXTED}))  # type: ignore[arg-type,return-value]
    lane.take([entry("a"), entry("b")])
    again = replace(entry("a"), leased_by="courier", leased_until=7)
    lane.take([again, entry("c")])
    assert list(lane.waiting) == [again, entry("b"), entry("c")]


def test_a_lane_keeps_what_it_could_not_settle_and_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TROUBLE_SECONDS", 0.01)
    stop, tried = threading.Event(), []

    class Fails:
        exchange = None

        @staticmethod
        def deliver(entries: list[OutboxEntry], *_: object) -> None:
            tried.extend(each.entry_id for each in entries)
            if len(tried) == 1:
                raise StoreUnavailableError("gone for a moment")

    lane = Lane(Fails, "courier", stop, frozenset({Notice.TEXTED}))  # type: ignore[arg-type]
    lane.start()
    lane.take([entry("a"), entry("b")])
    assert wait_for(lambda: not lane.held)
    stop.set()
    Lanes((lane,)).end()
    assert tried == ["a", "a", "b"]


def test_a_call_ends_within_what_the_machine_gives_a_process_to_end() -> None:
    from functions.local import supervisor

    assert CALL_SECONDS < module.END_SECONDS < supervisor.END_SECONDS


def test_what_a_lane_sends_while_leases_are_given_back_is_sent_once(world: World) -> None:
    """The loop of mail had trouble with the store and gave back all leases, those of the lanes as well. What a lane
    sends before it is claimed again is not its own any more when it settles it."""
    world.sms("LAPOR lampu mati", "+6281200000001")
    (entry,) = [each for each in world.deliver.claim("courier") if each.notice is Notice.TEXTED]
    honest = world.phone.send

    def given_back(text: Text) -> None:
        honest(text)
        world.store.release("courier")

    world.phone.send = given_back  # type: ignore[method-assign]
    world.deliver.deliver([entry], "courier", lambda: False)
    world.phone.send = honest  # type: ignore[method-assign]
    world.run_courier()
    assert len(world.phone.texts) == 1
    assert [each for each in world.store.waiting() if each.notice is Notice.TEXTED] == []
    assert world.deliver.sent == {}
