"""A report that an app sent and that an agency's own system got: what its reporter adds by the app still comes in."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from functions.actions.clock import import_replies
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.erase import erase
from functions.actions.courier.open311_exchange import key_context
from functions.casework.apps import admit
from functions.crypto.seal.public_keys import Purpose
from functions.storage.registers.linked_systems import Peer, app_peer, mark_waiting, write_peer
from tests.doors.test_linked import AGENCY, world_linked_to
from tests.doors.test_two_instances import PATH, door, the_case
from tests.linked_system import LinkedSystem
from tests.world import World

ADDED, LATER = "Sudah dua orang jatuh.", "Hari ini seorang lagi."


@pytest.fixture
def world(tmp_path: Path, system: LinkedSystem) -> World:
    return world_linked_to(tmp_path, system)


class ByApp:
    """An app that gets answers, and the report that it sent."""

    def __init__(self, world: World) -> None:
        self.world, name = world, app_peer("aplikasi-warga", "kutim")
        apps, key = admit({}, "aplikasi-warga", "Aplikasi warga")
        sealed = world.keys.public().seal(Purpose.COURIER, "kutim", key_context(name), b"k")[1]
        write_peer(world.store, name, Peer(sealed, "kutim", url="http://127.0.0.1:9/"))
        self.client: FlaskClient = door(world, apps).test_client()
        self.form = {"api_key": key, "jurisdiction_id": "kutim"}
        topic = next(iter(world.directory.topics))
        words = {"service_code": topic, "attribute[district]": "64.08.04", "description": "Jalan rusak berlubang."}
        self.token = self.client.post(f"{PATH}/requests.json", data=self.form | words).get_json()[0]["token"]
        self.case_id = the_case(world)

    def add(self, text: str) -> None:
        update = {"service_request_id": self.token, "update_id": text, "status": "open", "description": text}
        answer = self.client.post(f"{PATH}/servicerequestupdates.json", data=self.form | update)
        assert answer.status_code == 200

    def hand_over(self) -> None:
        self.world.run_courier()
        desk, words = self.world.desk_of("kutim"), {"agency": AGENCY, "reason": "Kewenangan dinas."}
        assert desk.post(f"/desk/cases/{self.case_id}/handover", words).status_code == 200
        self.world.run_courier()

    def said(self) -> list[str]:
        case = self.world.store.read_case(self.case_id)
        return [each.body for each in OpenedCase(case, self.world.cases.case_key(case.head)).messages()]


def test_what_was_added_before_and_after_that_system_got_it_comes_in_once(world: World, system: LinkedSystem) -> None:
    app = ByApp(world)
    app.add(ADDED)  # it waits for the clock
    app.hand_over()
    app.add(LATER)
    app.add(LATER)
    system.say("R-1", "Tim meninjau besok.")
    world.later(hours=1)
    world.run_courier()
    assert world.take_up() == 3
    assert world.take_up() == 0
    said = app.said()
    assert (said.count(ADDED), said.count(LATER), said.count("Tim meninjau besok.")) == (1, 1, 1)


def test_nothing_of_either_link_is_left_of_a_deleted_case(world: World) -> None:
    app = ByApp(world)
    app.hand_over()
    names = [f"o311:{app.case_id}", f"o311:{app.case_id}:app"]
    assert len(world.store.read_slips(names, world.seconds)) == 2
    erase(world.store, world.blobs, world.store.read_head(app.case_id))
    assert not world.store.read_slips(names, world.seconds)


def test_what_is_added_while_the_clock_ends_is_not_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ByApp(world)
    app.add(ADDED)
    left = [LATER]

    def mark(*given: object, waits: bool) -> None:
        if left and not waits:
            app.add(left.pop())
        mark_waiting(*given, waits=waits)

    monkeypatch.setattr(import_replies, "mark_waiting", mark)
    assert world.take_up() == 1
    assert world.take_up() == 1
    assert app.said()[1:] == [ADDED, LATER]
