"""Score what identifies by touch, on marked messages: ``python -m tests.pii.score FILE.jsonl``.

A line is ``{"id", "author", "text", "spans": [{"start", "end", "kind"}]}``; places count code points. A span counts as
found where any masked finding overlaps it, whatever its category: the officer doesn't read it whole. A masked finding
counts as right where it overlaps any span. What is only advised (``mask`` false) and pleas count neither way.
Recall and precision stand for all, then by kind and by author; a kind has no precision, since a finding is judged by any
span. Touching is lenient, so ``letters`` tells how many of the marked letters and digits are hidden. ``--missed`` prints
what was missed and what was wrong.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

from functions.pii import words


class Span(NamedTuple):
    """A marked stretch of a text, from ``start`` to ``end`` in code points."""

    start: int
    end: int
    kind: str


class Marked(NamedTuple):
    """A message with its marks."""

    text: str
    spans: tuple[Span, ...]
    author: str = ""
    id: str = ""


@dataclass
class Touch:
    """Counts over many messages: by key (``all``, ``kind …``, ``author …``) spans, spans found, findings, right ones."""

    spans: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    hidden: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, message: Marked, found: Sequence[tuple[int, int]]) -> Self:
        """Count one message against the stretches of it that are masked."""
        shown = {at for a, b in found for at in range(a, b)}
        for start, end, kind in message.spans:
            letters = {at for at in range(start, end) if message.text[at].isalnum()}
            self.letters += len(letters)
            self.hidden += len(letters & shown)
            touched = any(a < end and start < b for a, b in found)
            for key in ("all", f"kind {kind}", f"author {message.author}"):
                self.spans[key] += 1
                self.found[key] += touched
            if not touched:
                self.missed.append(f"{message.id} {kind} {message.text[start:end]!r} in {message.text!r}")
        for start, end in found:
            right = any(start < b and a < end for a, b, _ in message.spans)
            for key in ("all", f"author {message.author}"):
                self.findings[key] += 1
                self.right[key] += right
            if not right:
                self.wrong.append(f"{message.id} {message.text[start:end]!r} in {message.text!r}")
        return self

    def recall(self, key: str = "all") -> float:
        """Of what identifies, how much is touched; 1 where nothing does."""
        return self.found[key] / self.spans[key] if self.spans[key] else 1.0

    def precision(self, key: str = "all") -> float:
        """Of what is masked, how much identifies; 1 where nothing is masked."""
        return self.right[key] / self.findings[key] if self.findings[key] else 1.0

    def __str__(self) -> str:
        lines = [f"{'':32}{'recall':>7}{'':>12}{'precision':>11}"]
        for key in sorted(self.spans | self.findings, key=lambda k: (k != "all", k)):
            line = f"{key:32}{self.recall(key):7.3f}  {self.found[key]:4} of {self.spans[key]:4}"
            if self.findings[key]:
                line += f"{self.precision(key):11.3f}  {self.right[key]:4} of {self.findings[key]:4}"
            lines.append(line)
        return "\n".join([*lines, f"letters hidden: {self.hidden} of {self.letters}"])


def read(path: Path) -> Iterator[Marked]:
    """Yield the messages of a JSONL file. Raises KeyError or ValueError for a line of another shape."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            raw = json.loads(line)
            spans = tuple(Span(int(s["start"]), int(s["end"]), str(s["kind"])) for s in raw["spans"])
            yield Marked(str(raw["text"]), spans, str(raw.get("author", "")), str(raw.get("id", "")))


def masked(text: str) -> list[tuple[int, int]]:
    """Return what is masked in a text."""
    return [(f.start, f.end) for f in words.find(text) if f.mask]


def offered_by_the_browser(text: str) -> list[tuple[int, int]]:
    """Return what is masked by what the browser's twin finds, which has no judge."""
    return [(f.start, f.end) for f in words.unjudged(text) if f.mask]


def touch(messages: Iterable[Marked], found: Callable[[str], Sequence[tuple[int, int]]] = masked) -> Touch:
    """Return the counts over messages, by what ``found`` tells of each text."""
    total = Touch()
    for message in messages:
        total.add(message, found(message.text))
    return total


def main() -> None:
    """Print the score of the file that the command line names."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("file", type=Path)
    asked.add_argument("--missed", action="store_true", help="print each miss and each wrong finding")
    asked.add_argument("--browser", action="store_true", help="what the browser's twin finds, without the judge")
    given = asked.parse_args()
    total = touch(read(given.file), offered_by_the_browser if given.browser else masked)
    lines = [str(total)]
    if given.missed:
        lines += [*(f"missed {text}" for text in total.missed), *(f"wrong  {text}" for text in total.wrong)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
