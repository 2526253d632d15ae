"""Two hundred drops, by chance but always the same ones: what was stored on the phone arrives, once, under its code.

A drop is a request lost, an answer lost after the server had it, trouble or a stranger answering in the server's place,
a tab killed at any step, the service worker stopped, the server killed.
"""

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.scene import Scene
from tests.browser.waiting import HELD, Waiter
from tests.browser.weak import Fate, Weak, weak_link
from tests.depth import deep
from tests.server import Running, free_port, running, wait_for

SEED = int(os.environ.get("DROPS_SEED", "20261126"))
DROPS = deep(200, 24)
REPORTS_AT_MOST = 60
KINDS = deep(("server killed", "worker stopped", "tab killed: shown", "tab killed: pressed", "tab killed: stored"), ())
STEPS = ("shown", "pressed", "stored")  # of keeping one on the phone, at which a tab is killed
LOST = (Fate.REQUEST_LOST, Fate.ANSWER_LOST, Fate.TROUBLE, Fate.STRANGER)
TRIES_EACH = 6


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Browser:
    """In ``make test-deep`` the one that people have, whose windows cost most of the time."""
    found: Browser = request.getfixturevalue(deep("whole_browser", "browser"))
    return found


class Story:
    """What was written, what happened to it, and what is to be true at the end."""

    def __init__(self, writer: Waiter, link: Weak, product: Running, chance: random.Random) -> None:
        self.writer, self.link, self.product, self.chance = writer, link, product, chance
        self.drops: Counter[str] = Counter()
        self.kept: dict[str, str] = {}  # code → words, of all that were said to be stored
        self.other: dict[str, str] = {}  # of those that may be there or not: killed before anything was said

    def write(self, number: int) -> None:
        """One report: a first attempt that fails, then kept on the phone, the tab killed at a step or not."""
        words, writer = f"Laporan ke-{number}: lampu jalan mati.", self.writer
        self.meets(self.chance.choice((Fate.REQUEST_LOST, Fate.ANSWER_LOST)))
        writer.fails_to_send(words)
        code = writer.holds()
        self.other[code] = words
        killed = self.chance.choice((*STEPS, *[""] * 6))
        if killed == "shown":
            return self.kill_tab(killed)
        writer.page.locator("[data-part=store]").evaluate("button => button.click()")
        if killed == "pressed":
            return self.kill_tab(killed)
        writer.page.get_by_role("heading", name=HELD).wait_for()
        self.kept[code] = self.other.pop(code)
        if killed == "stored":
            return self.kill_tab(killed)
        for _ in range(self.chance.randint(1, TRIES_EACH)):
            if not self.suffer():
                return None
        return None

    def suffer(self) -> bool:
        """Something happens to the page that tries to send. Returns whether it is still there."""
        what = self.chance.choices(("lost", "tab", "worker", "server"), (12, 3, 2, 0.5))[0]
        if what == "lost":
            self.try_once(self.chance.choice(LOST))
            return True
        if what == "worker":
            self.writer.worker_acts("stopAllWorkers")
            self.drops["worker stopped"] += 1
            return True
        held = self.chance.choice((Fate.HELD_BEFORE, Fate.HELD_AFTER))
        self.link.held.clear()
        self.link.let_go.clear()
        self.meets(held)
        self.writer.hurries()
        assert self.link.held.wait(60), "nothing was sent"
        if what == "server":
            self.kill_server()
        self.kill_tab(f"sending, {held}")
        self.link.let_go.set()
        return False

    def try_once(self, fate: Fate) -> None:
        """One attempt that fails, and is seen to have failed."""
        self.meets(fate)
        before = sum(self.link.fates.values())
        self.writer.hurries()
        assert wait_for(lambda: sum(self.link.fates.values()) > before)
        self.writer.page.get_by_text("Dicoba lagi sendiri.").wait_for()

    def meets(self, fate: Fate) -> None:
        """So fares whatever is posted from now on."""
        self.link.fate = lambda: fate

    def kill_tab(self, step: str) -> None:
        self.writer.page.close()
        self.drops[f"tab killed: {step}"] += 1
        self.meets(self.chance.choice(LOST))  # what the next page's worker tries on opening
        self.writer.page = self.writer.context.new_page()

    def kill_server(self) -> None:
        self.product.kill(signal.SIGKILL)
        self.drops["server killed"] += 1
        port = int(self.product.url.rpartition(":")[2])
        fresh = Running(self.product.folder, port, {"POW_DIFFICULTY": "1000"}, [])
        fresh.wait_ready()
        self.product.process, self.product.reader = fresh.process, fresh.reader
        self.product.lines = fresh.lines

    def dropped(self) -> int:
        """How many drops there were."""
        lost = sum(count for fate, count in self.link.fates.items() if fate in LOST)
        return lost + sum(self.drops.values())

    def at_last(self) -> None:
        """A network, and a press, until nothing waits any more."""
        self.meets(Fate.PASSES)
        self.writer.go("/lapor/antrean/")
        assert wait_for(lambda: self._pressed() == 0, 120)

    def _pressed(self) -> int:
        button = self.writer.page.get_by_role("button", name="Kirim sekarang")
        if button.count():
            button.evaluate_all("buttons => buttons.forEach((button) => button.click())")
        return self.writer.queue()


@contextmanager
def played(browser: Browser, folder: Path, seed: int) -> Iterator[Story]:
    with (
        running(folder, port=free_port(), POW_DIFFICULTY="1000") as product,
        weak_link(int(product.url.rpartition(":")[2])) as link,
    ):
        writer = Waiter(browser, link.url)
        writer.visits()
        yield Story(writer, link, product, random.Random(seed))  # noqa: S311 - chance that can be repeated
        writer.context.close()


@pytest.mark.long
def test_drops_lose_nothing_and_double_nothing(browser: Browser, tmp_path: Path) -> None:
    with played(browser, tmp_path / "data", SEED) as story:
        written = 0
        while story.dropped() < DROPS and written < REPORTS_AT_MOST:
            story.write(written)
            written += 1
        assert story.dropped() >= DROPS, (story.drops, story.link.fates)
        for kind in KINDS:
            assert story.drops[kind], f"choose another seed: no {kind} in {story.drops}"
        assert all(story.link.fates[fate] for fate in LOST), story.link.fates
        story.at_last()
        scene = Scene(story.product)
        for code, words in story.kept.items():
            status, thread = scene.post.call("POST", "/api/thread", {"receipt": code})
            assert status == 200, f"lost: {words}"
            assert [message["body"] for message in thread["messages"]] == [words]
        # What nobody was promised may have arrived at the first attempt; nothing else is there.
        arrived = 0
        for code, words in story.other.items():
            status, thread = scene.post.call("POST", "/api/thread", {"receipt": code})
            assert status in (200, 404)
            if status == 200:
                arrived += 1
                assert [message["body"] for message in thread["messages"]] == [words]
        assert scene.cases() == len(story.kept) + arrived, "doubled"
        assert len(story.kept) >= written // 2
