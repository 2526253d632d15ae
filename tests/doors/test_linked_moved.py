"""A case that moves on between agencies with systems of their own: no answer that was heard is lost, nor closed to its
reporter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from functions.actions.courier.open311_exchange import key_context
from functions.casework.access import Viewer
from functions.casework.case import EventKind
from functions.casework.linked_systems import Waiting
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.registers.linked_systems import (
    OTHERS_MAX,
    Peer,
    add_waiting,
    begin_link,
    read_link,
    read_sent,
    read_waiting,
    write_peer,
)
from tests.doors.test_linked import hand, hear, talk
from tests.linked_system import KEY, LinkedSystem, linked_system
from tests.world import World

FIRST, SECOND = "kutim-dpupr", "kutim-dlh"


@pytest.fixture
def other() -> Iterator[LinkedSystem]:
    with linked_system() as second:
        second.letter = "S"
        yield second


@pytest.fixture
def world(tmp_path: Path, system: LinkedSystem, other: LinkedSystem) -> World:
    known = load_directory(DEMO / "kutai-timur.toml")
    channels = {FIRST: f"open311:{system.url}", SECOND: f"open311:{other.url}"}
    linked = {code: replace(known.agencies[code], channel=channel) for code, channel in channels.items()}
    made = World(tmp_path, directory=replace(known, agencies=MappingProxyType({**known.agencies, **linked})))
    for code in channels:
        sealed = made.keys.public().seal(Purpose.COURIER, "kutim", key_context(code), KEY.encode())[1]
        write_peer(made.store, code, Peer(sealed, "kutim"))
    return made


def move(world: World, case_id: str, *agencies: str) -> None:
    """Hand a case on, from the agency that holds it."""
    for to in agencies:
        holder = world.store.read_head(case_id).holder
        officer = world.officer(holder)
        world.handle.handover(Viewer(officer.ident, officer.agency, officer.role), case_id, to, "Kewenangan dinas.")


def said(world: World, system: LinkedSystem, text: str, **more: str) -> None:
    """The courier hears it; the clock has not come by yet."""
    system.say("R-1", text, **more)
    world.later(hours=1)
    world.run_courier()


def answered(world: World, system: LinkedSystem) -> dict[str, str]:
    """A report with an answer of its agency's system that waits to be taken up; what its reporter was told."""
    told = hand(world)
    world.run_courier()
    said(world, system, "Tim meninjau besok.")
    return told


def test_an_answer_that_waits_comes_in_though_another_agencys_system_has_the_case_by_then(
    world: World, system: LinkedSystem
) -> None:
    told = answered(world, system)
    case_id = told["tracking_id"]
    move(world, case_id, "kutim", SECOND)
    world.run_courier()
    assert read_link(world.store, case_id, world.seconds, SECOND)
    assert world.take_up() == 1
    assert "Tim meninjau besok." in talk(world, told)
    assert world.store.read_case(case_id).events[-1].agency == FIRST
    assert world.store.read_head(case_id).holder == SECOND
    assert world.take_up() == 0
    assert not read_waiting(world.store, FIRST)
    assert not read_waiting(world.store, SECOND)


def test_an_answer_that_waits_is_readable_though_the_case_came_back_to_its_agency_meanwhile(
    world: World, system: LinkedSystem
) -> None:
    """Each hand-over makes a key of its own for what is answered."""
    told = answered(world, system)
    case_id = told["tracking_id"]
    move(world, case_id, "kutim", FIRST)
    assert world.take_up() == 1
    assert "Tim meninjau besok." in talk(world, told)
    world.run_courier()
    said(world, system, "Kami jadwalkan ulang.", update="lain")
    world.run_courier()
    assert "Tim meninjau besok." in talk(world, told)


def test_an_answer_that_is_late_comes_in_beside_those_of_who_has_it_now(world: World, system: LinkedSystem) -> None:
    told = hand(world)
    world.run_courier()
    move(world, told["tracking_id"], "kutim", SECOND)
    world.run_courier()
    system.say("R-1", "Sempat kami tinjau.")
    assert hear(world) == 1
    assert "Sempat kami tinjau." in talk(world, told)


def test_what_the_reporter_adds_goes_by_no_number_of_another_agencys_system(
    world: World, system: LinkedSystem, other: LinkedSystem
) -> None:
    """The first one gave a token for a number, and the number only once the case had moved on."""
    system.tokens = True
    told = hand(world)
    world.run_courier()
    move(world, told["tracking_id"], "kutim", SECOND)
    world.run_courier()
    system.requests.insert(0, {})
    system.tokens = False
    hear(world)
    body = {"receipt": told["receipt"], "body": "Sudah dua kali.", "message_key": "kunci0001"}
    assert world.post("/api/thread/messages", body).status_code == 201
    world.run_courier()
    (update,) = other.updates
    link = read_link(world.store, told["tracking_id"], world.seconds, SECOND)
    assert link
    assert update["service_request_id"] == link.remote == "S-1"


def test_what_waits_of_the_last_of_many_agencies_is_not_pushed_out(world: World) -> None:
    case_id, now = "AAAA-BBBB-CCCC", world.seconds
    for n in range(2 * OTHERS_MAX):
        begin_link(world.store, case_id, f"kutim-{n}", f"R-{n}", bytes(3), now)
        link = read_link(world.store, case_id, now, f"kutim-{n}")
        if n == 1:
            assert link
            add_waiting(world.store, case_id, link, Waiting("ab", EventKind.MESSAGE, b"x"), now)
    kept = [n for n in range(2 * OTHERS_MAX) if read_link(world.store, case_id, now, f"kutim-{n}")]
    assert kept == [1, *range(OTHERS_MAX - 1, 2 * OTHERS_MAX)]


def without(world: World, code: str) -> None:
    """Let an agency leave the directory, for courier and clock."""
    agencies = {other: agency for other, agency in world.directory.agencies.items() if other != code}
    known = replace(world.directory, agencies=MappingProxyType(agencies))
    assert world.deliver.exchange
    world.deliver = replace(world.deliver, exchange=replace(world.deliver.exchange, directory=known))
    world.take_up = replace(world.take_up, directory=known)


def test_the_number_of_a_withdrawn_report_goes_though_its_agency_has_left_the_directory(
    world: World, system: LinkedSystem
) -> None:
    told = hand(world)
    world.run_courier()
    without(world, FIRST)
    assert read_sent(world.store, FIRST).cases
    assert world.post("/api/thread/withdraw", {"receipt": told["receipt"]}).status_code == 200
    hear(world)
    assert not read_sent(world.store, FIRST).cases


def test_an_answer_that_waits_comes_in_though_its_agency_has_no_system_any_more(
    world: World, system: LinkedSystem
) -> None:
    told = hand(world)
    world.run_courier()
    said(world, system, "Tim meninjau besok.")
    move(world, told["tracking_id"], "kutim")
    without(world, FIRST)
    assert world.take_up() == 1
    assert "Tim meninjau besok." in talk(world, told)
