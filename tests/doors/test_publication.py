"""From a wish to a public page and back: what the reporter is asked, what the officer may write, and that nothing is
public but the very text that the reporter agreed to."""

import json
import zlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from functions.actions.clock.publish_reports import PublishReports
from functions.casework.case import EventKind, Publication
from functions.casework.publication import STEPS_MAX, PublicReport, fit
from functions.storage.interface import StoreUnavailableError
from functions.storage.registers.publications import encode_public, read_agreed, read_public
from tests.markup import HOSTILE, field, forms, is_open, page, text
from tests.pages import check_page
from tests.trust import CONTACT, REASON, TrustWorld
from tests.world import Desk

HTML = {"Accept": "text/html"}
SUMMARY = "Beberapa lampu jalan padam. Pelapor meminta perbaikan."
ANSWER = "Lampu sudah diganti, dan kabelnya ditanam lebih dalam."
BODY = "Saya CANARY-words lewat sini tiap malam, dan lampu di tikungan padam sejak dua minggu."
PLACE = "CANARY-place dekat rumah nomor tujuh"
UNIT = "kutim-dpupr"


@dataclass
class Filed:
    """A report at the unit that answered it."""

    world: TrustWorld
    receipt: str
    case_id: str
    desk: Desk

    @property
    def path(self) -> str:
        return f"/desk/cases/{self.case_id}"

    def say(self, what: str = "", **more: str) -> Any:
        """What the reporter does about publication, in JSON."""
        return self.world.post(f"/api/thread/publication{what}", {"receipt": self.receipt, **more})

    def press(self, what: str, **more: str) -> Any:
        """The same as a form."""
        typed = {"receipt": self.receipt, "form": f"publish-{what.strip('/') or 'wish'}", **more}
        return self.world.thread.post(f"/api/thread/publication{what}", data=typed, headers=HTML)

    def clear(self, summary: str = SUMMARY, answer: str = ANSWER, **more: str) -> Any:
        return self.desk.post(f"{self.path}/publication", {"summary": summary, "answer": answer, **more})

    def thread(self, **more: str) -> Any:
        return self.world.thread.post("/api/thread", data={"receipt": self.receipt, **more}, headers=HTML)

    def case(self) -> Any:
        return self.desk.client.get(f"{self.path}?do=publish", headers=HTML)

    def standing(self) -> dict[str, Any]:
        found: dict[str, Any] = self.world.read(self.receipt)["publication"]
        return found

    def drafted(self, **more: str) -> str:
        """Wished and written; returns the text's number."""
        assert self.say().status_code == 200
        return str(self.clear(**more).get_json()["n"])

    def agreed(self) -> None:
        assert self.say("/agree", draft=self.drafted()).status_code == 200

    def run(self, *, next_week: bool = False) -> tuple[PublicReport, ...]:
        """The clock's step; what is public after it."""
        if next_week:
            self.world.today = self.world.today + 7 * (date(2026, 1, 2) - date(2026, 1, 1))
        PublishReports(self.world.store, self.world.directory, lambda: self.world.today)()
        return read_public(self.world.store, "kutim")


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def filed(world: TrustWorld, **changes: str) -> Filed:
    typed = {"topic": "jalan", "body": BODY, "place": PLACE, "subject": "CANARY-subject"} | changes
    sent = world.report(**typed)
    case_id = sent["tracking_id"]
    desk = world.hand_over(case_id, UNIT)
    answer = desk.post(f"/desk/cases/{case_id}/messages", {"body": "CANARY-answer: besok.", "message_key": "k" * 16})
    assert answer.status_code == 201, answer.text
    return Filed(world, sent["receipt"], case_id, desk)


