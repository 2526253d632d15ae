"""No script runs that is not, byte for byte, the one its page names; and the form then promises nothing (law 6)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.scene import COORDINATOR, Scene
from tests.browser.test_unsealed import altered
from tests.browser.writing import BODY, Writer
from tests.server import Running

# Every frozen page with a script of its own, by that script.
ENTRIES = {
    "/lapor/": "tulis",
    "/en/lapor/": "tulis",
    "/lapor/antrean/": "antrean",
    "/lacak/": "isi",
    "/masuk/": "isi",
    "/masuk/kustodian/": "isi",
}
# Where a receipt is typed or a report waits there is the quick exit's too; the form's own script holds it.
LEAVES = ("/lacak/", "/lapor/antrean/")
ADDED = """(how) => new Promise((done) => {
  const script = document.createElement("script");
  const src = document.querySelector("script[src]").src;
  Object.assign(script, { onload: () => done("ran"), onerror: () => done("refused") }, how, { src: src + "?again" });
  document.head.append(script);
})"""


@pytest.fixture
def writer(browser: Browser, product: Running) -> Iterator[Writer]:
    person = Writer(browser, product.url)
    yield person
    person.context.close()


@pytest.mark.long
def test_every_script_of_a_page_is_held_to_its_hash(writer: Writer) -> None:
    for path, name in ENTRIES.items():
        writer.go(path)
        held = writer.page.evaluate(
            "[...document.scripts].map(({ src, integrity, crossOrigin }) => [src, integrity, crossOrigin])"
        )
        names = [re.search(r"/([a-z]+)\.[0-9a-f]{10}\.js$", src)[1] for src, _, _ in held]  # type: ignore[index]
        wanted = [name, *(["lacak"] if path == "/lacak/" else []), "keluar"]
        assert names == (wanted if path in LEAVES else [name]), path
        assert all(integrity.startswith("sha256-") and origin == "anonymous" for _, integrity, origin in held), path


@pytest.mark.long
def test_one_changed_byte_of_the_first_script_and_nothing_is_promised(writer: Writer, product: Running) -> None:
    writer.context.route("**/tulis.*.js*", altered)
    writer.forgive("Failed to find a valid digest in the 'integrity' attribute")
    writer.writes()
    assert writer.page.locator("#segel strong").inner_text() == "Disegel begitu tiba di server kami"
    assert [address for address in writer.requested if "segel." in address] == []
    assert writer.posted == []
    with writer.page.expect_navigation():  # the form without script: it says what it is before anything is kept
        writer.page.get_by_role("button", name="Periksa sebelum dikirim").click()
    writer.reads("Periksa sebelum dikirim", BODY, "Laporan disegel begitu tiba di server kami.")
    writer.press("Kirim laporan", 201)
    case_id = writer.case_id()
    assert Scene(product).desk(COORDINATOR, case_id).get(f"/desk/cases/{case_id}")["sealed"] == "server"


@pytest.mark.parametrize("path", ["/lacak/", "/masuk/", "/lapor/antrean/"])
def test_one_changed_byte_of_another_pages_script_and_it_does_not_run(writer: Writer, path: str) -> None:
    ran = "globalThis.ran = true;\n"
    writer.context.route(
        f"**/{ENTRIES[path]}.*.js*",
        lambda route: route.fulfill(body=ran.encode() + route.fetch().body(), content_type="text/javascript"),
    )
    writer.forgive("Failed to find a valid digest in the 'integrity' attribute")
    writer.go(path)
    writer.page.wait_for_load_state("load")
    assert writer.page.evaluate("globalThis.ran") is None


def test_a_script_that_no_page_named_does_not_run_although_it_is_ours(writer: Writer) -> None:
    """The policy, not only the attribute: who can write an element cannot make it run."""
    writer.forgive("Integrity-Policy")
    writer.go("/lacak/")
    writer.page.evaluate("trustedTypes.createPolicy('default', { createScriptURL: (url) => url })")
    assert writer.page.evaluate(ADDED, {}) == "refused"
    assert (
        writer.page.evaluate(
            "(src) => import(src).then(() => 'ran', () => 'refused')", writer.page.evaluate("document.scripts[0].src")
        )
        == "refused"
    )
    held = writer.page.evaluate("document.scripts[0].integrity")
    assert writer.page.evaluate(ADDED, {"integrity": held, "crossOrigin": "anonymous"}) == "ran"
