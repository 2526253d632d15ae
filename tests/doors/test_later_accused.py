"""Words that come later and accuse whoever holds a case keep it from them, by every way in, until a person has looked."""

import ast
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from functions.actions.common.rewrap import RewrapCases
from functions.actions.reporter.open311 import ReceiveFromApp
from functions.casework.apps import admit
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Role
from functions.casework.linked_systems import CHANNEL
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.bound_facts import kept_in
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.reply_keys import new_reply_key
from functions.crypto.sign.reporter_acts import forged
from functions.crypto.slips.app_tokens import case_keys
from functions.open311.app import Place, make_app
from functions.open311.flood import Flood
from functions.storage.registers.linked_systems import Peer, Sent, app_peer, begin_link, change_sent, write_peer
from tests.doors import test_sms as sms
from tests.trust import NAME, TrustWorld
from tests.world import JSON, Desk, World

HTML = {"Accept": "text/html"}
HOLDER = "kutim-dpupr"
SYSTEM = "kutim-dishub"
ACCUSING = "Pegawai Dinas PUPR minta uang 500 ribu supaya jalannya dikerjakan."
UNSURE = "Waktu mengukur jalan rusak itu petugasnya minta uang 100 ribu."
HARMLESS = "Jalan itu di depan kantor Dinas PUPR, dekat tikungan."
COORDINATOR = "Pegawai Kominfo minta uang 500 ribu kalau mau dipasang."
REASON = {"reason": "Kewenangan dinas."}

Act = Callable[[World, str, str, str], Any]


def head(world: World, case_id: str) -> CaseHead:
    return world.store.read_head(case_id)


def reply_json(world: World, receipt: str, case_id: str, text: str) -> Any:
    return world.post("/api/thread/messages", {"receipt": receipt, "body": text, "message_key": "k" * 16})


def reply_form(world: World, receipt: str, case_id: str, text: str) -> Any:
    typed = {"receipt": receipt, "body": text, "message_key": "k" * 16}
    return world.thread.post("/api/thread/messages", data=typed, headers=HTML)


def ended(world: World, case_id: str) -> None:
    done = world.desk_of(HOLDER).post(
        f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Sudah kami jelaskan."}
    )
    assert done.status_code == 200, done.text


def not_done(world: World, receipt: str, case_id: str, text: str) -> Any:
    ended(world, case_id)
    return world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": text})


def done(world: World, receipt: str, case_id: str, text: str) -> Any:
    ended(world, case_id)
    return world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "selesai", "rating": "1", "reason": text})


def refused_unmasking(world: World, receipt: str, case_id: str, text: str) -> Any:
    wanted = {"ground": "records", "reason": "Perlu memeriksa.", "n": "1"}
    asked = world.desk_of(HOLDER).post(f"/desk/cases/{case_id}/unmask", wanted)
    assert asked.status_code == 201, asked.text
    return world.post("/api/thread/unmask", {"receipt": receipt, "request": str(asked.get_json()["n"]), "reason": text})


def other_public_words(world: World, receipt: str, case_id: str, text: str) -> Any:
    unit = world.desk_of(HOLDER)
    unit.post(f"/desk/cases/{case_id}/messages", {"body": "Besok dikerjakan.", "message_key": "a" * 16})
    assert world.post("/api/thread/publication", {"receipt": receipt}).status_code == 200
    draft = {"summary": "Jalan rusak.", "answer": "Akan dikerjakan."}
    assert unit.post(f"/desk/cases/{case_id}/publication", draft).status_code == 201
    return world.post("/api/thread/publication/change", {"receipt": receipt, "reason": text})


BY_THREAD: dict[str, Act] = {
    "reply": reply_json,
    "reply without script": reply_form,
    "not done": not_done,
    "done": done,
    "refusal to unmask": refused_unmasking,
    "wish for other public words": other_public_words,
}


