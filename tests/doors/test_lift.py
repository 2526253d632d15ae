"""Only the accused can mend it: its holder asks, the reporter may object, an overseer decides, and nothing moves by
itself."""

from base64 import b64decode, b64encode
from datetime import date
from typing import Any

import pytest

from functions.actions.clock.count_figures import CountFigures
from functions.casework.access import stranded_to
from functions.casework.case import Lift
from functions.casework.case_fields import AccessFacts
from functions.casework.directory.agencies import Role
from functions.casework.receipt import parse_receipt
from functions.casework.routing.later_accused import kept_away
from functions.casework.understanding.accused import Kept
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from tests.case_heads import changed
from tests.envelopes import sealed_fields
from tests.markup import HOSTILE, field, forms, page, text
from tests.pages import check_page
from tests.trust import REASON, TrustWorld
from tests.world import JSON, Desk

HTML = {"Accept": "text/html"}
ACCUSED, NAME = "kutim-dinkes", "Dinas Kesehatan"
SEKDA = "pengawas1@sekda.example.id"
LAST_DAY = date(2026, 11, 30)  # three working days after Wednesday the 25th


@pytest.fixture
def world(tmp_path: Any) -> TrustWorld:
    return TrustWorld(tmp_path)


def about(world: TrustWorld, agency: str = ACCUSED, **changes: str) -> tuple[str, str, str]:
    """A report about an agency: its receipt, number and path at the desk."""
    sent = world.report(about_agency=agency, **changes)
    return sent["receipt"], sent["tracking_id"], f"/desk/cases/{sent['tracking_id']}"


def told(world: TrustWorld, receipt: str) -> str:
    return " ".join(message["body"] for message in world.read(receipt)["messages"])


def overseer(world: TrustWorld, agency: str = "kutim") -> Desk:
    return world.desk_of(agency, Role.OVERSEER)


def ask(world: TrustWorld, path: str, by: str = "kutim") -> Any:
    return world.desk_of(by).post(f"{path}/lift", {"reason": "Hanya mereka memegang datanya."})


def granted(world: TrustWorld, path: str, at: str = "kutim", by: str = "kutim") -> None:
    assert ask(world, path, by).get_json()["lift"] == "asked"
    world.days_over()
    answer = overseer(world, at).post(f"{path}/lift/decision", {"decision": "granted", "reason": "Aman bagi pelapor."})
    assert (answer.status_code, answer.get_json()["lift"]) == (200, "lifted")


def mailed(world: TrustWorld, to: str) -> str:
    world.run_courier()
    return "".join(letter.subject + letter.text for letter in world.mailbox.letters if letter.to == to)


def letters(world: TrustWorld, to: str) -> list[str]:
    world.run_courier()
    return [letter.subject for letter in world.mailbox.letters if letter.to == to]


def test_who_wrote_reads_who_asks_why_and_until_when_nobody_decides(world: TrustWorld) -> None:
    receipt, case_id, path = about(world)
    coordinator = world.desk_of("kutim")
    shown = page(coordinator.client.get(f"{path}?do=lift", headers=HTML))
    assert "Pengawas di Pemerintah Kabupaten Kutai Timur dapat mengizinkan" in text(shown)
    assert ask(world, path).status_code == 200
    said = told(world, receipt)
    for part in ("Pemerintah Kabupaten Kutai Timur meminta", NAME, "Senin, 30 November 2026", "Hanya mereka memegang"):
        assert part in said
    assert "object" in world.read(receipt)["actions"]
    thread = world.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML)
    root = page(thread)
    assert "Belum ada yang diperlihatkan." in text(root)
    assert "Senin, 30 November 2026" in text(field(root, "izin"))
    english = world.thread.post("/api/thread", data={"receipt": receipt, "lang": "en"}, headers=HTML)
    assert "Nothing has been shown yet." in text(page(english))
    # One request at a time, and none of it in words at rest.
    assert ask(world, path).status_code == 409
    head = world.store.read_head(case_id)
    assert (head.lift.state, head.lift.by, head.lift.on) == (Lift.ASKED, "kutim", date(2026, 11, 25))


