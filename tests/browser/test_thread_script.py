"""The thread with script: read and answered on the phone, and the code never leaves it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.people import DESKTOP, PATIENCE_MS, PHONE
from tests.browser.scene import WORDS, Scene
from tests.browser.test_profile import found, on_disk
from tests.server import Running

ANSWER, REASON = "kenarimerahberkicau di jendela", "kenaribiru belum selesai"


@pytest.fixture
def scene(product: Running) -> Scene:
    return Scene(product)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="id-ID")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


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
    page.screenshot(path="/tmp/k20a-thread.png", full_page=True)
    assert page.locator("h1").text_content() == "Jembatan"
    assert page.get_by_text(WORDS).is_visible()
    assert page.get_by_text("Besok kami perbaiki.").is_visible()
    page.locator("#message-teks").fill(ANSWER)
    page.get_by_role("button", name="Kirim").click()
    page.locator(".told, .errors").wait_for()
    assert page.locator(".errors").count() == 0, (page.locator(".errors").text_content(), complaints)
    assert page.locator(".said").get_by_text(ANSWER).is_visible()
    assert any(m["body"] == ANSWER for m in officer.get(f"/desk/cases/{case_id}")["messages"])
    assert not [line for line in sent for word in (receipt, receipt.replace("-", ""), ANSWER) if word in line]
    assert complaints == []
