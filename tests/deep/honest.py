"""Reporters beside a flood, with and without scripts, and the officers who ask for a link. Nobody tries twice."""

import random
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple, cast

import altcha

from functions.actions.reporter.submit import Submit
from functions.config.settings import DEMO, load_directory
from functions.crypto.ops.key_directory import KeyDirectory
from functions.intake.proof import commitment
from functions.storage.interface import Store
from tests.deep.roads import Road
from tests.envelopes import sealed_fields

LOOKED_SECONDS = 7  # a form's token counts after 6
DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
# Plain topics: none waits for a batch for its own sake.
TOPIC = next(code for code, topic in DIRECTORY.topics.items() if not topic.sensitive)
MATTERS = ("Posyandu tutup", "Jembatan lapuk", "Air PAM mati", "Guru tidak datang", "Sampah menumpuk", "Lampu padam")


class Try(NamedTuple):
    """One report. ``case_id`` is "" where no receipt came; ``status`` tells why, ``step`` where."""

    way: str
    case_id: str
    status: int
    step: str
    seconds: float


def typed(**words: str) -> dict[str, str]:
    """A report's fields."""
    facts = {"kind": "pengaduan", "topic": TOPIC, "district": "64.08.04", "identity_mode": "anonim"}
    return {**facts, "submission_key": token_hex(16), **words}


def challenge_solved(road: Road, address: str, submission: bytes) -> dict[str, str]:
    """The proof of work for a report, as its browser makes it; {} where no challenge came."""
    _, given = road.post_json(address, "/api/reports/challenge", {"for": commitment(submission)})
    if "parameters" not in given:
        return {}
    given.pop("form_token")
    challenge = altcha.Challenge.from_dict(given)
    solution = altcha.solve_challenge(challenge)
    return {"altcha": altcha.Payload(challenge, solution).to_base64()} if solution else {}


def form_of(road: Road, address: str, words: dict[str, str]) -> dict[str, str]:
    """The hidden fields of the check page; {} where none came."""
    fields = typed(**words)
    del fields["submission_key"]
    page = road.post_form(address, "/api/reports", fields)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


class Reporters:
    """Honest reporters, on each road, with and without scripts. ``shared``: addresses that some share with attackers."""

    def __init__(self, roads: tuple[Road, ...], data_dir: Path, shared: tuple[str, ...]) -> None:
        self.roads, self.shared = roads, shared
        keys = KeyDirectory(data_dir / "keys")
        # Only what seals is used, as in a browser.
        self.submit = Submit(cast("Store", None), keys.public, DIRECTORY, date.today)

    def ways(self) -> dict[str, Callable[[Road, int], Try]]:
        """Ways to report, by name."""
        return {"with script": self.with_script, "without script": self.without_script}

    def all(self, tries: int, at_once: int) -> list[Try]:
        """So many tries on each way and road, all ways at the same time."""
        jobs = [(way, road, n) for n in range(tries) for way in self.ways().values() for road in self.roads]
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda job: job[0](job[1], job[2]), jobs))

    def address(self, n: int) -> str:
        """Every second one shares an address with attackers."""
        return self.shared[n // 2 % len(self.shared)] if n % 2 else f"127.0.{1 + n // 200}.{1 + n % 200}"

    def with_script(self, road: Road, n: int) -> Try:
        """The form's page, sealing, the challenge, the report."""
        way, began, address = f"{road.name}, with script", time.monotonic(), self.address(n)
        page = road.ask(address, "GET", "/lapor/")
        if page.status != 200:
            return Try(way, "", page.status, "page", time.monotonic() - began)
        body: dict[str, Any] = sealed_fields(self.submit, typed(**_words(n)))[0]
        body |= challenge_solved(road, address, bytes.fromhex(body["lookup"]))
        step = "report" if "altcha" in body else "challenge"
        status, given = road.post_json(address, "/api/reports", body)
        done = given.get("tracking_id", "") if status == 201 else ""
        return Try(way, done, status, step, time.monotonic() - began)

    def without_script(self, road: Road, n: int) -> Try:
        """The form's page, the check page, a look at it, the receipt."""
        way, began, address = f"{road.name}, without script", time.monotonic(), self.address(n)
        page = road.ask(address, "GET", "/lapor/")
        if page.status != 200:
            return Try(way, "", page.status, "page", time.monotonic() - began)
        hidden = form_of(road, address, _words(n))
        if "form_token" not in hidden:
            return Try(way, "", 0, "check page", time.monotonic() - began)
        time.sleep(LOOKED_SECONDS)
        answer = road.post_form(address, "/api/reports", hidden)
        found = re.search(r"Nomor laporan: (\S+?)\.", answer.text)
        done = found[1] if found and answer.status == 201 else ""
        return Try(way, done, answer.status, "report", time.monotonic() - began)


def _words(n: int) -> dict[str, str]:
    """What people write: all about few matters, each in other words."""
    dice = random.Random()  # noqa: S311 - words of a test
    said = " ".join(f"{dice.choice(MATTERS).lower()} {token_hex(2)}" for _ in range(12))
    return {"subject": f"{MATTERS[n % len(MATTERS)]} {n}", "body": f"Sudah tiga bulan begini. {said}."}