@pytest.fixture
def trusted(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def sent(world: World, **changes: str) -> tuple[str, str]:
    """A report at the unit: its receipt and number."""
    typed = {"topic": "jalan", "body": "Jalan kampung rusak. Telepon saya 0812-3456-7890.", "subject": "Jalan rusak"}
    told = world.report(**typed | changes)
    world.hand_over(told["tracking_id"], HOLDER)
    return told["receipt"], told["tracking_id"]


def hidden(world: World, case_id: str, agency: str = HOLDER) -> bool:
    status = world.desk_of(agency).get(f"/desk/cases/{case_id}").status_code
    assert status in (200, 404), "neither hidden nor read: nobody can answer it"
    return status == 404


@pytest.mark.parametrize("way", BY_THREAD)
def test_later_words_of_the_thread_keep_it_from_whom_they_accuse(trusted: TrustWorld, way: str) -> None:
    receipt, case_id = sent(trusted)
    answer = BY_THREAD[way](trusted, receipt, case_id, ACCUSING)
    assert answer.status_code in (200, 201), answer.text
    trusted.mailbox.letters.clear()
    trusted.later(days=3)
    trusted.run_courier()
    told = {letter.to for letter in trusted.mailbox.letters}
    assert trusted.officer("kutim").email in told
    assert trusted.officer(HOLDER).email not in told
    assert hidden(trusted, case_id)
    now = head(trusted, case_id)
    assert (now.holder, now.about_agency) == ("kutim", HOLDER)
    assert now.stage == ("selesai" if way == "done" else "dialihkan")
    shown = trusted.desk_of("kutim").get(f"/desk/cases/{case_id}").get_json()
    assert ACCUSING in str(shown["messages"])
    view = trusted.read(receipt)
    assert view["hidden_from"]["code"] == HOLDER, "its writer reads who must not see it"


@pytest.mark.parametrize("way", ["reply", "done"])
def test_harmless_words_move_nothing(trusted: TrustWorld, way: str) -> None:
    receipt, case_id = sent(trusted)
    assert BY_THREAD[way](trusted, receipt, case_id, HARMLESS).status_code in (200, 201)
    assert (head(trusted, case_id).holder, head(trusted, case_id).about_agency) == (HOLDER, "")


def test_an_appeal_that_accuses_the_inspectorate_goes_above_it(world: World) -> None:
    receipt, case_id = sent(world)
    not_done(world, receipt, case_id, "Belum dikerjakan.")
    ended(world, case_id)
    answer = world.post(
        "/api/thread/appeal", {"receipt": receipt, "reason": "Pegawai Inspektorat minta uang 500 ribu kepada saya."}
    )
    assert answer.get_json()["stage"] == "banding"
    assert (head(world, case_id).holder, head(world, case_id).about_agency) == ("pusat", "kutim-inspektorat")
    assert hidden(world, case_id, "kutim-inspektorat")


def test_who_only_they_in_an_appeal_are_is_the_unit_that_had_the_case(world: World) -> None:
    receipt, case_id = sent(world)
    not_done(world, receipt, case_id, "Belum dikerjakan.")
    ended(world, case_id)
    assert world.post("/api/thread/appeal", {"receipt": receipt, "reason": UNSURE}).status_code == 200
    assert head(world, case_id).holder == "kutim-inspektorat", "it is whom an appeal goes to, and not whom it is about"
    assert hidden(world, case_id)


def test_an_objection_that_accuses_whoever_holds_it_takes_it_from_them(trusted: TrustWorld) -> None:
    receipt, case_id = sent(trusted, about_agency="kutim-dishub")
    path = f"/desk/cases/{case_id}"
    assert trusted.desk_of(HOLDER).post(f"{path}/lift", {"reason": "Mereka punya datanya."}).status_code == 200
    answer = trusted.post("/api/thread/object", {"receipt": receipt, "reason": ACCUSING})
    assert answer.status_code == 200
    assert head(trusted, case_id).about_agency == "kutim-dishub", "what is bound stays"
    assert head(trusted, case_id).desk_work.kept_from == (HOLDER,)
    assert hidden(trusted, case_id)


def test_a_verdict_by_sms_keeps_it_from_whom_it_accuses(world: World) -> None:
    code = sms.code(world.said("LAPOR jalan kampung rusak di bengalon"))
    (found,) = sms.cases(world)
    world.hand_over(found.case_id, HOLDER)
    ended(world, found.case_id)
    world.said(f"BELUM {code} {ACCUSING}")
    assert hidden(world, found.case_id)


@pytest.fixture
def linked(tmp_path: Path) -> World:
    """A world with an app that gets answers, and a unit with a system of its own."""
    known = load_directory(DEMO / "kutai-timur.toml")
    own = replace(known.agencies[SYSTEM], channel=f"{CHANNEL}http://127.0.0.1:9")
    made = World(tmp_path, directory=replace(known, agencies=MappingProxyType({**known.agencies, SYSTEM: own})))
    sealed = made.keys.public().seal(Purpose.COURIER, "kutim", "x", b"kunci")[1]
    write_peer(made.store, app_peer("aplikasi", "kutim"), Peer(sealed, "kutim", url="http://127.0.0.1:9"))
    return made


def app_of(world: World, agency: str = "") -> tuple[FlaskClient, str]:
    """The door as an app, or an agency's system, calls it; and its key."""
    apps, key = admit({}, "aplikasi", "Aplikasi", agency)
    place = Place(
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
    return make_app(place).test_client(), key


def by_app(world: World) -> tuple[str, Callable[[str], None]]:
    """A report by an app, at the unit; and what adds words to it."""
    client, key = app_of(world)
    typed = {"api_key": key, "service_code": "jalan", "description": "Jalan kampung rusak.", "jurisdiction_id": "kutim"}
    answer = client.post("/open311/v2/requests.json", data=typed | {"attribute[district]": "64.08.04"})
    assert answer.status_code == 200, answer.text
    token = answer.get_json()[0]["token"]
    (found,) = world.store.page("instance", "kutim").heads
    world.hand_over(found.case_id, HOLDER)

    return found.case_id, lambda text: update(world, client, key, token, text)


def update(world: World, client: FlaskClient, key: str, number: str, text: str) -> None:
    facts = {"service_request_id": number, "update_id": token_hex(4), "status": "OPEN", "description": text}
    done = client.post("/open311/v2/servicerequestupdates.json", data={"api_key": key} | facts)
    assert done.status_code == 200, done.text
    assert world.take_up() == 1


def test_an_apps_addition_keeps_it_from_whom_it_accuses_until_the_coordinator_says_so(linked: World) -> None:
    case_id, add = by_app(linked)
    add(ACCUSING)
    assert hidden(linked, case_id)
    assert (head(linked, case_id).holder, head(linked, case_id).stage) == ("kutim", "dialihkan")
    coordinator = linked.desk_of("kutim")
    (why,) = coordinator.get(f"/desk/cases/{case_id}").get_json()["routing"]["suspected"]
    assert why["agency"] == HOLDER
    assert why["words"] in ACCUSING
    back = {"agency": HOLDER, **REASON}
    assert coordinator.post(f"/desk/cases/{case_id}/handover", back).status_code == 422
    assert coordinator.post(f"/desk/cases/{case_id}/handover", back | {"yes": "yes"}).status_code == 200
    assert not hidden(linked, case_id), "a false alarm stops nothing for ever"
    answer = {"body": "Kami periksa.", "message_key": "ab" * 8}
    assert linked.desk_of(HOLDER).post(f"/desk/cases/{case_id}/messages", answer).status_code == 201
    add(HARMLESS)
    assert head(linked, case_id).holder == HOLDER
    assert forged(linked.store.read_case(case_id)) == ""  # an app has no receipt to sign with


def test_they_in_an_apps_addition_are_those_of_the_unit_that_has_the_case(linked: World) -> None:
    """Its door knows no case, so nobody was meant, and the unit read that its staff took money."""
    case_id, add = by_app(linked)
    add("Petugasnya minta uang 100 ribu kepada saya.")
    assert hidden(linked, case_id)
    assert head(linked, case_id).holder == "kutim"
    given = {"agency": HOLDER, "yes": "yes", **REASON}
    assert linked.desk_of("kutim").post(f"/desk/cases/{case_id}/handover", given).status_code == 200
    assert not hidden(linked, case_id)


def test_an_addition_by_a_token_of_an_older_release_comes_in(linked: World) -> None:
    """It names no government: the door answered 500 whatever was added, and each time it was sent again."""
    client, key = app_of(linked)
    typed = {"api_key": key, "service_code": "jalan", "description": "Jalan rusak.", "jurisdiction_id": "kutim"}
    answer = client.post("/open311/v2/requests.json", data=typed | {"attribute[district]": "64.08.04"})
    token = answer.get_json()[0]["token"]
    keys = case_keys(token)
    slip = linked.store.read_slip(keys.name, linked.seconds)
    assert slip is not None
    older = ":".join(keys.open(slip.version, slip.sealed).split(":")[:2])
    linked.store.write_slip(slip._replace(version=2, sealed=keys.seal(2, older)), linked.seconds)
    update(linked, client, key, token, ACCUSING)
    (found,) = linked.store.page("instance", "kutim").heads
    assert ACCUSING in linked.desk_of("kutim").get(f"/desk/cases/{found.case_id}").text


def test_what_the_clock_notes_without_a_key_is_missed_when_an_update_takes_it_away(linked: World) -> None:
    """The sealed words say whom they accuse. So the desk opens nothing to anybody, whatever the reporter, ops or a
    rotation do meanwhile, until it is put right; the next act of the desk then binds it into the case's wrap."""
    case_id, add = by_app(linked)
    add(ACCUSING)
    path = f"/desk/cases/{case_id}"

    def put(kept_from: str, holder: str) -> None:
        with closing(sqlite3.connect(linked.folder / "lapor.sqlite")) as db, db:
            change = "UPDATE cases SET kept_from = ?, holder = ? WHERE case_id = ?"
            db.execute(change, (kept_from, holder, case_id))

    def dark() -> None:
        for agency in (HOLDER, "kutim"):
            put("[]", agency)
            desk = linked.desk_of(agency)
            answer = desk.get(path)
            assert (answer.status_code, answer.get_json()["code"]) == (409, "facts_changed"), agency
            note = {"body": "Kami periksa.", "message_key": "ef" * 8}
            assert desk.post(f"{path}/notes", note).status_code == 409
            for text in (answer.text, desk.client.get("/desk/", headers=JSON).text):
                assert "Jalan kampung" not in text

    dark()
    add(HARMLESS)
    dark()
    new = linked.keys.generate(Purpose.DESK, "kutim")
    assert new
    rewrap = RewrapCases(
        linked.store, lambda: linked.keys.private(Purpose.DESK), linked.keys.public, lambda: linked.today
    )
    assert rewrap("kutim") == 1
    dark()
    put(json.dumps([HOLDER]), "kutim")
    desk = linked.desk_of("kutim")
    assert "Jalan kampung" in str(desk.get(path).get_json()["messages"])
    assert kept_in(head(linked, case_id)) == 0
    assert desk.post(f"{path}/notes", {"body": "Kami periksa.", "message_key": "cd" * 8}).status_code == 201
    assert kept_in(head(linked, case_id)) == 1
    dark()


def test_nor_does_a_decision_on_what_is_masked_give_it_back(linked: World) -> None:
    """Whoever decides reads no words, so nobody compared what the store says with the sealed reply."""
    case_id, add = by_app(linked)
    add("Nama saya Siti Khayalan, telepon 0812-3456-7890.")
    path = f"/desk/cases/{case_id}"
    n = linked.desk_of(HOLDER).get(path).get_json()["messages"][-1]["n"]
    wanted = {"n": str(n), "ground": "records", "reason": "Perlu memeriksa."}
    asked = linked.desk_of(HOLDER).post(f"{path}/unmask", wanted)
    assert asked.status_code == 201, asked.text
    add(ACCUSING)
    moved = head(linked, case_id)
    assert moved.holder == "kutim"
    with closing(sqlite3.connect(linked.folder / "lapor.sqlite")) as db, db:
        db.execute("UPDATE cases SET kept_from = '[]', holder = ? WHERE case_id = ?", (HOLDER, case_id))
    decided = {"request": str(asked.get_json()["n"]), "decision": "agreed", "reason": "Boleh."}
    assert linked.desk_of("kutim").post(f"{path}/unmask/decision", decided).status_code == 201
    answer = linked.desk_of(HOLDER).get(path)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "facts_changed")


def test_a_late_case_does_not_go_up_to_whom_an_app_accuses(linked: World) -> None:
    """The clock has no key to bind the coordinator into the seal, and keeps it from them all the same."""
    case_id, add = by_app(linked)
    add(COORDINATOR)
    assert head(linked, case_id).holder == HOLDER
    assert hidden(linked, case_id, "kutim")
    reached = set()
    for _ in range(30):
        linked.later(days=3)
        linked.remind()
        reached.add(head(linked, case_id).escalation.agency)
    assert reached == {"", "kutim-inspektorat", "pusat"}
    assert hidden(linked, case_id, "kutim")


def test_what_an_agencys_system_says_keeps_it_from_the_second_unit_it_accuses(linked: World) -> None:
    told = linked.report(topic="jalan", subject="Jalan rusak", body="Jalan kampung rusak.")
    case_id = told["tracking_id"]
    both = {"agency": SYSTEM, "second": HOLDER, **REASON}
    assert linked.desk_of("kutim").post(f"/desk/cases/{case_id}/handover", both).status_code == 200
    assert not hidden(linked, case_id)
    client, key = app_of(linked, SYSTEM)
    change_sent(linked.store, SYSTEM, lambda _: Sent({"7": case_id}))
    begin_link(linked.store, case_id, SYSTEM, "7", new_reply_key()[1], linked.seconds)
    update(linked, client, key, "7", f"Pelapor menulis kepada kami: {ACCUSING}")
    assert hidden(linked, case_id)
    assert head(linked, case_id).desk_work.kept_from == (HOLDER,)
    update(linked, client, key, "7", "Pegawai Dishub minta uang 100 ribu.")
    assert head(linked, case_id).holder == SYSTEM, "it knows what it said itself"


def test_who_only_may_be_meant_gets_it_back_with_a_tick(world: World) -> None:
    receipt, case_id = sent(world)
    assert reply_json(world, receipt, case_id, UNSURE).status_code == 201
    now = head(world, case_id)
    assert (now.holder, now.about_agency, now.desk_work.kept_from) == ("kutim", "", (HOLDER,))
    shown = world.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML).text
    assert "Tidak boleh dilihat oleh: <strong>Dinas Pekerjaan Umum dan Penataan Ruang</strong>" in shown
    coordinator: Desk = world.desk_of("kutim")
    back = {"agency": HOLDER, **REASON}
    assert coordinator.post(f"/desk/cases/{case_id}/handover", back).status_code == 422
    assert coordinator.post(f"/desk/cases/{case_id}/handover", back | {"yes": "yes"}).status_code == 200
    assert head(world, case_id).desk_work.kept_from == ()
    assert not hidden(world, case_id)