def test_from_a_wish_to_a_public_text_and_back(world: TrustWorld) -> None:
    one = filed(world)
    assert one.standing() == {"state": "none", "agreed": None, "draft": None, "few": None, "actions": ["wish"]}
    assert one.say().get_json() == {"publication": "wished"}
    assert one.standing()["actions"] == ["stop"]
    world.run_courier()
    subjects = [letter.subject for letter in world.mailbox.letters if letter.to == world.officer(UNIT).email]
    assert subjects[-1] == f"[Lapor Anonim] Pelapor ingin laporannya diterbitkan ({one.case_id})"
    number = one.clear().get_json()["n"]
    standing = one.standing()
    assert standing["draft"] == {
        "n": number,
        "summary": SUMMARY,
        "answer": ANSWER,
        "agency": UNIT,
        "month": "2026-11-01",
    }
    assert (standing["state"], standing["few"], standing["actions"]) == ("drafted", True, ["change", "agree", "stop"])
    assert one.say("/agree", draft=str(number)).get_json() == {"publication": "agreed"}
    assert one.standing()["agreed"] == number
    assert one.run() == ()
    (report,) = one.run(next_week=True)
    assert (report.summary, report.district, report.topic) == (SUMMARY, "64.08.04", "jalan")
    assert [(answer.agency, answer.text) for answer in report.answers] == [(UNIT, ANSWER)]
    assert one.say("/stop").get_json() == {"publication": "none"}
    assert one.run() == ()
    assert one.standing()["actions"] == ["wish"]


def test_nothing_is_asked_before_an_answer_is_there(world: TrustWorld) -> None:
    sent = world.report(topic="jalan")
    one = Filed(world, sent["receipt"], sent["tracking_id"], world.hand_over(sent["tracking_id"], UNIT))
    assert one.standing()["actions"] == []
    assert "publish-wish" not in forms(page(one.thread()))
    assert one.say().status_code == 409
    assert one.clear().status_code == 409  # nobody wished it
    assert "publish" not in forms(page(one.case()))


@pytest.mark.parametrize(
    "changes",
    [{"topic": "pungli"}, {"topic": "kekerasan"}, {"about_agency": "kutim-dinkes"}],
    ids=["levies", "violence", "about somebody"],
)
def test_who_must_not_be_found_is_never_asked(world: TrustWorld, changes: dict[str, str]) -> None:
    one = filed(world, **changes)
    assert one.standing()["actions"] == []
    assert "Boleh dibaca umum?" not in text(page(one.thread()))
    refused = one.say()
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_public")
    assert one.clear().status_code == 409


def test_what_came_to_be_about_abuse_of_office_goes_and_can_still_be_stopped(world: TrustWorld) -> None:
    one = filed(world)
    one.agreed()
    assert len(one.run(next_week=True)) == 1
    head = world.store.read_head(one.case_id)
    back = world.desk_of(UNIT).post(f"{one.path}/handover", {"agency": "kutim", "reason": REASON})
    assert back.status_code == 200, back.text
    marked = world.desk_of("kutim").post(f"{one.path}/oversight", {"reason": REASON})
    assert marked.status_code == 200, marked.text
    assert one.run(next_week=True) == ()
    assert "tidak dapat dibaca umum" in text(page(one.thread()))
    assert world.store.read_head(one.case_id).publication.agreed == head.publication.agreed
    assert one.standing()["actions"] == ["stop"]
    assert one.say("/stop").status_code == 200


def test_what_later_words_keep_from_somebody_goes_too(world: TrustWorld) -> None:
    """Whoever only may be meant is not bound into the seal, and would read it on the public page all the same."""
    one = filed(world)
    one.agreed()
    assert len(one.run(next_week=True)) == 1
    accusing = "Waktu mengukur jalan rusak itu petugasnya minta uang 100 ribu."
    said = {"receipt": one.receipt, "body": accusing, "message_key": "m" * 16}
    assert world.post("/api/thread/messages", said).status_code == 201
    head = world.store.read_head(one.case_id)
    assert head.accused == ""
    assert UNIT in head.desk_work.kept_from
    assert "Tidak boleh dilihat oleh" in text(page(one.thread()))
    assert one.run() == ()  # on the same day, with the next run
    assert one.standing()["actions"] == ["stop"]


