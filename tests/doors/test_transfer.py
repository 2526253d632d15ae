"""A case goes from one government to another and back: its words with it, who wrote it left where it was."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.clock.publish_reports import PublishReports
from functions.actions.common.cases_left_behind import Left, left_with
from functions.actions.common.erase import Retain
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.casework.case import CaseHead, Lift
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Role
from functions.crypto.seal.bound_facts import wrapped_again
from functions.crypto.seal.public_keys import Purpose
from functions.storage.registers.publications import read_public
from tests.markup import HOSTILE, field, page, text
from tests.neighbour import INSPECTS, NEXT, SORTS, UNIT, two_governments
from tests.trust import CONTACT, NAME, REASON, TrustWorld
from tests.world import URL, WORDS

HTML = {"Accept": "text/html"}


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path, *two_governments())


def head(world: TrustWorld, path: str) -> CaseHead:
    return world.store.read_head(path.rpartition("/")[2])


def send(world: TrustWorld, path: str, to: str, by: str) -> Any:
    return world.desk_of(by).post(f"{path}/transfer", {"instance": to, "reason": "Bukan wewenang kami."})


def across(world: TrustWorld, path: str, to: str = NEXT, home: str = "kutim") -> None:
    """From one government by the centre to another."""
    assert send(world, path, "pusat", home).status_code == 200
    assert send(world, path, to, "pusat").status_code == 200


def test_what_was_public_of_it_was_the_others_answer_and_goes(world: TrustWorld) -> None:
    sent = world.report(topic="jalan")
    path, receipt = f"/desk/cases/{sent['tracking_id']}", sent["receipt"]
    unit = world.hand_over(sent["tracking_id"], "kutim-dpupr")
    answer = unit.post(f"{path}/messages", {"body": "Besok.", "message_key": "k" * 16})
    assert answer.status_code == 201
    assert world.post("/api/thread/publication", {"receipt": receipt}).status_code == 200
    n = unit.post(f"{path}/publication", {"summary": "Lampu padam.", "answer": "Diganti."}).get_json()["n"]
    assert world.post("/api/thread/publication/agree", {"receipt": receipt, "draft": str(n)}).status_code == 200
    publish = PublishReports(world.store, world.directory, lambda: world.today)
    world.later(days=7)
    publish()
    assert len(read_public(world.store, "kutim")) == 1
    back = world.desk_of("kutim-dpupr").post(f"{path}/handover", {"agency": "kutim", "reason": "Bukan kami."})
    assert back.status_code == 200
    across(world, path)
    world.later(days=7)
    publish()
    assert (read_public(world.store, "kutim"), read_public(world.store, NEXT)) == ((), ())
    assert world.read(receipt)["publication"]["state"] == "none"


def rotate(world: TrustWorld, purpose: Purpose, instance: str) -> None:
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)
    Rotate(world.keys, rewrap, lambda: None)(purpose, instance)


def reads(world: TrustWorld, path: str, desk: str) -> str:
    """The first words as that desk reads them, "" where it does not."""
    answer = world.desk_of(desk).get(path)
    return str(answer.get_json()["messages"][0].get("body", "")) if answer.status_code == 200 else ""


def test_a_coordinator_gives_it_to_the_centre_and_that_to_another_government(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    path = f"/desk/cases/{case_id}"
    shown = page(world.desk_of("kutim").client.get(f"{path}?do=transfer", headers=HTML))
    assert "Laporan naik ke Pengelola nasional" in text(shown)
    assert send(world, path, NEXT, "kutim").status_code == 422  # one government to another is the centre's business
    up = send(world, path, "pusat", "kutim")
    assert up.get_json() == {"stage": "dialihkan", "due": add_workdays(world.today, 3).isoformat()}
    assert (head(world, path).instance, head(world, path).holder) == ("kutim", "pusat")
    assert (reads(world, path, "kutim"), reads(world, path, "pusat")) == ("", WORDS)
    centre = world.desk_of("pusat")
    assert "Pemerintah Kabupaten Kutai Timur" in text(page(centre.client.get("/desk/", headers=HTML)))
    options = {
        o.get("value")
        for o in field(page(centre.client.get(f"{path}?do=transfer", headers=HTML)), "instance").iter("option")
    }
    assert options == {"", NEXT}
    assert centre.get(path).get_json()["routing"]["transfers"] == [{"code": NEXT, "name": "Pemerintah Kota Bontang"}]
    across_to = centre.post(f"{path}/transfer", {"instance": "pemerintah kota BONTANG", "reason": "Jalan kota."})
    assert across_to.status_code == 200
    after = head(world, path)
    assert (after.instance, after.holder, after.reporter.origin, after.entrusted_to) == (NEXT, NEXT, "kutim", "kutim")
    assert after.wraps.key_id == world.keys.public().current_id(Purpose.DESK, NEXT)
    assert [reads(world, path, desk) for desk in ("kutim", "pusat", NEXT)] == ["", "", WORDS]
    assert world.desk_of("kutim").get(path).status_code == 404
    said = " ".join(message["body"] for message in world.read(receipt)["messages"])
    assert "Dialihkan ke Pengelola nasional" in said
    assert "Dialihkan ke Pemerintah Kota Bontang. Alasan: Jalan kota." in said
    assert world.desk_of(NEXT).post(f"{path}/handover", {"agency": UNIT, "reason": "Jalan kota."}).status_code == 200
    told = [letter.to for letter in world.mailbox.letters if case_id in letter.subject]
    assert {"koordinator@bontang.example.id"} < set(told)
    assert reads(world, path, UNIT) == WORDS
    assert world.desk_of("kutim").get("/desk/").get_json()["cases"] == []


def test_who_wrote_stays_with_whom_it_was_entrusted_to(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    path = f"/desk/cases/{case_id}"
    across(world, path)
    world.run_courier()
    before = len([letter for letter in world.mailbox.letters if letter.to == CONTACT])
    reply = {"body": "Kami periksa.", "message_key": "jawaban01"}
    world.desk_of(NEXT).post(f"{path}/handover", {"agency": UNIT, "reason": "Jalan kota."})
    assert world.desk_of(UNIT).post(f"{path}/messages", reply).status_code == 201
    world.run_courier()
    assert len([letter for letter in world.mailbox.letters if letter.to == CONTACT]) == before + 2
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.run_courier()
    asked = {letter.to for letter in world.mailbox.letters if "Permintaan membuka" in letter.subject}
    assert asked == {world.custodians[1].email}
    elsewhere = next(o for o in world.officers if o.agency == UNIT and o.role is Role.CUSTODIAN)
    assert not world.store.page_identities(NEXT)[0]
    world.answer(receipt)
    world.custody.open(world.viewer(1), case_id, "Saya sependapat.")
    assert world.custody.look(world.viewer(1), case_id).name == NAME
    assert elsewhere.email not in asked
    # Taken back, and left anew while another government has the case.
    assert world.post("/api/thread/identity/withdraw", {"receipt": receipt}).status_code == 200
    left = {"receipt": receipt, "name": NAME, "contact": CONTACT}
    assert world.post("/api/thread/identity", left).status_code == 200
    identity = world.identity(case_id)
    assert identity.instance == "kutim"
    assert world.keys.private(Purpose.IDENTITY).open("kutim", case_id, identity.wrap_custody)
    for purpose in (Purpose.IDENTITY, Purpose.DESK):
        for instance in ("kutim", NEXT):
            rotate(world, purpose, instance)
    world.custody.ask(world.viewer(0), case_id, REASON)
    assert reads(world, path, UNIT) == WORDS


def test_a_government_stays_as_long_as_its_custodians_keep_a_name(world: TrustWorld) -> None:
    """It could go once its last case was elsewhere: nobody was left to ask for the name, or to answer its writer."""
    receipt, case_id = world.entrusted()
    home = world.directory.agencies["kutim"]
    assert left_with(world.store, home) == Left(open=1, total=1), "it goes with its case"
    across(world, f"/desk/cases/{case_id}")
    assert left_with(world.store, home) == Left(names=1)
    assert left_with(world.store, home)
    assert world.post("/api/thread/identity/withdraw", {"receipt": receipt}).status_code == 200
    assert not left_with(world.store, home)


def test_there_and_back_it_opens_with_everything_as_before_also_after_rotations(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    path = f"/desk/cases/{case_id}"
    world.post("/api/thread/messages", {"receipt": receipt, "body": "Masih gelap.", "message_key": "pesan0001"})
    across(world, path)
    rotate(world, Purpose.DESK, "kutim")  # it is no longer among that one's cases, and loses nothing
    rotate(world, Purpose.DESK, NEXT)
    across(world, path, "kutim", NEXT)
    after = head(world, path)
    assert (after.instance, after.holder, after.reporter.origin) == ("kutim", "kutim", "")
    messages = world.desk_of("kutim").get(path).get_json()["messages"]
    assert [message["body"] for message in messages[:2]] == [WORDS, "Masih gelap."]
    assert [message["body"] for message in world.read(receipt)["messages"]][:2] == [WORDS, "Masih gelap."]
    rotate(world, Purpose.DESK, "kutim")
    assert reads(world, path, "kutim") == WORDS
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt)
    world.custody.open(world.viewer(1), case_id, "Saya sependapat.")
    assert world.custody.look(world.viewer(0), case_id).name == NAME


@pytest.mark.parametrize("instance", ["kutim", NEXT])
def test_a_rotation_beside_a_transfer_loses_nothing(world: TrustWorld, instance: str) -> None:
    """Between the desk's reading and its writing the key that it opened with, or the one it seals to, is rotated."""
    sent = world.report()
    path = f"/desk/cases/{sent['tracking_id']}"
    assert send(world, path, "pusat", "kutim").status_code == 200
    centre = world.desk_of("pusat")
    honest, store = type(world.store).append, world.store
    moved: list[str] = []

    class Slow(type(store)):  # type: ignore[misc]
        def append(self, change: Any, expected: int) -> None:
            if not moved:
                moved.append(change.head.wraps.key_id)
                world.keys.generate(Purpose.DESK, instance)  # current from here on; the old one is not destroyed yet
                case_head = self.read_head(change.head.case_id)
                if case_head.instance == instance:
                    private, public = world.keys.private(Purpose.DESK), world.keys.public()
                    wrapped = wrapped_again(case_head, private.open_case(case_head), public)
                    self.rewrap(case_head.case_id, case_head.wraps.key_id, *wrapped)
            honest(self, change, expected)

    store.__class__ = Slow
    assert centre.post(f"{path}/transfer", {"instance": NEXT, "reason": "Jalan kota."}).status_code == 200
    store.__class__ = Slow.__mro__[1]
    assert moved
    assert head(world, path).instance == NEXT
    rotate(world, Purpose.DESK, "kutim")
    rotate(world, Purpose.DESK, NEXT)
    assert len(world.keys.private_ids(Purpose.DESK, NEXT)) == 1
    assert reads(world, path, NEXT) == WORDS
    assert world.read(sent["receipt"])["messages"][0]["body"] == WORDS


