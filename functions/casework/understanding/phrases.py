"""A text as words, with what each may stand for: an office, its staff, others, a landmark, conduct.

Words are read as people write them: without affixes, doubled, with digits behind, with Banjar and Javanese endings.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from functions.casework.routing.rules import Words, plain, read_rules, roots_of
from functions.casework.understanding.spoken_names import Called, Names, listed, read_accused

# Letters in circles and squares too, for Unicode no letters; and what is struck through is one word.
_DRAWN: Final = "\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
_MARKS: Final = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_WORD: Final = re.compile(rf"(?:(?:[^\W_]|[{_DRAWN}])[{_MARKS}]*)+")
_ENDS: Final = re.compile(r"[!?;:\n\r]|\.(?=\s|$|[^\W\d])|…")
_STOPPED: Final = frozenset(
    {"yth", "kec", "kab", "jl", "jln", "no", "bpk", "dll", "drs", "dr", "ir", "h", "hj", "a", "n", "s", "pak"}
)
_LONGEST: Final = 40
_NASAL: Final = (("ng", "k"), ("ny", "s"), ("n", "t"), ("m", "p"))
_JAVANESE: Final = ("ne", "e")
_OWNED: Final = ("nya", "ny", "lah", "kah", "pun", "x")


class Word(NamedTuple):
    """A word of a text: ``forms`` are what it may be, as written first; ``start`` and ``end`` are code points.
    ``sentence`` counts up. ``pause``: a comma stands behind it."""

    forms: Words
    start: int
    end: int
    sentence: int
    pause: bool


class Found(NamedTuple):
    """A phrase from word ``at`` up to before ``to``, and the kinds of phrase it is."""

    at: int
    to: int
    kinds: frozenset[str]


def words_of(text: str) -> list[Word]:
    """Return the words of a text. Words of other scripts have no forms."""
    found: list[Word] = []
    known: dict[str, Words] = {}
    matches = list(_WORD.finditer(text))
    sentence = 0
    for number, match in enumerate(matches, 1):
        after = matches[number].start() if number < len(matches) else len(text)
        raw = match[0]
        if raw not in known:
            known[raw] = _forms(raw)
        gap = text[match.end() : after]
        found.append(Word(known[raw], match.start(), match.end(), sentence, "," in gap or "-" in gap.strip(" ")[1:]))
        ends = _ENDS.search(text, match.end(), after) if gap.strip(" ,-/") else None
        sentence += ends is not None and not (gap[:1] == "." and known[raw][:1] and known[raw][0] in _STOPPED)
    return found


def phrases_in(words: Sequence[Word]) -> list[list[Found]]:
    """Return the known phrases that begin at each word, the longest first."""
    return [_at(words, at, _lexicon()) for at in range(len(words))]


def names_in(words: Sequence[Word], names: Names, staffed: Sequence[bool]) -> Iterator[tuple[int, int, Called]]:
    """Yield the agencies' names in a text: where each begins, where it ends, whom it means. The longest wins.
    ``staffed`` tells of each word whether it means staff or an office: a name that is a common word needs one before
    it."""
    at = 0
    while at < len(words):
        best: tuple[int, Called | None] = (0, None)
        for form in words[at].forms:
            for name, called in names.get(form, {}).items():
                fits = len(name) > best[0] and _matches(words, at, name)
                if fits and (
                    called.alone or (at > 0 and staffed[at - 1] and words[at - 1].sentence == words[at].sentence)
                ):
                    best = (len(name), called)
        if best[1] is not None:
            yield at, at + best[0], best[1]
        at += max(best[0], 1)


def _at(words: Sequence[Word], at: int, lexicon: Mapping[str, Mapping[Words, frozenset[str]]]) -> list[Found]:
    found = {
        phrase: Found(at, at + len(phrase), kinds)
        for form in words[at].forms
        for phrase, kinds in lexicon.get(form, {}).items()
        if _matches(words, at, phrase)
    }
    return sorted(found.values(), key=lambda each: -each.to)


def _matches(words: Sequence[Word], at: int, phrase: Words) -> bool:
    if at + len(phrase) > len(words) or words[at + len(phrase) - 1].sentence != words[at].sentence:
        return False
    return len(phrase) == 1 or all(part in words[at + n].forms for n, part in enumerate(phrase))


@cache
def _lexicon() -> Mapping[str, Mapping[Words, frozenset[str]]]:
    """Return the phrases of ``accused.toml`` by their first word, each with its kinds."""
    lexicon: dict[str, dict[Words, frozenset[str]]] = {}
    for table in ("grammar", "conduct"):
        for kind, text in read_accused()[table].items():
            for phrase in listed(text):
                by_first = lexicon.setdefault(phrase[0], {})
                by_first[phrase] = by_first.get(phrase, frozenset()) | {kind}
    return lexicon


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for phrases in _lexicon().values() for phrase in phrases for word in phrase)


def _forms(raw: str) -> Words:
    """Return a word in small Latin letters, then as it is usually spelled, then its roots that the lists know."""
    if len(raw) > _LONGEST:
        return ()
    folded = plain(raw)
    if len(folded) != 1:
        return ()
    word = folded[0]
    bare = word.strip("0123456789") or word  # "marah2", "50rb"
    spelled = read_rules().spelling.get(bare, ())
    ends = [
        bare.removesuffix(end) for end in _JAVANESE if bare.endswith(end) and bare.removesuffix(end) in _vocabulary()
    ]
    owned = [bare.removesuffix(end) for end in _OWNED if bare.endswith(end) and len(bare) > len(end) + 2]
    roots = [root for root in roots_of(bare) if root in _vocabulary()]
    roots += [sound + bare[len(start) :] for start, sound in _NASAL if bare.startswith(start)]  # "nerima", "motong"
    return tuple(dict.fromkeys((word, bare, *(spelled if len(spelled) == 1 else ()), *ends, *owned, *roots)))