def test_nor_is_it_asked_of_what_is_kept_from_another_than_its_holder(world: TrustWorld) -> None:
    one = filed(world)
    head = world.store.read_head(one.case_id)
    assert fit(head, world.directory)
    kept = replace(head, desk_work=replace(head.desk_work, kept_from=("kutim-dishub",)))
    assert not fit(kept, world.directory)


def test_a_number_of_a_text_that_is_too_long_is_none(world: TrustWorld) -> None:
    one = filed(world)
    one.drafted()
    assert one.say("/agree", draft="9" * 5_000).get_json()["code"] == "draft_changed"


@pytest.mark.parametrize(
    "mode", [{}, {"identity_mode": "rahasia", "contact": CONTACT}, {"identity_mode": "terbuka", "name": "CANARY-name"}]
)
def test_every_mode_may_and_none_of_it_is_public(world: TrustWorld, mode: dict[str, str]) -> None:
    one = filed(world, **mode)
    one.agreed()
    (report,) = one.run(next_week=True)
    assert_clean(one, report)


def assert_clean(one: Filed, report: PublicReport) -> None:
    """Nothing of the case but what was cleared stands in what the public reads."""
    head = one.world.store.read_head(one.case_id)
    bodies = public_registers(one.world)
    whole = json.dumps([encode_public([report]), bodies], ensure_ascii=False)
    days = {head.received_on, head.clock.due, *(event.on for event in one.world.store.read_case(one.case_id).events)}
    secrets = {one.receipt, one.case_id, one.receipt.replace("-", ""), one.case_id.replace("-", ""), head.wraps.key_id}
    for told in {"CANARY", CONTACT, *secrets, *(day.isoformat() for day in days if day.day != 1)}:
        assert told not in whole, told


def public_registers(world: TrustWorld) -> list[str]:
    """The bodies of what the public's readers may ask for."""
    found = (world.store.read_register(name) for name in ("public:kutim", "public:kutim:2026"))
    return [zlib.decompress(register.body).decode() for register in found if register]


def test_the_search_finds_what_is_planted(world: TrustWorld) -> None:
    one = filed(world)
    one.agreed()
    (report,) = one.run(next_week=True)
    for planted in (one.case_id, one.receipt, "CANARY-x", "2026-11-25"):
        with pytest.raises(AssertionError):
            assert_clean(one, report._replace(summary=f"x {planted} y"))


def test_only_the_text_that_was_read_can_be_agreed_to(world: TrustWorld) -> None:
    one = filed(world)
    first = one.drafted()
    second = str(one.clear(summary="Jalan rusak sudah ditambal.").get_json()["n"])
    for wrong in (first, "1", "999"):
        refused = one.say("/agree", draft=wrong)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "draft_changed")
    assert one.say("/agree", draft="").status_code == 422
    assert one.say("/agree", draft="x").status_code == 422
    shown = one.press("/agree", draft=first, read="yes")
    assert shown.status_code == 409
    assert "Jalan rusak sudah ditambal." in shown.text
    assert read_agreed(world.store, "kutim")[1] == {}
    assert one.say("/agree", draft=second).status_code == 200
    assert one.say("/agree", draft=second).status_code == 200  # twice is once
    acts = [e for e in world.store.read_case(one.case_id).events if e.kind is EventKind.PUBLISH]
    assert len(acts) == 4


def test_a_new_text_leaves_the_old_one_public_until_it_is_agreed_to(world: TrustWorld) -> None:
    one = filed(world)
    one.agreed()
    assert one.run(next_week=True)[0].summary == SUMMARY
    one.desk = world.desk_of(UNIT)
    second = str(one.clear(summary="Semua lampu diganti.").get_json()["n"])
    assert "teks yang dulu tetap terbit" in text(page(one.thread()))
    assert one.run(next_week=True)[0].summary == SUMMARY
    assert one.say("/agree", draft=second).status_code == 200
    assert one.run()[0].summary == SUMMARY
    assert one.run(next_week=True)[0].summary == "Semua lampu diganti."


