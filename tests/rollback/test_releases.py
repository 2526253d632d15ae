"""Two releases at work on one store, turn by turn: what either writes, the other reads and goes on with.

So it is after a deployment that was turned back, and while one is under way. The older release is the source in
``before.tar.xz`` (``keep.py`` made it), since a clone may have no history.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.config.readers import STORES
from tests.engines import ministack
from tests.rollback.keep import unpack
from tests.rollback.served import served
from tests.server import ROOT, Client, wait_for
from tests.whole.test_story import AWS, report

UNIT, REASON = "kutim-dpupr", "Kewenangan dinas ini."
NAME, CONTACT = "Siti Khayalan", "siti@surat.example.id"
RECEIPT = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")
NUMBER = "+628120000001"  # invented, and a last digit for each phone


@dataclass
class Turns:
    """Which release answers next: the other one after each request. ``urls`` are the doors of both."""

    urls: tuple[str, str]
    number: int
    asked: list[str] = field(default_factory=list)

    def next(self) -> str:
        self.number += 1
        self.asked.append(self.urls[self.number % 2])
        return self.asked[-1]


class Person(Client):
    """A browser whose every request goes to the other release than the last of anybody's."""

    def __init__(self, turns: Turns) -> None:
        super().__init__("")
        self.turns = turns
        self.number = f"{NUMBER}{turns.number}"  # before its first request: another phone for whoever began

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        self.url = self.turns.next()
        return super().call(method, path, body)

    def signed_in(self, email: str, door: str = "desk") -> "Person":
        """Somebody who asked for a link and followed it. A day's link is followed once."""
        since = len(self.mails())
        self.post("/desk/links", {"email": email}, 202)
        officer = Person(self.turns)
        officer.csrf = officer.post(f"/{door}/session", {"token": self.link(since, email)})["csrf"]
        return officer

    def link(self, since: int, email: str) -> str:
        """What follows the # in the next letter."""
        (letter,) = wait_for(lambda: self.mails(since, email))
        return str(letter["text"].partition("#")[2].split()[0])

    def text(self, words: str) -> None:
        """Send an SMS from this person's phone."""
        self.url = self.turns.next()
        form = urlencode({"number": self.number, "text": words}).encode()
        with self.opener.open(f"{self.url}/dev/sms", form, timeout=60) as answer:
            assert answer.status < 400

    def texts(self) -> list[str]:
        told = self.get("/dev/outbox.json")
        return [each["text"] for each in told if each["channel"] == "sms" and each["to"] == self.number]


def story(turns: Turns) -> None:
    """A report with a name and words both ways, from its first to its last day."""
    reporter = Person(turns)
    officers = reporter.get("/dev/directory.json")["officers"]
    email = {each["agency"]: each["email"] for each in officers if each["role"] in ("coordinator", "officer")}
    fields = report(reporter)
    sent = reporter.post("/api/reports", fields, 201)
    assert reporter.post("/api/reports", fields, 200) == sent
    receipt, path = {"receipt": sent["receipt"]}, f"/desk/cases/{sent['tracking_id']}"
    said = [fields["body"]]

    def reads(who: Person) -> None:
        """Each release shows what both have written."""
        for _ in turns.urls:
            shown = who.get(path) if who.csrf else who.post("/api/thread", receipt)
            words = [each.get("body") for each in shown["messages"] if each["from"] in ("pelapor", "petugas")]
            assert words[: len(said)] == said  # closings and verdicts follow

    def writes(who: Person, words: str) -> None:
        body = {"body": words, "message_key": token_hex(8)}
        who.post(*((f"{path}/messages", body) if who.csrf else ("/api/thread/messages", body | receipt)), 201)
        said.append(words)

    reads(reporter)
    for words in ("Di depan masjid.", "Dekat pasar."):
        writes(reporter, words)
    coordinator = reporter.signed_in(email["kutim"])
    reads(coordinator)
    coordinator.post(f"{path}/handover", {"agency": UNIT, "reason": REASON})
    unit = reporter.signed_in(email[UNIT])
    for words in ("Kami periksa besok.", "Lampunya dipesan."):
        writes(unit, words)
        reads(unit)
    for seen in ("0", "1"):
        assert unit.post(f"{path}/draft", {"body": "Kami", "seen": seen})["version"] == int(seen) + 1
    reads(reporter)
    for outcome in ("belum", "selesai"):
        unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Sudah menyala."})
        verdict = {"verdict": outcome, "reason": "Masih mati.", "rating": 5}
        done = reporter.post("/api/thread/verdict", receipt | verdict)
    assert done["stage"] == "selesai"
    reads(reporter)