def test_the_overseer_is_told_finds_it_and_decides_only_after_the_reporters_days(world: TrustWorld) -> None:
    receipt, case_id, path = about(world)
    before = overseer(world)
    assert before.get(path).status_code == 404
    assert before.get("/desk/").get_json()["asked"] is False
    ask(world, path)
    assert letters(world, SEKDA)[-1] == f"[Lapor Anonim] Keputusan Anda diminta ({case_id})"
    judge = overseer(world)
    inbox = page(judge.client.get("/desk/", headers=HTML))
    assert "Menunggu keputusan Anda" in text(inbox)
    assert judge.get("/desk/").get_json()["asked"] is True
    assert [case["tracking_id"] for case in judge.get("/desk/asked/").get_json()["cases"]] == [case_id]
    sent_on = judge.client.get("/desk/asked/", headers=HTML, follow_redirects=True)
    assert "Menunggu keputusan Anda" in text(page(sent_on))
    view = judge.get(path).get_json()
    assert set(view["actions"]) == {"lift", "note"}
    assert view["messages"][0]["body"] == world.fields()["body"]
    assert view["lift"] == {"state": "asked", "by": "kutim", "asked_on": "2026-11-25", "until": "2026-11-30"}
    early = {"decision": "granted", "reason": "Boleh."}
    refused = judge.post(f"{path}/lift/decision", early)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "lift_early")
    assert "Senin, 30 November 2026" in refused.get_json()["detail"]
    shown = page(judge.client.get(path, headers=HTML))
    assert 'value="granted"' not in judge.client.get(path, headers=HTML).text
    assert set(forms(shown)) == {"decision"}
    assert "note" in forms(page(judge.client.get(f"{path}?do=more", headers=HTML)))
    world.today = LAST_DAY
    assert overseer(world).post(f"{path}/lift/decision", early).status_code == 409
    world.later(days=1)
    judge = overseer(world)
    typed = {"csrf_token": judge.csrf, "form": "decision", "decision": "", "reason": HOSTILE}
    wrong = page(judge.client.post(f"{path}/lift/decision", data=typed, headers=HTML), 422)
    assert "Pilih “izinkan”" in text(wrong)
    assert field(wrong, "decision-reason").text.strip() == HOSTILE
    done = judge.client.post(f"{path}/lift/decision", data=typed | {"decision": "granted"}, headers=HTML)
    assert (done.status_code, done.headers["Location"]) == (303, "/desk/?done=decision")
    assert "Pengawas di Pemerintah Kabupaten Kutai Timur mengizinkan" in told(world, receipt)
    assert letters(world, world.officer("kutim").email)[-1].startswith("[Lapor Anonim] Permintaan izin sudah dijawab")
    assert judge.get(path).status_code == 404  # he has decided: it is none of his business any more
    assert judge.get("/desk/asked/").get_json()["cases"] == []


def test_before_it_nothing_after_it_the_hand_over_and_words_only_from_then_on(world: TrustWorld) -> None:
    receipt, case_id, path = about(world)
    health = world.desk_of(ACCUSED)

    def sees() -> list[int]:
        return [health.get(path).status_code, len(health.get("/desk/").get_json()["cases"])]

    hand_over = {"agency": ACCUSED, "reason": "Pengawas mengizinkan."}
    assert world.desk_of("kutim").post(f"{path}/handover", hand_over).status_code == 422
    ask(world, path)
    assert world.desk_of("kutim").post(f"{path}/handover", hand_over).status_code == 422
    assert sees() == [404, 0]
    world.days_over()
    overseer(world).post(f"{path}/lift/decision", {"decision": "granted", "reason": "Boleh."})
    health = world.desk_of(ACCUSED)
    assert sees() == [404, 0]  # granting moves nothing
    assert not [s for s in letters(world, world.officer(ACCUSED).email) if case_id in s]
    coordinator = world.desk_of("kutim")
    assert ACCUSED in [target["code"] for target in coordinator.get(path).get_json()["routing"]["targets"]]
    assert coordinator.post(f"{path}/handover", hand_over).status_code == 200
    health = world.desk_of(ACCUSED)
    assert sees() == [200, 1]
    assert health.get(path).get_json()["messages"][0]["body"] == world.fields()["body"]
    reply = {"body": "Sudah kami perbaiki.", "message_key": "jawaban01"}
    assert health.post(f"{path}/messages", reply).status_code == 201
    assert health.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Selesai."}).status_code == 200
    # Reopened it goes back there; an appeal goes up, not to whom it is about.
    assert (
        world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": "Belum."}).status_code
        == 200
    )
    assert world.store.read_head(case_id).lift.state is Lift.LIFTED
    health = world.desk_of(ACCUSED)
    health.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Selesai."})
    assert world.post("/api/thread/appeal", {"receipt": receipt, "reason": "Tidak benar."}).status_code == 200
    assert world.store.read_head(case_id).holder == "kutim-inspektorat"


