"""What kind of text it is: a report, an emergency, a greeting, thanks, an order to be silent, our own text come back.

A text is of a sort if every word of it stands in the lists of that sort (``phrases.toml``). Of what no list holds, a
short text is what ``likely`` is sure of; else it is a report. Such a second opinion is marked, so that whoever asks
keeps the words in doubt.
"""

import re
from collections.abc import Callable, Mapping

from functions.casework.understanding.about import (
    HOW,
    OTHER,
    OTHERS,
    PHOTO,
    asked_about,
    asks_us,
    surely_about,
    tells_beside,
    wants_secrecy,
)
from functions.casework.understanding.danger import is_in_danger, is_relieved, speaks_of_life
from functions.casework.understanding.opinion.likely import (
    MATTER,
    REPORT,
    Standing,
    matter_of,
    tells_matter,
    weighed,
)
from functions.casework.understanding.opinion.seeming_silence import only_sounds_silent, speaks_of_messages
from functions.casework.understanding.opinion.told import UNTOLD, Told
from functions.casework.understanding.silence import (
    beside_silence,
    is_another_wish,
    is_said_of_others,
    lifts_silence,
    speaks_of_answers,
    speaks_of_reaching,
    wants_answers,
    wants_only_sms,
)
from functions.casework.understanding.sorts import ABOUT_SURE, SHORT, Nature, Sort, by_lists, without_letters
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.thanks import (
    TELLING,
    gives_up,
    is_no_withdrawal,
    is_partly_done,
    may_tell,
    says_done,
    wants_closed,
)
from functions.casework.understanding.unaddressed import behind_ours, is_advertising, is_among_people, is_sent_goods
from functions.casework.understanding.word_lists import any_in, phrase_data

HELP_SURE = 0.7  # of danger by no word of a life
UNSAID = 0.65  # that somebody gives up who was answered, by no word that says so
LIFTED = 0.8  # of an end of silence: what is said beside it may be words
ALONE_MOST = 7  # words of an order to be silent that says nothing else
ALONE_SURE = 0.85
# How sure the second opinion has to be, by what a mistake costs. Danger is told 112 in doubt. An order to be silent is
# obeyed in doubt: whoever reads the answer may be the danger. What is kept as words anyway costs little.
SURE = {
    "help": 0.39,
    "silence": 0.3,
    "settled": 0.6,
    "withdrawal": 0.6,
    "undone": 0.4,
    "new": 0.8,
    "new, all closed": 0.4,
}
TALK = ("question", "closing", "chat", "about", "advert", "automatic", "speak")  # answered, and no words of a case
# The share of all these together: without a case their words wait for LAPOR, with one for BALAS, so none is lost.
TALK_NONE, TALK_CASE = 0.6, 0.52
ABOUT_LEAST = 0.15  # of small talk that names what people ask of us
CHAT_SURE = 0.85  # small talk of what offices do ("guru", "ktp") has to be surer than that
ABOUT_OTHER = 0.8  # of a question about us by its words that may tell something, since it is about an office
TOPIC_MOST = 3  # words that name what comes next
ASKED_ALONE = 0.9  # of a question and nothing else
ASKED_RATHER = 0.2  # of a question in what seems small talk of somebody with a case: their state answers either
SURELY = 0.95  # of thanks: then what else may stand in them is none, but for a number
SAME = 0.85  # of words that are surely of the open matter
NOT_TALK = 0.02  # that what asks and tells may be a report: "air pdam mati, kapan hidup"
NO_SILENCE = 0.02  # of an order that a rule sees in what is surely talk
ASKED_SILENCE = 0.6  # of silence in what asks: "perlu NIK nya dikirim kah" is no order
HALF_ASKED = 0.3  # a question from here on is answered with the state, though its words are kept as well
_MASH = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}")  # "asdfghjkl": a child at the keys
_CONTINUES = re.compile(r"\W*(?:lanjut(?:an)?|sambung(?:an)?|tambahan)\s*[:,.-]", re.IGNORECASE)
_ABOUT_WHAT = frozenset({"soal", "tentang", "masalah", "mslh", "perihal", "ttg", "mengenai"})  # "soal bantuan"
# A code for one time, of which nobody tells anything.
_ONE_TIME = re.compile(r"(?=.*\b\d{4,8}\b)(?=.*\b(?:otp|kode (?:verifikasi|akses))\b)", re.IGNORECASE | re.DOTALL)
_TOLD_OF = re.compile(r"\b(?:saya|sy|ibu|saldo|habis|hilang|minta|ngaku|ditelp\w*|korban|tertipu)\b", re.IGNORECASE)
_ASKS = re.compile(r"\?|\bkah\b", re.IGNORECASE)
_WORSE = re.compile(r"\b(tambah|bertambah|makin|mkn|semakin)\b", re.IGNORECASE)
_AGAIN = re.compile(  # "kemarin bagus, tadi malam mampet lagi"
    r"\b(?:mampet|buntu|mati|padam|rusak|bocor|banjir|naik|bau|kumat|hilang|putus|berlubang|keruh|macet|n?umpuk|"
    r"menumpuk|kambuh|gelap|longsor|roboh|jebol|lemot)\s(?:lagi|lg|maneh|pulang|lgi)\b",
    re.IGNORECASE,
)