def test_the_accused_never_gets_it_there_either(world: TrustWorld) -> None:
    for about, holder in ((SORTS, INSPECTS), (NEXT, INSPECTS), (INSPECTS, NEXT), (UNIT, NEXT)):
        sent = world.report(about_agency=about)
        path = f"/desk/cases/{sent['tracking_id']}"
        across(world, path)
        assert head(world, path).holder == holder, about
        accused = {SORTS: NEXT}.get(about, about)
        assert world.desk_of(accused).get(path).status_code == 404


def test_the_centre_is_not_offered_what_is_about_itself(world: TrustWorld) -> None:
    path = f"/desk/cases/{world.report(about_agency='pusat')['tracking_id']}"
    assert "transfer" not in world.desk_of("kutim").get(path).get_json()["actions"]
    assert send(world, path, "pusat", "kutim").status_code == 409


def test_what_is_the_inspectorates_is_not_transferred_and_units_transfer_nothing(world: TrustWorld) -> None:
    plain, grave = (f"/desk/cases/{world.report()['tracking_id']}" for _ in range(2))
    world.desk_of("kutim").post(f"{grave}/oversight", {"reason": "Pungutan liar."})
    world.desk_of("kutim-inspektorat").post(f"{grave}/recuse", {"reason": "Tetangga saya."})
    assert head(world, grave).holder == "pusat"
    assert send(world, grave, NEXT, "pusat").status_code == 409
    unit = world.hand_over(plain.rpartition("/")[2])
    assert "transfer" not in unit.get(plain).get_json()["actions"]
    assert unit.post(f"{plain}/transfer", {"instance": "pusat", "reason": "x"}).status_code == 409
    assert send(world, plain, "pusat", "kutim").status_code == 403