def test_an_objection_ends_it_for_good(world: TrustWorld) -> None:
    receipt, case_id, path = about(world)
    ask(world, path)
    form = {"receipt": receipt, "form": "refuse", "reason": "Kepala seksinya kerabat saya."}
    done = page(world.thread.post("/api/thread/object", data=form, headers=HTML))
    assert "Keberatan Anda tersimpan." in text(done)
    assert "Anda berkeberatan." in text(done)
    assert "izin" not in {element.get("id") for element in done.iter()}
    again = world.post("/api/thread/object", {"receipt": receipt})
    assert (again.status_code, again.get_json()) == (200, {"lift": "objected"})
    assert len(world.store.read_case(case_id).events) == 3
    assert "object" not in world.read(receipt)["actions"]
    world.days_over()
    judge = overseer(world)
    assert judge.get(path).status_code == 404
    body = {"decision": "granted", "reason": "Boleh."}
    assert judge.post(f"{path}/lift/decision", body).status_code == 404
    coordinator = world.desk_of("kutim")
    assert "lift" not in coordinator.get(path).get_json()["actions"]
    refused = coordinator.post(f"{path}/lift", {"reason": "Tetap perlu."})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "lift_objected")
    assert (
        "Pelapor berkeberatan. Laporan ini tetap tidak diperlihatkan" in coordinator.client.get(path, headers=HTML).text
    )
    assert letters(world, world.officer("kutim").email)[-2].startswith("[Lapor Anonim] Permintaan izin sudah dijawab")


def test_an_objection_after_the_decision_comes_too_late_and_one_without_a_request_means_nothing(
    world: TrustWorld,
) -> None:
    receipt, _, path = about(world)
    assert world.post("/api/thread/object", {"receipt": receipt}).status_code == 409
    granted(world, path)
    assert world.post("/api/thread/object", {"receipt": receipt}).status_code == 409
    long = world.thread.post("/api/thread/object", data={"receipt": receipt, "reason": "x" * 2001}, headers=HTML)
    assert long.status_code == 422
    check_page(long.text)


def test_a_refusal_may_come_at_once_and_another_reason_may_be_tried(world: TrustWorld) -> None:
    receipt, case_id, path = about(world)
    ask(world, path)
    refused = overseer(world).post(f"{path}/lift/decision", {"decision": "refused", "reason": "Alasannya kurang."})
    assert refused.get_json()["lift"] == "refused"
    assert "tidak mengizinkan" in told(world, receipt)
    assert world.store.read_head(case_id).lift.by == ""
    assert ask(world, path).status_code == 200
    assert "object" in world.read(receipt)["actions"]


@pytest.mark.parametrize(
    ("agency", "holder", "judge"),
    [
        ("kutim-diskominfo", "kutim-inspektorat", "pusat"),  # whose staff coordinate: the regency itself is accused
        ("kutim", "kutim-inspektorat", "pusat"),
        ("pusat", "kutim", "kutim"),
    ],
)
def test_the_overseer_is_never_the_accuseds(world: TrustWorld, agency: str, holder: str, judge: str) -> None:
    _, case_id, path = about(world, agency)
    assert ask(world, path, holder).status_code == 200
    assert world.store.read_head(case_id).lift.by == judge
    other = {"pusat": "kutim", "kutim": "pusat"}[judge]
    assert overseer(world, other).get(path).status_code == 404
    assert overseer(world, other).get("/desk/asked/").get_json()["cases"] == []
    assert overseer(world, judge).get(path).status_code == 200


