"""Parsing an SMS: the sender's number, the command, and the receipt it names.

Commands are read generously, as people type them on a keypad, but never at the price of words: what does not fit a
command is a message. ``stop pungli di pasar`` is a report, ``stop`` alone is a command.
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
    """The commands. ``TEXT`` is anything else: a report from a new number, an answer from one with a case."""

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
# These stand alone; with more behind them they begin a sentence.
ALONE = frozenset({Command.BERHENTI, Command.MULAI, Command.BANTUAN})
# These name a case, or stand alone if there is only one; otherwise they begin a sentence as well.
OF_A_CASE = frozenset({Command.CEK, Command.SELESAI})


@dataclass(frozen=True, slots=True, repr=False)
class ParsedSms:
    """A parsed SMS: the command, the receipt it names (whole, or ``short``, the first group of a known one), and the
    words that are left. ``whole`` is the full text, for a command that turns out not to fit."""

    command: Command
    words: str
    whole: str
    receipt: Receipt | None = None
    short: str = ""


def read_number(sender: str) -> str:
    """Return the sender's number as ``+62…``, "" for a name or a short code, which no SMS can be sent to."""
    if not re.fullmatch(r"\+?[\d\s().-]+", sender.strip(), re.ASCII):
        return ""
    digits = re.sub(r"\D", "", sender)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = COUNTRY + digits[1:]
    low, high = NUMBER_DIGITS
    return f"+{digits}" if low <= len(digits) <= high else ""


def read_sms(text: str, prefixes: Collection[str] = (), known: Collection[str] = ()) -> ParsedSms:
    """Parse an SMS. ``prefixes`` are words before the command that address this instance on a shared number, ``known``
    the first groups of the receipts of the sender's own cases."""
    whole = text.strip()
    first, rest = _first(whole)
    if first in {prefix.lower() for prefix in prefixes}:
        second, further = _first(rest)
        if second not in _COMMANDS:
            return ParsedSms(Command.LAPOR if rest else Command.BANTUAN, rest, whole)
        first, rest = second, further
    command = _COMMANDS.get(first, Command.TEXT)
    text_only = ParsedSms(Command.TEXT, whole, whole)
    if command is Command.TEXT:
        return text_only
    if command is Command.LAPOR:
        return ParsedSms(command if rest else Command.BANTUAN, rest, whole)
    if command in ALONE:
        return text_only if rest else ParsedSms(command, "", whole)
    receipt, short, words = _code(rest, known)
    if command in OF_A_CASE and words and not (receipt or short):
        return text_only
    return ParsedSms(command, words, whole, receipt, short)


def short_code(receipt: Receipt) -> str:
    """Return the first group of a receipt, by which an owner of several names it."""
    return receipt.groups[0]


def _first(text: str) -> tuple[str, str]:
    """Return the first word in lower case, without punctuation, and what follows."""
    found = re.match(r"[\s#*\"'(]*([^\W\d_]+)[\s:;,.#*!/\"')-]*", text)
    return (found[1].lower(), text[found.end() :].strip()) if found else ("", text.strip())


def _code(text: str, known: Collection[str]) -> tuple[Receipt | None, str, str]:
    """Return the receipt a text begins with, whole or as the first group of a known one, and the words behind it."""
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