def test_faults_are_told_and_keep_what_was_typed(world: TrustWorld) -> None:
    path = f"/desk/cases/{world.report()['tracking_id']}"
    send(world, path, "pusat", "kutim")
    centre = world.desk_of("pusat")
    for instance, says in (
        ("", "Pilih instansi tujuan"),
        ("atlantis", "tidak dapat dialihkan ke sana"),
        ("kutim", "tidak"),
    ):
        typed = {"csrf_token": centre.csrf, "form": "transfer", "instance": instance, "reason": HOSTILE}
        root = page(centre.client.post(f"{path}/transfer", data=typed, headers=HTML), 422)
        assert says in text(root)
        assert (field(root, "transfer-reason").text or "").strip() == HOSTILE
    missing = centre.post(f"{path}/transfer", {"instance": NEXT, "reason": ""})
    assert [error["field"] for error in missing.get_json()["errors"]] == ["reason"]


def test_a_long_list_is_typed_and_not_looked_through(tmp_path: Path) -> None:
    world = TrustWorld(tmp_path, *two_governments(31))
    path = f"/desk/cases/{world.report()['tracking_id']}"
    send(world, path, "pusat", "kutim")
    centre = world.desk_of("pusat")
    assert centre.get(path).get_json()["routing"]["transfers"] is None
    typed = {"csrf_token": centre.csrf, "form": "transfer", "instance": "Pemerintah Atlantis", "reason": "Di sana."}
    root = page(centre.client.post(f"{path}/transfer", data=typed, headers=HTML), 422)
    assert field(root, "instance").get("value") == "Pemerintah Atlantis"
    assert len(list(field(root, "instances").iter("option"))) == 31
    done = centre.client.post(f"{path}/transfer", data=typed | {"instance": " Pemerintah kab-7 "}, headers=HTML)
    assert done.status_code == 303
    assert head(world, path).instance == "kab-7"


