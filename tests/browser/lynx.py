"""Lynx at a terminal: what a person does there by search, arrow keys and Enter."""

import os
import re
import select
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.browser.terminal import LINES, Terminal

DOWN, ENTER, TAB = "\x1b[B", "\r", "\t"
HELP_LINES = 3
STILL_SECONDS = 0.15
# No cookie is taken, and the cursor stands on what is chosen, so that a test can see it.
SETTINGS = "CHARACTER_SET:utf-8\nSET_COOKIES:FALSE\nSHOW_CURSOR:TRUE\n"


FIELD_LINES = 8  # a label, its hint, and the field


class Lynx(Terminal):
    """With a home folder and settings of its own; fields take keys only after Enter (``-tna``)."""

    def __init__(self, home: Path, url: str) -> None:
        program = shutil.which("lynx")
        assert program, "install lynx"
        settings = home / "lynx.cfg"
        settings.write_text(SETTINGS)
        super().__init__([program, f"-cfg={settings}", "-nopause", "-noreferer", "-tna", url], {"HOME": str(home)})

    def page(self) -> str:
        """The screen without its lines of help."""
        return " ".join(" ".join(self.screen.display[:-HELP_LINES]).split())

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until ``holds`` on a screen that is drawn to its end: the cursor walks over it meanwhile."""
        super().until(holds, what)
        while select.select([self.master], [], [], STILL_SECONDS)[0]:
            self.stream.feed(os.read(self.master, 65536))
            super().until(holds, what)

    def arrives(self, title: str) -> None:
        """Wait for the page with this title, which stands above it."""
        self.until(lambda: title in self.screen.display[0], title)

    def goes(self, url: str) -> None:
        """Type an address."""
        self.types("g")
        self.until(lambda: "URL to open" in " ".join(self.screen.display[-HELP_LINES:]), "URL to open")
        self.types(f"\x15{url}{ENTER}")

    def finds(self, text: str) -> str:
        """Move to this text on the page, with room below it for the field that it may name. Returns the screen's words."""
        above = " ".join(" ".join(self.screen.display[: LINES - HELP_LINES - FIELD_LINES]).split())
        if text not in above:
            self.types(f"/{text.partition(' ')[0] if len(text) > 60 else text}{ENTER}")
        return self.sees(text)

    def reaches(self, text: str) -> None:
        """Choose the first link or field that begins at this text or after it."""
        self.finds(text)
        for _ in range(60):
            place = self._chosen()
            if place[0] < LINES - HELP_LINES and place >= self._where(text):
                return
            self.types(DOWN)
            self.until(lambda was=place: self._chosen() != was, f"something beyond {place}")  # type: ignore[misc]
        raise AssertionError(f"nothing to choose at {text!r}: {self.page()}")

    def presses(self, text: str) -> None:
        """Follow the link, or press the button, with this text."""
        self.reaches(text)
        self.types(ENTER)

    def ticks(self, text: str) -> None:
        """Choose the radio button that stands before this text."""
        self.finds(text)
        self.reaches(f") {text}")
        self.types(ENTER)
        self.sees(f"(*) {text}")

    def chooses(self, label: str, option: str) -> None:
        """Choose from the list that follows this text."""
        self.reaches(label)
        self.types(ENTER)
        self.sees("┌")
        self.types(f"/{option}{ENTER}")
        self.sees(f"│ {option}")
        self.types(ENTER)
        self.until(lambda: "┌" not in self.page() and f"[{option}" in self.page(), option)

    def fills(self, label: str, *lines: str) -> None:
        """Fill the field that follows this text, or the lines of an area."""
        self.reaches(label)
        for line in lines:
            self.types(ENTER + line)  # the first one opens the field, the next ones its next lines
            self.sees(line[-10:])  # a narrow field shows a long line's end
        self.types(TAB)
        self.until(lambda: "Enter text." not in " ".join(self.screen.display[-HELP_LINES:]), "a field that is left")

    def code(self) -> str:
        """The receipt on the screen."""
        found = re.search(r"\b([0-9A-Z]{5}-){4}[0-9A-Z]{5}\b", self.page())
        assert found, self.page()
        return found[0]

    def _chosen(self) -> tuple[int, int]:
        return self.screen.cursor.y, self.screen.cursor.x

    def _where(self, text: str) -> tuple[int, int]:
        """Where the cursor stands that chooses what begins at this text: a column before it or its box. Of a text of
        several lines, its last line."""
        lines = self.screen.display[:-HELP_LINES]
        for nth, line in enumerate(lines):
            if text in line:
                before = line[: line.index(text)]
                return nth, len(re.sub(r"(\(BUTTON\) |\([ *])$", "", before)) - 1
        last = text.rsplit(maxsplit=1)[-1]
        return max((nth for nth, line in enumerate(lines) if last in line), default=0), 0
