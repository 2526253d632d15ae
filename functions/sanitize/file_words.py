"""Whether the words of a clean file hold a receipt (law 12): it is refused, since whoever reads it could open a case.

Read are plain text, office documents and the text of a PDF, by the cleaner that made them (``Cleaner.words_of``). What
a photo or a scanned page shows is not read: that takes recognition of characters, which is too heavy for the child
process.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from functions.casework.understanding.receipts import receipts_in

PART: Final = 20_000  # characters looked at together, so that memory does not grow with the file
EDGE: Final = 500  # a receipt may lie over the end of a part


def holds_receipt(words: Iterable[str]) -> bool:
    """Return whether a receipt stands in the words of a file. One that is mistyped opens nothing and passes: a table of
    serial numbers may be like one."""
    parts = (part for text in words for part in _parts(text))
    return any(found.receipt is not None for part in parts for found in receipts_in(part))


def _parts(text: str) -> Iterator[str]:
    return (text[at : at + PART + EDGE] for at in range(0, len(text), PART))
