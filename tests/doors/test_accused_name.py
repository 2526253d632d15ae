"""Whom a report accuses is sealed with its words, by code and by the name its writer read: shown to the writer, compared at
the desk, and kept from whoever bears the name now."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.actions.common.append import Step, append
from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.case import EventKind
from functions.casework.case_fields import AccessFacts
from functions.casework.directory.accused_name import Accused, bearers, is_renamed
from functions.casework.directory.agencies import Directory, Role
from functions.casework.receipt import parse_receipt
from functions.casework.stages import Actor
from functions.config.settings import DEMO, load_directory
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import is_bound, proven
from functions.crypto.seal.public_keys import Purpose
from tests.doors.test_open311 import Apps
from tests.envelopes import sealed_fields
from tests.markup import page
from tests.pages import check_page
from tests.world import JSON, WORDS, World

HTML = {"Accept": "text/html"}
TRANSPORT, WORKS = "kutim-dishub", "kutim-dpupr"
NAME = "Dinas Perhubungan"
DIRECTORY = load_directory(DEMO / "kutai-timur.toml")


def named(directory: Directory, **names: str) -> Directory:
    """The directory with other names for some codes."""
    renamed = {code: replace(directory.agencies[code], name=name) for code, name in names.items()}
    return replace(directory, agencies=dict(directory.agencies) | renamed)


def swapped(directory: Directory) -> Directory:
    """The directory after somebody swapped the names of two units."""
    one, two = directory.agencies[TRANSPORT].name, directory.agencies[WORKS].name
    return named(directory, **{TRANSPORT: two, WORKS: one})


def as_read(world: World, directory: Directory) -> None:
    """Let people read the form with the names of this directory."""
    world.submit = replace(world.submit, directory=directory)


def sealed_words(world: World, receipt: str, case_id: str) -> dict[str, str]:
    case = world.store.read_case(case_id)
    keys = sealing.receipt_keys(parse_receipt(receipt))
    return OpenedCase(case, opening.unwrap_with_receipt(keys, case.head.wraps.receipt)).words(case.events[0])


def test_the_writer_reads_who_must_not_see_it(world: World) -> None:
    sent = world.report(about_agency=TRANSPORT)
    read = world.read(sent["receipt"])
    assert (read["hidden_from"], read["as_sealed"]) == ({"code": TRANSPORT, "name": NAME}, True)
    shown = world.thread.post("/api/thread", data={"receipt": sent["receipt"]}, headers=HTML).text
    check_page(shown)
    assert f"Tidak boleh dilihat oleh: <strong>{NAME}</strong>" in shown
    plain = world.report()
    assert world.read(plain["receipt"])["hidden_from"] is None
    other = world.thread.post("/api/thread", data={"receipt": plain["receipt"]}, headers=HTML).text
    assert "Tidak boleh dilihat oleh" not in other


def test_the_writer_is_told_that_the_facts_were_changed_and_still_writes(world: World) -> None:
    sent = world.report(about_agency=TRANSPORT)
    with world.store.engine.write() as db:  # as whoever may write to the store
        db.execute("UPDATE cases SET about_agency = '' WHERE case_id = ?", (sent["tracking_id"],))
    shown = world.thread.post("/api/thread", data={"receipt": sent["receipt"]}, headers=HTML).text
    check_page(shown)
    assert "Petugas tidak dapat membuka laporan ini sekarang." in shown
    assert f"Tidak boleh dilihat oleh: <strong>{NAME}</strong>" in shown
    said = {"receipt": sent["receipt"], "body": "Tolong.", "message_key": "ab" * 8}
    assert world.post("/api/thread/messages", said).status_code == 201
    assert world.read(sent["receipt"])["messages"][-1]["body"] == "Tolong."


def by_form(world: World) -> dict[str, str]:
    """As a page without scripts: the check page carries the name that it showed."""
    asked = page(world.intake.post("/api/reports", data=world.fields(about_agency=WORKS, submission_key="")))
    names = ("about_agency", "about_name", "submission_key", "form_token")
    hidden = {each.get("name"): each.get("value") or "" for each in asked.iter("input")}
    typed = {name: hidden[name] for name in names}
    assert typed["about_name"] == NAME
    sent = world.intake.post("/api/reports", data=world.fields() | typed)
    assert sent.status_code == 201
    keys = sealing.receipt_keys(sealing.receipt_for(bytes.fromhex(typed["submission_key"])))
    return {"receipt": str(sealing.receipt_for(bytes.fromhex(typed["submission_key"]))), "tracking_id": keys.case_id}


def by_json(world: World) -> dict[str, str]:
    return world.report(about_agency=WORKS)


def by_json_of_a_page_of_before(world: World) -> dict[str, str]:
    as_read(world, DIRECTORY)
    return world.report(about_agency=WORKS, about_name=NAME)


def by_browser(world: World) -> dict[str, str]:
    body, receipt = sealed_fields(world.submit, world.fields(about_agency=WORKS))
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201
    return {"receipt": receipt, "tracking_id": body["case_id"]}


def by_app(world: World) -> dict[str, str]:
    world.directory = swapped(DIRECTORY)
    _, receipt = Apps(world).sent(**{"attribute[about_agency]": WORKS})
    return {"receipt": receipt, "tracking_id": sealing.receipt_keys(parse_receipt(receipt)).case_id}


WAYS = [by_form, by_json, by_json_of_a_page_of_before, by_browser, by_app]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_in_seals_the_name_that_was_read(world: World, way: Any) -> None:
    as_read(world, swapped(DIRECTORY))
    sent = way(world)
    words = sealed_words(world, sent["receipt"], sent["tracking_id"])
    assert (words["about_agency"], words["about_name"]) == (WORKS, NAME)


def test_swapped_names_do_not_hand_the_report_to_whoever_was_meant(world: World) -> None:
    """Its writer chose "Dinas Perhubungan" and got the code of another. The names are as they were, and whoever bears the
    name reads no word, gets no hand-over, and the inspectorate and the coordinator are told."""
    as_read(world, swapped(DIRECTORY))
    case_id = world.report(about_agency=WORKS)["tracking_id"]
    path = f"/desk/cases/{case_id}"
    desk = world.desk_of("kutim")
    case = desk.get(path).get_json()
    assert case["named"] == {"then": NAME, "now": DIRECTORY.agencies[WORKS].name}
    shown = desk.client.get(path, headers=HTML).text
    check_page(shown)
    assert f"Pelapor menyebut “{NAME}” (nama saat itu)" in shown
    assert {TRANSPORT, WORKS}.isdisjoint(target["code"] for target in case["routing"]["targets"])
    for agency in (TRANSPORT, WORKS):
        refused = desk.post(f"{path}/handover", {"agency": agency, "reason": "Kewenangan dinas."})
        assert refused.status_code == 422, agency
    with world.store.engine.write() as db:  # and nobody hands it over in the store
        db.execute("UPDATE cases SET holder = ? WHERE case_id = ?", (TRANSPORT, case_id))
    accused = world.desk_of(TRANSPORT)
    assert accused.get(path).status_code == 404
    for listed in (accused.get("/desk/").text, accused.client.get("/desk/", headers=HTML).text):
        assert "Lampu jalan mati" not in listed
    assert accused.post(f"{path}/messages", {"body": "Halo", "message_key": "ab" * 8}).status_code == 404


def test_a_new_name_is_told_to_who_sorts_and_to_no_unit(world: World) -> None:
    case_id = world.report(about_agency=TRANSPORT)["tracking_id"]
    world.directory = named(DIRECTORY, **{TRANSPORT: "Dinas Perhubungan dan Kelautan"})
    world.seat(lambda: world.keys.private(Purpose.DESK))
    path = f"/desk/cases/{case_id}"
    named_so = {"then": NAME, "now": "Dinas Perhubungan dan Kelautan"}
    assert world.desk_of("kutim").get(path).get_json()["named"] == named_so
    unit = world.hand_over(case_id, WORKS)
    assert unit.get(path).get_json()["named"] is None
    assert WORDS in unit.get(path).text


def test_a_browser_that_says_one_and_seals_another_shows_it_to_neither(world: World) -> None:
    typed = world.fields(about_agency=TRANSPORT)
    body, receipt = sealed_fields(world.submit, typed)
    keys = sealing.receipt_keys(parse_receipt(receipt))
    case_key = opening.unwrap_with_receipt(keys, b64decode(body["wrap_receipt"]))
    facts = AccessFacts("kutim", body["kind"], body["topic"], WORKS)
    _, wrap = world.keys.public().wrap_case_key(keys.case_id, facts, case_key)
    sent = body | {"about_agency": WORKS, "wrap_desk": b64encode(wrap).decode()}
    assert world.intake.post("/api/reports", json=sent, headers=JSON).status_code == 201
    desk = world.desk_of("kutim")
    case = desk.get(f"/desk/cases/{keys.case_id}").get_json()
    assert case["named"] == {"then": NAME, "now": DIRECTORY.agencies[WORKS].name}
    for agency in (TRANSPORT, WORKS):
        asked = desk.post(f"/desk/cases/{keys.case_id}/handover", {"agency": agency, "reason": "Kewenangan dinas."})
        assert asked.status_code == 422


def test_what_a_browser_bound_must_be_what_it_came_with(world: World) -> None:
    """Otherwise no desk could open it: the page is asked to seal again, and nothing is lost."""
    body, _ = sealed_fields(world.submit, world.fields(about_agency=TRANSPORT))
    for other in ({"about_agency": ""}, {"about_agency": WORKS}, {"kind": "aspirasi"}, {"topic": "pungli"}):
        answer = world.intake.post("/api/reports", json=body | other, headers=JSON)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "keys_changed"), other
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201


def test_a_page_of_before_wraps_bound_facts_is_still_taken(world: World) -> None:
    """Its report may have waited on a phone. The desk's first act on it binds whom it accuses."""
    body, receipt = sealed_fields(world.submit, world.fields(about_agency=TRANSPORT))
    keys = sealing.receipt_keys(parse_receipt(receipt))
    case_key = opening.unwrap_with_receipt(keys, b64decode(body["wrap_receipt"]))
    _, wrap = world.keys.public().seal(Purpose.DESK, "kutim", keys.case_id, case_key)
    old = body | {"wrap_desk": b64encode(wrap).decode()}
    assert world.intake.post("/api/reports", json=old, headers=JSON).status_code == 201
    assert not is_bound(world.store.read_head(keys.case_id))
    assert WORDS in world.hand_over(keys.case_id).get(f"/desk/cases/{keys.case_id}").text
    assert proven(world.store.read_head(keys.case_id), case_key)
    assert is_bound(world.store.read_head(keys.case_id))