def identity(turns: Turns) -> None:
    """A name that one release sealed and the other opens, with its reporter's yes."""
    reporter = Person(turns)
    officers = reporter.get("/dev/directory.json")["officers"]
    first, second = [each["email"] for each in officers if each["role"] == "custodian"][:2]
    sent = reporter.post("/api/reports", report(reporter), 201)
    receipt, path = {"receipt": sent["receipt"]}, f"/custody/cases/{sent['tracking_id']}"
    reporter.post("/api/thread/identity", receipt | {"name": NAME, "contact": CONTACT})
    asks, opens = reporter.signed_in(first, "custody"), reporter.signed_in(second, "custody")
    assert asks.post(f"{path}/ask", {"reason": REASON})["state"] == "asked"
    reporter.post("/api/thread/identity/answer", receipt | {"consent": "yes", "request": "2"})
    assert opens.post(f"{path}/open", {"reason": REASON})["state"] == "opened"
    assert [opens.get(path)["name"] for _ in turns.urls] == [NAME, NAME]


def by_sms(turns: Turns) -> None:
    """A number that one release took a report from, and the other more of it."""
    phone, said = Person(turns), ["Jembatan kayu di Sangatta Selatan patah", "Di dekat masjid"]
    for number, words in enumerate(said):
        phone.text(words if number else f"LAPOR {words}")
    (receipt,) = {match[0] for text in phone.texts() if (match := RECEIPT.search(text))}
    for _ in turns.urls:
        read = phone.post("/api/thread", {"receipt": receipt})["messages"]
        assert [each["body"] for each in read if each["from"] == "pelapor"] == said


@dataclass
class Office:
    """One store and both releases on it. ``urls``: today's doors, then those of the release before."""

    folder: Path
    environ: dict[str, str]
    before: Path
    urls: tuple[str, str]


@contextmanager
def office(engine: str, folder: Path, before: Path) -> Iterator[Office]:
    with ExitStack() as stack:
        environ = {"STORE": engine}
        if engine == "dynamodb":
            environ |= AWS | {"AWS_ENDPOINT_URL": stack.enter_context(ministack.serve())}
        today = stack.enter_context(served(ROOT, folder, environ, "prepare"))
        yield Office(folder, environ, before, (today, stack.enter_context(served(before, folder, environ))))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of the release before."""
    return unpack(tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module", params=STORES)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, before: Path) -> Iterator[Office]:
    with office(request.param, tmp_path_factory.mktemp("office") / "data", before) as made:
        yield made


FIRST = (0, 1)
STORIES = (story, identity, by_sms)


@pytest.mark.long
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("tell", STORIES)
def test_either_goes_on_with_what_the_other_wrote(both: Office, tell: Callable[[Turns], None], first: int) -> None:
    turns = Turns(both.urls, first)
    tell(turns)
    assert {*turns.asked} == {*both.urls}


@pytest.mark.long  # it reads what the test before it wrote
def test_the_trail_that_both_wrote_verifies_in_both(both: Office) -> None:
    def verify(source: Path, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "functions.cli", "audit", "verify", "kutim", *options],
            cwd=source,
            env=os.environ | {"DATA_DIR": str(both.folder)} | both.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    before, refused, told = verify(both.before), verify(ROOT), verify(ROOT, "--went-back")
    assert (before.returncode, told.returncode) == (0, 0), (before, told)
    assert "names without their reporter's key" in told.stdout  # the release before left some
    faults = refused.stderr.splitlines()
    assert refused.returncode == 1, refused
    assert faults[:-1]
    assert all("lacks its reporter's key" in fault for fault in faults[:-1]), faults


@pytest.mark.long
def test_a_release_that_cannot_read_what_the_other_writes_is_found_out(tmp_path: Path) -> None:
    """It wraps keys under another mark, as one before a change of the stored form."""
    source = unpack(tmp_path / "source")
    sealing = source / "functions" / "crypto" / "seal" / "sealing.py"
    sealing.write_text(sealing.read_text().replace(r'BOUND_VERSION = b"\x02"', r'BOUND_VERSION = b"\x0f"'))
    with office("sqlite", tmp_path / "data", source) as made, pytest.raises(AssertionError):
        story(Turns(made.urls, 0))
