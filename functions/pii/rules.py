"""The rules that find what identifies a writer, compiled from ``words.json``, and the checks of numbers they name.

A pattern uses only what ``re`` and RegExp share, and is written in ASCII. It has no lookbehind, for which older phones
refuse the whole script. Its first group is what stands *before* the finding; what comes after is looked at, not
consumed. A list among the parts holds alternatives. By default, case does not matter and a finding may be masked.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from unicodedata import normalize

WORDS: Final = Path(__file__).with_name("words.json")
_FLAGS = {"": re.ASCII, "i": re.ASCII | re.IGNORECASE}
_PART = re.compile("<([a-z_]+)>")
_NOT_DIGIT = re.compile("[^0-9]")
_SIGN = re.compile("([ -~])[\u0300-\u036f]*")
_WOMEN = 40  # a NIK adds 40 to a woman's day of birth


class WordsError(ValueError):
    """``words.json`` contradicts itself, or a finding does not belong to the text; the message says where."""


class Rule(NamedTuple):
    """What finds one kind of thing. ``check`` gets the text found and says whether it is one, as by a check digit."""

    name: str
    category: str
    mask: bool
    pattern: re.Pattern[str]
    check: Callable[[str], bool]


class Rules(NamedTuple):
    """All of ``words.json``. ``fold`` maps code points to the usual ones; signs that are ``unseen`` hide nothing;
    ``masked`` is masked already; what ``evidence`` finds stays."""

    rules: tuple[Rule, ...]
    categories: Mapping[str, Mapping[str, Mapping[str, str]]]
    fold: Mapping[int, int]
    unseen: re.Pattern[str]
    masked: re.Pattern[str]
    evidence: tuple[Rule, ...]


def categories() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return per category ``label``, ``advice`` (one sentence) and ``masked``, each by language, ``id`` and ``en``."""
    categories: Mapping[str, Mapping[str, Mapping[str, str]]] = _raw()["categories"]
    return categories


@cache
def _raw() -> Mapping[str, Any]:
    """Return the file as it stands. Who only shows it, as the frozen pages do, compiles no rule."""
    raw: dict[str, Any] = json.loads(WORDS.read_text(encoding="utf-8"))
    return raw


@cache
def load() -> Rules:
    """Return the rules, compiled once."""
    return ready(_raw())


def ready(raw: Mapping[str, Any]) -> Rules:
    """Compile the rules. Raises WordsError, which names the first wrong entry."""
    parts: dict[str, str] = {}
    for name, part in raw["parts"].items():
        parts[name] = _expand(part if isinstance(part, str) else f"(?:{'|'.join(part)})", parts, name)
    rules: list[Rule] = []
    for entry in raw["rules"]:
        name = entry["rule"]
        try:
            pattern = re.compile(_expand(entry["pattern"], parts, name), _FLAGS[entry.get("flags", "i")])
            check = _CHECKS[entry.get("check", "")]
        except (KeyError, re.error) as error:
            raise WordsError(f"rule {name}: {error}") from error
        if entry["category"] not in raw["categories"]:
            raise WordsError(f"rule {name}: category {entry['category']} is unknown")
        rules.append(Rule(name, entry["category"], entry.get("mask", True), pattern, check))
    unseen, masked = (re.compile(raw["fold"][name], re.ASCII) for name in ("unseen", "masked"))
    evidence = [re.compile(_expand(pattern, parts, "evidence"), _FLAGS["i"]) for pattern in raw["evidence"]]
    kept = tuple(Rule("evidence", "", False, pattern, _CHECKS[""]) for pattern in evidence)  # noqa: FBT003 - not masked
    return Rules(tuple(rules), raw["categories"], _fold(raw["fold"]), unseen, masked, kept)


def _expand(pattern: str, parts: Mapping[str, str], name: str) -> str:
    try:
        return _PART.sub(lambda match: parts[match[1]], pattern)
    except KeyError as error:
        raise WordsError(f"{name}: part {error} is not defined before it") from error


def _fold(raw: Mapping[str, Any]) -> dict[int, int]:
    """Map characters one to one, so that positions stay: other digits, dashes and quotes, and what is a sign of
    ASCII in another form (NFKD): wide, bold, in a circle, raised, with a mark over it, a space of another width."""
    table = _Fold({code: code for code in range(0x80)})
    table.update({ord(zero) + n: ord("0") + n for zero in raw["zeros"] for n in range(10)})
    for one, like in raw["like"].items():
        table.update(dict.fromkeys(map(ord, like), ord(one)))
    return table


class _Fold(dict[int, int]):
    def __missing__(self, code: int) -> int:
        usual = _SIGN.fullmatch(normalize("NFKD", chr(code)))
        return ord(usual[1]) if usual else code


def _is_nik(number: str) -> bool:
    digits = _NOT_DIGIT.sub("", number)
    day, month = int(digits[6:8]), int(digits[8:10])
    day -= _WOMEN if day > _WOMEN else 0
    dated = 1 <= day <= 31 and 1 <= month <= 12  # noqa: PLR2004 - days and months
    return dated and digits[0] != "0" and digits[1] != "0" and digits[12:] != "0000"


def _is_card(number: str) -> bool:
    """Check Luhn's sum (ISO/IEC 7812-1, Annex B)."""
    digits = [int(d) for d in _NOT_DIGIT.sub("", number)]
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2])  # noqa: PLR2004 - two digits from 5 on
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "": lambda _: True,
    "nik": _is_nik,
    "luhn": _is_card,
}
