"""A text browser in a terminal of its own: keys in, a screen out."""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

COLUMNS, LINES = 80, 40
PATIENCE_SECONDS = 60
CENTRE, REDRAW, BACK = "z", "\x0c", "\x1b\t"


class Terminal:
    """A program at a terminal. Nothing here sleeps: it waits for what the screen shows."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.stream = pyte.ByteStream(self.screen)
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        # setsid makes the terminal the program's own; Python's way to do that forks beside running threads
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "linux", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], **environ},
        )
        os.close(slave)

    def page(self) -> str:
        """What the screen shows, without its last line, where keys echo; line ends are blanks."""
        return " ".join(" ".join(self.screen.display[:-1]).split())

    def prompt(self) -> str:
        """The last line."""
        return self.screen.display[-1].strip()

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Read what the program draws until ``holds``."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            drawn = "\n".join(line.rstrip() for line in self.screen.display)
            assert time.monotonic() < end, f"{what!r} did not come:\n{drawn}"
            assert self.process.poll() is None, f"it ended before {what!r} came:\n{drawn}"
            if select.select([self.master], [], [], 0.2)[0]:
                self.stream.feed(os.read(self.master, 65536))

    def sees(self, text: str) -> str:
        """Wait until the screen shows ``text``, wherever its lines end. Returns the screen's words."""
        self.until(lambda: text in self.page(), text)
        return self.page()

    def asks(self, text: str) -> None:
        """Wait until the last line asks for this."""
        self.until(lambda: self.prompt().startswith(text), text)

    def types(self, keys: str) -> None:
        """Press these keys."""
        os.write(self.master, keys.encode())

    def close(self) -> None:
        """End the program."""
        self.process.kill()
        self.process.wait(timeout=10)
        os.close(self.master)  # its terminal is gone, and with it whatever still ran there


class TextBrowser(Terminal):
    """w3m, with a home folder of its own, so that nobody's settings meddle."""

    def __init__(self, home: Path, url: str) -> None:
        program = shutil.which("w3m")
        assert program, "install w3m"
        self.words, editor = home / "words", home / "editor"
        editor.write_text(f'#!/bin/sh\nexec cp "{self.words}" "$1"\n')
        editor.chmod(0o700)
        options = [f"editor={editor}", "use_cookie=0", "wrap_search=1", "display_charset=UTF-8"]
        settings = [part for option in options for part in ("-o", option)]
        super().__init__([program, *settings, url], {"HOME": str(home)})

    def arrives(self, title: str) -> None:
        """Wait for the page with this title."""
        self.until(lambda: f"<{title}" in self.prompt(), title)

    def goes(self, url: str) -> None:
        """Type an address."""
        self.types("U")
        self.asks("Goto URL:")
        self.types(f"\x15{url}\r")

    def moves(self, text: str, keys: str = "") -> None:
        """Search for this text on the page and press these keys there."""
        self.types(f"/{re.escape(text)}\r{keys}")

    def finds(self, text: str) -> str:
        """Move to this text on the page. Returns the screen's words."""
        self.moves(text, CENTRE + REDRAW)
        return self.sees(text)

    def presses(self, text: str) -> None:
        """Press the link or button with this text."""
        self.finds(text)
        self.types("\r")

    def chooses(self, label: str, option: str) -> None:
        """Choose from the list that follows this text."""
        self.moves(label, "\t\r")
        self.sees("┐")
        self.moves(option, "\r")
        self.sees(f"[{option}")

    def ticks(self, text: str) -> None:
        """Choose the radio button that stands before this text."""
        self.moves(text, f"{BACK}\r")
        self.sees(f"(*){text}")

    def enters(self, label: str, text: str, asks: str = "TEXT:") -> None:
        """Type into the line that follows this text."""
        self.moves(label, "\t\r")
        self.asks(asks)
        self.types(f"{text}\r")

    def fills(self, label: str, text: str) -> None:
        """Fill the line that follows this text."""
        self.enters(label, text)
        self.sees(text)

    def writes(self, label: str, text: str) -> None:
        """Fill the area that follows this text, by the editor."""
        self.words.write_text(text)
        self.moves(label, "\t\r")
        self.sees(f"[{text.splitlines()[0]}")

    def code(self) -> str:
        """The receipt on the screen."""
        found = re.search(r"\b([0-9A-Z]{5}-){4}[0-9A-Z]{5}\b", self.page())
        assert found, self.page()
        return found[0]
