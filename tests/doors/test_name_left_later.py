"""A name that is left after the report is kept from the custodians of whom its words may mean, as on arrival (law 5)."""

from pathlib import Path

import pytest

from tests.doors.test_sealed_name import faults
from tests.named_phone import named_phone
from tests.trust import CONTACT, NAME, REASON, TrustWorld

MEANT = "kutim-bkpsdm"  # the second custodian sits there
WORDS = {"subject": "", "place": "", "body": "Kepegawaian minta uang 1 juta supaya mutasi lancar."}


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    made = TrustWorld(tmp_path)
    assert made.custodians[1].agency == MEANT
    return made


def by_server(world: TrustWorld, receipt: str, path: str) -> None:
    typed = {"receipt": receipt, "name": NAME, "contact": CONTACT}
    assert world.post("/api/thread/identity", typed).status_code == 200


def by_script(world: TrustWorld, receipt: str, path: str) -> None:
    """The door reads no words: the desk does, before its officer can know of a name."""
    phone = named_phone(world, receipt)
    assert (phone.look(), phone.name()) == (200, 200)
    assert phone.leave(world.keys.public(), NAME, CONTACT)[0] == 201
    assert world.desk_of("kutim").get(path).status_code == 200


@pytest.mark.parametrize("leave", [by_server, by_script])
def test_a_custodian_whom_the_report_may_mean_learns_of_no_name(world: TrustWorld, leave) -> None:
    """Left with the report, the name was kept from them; left a day later, they were asked to open it."""
    sent = world.report(**WORDS)
    path = f"/desk/cases/{sent['tracking_id']}"
    assert world.store.read_head(sent["tracking_id"]).desk_work.kept_from == ()
    leave(world, sent["receipt"], path)
    assert world.store.read_head(sent["tracking_id"]).desk_work.kept_from == (MEANT,)
    world.custody.ask(world.viewer(0), sent["tracking_id"], REASON)
    world.run_courier()
    told = {letter.to for letter in world.mailbox.letters}
    assert world.custodians[1].email not in told
    assert world.custodian(1).get(f"/custody/cases/{sent['tracking_id']}").status_code == 404
    for _ in range(2):
        assert world.desk_of("kutim").get(path).status_code == 200
    assert faults(world) == ()


@pytest.mark.parametrize("leave", [by_server, by_script])
def test_whom_a_person_gave_the_case_keeps_it(world: TrustWorld, leave) -> None:
    sent = world.report(**WORDS)
    path = f"/desk/cases/{sent['tracking_id']}"
    given = {"agency": MEANT, "reason": "Bukan tentang mereka.", "yes": "yes"}
    assert world.desk_of("kutim").post(f"{path}/handover", given).status_code == 200
    leave(world, sent["receipt"], path)
    head = world.store.read_head(sent["tracking_id"])
    assert (head.holder, head.desk_work.kept_from) == (MEANT, ())
    assert world.desk_of(MEANT).get(path).status_code == 200
