"""What was written of a case before: the words that tell it from others, and whether its officer asked last.

Tests: ``tests/casework/test_told.py``.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import is_all_of

SHORT_ONES: Final = frozenset({"air", "ktp", "got", "wc", "pju", "kk", "bbm", "spbu"})  # shorter ones that tell it
TELLING: Final = 4  # letters of a word that may tell what a case is about
# Words of where and when, which many matters share: one of these makes two of them no same matter.
_WHEREVER: Final = (
    "jalan depan dekat belakang samping sekitar pasar warga rumah sekolah puskesmas kantor desa dusun kampung "
    "kecamatan kabupaten malam siang pagi sore hari minggu bulan tahun lewat sekali semua orang anak tidak belum masih "
    "lagi juga yang dengan karena sejak kami kita saya tolong mohon sana sini banyak sering dalam tempat terus cepat"
)
WHEREVER: Final = frozenset(_WHEREVER.split())

# An officer's words that want an answer, and those that only sound so.
ASKS: Final = re.compile(
    r"\?|\b(?:mohon|tolong|harap|sebutkan|kirim(?:kan)?|jelaskan|beri ?tahu\w*|kabari|konfirmasi|"
    r"apakah|berapa|kapan|siapa|"
    r"di ?mana)\b",
    re.IGNORECASE,
)
PATIENCE: Final = re.compile(
    r"\bmohon (?:maaf|bersabar|sabar|tunggu|ditunggu|menunggu|maklum|dimaklumi|hati.?hati|pengertian)\b|"
    r"\bharap (?:maklum|bersabar|sabar|tunggu|menunggu)\b",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """Whether an officer wrote last, whether they asked something, and the telling words of all that was written."""

    by_officer: bool = False
    asks: bool = False
    words: frozenset[str] = frozenset()


UNTOLD: Final = Told()


def told_by(texts: Sequence[str], *, by_officer: bool) -> Told:
    """Return what the texts of a case tell, of which an officer may have written the last."""
    asks = by_officer and ASKS.search(PATIENCE.sub(" ", texts[-1])) is not None
    return Told(by_officer, asks, frozenset[str]().union(*map(telling, texts)))


def telling(text: str) -> frozenset[str]:
    """Return the words of a text that may tell one case from another."""
    words = {word.removesuffix("nya") for word in words_of(text) if len(word) >= TELLING or word in SHORT_ONES}
    return frozenset(word for word in words if not is_all_of(word, "address", "self", "asking", "kind", "already"))
