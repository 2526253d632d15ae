"""The corpus of words_corpus.json: marked messages read, and findings held against the marks."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from functions.vault import words

_MARK = re.compile(r"\[\[([a-z_]+)\|(.*?)\]\]", re.DOTALL)
_SURPLUS = 12  # code points a finding may take beyond the mark, e.g. one word too many


@dataclass(frozen=True, slots=True)
class Message:
    """A text without its marks; ``marks`` are (category, start, end) in code points."""

    text: str
    marks: tuple[tuple[str, int, int], ...]
    plea: bool


@dataclass
class Score:
    """Spans counted over many messages; a plea counts as one span of its message."""

    found: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Of what identifies, how much is found."""
        return self.found / (self.found + len(self.missed))

    @property
    def precision(self) -> float:
        """Of what is found, how much identifies."""
        return self.found / (self.found + len(self.wrong))

    def __str__(self) -> str:
        lines = [f"recall {self.recall:.3f}, precision {self.precision:.3f} over {self.found} spans"]
        lines += [f"  missed: {text}" for text in self.missed]
        return "\n".join(lines + [f"  wrong: {text}" for text in self.wrong])


@cache
def corpus() -> dict[str, Any]:
    """The file as it stands."""
    raw: dict[str, Any] = json.loads(Path(__file__).with_name("words_corpus.json").read_text(encoding="utf-8"))
    return raw


@cache
def messages() -> tuple[Message, ...]:
    """Every message with its marks taken out and counted."""
    return tuple(_read(entry["marked"], plea=entry["plea"]) for entry in corpus()["messages"])


def _read(marked: str, *, plea: bool) -> Message:
    text, marks, done = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[done : mark.start()]
        marks.append((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        done = mark.end()
    return Message(text + marked[done:], tuple(marks), plea)


def score(several: Iterator[Message]) -> Score:
    """A mark is found where a finding of its category covers it and takes little more."""
    total = Score()
    for message in several:
        findings = [f for f in words.find(message.text) if f.category != words.SECRECY]
        for category, start, end in message.marks:
            hit = next((f for f in findings if f.category == category and _covers(f, start, end)), None)
            if hit:
                findings.remove(hit)
                total.found += 1
            else:
                total.missed.append(f"{category} {message.text[start:end]!r} in {message.text!r}")
        total.wrong += [f"{f.rule} {f.text!r} in {message.text!r}" for f in findings]
        _score_plea(message, total)
    return total


def _covers(finding: words.Finding, start: int, end: int) -> bool:
    return finding.start <= start and end <= finding.end and finding.end - finding.start <= end - start + _SURPLUS


def _score_plea(message: Message, total: Score) -> None:
    pleads = words.pleads_secrecy(message.text)
    total.found += pleads and message.plea
    if pleads != message.plea:
        (total.wrong if pleads else total.missed).append(f"plea in {message.text!r}")