def test_the_officer_says_no_with_a_reason_and_what_was_public_goes(world: TrustWorld) -> None:
    one = filed(world)
    one.agreed()
    assert len(one.run(next_week=True)) == 1
    one.desk = world.desk_of(UNIT)
    path = f"{one.path}/publication/decline"
    assert one.desk.post(path, {"reason": " "}).status_code == 422
    assert one.desk.post(path, {"reason": "Ternyata masih diperiksa."}).get_json() == {"publication": "declined"}
    assert one.run() == ()
    shown = text(page(one.thread()))
    assert "Ternyata masih diperiksa." in shown
    assert "Petugas tidak menerbitkan laporan ini." in shown
    assert one.standing()["actions"] == ["stop"]


def test_he_asks_for_other_words_and_the_officer_reads_it_masked(world: TrustWorld) -> None:
    one = filed(world)
    one.drafted()
    assert one.press("/change", reason=" ").status_code == 422
    asked = one.press("/change", reason="Jangan sebut tikungan. Telepon 081234567890.")
    assert asked.status_code == 200
    assert one.standing()["state"] == "wished"
    shown = text(page(one.case()))
    assert "Jangan sebut tikungan." in shown
    assert "081234567890" not in shown
    assert one.say("/change", reason="Lagi").status_code == 409
    assert one.say("/agree", draft="1").status_code == 409


def test_what_may_identify_is_shown_and_kept_only_by_a_second_press_for_just_that(world: TrustWorld) -> None:
    one = filed(world)
    one.say()
    telling = (
        "Lampu di tikungan padam sejak dua minggu, kata Bu Siti dari RT 03, telepon 081234567890, pada 12 November."
    )
    refused = one.clear(summary=telling)
    assert refused.status_code == 422
    (error,) = refused.get_json()["errors"]
    assert error["field"] == "keep"
    for found in ("081234567890", "12 November", "lampu di tikungan padam sejak dua"):
        assert found in error["message"]
    assert one.standing()["draft"] is None
    typed = {"form": "publish", "summary": telling, "answer": ANSWER, "csrf_token": one.desk.csrf}
    send = lambda **more: one.desk.client.post(f"{one.path}/publication", data=typed | more, headers=HTML)  # noqa: E731
    shown = page(send(), 422)
    assert is_open(shown, "publish")
    assert (field(shown, "summary").text or "").strip() == telling
    mark = field(shown, "keep").get("value", "")
    other = send(keep=mark, summary=telling.replace("081234567890", "081298765432"))
    assert other.status_code == 422  # the tick was for another number
    assert send(keep=mark).status_code == 303
    assert one.standing()["draft"]["summary"] == telling


@pytest.mark.parametrize("name", ["summary", "answer"])
def test_a_text_has_its_limits_and_comes_back_as_it_was_typed(world: TrustWorld, name: str) -> None:
    one = filed(world)
    one.say()
    typed = {"summary": SUMMARY, "answer": ANSWER, "form": "publish", "csrf_token": one.desk.csrf}
    for wrong, says in (("", "Tuliskan"), ("Ä" * 601, "601"), (HOSTILE * 30, "paling banyak 600")):
        answer = one.desk.client.post(f"{one.path}/publication", data=typed | {name: wrong}, headers=HTML)
        shown = page(answer, 422)
        assert says in text(shown)
        assert is_open(shown, "publish")
        kept = field(shown, "answer" if name == "summary" else "summary")
        assert (kept.text or "").strip() == typed[kept.get("name", "")]
    assert one.clear(**{name: "Ä" * 600}).status_code == 201


def test_hostile_words_stay_words(world: TrustWorld) -> None:
    one = filed(world)
    one.drafted(summary=HOSTILE, keep="yes")
    for answer in (one.thread(), one.case()):
        check_page(answer.text)
        assert "alert(1)" in text(page(answer))


