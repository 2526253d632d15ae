"""Text as kept and as shown: without signs that nobody sees but that hide words, turn them round or carry a mark.

``clean_text`` is the one function for every way in (form, JSON, SMS, counter, letters, apps, replies), and for reading
what a browser or an older version sealed. Controls of direction let a name be read backwards ("Trojan Source", Boucher
and Anderson 2021). Signs without width split a phone number, so that no rule finds it, or mark a copy.

Joiners stay where a script needs them: inside Arabic or Javanese words, and inside an emoji. Tag signs go even in the
flags of England, Scotland and Wales, because a text can be hidden in them. Files have a stricter rule of their own
(``functions/sanitize/plain_text.py``).
"""

import re
import unicodedata
from functools import cache
from typing import Final

_NEWLINES: Final = re.compile("\r\n?|[\u2028\u2029]")
# Unicode 17: controls, format characters without a form of their own, blank fillers, variation selectors but for the
# emoji's two, interlinear and tag signs, surrogates. A test compares them with Python's tables.
_UNSEEN_RANGES: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # those of the above that are ASCII
# A pattern (ECMA 262, Python) that finds a character of which ``clean_text`` leaves something, whatever stands beside.
VISIBLE: Final = "[^\\s" + _UNSEEN_RANGES.replace("\ud800-\udfff", "") + "\u200c\u200d\u2028\u2029\ufe0e\ufe0f]"
# Letters and marks (no digits) of scripts that join or stack: Arabic to Thaana, India's, Myanmar to Mongolian, those of
# the archipelago (Buginese, Balinese, Sundanese, Batak, Rejang, Javanese), Arabic's later blocks.
_JOINING: Final = (
    "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u07bf\u07ca-\u07ff\u0860-\u08ff\u0900-\u0965\u0970-\u09e5"
    "\u09f0-\u0a65\u0a70-\u0ae5\u0af0-\u0b65\u0b70-\u0be5\u0bf0-\u0c65\u0c70-\u0ce5\u0cf0-\u0d65\u0d70-\u0dff"
    "\u1000-\u103f\u1050-\u109f\u1780-\u17d3\u1820-\u18af\u1a00-\u1a1b\u1b00-\u1b4c\u1b80-\u1baf\u1bba-\u1bf3"
    "\ua930-\ua953\ua980-\ua9c0\ufb50-\ufdfb\ufe70-\ufefc"
)
_PICTURES: Final = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"
_STRAY: Final = (
    f"(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])"
    f"|(?<![{_JOINING}{_PICTURES}\ufe0f])\u200d|(?<=[{_JOINING}])\u200d(?![{_JOINING}])"
    f"|(?<=[{_PICTURES}\ufe0f])\u200d(?![{_PICTURES}])|(?<![{_PICTURES}\xa9\xae\u203c\u2049\u2122\u2139])[\ufe0e\ufe0f](?!\u20e3)"
)


def clean_text(raw: str) -> str:
    """Return text in NFC, newlines as ``\\n``, without signs that nobody sees and without spaces at the ends.

    Emoji, Arabic and any other script stay as written. Cleaning the result again changes nothing.
    """
    if raw.isascii():
        return (raw if raw.isprintable() else _CONTROLS.sub("", _NEWLINES.sub("\n", raw))).strip()
    unseen, stray = _patterns()
    text = unseen.sub("", _NEWLINES.sub("\n", raw))
    while (less := stray.sub("", text)) != text:  # again, as one that goes can leave its neighbour alone
        text = less
    return unicodedata.normalize("NFC", text).strip()


def cleaned_before(raw: str) -> str:
    """Return a text as release 0.1.0 cleaned it: signs that nobody sees stayed. Fingerprints of such texts are kept."""
    kept = (c for c in raw.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or _stayed(c))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _stayed(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds unseen signs, and stray joiners: compiled late, since so many signs are 3 % of a cold start."""
    return re.compile(f"[{_UNSEEN_RANGES}]"), re.compile(_STRAY)