def test_a_false_alarm_that_is_bound_is_given_back_by_an_overseer(trusted: TrustWorld) -> None:
    receipt, case_id = sent(trusted)
    reply_json(trusted, receipt, case_id, ACCUSING)
    path = f"/desk/cases/{case_id}"
    assert trusted.desk_of("kutim").post(f"{path}/lift", {"reason": "Bukan mereka."}).status_code == 200
    trusted.days_over()
    granted = {"decision": "granted", "reason": "Keliru."}
    assert trusted.desk_of("kutim", Role.OVERSEER).post(f"{path}/lift/decision", granted).status_code == 200
    assert trusted.desk_of("kutim").post(f"{path}/handover", {"agency": HOLDER, **REASON}).status_code == 200
    assert not hidden(trusted, case_id)


FUNCTIONS = Path(__file__).parents[2] / "functions"
# Whoever writes an event of the reporter's without ``Converse.append_step``, and why it holds none of their words.
PAST_THE_GATE = {
    "actions/reporter/converse.py": "append_step itself, the gate",
    "actions/reporter/identity.py": "leaves or takes back an identity: no words; what custodians are answered is theirs alone",
    "actions/clock/import_replies.py": "has no key; asks kept_away with whom the receiving door found",
    "actions/reporter/submit.py": "the report itself: Submit._kept",
    "actions/reporter/sealed_acts.py": "its browser says whom; unread_accuse looks again before a desk reads",
}


