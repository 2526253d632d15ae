"""``make emulated-portal`` as people use it: a report, its letters, an answer, all in browsers."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Response

from tests.browser.people import DESKTOP, Person
from tests.cloud.cloud import ROOT

DOORS = ("/api/", "/desk/")
WORDS, ANSWER = "Percobaan, mohon diabaikan", "Percobaan diterima. Terima kasih."


@contextmanager
def shown(endpoint: str) -> Iterator[str]:
    """The address that the command says. It ends when it is told to, and well."""
    process = showing(endpoint)
    assert process.stdout
    try:
        yield process.stdout.readline().removeprefix("portal").strip().rstrip("/")
    finally:
        process.terminate()
        assert process.wait(timeout=60) == 0
        process.stdout.close()


def showing(endpoint: str) -> subprocess.Popen[str]:
    """The command, just started."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cloud"],
        cwd=ROOT,
        env={**os.environ, "AWS_ENDPOINT_URL": endpoint},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def links(someone: Person, to: str) -> list[str]:
    """The links in letters to somebody, the newest first, as they stand at /dev/outbox."""
    someone.page.goto(f"{someone.url}/dev/outbox")
    letters = someone.page.locator("body").inner_text().split("-" * 70)
    theirs = [each for each in letters if each.strip().startswith(f"To: {to}\n")]
    found = (re.search(rf"{re.escape(someone.url)}/masuk/#\S+", each) for each in theirs)
    return [link[0] for link in found if link]


def sign_in(someone: Person, to: str, case_id: str, before: Sequence[str]) -> None:
    """By the newest link, once one has come that was not there before."""
    found = someone.until(lambda: [link for link in links(someone, to) if link not in before])
    assert found, f"no letter came to {to}"
    someone.sign_in_to(found[0], case_id)
    someone.reads(WORDS)


@dataclass
class Walk:
    """What the reporter read in the end, and the policy that each page of a door came with, by its path."""

    read: str
    policies: dict[str, str]


def walk(browser: Browser, url: str, coordinator: str, officer: str) -> Walk:
    """From the form to the answer. Fails where a browser complained, of its page's policy or of else."""
    policies: dict[str, str] = {}

    def person(**more: Any) -> Person:
        made = Person(browser, url, **more)
        made.context.on("response", note)
        return made

    def note(answer: Response) -> None:
        path = urlsplit(answer.url).path
        if answer.request.resource_type == "document" and path.startswith(DOORS):
            policies[path] = answer.headers.get("content-security-policy", "")

    reporter = person()
    before = {to: links(reporter, to) for to in (coordinator, officer)}
    reporter.go("/lapor/")
    reporter.choose("Di kecamatan mana?", "Sangkulirang")
    reporter.write("Apa yang terjadi?", WORDS)
    reporter.press("Periksa sebelum dikirim")
    reporter.press("Kirim laporan", 201)
    receipt = re.search(r"(?:[0-9A-Z]{5} ?- ?){4}[0-9A-Z]{5}", reporter.words())
    assert receipt, reporter.words()
    case_id = reporter.case_id()

    sorting = person(screen=DESKTOP)
    sign_in(sorting, coordinator, case_id, before[coordinator])
    sorting.page.get_by_label("Teruskan ke").select_option(value="kutim-dpupr")
    sorting.write("Alasan", "Kewenangan dinas.")
    sorting.press("Teruskan laporan")

    answering = person(screen=DESKTOP)
    sign_in(answering, officer, case_id, before[officer])
    answering.write("Jawaban Anda", ANSWER)
    answering.press("Kirim jawaban")

    reporter.go("/lacak/")
    reporter.page.get_by_label("Kode laporan").fill(receipt[0])
    reporter.press("Buka laporan")
    read = reporter.words()
    refuses_strangers(answering)
    for someone in (reporter, sorting, answering):
        someone.leave()
    return Walk(read, policies)


def refuses_strangers(someone: Person) -> None:
    """See that the page's policy holds, and that its refusals are noted: or nobody would have complained."""
    someone.page.evaluate("() => { new Image().src = 'https://orang-lain.invalid/x.png' }")
    assert someone.until(lambda: [said for said in someone.complaints if "Content Security Policy" in said])
    someone.forgive("orang-lain.invalid")
    someone.requested = [address for address in someone.requested if "orang-lain.invalid" not in address]
