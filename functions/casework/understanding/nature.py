"""What kind of text it is: a report, an emergency, a greeting, an order to be silent, our own text come back, spam."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

DANGER: Final = re.compile(
    r"\b(kebakaran|terbakar|kebanjiran|banjir bandang|longsor|tenggelam|kecelakaan|darurat|sekarat|pingsan|"
    r"(?:di|mem|pem)?bunuh(?:an)?|bunuh diri|tertembak|ditembak|tembak|bom|sandera|disandera|diculik|penculikan|"
    r"perampok(?:an)?|dirampok|begal|dibegal|perkosa|diperkosa|pemerkosaan|dipukuli|dianiaya|dikeroyok|tawuran|"
    r"tersengat|kesetrum|melahirkan|pendarahan|keracunan)\b",
    re.IGNORECASE,
)


class Sort(StrEnum):
    """What a text is. ``OURS``: a text of this product, or an automatic reply to one, that came back."""

    REPORT = "report"
    EMPTY = "empty"
    GREETING = "greeting"
    CLOSING = "closing"
    SILENCE = "silence"
    OURS = "ours"
    SPAM = "spam"


class Nature(NamedTuple):
    """``danger``: somebody may be in danger, so 112 comes first; better too often than too rarely."""

    sort: Sort = Sort.REPORT
    danger: bool = False


def nature_of(text: str) -> Nature:
    """Return what a text is. Only a text that is nothing else is anything but a report."""
    return Nature(Sort.REPORT if text.strip() else Sort.EMPTY, DANGER.search(text) is not None)
