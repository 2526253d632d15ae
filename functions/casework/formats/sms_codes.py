"""The receipt that an SMS names: whole, in whatever form; by its first group; or something that is meant as one."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from functions.casework.receipt import GROUP_DATA, GROUPS, Receipt, ReceiptError, parse_receipt
from functions.casework.understanding.receipts import receipts_in

SHORT_CODE = GROUP_DATA + 1
SYMBOLS = GROUPS * SHORT_CODE
LONGEST = 4 * SYMBOLS  # of a receipt with marks between its symbols
MARKS = " -\u2013\u2014_."
WORD = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]")
SPELLED = re.compile(rf"(?:[^\W_][{re.escape(MARKS)}]*){{{SYMBOLS - 1}}}[^\W_]")
AFTER_CODE = " :;,.-#\n"
ALIKE = str.maketrans("OIL", "011")
CODE_WITHIN = 5  # words in which a short code is looked for
BROKEN_CODE = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9A-Za-z])(?=[A-Za-z\u2013-]{0,40}\d[A-Za-z\u2013-]{0,40}\d)(?:[0-9A-Za-z]{3,6}[\u2013-]){2,}[0-9A-Za-z]{3,6}(?![0-9A-Za-z])"
)
MIXED = re.compile(r"[a-z]\d+[a-z]|\d[a-z]+\d", re.IGNORECASE)


def short_code(receipt: Receipt) -> str:
    """Return the first group of a receipt, by which an owner of several names it."""
    return receipt.groups[0]


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """A receipt in a text, and the words without it. ``mistyped``: a whole one with an error; ``unknown``: that, or
    something else that is meant as one, since a command stands before it."""

    words: str
    receipt: Receipt | None = None
    short: str = ""
    mistyped: bool = False
    unknown: bool = False

    @property
    def names(self) -> bool:
        """Whether a case is named, rightly or not."""
        return bool(self.receipt or self.short or self.unknown)


def find_code(text: str, known: Collection[str], fillers: Collection[str] = (), within: int = CODE_WITHIN) -> Code:
    """Return the receipt that a text holds, whole or as the first group of a ``known`` one among its first words.
    ``fillers`` may stand before what only looks like one."""
    if strict := _strict(text):
        start, end, receipt = strict
        return Code(" ".join((text[:start] + text[end:]).split()).strip(AFTER_CODE), receipt)
    if found := next(iter(receipts_in(text)), None):
        words = " ".join((text[: found.start] + text[found.end :]).split()).strip(AFTER_CODE)
        wrong = found.receipt is None
        return Code(text if wrong else words, found.receipt, mistyped=wrong, unknown=wrong)
    said = text.split()
    for n, word in enumerate(said[:within]):
        if (short := word.strip(AFTER_CODE).upper().translate(ALIKE)) in known:
            return Code(" ".join(said[:n] + said[n + 1 :]), short=short)
    broken = BROKEN_CODE.search(text) is not None
    first = next((word for word in said if word.lower() not in fillers), "")
    return Code(text, mistyped=broken, unknown=broken or _like_short_code(first, alone=len(said) == 1))


def _strict(text: str) -> tuple[int, int, Receipt] | None:
    """Return the first receipt that begins and ends with a word, and no word more: the one behind it may look like a
    group of it."""
    for found in WORD.finditer(text):
        end = found.start() + LONGEST
        if (spelled := SPELLED.match(text, found.start(), end)) and not text[spelled.end() : end][:1].isalnum():
            try:
                return spelled.start(), spelled.end(), parse_receipt(spelled[0])
            except ReceiptError:
                continue
    return None


def _like_short_code(word: str, *, alone: bool) -> bool:
    """Whether a word is like a receipt's first group: five letters and digits that are no word. ``alone``, digits or
    capitals without vowels are enough; before other words "2hari" is none."""
    plain = word.strip(AFTER_CODE)
    if len(plain) != SHORT_CODE or not (plain.isalnum() and plain.isascii()):
        return False
    return bool(MIXED.search(plain)) or (alone and (plain[-1].isdigit() or not set(plain.lower()) & set("aeiou")))
