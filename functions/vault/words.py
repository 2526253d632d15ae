"""What identifies a writer in a complaint's text: numbers, names, the home, a child; and pleas for secrecy.

The rules stand in ``words.json`` and are read by this module and by its twin for the browser, ``words.js``; the tests
hold the two to the same answers. So a pattern uses only what ``re`` and RegExp do alike, is written in ASCII, and
knows no lookbehind (older phones refuse the whole script for one): its first group is what stands *before* the
finding, and what comes after is looked at, not taken.

Only suggestions come out of here. Style and facts can identify a writer too, and no pattern finds those.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

SECRECY: Final = "secrecy"

_RULES = Path(__file__).with_name("words.json")
_FLAGS = {"": re.ASCII, "i": re.ASCII | re.IGNORECASE}
_PART = re.compile("<([a-z_]+)>")
_NOT_DIGIT = re.compile("[^0-9]")
_WOMEN = 40  # a NIK adds 40 to a woman's day of birth


class WordsError(ValueError):
    """``words.json`` contradicts itself, or a finding is not of the text it is used on; the message says where."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may identify. ``start`` and ``end`` count Unicode code points, ``text`` is what stands between;
    ``mask``: may be replaced. ``category`` is a key of ``categories()``, ``rule`` names the rule for tests and logs
    of tests (never log a finding: it is what identifies)."""

    rule: str
    category: str
    start: int
    end: int
    text: str
    mask: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    category: str
    mask: bool
    pattern: re.Pattern[str]
    length: Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: tuple[_Rule, ...]
    categories: Mapping[str, Mapping[str, Mapping[str, str]]]
    fold: Mapping[int, int]


def find(text: str) -> tuple[Finding, ...]:
    """Every finding, in the order of the text, none over another: what may be masked wins over what may not,
    then the longer, then the earlier rule."""
    rules = _load().rules
    folded = text.translate(_load().fold)
    spans = [(rank, start, end) for rank, rule in enumerate(rules) for start, end in _spans(rule, folded)]
    spans.sort(key=lambda s: (not rules[s[0]].mask, s[1] - s[2], s[0], s[1]))
    taken = bytearray(len(text))
    kept: list[Finding] = []
    for rank, start, end in spans:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            rule = rules[rank]
            kept.append(Finding(rule.name, rule.category, start, end, text[start:end], rule.mask))
    return tuple(sorted(kept, key=lambda f: f.start))


def mask(text: str, findings: Iterable[Finding], language: str = "id") -> str:
    """The text with each finding that may be masked replaced by its category's words, ``[… disamarkan]``.

    Pass only those the writer chose. Raises WordsError where a finding does not stand in this text.
    """
    words = categories()
    parts: list[str] = []
    done = 0
    for finding in sorted((f for f in findings if f.mask), key=lambda f: f.start):
        if finding.start < done or text[finding.start : finding.end] != finding.text:
            raise WordsError(f"the finding at {finding.start} is not one of this text")
        parts += [text[done : finding.start], words[finding.category]["masked"][language]]
        done = finding.end
    return "".join([*parts, text[done:]])


def pleads_secrecy(text: str) -> bool:
    """Whether the writer asks not to be named, or is afraid to be: a reason to suggest staying anonymous.

    Looked for by itself: a name within the plea would win the place among the findings.
    """
    folded = text.translate(_load().fold)
    return any(next(_spans(rule, folded), None) for rule in _load().rules if rule.category == SECRECY)


def categories() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Per category ``label``, ``advice`` (one sentence) and ``masked``, each by language, ``id`` and ``en``."""
    return _load().categories


def _spans(rule: _Rule, folded: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := rule.pattern.search(folded, at):
        start, end = match.end(1), match.end()
        length = rule.length(folded[start:end])
        # A number that fails its check may hide one that begins a digit later.
        at = start + length if length else match.start() + 1
        if length:
            yield start, at


def _is_nik(number: str) -> bool:
    digits = _NOT_DIGIT.sub("", number)
    day, month = int(digits[6:8]), int(digits[8:10])
    day -= _WOMEN if day > _WOMEN else 0
    dated = 1 <= day <= 31 and 1 <= month <= 12  # noqa: PLR2004 - days and months
    return dated and digits[0] != "0" and digits[1] != "0" and digits[12:] != "0000"


def _is_card(number: str) -> bool:
    """Luhn's sum (ISO/IEC 7812-1, Annex B)."""
    digits = [int(d) for d in _NOT_DIGIT.sub("", number)]
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2])  # noqa: PLR2004 - two digits from 5 on
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_CHECKS: Mapping[str, Callable[[str], bool]] = {"": lambda _: True, "nik": _is_nik, "luhn": _is_card}


def _checked(check: Callable[[str], bool]) -> Callable[[str], int]:
    return lambda span: len(span) if check(span) else 0


def _name_in(lead: re.Pattern[str], stop: re.Pattern[str]) -> Callable[[str], int]:
    """How much of some words is a name: up to the first word no name has. The list is not part of the patterns,
    where a phone would compile it again for each word."""

    def length(span: str) -> int:
        titles = lead.match(span)
        rest = titles.end() if titles else 0
        stopped = stop.search(span[rest:])
        if not stopped:
            return len(span)
        return rest + stopped.start() if stopped.start() else 0

    return length


@cache
def _load() -> _Rules:
    raw: dict[str, Any] = json.loads(_RULES.read_text(encoding="utf-8"))
    return _ready(raw)


def _ready(raw: Mapping[str, Any]) -> _Rules:
    """The rules made ready. Raises WordsError naming the first entry that is wrong."""
    parts: dict[str, str] = {}
    for name, part in raw["parts"].items():
        parts[name] = _expand(part if isinstance(part, str) else f"(?:{'|'.join(part)})", parts, name)
    lead, stop = (re.compile(_expand(raw["names"][k], parts, k), _FLAGS["i"]) for k in ("lead", "stop"))
    rules: list[_Rule] = []
    for entry in raw["rules"]:
        name = entry["rule"]
        try:
            pattern = re.compile(_expand(entry["pattern"], parts, name), _FLAGS[entry["flags"]])
            length = _name_in(lead, stop) if entry.get("name") else _checked(_CHECKS[entry.get("check", "")])
        except (KeyError, re.error) as error:
            raise WordsError(f"rule {name}: {error}") from error
        if entry["category"] not in raw["categories"]:
            raise WordsError(f"rule {name}: category {entry['category']} is unknown")
        rules.append(_Rule(name, entry["category"], entry["mask"], pattern, length))
    return _Rules(tuple(rules), raw["categories"], _fold(raw["fold"]))


def _expand(pattern: str, parts: Mapping[str, str], name: str) -> str:
    try:
        return _PART.sub(lambda match: parts[match[1]], pattern)
    except KeyError as error:
        raise WordsError(f"{name}: part {error} is not defined before it") from error


def _fold(raw: Mapping[str, Any]) -> dict[int, int]:
    """One character for one, so that places stay: other scripts' digits, odd spaces and dashes."""
    table = {ord(zero) + n: ord("0") + n for zero in raw["zeros"] for n in range(10)}
    table |= dict.fromkeys(map(ord, raw["space"]), ord(" "))
    return table | dict.fromkeys(map(ord, raw["dash"]), ord("-"))
