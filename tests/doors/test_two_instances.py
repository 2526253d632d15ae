"""Two of ours, linked by Open311: a report filed in one is answered in the other and read in the first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.serving import make_server

from functions.actions.courier.open311_exchange import key_context
from functions.actions.reporter.open311 import ReceiveFromApp
from functions.casework.apps import App, admit
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.public_keys import Purpose
from functions.open311.app import Place, make_app
from functions.open311.flood import Flood
from functions.storage.registers.linked_systems import Peer, app_peer, read_sent, write_peer
from tests.engines.serving import SOON
from tests.world import World

AGENCY = "kutim-dpupr"  # at home an agency with a system of its own, which is the other instance
UNIT = "kutim-dinkes"  # who answers there
PATH = "/open311/v2"


def door(world: World, apps: dict[str, App]) -> Flask:
    """The door for apps of one of them."""
    return make_app(
        Place(
            directory=world.directory,
            from_apps=ReceiveFromApp(world.submit, lambda: world.seconds),
            apps=lambda: apps,
            reports=lambda _: (),
            flood=Flood(1_000),
            today=lambda: world.today,
            zone=ZoneInfo("Asia/Makassar"),
            url="http://127.0.0.1:8000",
            operator="Contoh",
            test=True,
        )
    )


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(SOON,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
    finally:
        server.shutdown()
        thread.join()


class Linked:
    """Home, away, and the wires between them."""

    def __init__(self, folder: Path, stack: list) -> None:
        known = load_directory(DEMO / "kutai-timur.toml")
        self.away = World(folder / "away", directory=known)
        self.admitted, self.key_away = admit({}, "pemda-asal", "Pemda asal")
        url_away = stack.enter_context(served(door(self.away, self.admitted)))
        channel = f"open311:{url_away}"
        agencies = {**known.agencies, AGENCY: replace(known.agencies[AGENCY], channel=channel)}
        self.home = World(folder / "home", directory=replace(known, agencies=MappingProxyType(agencies)))
        systems, key_home = admit({}, "sistem-dinas", "Sistem dinas", AGENCY)
        url_home = stack.enter_context(served(door(self.home, systems)))
        self.know(self.home, AGENCY, self.key_away, "")
        self.know(self.away, app_peer("pemda-asal", "kutim"), key_home, url_home)

    def know(self, world: World, name: str, key: str, url: str) -> None:
        sealed = world.keys.public().seal(Purpose.COURIER, "kutim", key_context(name), key.encode())[1]
        write_peer(world.store, name, Peer(sealed, "kutim", url=url))

    def hour(self) -> None:
        """An hour passes on both sides: couriers deliver, clocks take up."""
        for world in (self.home, self.away):
            world.later(hours=1)
            world.run_courier()
        for world in (self.home, self.away):
            world.take_up()
            world.run_courier()


@pytest.fixture
def linked(tmp_path: Path) -> Iterator[Linked]:
    from contextlib import ExitStack

    for name in ("home", "away"):
        (tmp_path / name).mkdir()
    with ExitStack() as stack:
        yield Linked(tmp_path, stack)


def the_case(world: World) -> str:
    (head,) = world.store.page("instance", "kutim").heads
    return head.case_id


def test_a_report_filed_here_is_answered_there_and_read_here(linked: Linked) -> None:
    home, away = linked.home, linked.away
    told = home.report(body="Jembatan kayu di RT 5 patah, anak sekolah tidak bisa lewat.")
    coordinator = home.desk_of("kutim")
    handed = {"agency": AGENCY, "reason": "Kewenangan dinas."}
    assert coordinator.post(f"/desk/cases/{told['tracking_id']}/handover", handed).status_code == 200
    home.run_courier()

    number = the_case(away)
    assert number != told["tracking_id"]
    officer = away.hand_over(number, UNIT)
    page = officer.get(f"/desk/cases/{number}").get_json()
    assert "Jembatan kayu" in page["messages"][0]["body"]
    asked = {"body": "Jembatan yang mana?", "message_key": "kunci0001"}
    assert officer.post(f"/desk/cases/{number}/messages", asked).status_code == 201
    linked.hour()
    assert home.read(told["receipt"])["messages"][-1]["body"] == "Jembatan yang mana?"

    added = {"receipt": told["receipt"], "body": "Yang dekat SD 014.", "message_key": "kunci0002"}
    assert home.post("/api/thread/messages", added).status_code == 201
    linked.hour()
    page = away.desk_of(UNIT).get(f"/desk/cases/{number}").get_json()
    assert page["messages"][-1]["body"] == "Yang dekat SD 014."
    assert page["messages"][-1]["from"] == "pelapor"
    assert "app" not in str(page["messages"][-1])
    assert [letter.subject for letter in away.mailbox.letters if letter.to == away.officer(UNIT).email][-2:]

    closing = {"outcome": "dijelaskan", "reason": "Sudah diganti papan baru."}
    assert away.desk_of(UNIT).post(f"/desk/cases/{number}/close", closing).status_code == 200
    linked.hour()
    view = home.read(told["receipt"])
    assert view["stage"] == "selesai"
    assert view["messages"][-1]["body"].endswith("Sudah diganti papan baru.")

    again = {"receipt": told["receipt"], "verdict": "belum", "reason": "Papannya sudah lepas lagi."}
    assert home.post("/api/thread/verdict", again).get_json()["stage"] == "diproses"
    home.run_courier()
    numbers = {head.case_id for head in away.store.page("instance", "kutim").heads}
    assert len(numbers) == 2  # not done: a new request there, with all that was said
    assert len(read_sent(home.store, AGENCY).cases) == 1


def test_sent_twice_it_is_one_case_there(linked: Linked, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to the first try is lost on its way back."""
    from functions.delivery import open311
    from functions.delivery.interface import DeliveryError

    home, away = linked.home, linked.away
    told = home.report()
    home.desk_of("kutim").post(
        f"/desk/cases/{told['tracking_id']}/handover", {"agency": AGENCY, "reason": "Kewenangan dinas."}
    )
    ask, lost = open311.ask, []

    def lossy(system, fields):
        answer = ask(system, fields)
        if not lost:
            lost.append(answer)
            raise DeliveryError("open311_unreachable")
        return answer

    monkeypatch.setattr(open311, "ask", lossy)
    home.run_courier()
    home.later(hours=1)
    home.run_courier()
    assert lost
    assert the_case(away)
    assert list(read_sent(home.store, AGENCY).cases.values()) == [told["tracking_id"]]


