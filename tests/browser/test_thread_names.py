"""The name by script in the thread: read, answered, left and taken back on the phone, and the code never leaves it."""

import json
from functools import partial

import pytest
from playwright.sync_api import Page, Route, expect

from functions.actions.custodian.custody import Custody
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import Identity, StepKind, TrustProblem
from functions.config.settings import DEMO, load_directory
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.name_answers import ANSWER_BYTES, forged_name
from functions.crypto.sign.reporter_acts import forged
from tests.browser.axe import STRUCTURE, Axe
from tests.browser.dice import signs_by_dice
from tests.browser.scene import Scene
from tests.browser.test_thread_files import bodies
from tests.browser.test_thread_script import opened, press
from tests.trust import CONTACT, NAME, REASON

FIRST = Viewer("kustodian-1", "kutim-inspektorat", Role.CUSTODIAN, hour=9)
SECOND = Viewer("kustodian-2", "kutim-bkpsdm", Role.CUSTODIAN, hour=9)
WHY = "kenarijingga: silakan hubungi saya"


def custody(scene: Scene) -> Custody:
    """The custody door's actions on the running product's store."""
    keys = KeyDirectory(scene.product.folder / "keys")
    directory = load_directory(DEMO / "kutai-timur.toml")
    private = keys.private(Purpose.IDENTITY)
    return Custody(scene.store, lambda: private, directory, scene.settings.today, public_keys=keys.public)


def asked(scene: Scene, danger: str = "") -> tuple[str, str]:
    receipt, case_id = scene.report(identity_mode="rahasia", name=NAME, contact=CONTACT)
    custody(scene).ask(FIRST, case_id, REASON, danger)
    return receipt, case_id


def identity(scene: Scene, case_id: str) -> Identity:
    found = scene.store.read_identity(case_id)
    assert found is not None
    return found


def proven(scene: Scene, case_id: str) -> None:
    """Everything that its reporter is said to have said, they signed."""
    case = scene.store.read_case(case_id)
    assert (forged(case), forged_name(case, identity(scene, case_id))) == ("", "")


def secret(sent: list[bytes], receipt: str, *words: str) -> None:
    everything = b"".join(sent)
    assert receipt.replace("-", "").encode() not in everything.replace(b"-", b"")
    assert not [word for word in words if word.encode() in everything]


def choose(page: Page, value: str, why: str = "") -> None:
    page.locator(f"#permintaan input[value={value}]").check()
    page.locator("#permintaan textarea").fill(why)


def test_a_yes_is_signed_on_the_phone_and_taken_back_and_refused(page: Page, scene: Scene) -> None:
    receipt, case_id = asked(scene)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    sent = bodies(page)
    opened(page, scene, receipt)
    card = page.locator("#permintaan")
    expect(card).to_contain_text(REASON)
    expect(card).to_contain_text("Inspektorat Daerah")
    expect(card).to_contain_text("Diam bukan persetujuan")
    page.get_by_role("button", name="Kirim jawaban").click()
    card.get_by_text("Pilih “setuju”").wait_for()
    with pytest.raises(TrustProblem, match="identity_no_yes"):
        custody(scene).open(SECOND, case_id, "Setuju.")
    choose(page, "yes", WHY)
    assert "Jawaban Anda tersimpan." in press(page, "Kirim jawaban")
    expect(card).to_contain_text("Anda sudah setuju.")
    assert [len(step.sig) for step in identity(scene, case_id).steps] == [32, 0, ANSWER_BYTES]
    assert custody(scene).look(SECOND, case_id).steps[-1].reason == WHY
    choose(page, "later")
    press(page, "Kirim jawaban")
    expect(card).to_contain_text("Diam bukan persetujuan")
    choose(page, "yes")
    press(page, "Kirim jawaban")
    custody(scene).open(SECOND, case_id, "Setuju.")
    assert custody(scene).look(SECOND, case_id).name == NAME
    opened(page, scene, receipt)
    page.locator("summary", has_text="Riwayat permintaan nama").click()
    expect(page.locator("details[open] li").last).to_contain_text("membaca nama dan kontak")
    assert page.locator("#permintaan").count() == 0
    proven(scene, case_id)
    secret(sent, receipt, WHY, NAME, CONTACT)
    assert complaints == []


@pytest.mark.long
def test_a_yes_is_taken_back_where_no_signature_comes_twice(page: Page, scene: Scene) -> None:
    """Safari's Ed25519 draws its nonces: signing again tells nothing about a signature."""
    receipt, case_id = asked(scene)
    made = signs_by_dice(page)
    opened(page, scene, receipt)
    for said in ("yes", "later", "yes"):
        choose(page, said)
        assert "Jawaban Anda tersimpan." in press(page, "Kirim jawaban")
        assert identity(scene, case_id).steps[-1].kind == {"yes": StepKind.AGREED, "later": StepKind.UNDECIDED}[said]
        expect(page.locator("#permintaan")).to_contain_text("Anda sudah setuju." if said == "yes" else "Diam bukan")
    assert len(made) == len(set(made)) >= len(("yes", "later", "yes"))
    page.locator("summary", has_text="Riwayat permintaan nama").click()
    assert "tidak cocok dengan segelnya" not in page.locator("body").inner_text()
    proven(scene, case_id)


