"""The officers' masked copy: what identifies the writer is hidden until an officer says why, and the writer reads it."""

import re

import pytest

from functions.actions.common.append import Step, append
from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Role
from functions.casework.stages import Actor
from tests.markup import HOSTILE, field, page, text
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}

TEXT = "Nama saya Bunga Melati, NIK 6408014506900001, hp 0812-3456-7890. Kepala desa Rusdi minta uang 500 ribu."
COLLEAGUES = ["petugas1@dpupr.example.id", "petugas2@dpupr.example.id"]
SECRET = ("Bunga", "6408014506900001", "0812-3456-7890")


def sent(world: World, **changes: str) -> dict[str, str]:
    return world.report(body=TEXT, subject="Telepon saya 0812-3456-7890", **changes)


def test_officers_read_a_masked_copy_and_the_writer_his_own_words(world: World) -> None:
    report = sent(world)
    desk = world.desk_of("kutim")
    case = desk.get(f"/desk/cases/{report['tracking_id']}").get_json()
    shown = desk.client.get(f"/desk/cases/{report['tracking_id']}", headers=HTML).text
    inbox = desk.get("/desk/").text
    for secret in SECRET:
        assert secret not in str(case) + shown + inbox
    assert "Rusdi" in case["messages"][0]["body"]  # whom it is about has to be named
    assert case["messages"][0]["masked"] is True
    assert "unmask" in case["actions"]
    assert world.read(report["receipt"])["messages"][0]["body"] == TEXT
    check_page(shown)


WANTED = {"ground": "records", "reason": "Perlu memeriksa NIK di sistem bansos."}


def answered(world: World) -> list[str]:
    """Who gets a mail that a request was answered; no word of it stands in there."""
    world.run_courier()
    found = [
        mail for mail in world.mailbox.letters if "Permintaan melihat yang disamarkan sudah dijawab" in mail.subject
    ]
    assert not [mail for mail in found for secret in (*SECRET, "Tanyakan", "Jangan.") if secret in mail.text]
    return [mail.to for mail in found]


def agreed(world: World, report: dict[str, str], unit: Desk, by: Desk, n: str = "1") -> None:
    """The unit asks for a message, and a second person agrees."""
    path = f"/desk/cases/{report['tracking_id']}/unmask"
    asked = unit.post(path, WANTED | {"n": n})
    assert (asked.status_code, asked.get_json()["shown"]) == (201, False)
    done = by.post(
        f"{path}/decision", {"request": str(asked.get_json()["n"]), "decision": "agreed", "reason": "Perlu."}
    )
    assert done.status_code == 201, done.get_json()


def test_one_officer_alone_sees_no_phone_number(world: World) -> None:
    """Asked by one officer, with a ground and a reason: it waits, and who asked may not agree."""
    report = sent(world)
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    asked = desk.post(f"{path}/unmask", WANTED | {"n": "1"})
    assert (asked.status_code, asked.get_json()) == (201, {"n": 2, "shown": False})
    decision = {"request": "2", "decision": "agreed", "reason": "Saya setuju dengan saya."}
    alone = desk.post(f"{path}/unmask/decision", decision)
    assert (alone.status_code, alone.get_json()["code"]) == (409, "unmask_second")
    again = desk.post(f"{path}/unmask", WANTED | {"n": "1"})
    assert (again.status_code, again.get_json()["code"]) == (409, "unmask_pending")
    for secret in SECRET:
        assert secret not in desk.get(path).text


