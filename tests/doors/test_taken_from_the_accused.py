"""A case that later words or a change of the tree take from its holder: who reads it, whose clock runs, what can be done."""

from pathlib import Path

import pytest

from functions.actions.common.erase import erase
from functions.casework.case import Escalation
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Role
from functions.casework.stages import Stage
from tests.tending import TendWorld, move
from tests.world import World

UNIT = "kutim-dishub"
ACCUSING = "Pegawai Dinas Perhubungan minta uang 500 ribu kepada saya."
INSPECTOR = "Pegawai Inspektorat juga minta uang 500 ribu kepada saya."
CLOSING = {"outcome": "dijelaskan", "reason": "Sudah kami jelaskan."}


@pytest.fixture
def world(tmp_path: Path) -> TendWorld:
    return TendWorld(tmp_path)


def test_who_was_given_a_case_by_mistake_is_kept_from_it_again_once_that_is_recalled(world: World) -> None:
    sent = world.report()
    path, desk = f"/desk/cases/{sent['tracking_id']}", world.desk_of("kutim")
    for n, body in enumerate((ACCUSING, INSPECTOR)):
        typed = {"receipt": sent["receipt"], "body": body, "message_key": f"kunci{n:04}"}
        assert world.post("/api/thread/messages", typed).status_code == 201
    before = world.store.read_head(sent["tracking_id"])
    assert before.desk_work.kept_from == ("kutim-inspektorat",)
    wrong = {"agency": "kutim-inspektorat", "reason": "Salah tekan.", "yes": "yes"}
    assert desk.post(f"{path}/handover", wrong).status_code == 200
    assert desk.post(f"{path}/recall", {}).status_code == 200
    assert world.store.read_head(sent["tracking_id"]).desk_work == before.desk_work
    world.later(days=28)
    assert world.remind()
    assert world.store.read_head(sent["tracking_id"]).escalation.agency == "pusat"
    assert world.desk_of("kutim-inspektorat").get(path).status_code == 404


