"""Whether words of withdrawing a report are no wish of its writer: refused, or forced by somebody else.

Tests: ``tests/doors/test_sms_reviewed_b.py``.
"""

import re
from typing import Final

_WITHDRAWING: Final = re.compile(
    r"\b(?:men|me|di|nge)?(?:batal\w*|cabut\w*|tarik\w*|hapus\w*|narik|nyabut|mundur)\b", re.IGNORECASE
)
# Before the word: a denial, force, or whoever wants it. "minta" alone is the writer's own.
_NOT_OWN: Final = re.compile(
    r"\b(?:(?:tidak|tdk|tak|ga|gak|g|nggak|ngga|enggak|nda|ndak|kada|takkan)\s(?:mau|akan|ingin|pernah|bisa|boleh|"
    r"berniat|rela|sudi|usah|perlu)|jangan\w*|jgn|jng|bukan|menolak|"
    r"\w*(?:paksa|suruh|nyuruh|ancam|desak|tekan|bujuk|sogok|intimidasi|perintah)\w*|diminta|dibilang|"
    r"(?:minta|mnta|nyuruh|bilang|mohon)\s(?:ke\s|agar\s|supaya\s|sama\s)?(?:saya|sy|sya|aku|ak|kami|kmi|kita|warga|ibu|"
    r"bapak|suami|istri)|kades|sekdes|kadus|camat|lurah|kadis|oknum|mereka|dia|pelaku|preman|polisi|bos|atasan|mandor|"
    r"majikan|kepala|pihak|perusahaan)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[.,;!?\n]+")


def is_no_withdrawal(text: str) -> bool:
    """Whether every word of withdrawing in a text is another's or refused: "kades paksa saya cabut laporan"."""
    found = list(_WITHDRAWING.finditer(text))
    return bool(found) and all(_NOT_OWN.search(_CLAUSE.split(text[: each.start()])[-1]) for each in found)