def test_a_no_ends_the_request_and_a_danger_is_named(page: Page, scene: Scene) -> None:
    receipt, case_id = asked(scene, "threat")
    opened(page, scene, receipt)
    card = page.locator("#permintaan")
    expect(card).to_contain_text("Seseorang diancam dibunuh")
    expect(card).to_contain_text("tidak seorang pun dapat membukanya tanpa persetujuan Anda")
    choose(page, "no", WHY)
    assert "Jawaban Anda tersimpan." in press(page, "Kirim jawaban")
    assert card.count() == 0
    assert identity(scene, case_id).steps[-1].kind == "objected"
    with pytest.raises(TrustProblem, match="identity_objected"):
        custody(scene).ask(FIRST, case_id, REASON)
    proven(scene, case_id)


@pytest.mark.long
def test_a_name_is_left_read_and_taken_back(page: Page, scene: Scene) -> None:
    receipt, case_id, _ = scene.handed_over()
    sent = bodies(page)
    opened(page, scene, receipt)
    page.locator("summary", has_text="Identitas Anda").click()
    button = page.get_by_role("button", name="Titipkan", exact=True)
    button.click()
    page.get_by_text("Tuliskan nama Anda").wait_for()
    page.locator("#nama-name").fill(NAME)
    page.locator("#nama-contact").fill("bukan alamat")
    button.click()
    page.get_by_text("Tulis alamat email seperti").wait_for()
    page.locator("#nama-contact").fill(CONTACT)
    assert "Identitas Anda dititipkan." in press(page, "Titipkan")
    head = scene.store.read_head(case_id)
    assert (head.reporter.mode, bool(head.reporter.contact), head.reporter.texted) == ("rahasia", True, False)
    proven(scene, case_id)
    custody(scene).ask(FIRST, case_id, REASON)
    opened(page, scene, receipt)
    page.locator("summary", has_text="Identitas Anda").click()
    expect(page.locator("dl.also", has_text=NAME)).to_contain_text(CONTACT)
    choose(page, "yes")
    press(page, "Kirim jawaban")
    custody(scene).open(SECOND, case_id, "Setuju.")
    found = custody(scene).look(SECOND, case_id)
    assert (found.name, found.contact) == (NAME, CONTACT)
    page.locator("summary", has_text="Identitas Anda").click()
    assert "Identitas Anda ditarik." in press(page, "Tarik identitas saya")
    assert identity(scene, case_id).sealed == b""
    assert scene.store.read_head(case_id).reporter.contact == b""
    proven(scene, case_id)
    secret(sent, receipt, NAME, CONTACT)


def test_a_name_that_was_left_and_taken_back_is_nowhere_on_the_page(page: Page, scene: Scene) -> None:
    receipt, _ = scene.report()
    opened(page, scene, receipt)
    page.locator("summary", has_text="Identitas Anda").click()
    page.locator("#nama-name").fill(NAME)
    page.locator("#nama-contact").fill(CONTACT)
    page.route("**/api/thread/acts", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Titipkan", exact=True).click()
    page.locator(".errors", has_text="Tidak ada sambungan").wait_for()
    page.locator("summary", has_text="Identitas Anda").click()
    expect(page.locator("#nama-name")).to_have_value(NAME)
    assert "Identitas Anda dititipkan." in press(page, "Titipkan")
    page.locator("summary", has_text="Identitas Anda").click()
    assert "Identitas Anda ditarik." in press(page, "Tarik identitas saya")
    page.locator("summary", has_text="Identitas Anda").click()
    expect(page.locator("#nama-name")).to_have_value("")
    expect(page.locator("#nama-contact")).to_have_value("")


def test_a_lost_answer_is_one_step_and_what_was_typed_stays(page: Page, scene: Scene) -> None:
    receipt, case_id = asked(scene)
    opened(page, scene, receipt)
    choose(page, "yes", WHY)
    page.route("**/api/thread/name/answers", lambda route: (route.fetch(), route.abort("aborted")), times=1)
    page.get_by_role("button", name="Kirim jawaban").click()
    page.locator("#permintaan .why", has_text="Tidak ada sambungan").wait_for()
    assert page.locator("#permintaan textarea").input_value() == WHY
    assert "Jawaban Anda tersimpan." in press(page, "Kirim jawaban")
    assert [step.kind.value for step in identity(scene, case_id).steps] == ["left", "asked", "agreed"]


def test_words_beside_a_later_stay_with_their_writer(page: Page, scene: Scene) -> None:
    receipt, case_id = asked(scene)
    opened(page, scene, receipt)
    choose(page, "later", WHY)
    page.get_by_role("button", name="Kirim jawaban").click()
    page.locator("#permintaan .why", has_text="Belum ada yang berubah.").wait_for(timeout=5000)
    assert page.locator("#permintaan textarea").input_value() == WHY
    assert page.locator(".told").count() == 0
    assert len(identity(scene, case_id).steps) == 2


def test_a_request_that_changed_meanwhile_is_not_answered_for_another(page: Page, scene: Scene) -> None:
    receipt, case_id = asked(scene)
    opened(page, scene, receipt)
    choose(page, "yes")
    custody(scene).refuse(SECOND, case_id, "Belum perlu.")
    custody(scene).ask(SECOND, case_id, "Alasan lain sama sekali.")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.locator("#permintaan")).to_contain_text("Alasan lain sama sekali.")
    assert identity(scene, case_id).steps[-1].kind == "asked"