def test_unmasking_wants_a_ground_and_a_reason_and_the_writer_reads_both(world: World) -> None:
    report = sent(world)
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    for wrong in (
        {"n": "1", "ground": "records", "reason": " "},
        {"n": "1", "ground": "", "reason": "Perlu."},
        {"n": "1", "ground": "curious", "reason": "Perlu."},
        {"n": "7", "ground": "records", "reason": "Perlu."},
    ):
        assert desk.post(f"{path}/unmask", wrong).status_code == 422
    inspector = world.desk_of("kutim-inspektorat")
    assert inspector.get(f"{path}/unmask").status_code == 404  # nothing waits, and the case is not theirs
    desk.post(f"{path}/unmask", WANTED | {"n": "1"})
    told = world.read(report["receipt"])
    assert "Belum ada yang diperlihatkan" in told["messages"][-1]["body"]
    assert told["unmaskings"] == [
        {
            "n": 2,
            "agency": "Pemerintah Kabupaten Kutai Timur",
            "message": 1,
            "ground": "records",
            "reason": WANTED["reason"],
            "kinds": {"nik": 1, "phone": 2, "self_name": 1},
        }
    ]
    waits = inspector.get(f"{path}/unmask").get_json()["requests"]
    assert waits == [
        {
            "n": 2,
            "agency": "kutim",
            "ground": "records",
            "reason": WANTED["reason"],
            "kinds": {"nik": 1, "phone": 2, "self_name": 1},
            "mine": True,
        }
    ]
    decision = {"request": "2", "decision": "agreed", "reason": "Tanpa NIK tidak dapat dicari."}
    assert inspector.post(f"{path}/unmask/decision", decision | {"reason": ""}).status_code == 422
    assert inspector.post(f"{path}/unmask/decision", decision | {"decision": ""}).status_code == 422
    assert inspector.post(f"{path}/unmask/decision", decision).status_code == 201
    case = desk.get(path).get_json()
    assert case["messages"][0]["body"] == TEXT
    assert case["subject"] == "Telepon saya 0812-3456-7890"
    assert "unmask" not in case["actions"]
    assert inspector.get(path).status_code == 404  # having agreed shows them nothing
    told = world.read(report["receipt"])
    assert "Tanpa NIK tidak dapat dicari." in told["messages"][-1]["body"]
    assert "Inspektorat Daerah menyetujui permintaan Pemerintah Kabupaten Kutai Timur" in told["messages"][-1]["body"]
    assert told["unmaskings"] == []
    assert desk.post(f"{path}/unmask", WANTED | {"n": "1"}).status_code == 422
    late = inspector.post(f"{path}/unmask/decision", decision)
    assert late.status_code in (404, 409)
    steps = world.store.read_head(report["tracking_id"]).desk_work.unmasked
    assert steps == ("kutim:records:asked", "kutim:records:agreed")


def test_names_and_places_are_shown_to_one_officer_at_once_and_the_writer_reads_it(world: World) -> None:
    report = world.report(body="Nama saya Bunga Melati. Jalan rusak.", subject="")
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    assert "Melati" not in desk.get(path).text
    done = desk.post(
        f"{path}/unmask", {"n": "1", "ground": "evidence", "reason": "Namanya ada di surat yang dilampirkan."}
    )
    assert (done.status_code, done.get_json()) == (201, {"n": 2, "shown": True})
    assert "Melati" in desk.get(path).text
    told = world.read(report["receipt"])["messages"][-1]["body"]
    assert "membuka yang disamarkan: 1 nama pelapor. Untuk apa: Memeriksa bukti" in told
    assert "Namanya ada di surat" in told
    steps = world.store.read_head(report["tracking_id"]).desk_work.unmasked
    assert steps == ("kutim:evidence:shown",)


def test_a_request_can_be_refused_by_the_second_person_and_asked_again(world: World) -> None:
    report = sent(world)
    unit = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}"
    asked = unit.post(f"{path}/unmask", WANTED | {"n": "1"}).get_json()["n"]
    desk = world.desk_of("kutim")
    assert desk.get(path).get_json().get("subject") is None  # the coordinator reads no word of it
    refused = {"request": str(asked), "decision": "refused", "reason": "Tanyakan kepada pelapor."}
    world.run_courier()
    world.mailbox.letters.clear()
    assert desk.post(f"{path}/unmask/decision", refused).status_code == 201
    assert answered(world) == COLLEAGUES
    assert "0812-3456-7890" not in unit.get(path).text
    assert "Tanyakan kepada pelapor." in world.read(report["receipt"])["messages"][-1]["body"]
    agreed(world, report, unit, desk)
    assert "0812-3456-7890" in unit.get(path).text


def test_the_writer_may_refuse_until_it_is_agreed_and_that_is_final(world: World) -> None:
    report = sent(world)
    unit = world.hand_over(report["tracking_id"])
    path, receipt = f"/desk/cases/{report['tracking_id']}", report["receipt"]
    n = str(unit.post(f"{path}/unmask", WANTED | {"n": "1"}).get_json()["n"])
    for wrong in ("", "x", "99"):
        answer = world.post("/api/thread/unmask", {"receipt": receipt, "request": wrong})
        assert answer.status_code in (409, 422)
    world.run_courier()
    world.mailbox.letters.clear()
    answer = world.post("/api/thread/unmask", {"receipt": receipt, "request": n, "reason": "Jangan."})
    assert answer.status_code == 201
    assert answered(world) == COLLEAGUES
    decision = {"request": n, "decision": "agreed", "reason": "Perlu."}
    late = world.desk_of("kutim").post(f"{path}/unmask/decision", decision)
    assert (late.status_code, late.get_json()["code"]) == (409, "unmask_over")
    again = unit.post(f"{path}/unmask", WANTED | {"n": "1"})
    assert (again.status_code, again.get_json()["code"]) == (409, "unmask_objected")
    assert "0812-3456-7890" not in unit.get(path).text
    assert "Pelapor menolak permintaan" in str(unit.get(path).get_json()["messages"])
    again = world.post("/api/thread/unmask", {"receipt": receipt, "request": n})
    assert (again.status_code, again.get_json()["code"]) == (409, "unmask_over")


