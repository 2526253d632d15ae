"""Find what identifies a writer in a complaint's text: numbers, names, the home, a child, a receipt; pleas for secrecy.

``rules`` find numbers, accounts and pleas; the tagger (``tagger``) finds names, children, homes and work. Both have a
twin for the browser, ``words.js`` and ``tagger.js``; tests compare their answers. On the server a judge (``judge``)
decides on what they find or nearly find: it reads more of the text, by weights that a phone cannot load. Text that is
already masked is skipped.

Signs without width, controls of direction and marks over a letter (``fold.unseen``) hide nothing: the rules read the
text without them, and findings take them along.

The findings are suggestions only. Style and facts can identify a writer too, and no pattern finds those.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import starmap
from typing import Final, NamedTuple

from functions.casework.understanding.receipts import receipts_in
from functions.pii import tagger
from functions.pii.rules import Rule, WordsError, categories, load

SECRECY: Final = "secrecy"
RECEIPT: Final = "receipt"


class Finding(NamedTuple):
    """Something that may identify.

    ``start`` and ``end`` count Unicode code points; ``text`` is what stands between. ``mask`` tells whether it may be
    replaced. ``category`` is a key of ``categories()``. ``rule`` names the rule, for tests. Never log a finding.
    """

    rule: str
    category: str
    start: int
    end: int
    text: str
    mask: bool


class _Looked(NamedTuple):
    """Rules to look for; a rule's rank is its place. ``searched``: those with a pattern, by rank. ``ranks``: of each
    rule by its name, of the tagger's by label."""

    rules: Sequence[Rule]
    searched: Sequence[tuple[int, Rule]]
    ranks: Mapping[str, int]


class _Folded(NamedTuple):
    """A text as the rules read it, and where each of its characters stands in the text."""

    text: str
    at: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text of what stands at ``start`` to ``end`` here."""
        return self.at[start], self.at[end - 1] + 1


_Span = tuple[int, int, int]  # a rule's rank, and from where to where in the text
_SpansOf = Callable[[str, _Folded, _Looked], Iterable[_Span]]


def find(text: str) -> tuple[Finding, ...]:
    """Return every finding in the order of the text, without overlaps.

    Maskable findings win over others, then the longer, then the earlier rule; what the tagger finds comes last. What
    is the matter's or the accused's stays, as far as the judge can tell.
    """
    return _found(text, _all(), _judged)


def unjudged(text: str) -> tuple[Finding, ...]:
    """Return what the browser's twin finds, in the same order, by rules and tagger alone. What ``evidence`` in
    ``words.json`` finds stays: an account that took a levy, the vehicle or number of the accused."""
    return _found(text, _all(), _unjudged)


def mask(text: str, findings: Iterable[Finding], language: str = "id") -> str:
    """Replace each maskable finding by its category's words, ``[… disamarkan]``.

    Pass only the findings that the writer chose. Raises WordsError if a finding does not stand in this text.
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


def mask_all(text: str, language: str = "id", skip: Collection[str] = ()) -> str:
    """Mask all that may be masked, except the categories in ``skip``. Masking the result again changes nothing.

    A rule of a skipped category does not displace others: a phone number within an address that stays is masked. Raises
    WordsError for a category that does not exist.
    """
    if unknown := set(skip) - set(categories()):
        raise WordsError(f"category {', '.join(sorted(unknown))} is unknown")
    rules = _maskable(frozenset(skip))
    # A second look can find what a neighbour had cut short. The loop ends: each finding begins outside a mask.
    while findings := _found(text, rules, _judged):
        text = mask(text, findings, language)
    return text


def has_maskable(text: str) -> bool:
    """Tell whether ``mask_all`` would change the text, so that officers see that something can be masked."""
    return any(finding.mask for finding in find(text))


def pleads_secrecy(text: str) -> bool:
    """Tell whether the writer asks not to be named, or is afraid to be: a reason to suggest staying anonymous.

    Searched separately: a name within the plea would displace it among the findings.
    """
    folded = _folded(text).text
    return any(_spans(rule, folded) for rule in load().rules if rule.category == SECRECY)


def folded(text: str) -> str:
    """Return a text as the rules and the tagger read it; of a text without unseen signs, the places stay."""
    return _folded(text).text


@cache
def _all() -> _Looked:
    return _looked((*load().rules, *_TAGGED.values()))


@cache
def _maskable(skip: frozenset[str]) -> _Looked:
    return _looked([rule for rule in _all().rules if rule.mask and rule.category not in skip])


def _looked(rules: Sequence[Rule]) -> _Looked:
    labels = {id(rule): label for label, rule in _TAGGED.items()}
    ranks = {labels.get(id(rule), rule.name): n for n, rule in enumerate(rules)}
    return _Looked(rules, [(n, rule) for n, rule in enumerate(rules) if id(rule) not in labels], ranks)


