"""Yes and no by script: to a text for the public, and to a request to see what is masked."""

import json
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from functions.actions.reporter.sealed_consent import ENDS
from functions.casework.case import UNREAD, EventKind, Publication
from functions.casework.consent.unmask_steps import UnmaskEntry, entries
from functions.casework.publication import HIDDEN, STEPS_MAX, PublishStep
from functions.crypto.sign.reporter_acts import forged
from functions.storage.interface import StoreUnavailableError
from functions.storage.registers.publications import put_agreed, read_agreed
from tests.doors.test_masking import TEXT
from tests.doors.test_publication import ANSWER, SUMMARY, Filed, fail_after_acts
from tests.doors.test_publication import filed as filed_in
from tests.doors.test_sealed_thread import FOUND, MADE, faults, looked
from tests.phone import Phone
from tests.trust import TrustWorld
from tests.world import Desk, World


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def publish(phone: Phone, clear: str, words: dict[str, str], **more: Any) -> Any:
    phone.look()
    return phone.act("publish", words, clear, **more)


def wish(phone: Phone) -> Any:
    return publish(phone, "wished", {"step": "wished"})


def drafted(filed: Filed, phone: Phone) -> tuple[int, dict[str, str]]:
    """Wished by script and written by an officer: the text's number and words, as the phone reads them."""
    assert wish(phone)[0] == MADE
    n = filed.clear().get_json()["n"]
    phone.look()
    assert phone.head["publish"] == ["change", "agree", "stop"]
    return n, phone.words()[-1]


def agree(phone: Phone, n: int, text: dict[str, str], hidden: str = "") -> Any:
    said = {"step": "agreed", "draft": str(n), "district": "" if hidden else phone.head["district"]}
    shown = {name: text.get(name, "") for name in ("summary", "answer", "agency", "month", "opening")}
    return publish(phone, f"agreed {n}{hidden}", said, **shown)


def test_a_text_is_wished_for_read_agreed_to_and_published(world: TrustWorld) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    assert phone.head["publish"] == ["wish"]
    n, text = drafted(filed, phone)
    assert agree(phone, n, text)[0] == MADE
    head = world.store.read_head(filed.case_id)
    assert (head.publication.state, head.publication.agreed) == (Publication.AGREED, n)
    (public,) = filed.run(next_week=True)
    assert (public.summary, public.answers[0].text, public.district) == (SUMMARY, ANSWER, head.district)
    assert (forged(world.store.read_case(filed.case_id)), faults(world)) == ("", ())
    assert filed.standing()["agreed"] == n  # the older way reads the same
    assert publish(phone, "stopped", {"step": "stopped"})[0] == MADE
    assert filed.run() == ()
    assert faults(world) == ()


