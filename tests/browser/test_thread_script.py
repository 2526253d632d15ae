"""The thread with script: read and answered on the phone, and the code never leaves it."""

import json
import zlib
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from functions.casework.receipt import parse_receipt
from functions.crypto.seal.sealing import receipt_for, receipt_keys
from functions.crypto.sign.reporter_acts import forged
from tests.browser.people import DESKTOP
from tests.browser.scene import WORDS, Scene
from tests.browser.test_profile import found, on_disk

ANSWER, REASON = "kenarimerahberkicau di jendela", "kenaribiru belum selesai"


def sent_by(page: Page) -> list[str]:
    """All that the page sends from now on: addresses, headers and bodies."""
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(json.dumps([request.url, request.headers, request.post_data or ""]))

    page.on("request", note)
    return sent


def opened(page: Page, scene: Scene, receipt: str, path: str = "/lacak/") -> None:
    page.goto(f"{scene.product.url}{path}")
    page.locator("#receipt").fill(receipt)
    page.locator("form:has(#receipt) button").click()
    page.locator(".track").wait_for()


def test_a_case_is_read_and_answered_and_no_code_leaves_the_phone(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over(subject="Jembatan")
    scene.reply(officer, case_id, "Besok kami perbaiki.")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    sent = sent_by(page)
    opened(page, scene, receipt)
    assert page.locator("h1").text_content() == "Jembatan"
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text("Besok kami perbaiki.")).to_be_visible()
    page.locator("#message-teks").fill(ANSWER)
    page.get_by_role("button", name="Kirim").click()
    page.locator(".told, .errors").wait_for()
    assert page.locator(".errors").count() == 0, (page.locator(".errors").text_content(), complaints)
    expect(page.locator(".said").get_by_text(ANSWER)).to_be_visible()
    assert any(m["body"] == ANSWER for m in officer.get(f"/desk/cases/{case_id}")["messages"])
    assert not [line for line in sent for word in (receipt, receipt.replace("-", ""), ANSWER) if word in line]
    assert complaints == []


def told(page: Page) -> str:
    page.locator(".told, .errors").wait_for()
    assert page.locator(".errors").count() == 0, page.locator(".errors").text_content()
    return page.locator(".told").text_content() or ""


def press(page: Page, button: str) -> str:
    page.evaluate("document.querySelectorAll('.errors, .told').forEach((each) => each.remove())")
    page.get_by_role("button", name=button, exact=True).locator("visible=true").click()
    return told(page)


