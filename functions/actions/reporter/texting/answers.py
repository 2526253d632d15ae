"""Answers that are none: those of one delivery go as one SMS, and no courtesy is answered twice.

Tests: ``tests/doors/test_sms.py``.
"""

import re

from functions.actions.reporter.sms_cases import Known
from functions.casework.formats.gsm import PARTS_MAX, count
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import Sender, hash_of
from functions.casework.understanding.spelling import words_of

KIND = re.compile("[👍🙏👌😊🤝💪❤✅👏🫡☺🙂]")


def as_one(answers: list[tuple[bytes, str, bool]]) -> list[tuple[bytes, str, bool]]:
    """Return answers that one delivery brought as one, if they fit into one SMS together."""
    said = [answer for answer in answers if answer[1]]
    text = "\n".join(text for _, text, _ in said)
    if len(said) < 2 or count(text) > PARTS_MAX:  # noqa: PLR2004 - two answers
        return said
    return [(said[-1][0], text, any(of_case for _, _, of_case in said))]


def told_before(sender: Sender, asked: ParsedSms, case: Known) -> bool:
    """Whether thanks were answered before, since this case last moved: "ok" and "siap" need no answer each."""
    courtesy = asked.command is Command.TERIMA or (KIND.search(asked.whole) and not words_of(asked.whole))
    mark = f"{Command.TERIMA} {case.receipt.symbols} {case.head.stage}"
    if not courtesy or asked.nature.likely or not case.head.open:
        return False
    before = hash_of(mark) in sender.said
    if not before:
        sender.remember(mark, "")
    return before


def is_other_sign(text: str) -> bool:
    """Whether a text is signs alone, and none of them kind: "😡😡"."""
    return not words_of(text) and KIND.search(text) is None
