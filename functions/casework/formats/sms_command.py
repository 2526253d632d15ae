"""Parsing an SMS: the sender's number, the command, and the receipt it names.

Commands are read generously, as people type them on a keypad, but never at the price of words: what does not fit a
command is a message. ``stop pungli di pasar`` is a report, ``stop`` alone is a command, and so is ``tolong jangan sms
lagi``. What a text is without any command, ``understanding.nature`` decides.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from functions.casework.receipt import GROUP_DATA, GROUPS, Receipt, ReceiptError, parse_receipt
from functions.casework.understanding.nature import Nature, Sort, is_all_of, nature_of
from functions.casework.understanding.receipts import receipts_in

COUNTRY = "62"
NUMBER_DIGITS = (8, 15)  # ITU-T E.164
SHORT_CODE = GROUP_DATA + 1
SYMBOLS = GROUPS * SHORT_CODE
LONGEST = 4 * SYMBOLS  # of a receipt with marks between its symbols
MARKS = " -\u2013\u2014_."
WORD = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]")
AFTER_CODE = " :;,.-#\n"
ALIKE = str.maketrans("OIL", "011")
CODE_WITHIN = 5  # words in which a short code is looked for
BROKEN_CODE = re.compile(
    r"(?<![0-9A-Za-z])(?=[A-Za-z\u2013-]*\d[A-Za-z\u2013-]*\d)(?:[0-9A-Za-z]{3,6}[\u2013-]){2,}[0-9A-Za-z]{3,6}(?![0-9A-Za-z])"
)
MIXED = re.compile(r"[a-z]\d+[a-z]|\d[a-z]+\d", re.IGNORECASE)


class Command(StrEnum):
    """The commands. ``TEXT`` is anything else: a report from a new number, an answer from one with a case.

    From ``SALAM`` on they are said in other words: a greeting, thanks, a bare yes or no, a text of ours that came back.
    """

    LAPOR = "lapor"
    CEK = "cek"
    BALAS = "balas"
    SELESAI = "selesai"
    BELUM = "belum"
    BERHENTI = "berhenti"
    MULAI = "mulai"
    BANTUAN = "bantuan"
    BARU = "baru"
    CABUT = "cabut"
    SALAM = "salam"
    TERIMA = "terima"
    YATIDAK = "ya"
    KEMBALI = "kembali"
    TEXT = ""


SPELLINGS: Mapping[Command, str] = {
    Command.LAPOR: "lapor laporan lapo lapr lpr lapour lapporr lappor laport melapor mlapor adu aduan pengaduan lapoor "
    "laporkan melaporkan mlaporkan laporin ngelapor ngadu mengadu mengadukan adukan lapur lpor lapok",
    Command.CEK: "cek chek ceck check cekk cak status sts cekin",
    Command.BALAS: "balas bls blas balass bales balasan jawab jwb reply",
    Command.SELESAI: "selesai slesai selesei slsai slse sls seleasi selsai beres tutup ttp close rampung tuntas",
    Command.BELUM: "belum blm belom blum blom belun",
    Command.BERHENTI: "berhenti brhenti berenti henti brenti stop unreg",
    Command.MULAI: "mulai mulei mlai start reg",
    Command.BANTUAN: "bantuan bantu help info menu",
    Command.BARU: "baru bru",
    Command.CABUT: "cabut batal batalkan batalin tarik hapus",
}
_COMMANDS = {word: command for command, words in SPELLINGS.items() for word in words.split()}
# These stand alone; with more behind them they begin a sentence.
ALONE = frozenset({Command.BERHENTI, Command.MULAI, Command.BANTUAN, Command.BARU})
# These name a case, or stand alone if there is only one; otherwise they begin a sentence as well.
OF_A_CASE = frozenset({Command.CEK, Command.SELESAI, Command.CABUT})
POLITE = frozenset(
    {"untuk", "mau", "ingin", "pengen", "hendak", "akan", "mw", "izin", "ijin", "numpang", "dulu", "dgn"}
)
FILLERS = frozenset(
    "laporan laporannya aduan kode kodenya no nomor dengan dgn utk untuk dulu data info tentang".split()
)
OF_MINE = re.compile(
    r"\s*[:,]?\s*(saya|sy|sya|aku|kami|ku|kemarin|kmrn|yang|yg|itu|tadi|sebelumnya|ulun|nya|tersebut)\b", re.I
)
NEW_MATTER = re.compile(
    r"\b(?:mau|ingin|akan|hendak|pengen|izin|ijin)(?: (?:saya|sy|kami|aku|juga|jg)){0,2} (?:me|nge)?(?:lapor|laporkan|laporin|"
    r"adukan|ngadu|ngadukan)\b|\b(?:laporan|aduan|lapor|hal|masalah) (?:baru|lain|kedua|berbeda)\b|\bbeda (?:lagi|laporan|masalah)\b",
    re.IGNORECASE,
)
MORE = re.compile(
    r"^\W*(?:(?:bagian|bag|part|sms|ke)\W*)?(?:[2-9]\s*(?:/|dari|of)\s*[2-9]\b|(?<=bagian )[2-9]\b|(?<=bag )[2-9]\b)",
    re.I,
)


@dataclass(frozen=True, slots=True, repr=False)
class ParsedSms:
    """A parsed SMS: the command, the receipt it names (whole, or ``short``, the first group of a known one), and the
    words that are left. ``whole`` is the full text, for a command that turns out not to fit. ``unknown``: what it names
    is like a receipt and is none. ``more``: it says itself that it is a later part of a long one."""

    command: Command
    words: str
    whole: str
    receipt: Receipt | None = None
    short: str = ""
    unknown: bool = False
    more: bool = False
    nature: Nature = Nature()


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
    addressed = first in {prefix.lower() for prefix in prefixes}
    said = rest if addressed else whole
    if addressed and not said:
        return ParsedSms(Command.BANTUAN, "", whole)
    nature = nature_of(said)
    asked = replace(_by_nature(said, nature) or _by_words(said, known), whole=whole, nature=nature)
    if asked.command is Command.TEXT and nature.sort is Sort.REPORT and not asked.unknown:
        if MORE.match(said):
            return replace(asked, more=True)
        if addressed or NEW_MATTER.search(said):
            return replace(asked, command=Command.LAPOR)
    return asked


def _by_nature(text: str, nature: Nature) -> ParsedSms | None:
    """Return what goes before any command: a text of ours, an order to be silent, a question, in whatever words."""
    if nature.sort is Sort.OURS:
        return ParsedSms(Command.TEXT if nature.rest else Command.KEMBALI, nature.rest, text)
    if nature.sort is Sort.SILENCE:
        return ParsedSms(Command.BERHENTI, nature.rest, text)
    return ParsedSms(Command.CEK, "", text) if nature.sort is Sort.QUESTION else None


def _by_words(text: str, known: Collection[str]) -> ParsedSms:
    """Return the command that a text begins with, politeness aside; else what its words are."""
    command, rest, said = _command(text)
    plain = _plain(text, known)
    if command is Command.LAPOR:
        rest = rest if text.lower().lstrip(" #*\"'(").startswith(said) else "" if _is_idle(rest) else text
        if said == "laporan" and (OF_MINE.match(rest) or _code(rest, known).names):
            return plain
        return ParsedSms(command, "" if _is_idle(rest) else rest, text)
    if command is Command.TEXT:
        return plain
    if command in ALONE and rest:
        return ParsedSms(Command.CEK, "", text) if said == "info" and _is_idle(rest, *FILLERS) else plain
    if command in ALONE:
        return ParsedSms(command, "", text)
    code = _code(rest, known)
    words = "" if command in OF_A_CASE and _is_idle(code.words, *FILLERS) else code.words
    if command in OF_A_CASE and words and not code.names:
        return plain
    return ParsedSms(command, words, text, code.receipt, code.short, code.unknown)


def _command(text: str) -> tuple[Command, str, str]:
    """Return the command, what follows it, and the word it was: the first that is more than politeness."""
    first, rest = _first(text)
    while (
        first
        and first not in _COMMANDS
        and rest
        and (first in POLITE or is_all_of(first, "address", "self", "greeting"))
    ):
        first, rest = _first(rest)
    if first.startswith("lapor") and first not in _COMMANDS and not OF_MINE.match(first.removeprefix("laporan")):
        return Command.LAPOR, text, first  # typed without a blank
    return _COMMANDS.get(first, Command.TEXT), rest, first


def _plain(text: str, known: Collection[str]) -> ParsedSms:
    """Return a text without a command: a receipt and what is said about its case, a courtesy, or words."""
    code = _code(text, known, within=1)
    if code.receipt or code.short:
        idle = _is_idle(code.words, *FILLERS)
        return ParsedSms(
            Command.CEK if idle else Command.BALAS, "" if idle else code.words, text, code.receipt, code.short
        )
    nature = nature_of(text)
    courtesy = {
        Sort.GREETING: Command.SALAM,
        Sort.CLOSING: Command.TERIMA,
        Sort.BARE: Command.YATIDAK,
        Sort.HELP: Command.BANTUAN,
    }
    return ParsedSms(courtesy.get(nature.sort, Command.TEXT), text, text, unknown=code.mistyped)


def _is_idle(text: str, *more: str) -> bool:
    """Whether a text holds nothing but politeness."""
    return all(
        word in POLITE or word in more or is_all_of(word, "address", "self", "thanks", "already", "done", "greeting")
        for word in re.findall(r"\w+", text.lower())
    )


def short_code(receipt: Receipt) -> str:
    """Return the first group of a receipt, by which an owner of several names it."""
    return receipt.groups[0]


def _first(text: str) -> tuple[str, str]:
    """Return the first word in lower case, without punctuation, and what follows."""
    found = re.match(r"[\s#*\"'(]*([^\W\d_]+)[\s:;,.#*!/\"')-]*", text)
    return (found[1].lower(), text[found.end() :].strip()) if found else ("", text.strip())


@dataclass(frozen=True, slots=True, repr=False)
class _Code:
    """A receipt in a text, and the words without it. ``mistyped``: a whole one with an error; ``unknown``: that, or
    something else that is meant as one, since a command stands before it."""

    words: str
    receipt: Receipt | None = None
    short: str = ""
    mistyped: bool = False
    unknown: bool = False

    @property
    def names(self) -> bool:
        return bool(self.receipt or self.short or self.unknown)


def _code(text: str, known: Collection[str], within: int = CODE_WITHIN) -> _Code:
    """Return the receipt that a text holds, whole or as the first group of a known one among its first words."""
    if strict := _strict(text):
        start, end, receipt = strict
        return _Code(" ".join((text[:start] + text[end:]).split()).strip(AFTER_CODE), receipt)
    for found in receipts_in(text):
        words = " ".join((text[: found.start] + text[found.end :]).split()).strip(AFTER_CODE)
        wrong = found.receipt is None
        return _Code(text if wrong else words, found.receipt, mistyped=wrong, unknown=wrong)
    words = text.split()
    for n, word in enumerate(words[:within]):
        if (short := word.strip(AFTER_CODE).upper().translate(ALIKE)) in known:
            return _Code(" ".join(words[:n] + words[n + 1 :]), short=short)
    broken = BROKEN_CODE.search(text) is not None
    first = next((word for word in words if word.lower() not in FILLERS), "")
    return _Code(text, mistyped=broken, unknown=broken or _like_short_code(first, alone=len(words) == 1))


def _strict(text: str) -> tuple[int, int, Receipt] | None:
    """Return the first receipt that begins and ends with a word, and no word more: the one behind it may look like a
    group of it."""
    for found in WORD.finditer(text):
        at = seen = 0
        rest = text[found.start() : found.start() + LONGEST]
        while at < len(rest) and seen < SYMBOLS and (rest[at].isalnum() or rest[at] in MARKS):
            seen += rest[at].isalnum()
            at += 1
        if seen == SYMBOLS and not rest[at : at + 1].isalnum():
            try:
                return found.start(), found.start() + at, parse_receipt(rest[:at])
            except ReceiptError:
                continue
    return None


def _like_short_code(word: str, *, alone: bool) -> bool:
    """Whether a word is like a receipt's first group: five letters and digits that are no word. ``alone``, digits or
    capitals without vowels are enough; before other words "2hari" is none."""
    plain = word.strip(AFTER_CODE)
    if len(plain) != SHORT_CODE or not (plain.isalnum() and plain.isascii()):
        return False
    return bool(MIXED.search(plain)) or (alone and (plain[-1].isdigit() or not set(plain.lower()) & set("aeiou")))
