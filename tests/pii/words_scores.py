"""The project's own marked messages, read.

Five files of invented messages: ``words_corpus.json``, on which the rules were written, and four written apart by people
who had not read them, ``words_held_out.json``, ``words_fresh.json``, ``words_blind.json``, ``words_unseen.json``. Each of
the four was scored once before anything was learnt from it, and keeps that as its ``first_score``, counted more strictly
than ``score.py`` counts: a finding had to cover the mark and have its category. Today all five are learnt by the tagger. A sixth, ``words_others.jsonl``, is read by ``score``.

A name behind an account into which somebody had to pay bears no mark, nor does that account or the vehicle of the accused:
they are the report's evidence.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.pii.score import Marked, Span

_MARK = re.compile(r"\[\[([a-z_]+)\|(.*?)\]\]", re.DOTALL)


class Message(NamedTuple):
    """A text without its marks; ``marks`` are (category, start, end) in code points."""

    text: str
    marks: tuple[tuple[str, int, int], ...]
    plea: bool

    def marked(self, author: str) -> Marked:
        """Return the message as ``score`` reads it."""
        return Marked(self.text, tuple(Span(start, end, kind) for kind, start, end in self.marks), author)


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
