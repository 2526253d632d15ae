"""Answers that one delivery brought, as one SMS where that is possible.

Tests: ``tests/doors/test_sms.py``.
"""

from functions.casework.formats import sms_texts as say
from functions.casework.formats.gsm import count


def as_one(answers: list[tuple[bytes, str, bool]]) -> list[tuple[bytes, str, bool]]:
    """Return answers that one delivery brought as one, if they fit into one SMS together."""
    said = [answer for answer in answers if answer[1]]
    text = "\n".join(text for _, text, _ in said)
    if len(said) < 2 or count(text) > say.PARTS_MAX:  # noqa: PLR2004 - two answers
        return said
    return [(said[-1][0], text, any(of_case for _, _, of_case in said))]
