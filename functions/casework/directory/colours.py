"""Contrast of colours, as WCAG 2.2 counts it, for a portal's own ones. A colour is ``#rrggbb``."""

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
LEAST = 4.5  # WCAG 2.2, 1.4.3, of text
# What a portal's colour is read on, or read through: site/assets/lapor.css, where a test looks.
LIGHT_GROUNDS, LIGHT_INK, LIGHT_TEXT = ("#faf8f4", "#ffffff"), "#ffffff", "#17252a"
DARK_GROUNDS, DARK_INK, DARK_TEXT = ("#0f1719", "#172225"), "#06211f", "#eaf1f0"
LIGHT_WASH, DARK_WASH = 0.1, 0.2  # how much of the colour a washed ground has
_STEP = 0.04


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """Return ``share`` (0 to 1) of a colour on a ground."""
    parts = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def wash(colour: str, *, dark: bool) -> str:
    """Return the colour of a washed ground."""
    return mixed(colour, DARK_GROUNDS[1], DARK_WASH) if dark else mixed(colour, LIGHT_GROUNDS[1], LIGHT_WASH)


def least(colour: str, *, dark: bool) -> float:
    """Return the lowest contrast that text meets where a portal has this colour: on grounds, and as a button's."""
    grounds, ink, text = (DARK_GROUNDS, DARK_INK, DARK_TEXT) if dark else (LIGHT_GROUNDS, LIGHT_INK, LIGHT_TEXT)
    ground = wash(colour, dark=dark)
    return min(contrast(text, ground), *(contrast(colour, each) for each in (*grounds, ink, ground)))


def for_the_dark(colour: str) -> str:
    """Return the colour, lighter until it can be read on dark grounds."""
    share = 1.0
    while least(found := mixed(colour, "#ffffff", share), dark=True) < LEAST:
        share -= _STEP
    return found


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))


def _luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1, of sRGB."""
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of the standard
        for part in (channel / 255 for channel in _channels(colour))
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