def test_whoever_gets_it_next_has_a_clock_of_their_own_and_nobody_reads_it_unannounced(world: World) -> None:
    sent = world.report()
    path = f"/desk/cases/{sent['tracking_id']}"
    world.hand_over(sent["tracking_id"], UNIT)
    while not world.store.read_head(sent["tracking_id"]).escalation.steps:
        world.later(days=1)
        world.remind()
    typed = {"receipt": sent["receipt"], "body": ACCUSING, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", typed).status_code == 201
    now = world.store.read_head(sent["tracking_id"])
    assert (now.holder, now.stage, now.escalation) == ("kutim", Stage.DIALIHKAN, Escalation())
    assert (now.clock.due, now.clock.reminded, now.clock.handed_on) == (add_workdays(world.today, 3), False, None)
    assert world.desk_of("kutim-inspektorat").get(path).status_code == 404


def test_a_long_extension_of_the_accused_does_not_bind_the_desk_that_gets_it_next(world: World) -> None:
    sent = world.report()
    path, unit = f"/desk/cases/{sent['tracking_id']}", world.hand_over(sent["tracking_id"], UNIT)
    late = add_workdays(world.today, 35).isoformat()
    assert unit.post(f"{path}/extend", {"due": late, "reason": "Perlu waktu."}).status_code == 200
    typed = {"receipt": sent["receipt"], "body": ACCUSING, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", typed).status_code == 201
    assert world.store.read_head(sent["tracking_id"]).clock.due == add_workdays(world.today, 3)


def moved_by_the_tree(world: TendWorld, path: str, receipt: str) -> None:
    assert world.desk_of(UNIT).post(f"{path}/close", CLOSING).status_code == 200
    assert move(world.desk_of("kutim"), UNIT, "kutim-disdik").status_code == 200


def moved_by_words(world: TendWorld, path: str, receipt: str) -> None:
    unit = world.desk_of(UNIT)
    unit.post(f"{path}/messages", {"body": "Besok dikerjakan.", "message_key": "a" * 16})
    assert world.post("/api/thread/publication", {"receipt": receipt}).status_code == 200
    draft = {"summary": "Lampu mati.", "answer": "Akan dikerjakan."}
    assert unit.post(f"{path}/publication", draft).status_code == 201
    assert unit.post(f"{path}/close", CLOSING).status_code == 200
    told = {"receipt": receipt, "reason": ACCUSING}
    assert world.post("/api/thread/publication/change", told).status_code == 200


@pytest.mark.parametrize("moved", [moved_by_the_tree, moved_by_words])
def test_what_went_to_the_sorting_desk_while_it_was_closed_can_be_handed_on_once_reopened(world, moved) -> None:
    sent = world.report(about_agency="kutim-disdik" if moved is moved_by_the_tree else "")
    path, receipt = f"/desk/cases/{sent['tracking_id']}", sent["receipt"]
    world.hand_over(sent["tracking_id"], UNIT)
    moved(world, path, receipt)
    told = {"receipt": receipt, "verdict": "belum", "reason": "Masih gelap."}
    assert world.post("/api/thread/verdict", told).status_code == 200
    head = world.store.read_head(sent["tracking_id"])
    assert (head.holder, head.stage, head.clock.due) == ("kutim", Stage.DIALIHKAN, add_workdays(world.today, 3))
    desk = world.desk_of("kutim")
    assert "handover" in desk.get(path).get_json()["actions"]
    assert desk.post(f"{path}/handover", {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."}).status_code == 200


def test_a_lift_is_decided_by_an_overseer_whom_later_words_do_not_accuse(world: TendWorld) -> None:
    """Whoever is accused never sees the request: it waited for ever, and no other could be made."""
    sent = world.report(about_agency=UNIT)
    path = f"/desk/cases/{sent['tracking_id']}"
    own = "Pegawai Diskominfo juga minta uang 500 ribu kepada saya."
    typed = {"receipt": sent["receipt"], "body": own, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", typed).status_code == 201
    assert world.store.read_head(sent["tracking_id"]).holder == "kutim-inspektorat"
    asked = {"reason": "Hanya mereka memegang datanya."}
    assert world.desk_of("kutim-inspektorat").post(f"{path}/lift", asked).status_code == 200
    assert world.desk_of("kutim", Role.OVERSEER).get(path).status_code == 404
    assert "lift" in world.desk_of("pusat", Role.OVERSEER).get(path).get_json()["actions"]


@pytest.mark.parametrize("ends", ["withdrawn", "kept long enough"])
def test_what_deletion_leaves_is_kept_from_whom_words_accused_too(world: TendWorld, ends: str) -> None:
    """The coordinator, who sees each tombstone of the instance, was shown the number of a case that never was theirs."""
    sent = world.report(about_agency=UNIT)
    own = "Pegawai Diskominfo juga minta uang 500 ribu kepada saya."
    typed = {"receipt": sent["receipt"], "body": own, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", typed).status_code == 201
    desk, inspects = world.desk_of("kutim"), world.desk_of("kutim-inspektorat")
    if ends == "withdrawn":
        assert world.post("/api/thread/withdraw", {"receipt": sent["receipt"]}).status_code == 200
    else:
        erase(world.store, world.blobs, world.store.read_head(sent["tracking_id"]))
    assert world.store.read_head(sent["tracking_id"]).shredded
    assert sent["tracking_id"] in inspects.get("/desk/").text
    assert sent["tracking_id"] not in desk.get("/desk/").text
    assert desk.get(f"/desk/cases/{sent['tracking_id']}").status_code == 404


def test_who_is_taken_out_of_the_way_up_lets_nobody_read_it_unannounced(world: TendWorld) -> None:
    """The inspectorate moved into the coordinator's place: it read the case, and no event, no letter said so."""
    sent = world.report()
    path = f"/desk/cases/{sent['tracking_id']}"
    world.hand_over(sent["tracking_id"], "kutim-dpupr")
    while not world.store.read_head(sent["tracking_id"]).escalation.steps:
        world.later(days=1)
        world.remind()
    own = "Pegawai Diskominfo minta uang 500 ribu kepada saya."
    typed = {"receipt": sent["receipt"], "body": own, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", typed).status_code == 201
    assert world.store.read_head(sent["tracking_id"]).escalation == Escalation()
    assert world.desk_of("kutim-inspektorat").get(path).status_code == 404
    world.later(days=1)
    world.remind()
    assert "Inspektorat" in world.read(sent["receipt"])["messages"][-1]["body"]
    assert world.desk_of("kutim-inspektorat").get(path).status_code == 200