def test_a_slip_of_the_thumb_publishes_nothing(world: TrustWorld) -> None:
    one = filed(world)
    number = one.drafted()
    shown = one.press("/agree", draft=number, hide_district="yes")
    root = page(shown, 422)
    assert "Centang bahwa Anda sudah membaca teksnya." in text(root)
    hide = next(i for i in root.iter("input") if i.get("name") == "hide_district")
    assert hide.get("checked") is not None  # what was ticked stays ticked
    assert world.store.read_head(one.case_id).publication.state is Publication.DRAFTED
    assert one.press("/agree", draft=number, read="yes", hide_district="yes").status_code == 200
    assert one.run(next_week=True)[0].district == ""
    kept = text(page(one.thread()))
    assert "dapat dibaca siapa saja" in kept


def test_a_district_that_is_hidden_by_a_second_press_is_not_said_to_be_hidden_while_it_is_shown(
    world: TrustWorld,
) -> None:
    """The answer to the first press was lost; they went back, and think again."""
    one = filed(world)
    number = one.drafted()
    for _ in range(2):
        assert one.press("/agree", draft=number, read="yes").status_code == 200
    said = text(page(one.press("/agree", draft=number, read="yes", hide_district="yes"), 409))
    assert "Persetujuan Anda tersimpan." not in said
    assert "Ada yang menulis sejak Anda membuka halaman ini." in said
    assert "Berhenti; jangan terbitkan" in said
    assert one.run(next_week=True)[0].district == "64.08.04"


def test_nor_once_the_text_is_public(world: TrustWorld) -> None:
    """The page with the question was still open a week later."""
    one = filed(world)
    number = one.drafted()
    assert one.press("/agree", draft=number, read="yes").status_code == 200
    assert one.run(next_week=True)[0].district == "64.08.04"
    assert "Persetujuan Anda tersimpan." in text(page(one.press("/agree", draft=number, read="yes")))
    said = text(page(one.press("/agree", draft=number, read="yes", hide_district="yes"), 409))
    assert "Persetujuan Anda tersimpan." not in said
    assert one.run(next_week=True)[0].district == "64.08.04"


def test_the_page_says_what_will_be_read_when_and_how_few_there_are(world: TrustWorld) -> None:
    one = filed(world)
    wish = text(page(one.thread()))
    for part in (
        "Boleh dibaca umum?",
        "Bila ragu, jangan.",
        "tulisan dan foto Anda, tanggal, nama Anda, dan nomor laporan",
    ):
        assert part in wish
    one.drafted()
    card = text(field(page(one.thread()), "terbit"))
    for part in (
        SUMMARY,
        ANSWER,
        world.directory.districts["64.08.04"].name,
        "November 2026",
        "Senin, 30 November 2026",
        "kurang dari 8 laporan",
    ):
        assert part in card
    english = one.thread(lang="en")
    check_page(english.text)
    for _ in range(7):
        world.report(topic="jalan")
    one.run(next_week=True)
    assert one.standing()["few"] is False
    assert "ada 8 laporan atau lebih" in text(field(page(one.thread()), "terbit"))


def test_what_is_kept_from_the_accused_makes_no_crowd_that_they_could_read(world: TrustWorld) -> None:
    """An officer who files seven reports of their own would learn here that there is an eighth, about them."""
    one = filed(world)
    one.drafted()
    for _ in range(6):
        world.report(topic="jalan")
    world.report(topic="jalan", about_agency=UNIT)
    one.run(next_week=True)
    assert one.standing()["few"] is True


def test_a_closed_report_may_still_be_made_public(world: TrustWorld) -> None:
    one = filed(world)
    done = one.desk.post(f"{one.path}/close", {"outcome": "dijelaskan", "reason": "Sudah jelas."})
    assert done.status_code == 200, done.text
    assert world.post("/api/thread/verdict", {"receipt": one.receipt, "verdict": "selesai"}).status_code == 200
    assert one.standing()["actions"] == ["wish"]
    one.agreed()
    (report,) = one.run(next_week=True)
    assert (report.stage, report.outcome, report.closed) == ("selesai", "dijelaskan", date(2026, 11, 1))


