"""What the rules say about a text, remembered: an invented year says the same sentences thousands of times.

Only the demonstration may do this, since its words are invented: no door keeps a word longer than its request.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from functions.casework.directory.agencies import Directory
from functions.casework.understanding import receipts, said, words
from functions.casework.understanding.accused import Complaint, look_for_accused
from functions.pii import words as identifying


def remember_what_is_said() -> None:
    """Let this process look at each text once. The answers stay the same."""
    vars(words).update(receipts_in=cache(receipts.receipts_in))
    vars(identifying).update(mask_all=_by_text(identifying.mask_all))
    complaints: dict[tuple[str, str, str], Complaint] = {}

    def look(text: str, directory: Directory, instance: str, topic: str = "") -> Complaint:
        asked = (text, instance, topic)
        if asked not in complaints:
            complaints[asked] = look_for_accused(text, directory, instance, topic)
        return complaints[asked]

    vars(said).update(look_for_accused=look)


def _by_text(answer: Callable[..., str]) -> Callable[..., str]:
    """Remember the answers to a text alone."""
    known: dict[str, str] = {}

    def remembered(text: str, *arguments: Any, **options: Any) -> str:
        if arguments or options:
            return answer(text, *arguments, **options)
        if text not in known:
            known[text] = answer(text)
        return known[text]

    return remembered
