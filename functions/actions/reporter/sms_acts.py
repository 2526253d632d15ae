"""What one SMS does, once it is whole and known to be new: report, answer, ask for the state, give a verdict.

Every act uses the same verbs as the web: ``submit`` and ``converse``. Words that fit no command are a report or an
answer (``sms_words``), so none is lost.

Tests: ``tests/doors/test_sms.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sms_cases import (
    Known,
    SmsCases,
    is_coded,
    is_question,
    not_in_quarantine,
    standing_of,
    states_of,
)
from functions.actions.reporter.sms_words import SmsWords
from functions.actions.reporter.submit import Submit
from functions.actions.reporter.texting.answers import is_other_sign, told_before
from functions.actions.reporter.texting.closed import BUT, after_all, after_closing, may_be_all
from functions.actions.reporter.texting.repeats import SmsRepeats
from functions.actions.reporter.texting.talk import SmsTalk
from functions.actions.reporter.texting.verdicts import SmsVerdicts
from functions.actions.reporter.texting.whole_sms import Sms
from functions.casework.case import EventKind
from functions.casework.formats import sms_texts as say
from functions.casework.formats.clean_text import clean_text
from functions.casework.formats.sms_about import BESIDE
from functions.casework.formats.sms_closing import quoted
from functions.casework.formats.sms_command import Command, ParsedSms, begins_with_done, read_sms
from functions.casework.formats.sms_held import agrees, announces, denies, one_word, takes_back
from functions.casework.formats.sms_sender import TO_WORDS, Asked, Sender, hash_of
from functions.casework.receipt import Receipt
from functions.casework.stages import Actor, Stage
from functions.casework.understanding.about import loses_code
from functions.casework.understanding.danger import is_relieved, is_urging
from functions.casework.understanding.sorts import Sort
from functions.casework.understanding.thanks import accepts, contradicts, doubts, only_closes, postpones, says_well

FEW = 4  # words that may tell one case from another
# What is answered and not kept: only if it is sure that nothing else was said.
UNKEPT = frozenset({Command.CEK, Command.TERIMA, Command.SALAM, Command.BANTUAN, Command.KEMBALI, Command.LAIN})


class Heard(NamedTuple):
    """A parsed SMS, and the cases of its sender. ``receipts`` are those that were remembered before, the latest first,
    also of cases that are over."""

    asked: ParsedSms
    known: Sequence[Known]
    receipts: tuple[str, ...]


Act = Callable[[Sms, Sender, ParsedSms, Sequence[Known]], str]


@dataclass(frozen=True, slots=True)
class SmsActs:
    """Carries out SMS. ``instance`` owns the number, ``district`` is that of reports that name none, ``prefixes`` are
    the words that address this instance on a shared number."""

    submit: Submit
    converse: Converse
    instance: str
    district: str
    prefixes: tuple[str, ...]
    url: str

    @property
    def cases(self) -> SmsCases:
        """Return what finds a number's cases."""
        return SmsCases(self.submit.store, self.converse, self.submit.directory)

    @property
    def words(self) -> SmsWords:
        """Return what makes reports and answers of words."""
        return SmsWords(self.submit, self.converse, self.cases, self.instance, self.district)

    @property
    def verdicts(self) -> SmsVerdicts:
        """Return what confirms and reopens."""
        return SmsVerdicts(self.words, self.url)

    @property
    def talk(self) -> SmsTalk:
        """Return what answers words that are no report."""
        return SmsTalk(self.words, self.url)

    @property
    def repeats(self) -> SmsRepeats:
        """Return what recognises an SMS that was carried out before."""
        return SmsRepeats(self.words)

    def __call__(self, sms: Sms, sender: Sender, heard: Heard) -> str:
        """Carry out an SMS that was read and return the answer, "" for none; ``sender`` is changed. The caller handles
        BERHENTI and MULAI. Raises KeyringError, StorageError."""
        asked, known = heard.asked, heard.known
        asked = replace(asked, command=asked.beside) if asked.command is Command.BERHENTI else asked
        if sms.again and (before := self.repeats.answer(sms, sender, asked, heard.receipts)) is not None:
            return say.urgent(before) if asked.nature.danger else before
        if asked.nature.sort is Sort.EMPTY:
            return say.state(known[-1].head, known[-1].short) if known and "?" in sms.text else say.EMPTY
        if is_relieved(asked.whole):
            sender.dangers = []
        if asked.nature.sort is Sort.SPAM and asked.command is Command.TEXT:
            return self.talk.advert(sms, sender, asked)
        if case := self.cases.made_of_held(asked.words or asked.whole, sms.key, sender):
            placed = case.receipt.symbols not in sender.unplaced
            return say.received(str(case.receipt), case.head.clock.due, danger=False, placed=placed)
        asked = one_word(asked, waits=bool(sender.waiting), beside_case=bool(known))
        acts: dict[Command, Act] = {
            Command.LAPOR: self._report,
            Command.BARU: self._as_new,
            Command.CEK: self._state,
            Command.SELESAI: self.verdicts.confirm,
            Command.BELUM: self.verdicts.not_done,
            Command.SALAM: self._welcome,
            Command.TERIMA: self._welcome,
            Command.YATIDAK: self._yes_or_no,
            Command.BANTUAN: self.talk.about,
            Command.LAIN: self.talk.small_talk,
            Command.CABUT: self.verdicts.withdraw,
            Command.BACA: self.talk.read_there,
            Command.KEMBALI: lambda *_: "",  # to answer a text that came back by itself would go round for ever
        }
        if asked.nature.likely and asked.command in UNKEPT and not (is_coded(asked) or asked.short):
            read, asked = asked, self.talk.weighed(sms, sender, asked, known)
            if self.talk.is_answered_so(sender, read, asked, known):
                asked = replace(asked, seemed=acts[read.command](sms, sender, read, known))
        chosen = self._chosen(sender, asked, known)
        if chosen:
            words = sender.kept if chosen[0] is Command.SELESAI else ""
            asked = replace(asked, command=chosen[0], short=chosen[1].short, words=words)
        act = acts.get(asked.command, self.words.add)
        if known and not chosen and (special := self._said_otherwise(sms, sender, asked, known)):
            act = special
        answer = act(sms, sender, asked, known)
        return say.urgent(answer) if asked.nature.danger else answer

    def read(self, text: str, sender: Sender) -> Heard:
        """Parse the text of an SMS of a sender, with the cases that they have now."""
        receipts = tuple(dict.fromkeys([*reversed(sender.receipts), *filter(None, [sender.last])]))
        known = self.cases.of(sender)
        return Heard(self._parse(text, sender, known), known, receipts)

    def _parse(self, text: str, sender: Sender, known: Sequence[Known]) -> ParsedSms:
        standing, told = standing_of(sender, known), partial(self.cases.told, known)  # read only if no list decides
        asked = read_sms(clean_text(text), self.prefixes, [each.short for each in known], standing, told)
        urges = asked.nature.danger and is_urging(asked.whole) and any(each.head.open for each in known)
        if urges and not any(self.cases.in_danger(sender, each) for each in known):  # "cepat pak" of a road
            asked = replace(asked, nature=asked.nature._replace(danger=False), asks=True)
        return asked

    def _chosen(self, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> tuple[Command, Known] | None:
        """Return the command and case that few words answer which were asked for: a code, or "yang lampu"."""
        question, sender.asked = sender.asked, sender.asked if sender.asked in TO_WORDS else Asked.NOTHING
        if question not in (Asked.STATE, Asked.DONE) or not known:
            return None
        few = asked.command is Command.TEXT and len(asked.whole.split()) <= FEW
        by_code = asked.command is Command.CEK and asked.short
        case = self.cases.named(asked, known) if by_code else self.cases.repeated(asked.whole, known) if few else None
        return (Command.CEK if question is Asked.STATE else Command.SELESAI, case) if case else None

    def _said_otherwise(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> Act | None:
        """Return what words of somebody with a case mean beyond their command: done, or come a second time."""
        over = all(each.head.awaited for each in known)
        closed = [each for each in known if each.head.awaited]
        if closed:  # a confirmation is final
            told = self.cases.told(closed).words
            settled = asked.nature.settled and not contradicts(asked.whole)
            settled = settled and (accepts(asked.whole, told) or not asked.nature.likely)
        else:
            doubtful = takes_back(asked.whole) or not says_well(asked.whole)
            settled = asked.nature.settled and not (asked.nature.likely and doubtful)
        if settled and asked.command in (Command.TEXT, Command.BALAS):
            turns = asked.command is Command.TEXT and not sms.muted
            turns = turns and self.words.places.turns_to_another(asked.whole, known)
            return self._report if turns else self.verdicts.confirm
        words = asked.whole.split()
        if over and asked.command is Command.TERIMA and denies(asked.whole) and len(words) >= BUT:
            return self.verdicts.not_done
        plain = over and asked.command is Command.TEXT
        if over and may_be_all(asked) and (said := after_all(self.words.places, sender, asked, known)):
            done = {Command.SELESAI: self.verdicts.confirm, Command.TERIMA: self._thanked, Command.LAPOR: self._report}
            return done.get(said, self.verdicts.not_done)
        if plain and (meant := after_closing(self.words.places, sender, asked, known)):
            return self._report if meant is Command.LAPOR else self.verdicts.not_done
        few = asked.command is Command.TEXT and len(words) <= FEW + 1
        if few and begins_with_done(asked.whole) and self.cases.repeated(asked.whole, known):
            return self.verdicts.confirm
        return None

    def late(self, sms: Sms, sender: Sender, symbols: str) -> str:
        """Add a part of a long SMS to the case that its other parts went to; it is like any SMS if they went to none,
        if that is over, or if somebody works on it whom another case accuses (law 5)."""
        case = self.cases.find(Receipt(symbols)) if symbols else None
        if case is None or not (case.head.open and self.cases.may_read(case, sms.text, self.cases.of(sender))):
            return self(sms, sender, self.read(sms.text, sender))
        text = f"[...] {clean_text(sms.text)}"
        return self.words.to_case(sms, sender, ParsedSms(Command.TEXT, text, text), case)

    def _report(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        waiting = sender.waiting
        if not (asked.words or (waiting and not announces(asked.whole))):  # "mau ngadu pak" says nothing of before
            sender.ask(Asked.REPORT)
            return say.ASK
        return self.words.report(sms, sender, asked if asked.words else ParsedSms(Command.LAPOR, waiting, waiting))

    def _as_new(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Make a report of its own of the words that were added to a case last."""
        if not sender.kept:
            sender.ask(Asked.REPORT)
            return say.ASK
        words, sender.said = sender.kept, {}  # it is no repeat
        sender.keep("")
        return self.words.report(sms, sender, ParsedSms(Command.LAPOR, words, words))

    def _welcome(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Answer a greeting or thanks, and add nothing to a case. That the matter is settled is news: it confirms a
        closed case, and an open one keeps it."""
        ours = not_in_quarantine(known)
        closed = [each for each in ours if each.head.awaited]
        if asked.nature.settled and ours and not (closed and (takes_back(asked.whole) or contradicts(asked.whole))):
            return self.verdicts.confirm(sms, sender, ParsedSms(Command.SELESAI, "", asked.whole), ours)
        if agrees(asked.whole) and self.cases.is_asked([each for each in ours if each.head.open]):
            return self.words.add(sms, sender, asked, known)  # "kami datang besok jam 8, bisa?": "siap"
        if not ours:
            sender.ask(Asked.REPORT)
            if asked.nature.yes and (waiting := sender.waiting):
                return self.words.report(sms, sender, ParsedSms(Command.LAPOR, waiting, waiting))
            greeted = say.with_more(say.GREETED, say.HELD if asked.nature.likely else "")
            return say.THANKED if asked.nature.sort is Sort.CLOSING else greeted
        return self._thanked(sms, sender, asked, ours)

    def _thanked(self, sms: Sms, sender: Sender, asked: ParsedSms, ours: Sequence[Known]) -> str:
        """Answer thanks of somebody with a case. They confirm a closed one only if they say that it is well."""
        closed = [each for each in ours if each.head.awaited]
        if closed and accepts(asked.whole, self.cases.told(closed).words):
            words = (
                asked.whole if len(ours) == 1 else ""
            )  # they may be of the other, which may accuse its holder (law 5)
            return self.verdicts.confirm(sms, sender, ParsedSms(Command.SELESAI, words, asked.whole), ours)
        case = self.cases.repeated(asked.whole, ours) or (closed or ours)[-1]
        more = case.head.awaited and not only_closes(asked.whole)
        if more or (case.head.awaited and (takes_back(asked.whole) or asked.command is Command.TEXT)):
            sender.keep(asked.whole, case.receipt.symbols)
        if told_before(sender, asked, case):
            return ""
        if is_other_sign(asked.whole):
            return say.state(case.head, case.short)
        thanks = asked.command in (Command.TERIMA, Command.TEXT) or agrees(asked.whole)
        thanks = (thanks and not doubts(asked.whole)) or postpones(asked.whole)
        answer = say.welcome(case.head, case.short, danger=self.cases.in_danger(sender, case), thanks=thanks)
        return say.with_more(answer, say.HELD if more else "")

    def _yes_or_no(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """A bare yes or no answers the officer who wrote last, or what we asked; else it answers nothing. Digits are
        never nothing."""
        digits = not any(c.isalpha() for c in asked.whole)
        waits = self.cases.is_asked(known) if asked.nature.yes else self.cases.waits_for_answer(known)
        wanted = known and (digits or sender.asked is not Asked.NOTHING or waits)
        return self.words.add(sms, sender, asked, known) if wanted else self._welcome(sms, sender, asked, known)

    def _state(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        which = sender.asked is Asked.WHICH and sender.about == hash_of(sender.kept) and sender.kept
        if which and asked.short in sender.options:
            words, sender.asked = sender.kept, Asked.NOTHING
            case = self.cases.named(asked, known)
            if case and not self.cases.may_read(case, words, known):  # they were sent without its code (law 5)
                return say.WALLED.format(short=case.short)
            sender.said = {}
            sender.keep("")
            return self.words.add(sms, sender, ParsedSms(Command.BALAS, words, words, short=asked.short), known)
        ours = not_in_quarantine(known)
        case = self.cases.the_one(asked, ours)
        if case is None:
            return states_of(sender, asked, ours)
        danger = self.cases.in_danger(sender, case)
        state = say.state(case.head, case.short, danger=danger)
        state = say.urgent(state) if danger else say.with_more(state, BESIDE["lost"] if loses_code(asked.whole) else "")
        if case.receipt.symbols not in sender.receipts:
            return state  # an operator must not read what was written on the web
        messages = self.converse.read(case.receipt).messages
        if case.head.stage is Stage.DITAHAN and (asked_last := [m.body for m in messages if is_question(m)]):
            return quoted(f"{state} Pertanyaan: {asked_last[-1]}", self.url)
        said = [m.body for m in messages if m.by is Actor.OFFICER and m.kind in (EventKind.MESSAGE, EventKind.CLOSE)]
        return quoted(f"{state} Jawaban: {said[-1]}", self.url) if said else state
