"""What every list says of a case whose later words accuse somebody: no line of it to them, and no proposal of them."""

from pathlib import Path

import pytest

from functions.casework.access import Viewer
from functions.casework.routing.propose import Proposal
from tests.doors.test_later_accused import HOLDER
from tests.doors.test_sealed_thread import looked
from tests.doors.test_thread import write
from tests.tending import TendWorld
from tests.world import JSON

HTML = {"Accept": "text/html"}
ROAD = {"subject": "Jalan rusak", "body": "Jalan berlubang besar di depan sekolah, aspal rusak."}
WORKS = "Pegawai Dinas PUPR minta uang 500 ribu kepada saya, ini pungli."
WAYS = {"/desk/?view=all": HTML, "/desk/?view=new": HTML, "/desk/": JSON, "/desk/?q=wifi": JSON}


@pytest.fixture
def world(tmp_path: Path) -> TendWorld:
    return TendWorld(tmp_path)


def proposed(world: TendWorld) -> list[Proposal]:
    """What the coordinator's list proposes for its only case."""
    officer = world.officer("kutim")
    (row,) = world.lists.today(Viewer(officer.ident, officer.agency, officer.role, hour=10**9)).rows
    assert row.line
    return [*row.line.proposals]


@pytest.mark.parametrize(
    "text", [WORKS, "Petugasnya minta uang rokok 500 ribu kepada saya.", "Mereka minta bayar dulu."]
)
def test_whom_later_words_keep_it_from_is_proposed_by_no_list(world: TendWorld, text: str) -> None:
    """The list read the report alone, and proposed the unit from which the case had just been taken."""
    sent = world.report(**ROAD)
    world.hand_over(sent["tracking_id"], HOLDER)
    typed = {"receipt": sent["receipt"], "body": text, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", typed).status_code == 201
    assert world.store.read_head(sent["tracking_id"]).holder == "kutim"
    assert proposed(world)[0].agency == "kutim-inspektorat"
    assert HOLDER not in [each.agency for each in proposed(world)]


def test_nor_is_it_before_anybody_opens_what_a_browser_sealed(world: TendWorld) -> None:
    sent = world.report(**ROAD)
    assert proposed(world)[0].agency == HOLDER
    assert looked(world, sent["receipt"]).act("message", {"body": WORKS})[0] == 201
    assert HOLDER not in [each.agency for each in proposed(world)]
    page = world.desk_of("kutim").get(f"/desk/cases/{sent['tracking_id']}").get_json()
    assert HOLDER not in [each["agency"] for each in page["routing"]["proposals"]]


def appeal(world: TendWorld, receipt: str, path: str) -> str:
    """An appeal that accuses the inspectorate, to which it goes."""
    unit = world.desk_of(HOLDER)
    close = {"outcome": "dijelaskan", "reason": "Sudah dijelaskan."}
    assert unit.post(f"{path}/close", close).status_code == 200
    verdict = {"receipt": receipt, "verdict": "belum", "reason": "Masih gelap."}
    assert world.post("/api/thread/verdict", verdict).status_code == 200
    assert unit.post(f"{path}/close", close).status_code == 200
    said = {"reason": "Pegawai Inspektorat minta uang 500 ribu kepada saya, ini pungli."}
    assert looked(world, receipt).act("appeal", said)[0] == 201
    return "kutim-inspektorat"


def reply(world: TendWorld, receipt: str, path: str) -> str:
    """An answer that accuses two, of whom its writer's phone found one."""
    said = {"body": "Pegawai Dinas PUPR dan pegawai Diskominfo minta uang 500 ribu kepada saya, ini pungli."}
    assert looked(world, receipt).act("message", said, f"- {HOLDER}")[0] == 201
    return "kutim"


def reply_to_the_unit(world: TendWorld, receipt: str, path: str) -> str:
    """An answer that accuses the unit that just got it."""
    assert looked(world, receipt).act("message", {"body": WORKS})[0] == 201
    return HOLDER


@pytest.mark.parametrize("brought", [appeal, reply, reply_to_the_unit])
def test_a_desk_to_which_words_bring_it_that_accuse_it_reads_no_line_of_it(world: TendWorld, brought) -> None:
    """Nobody had opened it since; every list showed its first line, and only its page was closed to them."""
    sent = world.report(subject="Pasang wifi desa")
    path = f"/desk/cases/{sent['tracking_id']}"
    world.hand_over(sent["tracking_id"], HOLDER)
    accused = brought(world, sent["receipt"], path)
    assert world.store.read_head(sent["tracking_id"]).holder == accused
    desk = world.desk_of(accused)
    assert not [way for way, accept in WAYS.items() if "Pasang wifi" in desk.client.get(way, headers=accept).text]
    assert desk.get(path).status_code == 404
    assert write(world, sent["receipt"]).status_code == 201
