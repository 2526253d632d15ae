"""Parsing an SMS: the sender's number, the command, and the receipt it names.

Commands are read generously, as people type them on a keypad, but never at the price of words: what does not fit a
command is a message. ``stop pungli di pasar`` is a report, ``stop`` alone is a command, and so is ``tolong jangan sms
lagi``. What a text is without any command, ``understanding.nature`` decides.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from functions.casework.formats.sms_codes import find_code
from functions.casework.formats.sms_phrases import (
    ASKS,
    ASKS_WORDS,
    CODE_NAMED,
    FILLERS,
    GIVES_UP,
    LIKE_CODE,
    MORE,
    NEW_MATTER,
    OF_A_REPORT,
    OF_BEFORE,
    OF_MINE,
    OF_ONE,
    POLITE,
    WHETHER,
)
from functions.casework.receipt import Receipt
from functions.casework.understanding.about import says_more, surely_about, tells_beside
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.opinion.told import UNTOLD, Told
from functions.casework.understanding.sorts import Nature, Sort
from functions.casework.understanding.spelling import is_alike, once
from functions.casework.understanding.thanks import accepts, is_no_withdrawal
from functions.casework.understanding.word_lists import is_all_of

UNREAD = Nature()


class Command(StrEnum):
    """The commands. ``TEXT`` is anything else: a report from a new number, an answer from one with a case.

    ``BACA`` asks for one's own words, in no word of its own. From ``SALAM`` on they are said in other words: a
    greeting, thanks, a bare yes or no, a text of ours that came back, talk that is meant for somebody else.
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
    BACA = "baca"
    SALAM = "salam"
    TERIMA = "terima"
    YATIDAK = "ya"
    KEMBALI = "kembali"
    LAIN = "lain"
    TEXT = ""