def nature_of(text: str, standing: Standing = Standing.UNKNOWN, told: Callable[[], Told] = lambda: UNTOLD) -> Nature:
    """Return what a text is, by what stands with its writer and what was ``told`` before: that is asked for only if no
    list decides. In doubt it is a report."""
    words = words_of(text)
    if (rest := behind_ours(text)) is not None:
        return Nature(Sort.OURS, rest=rest)
    if not words:
        return without_letters(text) if text.strip() else Nature(Sort.EMPTY)
    mashed = [_MASH.search(word) is not None for word in words]
    if any(mashed) and all(len(word) == 1 or mash for word, mash in zip(words, mashed, strict=True)):
        return Nature(Sort.EMPTY)
    if lifts_silence(text):
        if is_in_danger(text):
            return Nature(danger=True, speak=True)
        return Nature(Sort.CLOSING, likely=True, sure=LIFTED, speak=True)
    found = _by_its_words(text, words, standing, told)
    if found.settled and is_partly_done(text):
        found = found._replace(settled=False)
    speaks = wants_answers(text) and not is_said_of_others(text)  # by a rule alone: no opinion ends silence
    return found._replace(speak=speaks and found.sort is not Sort.SILENCE)


def _by_its_words(text: str, words: list[str], standing: Standing, told: Callable[[], Told]) -> Nature:
    danger = is_in_danger(text)
    rest = None if only_sounds_silent(text) else beside_silence(text)
    if rest is not None and not (rest and _is_surely_talk(text, standing)):
        return Nature(Sort.SILENCE, danger, rest=rest)
    found = Nature(danger=True) if danger else by_lists(text, words[: SHORT + 1])
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
    return Nature() if begins or _CONTINUES.match(text) else _second_opinion(text, words, standing, told())


def _is_surely_talk(text: str, standing: Standing) -> bool:
    """Whether somebody without a case surely means another: "mama pakai hp polisi, isikan pulsa, jgn telpon dulu". What
    may be an order to be silent is obeyed."""
    if standing is not Standing.NONE:
        return False
    share = weighed(text, standing, life=False)
    talk = sum(share[what] for what in ("chat", "advert", "automatic"))
    return talk >= SURELY and share["silence"] <= NO_SILENCE


def _second_opinion(text: str, words: list[str], standing: Standing, told: Told) -> Nature:
    """Return what a text is by ``likely``: a report unless that is sure."""
    share = dict(weighed(text, standing, told, life=speaks_of_life(text)))
    if not speaks_of_reaching(text):
        share["speak"] = 0
    secret = standing is not Standing.NONE and wants_secrecy(text)
    if secret:  # "jgn sampai dia tau sy yg lapor" gives nothing up
        share |= {"withdrawal": 0, "settled": 0}
    goods = is_sent_goods(text)
    if found := _weighty(text, words, standing, share, goods=goods):
        return found
    if standing is Standing.NONE:  # thanks for what nobody here reported
        share = {**share, "closing": share["closing"] + share["settled"]}
    elif secret:  # the officer has to know, and it is answered beside
        return Nature()
    talk = sum(share[what] for what in TALK)
    if talk < (TALK_NONE if standing is Standing.NONE else TALK_CASE):
        return _words(text, standing, share, sure=1 - talk)
    return _what_seems_talk(text, words, standing, share, goods=goods)


def _words(text: str, standing: Standing, share: Mapping[str, float], *, sure: float) -> Nature:
    """Return words of a case: whether they ask as well, and whether they are of another matter or surely of this."""
    asks = share["question"] >= HALF_ASKED
    new = SURE["new, all closed" if standing is Standing.CLOSED else "new"]
    same = sum(share[what] for what in ("add", "undone", "place")) >= SAME
    another = share[REPORT] >= new and not is_relieved(text)  # "api sudah padam" ends the danger that is told of
    return Nature(likely=asks, asks=asks, new=another, same=same, sure=sure)


