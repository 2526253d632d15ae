"""A valid receipt as people write it somewhere in a text, and how to see whether a text still shows it."""

import re
import unicodedata

from hypothesis import strategies as st

from functions.casework.receipt import GROUPS, Receipt, receipt_from_bytes

UNSEEN = ("\u200b", "\u00ad", "\u2060", "\u034f")
BETWEEN = ("", " ", "-", "–", ".", "/", " / ", "\n", ", ", "_", " - ", "\t", "|", ":", "*", "…", " \n> ", "·")
AROUND = st.text("aiueo bngkdrst ,.\n2468", max_size=60)
receipts = st.binary(min_size=13, max_size=13).map(receipt_from_bytes)


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Receipt, str]:
    """A receipt, and a text with it: broken, spaced, stuck, with O, I and L, lower case, full-width, unseen signs."""
    receipt = draw(receipts)
    code = "".join(receipt.groups)
    if draw(st.booleans()):
        code = code.replace("0", draw(st.sampled_from("0Oo"))).replace("1", draw(st.sampled_from("1IiLl")))
    if draw(st.booleans()):
        code = code.lower()
    way = draw(st.sampled_from(("groups", "signs", "anywhere", "words")))
    if way == "groups":
        code = draw(st.sampled_from(BETWEEN)).join(re.findall(".{5}", code))
    elif way == "signs":
        code = draw(st.sampled_from(BETWEEN)).join(code)
    elif way == "anywhere":
        code = "".join(sign + draw(st.sampled_from(BETWEEN)) for sign in code[:-1]) + code[-1]
    elif sum(group.isalpha() or group.isdigit() for group in receipt.groups) < GROUPS - 1:
        between = draw(st.sampled_from((" lalu ", " strip ", "\n2. ")))
        code = " " + between.join(re.findall(".{5}", code)) + " "
    if draw(st.booleans()):
        code = draw(st.sampled_from(UNSEEN)).join(code)
    if draw(st.booleans()):
        code = _wide(code)
    return receipt, draw(AROUND) + code + draw(AROUND)


def shows(text: str, receipt: Receipt) -> bool:
    """Whether a person could read the receipt off a text: all its symbols in order, words that stand between them left
    out. Written apart from the product's finder."""
    plain = unicodedata.normalize("NFKD", text.replace("\\n", " ").replace("\\t", " ")).upper()
    for old, new in (("O", "0"), ("I", "1"), ("L", "1")):
        plain = plain.replace(old, new)
    signs = re.sub(r"[^0-9A-Z]", "", plain)
    return "".join(receipt.groups) in signs or all(group in re.split(r"[^0-9A-Z]+", plain) for group in receipt.groups)