SPELLINGS: Mapping[Command, str] = {
    Command.LAPOR: "lapor laporan lapo lapr lpr lapour lapporr lappor laport melapor mlapor adu aduan pengaduan lapoor "
    "laporkan melaporkan mlaporkan laporin ngelapor ngadu mengadu mengadukan adukan lapur lpor lapok",
    Command.CEK: "cek chek ceck check cekk cak status sts cekin cekan cekkan setatus statuz statu stattus",
    Command.BALAS: "balas bls blas balass bales balasan jawab jwb reply",
    Command.SELESAI: "selesai slesai selesei slsai slse sls seleasi selsai beres tutup ttp close rampung tuntas",
    Command.BELUM: "belum blm belom blum blom belun",
    Command.BERHENTI: "berhenti brhenti berenti henti brenti stop stpo sotp unreg",
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
FEWEST, FEW, ASKS_MOST = 3, 5, 10
FUZZY = {"status": Command.CEK, "perkembangan": Command.CEK, "selesai": Command.SELESAI, "batalkan": Command.CABUT}


@dataclass(frozen=True, slots=True, repr=False)
class ParsedSms:
    """A parsed SMS: the command, the receipt it names (whole, or ``short``, the first group of a known one), and the
    words that are left. ``whole`` is the full text, for a command that turns out not to fit. ``unknown``: what it names
    is like a receipt and is none. ``asks``: beside its words it asks for the state. ``more``: it says itself that it is
    a later part of a long one. ``seemed``: the answer to what its words, which are kept, probably are.
    ``beside``: the command beside an order to be silent."""

    command: Command
    words: str
    whole: str
    receipt: Receipt | None = None
    short: str = ""
    unknown: bool = False
    asks: bool = False
    more: bool = False
    nature: Nature = UNREAD
    seemed: str = ""
    beside: Command = Command.TEXT


def read_sms(
    text: str,
    prefixes: Collection[str] = (),
    known: Collection[str] = (),
    standing: Standing = Standing.UNKNOWN,
    told: Callable[[], Told] = lambda: UNTOLD,
) -> ParsedSms:
    """Parse an SMS. ``prefixes`` are words before the command that address this instance on a shared number, ``known``
    the first groups of the receipts of the sender's own cases, ``standing`` how these stand, ``told`` what they say."""
    whole = text.strip()
    first, rest = _first(whole)
    addressed = first in {prefix.lower() for prefix in prefixes}
    said = rest if addressed else whole
    if addressed and not said:
        return ParsedSms(Command.BANTUAN, "", whole)
    nature = nature_of(said, standing, told)
    if nature.sort is Sort.OURS and nature.rest:  # what a person added is an SMS of its own
        added = read_sms(nature.rest, prefixes, known, standing, told)
        return ParsedSms(Command.CEK, "", whole) if added.command in (Command.SALAM, Command.BANTUAN) else added
    asked = (None if nature.likely else _by_nature(said, nature)) or _by_words(said, known, nature)
    asked = _by_opinion(asked, said, nature, standing, told) if nature.likely else asked
    asked = replace(asked, whole=whole, nature=nature)
    return (
        _with_silence(asked, known)
        if asked.command is Command.BERHENTI
        else _as_words(asked, said, addressed=addressed)
    )


def _with_silence(asked: ParsedSms, known: Collection[str]) -> ParsedSms:
    """Return an order to be silent with the command that stands beside it."""
    at = _by_words(asked.words, known, UNREAD) if asked.words else ParsedSms(Command.TEXT, "", "")
    whole = asked.words or asked.whole
    return replace(at, command=Command.BERHENTI, beside=at.command, whole=whole, nature=asked.nature)


def _as_words(asked: ParsedSms, said: str, *, addressed: bool) -> ParsedSms:
    """Return what words without a command of their own ask for, if anything."""
    nature = asked.nature
    if asked.command in (Command.TEXT, Command.BALAS) and (other := _of_ones_own(said, nature)):
        return replace(asked, command=other)
    if asked.command is Command.TEXT and nature.sort is Sort.REPORT and not asked.unknown:
        if MORE.match(said):
            return replace(asked, more=True)
        surely_settled = nature.settled and not nature.likely
        another = NEW_MATTER.search(said) and not (nature.same or surely_settled)
        if another or (addressed and not nature.settled):
            return replace(asked, command=Command.LAPOR)
    return asked


def _of_ones_own(text: str, nature: Nature) -> Command | None:
    """Return whether words withdraw one's own report or, few as they are, ask for its text."""
    if GIVES_UP.search(text) and not is_no_withdrawal(text):
        return Command.CABUT
    return Command.BACA if ASKS_WORDS.search(text) and len(text.split()) <= ASKS_MOST and not nature.danger else None


def begins_with_done(text: str) -> bool:
    """Whether a text begins with SELESAI, however it is spelled."""
    return _command(text)[0] is Command.SELESAI


def _by_nature(text: str, nature: Nature) -> ParsedSms | None:
    """Return what goes before any command: a text of ours, an order to be silent, a question, in whatever words."""
    if nature.sort is Sort.OURS:
        return ParsedSms(Command.KEMBALI, "", text)
    if nature.sort is Sort.SILENCE:
        return ParsedSms(Command.BERHENTI, nature.rest, text)
    words = text if nature.likely else ""
    return ParsedSms(Command.CEK, words, text) if nature.sort is Sort.QUESTION else None


def _by_opinion(said: ParsedSms, text: str, nature: Nature, standing: Standing, told: Callable[[], Told]) -> ParsedSms:
    """Return what words without command and code are by the second opinion, if there is one. An order to be silent goes
    before any command; "BALAS" itself is no word of it."""
    silent = nature.sort is Sort.SILENCE
    if silent and (not said.command or nature_of(said.words, standing).sort is Sort.SILENCE):
        return ParsedSms(Command.BERHENTI, nature.rest, text)
    if said.command is Command.LAPOR and nature.settled and accepts(said.words, told().words):
        return ParsedSms(Command.TEXT, text, text)  # "lapor pak, lampunya sudah nyala", and nothing beside it
    about_us = said.command is Command.LAPOR and nature.sort in (Sort.HELP, Sort.TALK) and WHETHER.search(text)
    adds = tells_beside(text) or (_COMMANDS.get(_first(text)[0]) is Command.BALAS and says_more(text))
    asks = said.command is Command.BALAS and surely_about(text) and not adds
    if about_us or (asks and not (said.receipt or said.short)):
        return ParsedSms(Command.BANTUAN, "", text)  # "boleh lapor tanpa nama?", "yg bales ini robot?"
    of_one = said.command is Command.LAPOR and nature.sort is Sort.QUESTION
    of_one = of_one and _first(text)[0] in OF_ONE and len(text.split()) >= FEWEST
    if (said.command is not Command.TEXT and not of_one) or said.receipt or said.short or said.unknown:
        return said
    given_up = ParsedSms(Command.CABUT, "", text) if nature.sort is Sort.GIVEN_UP else None
    return _by_nature(text, nature) or given_up or said


def _by_words(text: str, known: Collection[str], nature: Nature) -> ParsedSms:
    """Return the command that a text begins with, politeness aside; else what its words are."""
    coded = bool(find_code(text, known, within=1).short)  # "JWB7H" is no JAWAB
    command, rest, said = (Command.TEXT, text, "") if coded or OF_BEFORE.match(text) else _command(text)
    plain = _plain(text, known, nature)
    if command is Command.LAPOR:
        return _reporting(text, rest, said, known) or plain
    if command in ALONE and not rest:
        return ParsedSms(command, "", text)
    if said == "info" and _is_idle(rest, *FILLERS):
        return ParsedSms(Command.CEK, "", text)
    if command is Command.TEXT and plain.receipt:
        command = next((asked for name, asked in FUZZY.items() if is_alike(once(said), name)), command)
    behind = command is Command.BALAS and not rest and _first(text)[0] != said and nature.sort is not Sort.REPORT
    if command is Command.TEXT or command in ALONE or behind:  # "haha ngapain balas"
        return plain
    code = find_code(rest, known, FILLERS)
    idle = _is_idle(code.words, *FILLERS) or (command is Command.CABUT and OF_A_REPORT.match(rest))
    words = "" if command in OF_A_CASE and idle else code.words
    if command in OF_A_CASE and words and not code.names:
        *before, last = rest.split() or [""]
        unknown = bool((_is_idle(" ".join(before), *FILLERS) and LIKE_CODE.fullmatch(last)) or CODE_NAMED.search(rest))
        return ParsedSms(command, "", text, unknown=True) if unknown else plain
    if command is Command.BALAS and not (idle or code.names) and _first(text)[0] != said:
        words = text  # "yang jawab orang loket": nothing that stands before it is lost
    return ParsedSms(command, words, text, code.receipt, code.short, code.unknown)


def _reporting(text: str, rest: str, said: str, known: Collection[str]) -> ParsedSms | None:
    """Return a report; None if "laporan" begins a sentence about one. Nothing that stands before LAPOR is lost."""
    if said == "laporan" and (OF_MINE.match(rest) or find_code(rest, known, FILLERS).names):
        return None
    if _is_idle(rest):
        return ParsedSms(Command.LAPOR, "", text)
    return ParsedSms(Command.LAPOR, rest if _first(text)[0] == said else text, text)


def _command(text: str) -> tuple[Command, str, str]:
    """Return the command, what follows it, and the word it was: the first that is more than politeness."""
    first, rest = _first(text)
    while first and rest and first not in _COMMANDS and _is_polite(first):
        first, rest = _first(rest)
    if first.startswith("lapor") and first not in _COMMANDS and not OF_MINE.match(first.removeprefix("laporan")):
        return Command.LAPOR, text, first  # typed without a blank
    return _COMMANDS.get(first, Command.TEXT), rest, first


def _plain(text: str, known: Collection[str], nature: Nature) -> ParsedSms:
    """Return a text without a command: a receipt and what is said about its case, a courtesy, or words."""
    code = find_code(text, known, within=1)
    if not code.names and (inside := find_code(text, known)).short:  # "mau tau kabar AB12C dong"
        code = inside if _is_short(inside.words) and nature_of(inside.words).sort is Sort.QUESTION else code
    if code.receipt or code.short:
        asks = ASKS.search(code.words) is not None
        said = nature_of(code.words)
        question = said.sort is Sort.QUESTION and (not said.likely or (_is_short(code.words) and not asks))
        idle = _is_idle(code.words, *FILLERS) or question
        command, words = (Command.CEK, "") if idle else (Command.BALAS, code.words)
        return ParsedSms(command, words, text, code.receipt, code.short, asks=asks)
    courtesy = {
        Sort.GREETING: Command.SALAM,
        Sort.CLOSING: Command.TERIMA,
        Sort.BARE: Command.YATIDAK,
        Sort.HELP: Command.BANTUAN,
        Sort.TALK: Command.LAIN,
    }
    return ParsedSms(courtesy.get(nature.sort, Command.TEXT), text, text, unknown=code.mistyped)


def _is_short(text: str) -> bool:
    """Whether words beside a code are few enough that a second opinion of them is trusted."""
    return FEWEST <= len(text.split()) <= FEW


def _is_polite(word: str) -> bool:
    return word in POLITE or is_all_of(word, "address", "self", "greeting")


def _is_idle(text: str, *more: str) -> bool:
    """Whether a text holds nothing but politeness and ``more``."""
    words = re.findall(r"\w+", text.lower())
    return not re.search(r"\d{4}", text) and all(
        word in more or _is_polite(word) or is_all_of(word, "thanks", "already", "done") for word in words
    )


def _first(text: str) -> tuple[str, str]:
    """Return the first word in lower case, without punctuation, and what follows."""
    found = re.match(r"[\s#*\"'(]*([^\W\d_]+)[\s:;,.#*!/\"')-]*", text)
    return (found[1].lower(), text[found.end() :].strip()) if found else ("", text.strip())
