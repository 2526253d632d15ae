"""What an SMS is answered that is probably no report: a question about this number, small talk, an advert.

Its words wait where their writer is told so, and one word makes a report or an answer of them. Where nobody would be
told, or where they may be words all the same, they are (``weighed``).

Tests: ``tests/doors/test_sms_talk.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.actions.reporter.sms_cases import Known, not_in_quarantine
from functions.actions.reporter.sms_words import SmsWords
from functions.actions.reporter.texting.whole_sms import Sms
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_about import ABOUT, ABOUT_CASE, BESIDE
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import TO_WORDS, Asked, Sender, hash_of
from functions.casework.report import REASON_MAX
from functions.casework.understanding.about import (
    HOW,
    OTHER,
    asked_about,
    asked_beside,
    is_curse,
    surely_about,
    tells_beside,
)
from functions.casework.understanding.opinion.likely import MATTER as SPEAKS
from functions.casework.understanding.opinion.likely import OF_REPORTS, matter_of
from functions.casework.understanding.said import what_is_said
from functions.casework.understanding.sorts import Nature, Sort
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.thanks import is_courtesy, postpones, tells_no_thanks, thanks_in
from functions.casework.understanding.unaddressed import is_among_people

DOUBTFUL = Nature(likely=True)  # words that may be none
MATTER = 6  # words of a matter of its own
LONG = 16  # words of a question or thanks that tell something besides
ASKS_WORDS = 6  # words that ask for one's own text and tell nothing
MENU = 2  # words that ask for the commands
WISHES = re.compile(
    r"\b(?:kalau|kalo|klo|klw|kl|yen|mun|amun) (?:bisa|iso|kawa)\b|\b(?:jgn|jangan|ojo)\b", re.IGNORECASE
)
KEPT_SURE = 0.97  # that it is thanks, talk or a question and nothing for an open case: "pagi jam 6 smpe 9"
PLACED_SURE = 0.95  # the same of somebody without a case: talk seldom names a village
# What somebody else said: news, though it may be asked how it stands as well.
HEARSAY = re.compile(
    r"^\W*(?:kata|katanya|ktnya|kt|jawab|jawabnya|jawabannya|alasan|alasannya|dibilang)\b", re.IGNORECASE
)
OF_NUMBERS = (HOW, OTHER, "who", "whose", "can")  # topics of which a government elsewhere may be meant
NUMBER = re.compile(r"\b(?:nomor|nomer|nmr|no|kontak)\b", re.IGNORECASE)
VERY_SURE = 0.85  # of a second opinion: then a place in the words does not make them a report or an answer


@dataclass(frozen=True, slots=True)
class SmsTalk:
    """Answers talk. ``url`` is where reports are read."""

    words: SmsWords
    url: str

    def weighed(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> ParsedSms:
        """Return what is no report by a second opinion alone: words all the same, if they may be; else their sender may
        make them words with LAPOR or BALAS. Who wants no SMS would not learn of that, so their words are kept."""
        unheard = sms.unheard or (sms.muted and bool(known))
        if (unheard and asked.command is not Command.KEMBALI) or self._may_be_words(sender, asked, known):
            asks = bool(known) and asked.command is Command.CEK
            return replace(asked, command=Command.TEXT, words=asked.words or asked.whole, nature=DOUBTFUL, asks=asks)
        if asked.command is not Command.KEMBALI:
            self.words.cases.hold(asked.words or asked.whole, sender, known)
            if not known:
                sender.ask(Asked.REPORT)
        return asked

    def about(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Answer a question about this number, or say how it is used."""
        few = len(asked.whole.split()) <= MENU and not surely_about(asked.whole)
        if asked.nature.sort not in (Sort.HELP, Sort.TALK) or few:
            return say.HELP
        topics = asked_about(asked.whole), asked_beside(asked.whole)
        ours = [each for each in not_in_quarantine(known) if each.head.open]
        if topics[0] in OF_NUMBERS and (elsewhere := self._elsewhere(asked.whole)):
            answer = elsewhere
        elif ours and topics[0] in ABOUT_CASE:
            answer = self._beside(sender, topics, ours[-1])
        else:
            answer = say.with_more(ABOUT[topics[0]], BESIDE.get(topics[1], ""))
        answer = answer.format(url=self.url)
        if topics[0] == OTHER and not known and sender.waiting:
            return say.with_more(answer, say.HELD_QUESTION)
        least = VERY_SURE if surely_about(asked.whole) else KEPT_SURE
        doubt = not known and asked.nature.likely and asked.nature.sure < least
        if not surely_about(asked.whole) and asked.nature.likely and asked.nature.sure >= KEPT_SURE:
            return say.with_more(answer, say.HELD_CASE if any(each.head.open for each in known) else "")
        return say.with_more(answer, say.HELD) if doubt else answer

    def _elsewhere(self, text: str) -> str:
        """Return the answer to who asks for a government elsewhere, "" if a text names none."""
        where = self.words.places.named(text).elsewhere
        own = self.words.submit.directory.agency(self.words.instance).name.removeprefix("Pemerintah ")
        return say.ELSEWHERE_ASKED.format(office=own, where=where) if where else ""

    def _beside(self, sender: Sender, topics: tuple[str, str], case: Known) -> str:
        """Return the answer to a question about this number of somebody with an open case, and its state, which they
        may mean."""
        danger = self.words.cases.in_danger(sender, case)
        state = say.with_state(say.STATE_SHORT, case.head, case.short, danger=danger).strip()
        return say.with_more(say.with_more(ABOUT_CASE[topics[0]], BESIDE.get(topics[1], "")), state)

    def small_talk(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Say what this number is to somebody who means another, and calmly to whoever curses."""
        self.words.cases.hold(asked.whole, sender, known)
        ours, curse = not_in_quarantine(known), is_curse(asked.whole)
        if ours and not ours[-1].head.open:
            return say.state(ours[-1].head, ours[-1].short)
        if ours:
            return say.with_state(say.CALM_CASE if curse else say.TALK_CASE, ours[-1].head, ours[-1].short)
        sender.ask(Asked.REPORT)
        if NUMBER.search(asked.whole) and (elsewhere := self._elsewhere(asked.whole)):
            return say.with_more(elsewhere, say.HELD)
        thanks = thanks_in(words_of(asked.whole)) and not is_among_people(asked.whole)
        return say.CALM if curse else say.THANKED if thanks else say.TALK

    def advert(self, sms: Sms, sender: Sender, asked: ParsedSms) -> str:
        """Answer an advert once. Whoever means it as a report writes LAPOR before it; unheard, it is one."""
        if sms.unheard:
            return self.words.report(sms, sender, asked)
        before = hash_of(asked.whole) in sender.said
        if not before:
            sender.remember(asked.whole, "")
        return "" if before else say.ADVERT

    def read_there(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Say where a report can be read. Words that may tell something wait for LAPOR or BALAS."""
        tells = len(asked.whole.split()) > ASKS_WORDS or matter_of(words_of(asked.whole)) >= SPEAKS
        if tells:
            self.words.cases.hold(asked.whole, sender, known)
        held = say.HELD_CASE if any(each.head.open for each in known) else say.HELD
        return say.with_more(say.read_there(self.url), held if tells else "")

    def is_answered_so(self, sender: Sender, read: ParsedSms, asked: ParsedSms, known: Sequence[Known]) -> bool:
        """Whether words that are kept beside a case are answered as what they were ``read`` as: their writer, who
        probably thanked or asked, notices nothing."""
        ours = not_in_quarantine(known)
        if asked.command is not Command.TEXT or len(ours) != 1 or not ours[0].head.open:
            return False
        if HEARSAY.match(read.whole):
            return False
        rather, words = read.nature.sure >= VERY_SURE, words_of(read.whole)
        if read.command is Command.BANTUAN:
            return asked_about(read.whole) != HOW
        thanks = read.command in (Command.TERIMA, Command.SALAM) and (
            thanks_in(words) or (rather and read.command is Command.SALAM)
        )
        return thanks or (read.command is Command.CEK and rather and not self.words.cases.in_danger(sender, ours[0]))

    def _may_be_words(self, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> bool:
        """Whether words that are no report by a second opinion alone are kept all the same: they tell something, or, if
        it is less than very sure, name a place, stand beside an open case or answer what was asked."""
        said = what_is_said(asked.whole, self.words.submit.directory, self.words.instance)
        open_ones = [each for each in known if each.head.open]
        waits = self.words.cases.waits_for_answer(open_ones)
        if asked.command is Command.CEK and not known and OF_REPORTS.search(asked.whole):
            return False  # "saya yg kemarin lapor lampu, gimana kabarnya"
        topic = asked_about(asked.whole) if asked.command is Command.BANTUAN else HOW
        answers = waits and asked.command is Command.BANTUAN  # "kode meteran saya tidak tahu"
        asks_us = surely_about(asked.whole) and not tells_beside(asked.whole)
        accuses = any(each.sure for each in said.accused) and not asks_us
        resigned = bool(open_ones) and asked.command is Command.TERIMA and not asked.nature.speak
        resigned = resigned and tells_no_thanks(words_of(asked.whole)) and not postpones(asked.whole)
        wishes = bool(open_ones) and asked.command is Command.TERIMA and WISHES.search(asked.whole) is not None
        if accuses or self._tells(asked, known) or answers or resigned or wishes:
            return True
        placed = bool(said.places.district or said.places.possible)
        beside = bool(open_ones) and _is_beside_case(asked)
        if beside and placed and any(each.receipt.symbols in sender.unplaced for each in open_ones):
            return True
        answers = waits and asked.command is Command.LAIN
        least = KEPT_SURE if beside or answers else PLACED_SURE if placed and not known else VERY_SURE
        if asked.nature.sure >= least or (topic != HOW and not beside):
            return False
        if beside or placed or (known and asked.command is Command.CEK):  # the state is told all the same
            return True
        return bool(known) and (sender.asked in TO_WORDS or self.words.cases.waits_for_answer(known))

    def _tells(self, asked: ParsedSms, known: Sequence[Known]) -> bool:
        """Whether a text is too long to wait, to be no more than a question, or says where its writer is."""
        if known:
            long = len(asked.whole.split()) > LONG and asked.command is not Command.LAIN
            long = long or (HEARSAY.match(asked.whole) is not None and "?" not in asked.whole)
            return long or len(asked.whole) > REASON_MAX
        return len(asked.whole) > REASON_MAX or self.words.places.says_where(asked.whole)


def _is_beside_case(asked: ParsedSms) -> bool:
    """Whether a text may be words for an open case: no mere courtesy, no program's, and neither a question about us nor
    talk among people by a rule."""
    if asked.command is Command.KEMBALI or asked.nature.speak or is_courtesy(words_of(asked.whole)):
        return False
    return not ((surely_about(asked.whole) and not tells_beside(asked.whole)) or is_among_people(asked.whole))
