"""Somebody who writes a report in a browser whose script seals it, and what left that browser meanwhile."""

import base64
from urllib.parse import quote

from playwright.sync_api import Browser, Request

from tests.browser.people import ARRIVED, Person

BODY = "Papan jembatankanari patah sejak Senin. Anak-anak menyeberang lewat lumpur."
RANDOM = """{
  const real = crypto.getRandomValues.bind(crypto);
  globalThis.chance = [];
  crypto.getRandomValues = (array) => {
    real(array);
    chance.push(Array.from(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)));
    return array;
  };
}"""


class Writer(Person):
    """A reporter; ``sent`` holds all that left the browser: addresses, headers and bodies."""

    def __init__(self, browser: Browser, url: str, *, javascript: bool = True, offline: bool = False) -> None:
        super().__init__(browser, url, javascript=javascript, offline=offline)
        self.sent: list[bytes] = []
        self.posted: list[str] = []
        self.context.add_init_script(RANDOM)
        self.context.on("request", self._record)

    def _record(self, request: Request) -> None:
        head = f"{request.method} {request.url} {request.headers}"
        self.sent.append(head.encode() + b"\n" + (request.post_data_buffer or b""))
        if request.method == "POST":
            self.posted.append(request.url.removeprefix(self.url))

    def chance(self, size: int) -> list[bytes]:
        """What chance of this many bytes the page has drawn."""
        drawn: list[list[int]] = self.page.evaluate("chance")
        return [bytes(numbers) for numbers in drawn if len(numbers) == size]

    def writes(self, body: str = BODY, **fields: str) -> None:
        """Open the form and fill it, up to the check."""
        self.go("/lapor/")
        self.choose("Di kecamatan mana?", "Sangkulirang")
        self.write("Apa yang terjadi?", body)
        if fields:
            self.unfolds()
        for name, text in fields.items():
            self.page.locator(f"[name={name}]").fill(text)

    def checks(self, status: int = 200) -> None:
        """Press what checks."""
        self.press("Periksa sebelum dikirim", status)

    def presses(self, name: str) -> None:
        """Press a button and wait for what takes the focus, whatever is said there."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_function(ARRIVED)
        self.look()

    def said(self, field: str) -> str:
        """What the check page shows for a field."""
        return self.page.locator(f"[data-answer={field}] .said").inner_text()

    def focus(self) -> str:
        """The words of what has the focus."""
        words: str = self.page.evaluate("document.activeElement.textContent.trim()")
        return words


def shapes(secret: bytes) -> set[bytes]:
    """A secret as it may stand in a body: plain, percent, JSON's escapes, hexadecimal, base64 at any place in it."""
    found = {secret, quote(secret).encode(), secret.hex().encode(), secret.hex().upper().encode(), secret[::-1]}
    found.add(secret.decode("latin-1").encode("utf-16-le"))
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + secret)
        whole = coded[4 if shift else 0 : -4]
        found |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return {shape for shape in found if len(shape) >= 6}