def test_a_request_that_waited_ends_and_an_objection_stays(world: TrustWorld) -> None:
    asked, refused = world.report(about_agency="kutim-dinkes"), world.report(about_agency="kutim-dinkes")
    for sent in (asked, refused):
        path = f"/desk/cases/{sent['tracking_id']}"
        world.desk_of("kutim").post(f"{path}/lift", {"reason": "Hanya mereka."})
    assert world.post("/api/thread/object", {"receipt": refused["receipt"]}).status_code == 200
    lifts = []
    for sent in (asked, refused):
        path = f"/desk/cases/{sent['tracking_id']}"
        across(world, path)
        lifts.append((head(world, path).lift.state, head(world, path).lift.by))
    assert lifts == [(Lift.NONE, ""), (Lift.OBJECTED, "")]
    assert "object" not in world.read(asked["receipt"])["actions"]
    assert world.desk_of("kutim", Role.OVERSEER).get("/desk/asked/").get_json()["cases"] == []


def test_retention_and_trail_go_where_it_went(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    path = f"/desk/cases/{case_id}"
    audit = Audit(world.store, world.directory)
    across(world, path)  # on the day it came in: no anchor of its first instance knew it
    world.custody.ask(world.viewer(0), case_id, REASON)
    for instance in ("kutim", NEXT):
        audit.anchor(instance, world.today)
    kinds = [row.kind for row in audit.export(NEXT)]
    assert kinds == ["report", "handover", "handover", "identity_left", "identity_asked"]
    assert list(audit.export("kutim")) == []
    assert not audit.verify(NEXT).faults
    across(world, path, "kutim", NEXT)
    for instance in ("kutim", NEXT):
        assert not audit.verify(instance).faults
        audit.anchor(instance, add_workdays(world.today, 1))
        assert not audit.verify(instance).faults
    across(world, path)
    world.desk_of(NEXT).post(f"{path}/stage", {"stage": "diarsipkan", "reason": "Bukan laporan."})
    world.later(days=800)
    assert Retain(world.store, world.blobs, world.directory, lambda: world.today, 730)() == 1
    after = head(world, path)
    assert (after.shredded, after.instance, after.reporter.origin) == (True, NEXT, "")
    assert world.store.read_identity(case_id) is None
    assert world.read(receipt)["messages"] == []
    for instance in ("kutim", NEXT):
        assert not audit.verify(instance).faults


@pytest.mark.parametrize(
    "body",
    ["Wali kota Bontang menerima suap 500 juta.", "Petugas Pemerintah Kota Bontang minta uang 500 ribu kepada saya."],
)
def test_the_government_that_its_words_accuse_does_not_get_it_at_its_sorting_desk(world: TrustWorld, body: str) -> None:
    """They had been read for the government it came in at alone, which they do not mean."""
    sent = world.report(topic="lainnya", subject="", place="", body=body)
    path = f"/desk/cases/{sent['tracking_id']}"
    across(world, path)
    after = head(world, path)
    assert (after.instance, after.holder, after.desk_work.kept_from) == (NEXT, INSPECTS, (NEXT,))
    sorts = world.desk_of(NEXT)
    assert sorts.get(path).status_code == 404
    assert sent["tracking_id"] not in sorts.get("/desk/").text
    assert world.desk_of(INSPECTS).get(path).status_code == 200
    assert {"koordinator@bontang.example.id"}.isdisjoint(
        letter.to for letter in world.mailbox.letters if sent["tracking_id"] in letter.subject
    )


def test_where_its_words_accuse_every_desk_there_an_officer_has_to_say_so(world: TrustWorld) -> None:
    body = "Wali kota Bontang menerima suap 500 juta. Pegawai Dinas bontang-inspektorat minta uang 500 ribu."
    sent = world.report(topic="lainnya", subject="", place="", body=body)
    path = f"/desk/cases/{sent['tracking_id']}"
    assert send(world, path, "pusat", "kutim").status_code == 200
    refused = send(world, path, NEXT, "pusat")
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "yes")
    centre = world.desk_of("pusat")
    form = {"csrf_token": centre.csrf, "form": "transfer", "instance": NEXT, "reason": "Jalan kota."}
    shown = centre.client.post(f"{path}/transfer", data=form, headers=HTML | {"Origin": URL})
    assert 'name="yes"' in shown.text
    assert centre.post(f"{path}/transfer", form | {"yes": "yes"}).status_code == 200


def test_who_reported_to_the_first_government_is_told_after_it_rotated_the_couriers_key(world: TrustWorld) -> None:
    """The contact stays sealed to that government, and lies among the other's cases."""
    path = f"/desk/cases/{world.report(contact=CONTACT)['tracking_id']}"
    across(world, path)
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None, elsewhere=[NEXT])
    Rotate(world.keys, rewrap, lambda: None)(Purpose.COURIER, "kutim")
    world.deliver = replace(world.deliver, courier_keys=world.keys.private(Purpose.COURIER))
    before = len(world.mailbox.letters)
    send_words = {"body": "Sedang kami perbaiki.", "message_key": "0" * 32}
    world.desk_of(NEXT).post(f"{path}/handover", {"agency": UNIT, "reason": "Jalan kota."})
    assert world.desk_of(UNIT).post(f"{path}/messages", send_words).status_code == 201
    world.run_courier()
    assert CONTACT in [letter.to for letter in world.mailbox.letters[before:]]