def _what_seems_talk(
    text: str, words: list[str], standing: Standing, share: Mapping[str, float], *, goods: bool
) -> Nature:
    """Return which talk it is, or that it tells something after all."""
    talk = sum(share[what] for what in TALK)
    what = _kind_of_talk(text, standing, share)
    if _WORSE.search(text):  # news, whatever is asked beside it: "makin miring, kapan diperbaiki?"
        return Nature(likely=True, asks=what == "question", sure=1 - talk)
    of_offices = what == "chat" and talk < CHAT_SURE and matter_of(words) >= MATTER
    with_case = standing is not Standing.NONE
    if what == "closing" and with_case and says_done(text, words):
        return Nature(settled=True, likely=True, sure=talk)
    tells = what == "closing" and with_case and (share[what] < SURELY or any(map(str.isdigit, text)))
    tells = tells and may_tell(words, doubtful=share[what] < TALK_CASE)
    if what == "question" and standing is Standing.NONE and 1 - talk >= NOT_TALK:
        tells = tells or tells_matter(text, words)
    if of_offices or tells or (what == "speak" and goods):
        return Nature(sure=1 - talk)
    asks = what == "question" and share[what] >= ASKED_ALONE
    return _talk(text, what, talk, words)._replace(asks=asks and not speaks_of_answers(text))


def _weighty(
    text: str, words: list[str], standing: Standing, share: Mapping[str, float], *, goods: bool
) -> Nature | None:
    """Return what must not be missed and costs little if it is none: silence, danger, done, given up, not done; None
    for any other. Without a case nothing is done."""
    silence = share["silence"]
    of_goods = goods and matter_of(words) >= MATTER
    no_order = of_goods or wants_only_sms(text) or is_said_of_others(text) or is_another_wish(text)
    no_order = no_order or wants_answers(text) or only_sounds_silent(text)
    no_order = no_order or (wants_secrecy(text) and not speaks_of_messages(text))
    least = ALONE_SURE if not speaks_of_reaching(text) else ASKED_SILENCE if _ASKS.search(text) else SURE["silence"]
    if silence >= least and not no_order:
        alone = len(words) <= ALONE_MOST and silence >= ALONE_SURE
        return Nature(Sort.SILENCE, rest="" if alone else text, likely=True, sure=silence)
    if share["help"] >= (SURE["help"] if speaks_of_life(text) else HELP_SURE):
        return Nature(danger=True, likely=True, sure=share["help"])
    if standing is not Standing.NONE and _AGAIN.search(text):
        return Nature(undone=True, likely=True)
    for what in ("settled", "withdrawal", "undone") if standing is not Standing.NONE else ():
        unsaid = what == "withdrawal" and standing is Standing.ANSWERED and not gives_up(text)
        least = UNSAID if unsaid else SURE[what]
        forced = what == "withdrawal" and is_no_withdrawal(text)
        if share[what] >= least and not forced:
            sort = Sort.GIVEN_UP if what == "withdrawal" else Sort.REPORT
            return Nature(sort, settled=what == "settled", undone=what == "undone", likely=True, sure=share[what])
    return None


def _kind_of_talk(text: str, standing: Standing, share: Mapping[str, float]) -> str:
    """Return which kind of talk is likeliest, and in doubt what is answered best."""
    what = max(TALK, key=share.__getitem__)
    if what == "automatic" and share[what] < TALK_CASE:  # a program's text is not even held
        what = "chat"
    if what in ("chat", "closing") and standing is Standing.NONE and asks_us(text):
        return "about"  # "oo gratis toh apa biasa ya. ok makasih"
    if what != "chat":
        return what
    if share["about"] >= ABOUT_LEAST and asked_about(text) != HOW:
        return "about"
    with_case = standing not in (Standing.NONE, Standing.UNKNOWN)
    return "question" if with_case and share["question"] >= ASKED_RATHER else what


def _talk(text: str, what: str, sure: float, words: list[str]) -> Nature:
    """Return the nature of a text that is no report. A program's or an advert's that speaks of people stays one."""
    if what == "closing" and not any_in(words, "thanks", "agreed", "kind") and len(words) <= TELLING:
        return Nature(Sort.GREETING, likely=True, sure=sure)  # "pak tolong kami"
    sorts = {"question": Sort.QUESTION, "closing": Sort.CLOSING, "about": Sort.HELP, "speak": Sort.CLOSING}
    sorts |= {"automatic": Sort.OURS, "advert": Sort.SPAM}
    if what in ("automatic", "advert"):
        people = re.search(phrase_data()["automatic"]["people"], text, re.IGNORECASE) is not None
        calls = what == "automatic" and "tolong" in words and speaks_of_life(text)
        if calls or (people and not (_ONE_TIME.match(text) and not _TOLD_OF.search(text))):
            return Nature()
    return Nature(sorts.get(what, Sort.TALK), likely=True, sure=sure)
