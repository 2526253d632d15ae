"""Yes and no by script in the thread: to a text for the public, and to a request to see what is masked."""

from playwright.sync_api import Page, expect

from functions.casework.case import Publication
from functions.casework.consent.unmask_steps import entries
from functions.crypto.sign.reporter_acts import forged
from functions.storage.registers.publications import read_agreed
from tests.browser.scene import Scene
from tests.browser.test_publication import ANSWER, SUMMARY
from tests.browser.test_thread_files import bodies
from tests.browser.test_thread_script import opened, press

BODY = "Jembatan lapuk. Hubungi saya di 0812-3456-7890."
REASON = "kenariabuabu tidak perlu nomor saya"


def test_a_text_is_wished_for_changed_agreed_to_and_stopped(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over()
    scene.reply(officer, case_id, "Papannya kami ganti.")
    sent = bodies(page)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    opened(page, scene, receipt)
    page.locator("summary", has_text="Boleh dibaca umum?").click()
    assert "Keinginan Anda tersimpan." in press(page, "Saya mau; mintakan teksnya")
    text = {"summary": "Satu papan rusak.", "answer": ANSWER, "keep": "yes"}
    path = f"/desk/cases/{case_id}/publication"
    officer.post(path, text, 201)
    opened(page, scene, receipt)
    page.locator("summary", has_text="Ada yang perlu diubah").click()
    page.get_by_role("button", name="Minta teks yang lain").click()
    page.get_by_text("Tuliskan alasannya.").wait_for()
    page.locator("#izin-change").fill("Sebut bahwa anak sekolah lewat.")
    assert "Petugas menulis teks yang lain" in press(page, "Minta teks yang lain")
    officer.post(path, text | {"summary": SUMMARY}, 201)
    opened(page, scene, receipt)
    card = page.locator("#terbit")
    expect(card).to_contain_text(SUMMARY)
    page.get_by_role("button", name="Setuju, terbitkan teks ini").click()
    page.get_by_text("Centang bahwa Anda sudah membaca").wait_for()
    assert scene.store.read_head(case_id).publication.state is Publication.DRAFTED
    card.locator("input[name=hide]").check()
    card.locator("input[name=read]").check()
    assert "Persetujuan Anda tersimpan." in press(page, "Setuju, terbitkan teks ini")
    case = scene.store.read_case(case_id)
    assert (case.head.publication.state, forged(case)) == (Publication.AGREED, "")
    page.locator("summary", has_text="Laporan ini dan umum").click()
    assert "Tidak ada lagi yang terbit" in press(page, "Berhenti; jangan terbitkan")
    assert forged(scene.store.read_case(case_id)) == ""
    assert receipt.replace("-", "").encode() not in b"".join(sent).replace(b"-", b"")
    assert complaints == []


def test_a_district_that_is_hidden_after_a_lost_answer_is_not_said_to_be_hidden_while_it_is_shown(
    page: Page, scene: Scene
) -> None:
    receipt, case_id, officer = scene.handed_over()
    scene.reply(officer, case_id, "Papannya kami ganti.")
    opened(page, scene, receipt)
    page.locator("summary", has_text="Boleh dibaca umum?").click()
    press(page, "Saya mau; mintakan teksnya")
    officer.post(f"/desk/cases/{case_id}/publication", {"summary": SUMMARY, "answer": ANSWER, "keep": "yes"}, 201)
    opened(page, scene, receipt)
    card = page.locator("#terbit")
    card.locator("input[name=read]").check()
    page.route("**/api/thread/acts", lambda route: (route.fetch(), route.abort("aborted")), times=1)
    page.get_by_role("button", name="Setuju, terbitkan teks ini").click()
    page.locator(".errors", has_text="Tidak ada sambungan").wait_for()
    assert not card.locator("input[name=hide]").is_checked()
    assert card.locator("input[name=read]").is_checked()
    card.locator("input[name=hide]").check()  # they think again
    card.locator("input[name=read]").check()
    page.evaluate("document.querySelectorAll('.errors, .told').forEach((each) => each.remove())")
    page.get_by_role("button", name="Setuju, terbitkan teks ini").click()
    page.locator(".told, .errors").wait_for()
    (agreed,) = [each for each in read_agreed(scene.store, "kutim")[1].values() if each.case_id == case_id]
    assert agreed.district, "the first yes arrived"
    assert page.locator(".told").count() == 0, page.locator(".told").text_content()
    expect(page.locator(".errors")).to_contain_text("Ada yang menulis sejak Anda membuka halaman ini.")
    page.locator("summary", has_text="Laporan ini dan umum").click()
    assert "Tidak ada lagi yang terbit" in press(page, "Berhenti; jangan terbitkan")


def test_a_district_that_was_hidden_stays_so_where_the_yes_did_not_arrive(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over()
    scene.reply(officer, case_id, "Papannya kami ganti.")
    opened(page, scene, receipt)
    page.locator("summary", has_text="Boleh dibaca umum?").click()
    press(page, "Saya mau; mintakan teksnya")
    officer.post(f"/desk/cases/{case_id}/publication", {"summary": SUMMARY, "answer": ANSWER, "keep": "yes"}, 201)
    opened(page, scene, receipt)
    for name in ("hide", "read"):
        page.locator(f"#terbit input[name={name}]").check()
    page.route("**/api/thread/acts", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Setuju, terbitkan teks ini").click()
    page.locator(".errors", has_text="Tidak ada sambungan").wait_for()
    press(page, "Setuju, terbitkan teks ini")
    (agreed,) = [each for each in read_agreed(scene.store, "kutim")[1].values() if each.case_id == case_id]
    assert agreed.district == "", "it was hidden when they said yes"


def test_a_new_text_is_read_anew_before_a_yes_to_it(page: Page, scene: Scene) -> None:
    """Somebody had ticked that they read the text before."""
    receipt, case_id, officer = scene.handed_over()
    scene.reply(officer, case_id, "Papannya kami ganti.")
    opened(page, scene, receipt)
    page.locator("summary", has_text="Boleh dibaca umum?").click()
    press(page, "Saya mau; mintakan teksnya")
    text = {"summary": SUMMARY, "answer": ANSWER, "keep": "yes"}
    officer.post(f"/desk/cases/{case_id}/publication", text, 201)
    opened(page, scene, receipt)
    page.locator("#terbit input[name=read]").check()
    officer.post(f"/desk/cases/{case_id}/publication", text | {"answer": f"{ANSWER} Warga RT 3 melapor."}, 201)
    page.get_by_role("button", name="Setuju, terbitkan teks ini").click()
    page.locator("#terbit", has_text="Warga RT 3 melapor.").wait_for()
    assert not page.locator("#terbit input[name=read]").is_checked()


def test_a_request_for_masked_words_is_refused(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over(body=BODY)
    officer.post(f"/desk/cases/{case_id}/unmask", {"n": "1", "ground": "records", "reason": "Perlu dicocokkan."}, 201)
    sent = bodies(page)
    opened(page, scene, receipt)
    page.get_by_text("meminta melihat yang disamarkan").first.wait_for()
    expect(page.get_by_text("Perlu dicocokkan.").first).to_be_visible()
    page.locator("textarea[id^=izin-unmask]").fill(REASON)
    assert "Penolakan Anda tersimpan." in press(page, "Saya menolak")
    assert entries(scene.store.read_head(case_id))[-1].step == "objected"
    assert REASON in officer.get(f"/desk/cases/{case_id}")["messages"][-1]["body"]
    assert forged(scene.store.read_case(case_id)) == ""
    assert page.get_by_role("button", name="Saya menolak").count() == 0
    everything = b"".join(sent)
    assert REASON.encode() not in everything
    assert receipt.replace("-", "").encode() not in everything.replace(b"-", b"")
