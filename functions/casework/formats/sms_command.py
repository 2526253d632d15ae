"""What an SMS wants: its sender's number, its command, the code it names. Pure; nobody's words are kept here.

Commands are read generously, as people write them on a keypad, and never at the price of words: what does not fit a
command is a message. ``stop pungli di pasar`` is a report, ``stop`` alone is a wish.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from functions.casework.receipt import GROUP_DATA, GROUPS, Receipt, ReceiptError, parse_receipt

COUNTRY = "62"
NUMBER_DIGITS = (8, 15)  # ITU-T E.164
SHORT_CODE = GROUP_DATA + 1
MARKS = " -–—_."
AFTER_CODE = " :;,.-#\n"
ALIKE = str.maketrans("OIL", "011")


class Command(StrEnum):
    """What an SMS may ask for. ``TEXT`` is any other: a report from a new number, an answer from one with a case."""

    LAPOR = "lapor"
    CEK = "cek"
    BALAS = "balas"
    SELESAI = "selesai"
    BELUM = "belum"
    BERHENTI = "berhenti"
    MULAI = "mulai"
    BANTUAN = "bantuan"
    TEXT = ""


SPELLINGS: Mapping[Command, str] = {
    Command.LAPOR: "lapor laporan lapo lapr lpr lapour lapporr lappor laport melapor mlapor adu aduan pengaduan",
    Command.CEK: "cek chek ceck check cekk cak status sts",
    Command.BALAS: "balas bls blas balass bales balasan jawab jwb reply",
    Command.SELESAI: "selesai slesai selesei slsai slse sls seleasi selsai beres",
    Command.BELUM: "belum blm belom blum blom belun",
    Command.BERHENTI: "berhenti brhenti berenti henti brenti stop unreg",
    Command.MULAI: "mulai mulei mlai start reg",
    Command.BANTUAN: "bantuan bantu help info menu",
}
_COMMANDS = {word: command for command, words in SPELLINGS.items() for word in words.split()}
# These are said alone; with more behind them they begin a sentence.
ALONE = frozenset({Command.BERHENTI, Command.MULAI, Command.BANTUAN})
# These name a case, or stand alone for the only one there is; else they begin a sentence as well.
OF_A_CASE = frozenset({Command.CEK, Command.SELESAI})


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """An SMS as read: the command, the code it names (a whole receipt, or ``short``, the first group of a known one),
    and the words that are left. ``whole`` is all that was written, for where the command turns out not to fit."""

    command: Command
    words: str
    whole: str
    receipt: Receipt | None = None
    short: str = ""


def read_number(sender: str) -> str:
    """The sender's number as ``+62…``, "" where it is none: a name or a short code, to whom nothing can be sent."""
    if not re.fullmatch(r"\+?[\d\s().-]+", sender.strip(), re.ASCII):
        return ""
    digits = re.sub(r"\D", "", sender)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = COUNTRY + digits[1:]
    low, high = NUMBER_DIGITS
    return f"+{digits}" if low <= len(digits) <= high else ""


def read_sms(text: str, prefixes: Collection[str] = (), known: Collection[str] = ()) -> Asked:
    """Read an SMS. ``prefixes`` are words before the command by which a shared number knows whom it is for, ``known``
    the first groups of the codes of the sender's own cases."""
    whole = text.strip()
    first, rest = _first(whole)
    if first in {prefix.lower() for prefix in prefixes}:
        second, further = _first(rest)
        if second not in _COMMANDS:
            return Asked(Command.LAPOR if rest else Command.BANTUAN, rest, whole)
        first, rest = second, further
    command = _COMMANDS.get(first, Command.TEXT)
    text_only = Asked(Command.TEXT, whole, whole)
    if command is Command.TEXT:
        return text_only
    if command is Command.LAPOR:
        return Asked(command if rest else Command.BANTUAN, rest, whole)
    if command in ALONE:
        return text_only if rest else Asked(command, "", whole)
    receipt, short, words = _code(rest, known)
    if command in OF_A_CASE and words and not (receipt or short):
        return text_only
    return Asked(command, words, whole, receipt, short)


def short_code(receipt: Receipt) -> str:
    """The first group of a receipt, by which its owner names it where he has several."""
    return receipt.groups[0]


def _first(text: str) -> tuple[str, str]:
    """The first word in small letters without what is written after it, and what follows."""
    found = re.match(r"[\s#*\"'(]*([^\W\d_]+)[\s:;,.#*!/\"')-]*", text)
    return (found[1].lower(), text[found.end() :].strip()) if found else ("", text.strip())


def _code(text: str, known: Collection[str]) -> tuple[Receipt | None, str, str]:
    """The code at the beginning of a text, whole or the first group of a known one, and the words behind it."""
    size = GROUPS * SHORT_CODE
    at = seen = 0
    while at < len(text) and seen < size and (text[at].isalnum() or text[at] in MARKS):
        seen += text[at].isalnum()
        at += 1
    if seen == size and not text[at : at + 1].isalnum():
        try:
            return parse_receipt(text[:at]), "", text[at:].lstrip(AFTER_CODE)
        except ReceiptError:
            pass
    word, _, rest = text.partition(" ")
    short = word.strip(AFTER_CODE).upper().translate(ALIKE)
    return (None, short, rest.strip()) if short in known else (None, "", text)
