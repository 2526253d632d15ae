"""Receipts in a text, however they are typed: broken, spaced, without dashes, O for 0, I for 1 (law 12).

A receipt opens a case. So it never rests in words: it is taken out before sealing and masked on every reading.
"""

import re
from typing import Final, NamedTuple

from functions.casework.receipt import Receipt, ReceiptError, parse_receipt

TAKEN_OUT: Final = "[kode laporan disamarkan]"
_LIKE = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Za-z][ \-_.\u2013\u2014\u00a0]{0,3}){24}[0-9A-Za-z](?![0-9A-Za-z])")


class ReceiptFound(NamedTuple):
    """Something in a text that is a receipt: from ``start`` to ``end`` (code points). ``receipt`` is None if it has a
    typing error, and opens nothing as it stands."""

    start: int
    end: int
    receipt: Receipt | None


def receipts_in(text: str) -> tuple[ReceiptFound, ...]:
    """Return the receipts in a text, in its order, without overlaps."""
    found = []
    for match in _LIKE.finditer(text):
        try:
            found.append(ReceiptFound(match.start(), match.end(), parse_receipt(match[0])))
        except ReceiptError:
            continue
    return tuple(found)


def without_receipts(text: str) -> str:
    """Return the text with ``TAKEN_OUT`` in place of each receipt; the same again for its own result."""
    for found in reversed(receipts_in(text)):
        text = text[: found.start] + TAKEN_OUT + text[found.end :]
    return text