def test_only_the_desk_changes_a_bound_fact(world: World) -> None:
    sent = world.report(about_agency=TRANSPORT)
    key = world.keys.private(Purpose.DESK).open_case(world.store.read_head(sent["tracking_id"]))

    def load() -> OpenedCase:
        return OpenedCase(world.store.read_case(sent["tracking_id"]), key)

    def decide(opened: OpenedCase) -> Step:
        head = replace(opened.head, about_agency="")
        return Step(EventKind.NOTE, Actor.SYSTEM, {"body": "-", "agency": "kutim"}, head)

    with pytest.raises(ValueError, match="only the desk"):
        append(world.store, load, decide, world.today)
    _, head = append(world.store, load, decide, world.today, public_keys=world.keys.public)
    assert (head.about_agency, world.keys.private(Purpose.DESK).open_case(head)) == ("", key)


def test_each_legal_change_binds_the_new_fact(world: World) -> None:
    """For the inspectorate alone, back to be sorted: the key opens by the facts of after, and by none of before."""
    sent = world.report(about_agency=TRANSPORT)
    case_id, path = sent["tracking_id"], f"/desk/cases/{sent['tracking_id']}"
    keys, before = world.keys.private(Purpose.DESK), world.store.read_head(sent["tracking_id"])
    key = keys.open_case(before)
    assert world.desk_of("kutim").post(f"{path}/oversight", {"reason": "Penyalahgunaan wewenang."}).status_code == 200
    marked = world.store.read_head(case_id)
    assert (marked.oversight, proven(marked, key), keys.open_case(marked)) == (True, True, key)
    inspectorate = world.desk_of("kutim-inspektorat")
    assert inspectorate.post(f"{path}/handover", {"agency": "kutim", "reason": "Bukan pengawasan."}).status_code == 200
    back = world.store.read_head(case_id)
    assert (back.oversight, proven(back, key), keys.open_case(back)) == (False, True, key)
    with pytest.raises(Exception, match="does not open"):
        keys.open_case(replace(back, oversight=True))
    assert len({head.wraps.desk for head in (before, marked, back)}) == 3