def test_the_coordinator_himself_gets_it_by_a_hand_over_of_the_inspectorate(world: TrustWorld) -> None:
    _, case_id, path = about(world, "kutim-diskominfo")
    inspector = world.desk_of("kutim-inspektorat")
    assert "handover" not in inspector.get(path).get_json()["actions"]
    granted(world, path, "pusat", "kutim-inspektorat")
    desk = world.desk_of("kutim")
    assert desk.get(path).status_code == 404  # granting shows nothing
    assert desk.get("/desk/").get_json()["cases"] == []
    CountFigures(world.store, world.directory, lambda: world.today)()
    assert desk.get("/desk/figures/").get_json()["total"]["open"] == 0
    assert case_id not in mailed(world, world.officer("kutim").email)
    inspector = world.desk_of("kutim-inspektorat")
    done = inspector.post(f"{path}/handover", {"agency": "kutim", "reason": "Pengawas mengizinkan."})
    assert done.status_code == 200
    assert world.desk_of("kutim").get(path).get_json()["messages"][0]["body"] == world.fields()["body"]


def test_the_accused_reads_it_as_second_unit_too(world: TrustWorld) -> None:
    _, case_id, path = about(world)
    granted(world, path)
    asked = {"agency": ACCUSED, "reason": "Hanya mereka memegang datanya."}
    assert world.hand_over(case_id, "kutim-dlh").post(f"{path}/second", asked).status_code == 200
    assert world.desk_of(ACCUSED).get(path).get_json()["messages"][0]["body"] == world.fields()["body"]


def test_no_change_of_the_tree_and_no_words_bring_it_to_them(world: TrustWorld) -> None:
    """Its unit is gone, or the desk above that has it is accused as well."""
    _, case_id, path = about(world, "kutim-diskominfo")
    granted(world, path, "pusat", "kutim-inspektorat")
    lifted = world.store.read_head(case_id)
    assert stranded_to(changed(lifted, holder="kutim-hilang"), world.directory) == "kutim-inspektorat"
    theirs = changed(lifted, about_agency="kutim-inspektorat", oversight=True, holder="kutim-hilang")
    assert stranded_to(theirs, world.directory) == "pusat"
    above = changed(lifted, holder="pusat", kept_from=("kutim-inspektorat",))
    after = kept_away(above, Kept(meant=("pusat",)), world.directory, bind=False)
    assert after.holder == "pusat", "no other desk is left"


def test_a_late_case_goes_up_to_nobody_accused_also_where_it_was_lifted(world: TrustWorld) -> None:
    _, case_id, path = about(world, "kutim-diskominfo")
    granted(world, path, "pusat", "kutim-inspektorat")
    for _ in range(40):
        world.later(days=1)
        world.remind()
    head = world.store.read_head(case_id)
    assert (head.escalation.steps, head.escalation.agency) == (1, "pusat")


def test_identities_stay_closed_to_the_accuseds_custodians(world: TrustWorld) -> None:
    """The second custodian sits at the agency it is about: lifting opens words, never a name."""
    _, case_id = world.entrusted(about_agency="kutim-bkpsdm")
    path = f"/desk/cases/{case_id}"
    granted(world, path)
    done = world.desk_of("kutim").post(f"{path}/handover", {"agency": "kutim-bkpsdm", "reason": "Diizinkan."})
    assert done.status_code == 200
    accused = world.custodian(1)
    assert accused.get(f"/custody/cases/{case_id}").status_code == 404
    free = world.custodian(0)
    assert free.get(f"/custody/cases/{case_id}").status_code == 200
    assert free.post(f"/custody/cases/{case_id}/ask", {"reason": REASON}).status_code == 200
    assert world.custodian(1).get("/custody/").get_json()["requests"] == []


