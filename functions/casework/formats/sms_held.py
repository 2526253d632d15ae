"""One word makes a report or an answer of words that wait, in whatever other words people say it.

Our answer says "Balas: LAPOR"; what comes back is "ok lapor", "iya itu laporan saya", or our own "Balas: LAPOR".

Tests: ``tests/doors/test_sms_held.py``.
"""

import re

from functions.casework.formats.sms_command import SPELLINGS, Command, ParsedSms
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import any_in, is_all_of

MOST = 5  # words of a yes
_SAID = "ok oke okey iya ya yaa betul benar itu sms tadi saya sy ini saja aja yg yang"
_IDLE = frozenset(_SAID.split())
_THUMB = re.compile("[👍👌✅🙏]")
_BUT = re.compile(r"\b(?:tp|tapi|tetapi|ttpi|doang|padahal|tetap|cuma|hanya)\b", re.IGNORECASE)

# "agak keruh dikit tp gpp" takes its but back.
_FINE = (
    r"(?!\s(?:gpp|gapapa|ga ?papa|gak ?papa|(?:tdk|tidak|ndak|nda) (?:apa|masalah)|aman)\b"
    r"(?=\s*(?:pak|bu|kok|lah|saja|aja|ya)?\s*(?:[.,!]|$)))"
)
_DENIES = re.compile(r"\b(?:(?:tp|tapi|tetapi|ttpi)\b" + _FINE + r"|doang\b|padahal\b)", re.IGNORECASE)
_WISHES = re.compile(r"\b(?:mau|ingin|hendak|pengen|izin|ijin|handak|arep)\b", re.IGNORECASE)


def confirmed(text: str, *, beside_case: bool) -> Command | None:
    """Return LAPOR or BALAS if a text says no more than that the words that wait are one; ``beside_case``: of a number
    with a case, whose bare commands are read as ever. None for any other text."""
    words = re.findall(r"\w+", text.lower())
    spelled = {command: set(SPELLINGS[command].split()) for command in (Command.LAPOR, Command.BALAS)}
    said = [command for command, spellings in spelled.items() if spellings & set(words)]
    if "?" in text or not said or len(words) > MOST or set(words) - _IDLE - set().union(*spelled.values()):
        return None
    if beside_case and Command.BALAS not in said:
        return None
    return Command.BALAS if beside_case and Command.LAPOR not in said else Command.LAPOR


def one_word(asked: ParsedSms, *, waits: bool, beside_case: bool) -> ParsedSms:
    """Return LAPOR or BALAS for what only says that the words that wait are one, and LAPOR for a BALAS of nothing."""
    command = confirmed(asked.whole, beside_case=beside_case) if waits else None
    bare = asked.command is Command.BALAS and not (beside_case or asked.receipt or asked.unknown)
    bare = bare and (is_all_of(asked.words, "address", "self") or confirmed(asked.whole, beside_case=False) is not None)
    return ParsedSms(command or Command.LAPOR, "", asked.whole) if command or bare else asked


def takes_back(text: str) -> bool:
    """Whether thanks may hold a but: "makasih, nyala di laporan doang", "makasih, tetap semangat"."""
    return _BUT.search(text) is not None


def agrees(text: str) -> bool:
    """Whether a courtesy says yes to whoever asked: "siap pak", or a thumb and nothing else."""
    words = words_of(text)
    return any_in(words, "agreed") or (_THUMB.search(text) is not None and not words)


def denies(text: str) -> bool:
    """Whether thanks surely hold a but. A case is reopened once: no praise uses that up."""
    return _DENIES.search(text) is not None


def announces(text: str) -> bool:
    """Whether LAPOR only announces what comes next: "mau ngadu pak" says nothing of words that wait."""
    return _WISHES.search(text) is not None
