"""People at their browsers: what they press and type, found by what stands on the page, and what their browser
complained of, asked for and kept meanwhile."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, Response

from tests.pages import check_page
from tests.server import Client, wait_for

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = (360, 640), (1280, 800)
PATIENCE_MS = 30_000
# The report form with its script: one page, whose parts take each other's place and take the focus when they do.
SCRIPTED = "script[data-segel-js]"
ARRIVED = (
    "() => document.activeElement.matches('h1, .errors, [role=status], select, textarea, input:not([type=checkbox])')"
)
# The code is handed to the server, as without script or where somebody chooses it. What the page's own script does with
# it is in test_thread_script.py.
OLD_WAY = """addEventListener("submit", (event) => {
  if (event.target.querySelector("#receipt")) event.stopImmediatePropagation();
}, true)"""
MEANT = ("Permissions-Policy", "responded with a status of 4", "Service Worker registration blocked")
LINK = re.compile(r"https?://\S+/masuk/#(\S+)")


def chromium() -> str:
    """Where the browser is."""
    found = shutil.which("chromium")
    assert found, "install chromium"
    return found


def windowless() -> str:
    """The same Chromium built without windows, tabs and menus, where the machine has it: a visitor costs a quarter of
    the processor's time. What is about windows, what they note down, and what goes on when they are closed takes
    ``chromium``."""
    return shutil.which("chromium-headless-shell") or chromium()


class Person:
    """Somebody at a browser of his own: its cookies are his alone."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        javascript: bool = True,
        screen: tuple[int, int] = PHONE,
        agent: str | None = None,
        offline: bool = False,
    ) -> None:
        """``offline``: with a service worker, which asks for things beside the pages, as in test_offline.py."""
        self.url, self.javascript = url, javascript
        width, height = screen
        self.context = browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            user_agent=agent,
            locale="id-ID",
            service_workers="allow" if offline else "block",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(OLD_WAY)
        self.requested: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requested.append(request.url))
        self.context.on("console", lambda line: self._said(line.text))
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path if path.startswith("http") else self.url + path)
        self.look()

    def look(self) -> str:
        """The page's words, once the page is found to keep the house's rules."""
        self.page.wait_for_load_state()  # after a plain click a slow machine has nothing, or half of it, yet
        self.page.locator("h1").first.wait_for(state="attached")
        self.html = self.page.content()
        self.root = check_page(self.html)
        return self.words()

    def words(self) -> str:
        """What can be read on the page."""
        return " ".join(self.page.locator("body").inner_text().split())

    def reads(self, *sentences: str) -> None:
        """See that all of this stands on the page."""
        said = self.look()
        for sentence in sentences:
            assert sentence in said, f"{sentence!r} is not in: {said}"

    def press(self, name: str, status: int = 200) -> None:
        """Press the button and read the page that comes, or what the form's script puts in its place."""
        if self.in_place():
            self.page.get_by_role("button", name=name, exact=True).click()
            self.page.wait_for_function(ARRIVED)
            assert bool(self.page.locator(".errors").count()) == (status >= 400), (name, status, self.words())
            self.look()
            return
        with self.page.expect_navigation(url=self._elsewhere()) as arrived:
            self.page.get_by_role("button", name=name, exact=True).click()
        assert arrived.value
        assert arrived.value.status == status, (name, arrived.value.status, self.words())
        self.look()

    def in_place(self) -> bool:
        """Whether a script answers what is pressed here, without another page."""
        return self.javascript and self.page.locator(SCRIPTED).count() > 0

    def follow(self, name: str) -> None:
        """Follow the link to another page."""
        with self.page.expect_navigation(url=self._elsewhere()):
            self.page.get_by_role("link", name=name, exact=True).click()
        self.look()

    def unfold(self, name: str) -> None:
        """Open what is folded."""
        self.page.locator("summary").get_by_text(name, exact=True).click()

    def unfolds(self) -> None:
        """Open all that is folded in the form."""
        closed = self.page.locator("form details:not([open]) > summary")
        while closed.count():
            closed.first.click()

    def write(self, label: str, text: str) -> None:
        """Fill the visible field with this label."""
        self.page.get_by_label(label).locator("visible=true").fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from the list with this label."""
        self.page.get_by_label(label).select_option(label=option)

    def tick(self, name: str) -> None:
        """Choose the radio button with this name."""
        self.page.get_by_role("radio", name=name, exact=True).check()

    def send_file(self, path: Path) -> None:
        """Choose the file and send it: at the desk alone with the answer's button."""
        self.page.locator("#file").set_input_files(path)
        if "/desk/" in self.page.url:
            self.press("Kirim jawaban")
            return
        if self.in_place():
            self.page.get_by_role("button", name="Kirim berkas ini").click()
            self.page.get_by_role("status").get_by_text("Berkas Anda tersimpan.").wait_for()
            self.look()
            return
        self.press("Kirim berkas ini", 201)

    def code(self) -> str:
        """The receipt on the page."""
        return (self.page.locator(".code").text_content() or "").strip()

    def keeps_code(self) -> None:
        """Say that the code is saved, and type the group that is asked back."""
        groups = self.code().split("-")
        self.page.locator("[data-part=saved], form[action='/api/thread/kode'] .btn").click()
        asked = self.page.locator("label[for=answer]")
        asked.wait_for()
        self.page.locator("#answer").fill(groups[int(re.findall("[1-5]", asked.inner_text())[0]) - 1])
        self.page.locator("form[action='/api/thread/kode'] .btn:not(.quiet)").first.click()
        self.page.get_by_role("link", name=re.compile("^(Selesai|Done)$")).wait_for()
        self.look()

    def case_id(self) -> str:
        """The report's public number on the page."""
        found = re.search(
            r"Nomor laporan: (\S+?)\.|Report number: (\S+?)\.", self.page.locator("main").text_content() or ""
        )
        assert found
        return found[1] or found[2]

    def chosen(self, label: str) -> str:
        """What is chosen in the list with this label."""
        return self.page.get_by_label(label).locator("option:checked").inner_text()

    def sees_picture(self, name: str) -> None:
        """See that the picture is really shown; one that a phone sealed is unfolded first."""
        picture = self.page.get_by_alt_text(name)
        for folded in self.page.locator("details:not([open])").filter(has=picture).all():
            folded.locator("summary").click()
        picture.scroll_into_view_if_needed()
        width = wait_for(lambda: picture.evaluate("image => image.naturalWidth"))
        assert width, f"{name} is not shown"

    def opens_file(self, button: Locator) -> bytes:
        """Press a file's button: it opens in a new tab, from which the file is kept."""
        with self.context.expect_page() as opened:
            button.click()
        tab = opened.value
        tab.wait_for_load_state()
        picture = tab.locator("img")
        assert wait_for(lambda: picture.evaluate("image => image.naturalWidth")), tab.content()
        assert picture.evaluate("image => image.width <= innerWidth"), "the picture is cut off"
        address, form = tab.url, {"receipt": self.code()}
        tab.close()
        answer = self.context.request.post(address, form=form)
        assert answer.ok
        return answer.body()

    def open_report(self, receipt: str) -> None:
        """Come back with the receipt, by the portal."""
        self.go("/lacak/")
        self.write("Kode laporan", receipt)
        self.press("Buka laporan")

    def sign_in(self, link: str, status: int = 200) -> None:
        """Open the link of a mail. With script it fills itself in; without, the whole of it is pasted."""
        self.go(link)
        field = self.page.locator("#token")
        if self.javascript:
            self.page.wait_for_function("document.getElementById('token').value")
            self.page.get_by_text("Link diterima. Tekan Masuk.").wait_for()
            assert not field.is_visible()  # there is nothing to do in it
        else:
            field.fill(link)
        self.press("Masuk", status)

    def sign_in_to(self, link: str, case_id: str) -> None:
        """The same, and on to a case: the mail leads to the desk."""
        self.sign_in(link)
        self.go(f"/desk/cases/{case_id}")

    def until(self, what: Callable[[], Any]) -> Any:
        """The first true value of ``what``, asked again and again while the browser goes on telling of events."""
        return wait_for(lambda: self.page.wait_for_timeout(50) or what())

    def focuses(self, ident: str) -> None:
        """See that the field or part with this id takes the focus."""
        self.page.wait_for_function("ident => document.activeElement.id === ident", arg=ident)

    def forgive(self, *faults: str) -> None:
        """Take what the browser said of a fault that the test itself made as said."""
        self.complaints = [said for said in self.complaints if not any(fault in said for fault in faults)]

    def leave(self) -> None:
        """Close the browser; see that nothing was wrong meanwhile and no request left this machine."""
        strangers = [a for a in self.requested if not a.startswith((f"{self.url}/", "data:", "blob:"))]
        self.context.close()
        assert not strangers, strangers
        assert not self.complaints, self.complaints

    def _elsewhere(self) -> Callable[[str], bool]:
        """What the next page's address is not: an answer to a form takes that of an empty form first (keluar.js)."""
        answer = urlsplit(self.page.url).path.startswith("/api/")
        return lambda url: not (answer and urlsplit(url).path.removeprefix("/en") in ("/lacak/", "/lapor/"))

    def _said(self, text: str) -> None:
        # A browser that does not know one of the features we switch off says so, and it names each page that
        # came with an error: both are as meant.
        # So is that no service worker comes where a test is about something else.
        if not any(meant in text for meant in MEANT):
            self.complaints.append(text)

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # pressed twice: the first request gives way to the second
            self.complaints.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.complaints.append(f"{response.url}: {response.status}")


def mail(post: Client, to: str, about: str, nth: int = 0) -> dict[str, Any]:
    """The nth mail to this address that speaks of ``about``, as soon as it has come."""

    def find() -> list[dict[str, Any]]:
        return [mail for mail in post.mails(to=to) if about in mail["subject"] + mail["text"]][nth:]

    found = wait_for(find)
    assert found, f"no mail to {to} about {about}"
    first: dict[str, Any] = found[0]
    return first


def link(letter: dict[str, Any]) -> str:
    """The signed link of a mail, whole."""
    found = LINK.search(letter["text"])
    assert found
    return found[0]
