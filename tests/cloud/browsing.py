"""``make emulated-portal`` as people use it: a report, its letters, an answer, all in browsers."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
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


def letter(someone: Person, to: str) -> str:
    """The link in the newest letter to somebody, as it stands at /dev/outbox."""
    someone.page.goto(f"{someone.url}/dev/outbox")
    said = someone.page.locator("body").inner_text()
    found = re.search(rf"^To: {re.escape(to)}$.*?({re.escape(someone.url)}/masuk/#\S+)", said, re.MULTILINE | re.DOTALL)
    assert found, said
    return found[1]


def sign_in(someone: Person, to: str, case_id: str) -> None:
    someone.sign_in_to(letter(someone, to), case_id)
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
    reporter.go("/lapor/")
    reporter.choose("Di kecamatan mana?", "Sangkulirang")
    reporter.write("Apa yang terjadi?", WORDS)
    reporter.press("Periksa sebelum dikirim")
    reporter.press("Kirim laporan", 201)
    receipt = re.search(r"(?:[0-9A-Z]{5} ?- ?){4}[0-9A-Z]{5}", reporter.words())
    assert receipt, reporter.words()
    case_id = reporter.case_id()

    sorting = person(screen=DESKTOP)
    sign_in(sorting, coordinator, case_id)
    sorting.page.get_by_label("Teruskan ke").select_option(value="kutim-dpupr")
    sorting.write("Alasan", "Kewenangan dinas.")
    sorting.press("Teruskan laporan")

    answering = person(screen=DESKTOP)
    sign_in(answering, officer, case_id)
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
