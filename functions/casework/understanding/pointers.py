"""What a report's first answer adds: who else is responsible, and that matters which are numbered may be sent apart.

Tests: ``tests/doors/test_sms.py``.
"""

import re

from functions.casework.understanding.word_lists import phrase_data

_ONE, _TWO = re.compile(r"(?:^|\s)1\s?[.)]\s*[^\W\d]"), re.compile(r"\s2\s?[.)]\s*[^\W\d]")


def pointer_of(text: str) -> str:
    """Return who else is responsible, "" for nobody: the police for theft, PLN for electricity."""
    pointers: dict[str, str] = phrase_data()["pointers"]
    return next((said for said, pattern in pointers.items() if re.search(pattern, text, re.IGNORECASE)), "")


def is_enumerated(text: str) -> bool:
    """Whether a text numbers its matters: "1. lampu mati 2. guru bolos"."""
    first = _ONE.search(text)
    return first is not None and _TWO.search(text, first.end()) is not None
