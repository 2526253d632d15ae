"""The words of one event without receipts: the only thing that the sealing functions take (law 12).

What somebody wrote becomes ``Words`` once, on the way in and on the way out. Whoever forgets it has a mapping that no
sealing function accepts, and an officer's page never meets sealed words in another form.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, final

from functions.casework.understanding.receipts import TAKEN_OUT, receipt_begins, receipts_in

# Made by machines: keys, hashes, codes, a preview. They stay what they are, and could look like a receipt by chance.
MADE: Final = frozenset({"blob", "source", "reply_key", "small", "accuses", "recall", "opening"})
_FIRST: Final = ("subject", "place", "body")  # in the order of reading, so that a receipt over two of them is one
_EDGE: Final = 300  # code points at the beginning and the end of a text in which a receipt may begin or end


@final
class Words(Mapping[str, str]):
    """Texts by their names, without receipts, also where one is broken over several of them.

    ``after`` is what a reader reads just before: what ends a receipt that began there is taken out as well.
    ``taken_out`` tells whether any was found.
    """

    __slots__ = ("_texts", "taken_out")

    def __init__(self, texts: Mapping[str, str], after: str = "") -> None:
        said = [*(name for name in _FIRST if name in texts), *(n for n in texts if n not in MADE and n not in _FIRST)]
        before, *cleaned = without_receipts_in([after[-_EDGE:], *(texts[name] for name in said)])
        self._texts = {**texts, **dict(zip(said, cleaned, strict=True))}
        self.taken_out = self._texts != texts or before != after[-_EDGE:]

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return "Words(…)"  # words must not reach a log by way of a traceback

    def encoded(self) -> bytes:
        """Return them as JSON, as they go under the seal."""
        return json.dumps(self._texts, ensure_ascii=False).encode()


def without_receipts_in(texts: Sequence[str]) -> list[str]:
    """Return texts that are read one after the other, with ``TAKEN_OUT`` in place of each receipt or part of one."""
    parts = list(texts)
    while found := receipts_in("\n".join(parts)):  # without its neighbour, what was one group may be two
        parts = list(_cut(parts, [(each.start, each.end) for each in found]))
    return parts


def across(texts: Sequence[str]) -> list[str]:
    """Return messages of a conversation, each already without receipts, without those that began in one message and end
    in another. Only the edges of long messages are looked at."""
    parts = [_without_begun(text, after) for text, after in zip(texts, [*texts[1:], ""], strict=True)]
    edges = [[text] if len(text) <= 2 * _EDGE else [text[:_EDGE], text[-_EDGE:]] for text in parts]
    cleaned = iter(without_receipts_in([edge for pair in edges for edge in pair]))
    for at, pair in enumerate(edges):
        new = [next(cleaned) for _ in pair]
        if new != pair:
            parts[at] = new[0] + parts[at][_EDGE:-_EDGE] + new[1] if len(pair) > 1 else new[0]
    return parts


def _without_begun(text: str, after: str) -> str:
    """Return a message without the receipt that it began, if the end was taken out of the message ``after`` it."""
    begun = receipt_begins(text[-_EDGE:]) if TAKEN_OUT in after[:_EDGE] else None
    return text if begun is None else text[: max(len(text) - _EDGE, 0) + begun] + TAKEN_OUT


def _cut(parts: Sequence[str], spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    begin = 0
    for part in parts:
        kept, done = "", 0
        for start, end in spans:
            first, last = max(start - begin, 0), min(end - begin, len(part))
            if first < last:
                kept, done = kept + part[done:first] + TAKEN_OUT, last
        yield kept + part[done:]
        begin += len(part) + 1
