"""What fits into a short message: counting, splitting and folding to the alphabet that costs least.

GSM-7 (3GPP TS 23.038 §6.2.1) takes 160 septets in one part and 153 in each of many; what is outside of it makes the
whole message UCS-2, 70 units in one part and 67 in each of many. A character of two septets or units is never split,
so parts are filled one by one and then counted.
"""

import unicodedata
from collections.abc import Callable

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
GSM_ONE, GSM_MANY = 160, 153
PARTS_MAX = 3  # of one text of ours
UCS_ONE, UCS_MANY = 70, 67
# What word processors and phones put in by themselves, and letters that no decomposition mends.
_PLAIN: dict[str | int, str | None] = {
    **dict.fromkeys("‘’‚‛`´′", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\t\u00a0\u2007\u2009\u202f\u3000", " "),
    **dict.fromkeys(range(0x300, 0x370), None),  # accents that no letter took up
    **dict.fromkeys(range(0xFE00, 0xFE10), None),  # how an emoji wants to be shown
    **dict(zip("•·×łŁđĐı", "--xlLdDi", strict=True)),
    "…": "...",
}
PLAIN = str.maketrans(_PLAIN)
# Symbols, and what is not seen: one would cost the whole message. Vowel signs of other scripts stay with their letters.
DROPPED = frozenset({"So", "Sk", "Cf", "Cc", "Co", "Cn", "Cs", "Me"})


def is_gsm(text: str) -> bool:
    """Whether all of it is in GSM-7."""
    return all(c in BASIC or c in EXTENDED for c in text)


def units(text: str) -> int:
    """Its length: septets where it is GSM-7, else UTF-16 code units."""
    return sum(map(_measure(text), text))


def split(text: str) -> tuple[str, ...]:
    """The parts it is sent in, each filled before the next is begun; an empty text is one part."""
    measure = _measure(text)
    one, many = (GSM_ONE, GSM_MANY) if measure is _septets else (UCS_ONE, UCS_MANY)
    if sum(map(measure, text)) <= one:
        return (text,)
    parts, size = [""], 0
    for c in text:
        if size + measure(c) > many:
            parts.append("")
            size = 0
        parts[-1] += c
        size += measure(c)
    return tuple(parts)


def count(text: str) -> int:
    """How many parts it is sent in."""
    return len(split(text))


def fold(text: str) -> str:
    """The text in GSM-7, as far as it goes: typography made plain, accents dropped where GSM-7 has no such letter,
    emoji left out. Letters of other scripts stay, and then the message is UCS-2."""
    folded = "".join(map(_folded, unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(PLAIN)))
    return "\n".join(" ".join(line.split()) for line in folded.split("\n")).strip()


def cut(text: str, parts: int, tail: str) -> str:
    """The text where it fits into ``parts``; else as many whole words of it as fit together with ``tail``."""
    if count(text) <= parts:
        return text
    low, high = 0, len(text)
    while low < high:  # more text never takes fewer parts, but for a tail of one alphabet and a text of two
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[:middle] + tail) <= parts else (low, middle - 1)
    head, space, _ = text[:low].rpartition(" ")
    return (head if space and len(head) > low // 2 else text[:low]).rstrip() + tail


def _measure(text: str) -> Callable[[str], int]:
    return _septets if is_gsm(text) else _utf16


def _septets(c: str) -> int:
    return 2 if c in EXTENDED else 1


def _utf16(c: str) -> int:
    return len(c.encode("utf-16-le", "surrogatepass")) // 2


def _folded(c: str) -> str:
    if c == "\n" or (c in BASIC and c != "\r") or (c in EXTENDED and c != "\f"):
        return c
    plain = "".join(each for each in unicodedata.normalize("NFKD", c) if each in BASIC and each != "\r")
    if plain:
        return plain
    return "" if unicodedata.category(c) in DROPPED else c