def test_who_may_not_ask_or_decide(world: TrustWorld) -> None:
    _, _, path = about(world)
    body, decision = {"reason": "x"}, {"decision": "granted", "reason": "x"}
    coordinator = world.desk_of("kutim")
    assert coordinator.post(f"{path}/lift/decision", decision).status_code == 403  # he is to ask, not to decide
    assert coordinator.post(f"{path}/lift", {"reason": " "}).status_code == 422
    assert coordinator.post(f"{path}/lift/decision", {"decision": "maybe", "reason": "x"}).status_code == 422
    ask(world, path)
    assert overseer(world).post(f"{path}/lift", body).status_code == 403
    plain = world.report()["tracking_id"]  # it is about nobody
    assert world.desk_of("kutim").post(f"/desk/cases/{plain}/lift", body).status_code == 409
    world.hand_over(plain)
    assert world.desk_of("kutim").post(f"/desk/cases/{plain}/lift", body).status_code == 403


def test_what_is_withdrawn_leaves_nothing_of_it(world: TrustWorld) -> None:
    receipt, case_id, path = about(world)
    ask(world, path)
    assert world.post("/api/thread/withdraw", {"receipt": receipt}).status_code == 200
    head = world.store.read_head(case_id)
    assert (head.lift.state, head.lift.by, head.lift.on) == (Lift.NONE, "", None)
    assert overseer(world).get("/desk/asked/").get_json()["cases"] == []


def test_a_contact_is_told_that_there_is_news(world: TrustWorld) -> None:
    _, _, path = about(world, identity_mode="rahasia", name="", contact="siti@contoh.example")
    before = len(letters(world, "siti@contoh.example"))
    ask(world, path)
    assert len(letters(world, "siti@contoh.example")) == before + 1
    assert world.thread.post("/api/thread/object", json={"receipt": "salah"}, headers=JSON).status_code == 400


def test_a_lift_lets_in_whom_it_was_asked_for_and_nobody_else_whom_the_words_accuse(world: TrustWorld) -> None:
    body = "Jalan rusak. Pegawai Dinas PUPR minta uang 500 ribu supaya jalannya dikerjakan."
    _, case_id, path = about(world, body=body)
    works = {"agency": "kutim-dpupr", "reason": "Urusan jalan."}
    assert world.desk_of("kutim").post(f"{path}/handover", works).status_code == 422
    granted(world, path)
    coordinator = world.desk_of("kutim")
    assert [each["agency"] for each in coordinator.get(path).get_json()["routing"]["suspected"]] == ["kutim-dpupr"]
    refused = coordinator.post(f"{path}/handover", works)
    assert (refused.status_code, world.store.read_head(case_id).holder) == (422, "kutim")
    assert coordinator.post(f"{path}/handover", works | {"agency": ACCUSED}).status_code == 200


def test_a_lift_of_what_a_browser_says_opens_nothing_to_whom_its_words_name(world: TrustWorld) -> None:
    body, receipt = sealed_fields(world.submit, world.fields(about_agency="kutim-dpupr"))
    keys = sealing.receipt_keys(parse_receipt(receipt))
    case_key = opening.unwrap_with_receipt(keys, b64decode(body["wrap_receipt"]))
    facts = AccessFacts("kutim", body["kind"], body["topic"], ACCUSED)
    wrap = b64encode(world.keys.public().wrap_case_key(keys.case_id, facts, case_key)[1]).decode()
    said = body | {"about_agency": ACCUSED, "wrap_desk": wrap}
    assert world.intake.post("/api/reports", json=said, headers=JSON).status_code == 201
    path = f"/desk/cases/{keys.case_id}"
    granted(world, path)
    works = {"agency": "kutim-dpupr", "reason": "Urusan jalan."}
    assert world.desk_of("kutim").post(f"{path}/handover", works).status_code == 422
    assert world.desk_of("kutim-dpupr").get(path).status_code == 404
