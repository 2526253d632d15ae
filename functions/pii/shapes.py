"""What has the shape of a number, a plate, a name of one's own or a machine's mark, in a folded text, for the judge."""

import re
from collections.abc import Iterator
from typing import Final

DIGITS: Final = "digits"
PLATE: Final = "shape"
_DIGITS = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Z]{1,4}[ ./-]?|[a-z]{1,4}[./-]?)?[0-9]"
    r"(?:[ ./-]?[0-9]|[A-Za-z]{1,4}(?=[0-9])|[./-][A-Za-z]{1,6}(?=[./-])){3,30}(?![0-9])"
)
_SUM_OR_DATE = re.compile(
    r"(?:rp\.? ?)?[0-9]{1,3}(?:[.,][0-9]{3})+$|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)?[0-9]{2}$", re.IGNORECASE
)
# What machines write, a checksum or a file's name: nobody is found by it, and its pieces look like plates and homes.
HEX: Final = re.compile("(?<![0-9A-Za-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,}(?![0-9A-Za-z])")
_LITTLE = re.compile("[^0-9@_]*[0-9][^0-9@_]*(?:[0-9][^0-9@_]*)?")  # one digit or two, and no account
SLASHED: Final = re.compile("^/[A-Z]{2}|[A-Z]{2}/$")  # "045/LSM-PKR/2026": a number's own letters
_PLATE = re.compile(r"(?<![0-9A-Za-z/.-])[A-Za-z]{1,2}[ .-]?[0-9]{3,4}[ .-]?[A-Za-z]{1,3}(?![0-9A-Za-z])")
OWN_NAME: Final = re.compile(
    r"(?i)\b(?:(?:nama|nm|ngaran|jeneng|aran)(?: lengkap| asli| panggilan)? ?(?:saya|sy|sya|aku|ak|ulun|kulo|kula)|"
    r"namaku|(?:saya|sy|aku|kami) (?:yang )?bernama)\W{0,3}(?:(?:adalah|ialah|pak|bu|ibu|bapak) )?\b"
)
CAPITALS: Final = re.compile(
    r"(?i:(?:pdt|ust|dr[as]?|ir|hj?|muh|moh|abd|[a-z])\. ?){0,2}[A-Z][a-z'-]+(?: [A-Z][a-z'-]+){0,3}"
)
_FEW: Final = 4  # digits without which signs alone are no number of anybody's


def numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield long numbers, and plates in any letters, but no sums and dates."""
    for pattern, kind in ((_DIGITS, DIGITS), (_PLATE, PLATE)):
        for match in pattern.finditer(text):
            if not _SUM_OR_DATE.match(match[0]):
                yield kind, *match.span()


def is_none(text: str) -> bool:
    """Whether what stands for a number is a sum, a date, a time, or "A1+B2" of a spreadsheet."""
    few = sum(sign.isdigit() for sign in text) < _FEW and not any(sign.isalpha() or sign == "@" for sign in text)
    return few or bool(_LITTLE.fullmatch(text) or _SUM_OR_DATE.match(text))
