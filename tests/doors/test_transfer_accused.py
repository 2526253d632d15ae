"""A case that went to another government: what its reporter says later may accuse people of either (law 5)."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from functions.actions.courier.open311_exchange import key_context
from functions.casework.case import CaseHead
from functions.casework.linked_systems import CHANNEL
from functions.crypto.seal.public_keys import Purpose
from functions.storage.registers.linked_systems import Peer, app_peer, write_peer
from tests.doors.test_later_accused import app_of, update
from tests.doors.test_transfer import across
from tests.linked_system import KEY, LinkedSystem
from tests.named_phone import named_phone
from tests.neighbour import NEXT, UNIT, two_governments
from tests.trust import CONTACT, NAME, REASON, TrustWorld

MEANT = "kutim-bkpsdm"  # the second custodian of the first government sits there
SAID = "Pegawai BKPSDM Kutai Timur minta uang 500 ribu kepada saya supaya laporan ini jalan."
REPORT = {"subject": "", "place": "", "body": "Kepegawaian minta uang 1 juta supaya mutasi lancar."}


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    made = TrustWorld(tmp_path, *two_governments())
    assert made.custodians[1].agency == MEANT
    return made


def head(world: TrustWorld, case_id: str) -> CaseHead:
    return world.store.read_head(case_id)


def learns_nothing(world: TrustWorld, case_id: str) -> None:
    """The custodian there neither hears of the name nor is shown it."""
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.run_courier()
    about = [mail.to for mail in world.mailbox.letters if "Permintaan membuka" in mail.subject]
    assert world.custodians[1].email not in about
    assert world.custodian(1).get(f"/custody/cases/{case_id}").status_code == 404


def test_a_custodian_of_the_first_government_whom_later_words_accuse_learns_nothing(world: TrustWorld) -> None:
    """They had been read for the government that has the case, which calls nobody so."""
    receipt, case_id = world.entrusted()
    across(world, f"/desk/cases/{case_id}")
    typed = {"receipt": receipt, "body": SAID, "message_key": "pesan0001"}
    assert world.post("/api/thread/messages", typed).status_code == 201
    assert MEANT in (head(world, case_id).about_agency, *head(world, case_id).desk_work.kept_from)
    assert head(world, case_id).holder == NEXT
    learns_nothing(world, case_id)


def test_nor_where_a_browser_sealed_them(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    path = f"/desk/cases/{case_id}"
    across(world, path)
    phone = named_phone(world, receipt)
    assert phone.look() == 200
    assert phone.act("message", {"body": SAID})[0] == 201
    assert world.desk_of(NEXT).get(path).status_code == 200
    learns_nothing(world, case_id)


def test_nor_where_the_name_was_left_after_the_transfer(world: TrustWorld) -> None:
    sent = world.report(**REPORT)
    across(world, f"/desk/cases/{sent['tracking_id']}")
    typed = {"receipt": sent["receipt"], "name": NAME, "contact": CONTACT}
    assert world.post("/api/thread/identity", typed).status_code == 200
    learns_nothing(world, sent["tracking_id"])


def test_harmless_words_keep_it_from_nobody(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    across(world, f"/desk/cases/{case_id}")
    before = head(world, case_id).desk_work.kept_from
    typed = {"receipt": receipt, "body": "Lampunya masih mati.", "message_key": "pesan0001"}
    assert world.post("/api/thread/messages", typed).status_code == 201
    assert head(world, case_id).desk_work.kept_from == before


def test_an_apps_addition_is_read_for_the_government_that_has_the_case(world: TrustWorld) -> None:
    """The app's door knows the one that got it alone: the accused unit of the other had read it."""
    sealed = world.keys.public().seal(Purpose.COURIER, "kutim", "x", b"kunci")[1]
    write_peer(world.store, app_peer("aplikasi", "kutim"), Peer(sealed, "kutim", url="http://127.0.0.1:9"))
    client, key = app_of(world)
    typed = {"api_key": key, "service_code": "jalan", "description": "Jalan kampung rusak.", "jurisdiction_id": "kutim"}
    answer = client.post("/open311/v2/requests.json", data=typed | {"attribute[district]": "64.08.04"})
    (found,) = world.store.page("instance", "kutim").heads
    path = f"/desk/cases/{found.case_id}"
    across(world, path)
    given = {"agency": UNIT, "reason": "Jalan kota."}
    assert world.desk_of(NEXT).post(f"{path}/handover", given).status_code == 200
    said = "Pegawai Dinas bontang-pu minta uang 500 ribu kepada saya."
    update(world, client, key, answer.get_json()[0]["token"], said)
    unit = world.desk_of(UNIT)
    assert said not in unit.get("/desk/").text
    assert unit.get(path).status_code == 404
    assert head(world, found.case_id).holder == NEXT
    assert said in world.desk_of(NEXT).get(path).text


SYSTEM = "kutim-dishub"