def test_a_withdrawn_report_goes_from_the_pages_at_the_next_run(world: TrustWorld) -> None:
    one = filed(world)
    one.agreed()
    assert len(one.run(next_week=True)) == 1
    assert world.post("/api/thread/withdraw", {"receipt": one.receipt}).status_code == 200
    assert one.run() == ()
    assert SUMMARY not in "".join(public_registers(world))
    assert one.say().status_code == 409
    assert one.say("/stop").status_code == 200  # nothing is left to stop


def test_nor_does_it_stay_where_its_files_could_not_go_at_once(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tombstone stands then: it no longer says that anything of it is public."""
    one = filed(world)
    one.agreed()
    assert len(one.run(next_week=True)) == 1

    def away(_: str) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(world.blobs, "delete_case", away)
        assert world.post("/api/thread/withdraw", {"receipt": one.receipt}).status_code == 503
    assert world.post("/api/thread/withdraw", {"receipt": one.receipt}).status_code == 200
    assert one.run() == ()


def test_what_was_stopped_or_declined_goes_with_the_next_run_though_all_fails_once_the_act_is_written(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for take_down in (lambda one: one.say("/stop"), declined, withdrawn):
        one = filed(world)
        one.agreed()
        assert len(one.run(next_week=True)) == 1
        with monkeypatch.context() as patched:
            fail_after_acts(world, patched)
            take_down(one)
        assert one.run() == ()


def test_what_an_officer_takes_from_the_public_goes_with_the_next_run_too(world: TrustWorld) -> None:
    for take in (overseen, moved_to_another_district):
        one = filed(world)
        one.agreed()
        assert len(one.run(next_week=True)) == 1
        assert take(one).status_code == 200
        assert one.run() == ()


def test_a_text_that_its_reporter_wants_changed_loses_its_agreement_by_a_correction_too(world: TrustWorld) -> None:
    """It was agreed to under the old district, which the page went on naming for good."""
    one = filed(world)
    one.agreed()
    assert len(one.run(next_week=True)) == 1
    one.clear("Beberapa lampu padam.")
    assert one.say("/change", reason=REASON).status_code == 200
    assert len(one.run(next_week=True)) == 1
    assert moved_to_another_district(one).status_code == 200
    assert "Teks untuk umum tidak berlaku lagi" in text(page(one.thread()))
    assert one.run(next_week=True) == ()


def overseen(one: Filed) -> Any:
    back = one.world.desk_of(UNIT).post(f"{one.path}/handover", {"agency": "kutim", "reason": REASON})
    assert back.status_code == 200, back.text
    return one.world.desk_of("kutim").post(f"{one.path}/oversight", {"reason": REASON})


def moved_to_another_district(one: Filed) -> Any:
    return one.world.desk_of(UNIT).post(f"{one.path}/correct", {"district": "64.08.05", "reason": REASON})


def declined(one: Filed) -> Any:
    return one.desk.post(f"{one.path}/publication/decline", {"reason": REASON})


def withdrawn(one: Filed) -> Any:
    return one.world.post("/api/thread/withdraw", {"receipt": one.receipt})


def fail_after_acts(world: TrustWorld, patched: pytest.MonkeyPatch) -> None:
    """Once an act or a deletion is written, the registers can be written no more."""
    written = world.store.write_registers

    def gone(*_: object) -> None:
        raise StoreUnavailableError("gone")

    for name in ("append", "shred"):
        honest = getattr(world.store, name)

        def then_fails(*arguments: Any, honest: Any = honest) -> Any:
            made = honest(*arguments)
            patched.setattr(world.store, "write_registers", gone)
            return made

        patched.setattr(world.store, name, then_fails)
    patched.setattr(world.store, "write_registers", written)


def test_only_its_holder_writes_it(world: TrustWorld) -> None:
    one = filed(world)
    one.say()
    coordinator, other = world.desk_of("kutim"), world.desk_of("kutim-dlh")
    text_ = {"summary": SUMMARY, "answer": ANSWER}
    assert coordinator.post(f"{one.path}/publication", text_).status_code == 403
    assert coordinator.post(f"{one.path}/publication/decline", {"reason": REASON}).status_code == 403
    assert other.post(f"{one.path}/publication", text_).status_code == 404
    assert other.post(f"{one.path}/publication/decline", {"reason": REASON}).status_code == 404
    view = coordinator.get(one.path).get_json()["publication"]
    assert view == {"state": "wished", "agreed": None, "draft": None}
    one.desk = world.desk_of(UNIT)
    one.clear()
    assert SUMMARY not in coordinator.client.get(one.path, headers=HTML).text


def test_a_text_that_is_waited_for_stands_in_its_holders_inbox_and_in_no_other(world: TrustWorld) -> None:
    one, badge = filed(world), "Pelapor menunggu teks untuk umum"
    coordinator, unit = world.desk_of("kutim"), world.desk_of(UNIT)
    one.say()
    assert badge in unit.client.get("/desk/", headers=HTML).text
    assert badge not in coordinator.client.get("/desk/", headers=HTML).text
    one.desk = unit
    one.clear()
    assert badge not in unit.client.get("/desk/", headers=HTML).text


def test_the_officers_act_is_in_the_trail_with_his_ident_and_the_reporters_without(world: TrustWorld) -> None:
    one = filed(world)
    one.agreed()
    acts = [e for e in world.store.read_case(one.case_id).events if e.kind is EventKind.PUBLISH]
    assert [(act.by, act.officer) for act in acts] == [
        ("pelapor", ""),
        ("sistem", world.officer(UNIT).ident),
        ("pelapor", ""),
    ]
    for act in acts:
        assert SUMMARY.encode() not in act.sealed
        assert b"agreed" not in act.sealed


def test_a_store_that_fails_between_text_and_act_publishes_nothing_and_the_same_press_ends_well(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = filed(world)
    number = one.drafted()
    real = world.store.append

    def fails(*_: object) -> None:
        raise StoreUnavailableError("gone")

    monkeypatch.setattr(world.store, "append", fails)
    shown = one.press("/agree", draft=number, read="yes")
    assert shown.status_code == 503
    assert one.run(next_week=True) == ()
    monkeypatch.setattr(world.store, "append", real)
    assert one.press("/agree", draft=number, read="yes").status_code == 200
    assert len(one.run(next_week=True)) == 1


def test_the_same_press_of_the_officer_twice_is_one_text(world: TrustWorld) -> None:
    one = filed(world)
    one.say()
    first = one.clear(message_key="m" * 16).get_json()["n"]
    assert one.clear(message_key="m" * 16).get_json()["n"] == first
    assert one.clear(message_key="short").status_code == 422


def test_wishes_have_an_end_and_stopping_has_none(world: TrustWorld) -> None:
    one = filed(world)
    for _ in range(STEPS_MAX // 2):
        assert one.say().status_code == 200
        assert one.say("/stop").status_code == 200
    refused = one.say()
    assert (refused.status_code, refused.get_json()["code"]) == (409, "publication_often")
    assert one.say("/stop").status_code == 200


def test_an_unknown_receipt_is_told_no_more_than_elsewhere(world: TrustWorld) -> None:
    one = filed(world)
    other = world.report()["receipt"]
    world.post("/api/thread/withdraw", {"receipt": other})
    wrong = "00000-00000-00000-00000-00000"
    for path in ("", "/change", "/agree", "/stop"):
        body = {"receipt": wrong, "draft": "1", "reason": "x"}
        status = world.post(f"/api/thread/publication{path}", body).status_code
        assert status == world.post("/api/thread/messages", body | {"body": "x", "message_key": "m" * 16}).status_code
    assert one.standing()["state"] == "none"