def test_what_is_public_of_a_withdrawn_report_goes_though_its_files_could_not_at_once(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    assert agree(phone, *drafted(filed, phone))[0] == MADE
    assert len(filed.run(next_week=True)) == 1
    phone.look()
    made = phone.made("withdraw")

    def away(_: str) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(world.blobs, "delete_case", away)
        assert phone.call("/api/thread/acts", made)[0] == 503
    assert phone.call("/api/thread/acts", made)[0] == MADE
    assert filed.run() == ()


def test_what_was_stopped_by_script_goes_with_the_next_run_though_all_fails_once_the_act_is_written(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    assert agree(phone, *drafted(filed, phone))[0] == MADE
    assert len(filed.run(next_week=True)) == 1
    with monkeypatch.context() as patched:
        fail_after_acts(world, patched)
        publish(phone, "stopped", {"step": "stopped"})
    assert filed.run() == ()


def test_nothing_finer_than_the_instance_where_its_reporter_hides_the_district(world: TrustWorld) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    n, text = drafted(filed, phone)
    assert agree(phone, n, text, f" {HIDDEN}")[0] == MADE
    (public,) = filed.run(next_week=True)
    assert public.district == ""
    assert faults(world) == ()


@pytest.mark.parametrize(
    "changed",
    [
        *({"summary": "Kepala dinas korup."}, {"answer": "x"}, {"month": "2026-01-01"}, {"agency": "kutim"}),
        *({"opening": "00" * 32}, {"opening": "x"}, {"month": "x"}, {"opening": ""}),
    ],
    ids=str,
)
def test_what_no_officer_wrote_does_not_become_public_in_their_name(world: TrustWorld, changed: dict[str, str]) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    n, text = drafted(filed, phone)
    status, told = agree(phone, n, text | changed)
    assert (status, told["code"]) == (409, "draft_changed")
    assert world.store.read_head(filed.case_id).publication.state is Publication.DRAFTED
    assert read_agreed(world.store, "kutim") == (0, {})


def test_an_earlier_text_or_none_is_not_agreed_to(world: TrustWorld) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    assert agree(phone, 2, {})[1]["code"] in ("draft_changed", "not_public")
    first, text = drafted(filed, phone)
    assert publish(phone, f"change {UNREAD}", {"step": "change", "reason": "Jangan sebut tikungan."})[0] == MADE
    assert "Jangan sebut tikungan." in filed.desk.get(filed.path).text
    assert agree(phone, first, text)[1]["code"] == "draft_changed"
    second = filed.clear(summary="Lampu padam.").get_json()["n"]
    phone.look()
    assert agree(phone, first, text)[1]["code"] == "draft_changed"
    assert agree(phone, second, phone.words()[-1])[0] == MADE
    for wrong in ("agreed", "agreed x", f"agreed {second} open", "wished 3", "drafted", "", "stopped 1"):
        assert publish(phone, wrong, {"step": "agreed"})[0] in (409, 422), wrong
    assert wish(phone)[1]["code"] == "not_now"


def test_a_desk_that_invents_a_yes_is_found(world: TrustWorld) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    n, _ = drafted(filed, phone)
    case = world.store.read_case(filed.case_id)
    claims = replace(case.head, publication=replace(case.head.publication, state=Publication.AGREED, agreed=n))
    assert "agreement" in forged(case._replace(head=claims))


def test_it_is_held_to_the_same_number_of_acts(world: TrustWorld) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    for _ in range(STEPS_MAX // 2):
        assert wish(phone)[0] == MADE
        assert publish(phone, "stopped", {"step": "stopped"})[0] == MADE
    assert wish(phone)[1]["code"] == "publication_often"
    assert filed.say().get_json()["code"] == "publication_often"


ACCUSES = "Kepala Dinas Pekerjaan Umum dan Penataan Ruang meminta uang dari kami."


@pytest.mark.parametrize("clear", ["wished", f"wished {UNREAD}"])
def test_words_beside_a_step_are_kept_from_whom_they_accuse(world: TrustWorld, clear: str) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    assert publish(phone, clear, {"step": "wished", "reason": ACCUSES})[0] == MADE
    assert filed.desk.get(filed.path).status_code == 404


def test_a_yes_or_no_is_no_longer_than_its_reason(world: TrustWorld) -> None:
    phone = looked(world, filed_in(world).receipt)
    long = token_hex(20_000)
    assert publish(phone, "wished", {"step": "wished", "reason": long})[0] == 422
    assert publish(phone, "wished", {"step": "wished", "reason": long[:2000]})[0] == MADE


@pytest.mark.parametrize("changed", [{"summary": "Kepala dinas korup."}, {"opening": ""}, {"opening": "x"}], ids=str)
def test_a_thread_that_was_taken_over_publishes_no_words_of_its_own(world: TrustWorld, changed: dict[str, str]) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    assert agree(phone, *drafted(filed, phone))[0] == MADE
    agreed = read_agreed(world.store, "kutim")[1][filed.case_id]
    put_agreed(world.store, "kutim", agreed._replace(draft=agreed.draft._replace(**changed)))
    assert filed.run(next_week=True) == ()
    put_agreed(world.store, "kutim", agreed)
    assert len(filed.run(next_week=True)) == 1


def test_a_district_that_its_reporter_hid_stays_hidden(world: TrustWorld) -> None:
    filed = filed_in(world)
    phone = looked(world, filed.receipt)
    assert agree(phone, *drafted(filed, phone), f" {HIDDEN}")[0] == MADE
    agreed = read_agreed(world.store, "kutim")[1][filed.case_id]
    put_agreed(world.store, "kutim", agreed._replace(district="64.08.04"))
    assert filed.run(next_week=True) == ()


def masked(world: World) -> tuple[Phone, Desk, str, int]:
    """A request for masked words that waits: phone, desk, number of the case, and of the request."""
    sent = world.report(body=TEXT)
    desk = world.hand_over(sent["tracking_id"])
    path = f"/desk/cases/{sent['tracking_id']}"
    asked = {"n": "1", "ground": "records", "reason": "Nomor itu perlu dicocokkan."}
    answer = desk.post(f"{path}/unmask", asked)
    assert answer.status_code in (FOUND, MADE), answer.text
    return looked(world, sent["receipt"]), desk, sent["tracking_id"], phone_request(world, sent["tracking_id"])


def phone_request(world: World, case_id: str) -> int:
    return next(e.n for e in world.store.read_case(case_id).events if e.kind is EventKind.UNMASK)


def object_to(phone: Phone, n: int, ground: str = "records", agency: str = "kutim-dpupr", **words: str) -> Any:
    said = {"step": "objected", "reason": "", "agency": agency, "target": "1", "request": str(n)} | words
    phone.look()
    return phone.act("unmask", said, f"objected {n} {agency} {ground} {UNREAD}")


def test_a_request_for_masked_words_is_refused_for_good(world: TrustWorld) -> None:
    phone, desk, case_id, n = masked(world)
    agency = entries(world.store.read_head(case_id))[0].agency
    assert object_to(phone, n, agency=agency, reason="Itu nomor saya.")[0] == MADE
    ended = entries(world.store.read_head(case_id))[-1]
    assert (ended, ended.step in ENDS) == (UnmaskEntry(agency, "records", "objected"), True)
    path = f"/desk/cases/{case_id}"
    again = desk.post(f"{path}/unmask", {"n": "1", "ground": "records", "reason": "Sekali lagi."})
    assert again.get_json()["code"] == "unmask_objected"
    decided = world.desk_of("kutim").post(
        f"{path}/unmask/decision", {"request": str(n), "decision": "agreed", "reason": "Ya."}
    )
    assert decided.status_code in (404, 409)
    assert object_to(phone, n, agency=agency)[1]["code"] == "unmask_over"
    assert faults(world) == ()


@pytest.mark.parametrize("changed", [{"n": 1}, {"n": 99}, {"ground": "danger"}, {"agency": "kutim-dishub"}], ids=str)
def test_what_nobody_asked_for_is_not_refused(world: TrustWorld, changed: dict[str, Any]) -> None:
    phone, _, case_id, n = masked(world)
    assert object_to(phone, **{"n": n} | changed)[1]["code"] == "unmask_over"
    assert len(entries(world.store.read_head(case_id))) == 1


def test_hostile_words_of_a_yes_or_no_break_no_desk(world: TrustWorld) -> None:
    phone, desk, case_id, n = masked(world)
    agency = entries(world.store.read_head(case_id))[0].agency
    phone.look()
    status, _ = phone.act(
        "unmask", {"step": "agreed", "agency": agency, "target": "x"}, f"objected {n} {agency} records -"
    )
    assert status == MADE
    path = f"/desk/cases/{case_id}"
    assert desk.get(path).status_code == FOUND
    assert desk.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Sudah."}).status_code == FOUND
    assert json.loads(json.dumps(PublishStep.AGREED)) == "agreed"
