"""Where the seal on the phone cannot be had: nothing leaves, the writer is told and chooses; and faults in what was
typed, which are told as the server tells them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.scene import COORDINATOR, Scene
from tests.browser.writing import BODY, Writer
from tests.depth import deep
from tests.server import Running

FAILED = "Segel di ponsel tidak dapat dimuat. Belum ada yang terkirim."
KEYS = "**/keys-desk.json"


def blocked(route: Route) -> None:
    route.abort()


def altered(route: Route) -> None:
    route.fulfill(body=route.fetch().body() + b"\n", content_type="text/javascript")


def missing(route: Route) -> None:
    route.fulfill(status=404, body="{}", content_type="application/json")


def tampered(route: Route) -> None:
    keys = json.loads(route.fetch().body())
    public = keys["keys"][0]["public"]
    keys["keys"][0]["public"] = ("B" if public[0] == "A" else "A") + public[1:]
    route.fulfill(body=json.dumps(keys), content_type="application/json")


def without_a_key(route: Route) -> None:
    keys = json.loads(route.fetch().body())
    route.fulfill(body=json.dumps(keys | {"keys": []}), content_type="application/json")


def without_the_policy(route: Route) -> None:
    """As a browser that preloads no modules sees it: none of these knows the newer Integrity-Policy either."""
    answer = route.fetch()
    known = {name: value for name, value in answer.headers.items() if name != "integrity-policy"}
    route.fulfill(response=answer, headers=known)


FAULTS: dict[str, tuple[str, Callable[[Route], None]]] = {
    "segel blocked": ("**/segel.*.js*", blocked),
    "segel altered": ("**/segel.*.js*", altered),
    "form blocked": ("**/formulir.*.js*", blocked),
    "form altered": ("**/formulir.*.js*", altered),
    "pieces missing": ("**/lapor/bagian/", missing),
    "keys missing": (KEYS, missing),
    "keys tampered with": (KEYS, tampered),
    "keys empty": (KEYS, without_a_key),
}
# After which the report goes by the server every day: one that the script tells of, and one where it never ran.
CHOSEN = ("form blocked", "keys missing")


@pytest.fixture
def writer(browser: Browser, product: Running) -> Iterator[Writer]:
    person = Writer(browser, product.url)
    yield person
    person.context.close()


def refused(writer: Writer) -> None:
    """Pressing sends nothing, and says so."""
    writer.presses("Periksa sebelum dikirim")
    assert writer.focus().startswith(FAILED)
    assert writer.page.locator("h1").inner_text() == "Ceritakan masalahnya"
    assert writer.posted == []
    assert not [sent for sent in writer.sent if b"jembatankanari" in sent]
    assert writer.page.locator("#segel strong").inner_text() == "Disegel begitu tiba di server kami"
    assert writer.page.locator("#body").input_value() == BODY


def chooses_the_server(writer: Writer, scene: Scene) -> None:
    with writer.page.expect_navigation():
        writer.page.get_by_role("button", name="Kirim dengan segel di server").click()
    writer.reads("Periksa sebelum dikirim", BODY, "Laporan disegel begitu tiba di server kami.")
    writer.press("Kirim laporan", 201)
    case_id = writer.case_id()
    assert scene.desk(COORDINATOR, case_id).get(f"/desk/cases/{case_id}")["sealed"] == "server"


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_leaves_without_a_new_choice(writer: Writer, scene: Scene, fault: str) -> None:
    pattern, how = FAULTS[fault]
    writer.context.route(pattern, how)
    writer.writes()
    refused(writer)
    writer.presses("Coba lagi")
    assert writer.focus().startswith(FAILED)
    assert writer.posted == []
    if fault in deep(FAULTS, CHOSEN):
        chooses_the_server(writer, scene)


@pytest.mark.every_day(2)
@pytest.mark.parametrize("fault", ["segel blocked", "segel altered", "keys missing", "keys tampered with"])
def test_trying_again_seals_once_the_fault_is_gone(writer: Writer, fault: str) -> None:
    pattern, how = FAULTS[fault]
    writer.context.route(pattern, how)
    writer.writes()
    refused(writer)
    writer.context.unroute(pattern)
    writer.press("Coba lagi")
    writer.reads("Periksa sebelum dikirim", "Laporan disegel di ponsel Anda, lalu dikirim.")
    writer.press("Kirim laporan", 201)
    assert set(writer.posted) == {"/api/reports/challenge", "/api/reports?lang=id"}


def test_a_browser_that_cannot_seal_is_told_the_same(writer: Writer, scene: Scene) -> None:
    writer.context.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    writer.writes()
    refused(writer)
    chooses_the_server(writer, scene)


@pytest.mark.parametrize("fault", [None, "segel altered", "form altered"])
def test_a_browser_that_preloads_no_modules_holds_them_to_their_hash_all_the_same(
    writer: Writer, fault: str | None
) -> None:
    writer.context.add_init_script("DOMTokenList.prototype.supports = () => false")
    writer.context.route("**/lapor/", without_the_policy)
    if fault:
        writer.context.route(*FAULTS[fault])
        writer.writes()
        refused(writer)
        return
    writer.writes()
    writer.checks()
    writer.reads("Laporan disegel di ponsel Anda, lalu dikirim.")
    assert writer.page.locator("link[rel=modulepreload]").count() == 0


def test_a_slow_line_is_waited_for_and_then_it_goes_on_by_itself(writer: Writer) -> None:
    held: list[Route] = []
    writer.context.route("**/segel.*.js", lambda route: held.append(route))  # noqa: PLW0108 - a lambda: Playwright marks what it is given
    writer.writes()
    writer.page.get_by_role("button", name="Periksa sebelum dikirim").click()
    writer.page.get_by_role("status").get_by_text("Sedang menyiapkan segel…").wait_for()
    writer.page.get_by_role("button", name="Periksa sebelum dikirim").click()
    assert writer.posted == []
    held[0].continue_()
    writer.page.get_by_role("heading", name="Periksa sebelum dikirim").wait_for()
    assert writer.page.evaluate("history.length") == 3  # blank, form, check


@pytest.mark.long
def test_what_breaks_only_when_sending_sends_nothing_either(writer: Writer, scene: Scene) -> None:
    writer.writes()
    writer.checks()
    writer.page.evaluate("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    writer.page.get_by_role("button", name="Kirim laporan").click()
    writer.page.get_by_role("status").get_by_text(FAILED).wait_for()
    assert writer.posted == []
    assert writer.page.locator("#body").input_value() == BODY
    chooses_the_server(writer, scene)


@pytest.mark.every_day(2)
@pytest.mark.parametrize(
    ("status", "problem", "says"),
    [
        (503, {"detail": "Sedang ramai. Belum ada yang tersimpan; coba lagi sebentar."}, "Sedang ramai."),
        (403, {"detail": "Kiriman ini datang dari situs lain."}, "Kiriman ini datang dari situs lain."),
        (422, {"errors": [{"field": "words", "message": "Segel kiriman ini rusak."}]}, "Segel kiriman ini rusak."),
        (502, None, "Kiriman belum sampai, atau jawabannya hilang di jalan."),
    ],
)
def test_what_the_server_says_is_said_and_the_text_stays(
    writer: Writer, scene: Scene, status: int, problem: dict[str, Any] | None, says: str
) -> None:
    body = json.dumps(problem) if problem else "<h1>Bad gateway</h1>"
    writer.writes()
    writer.checks()
    before = scene.cases()
    writer.context.route(re.compile(r"/api/reports\?"), lambda route: route.fulfill(status=status, body=body), times=1)
    writer.press("Kirim laporan", status)
    assert says in writer.page.locator(".errors").inner_text()
    writer.reads(BODY)
    writer.press("Kirim laporan", 201)
    assert scene.cases() == before + 1


FAULTY: dict[str, dict[str, str]] = {
    "nothing": {},
    "only blanks": {"body": " \n\t ", "topic": "jalan"},
    "too long": {"body": "\U0001f6a7" * 20_001, "place": "x" * 201, "subject": "x" * 151, "about_officials": "x" * 501},
    "just short enough": {"body": "\U0001f6a7" * 20_000, "place": "\u00e9" * 200, "subject": "x" * 150},
    "in the future": {"happened_on": "2999-01-01"},
    "too long ago": {"happened_on": "1989-12-31"},
    "anonymous with a name": {"name": "Siti", "contact": "x" * 200},
    "in confidence without any": {"identity_mode": "rahasia"},
    "in confidence with a phone": {"identity_mode": "rahasia", "contact": "+62 (812) 345-678"},
    "a short number": {"identity_mode": "rahasia", "contact": "0812"},
    "no address": {"identity_mode": "rahasia", "contact": "siti@contoh."},
    "two addresses": {"identity_mode": "rahasia", "contact": "siti@contoh.example@x.example"},
    "openly without a name": {"identity_mode": "terbuka", "contact": "siti@contoh.example"},
    "long and wrong": {"identity_mode": "terbuka", "name": "x" * 101, "contact": "x" * 151},
}
SET = "([name, text]) => { document.querySelector(`form`).elements[name].value = text }"
TOLD = "links => links.map(link => [link.getAttribute('href').slice(1), link.textContent])"


@pytest.mark.long
def test_faults_are_told_as_the_server_tells_them(writer: Writer, scene: Scene) -> None:
    """Each on a page of its own, of one visitor: a visitor costs a process of the browser."""
    for case in FAULTY:
        _is_told_and_mended(writer, scene, case)
        writer.page.close()
        writer.page = writer.context.new_page()


def _is_told_and_mended(writer: Writer, scene: Scene, case: str) -> None:
    typed = FAULTY[case]
    writer.page.goto(f"{writer.url}/lapor/")
    writer.page.locator("#body").focus()
    writer.page.get_by_text("Disegel di ponsel Anda sebelum dikirim").wait_for()
    if case != "nothing":
        typed = {"topic": "jalan", "district": "64.08.04", "body": BODY} | typed
        for field in typed.items():
            writer.page.evaluate(SET, list(field))
    _, answer = scene.post.call("POST", "/api/reports", {"kind": "pengaduan"} | typed)
    asked_later = ("submission_key", "topic")  # the topic stands on the check page
    wanted = [[e["field"], e["message"]] for e in answer["errors"] if e["field"] not in asked_later]
    writer.checks(422 if wanted else 200)
    assert writer.page.locator(".errors a").evaluate_all(TOLD) == wanted, case
    assert writer.posted == []
    if not wanted:
        return
    assert writer.page.title() == "Kesalahan: Ceritakan masalahnya — Lapor Anonim"
    writer.reads("Tulisan Anda masih ada. Belum ada yang terkirim.")
    for field, message in wanted:
        box = writer.page.locator(f"#{field}")
        expect(box).to_be_visible()
        assert message in box.locator("xpath=ancestor::*[contains(@class,'field')][1]").inner_text()
        assert box.get_attribute("aria-invalid") == "true"
        assert f"{field}-error" in (box.get_attribute("aria-describedby") or "")
    for name, text in {"topic": "jalan", "district": "64.08.04", "body": BODY, "place": "", "subject": ""}.items():
        writer.page.evaluate(SET, [name, text])
    for name in ("about_officials", "happened_on", "name", "contact"):
        writer.page.evaluate(SET, [name, ""])
    writer.page.evaluate(SET, ["identity_mode", "anonim"])
    writer.checks()
    writer.page.go_back()
    assert writer.page.locator(".wrong, .why, .errors, [aria-invalid]").count() == 0
    assert writer.page.locator("#body").get_attribute("aria-describedby") == "body-hint"
