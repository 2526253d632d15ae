"""Recalls and digests agree: what is recalled is told of by none, and what one may have told of is not recalled."""

import pytest

from functions.actions.courier.digest import Digest
from functions.actions.officer.handover.recall import Recall
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.problems import RecallProblem
from functions.delivery.interface import DeliveryError
from functions.storage.interface import Notice, OutboxEntry
from tests.actions.test_digest import HOUR, digesting, until
from tests.doors.test_bulk import LAMP_UNIT
from tests.doors.test_recall import HAND, HTML, recall
from tests.world import Desk, World


@pytest.fixture
def world(world: World) -> World:
    return digesting(world)


def handed(world: World, count: int = 1) -> tuple[Desk, list[str]]:
    """Cases that the coordinator just handed over; their notices wait for the courier."""
    cases = [world.report(topic="lampu-jalan")["tracking_id"] for _ in range(count)]
    desk = world.desk_of("kutim")
    for case_id in cases:
        assert desk.post(f"/desk/cases/{case_id}/handover", HAND).status_code == 200
    return desk, cases


def held(world: World) -> tuple[OutboxEntry, ...]:
    return world.store.held(LAMP_UNIT, 1 << 30)


def told(world: World) -> dict[str, str]:
    """The subjects of the unit's digests, by address."""
    unit = {officer.email for officer in world.officers if officer.agency == LAMP_UNIT}
    return {mail.to: mail.subject for mail in world.mailbox.letters if mail.to in unit and "menunggu" in mail.subject}


def coordinator(world: World) -> Viewer:
    return Viewer("kutim-1", "kutim", Role.COORDINATOR, hour=world.seconds // HOUR)


def begun(world: World) -> Digest:
    """The unit's digest, as a courier has read it and told nobody yet."""
    due = world.store.claim("courier", world.seconds // HOUR)
    (entry,) = [each for each in due if (each.notice, each.agency) == (Notice.DIGEST, LAMP_UNIT)]
    return world.deliver.officers.digest(entry)


def too_late(world: World, case_id: str) -> bool:
    with pytest.raises(RecallProblem) as refused:
        Recall(world.act)(coordinator(world), case_id)
    assert world.store.read_head(case_id).holder == LAMP_UNIT
    return refused.value.code == "recall_late"


def test_a_recalled_notice_leaves_the_digests_queue_and_no_digest_counts_it(world: World) -> None:
    """What was handed over beside it is told of, alone. The bar says until when, with the day."""
    desk, (gone, stays) = handed(world, 2)
    world.run_courier()
    assert {entry.case_id for entry in held(world)} == {gone, stays}
    assert all(entry.untouched for entry in held(world))
    bar = desk.client.get(f"/desk/?done=handover~{gone}", headers=HTML).get_data(as_text=True)
    assert f'name="recall" value="{gone}"' in bar
    assert "Email ke dinas keluar pukul 09.00, Kamis, 26 November 2026." in bar
    assert recall(desk, gone).status_code == 200
    assert [entry.case_id for entry in held(world)] == [stays]
    until(world, "Thu 10")
    assert set(told(world).values()) == {f"[Lapor Anonim] 1 laporan menunggu ({stays})"}
    assert len(told(world)) == len([o for o in world.officers if o.agency == LAMP_UNIT and o.role is Role.OFFICER])
    assert (held(world), world.store.waiting()) == ((), ())
    assert too_late(world, stays)


def test_what_is_recalled_after_the_courier_has_read_it_is_not_counted(world: World) -> None:
    _, (case_id,) = handed(world)
    until(world, "Thu 09")
    digest = begun(world)
    assert [each.entry.case_id for each in digest.held] == [case_id]
    Recall(world.act)(coordinator(world), case_id)
    assert [write() for _, write in digest.letters()] in ([], [None], [None, None])
    digest.settle(())
    assert world.store.read_head(case_id).holder == "kutim"
    assert held(world) == ()


@pytest.mark.parametrize("since", ["told", "died before it settled", "the server refused"])
def test_once_a_digest_may_have_told_of_it_a_recall_is_too_late(world: World, since: str) -> None:
    _, (case_id,) = handed(world)
    until(world, "Thu 09")
    if since == "died before it settled":
        assert None not in [write() for _, write in begun(world).letters()]
    elif since == "the server refused":  # it may say so of a letter that it took
        world.mailbox.trouble = DeliveryError("server_refused")
        world.run_courier()
        assert [entry.case_id for entry in held(world)] == [case_id]
    else:
        world.run_courier()
        assert told(world)
    assert too_late(world, case_id)


def test_what_the_unit_opened_while_the_courier_had_it_in_hand_is_too_late_to_recall(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, (_, (case_id,)) = world.desk_of(LAMP_UNIT), handed(world)
    put_back = world.store.put_back

    def opened_before(entry: OutboxEntry, worker: str) -> bool:
        assert unit.get(f"/desk/cases/{case_id}").status_code == 200
        return put_back(entry, worker)

    monkeypatch.setattr(world.store, "put_back", opened_before)
    world.run_courier()
    assert [entry.case_id for entry in held(world)] == [case_id]
    assert too_late(world, case_id)
    until(world, "Thu 10")
    assert told(world)  # their colleagues are told all the same
