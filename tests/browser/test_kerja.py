"""The browser's proof of work: what it finds, Python takes; and it never holds a report up."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from functions.intake.proof import WORK_FIELD, ProofKind, Proofs, commitment
from tests.node import NODE
from tests.site.served import UNHELD, served

SCRIPT = Path(__file__).parents[2] / "site" / "browser" / "form" / "kerja.js"
SECRET = b"rahasia yang hanya untuk uji ini"
DIFFICULTY = 100_000
MINE = b"the lookup hash of one report"
PAGE = "<!doctype html><html lang=id><title>x</title><h1>x</h1></html>"
FIND = "import(process.argv[1]).then(async m => process.stdout.write(await m.solve(...JSON.parse(process.argv[2]))))"
SOLVE = "async ([challenge, patience]) => (await import('/kerja.js')).solve(challenge, patience)"


@pytest.fixture
def proofs() -> Proofs:
    return Proofs(SECRET, DIFFICULTY)


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page under the doors' own headers, where every complaint of the browser is a fault."""
    shutil.copy(SCRIPT, tmp_path / "kerja.js")
    (tmp_path / "index.html").write_text(PAGE)
    complaints: list[str] = []
    with served(tmp_path, said=UNHELD) as url:
        context = browser.new_context()
        page = context.new_page()
        page.on("console", lambda line: "Permissions-Policy" in line.text or complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        yield page
        context.close()
    assert [line for line in complaints if "favicon" not in line and "404" not in line] == []


def test_what_node_finds_python_takes(proofs: Proofs, tmp_path: Path) -> None:
    module = tmp_path / "kerja.mjs"  # Node tells a module by the file's ending; browsers do not
    module.write_bytes(SCRIPT.read_bytes())
    for difficulty in (1, 2000, 50_000):
        ours = Proofs(SECRET, difficulty)
        done = subprocess.run(
            [NODE, "--input-type=module", "-e", FIND, str(module), json.dumps([ours.challenge(commitment(MINE))])],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert proofs.read({WORK_FIELD: done.stdout}, MINE).kind is ProofKind.WORK, difficulty


def test_what_chromium_finds_under_our_policy_python_takes(proofs: Proofs, page: Page) -> None:
    answers = [page.evaluate(SOLVE, [proofs.challenge(commitment(MINE)), 60_000]) for _ in range(5)]
    found = [proofs.read({WORK_FIELD: answer}, MINE) for answer in answers]
    assert {proof.kind for proof in found} == {ProofKind.WORK}
    assert len({proof.mark for proof in found}) == 5


def test_the_page_stays_alive_meanwhile(page: Page) -> None:
    """A timer that should ring every 10 ms keeps ringing while the work is done, which takes a second."""
    challenge = Proofs(SECRET, 1_000_000).challenge(commitment(MINE))
    challenge["parameters"]["keyPrefix"] = "x"  # never found: works to the end of its patience
    pauses = page.evaluate(
        """async challenge => {
            let last = performance.now();
            const pauses = [];
            const timer = setInterval(() => {
                const now = performance.now();
                pauses.push(now - last);
                last = now;
            }, 10);
            const found = await (await import('/kerja.js')).solve(challenge, 1000);
            clearInterval(timer);
            return found === '' ? pauses : [];
        }""",
        challenge,
    )
    assert len(pauses) > 2  # where the work held the page up, it would ring once, at the end
    assert median(pauses) < 300  # the longest may be the machine's, which does other things as well


def test_a_long_work_says_how_far_it_is(page: Page) -> None:
    challenge = Proofs(SECRET, 100_000).challenge(commitment(MINE), 16)
    challenge["parameters"]["keyPrefix"] = "x"  # never found
    told = page.evaluate(
        """async challenge => {
            const told = [];
            await (await import('/kerja.js')).solve(challenge, 1000, (percent) => told.push(percent));
            return told;
        }""",
        challenge,
    )
    assert told == sorted(told)
    assert set(told) <= set(range(100))
    assert len(set(told)) > 1


@pytest.mark.parametrize(
    "challenge",
    [
        None,
        {},
        {"parameters": {}},
        {"parameters": {"nonce": "zz", "salt": "00", "cost": 1, "keyLength": 32, "keyPrefix": "xx"}},
        {"parameters": {"nonce": "00", "salt": "00", "cost": -1, "keyLength": 32, "keyPrefix": ""}},
    ],
)
def test_what_cannot_be_solved_is_sent_without_and_throws_nothing(page: Page, challenge: Any) -> None:
    assert page.evaluate(SOLVE, [challenge, 200]) == ""


def test_an_old_browser_without_the_means_sends_without(page: Page, proofs: Proofs) -> None:
    page.evaluate("Object.defineProperty(globalThis, 'crypto', { value: undefined })")
    assert page.evaluate(SOLVE, [proofs.challenge(commitment(MINE)), 60_000]) == ""
