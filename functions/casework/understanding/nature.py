"""What kind of text it is: a report, an emergency, a greeting, thanks, an order to be silent, our own text come back.

A text is of a sort if every word of it stands in the lists of that sort (``phrases.toml``). Of what no list holds, a
short text is what ``likely`` is sure of; else it is a report. Such a second opinion is marked, so that whoever asks
keeps the words in doubt.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from functions.casework.understanding.about import (
    FIRST,
    HOW,
    OTHER,
    OTHERS,
    PHOTO,
    asked_about,
    asks_us,
    surely_about,
    tells_beside,
)
from functions.casework.understanding.danger import is_in_danger, speaks_of_life
from functions.casework.understanding.likely import MATTER, REPORT, Standing, matter_of, tells_matter, weighed
from functions.casework.understanding.silence import (
    beside_silence,
    is_another_wish,
    is_said_of_others,
    is_sent_goods,
    lifts_silence,
    speaks_of_answers,
    speaks_of_reaching,
    wants_answers,
    wants_only_sms,
)
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.thanks import (
    CLOSING,
    TELLING,
    closes,
    gives_up,
    is_no_withdrawal,
    is_partly_done,
    may_tell,
    says_done,
    settles,
    wants_closed,
)
from functions.casework.understanding.unaddressed import behind_ours, is_advertising, is_among_people
from functions.casework.understanding.word_lists import all_in, any_in, phrase_data

SHORT = 40  # words beyond which no list holds a text
HELP_SURE, UNSAID = 0.8, 0.65  # of danger by no word of a life, of "done" by no word that says so
LIFTED = 0.8  # of an end of silence: what is said beside it may be words
BARE_MOST = 4  # words of a bare yes or no
ALONE_MOST = 7  # words of an order to be silent that says nothing else
ALONE_SURE = 0.85
# How sure the second opinion has to be, by what a mistake costs. Danger is told 112 in doubt. An order to be silent is
# obeyed in doubt: whoever reads the answer may be the danger. What is kept as words anyway costs little.
SURE = {
    "help": 0.39,
    "silence": 0.25,
    "settled": 0.4,
    "withdrawal": 0.4,
    "undone": 0.4,
    "new": 0.8,
}
TALK = ("question", "closing", "chat", "about", "advert", "automatic", "speak")  # answered, and no words of a case
# The share of all these together: without a case their words wait for LAPOR, with one for BALAS, so none is lost.
TALK_NONE, TALK_CASE = 0.6, 0.52
ABOUT_LEAST = 0.15  # of small talk that names what people ask of us
CHAT_SURE = 0.85  # small talk of what offices do ("guru", "ktp") has to be surer than that
ABOUT_SURE, ABOUT_OTHER = 0.9, 0.8  # of a question about us by its words; one about an office may tell something
TOPIC_MOST = 3  # words that name what comes next
ASKED_ALONE = 0.9  # of a question and nothing else
ASKED_RATHER = 0.2  # of a question in what seems small talk of somebody with a case: their state answers either
HALF_ASKED = 0.3  # a question from here on is answered with the state, though its words are kept as well
_MASH = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}")  # "asdfghjkl": a child at the keys
_CONTINUES = re.compile(r"\W*(?:lanjut(?:an)?|sambung(?:an)?|tambahan)\s*[:,.-]", re.IGNORECASE)
_TEST = re.compile(r"\W*(?:(?:tes+t?|test|testing|coba|cek|cobacoba|123|[123])\W*)+", re.IGNORECASE)  # "tes 123"
_ABOUT_WHAT = frozenset({"soal", "tentang", "masalah", "mslh", "perihal", "ttg", "mengenai"})  # "soal bantuan"
_WORSE = re.compile(r"\b(tambah|bertambah|makin|mkn|semakin)\b", re.IGNORECASE)
_AGAIN = re.compile(  # "kemarin bagus, tadi malam mampet lagi"
    r"\b(?:mampet|buntu|mati|padam|rusak|bocor|banjir|naik|bau|kumat|hilang|putus|berlubang|keruh|macet|n?umpuk|"
    r"menumpuk|kambuh|gelap|longsor|roboh|jebol|lemot)\s(?:lagi|lg|maneh|pulang|lgi)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


class Sort(StrEnum):
    """What a text is.

    ``OURS``: a text of this product, or an automatic reply to one, that came back. ``CLOSING``: thanks, or that a
    matter is settled. ``QUESTION``: how one's own report stands. ``HELP``: how this is used, or whose number it is.
    ``BARE``: yes, no or digits and nothing else, which answer what was asked. ``SILENCE``: an order to be silent, also
    within other words. ``GIVEN_UP``: the writer wants their report withdrawn. ``TALK``: meant for somebody else, or
    for nobody.
    """

    REPORT = "report"
    EMPTY = "empty"
    GREETING = "greeting"
    CLOSING = "closing"
    QUESTION = "question"
    HELP = "help"
    BARE = "bare"
    SILENCE = "silence"
    GIVEN_UP = "given up"
    OURS = "ours"
    SPAM = "spam"
    TALK = "talk"


class Nature(NamedTuple):
    """``danger``: somebody may be in danger, so 112 comes first; better too often than too rarely. ``settled``: a
    closing, or any words, that say the matter is done or ask to close the report. ``yes``: what a bare answer says.
    ``rest``: what a person wrote behind a text of ours, or beside an order to be silent. ``likely``: no list says so,
    it is a second opinion, ``sure`` from 0 to 1. ``asks``: words that may ask how the report
    stands, and a question that surely does. ``undone``: what was answered or closed is not done. ``new``: another
    matter than the open ones. ``speak``: who wanted silence wants answers again."""

    sort: Sort = Sort.REPORT
    danger: bool = False
    settled: bool = False
    yes: bool = False
    rest: str = ""
    likely: bool = False
    sure: float = 1
    asks: bool = False
    undone: bool = False
    new: bool = False
    speak: bool = False


def nature_of(text: str, standing: Standing = Standing.UNKNOWN) -> Nature:
    """Return what a text is, by what stands with its writer. In doubt it is a report."""
    words = words_of(text)
    if (rest := behind_ours(text)) is not None:
        return Nature(Sort.OURS, rest=rest)
    if not words:
        return _without_letters(text) if text.strip() else Nature(Sort.EMPTY)
    mashed = [_MASH.search(word) is not None for word in words]
    if any(mashed) and all(len(word) == 1 or mash for word, mash in zip(words, mashed, strict=True)):
        return Nature(Sort.EMPTY)
    if lifts_silence(text):
        if is_in_danger(text):
            return Nature(danger=True, speak=True)
        return Nature(Sort.CLOSING, likely=True, sure=LIFTED, speak=True)
    found = _by_its_words(text, words, standing)
    if found.settled and is_partly_done(text):
        found = found._replace(settled=False)
    speaks = wants_answers(text) and not is_said_of_others(text)  # by a rule alone: no opinion ends silence
    return found._replace(speak=speaks and found.sort is not Sort.SILENCE)


def _by_its_words(text: str, words: list[str], standing: Standing) -> Nature:
    danger = is_in_danger(text)
    if (rest := beside_silence(text)) is not None:
        return Nature(Sort.SILENCE, danger, rest=rest)
    found = Nature(danger=True) if danger else _by_words(text, words[: SHORT + 1])
    if found or is_advertising(text):
        return found or Nature(Sort.SPAM, settled=wants_closed(text, words))
    if wants_closed(text, words):
        return Nature(settled=True)
    if topic := surely_about(text):
        doubtful = topic in (OTHER, OTHERS, PHOTO, "can") or tells_beside(text)
        return Nature(Sort.HELP, likely=True, sure=ABOUT_OTHER if doubtful else ABOUT_SURE)
    if is_among_people(text):
        return Nature(Sort.TALK, likely=True, sure=CHAT_SURE)
    # "soal bantuan" begins a report in pieces.
    begins = standing is Standing.NONE and len(words) <= TOPIC_MOST and words[0] in _ABOUT_WHAT and "?" not in text
    return Nature() if begins or _CONTINUES.match(text) else _second_opinion(text, words, standing)


def _second_opinion(text: str, words: list[str], standing: Standing) -> Nature:
    """Return what a text is by ``likely``: a report unless that is sure."""
    share = {**weighed(text, standing, life=speaks_of_life(text)), **({} if speaks_of_reaching(text) else {"speak": 0})}
    goods = is_sent_goods(text)
    if found := _weighty(text, words, standing, share, goods=goods):
        return found
    if standing is Standing.NONE:  # thanks for what nobody here reported
        share = {**share, "closing": share.get("closing", 0) + share.get("settled", 0)}
    talk = sum(share.get(what, 0) for what in TALK)
    if talk < (TALK_NONE if standing is Standing.NONE else TALK_CASE):
        asks = share.get("question", 0) >= HALF_ASKED
        return Nature(likely=asks, asks=asks, new=share.get(REPORT, 0) >= SURE["new"], sure=1 - talk)
    what = _kind_of_talk(text, standing, share)
    if _WORSE.search(text):  # news, whatever is asked beside it: "makin miring, kapan diperbaiki?"
        return Nature(likely=True, asks=what == "question", sure=1 - talk)
    of_offices = what == "chat" and talk < CHAT_SURE and matter_of(words) >= MATTER
    with_case = standing is not Standing.NONE
    if what == "closing" and with_case and says_done(text, words):
        return Nature(settled=True, likely=True, sure=talk)
    tells = what == "closing" and with_case and may_tell(words, doubtful=share[what] < TALK_CASE)
    tells = tells or (what == "question" and standing is Standing.NONE and tells_matter(text, words))
    if of_offices or tells or (what == "speak" and goods):
        return Nature(sure=1 - talk)
    asks = what == "question" and share[what] >= ASKED_ALONE
    return _talk(text, what, talk, words)._replace(asks=asks and not speaks_of_answers(text))


def _weighty(
    text: str, words: list[str], standing: Standing, share: Mapping[str, float], *, goods: bool
) -> Nature | None:
    """Return what must not be missed and costs little if it is none: silence, danger, done, given up, not done; None
    for any other. Without a case nothing is done."""
    silence = share.get("silence", 0)
    of_goods = goods and matter_of(words) >= MATTER
    no_order = of_goods or wants_only_sms(text) or is_said_of_others(text) or is_another_wish(text)
    if silence >= (SURE["silence"] if speaks_of_reaching(text) else ALONE_SURE) and not no_order:
        alone = len(words) <= ALONE_MOST and silence >= ALONE_SURE
        return Nature(Sort.SILENCE, rest="" if alone else text, likely=True, sure=silence)
    if share.get("help", 0) >= (SURE["help"] if speaks_of_life(text) else HELP_SURE):
        return Nature(danger=True, likely=True, sure=share["help"])
    if standing is not Standing.NONE and _AGAIN.search(text):
        return Nature(undone=True, likely=True)
    for what in ("settled", "withdrawal", "undone") if standing is not Standing.NONE else ():
        unsaid = what == "settled" and not any_in(words, "already", "done", "thanks")
        unsaid = unsaid or (what == "withdrawal" and standing is Standing.ANSWERED and not gives_up(text))
        forced = what == "withdrawal" and is_no_withdrawal(text)
        if share.get(what, 0) >= (UNSAID if unsaid else SURE[what]) and not forced:
            sort = Sort.GIVEN_UP if what == "withdrawal" else Sort.REPORT
            return Nature(sort, settled=what == "settled", undone=what == "undone", likely=True, sure=share[what])
    return None


def _kind_of_talk(text: str, standing: Standing, share: Mapping[str, float]) -> str:
    """Return which kind of talk is likeliest, and in doubt what is answered best."""
    what = max(TALK, key=lambda what: share.get(what, 0))
    if what == "automatic" and share[what] < TALK_CASE:  # a program's text is not even held
        what = "chat"
    if what in ("chat", "closing") and standing is Standing.NONE and asks_us(text):
        return "about"  # "oo gratis toh apa biasa ya. ok makasih"
    if what != "chat":
        return what
    if share.get("about", 0) >= ABOUT_LEAST and asked_about(text) != HOW:
        return "about"
    with_case = standing not in (Standing.NONE, Standing.UNKNOWN)
    return "question" if with_case and share.get("question", 0) >= ASKED_RATHER else what


def _talk(text: str, what: str, sure: float, words: list[str]) -> Nature:
    """Return the nature of a text that is no report. A program's or an advert's that speaks of people stays one."""
    if what == "closing" and not any_in(words, "thanks", "agreed", "kind") and len(words) <= TELLING:
        return Nature(Sort.GREETING, likely=True, sure=sure)  # "pak tolong kami"
    sorts = {"question": Sort.QUESTION, "closing": Sort.CLOSING, "about": Sort.HELP, "speak": Sort.CLOSING}
    sorts |= {"automatic": Sort.OURS, "advert": Sort.SPAM}
    if what in ("automatic", "advert") and re.search(phrase_data()["automatic"]["people"], text, re.IGNORECASE):
        return Nature()
    return Nature(sorts.get(what, Sort.TALK), likely=True, sure=sure)


def _by_words(text: str, words: list[str]) -> Nature | None:
    """Return the sort of a text all of whose words stand in its lists; None if there is none."""
    if surely_about(text) in FIRST:
        return Nature(Sort.HELP, likely=True, sure=ABOUT_SURE)
    if any_in(words, "rating") and all_in(words, "rating", "agreed", "thanks", "kind", "address", "self"):
        return Nature(Sort.CLOSING) if len(re.findall(r"\d+", text)) <= 1 else None
    if _TEST.fullmatch(text):
        return Nature(Sort.GREETING)
    if len(words) > SHORT or any(c.isdigit() for c in text):
        return None
    if len(words) <= BARE_MOST and any_in(words, "yes", "no") and all_in(words, "yes", "no", "address"):
        return Nature(Sort.BARE, yes=not any_in(words, "no"))
    courtesies = (
        (Sort.GREETING, all_in(words, "greeting", "address")),
        (Sort.GREETING, any_in(words, "announce_core") and all_in(words, "announce", "greeting", "address")),
        (Sort.TALK, any_in(words, "curse") and all_in(words, "curse", "cursed", "address")),
        (Sort.HELP, _asks_for_help(text, words)),
        (Sort.CLOSING, "?" not in text and closes(words)),
        (Sort.QUESTION, any_in(words, "ask_core") and all_in(words, "ask", "asking", "address", "self", "greeting")),
        (Sort.QUESTION, "?" in text and any_in(words, "already") and any_in(words, "done") and all_in(words, *CLOSING)),
        (Sort.QUESTION, any_in(words, "arrived") and _asks_whether(text, words)),
    )
    sort = next((sort for sort, is_it in courtesies if is_it), None)
    return Nature(sort, settled=sort is Sort.CLOSING and settles(words)) if sort else None


def _asks_for_help(text: str, words: list[str]) -> bool:
    asks = any_in(words, "help_core") or ("?" in text and any_in(words, "help_of"))
    of_state = any(any_in([word], "ask_core") and not any_in([word], "help") for word in words)  # "gmn kabarnya"
    return asks and not of_state and all_in(words, "help", "address", "self", "greeting")


def _asks_whether(text: str, words: list[str]) -> bool:
    """Whether somebody asks if their report has come: "sdh dicatat?", "sudah masuk blm laporan saya"."""
    asks = "?" in text or any_in(words, "whether")
    return asks and all_in(words, "arrived", "ask", "asking", "already", "address", "self", "greeting")


def _without_letters(text: str) -> Nature:
    """Return what a text without Latin letters is: a report in another script, digits that answer something, a smile,
    or nothing at all."""
    if any(_LETTER.match(c) for c in text):
        return Nature()
    if any(c.isdigit() for c in text):
        return Nature(Sort.BARE)
    return Nature(Sort.EMPTY if text.isascii() else Sort.GREETING)