def _bend(change: dict[str, object], step: dict[int, object], route: Route) -> None:
    record = route.fetch().json() | change
    for at, value in step.items():
        record["steps"][-1][at] = value
    route.fulfill(json=record)


LURE = "Kirim kode Anda ke 0812"


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"mode": LURE, "state": LURE, "instance": LURE, "ends": LURE, "today": "2026-01-01"}, {}),
        ({}, {4: LURE}),
        ({}, {3: LURE}),
        ({}, {1: LURE}),
    ],
    ids=["clear facts", "day", "agency", "kind"],
)
def test_a_door_that_answers_falsehoods_about_a_name_is_not_believed(
    page: Page, scene: Scene, change: dict[str, object], step: dict[int, object]
) -> None:
    receipt, _ = asked(scene)
    page.route("**/api/thread/name", partial(_bend, change, step))
    opened(page, scene, receipt)
    page.locator("summary", has_text="Riwayat permintaan nama").wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    assert LURE not in page.locator("body").inner_text()
    if step:
        expect(page.locator("body")).to_contain_text("tidak cocok dengan segelnya")
        assert page.locator("#permintaan input[value=yes]").count() == 0


def test_a_yes_that_somebody_else_said_is_shown_as_broken(page: Page, scene: Scene) -> None:
    """The custody door, taken over, has the key of the reasons; it does not have the reporter's."""
    receipt, case_id = asked(scene)
    record = custody(scene).opened(identity(scene, case_id))
    scene.store.write_identity(
        record.after(StepKind.AGREED, scene.settings.today(), None, "", request=2, seed=b"s" * 32)
    )
    opened(page, scene, receipt)
    page.locator("summary", has_text="Riwayat permintaan nama").click()
    expect(page.locator("details[open] li").last).to_contain_text("tidak cocok dengan segelnya")
    assert page.locator("#permintaan").get_by_text("Anda sudah setuju.").count() == 0


def _invent(route: Route) -> None:
    record = route.fetch().json()
    record["steps"].append([2, "asked", FIRST.officer, FIRST.agency, record["today"], "", ""])
    route.fulfill(json=record | {"state": "asked", "ends": record["today"], "actions": ["withdraw", "answer"]})


def test_a_request_that_a_door_invents_is_not_answered(page: Page, scene: Scene) -> None:
    receipt, _ = scene.report(identity_mode="rahasia", name=NAME, contact=CONTACT)
    page.route("**/api/thread/name", _invent)
    opened(page, scene, receipt)
    expect(page.locator("#permintaan")).to_contain_text("tidak cocok dengan segelnya")
    assert page.locator("#permintaan form").count() == 0


def test_no_sentence_of_a_door_that_refuses_an_answer_is_shown(page: Page, scene: Scene) -> None:
    receipt, _ = asked(scene)
    opened(page, scene, receipt)
    for code, says in (("identity_other", "Bacalah yang menunggu"), ("too_many", "Batasnya"), (LURE, "Belum berhasil")):
        told = json.dumps({"code": code, "title": LURE, "detail": LURE, "errors": [{"field": LURE, "message": LURE}]})
        answer = partial(_refuse, told)
        page.route("**/api/thread/name/answers", answer)
        choose(page, "yes", WHY)
        page.get_by_role("button", name="Kirim jawaban").click()
        page.locator("#permintaan .why", has_text=says).wait_for()
        assert LURE not in page.locator("body").inner_text()
        page.unroute("**/api/thread/name/answers")


def _refuse(told: str, route: Route) -> None:
    route.fulfill(status=409, body=told, content_type="application/json")


def test_in_english_too(page: Page, scene: Scene) -> None:
    receipt, _ = asked(scene)
    opened(page, scene, receipt, "/en/lacak/")
    expect(page.locator("#permintaan h2")).to_have_text("Somebody asks to open your name")


FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.long
def test_a_request_and_the_form_of_a_name_are_accessible_and_fit_the_phone(page: Page, scene: Scene) -> None:
    for receipt, wanted in ((asked(scene, "violence")[0], "#permintaan"), (scene.report()[0], "#nama-name")):
        opened(page, scene, receipt)
        page.locator("summary", has_text="Identitas Anda").click()
        page.locator(wanted).wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        axe = Axe()
        found = [*axe.run(page, STRUCTURE).response["violations"], *axe.contrast(page).response["violations"]]
        assert [each["id"] for each in found] == []
        assert page.evaluate(FITS)