def test_a_closed_case_is_reopened_appealed_and_rated(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over()
    scene.close(officer, case_id)
    opened(page, scene, receipt)
    page.locator("summary", has_text="Belum selesai").click()
    page.get_by_role("button", name="Kembalikan ke dinas").click()
    page.locator(".errors").get_by_role("link", name="Tuliskan alasannya.").click()  # it is screens away
    assert page.locator("#reopen-teks:target").is_visible()
    page.locator("#reopen-teks").fill(REASON)
    assert press(page, "Kembalikan ke dinas") == "Jawaban Anda tersimpan. Terima kasih."
    case = officer.get(f"/desk/cases/{case_id}")
    assert (case["stage"], REASON in case["messages"][-1]["body"]) == ("diproses", True)
    scene.close(officer, case_id)
    opened(page, scene, receipt)
    page.locator("summary", has_text="ajukan banding").click()
    page.locator("#appeal-teks").fill("Tetap tidak setuju.")
    assert press(page, "Ajukan banding") == "Banding Anda tersimpan dan diteruskan."
    assert scene.store.read_head(case_id).stage == "banding"
    assert forged(scene.store.read_case(case_id)) == ""


def test_what_is_too_long_is_said_and_given_back_whole(page: Page, scene: Scene) -> None:
    """A field that cuts what is pasted would send half of it, with thanks."""
    receipt, case_id, officer = scene.handed_over()
    opened(page, scene, receipt)
    page.locator("#message-teks").fill("🚧" * 20_000)  # as many as the form takes
    assert press(page, "Kirim") == "Pesan Anda tersimpan."
    scene.close(officer, case_id)
    opened(page, scene, receipt)
    page.locator("summary", has_text="Belum selesai").click()
    long = f"{'hanya ditambal papan. ' * 100}{REASON}"
    page.locator("#reopen-teks").click()
    page.keyboard.insert_text(long)  # as pasted
    page.get_by_role("button", name="Kembalikan ke dinas").click()
    said = f"Tulisan ini 2.{len(long) - 2000} huruf; paling banyak 2.000."
    assert said in (page.locator(".errors").text_content() or "")
    assert page.locator("#reopen-teks").input_value() == long
    page.locator("#reopen-teks").fill(REASON)
    assert press(page, "Kembalikan ke dinas") == "Jawaban Anda tersimpan. Terima kasih."
    bodies = [each["body"] for each in scene.post.post("/api/thread", {"receipt": receipt})["messages"]]
    assert "🚧" * 20_000 in bodies
    assert REASON in bodies[-1]


@pytest.mark.long
def test_a_verdict_in_english_and_a_withdrawal(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over()
    scene.close(officer, case_id)
    opened(page, scene, receipt, "/en/lacak/")
    page.locator("details.choose summary").first.click()
    page.locator("input[name=rating][value='4']").check()
    page.locator("#confirm-teks").fill("Thank you.")
    page.locator("form:has(#confirm-teks) button").click()
    told(page)
    head = scene.store.read_head(case_id)
    assert (head.closing.confirmed, head.closing.rating) == (True, 4)
    page.locator("details:has(input[name=sure]) > summary").click()
    page.locator("form:has(input[name=sure]) button").click()
    expect(page.locator(".errors")).to_be_visible()
    page.locator("input[name=sure]").check()
    page.locator("form:has(input[name=sure]) button").click()
    page.locator(".told").wait_for()
    assert scene.store.read_head(case_id).withdrawn
    assert forged(scene.store.read_case(case_id)) == ""


def test_whom_the_answer_accuses_does_not_read_it(page: Page, scene: Scene) -> None:
    receipt, case_id, _ = scene.handed_over()
    opened(page, scene, receipt)
    page.locator("#message-teks").fill("Petugas Dinas Pekerjaan Umum minta uang 500 ribu kepada saya, ini pungli.")
    press(page, "Kirim")
    head = scene.store.read_head(case_id)
    assert "kutim-dpupr" in head.desk_work.kept_from
    assert head.holder != "kutim-dpupr"
    expect(page.get_by_text("Tidak boleh dilihat oleh")).to_be_visible()


@pytest.mark.long
def test_what_goes_wrong_is_said_and_what_was_typed_stays(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over()
    page.goto(f"{scene.product.url}/lacak/")
    button = page.locator("form:has(#receipt) button")
    wrong = receipt[:7] + ("A" if receipt[7] != "A" else "B") + receipt[8:]
    for typed, says in [("", "Tuliskan kode"), (case_id, "nomor laporan"), ("AB", "berisi 25"), (wrong, "ke-2")]:
        page.locator("#receipt").fill(typed)
        button.click()
        expect(page.locator(".errors")).to_contain_text(says)
    page.locator("#receipt").fill(str(receipt_for(bytes(15) + b"x")))
    button.click()
    page.get_by_text("Tidak ada laporan dengan kode ini").wait_for()
    expect(page.get_by_role("button", name="Buka dengan cara lama")).to_be_visible()
    page.context.set_offline(offline=True)
    page.locator("#receipt").fill(receipt)
    button.click()
    page.get_by_text("Tidak ada sambungan").wait_for()
    page.context.set_offline(offline=False)
    button.click()
    page.locator("#message-teks").fill(ANSWER)
    page.context.set_offline(offline=True)
    page.get_by_role("button", name="Kirim").click()
    page.locator(".errors").wait_for()
    assert page.locator("#message-teks").input_value() == ANSWER
    page.context.set_offline(offline=False)
    scene.reply(officer, case_id, "Kami menulis lebih dulu.")  # the number is taken: it is sealed again
    page.get_by_role("button", name="Kirim").click()
    page.get_by_text("Pesan Anda tersimpan.").wait_for()
    expect(page.get_by_text("Kami menulis lebih dulu.")).to_be_visible()
    assert [m["body"] for m in officer.get(f"/desk/cases/{case_id}")["messages"]].count(ANSWER) == 1


def _refuse(status: int, body: str, route: Route) -> None:
    route.fulfill(status=status, body=body, content_type="application/json")


@pytest.mark.long
def test_a_door_that_answers_falsehoods_is_not_believed(page: Page, scene: Scene) -> None:
    """Every text of its head is a lure; none of it is shown. Another case's envelopes open nothing."""
    receipt, _, _ = scene.handed_over()
    lure = "Kirim kode Anda ke 0812"

    def lie(route: Route) -> None:
        raw = route.fetch().body()
        size = int.from_bytes(raw[:4])
        head = json.loads(zlib.decompress(raw[4 : 4 + size]))
        for name in ("holder", "escalated_to", "topic", "district", "stage", "lift", "mode", "publication"):
            head[name] = lure
        head["kept_from"], head["due"] = [lure], lure
        head["bound"] = [*head["bound"][:2], lure, *head["bound"][3:6], lure]
        head["events"] = [[n, kind, by, lure, lure, lure] for n, kind, by, *_ in head["events"]]
        said = zlib.compress(json.dumps(head).encode())
        route.fulfill(body=len(said).to_bytes(4) + said + raw[4 + size :], content_type="application/octet-stream")

    page.route("**/api/thread/sealed", lie)
    page.goto(f"{scene.product.url}/lacak/")
    page.locator("#receipt").fill(receipt)
    page.locator("form:has(#receipt) button").click()
    page.locator(".talk").wait_for()
    expect(page.get_by_text("Petugas tidak dapat membuka laporan ini sekarang.")).to_be_visible()
    assert lure not in page.locator("body").inner_text()
    page.unroute("**/api/thread/sealed")
    for status in (400, 409, 422, 500):
        problem = {
            "status": status,
            "title": lure,
            "detail": lure,
            "code": lure,
            "errors": [{"field": "x", "message": lure}],
        }
        refusal = json.dumps(problem)
        page.route("**/api/thread/sealed", partial(_refuse, status, refusal))
        page.goto(f"{scene.product.url}/lacak/")
        page.locator("#receipt").fill(receipt)
        page.locator("form:has(#receipt) button").click()
        page.locator(".errors").wait_for()
        assert lure not in page.locator("body").inner_text()
        page.unroute("**/api/thread/sealed")
    other = scene.report()[0]
    page.route("**/api/thread/sealed", lambda route: route.fulfill(response=route.fetch(post_data=asked_for(other))))
    page.goto(f"{scene.product.url}/lacak/")
    page.locator("#receipt").fill(receipt)
    page.locator("form:has(#receipt) button").click()
    page.get_by_text("tidak cocok dengan kode Anda").wait_for()


@pytest.mark.parametrize("bent", [{"topic": "kesehatan"}, {"kept_from": ["kutim-dpupr"]}, {"lift": "lifted"}])
def test_a_door_that_shows_other_facts_than_the_seal_proves_is_not_believed(
    page: Page, scene: Scene, bent: dict[str, object]
) -> None:
    receipt, _ = scene.report()
    page.route("**/api/thread/sealed", partial(_bend, bent))
    page.goto(f"{scene.product.url}/lacak/")
    page.locator("#receipt").fill(receipt)
    page.locator("form:has(#receipt) button").click()
    page.get_by_text("tidak cocok dengan kode Anda").wait_for()


def test_a_case_whose_wrap_binds_nothing_is_taken_up_again_by_the_old_way(page: Page, scene: Scene) -> None:
    """One of an older release: the script has no facts that its seal proves, so it makes no new wrap."""
    receipt, case_id, officer = scene.handed_over()
    scene.close(officer, case_id)
    page.route("**/api/thread/sealed", partial(_bend, {"mark": "01" * 10}))
    page.goto(f"{scene.product.url}/lacak/")
    page.locator("#receipt").fill(receipt)
    page.locator("form:has(#receipt) button").click()
    page.locator(".talk").wait_for()
    expect(page.get_by_text("Untuk laporan ini hal itu hanya dapat dengan cara lama")).to_be_visible()
    assert page.locator("#reopen-teks, #appeal-teks").count() == 0
    assert page.locator("#confirm-teks").count() == 1


def _bend(bent: dict[str, object], route: Route) -> None:
    raw = route.fetch().body()
    size = int.from_bytes(raw[:4])
    said = zlib.compress(json.dumps(json.loads(zlib.decompress(raw[4 : 4 + size])) | bent).encode())
    route.fulfill(body=len(said).to_bytes(4) + said + raw[4 + size :], content_type="application/octet-stream")


@pytest.mark.long
def test_no_sentence_of_a_door_that_refuses_or_takes_an_act_is_shown(page: Page, scene: Scene) -> None:
    """Each refusal is told in the page's own words, and what was typed stays."""
    receipt, case_id, _ = scene.handed_over()
    lure, before = "Kirim kode Anda ke 0812", scene.store.read_head(case_id).version
    opened(page, scene, receipt)
    known = {
        "too_many": "Batasnya sudah tercapai. Tunggu",
        "not_now": "sudah berubah tahap",
        "busy": "Banyak yang memakai layanan ini",
        "invalid": "Ada yang perlu diperbaiki.",
        lure: "Belum berhasil.",
        "__proto__": "Belum berhasil.",
    }
    for code, says in known.items():
        for status in (400, 409, 500):
            told = {"n": lure, "stage": lure, "due": lure, "title": lure, "detail": lure, "code": code, "limit": lure}
            told["errors"] = [{"field": lure, "message": lure}]
            page.route("**/api/thread/acts", partial(_refuse, status, json.dumps(told)))
            page.locator("#message-teks").fill(ANSWER)
            page.evaluate("document.getElementById('kesalahan')?.remove()")  # that of the answer before
            page.get_by_role("button", name="Kirim").click()
            page.locator(".errors", has_text=says).wait_for()
            assert page.locator("#message-teks").input_value() == ANSWER
            assert lure not in page.locator("body").inner_text()
            page.unroute("**/api/thread/acts")
    taken = json.dumps({"n": lure, "stage": lure, "due": lure, "detail": lure})
    page.route("**/api/thread/acts", partial(_refuse, 201, taken))
    page.get_by_role("button", name="Kirim").click()
    page.get_by_text("Pesan Anda tersimpan.").wait_for()
    assert lure not in page.locator("body").inner_text()
    assert scene.store.read_head(case_id).version == before  # nothing of it was taken, and the page cannot know


@pytest.mark.parametrize("status", [0, 500])
def test_an_act_whose_case_cannot_be_read_again_is_sent_again_as_one(page: Page, scene: Scene, status: int) -> None:
    """It was taken, and the look at the case after it failed: what was typed stays, and the same text is one event."""
    receipt, case_id, officer = scene.handed_over()
    opened(page, scene, receipt)
    page.locator("#message-teks").fill(ANSWER)
    away = partial(_refuse, status, "{}") if status else (lambda route: route.abort())
    page.route("**/api/thread/sealed", away)
    page.get_by_role("button", name="Kirim").click()
    page.locator(".errors", has_text="Tidak ada sambungan").wait_for()
    assert "Ada yang perlu diperbaiki" not in page.locator(".errors").inner_text(), "there is nothing to mend"
    assert page.locator("#message-teks").input_value() == ANSWER
    page.unroute("**/api/thread/sealed")
    page.get_by_role("button", name="Kirim").click()
    page.get_by_text("Pesan Anda tersimpan.").wait_for()
    assert page.locator("#message-teks").input_value() == ""
    assert [m["body"] for m in officer.get(f"/desk/cases/{case_id}")["messages"]].count(ANSWER) == 1


def test_a_mark_that_was_given_is_still_there_after_a_lost_connection(page: Page, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over()
    scene.close(officer, case_id)
    opened(page, scene, receipt)
    page.locator("details.choose summary").first.click()
    page.locator("input[name=rating][value='1']").check()
    page.locator("#confirm-teks").fill(REASON)
    page.route("**/api/thread/acts", lambda route: (route.fetch(), route.abort()), times=1)
    page.get_by_role("button", name="Nyatakan selesai").click()
    page.locator(".errors", has_text="Tidak ada sambungan").wait_for()
    assert "Belum ada yang terkirim" not in page.locator(".errors").inner_text(), "it did arrive"
    assert page.locator("input[name=rating][value='1']").is_checked()
    assert press(page, "Nyatakan selesai") == "Jawaban Anda tersimpan. Terima kasih."
    assert scene.store.read_head(case_id).closing.rating == 1


def test_a_part_that_did_not_come_is_asked_for_again_where_it_is_missing(page: Page, scene: Scene) -> None:
    receipt, *_ = scene.handed_over()
    opened(page, scene, receipt)
    page.context.set_offline(offline=True)
    page.locator("summary", has_text="Identitas Anda").click()
    page.locator(".mores .why", has_text="Tidak ada sambungan").wait_for()
    page.context.set_offline(offline=False)
    page.get_by_role("button", name="Coba lagi sekarang").click()
    expect(page.locator("#nama-name")).to_be_visible()
    assert page.locator(".mores .why", has_text="Tidak ada sambungan").count() == 0


def asked_for(receipt: str) -> str:
    keys = receipt_keys(parse_receipt(receipt))
    return json.dumps({"case_id": keys.case_id, "look": keys.look.hex(), "deflate": 1})


@pytest.mark.every_day(1)
@pytest.mark.parametrize("way", ["back", "quick exit", "closed"])
def test_nothing_stays_on_the_disk_or_behind_the_back_button(
    browser: Browser, scene: Scene, tmp_path: Path, way: str
) -> None:
    secret = "kenarijinggaterbang di depan kantor"
    receipt, _ = scene.report(body=secret)
    with on_disk(browser, tmp_path / "profile", javascript=True) as page:
        sent = sent_by(page)
        page.route("https://www.bmkg.go.id/**", lambda route: route.fulfill(body="cuaca"))
        opened(page, scene, receipt)
        assert secret in page.content()
        page.locator("#message-teks").fill(ANSWER)  # typed, and never sent
        if way == "back":
            page.goto(f"{scene.product.url}/bantuan/")
            page.go_back()
            page.locator("#receipt").wait_for()
            assert page.locator("#receipt").input_value() == ""
        elif way == "quick exit":
            page.locator(".leave").click()
            page.wait_for_url("https://www.bmkg.go.id/**")
            page.go_back()
        assert not [word for word in (secret, ANSWER, receipt) if way != "closed" and word in page.content()]
        page.goto("about:blank")
    assert found(tmp_path / "profile", receipt, secret, ANSWER) == set()
    assert not [line for line in sent if receipt in line or secret in line]


def test_on_a_wide_screen_the_old_way_is_a_choice_that_is_said(page: Page, scene: Scene) -> None:
    receipt, _ = scene.report()
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    opened(page, scene, receipt)
    page.locator("summary", has_text="Buka dengan cara lama").click()
    expect(page.get_by_text("kode Anda dibaca oleh server")).to_be_visible()
    page.get_by_role("button", name="Buka dengan cara lama").click()
    page.wait_for_url("**/api/thread")
    expect(page.get_by_text(WORDS)).to_be_visible()


def test_a_code_of_a_linked_office_is_led_there_in_a_fragment_and_to_no_address_of_the_doors(
    page: Page, scene: Scene
) -> None:
    """The address comes with the frozen page; what the door says is a code alone."""
    there = "http://127.0.0.1:9"

    def words(route: Route) -> None:
        known = route.fetch().json()
        said = {"linked_arrived": "Di %(office)s.", "linked_waits": "Menunggu dikirim ke %(office)s.", "there": "Buka"}
        route.fulfill(json=known | {"offices": {"kutim": ["Kutai Timur", there]}, "linked": said})

    def elsewhere(route: Route, code: str, linked: str) -> None:
        told = {"code": code, "linked": linked, "url": "http://evil.example"}
        route.fulfill(status=421, json=told, content_type="application/problem+json")

    receipt = str(receipt_for(bytes(16)))
    page.route("**/lacak/kata.json", words)
    sent = sent_by(page)
    for code, linked, href in (
        ("linked_arrived", "kutim", f"{there}/lacak/"),
        ("linked_waits", "kutim", ""),
        ("linked_arrived", "lain", ""),
    ):
        page.unroute("**/api/thread/sealed")
        page.route("**/api/thread/sealed", partial(elsewhere, code=code, linked=linked))
        page.goto(f"{scene.product.url}/lacak/")
        page.locator("#receipt").fill(receipt)
        page.locator("form:has(#receipt) button").click()
        page.locator("main h1 + div .lead").wait_for()
        links = [str(each.get_attribute("href")) for each in page.locator("main a.btn").all()]
        assert links == ([href] if href else []), (code, linked)
    assert not [line for line in sent if receipt in line or "evil" in line]
