"""Marked messages read, and findings held against the marks.

Five files of invented messages: ``words_corpus.json``, on which the rules were written, and four written apart by people
who had not read them, ``words_held_out.json``, ``words_fresh.json``, ``words_blind.json``, ``words_unseen.json``. Each of
the four was scored once before anything was learnt from it, and keeps that as its ``first_score``.

How it is counted. A span is a mark, or a plea of its message as a whole. A mark is *found* where one finding has the same
category, covers the mark from its first to its last code point, and takes at most 12 code points besides; each finding
serves one mark. So half a name found is a miss, and so is a name found as someone else's (``self_name``, ``name``,
``child``) though the mask reads the same. A mark not found is *missed*, a finding that serves no mark is *wrong*.
Recall = found / (found + missed); precision = found / (found + wrong). A mark *leaks* where a letter or digit of it is
in no finding of any category: neither masked nor pointed at.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from functions.pii import words

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
    leaked: list[str] = field(default_factory=list)

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
def corpus(name: str = "words_corpus") -> dict[str, Any]:
    """One of the files as it stands."""
    raw: dict[str, Any] = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    return raw


@cache
def messages(name: str = "words_corpus") -> tuple[Message, ...]:
    """Every message of a file with its marks taken out and counted."""
    return tuple(_read(entry["marked"], plea=entry["plea"]) for entry in corpus(name)["messages"])


def _read(marked: str, *, plea: bool) -> Message:
    text, marks, done = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[done : mark.start()]
        marks.append((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        done = mark.end()
    return Message(text + marked[done:], tuple(marks), plea)


def score(several: Iterable[Message]) -> Score:
    """The spans of several messages counted; how is said above."""
    total = Score()
    for message in several:
        findings = [f for f in words.find(message.text) if f.category != words.SECRECY]
        shown = {at for f in findings for at in range(f.start, f.end)}
        for category, start, end in message.marks:
            if any(message.text[at].isalnum() for at in range(start, end) if at not in shown):
                total.leaked.append(message.text[start:end])
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