def test_no_other_way_in_passes_the_gate_by() -> None:
    assert set(_writers(FUNCTIONS / "actions" / "reporter")) | set(_writers(FUNCTIONS / "actions" / "clock")) == {
        *PAST_THE_GATE,
        "actions/clock/remind.py",  # the clock's own events
    }


def _writers(folder: Path) -> Iterator[str]:
    """Yield the modules that call ``append`` or a store's ``append`` or ``create_case``."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _writes(node.func):
                yield path.relative_to(FUNCTIONS).as_posix()


def _writes(func: ast.expr) -> bool:
    if isinstance(func, ast.Name):
        return func.id == "append"
    on_store = isinstance(func, ast.Attribute) and ast.unparse(func.value).endswith("store")
    return on_store and func.attr in ("append", "create_case")


def test_the_custodian_of_an_agency_that_later_words_accuse_learns_nothing_of_the_name(trusted: TrustWorld) -> None:
    """One of the two who open a name may not be of those whom its writer accuses meanwhile (law 5)."""
    receipt, case_id = trusted.entrusted(about_agency="kutim-dishub")
    trusted.custody.ask(trusted.viewer(1), case_id, "Hak jawabnya.")
    trusted.answer(receipt)
    said = "Pegawai Inspektorat minta uang 500 ribu kepada saya supaya laporan ini jalan."
    assert reply_json(trusted, receipt, case_id, said).status_code == 201
    assert head(trusted, case_id).desk_work.kept_from == ("kutim-inspektorat",)
    assert hidden(trusted, case_id, "kutim-inspektorat")
    before = len(trusted.mailbox.letters)
    accused = trusted.custodian(0)
    assert case_id not in accused.get("/custody/").text
    assert accused.get(f"/custody/cases/{case_id}").status_code == 404
    assert accused.post(f"/custody/cases/{case_id}/open", {"reason": "Saya sependapat."}).status_code == 404
    assert NAME not in accused.get(f"/custody/cases/{case_id}").text
    told = [mail for mail in trusted.mailbox.letters[before:] if mail.to == trusted.custodians[0].email]
    assert not [mail for mail in told if case_id in mail.text + mail.subject]
    assert trusted.custodian(1).get(f"/custody/cases/{case_id}").get_json()["state"] == "asked"


@pytest.mark.parametrize("about", ["", HOLDER])
def test_nor_does_the_custodian_of_another_agency_that_a_report_accuses(trusted: TrustWorld, about: str) -> None:
    """The seal binds one agency; the words of the report accuse two."""
    body = "Pegawai Dinas PUPR minta uang 500 ribu. Pegawai BKPSDM juga minta uang 1 juta supaya diam."
    receipt, case_id = trusted.entrusted(body=body, about_agency=about)
    assert head(trusted, case_id).about_agency == HOLDER
    trusted.custody.ask(trusted.viewer(0), case_id, "Hak jawabnya.")
    trusted.answer(receipt)
    assert trusted.custodians[1].agency == "kutim-bkpsdm"
    assert trusted.custodian(1).get(f"/custody/cases/{case_id}").status_code == 404