def _found(text: str, looked: _Looked, spans_of: _SpansOf) -> tuple[Finding, ...]:
    spans = sorted(
        spans_of(text, _folded(text), looked),
        key=lambda s: (not looked.rules[s[0]].mask, s[1] - s[2], s[0], s[1]),
    )
    taken = bytearray(len(text))
    kept: list[Finding] = []
    for rank, start, end in spans:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            rule = looked.rules[rank]
            kept.append(Finding(rule.name, rule.category, start, end, text[start:end], rule.mask))
    return tuple(sorted(kept, key=lambda f: f.start))


def _unjudged(text: str, folded: _Folded, looked: _Looked) -> Iterator[_Span]:
    """Yield what rules and tagger find, but evidence."""
    stays = bytearray(len(text))
    for start, end in starmap(folded.place, evidence(folded.text)):
        stays[start:end] = b"\x01" * (end - start)
    spans = [(rank, *place) for rank, rule in looked.searched for place in _places(rule, text, folded)]
    tagged = (s for s in tagger.stretches(folded.text, tagger.load()) if s.label in looked.ranks)
    spans += [(looked.ranks[s.label], *folded.place(s.start, s.end)) for s in tagged]
    yield from (span for span in spans if not any(stays[span[1] : span[2]]))


def _judged(text: str, folded: _Folded, looked: _Looked) -> Iterator[_Span]:
    """Yield what the judge hides, receipts, and what is only advised."""
    from functions.pii import candidates  # noqa: PLC0415 - a cold start reads no words, so it loads no judge

    receipts = bytearray(len(text))  # nothing else takes a part of one
    for rank, rule in looked.searched:
        if not rule.mask or rule.category == RECEIPT:
            for start, end in _places(rule, text, folded):
                receipts[start:end] = bytes([rule.mask]) * (end - start)
                yield rank, start, end
    found = candidates.hidden(folded.text, by_rules(folded.text), evidence(folded.text), looked.ranks)
    for shown, *span in found:
        start, end = folded.place(*span)
        if shown in looked.ranks and not any(receipts[start:end]):
            yield looked.ranks[shown], start, end


def by_rules(folded: str) -> list[tuple[str, str, int, int]]:
    """Return rule, category and places of all that rules find in a folded text, for the judge."""
    found = [rule for rule in load().rules if rule.mask and rule.category != RECEIPT]
    return [(rule.name, rule.category, *span) for rule in found for span in _spans(rule, folded)]


def evidence(folded: str) -> list[tuple[int, int]]:
    """Return where a folded text has what stays, as far as ``evidence`` in ``words.json`` can tell."""
    return [span for rule in load().evidence for span in _spans(rule, folded)]


def _folded(text: str) -> _Folded:
    """Return the text without unseen signs, odd characters made usual, and masks made something no rule begins in."""
    rules = load()
    at: Sequence[int] = range(len(text))
    if rules.unseen.search(text):
        at = [place for place, sign in enumerate(text) if not rules.unseen.match(sign)]
        text = "".join(text[place] for place in at)
    return _Folded(rules.masked.sub(lambda m: "\ufffd" * len(m[0]), text.translate(rules.fold)), at)


def _places(rule: Rule, text: str, folded: _Folded) -> Iterable[tuple[int, int]]:
    """Return where a rule finds something in the text. Receipts are found by their check symbols, not by a pattern."""
    if rule.category == RECEIPT:
        return [(found.start, found.end) for found in receipts_in(text)]
    return starmap(folded.place, _spans(rule, folded.text)) if rule.pattern.search(folded.text) else ()


def _spans(rule: Rule, folded: str) -> list[tuple[int, int]]:
    at, spans = 0, []
    while match := rule.pattern.search(folded, at):
        start, end = match.end(1), match.end()
        right = rule.check(folded[start:end])
        # A number that fails its check may hide a valid one that begins a digit later.
        at = end if right else match.start() + 1
        if right:
            spans.append((start, end))
    return spans


def _tagged(category: str, *, mask: bool = True) -> Rule:
    """Return what stands among the rules for a label of the tagger: a rule that matches nothing by itself."""
    return Rule("tagger", category, mask, re.compile("(?!)"), lambda _: False)


_TAGGED: Final[Mapping[str, Rule]] = {
    tagger.NAME: _tagged("self_name"),
    tagger.OTHERS: _tagged("name"),
    tagger.CHILD: _tagged("child"),
    tagger.PLACE: _tagged("home"),
    tagger.WORK: _tagged("role"),
    tagger.BESIDE: _tagged("near_home", mask=False),
    "digits": _tagged("id_number"),
    "shape": _tagged("plate"),
}