def test_updates_are_taken_of_whom_they_concern_alone(linked: Linked) -> None:
    home, away = linked.home, linked.away
    told = home.report()
    home.desk_of("kutim").post(
        f"/desk/cases/{told['tracking_id']}/handover", {"agency": AGENCY, "reason": "Kewenangan dinas."}
    )
    home.run_courier()
    (token,) = (number.removeprefix("token ") for number in read_sent(home.store, AGENCY).cases)
    others, key = admit({}, "aplikasi-lain", "Lain")
    client = door(home, others).test_client()
    form = {"api_key": key, "jurisdiction_id": "kutim", "service_request_id": token, "update_id": "1"}
    form |= {"status": "CLOSED", "description": "Beres."}
    assert client.post(f"{PATH}/servicerequestupdates.xml", data=form).status_code == 404
    assert client.post(f"{PATH}/servicerequestupdates.xml", data=form | {"api_key": "x.y"}).status_code == 403
    assert client.post(f"{PATH}/servicerequestupdates.xml", data=form | {"update_id": ""}).status_code == 400
    strangers = door(away, others).test_client()
    assert strangers.post(f"{PATH}/servicerequestupdates.json", data=form).status_code == 404
    own = {**form, "api_key": linked.key_away}
    client = door(away, linked.admitted).test_client()
    assert client.post(f"{PATH}/servicerequestupdates.json", data=own | {"description": " "}).status_code == 400
    for _ in range(3):
        assert client.post(f"{PATH}/servicerequestupdates.json", data=own).status_code == 200
    assert away.take_up() == 1
    assert home.take_up() == 0


def test_nothing_at_the_desk_tells_an_apps_report_from_one_of_the_web(linked: Linked) -> None:
    home, away = linked.home, linked.away
    told = home.report()
    home.desk_of("kutim").post(
        f"/desk/cases/{told['tracking_id']}/handover", {"agency": AGENCY, "reason": "Kewenangan dinas."}
    )
    home.run_courier()
    number = the_case(away)
    page = away.desk_of("kutim").get(f"/desk/cases/{number}").get_data(as_text=True)
    html = away.desk_of("kutim").client.get(f"/desk/cases/{number}").get_data(as_text=True)
    for word in ("pemda-asal", "open311", "reply_key", "app:"):
        assert word not in page
        assert word not in html
