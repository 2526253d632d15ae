"""What thanks may hold: that a matter is done, what has happened, or what is not so.

Tests: ``tests/casework/test_likely.py``.
"""

import re
from collections.abc import Sequence
from typing import Final

from functions.casework.understanding.word_lists import all_in, any_in

# A part of it is done, or the rest is hoped for.
_NUMBER: Final = (
    r"(?:\d+|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|separuh|setengah|sebagian|semua\w*)"
)
_PARTLY: Final = re.compile(
    r"\b" + _NUMBER + r"\s?(?:dari|dr|/)\s?" + _NUMBER + r"\b|\bbaru (?:sebelah|" + _NUMBER + r")\b"
    r"|\b(?:yang|yg) (?:lain|laen|sebelah|satu|belakang|depan)\w*"
    r"|\b(?:lainnya|sisanya|sebagian|separuh|separo|setengah)\b"
    r"|\b(?:semoga|smoga|moga|mudah mudahan|mudah-mudahan)\b.*\b(?:lain\w*|segera|sgra|cepat|cpt|juga|jg|menyusul|"
    r"besok|nanti|bisa|sudah|sdh|udah|nyala|menyala|beres|selesai|di\w{3,}(?:i|kan)|diangkut|diganti|diaspal|ditambal)\b",
    re.IGNORECASE | re.DOTALL,
)
CLOSING: Final = "thanks", "agreed", "kind", "already", "done", "things", "address", "self"
TELLING: Final = 3  # words that may tell something


def thanks_in(words: Sequence[str]) -> bool:
    """Whether words hold thanks or agreement: "terima kasih", not "yang terima 19 saja"."""
    said = [word for word in words if word != "terima"] if "kasih" not in words else words
    return any_in(said, "thanks", "agreed")


def is_courtesy(words: Sequence[str]) -> bool:
    """Whether words are thanks, agreement, a greeting, names of address, and nothing else: "iya sudah diterima" is an
    answer."""
    kind = ("kind",) if thanks_in(words) else ()
    return all_in(words, "thanks", "agreed", "greeting", "address", "self", "yes", *kind)


def may_tell(words: Sequence[str], *, doubtful: bool) -> bool:
    """Whether what seems thanks may tell something: what has happened, what is not so, or nothing of thanks at all."""
    more = [word for word in words if not any_in([word], *CLOSING, "greeting", "yes")]
    if any_in(words, "already") and len(more) >= TELLING:  # "damkar sdh datang pak alhamdulillah anak selamat"
        return True
    if len(words) < TELLING or thanks_in(words):
        return False
    few = doubtful and not any_in(words, "kind")
    return few or (len(words) > TELLING and any_in(words, "not_yet"))


def is_partly_done(text: str) -> bool:
    """Whether words say that a part is done, or hope for the rest: "1 dari 5 lampu", "semoga yang lain sudah
    dikerjakan". No such words close a case."""
    return _PARTLY.search(text) is not None


def says_done(text: str, words: Sequence[str]) -> bool:
    """Whether thanks say that the matter is done: "iya betul udah mulus sekarang, salut"."""
    return "?" not in text and any_in(words, "already") and any_in(words, "done") and not any_in(words, "not_yet")