def test_a_request_ends_when_its_agency_leaves_the_case(world: World) -> None:
    report = sent(world)
    unit = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}"
    n = str(unit.post(f"{path}/unmask", WANTED | {"n": "1"}).get_json()["n"])
    assert unit.post(f"{path}/handover", {"agency": "kutim", "reason": "Bukan kami."}).status_code == 200
    late = world.desk_of("kutim").post(f"{path}/unmask/decision", {"request": n, "decision": "agreed", "reason": "Ya."})
    assert (late.status_code, late.get_json()["code"]) == (409, "unmask_over")
    assert world.read(report["receipt"])["unmaskings"] == []


def test_another_unit_is_no_second_person_nor_is_the_accused(world: World) -> None:
    report = sent(world, about_agency="kutim-inspektorat")
    world.run_courier()
    unit = world.hand_over(report["tracking_id"])
    world.run_courier()
    world.mailbox.letters.clear()
    path = f"/desk/cases/{report['tracking_id']}"
    n = str(unit.post(f"{path}/unmask", WANTED | {"n": "1"}).get_json()["n"])
    world.run_courier()
    told = {mail.to for mail in world.mailbox.letters if "Orang kedua" in mail.subject}
    assert world.officer("kutim", Role.COORDINATOR).email in told
    assert world.officer("kutim-inspektorat", Role.INSPECTOR).email not in told
    for letter in world.mailbox.letters:
        assert not [secret for secret in (*SECRET, WANTED["reason"]) if secret in letter.text]
    decision = {"request": n, "decision": "agreed", "reason": "Perlu."}
    for code in ("kutim-inspektorat", "kutim-dishub"):
        desk = world.desk_of(code)
        assert desk.get(f"{path}/unmask").status_code == 404
        assert desk.post(f"{path}/unmask/decision", decision).status_code == 404


def test_an_opening_of_the_version_before_still_counts(world: World) -> None:
    """An event without a step is from the version before: the agency saw the message then."""
    report = sent(world)
    case = world.store.read_case(report["tracking_id"])
    key = world.cases.case_key(case.head)
    words = {"reason": "Perlu.", "agency": "kutim", "target": "1"}
    append(
        world.store,
        lambda: OpenedCase(case, key),
        lambda opened: Step(EventKind.UNMASK, Actor.SYSTEM, words, opened.head),
        world.today,
    )
    assert "0812-3456-7890" in world.desk_of("kutim").get(f"/desk/cases/{report['tracking_id']}").text
    assert "membuka bagian yang disamarkan" in world.read(report["receipt"])["messages"][-1]["body"]


def test_another_agency_has_to_say_its_own_reason(world: World) -> None:
    report = sent(world)
    path = f"/desk/cases/{report['tracking_id']}"
    agreed(world, report, world.desk_of("kutim"), world.desk_of("kutim-inspektorat"))
    unit = world.hand_over(report["tracking_id"])
    assert "0812-3456-7890" not in unit.get(path).text
    agreed(world, report, unit, world.desk_of("kutim"))
    assert "0812-3456-7890" in unit.get(path).text


def test_later_messages_are_masked_one_by_one(world: World) -> None:
    report = sent(world)
    path = f"/desk/cases/{report['tracking_id']}"
    unit = world.hand_over(report["tracking_id"])
    agreed(world, report, unit, world.desk_of("kutim"))
    more = {"receipt": report["receipt"], "body": "Surel saya melati@contoh.id", "message_key": "m" * 16}
    assert world.post("/api/thread/messages", more).status_code == 201
    bodies = [message["body"] for message in unit.get(path).get_json()["messages"]]
    assert TEXT in bodies
    assert "melati@contoh.id" not in str(bodies)


