"""Somebody who writes where there is no network: what he presses, and what his phone keeps meanwhile."""

from typing import Any

from playwright.sync_api import Browser

from tests.browser.writing import BODY, Writer
from tests.server import wait_for

HELD = "Tersimpan di ponsel ini, belum terkirim"
STATE = "navigator.serviceWorker.getRegistration().then((found) => found && found.active && found.active.state)"
DUMP = """async () => {
  const text = (value) => value instanceof Uint8Array ? String.fromCharCode(...value) : JSON.stringify(value);
  const kept = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => (indexedDB.open(name).onsuccess = (e) => done(e.target.result)));
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      await new Promise((done) => (all.onsuccess = done));
      kept[`${name}/${store}`] = all.result.flatMap((entry) =>
        typeof entry === "object" ? Object.entries(entry).map(([k, v]) => `${k}=${text(v)}`) : [text(entry)]);
    }
    db.close();
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      kept[request.url] = [await (await caches.match(request)).text()];
  kept.local = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie, location.href];
  return kept;
}"""


class Waiter(Writer):
    """A writer whose browser has a service worker."""

    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url, offline=True)

    def visits(self) -> None:
        """One visit with a network, in which the form was touched."""
        self.go("/lapor/")
        self.page.locator("#body").focus()
        assert wait_for(lambda: self.page.evaluate(STATE) == "activated")
        self.page.reload()
        assert self.page.evaluate("Boolean(navigator.serviceWorker.controller)")

    def fails_to_send(self, body: str = BODY, **fields: str) -> None:
        """Write, check, press what sends: it does not arrive."""
        self.writes(body, **fields)
        self.checks()
        self.press("Kirim laporan", 503)

    def holds(self) -> str:
        """Choose to keep it on the phone; returns the code that is then shown."""
        self.page.get_by_role("button", name="Simpan tersegel di ponsel ini, kirim nanti").click()
        self.page.get_by_role("heading", name="Catat dulu kode ini").wait_for()
        return self.code()

    def stores(self) -> None:
        """Say that the code is written down; see that the report now rests on the phone."""
        self.page.get_by_role("button", name="Kode sudah saya tulis. Simpan laporan").click()
        self.page.get_by_role("heading", name=HELD).wait_for()

    def hears(self, sentence: str) -> None:
        """Wait until this is said on the page; see that the page is sound then."""
        self.page.get_by_text(sentence).wait_for()
        self.look()

    def hurries(self) -> None:
        """Press "Kirim sekarang", unless it was sent by itself meanwhile."""
        self.page.locator("[data-part=send]").evaluate_all("buttons => buttons.forEach((button) => button.click())")

    def queue(self) -> int:
        """How many entries the phone keeps."""
        number: int = self.page.evaluate(
            "async () => { const { length } = await new Promise((done) => {"
            " indexedDB.open('antrean').onsuccess = ({ target: { result: db } }) => {"
            " const all = db.transaction('kiriman').objectStore('kiriman').getAll();"
            " all.onsuccess = () => (db.close(), done(all.result)); }; }); return length; }"
        )
        return number

    def dump(self) -> dict[str, list[str]]:
        """All that the portal keeps in this browser, by where it is."""
        found: dict[str, list[str]] = self.page.evaluate(DUMP)
        return found

    def arrived(self) -> str:
        """Wait for the receipt; returns the code on it."""
        self.page.get_by_role("heading", name="Laporan Anda sudah aman").wait_for()
        return self.code()

    def close(self) -> None:
        """Close the browser; see that nothing was wrong but the network."""
        if not self.page.is_closed():
            self.page.wait_for_timeout(50)  # what is still to be said of the last thing done
        self.forgive("net::ERR_", ": 503", "status of 503", ": 409", ": 422", "Clear-Site-Data")
        self.leave()

    def worker_acts(self, method: str, **more: Any) -> None:
        """Let the browser do something to its service worker (CDP, domain ServiceWorker)."""
        session = self.context.new_cdp_session(self.page)
        session.send("ServiceWorker.enable")
        session.send(f"ServiceWorker.{method}", more)
        session.detach()