CODES = st.sampled_from(sorted(DIRECTORY.agencies))


@given(code=CODES, name=st.sampled_from([agency.name for agency in DIRECTORY.agencies.values()]), odd=st.booleans())
def test_whoever_bears_the_name_is_found(code: str, name: str, *, odd: bool) -> None:
    read = Accused(code, f"  {name.upper()} " if odd else name)
    found = list(bearers(read, DIRECTORY))
    assert is_renamed(read, DIRECTORY) is (DIRECTORY.agencies[code].name != name)
    assert all(DIRECTORY.agencies[other].name == name and other != code for other in found)
    assert bool(found) is (DIRECTORY.agencies[code].name != name)


def test_nothing_is_compared_where_no_name_was_sealed() -> None:
    assert not is_renamed(Accused(TRANSPORT), DIRECTORY)
    assert list(bearers(Accused(), DIRECTORY)) == []
    assert is_renamed(Accused("gone", NAME), DIRECTORY)
    assert list(bearers(Accused("gone", NAME), DIRECTORY)) == [TRANSPORT]
    assert json.dumps(Accused()) == '["", ""]'


def test_whoever_bears_the_name_is_no_second_person_for_masked_words(world: World) -> None:
    """Its writer chose "Inspektorat" and got the code of another: the inspectors read no request, and agree to none."""
    inspectors = "kutim-inspektorat"
    names = {WORKS: DIRECTORY.agencies[inspectors].name, inspectors: DIRECTORY.agencies[WORKS].name}
    as_read(world, named(DIRECTORY, **names))
    case_id = world.report(about_agency=WORKS, body="Jalan rusak. Telepon saya 0812-3456-7890.")["tracking_id"]
    path = f"/desk/cases/{case_id}"
    wanted = {"n": "1", "ground": "records", "reason": "Perlu menelepon pelapor."}
    asked = world.desk_of("kutim").post(f"{path}/unmask", wanted)
    assert (asked.status_code, asked.get_json()["shown"]) == (201, False)
    accused = world.desk_of(inspectors, Role.INSPECTOR)
    assert accused.get(path).status_code == 404
    assert accused.get(f"{path}/unmask").status_code == 404
    yes = {"request": str(asked.get_json()["n"]), "decision": "agreed", "reason": "Boleh."}
    assert accused.post(f"{path}/unmask/decision", yes).status_code == 404
    assert "0812-3456-7890" not in world.desk_of("kutim").get(path).text