def test_the_officers_own_words_are_not_masked(world: World) -> None:
    report = world.report()
    unit = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}"
    unit.post(f"{path}/messages", {"body": "Hubungi kantor kami di 0549-221234.", "message_key": "k" * 16})
    assert "0549-221234" in unit.get(path).text


@pytest.mark.parametrize(("topic", "shown"), [("jalan", True), ("pungli", False)])
def test_on_a_sensitive_topic_the_exact_place_is_hidden_until_needed(world: World, topic: str, shown: bool) -> None:
    report = world.report(topic=topic, place="belakang balai desa Sukamaju")
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    assert ("balai desa Sukamaju" in desk.get(path).text) is shown
    if not shown:
        desk.post(f"{path}/unmask", {"n": "1", "ground": "on_site", "reason": "Harus ke tempatnya."})
        assert "balai desa Sukamaju" in desk.get(path).text


def test_the_page_asks_for_the_reason_and_gives_it_back(world: World) -> None:
    report = sent(world)
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', desk.client.get(path, headers=HTML).text)
    assert csrf
    form = {"csrf_token": csrf[1], "form": "unmask-1", "n": "1", "ground": "records", "reason": "x" * 2001}
    refused = desk.client.post(f"{path}/unmask", data=form, headers=HTML)
    assert refused.status_code == 422
    assert refused.text.count("x" * 2001) == 1
    check_page(refused.text)
    missing = desk.client.post(f"{path}/unmask", data=form | {"ground": "", "reason": "Perlu."}, headers=HTML)
    assert missing.status_code == 422
    assert "Pilih untuk apa Anda memerlukannya." in missing.text
    check_page(missing.text)
    done = desk.client.post(f"{path}/unmask", data=form | {"reason": "Perlu."}, headers=HTML)
    assert done.status_code == 303
    shown = desk.client.get(done.headers["Location"], headers=HTML).text
    assert "0812-3456-7890" not in shown
    assert f"{path}/unmask" in shown
    check_page(shown)
    check_page(desk.client.get(f"{path}/unmask", headers=HTML).text)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_second_persons_page_shows_no_word_and_gives_back_what_was_typed(world: World, lang: str) -> None:
    report = sent(world)
    path = f"/desk/cases/{report['tracking_id']}"
    world.desk_of("kutim").post(f"{path}/unmask", WANTED | {"n": "1", "reason": HOSTILE})
    inspector = world.desk_of("kutim-inspektorat")
    landed = inspector.client.get(path, headers=HTML)
    assert (landed.status_code, landed.headers["Location"].partition("?")[0]) == (303, f"{path}/unmask")
    root = page(inspector.client.get(f"{path}/unmask?lang={lang}", headers=HTML))
    assert not [secret for secret in SECRET if secret in text(root)]
    assert "Baris “kedua” & <b>ketiga</b>" in text(root)
    assert not list(root.iter("script"))
    typed = {"csrf_token": inspector.csrf, "form": "unmask-2", "request": "2", "decision": "", "reason": HOSTILE}
    root = page(inspector.client.post(f"{path}/unmask/decision", data=typed | {"lang": lang}, headers=HTML), 422)
    assert field(root, "unmask-2-reason").text == HOSTILE
    done = inspector.client.post(f"{path}/unmask/decision", data=typed | {"decision": "refused"}, headers=HTML)
    assert (done.status_code, done.headers["Location"]) == (303, "/desk/?done=unmask_decided")
    late = inspector.client.post(f"{path}/unmask/decision", data=typed | {"decision": "agreed"}, headers=HTML)
    assert late.status_code == 404


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_writer_refuses_on_the_page(world: World, lang: str) -> None:
    report = sent(world)
    unit = world.hand_over(report["tracking_id"])
    n = str(unit.post(f"/desk/cases/{report['tracking_id']}/unmask", WANTED | {"n": "1"}).get_json()["n"])
    shown = {"receipt": report["receipt"], "lang": lang}
    root = page(world.thread.post("/api/thread", data=shown, headers=HTML))
    assert WANTED["reason"] in text(root)
    typed = shown | {"form": f"unmask-{n}", "request": n}
    root = page(world.thread.post("/api/thread/unmask", data=typed | {"reason": "x" * 2001}, headers=HTML), 422)
    assert field(root, f"unmask-{n}-reason").text == "x" * 2001
    page(world.thread.post("/api/thread/unmask", data=typed | {"reason": HOSTILE}, headers=HTML), 201)
    root = page(world.thread.post("/api/thread/unmask", data=typed | {"reason": HOSTILE}, headers=HTML), 409)
    assert field(root, "unsent").text == HOSTILE