@pytest.fixture
def linked(tmp_path: Path, system: LinkedSystem) -> TrustWorld:
    """A unit of each government has a system of its own, here one server for both."""
    known, officers = two_governments()
    own = {code: replace(known.agencies[code], channel=f"{CHANNEL}{system.url}") for code in (SYSTEM, UNIT)}
    made = TrustWorld(tmp_path, replace(known, agencies=MappingProxyType({**known.agencies, **own})), officers)
    for code, instance in ((SYSTEM, "kutim"), (UNIT, NEXT)):
        sealed = made.keys.public().seal(Purpose.COURIER, instance, key_context(code), KEY.encode())[1]
        write_peer(made.store, code, Peer(sealed, instance))
    return made


def heard(world: TrustWorld, system: LinkedSystem, words: str) -> None:
    """What a system says within the hour, in the case."""
    world.run_courier()
    system.say("R-1", words)
    world.later(hours=1)
    world.run_courier()
    assert world.take_up() == 1


def test_what_a_system_of_the_second_government_says_of_the_firsts_custodian(
    linked: TrustWorld, system: LinkedSystem
) -> None:
    """It was read for the system's own government alone, which calls nobody so."""
    _, case_id = linked.entrusted()
    path = f"/desk/cases/{case_id}"
    across(linked, path)
    assert linked.desk_of(NEXT).post(f"{path}/handover", {"agency": UNIT, "reason": "Jalan kota."}).status_code == 200
    heard(linked, system, f"Pelapor menulis kepada kami: {SAID}")
    assert linked.desk_of(UNIT).get(path).status_code == 200
    assert head(linked, case_id).desk_work.kept_from == (MEANT,)
    learns_nothing(linked, case_id)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("", "Pegawai Dinas bontang-pu minta uang 500 ribu kepada pelapor."),
        ("kutim-dlh", "Dari Dinas bontang-pu."),  # it accuses already: they did it, too
    ],
)
def test_what_a_system_of_the_first_government_says_late_of_who_has_it_now(
    linked: TrustWorld, system: LinkedSystem, about: str, said: str
) -> None:
    sent = linked.report(topic="jalan", subject="Jalan rusak", body="Jalan kampung rusak.", about_agency=about)
    path = f"/desk/cases/{sent['tracking_id']}"
    given = {"agency": SYSTEM, "reason": "Jalan."}
    assert linked.desk_of("kutim").post(f"{path}/handover", given).status_code == 200
    linked.run_courier()
    assert linked.desk_of(SYSTEM).post(f"{path}/handover", given | {"agency": "kutim"}).status_code == 200
    across(linked, path)
    assert linked.desk_of(NEXT).post(f"{path}/handover", given | {"agency": UNIT}).status_code == 200
    heard(linked, system, said)
    unit = linked.desk_of(UNIT)
    assert said not in unit.get("/desk/").text
    assert unit.get(path).status_code == 404
    assert head(linked, sent["tracking_id"]).holder == NEXT
    assert said in linked.desk_of(NEXT).get(path).text


def test_what_a_system_says_of_its_own_agency_moves_nothing(linked: TrustWorld, system: LinkedSystem) -> None:
    """It knows what it said itself."""
    sent = linked.report(topic="jalan", subject="Jalan rusak", body="Jalan kampung rusak.")
    path = f"/desk/cases/{sent['tracking_id']}"
    across(linked, path)
    assert linked.desk_of(NEXT).post(f"{path}/handover", {"agency": UNIT, "reason": "Jalan kota."}).status_code == 200
    heard(linked, system, "Pegawai Dinas bontang-pu minta uang 500 ribu kepada pelapor.")
    assert linked.desk_of(UNIT).get(path).status_code == 200
    assert head(linked, sent["tracking_id"]).holder == UNIT


def test_what_a_system_said_late_is_still_read_once_its_agency_is_gone(
    linked: TrustWorld, system: LinkedSystem
) -> None:
    """The case was handed on, and the agency merged: nobody could open the case, nor answer its reporter."""
    sent = linked.report(topic="jalan", subject="Jalan rusak", body="Jalan kampung rusak.")
    path, said = f"/desk/cases/{sent['tracking_id']}", "Sudah kami tambal."
    given = {"agency": SYSTEM, "reason": "Jalan."}
    assert linked.desk_of("kutim").post(f"{path}/handover", given).status_code == 200
    linked.run_courier()
    assert linked.desk_of(SYSTEM).post(f"{path}/handover", given | {"agency": "kutim"}).status_code == 200
    assert linked.desk_of("kutim").post(f"{path}/handover", given | {"agency": "kutim-dispar"}).status_code == 200
    heard(linked, system, said)
    left = {code: each for code, each in linked.directory.agencies.items() if code != SYSTEM}
    linked.directory = replace(linked.directory, agencies=MappingProxyType(left))
    linked.seat(lambda: linked.keys.private(Purpose.DESK))
    del linked.desk_app  # the door that knows the directory of before
    unit = linked.desk_of("kutim-dispar")
    assert said in unit.get(path).text
    answer = {"body": "Kami periksa.", "message_key": "ab" * 8}
    assert unit.post(f"{path}/messages", answer).status_code == 201
