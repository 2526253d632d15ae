"""The cases of a number: which there are, which one an SMS names, and which one its words are about.

Tests: ``tests/doors/test_sms.py``, ``tests/doors/test_sms_scenarios.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.actions.common.decrypted_case import Message
from functions.actions.reporter.converse import Converse
from functions.casework.access import is_accused
from functions.casework.case import CaseHead, EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_about import ABOUT
from functions.casework.formats.sms_codes import short_code
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import Asked, Sender, hash_of
from functions.casework.problems import Problem
from functions.casework.receipt import Receipt
from functions.casework.report import BODY_MAX
from functions.casework.routing.later_accused import accuses, kept_away, newly_accused
from functions.casework.stages import Actor, Stage
from functions.casework.understanding.about import asked_about
from functions.casework.understanding.accused import kept_from
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.opinion.told import WHEREVER, Told, telling, told_by
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import any_in
from functions.crypto.seal.sealing import once_hash, receipt_for, receipt_keys
from functions.storage.interface import CaseNotFoundError, Cases

AGAIN_LEAST = 4  # words of a text that is not by chance the same as another
ANSWERS = frozenset({Stage.DITAHAN, Stage.DITANGGAPI})  # an officer wrote last
TALK = (EventKind.REPORT, EventKind.MESSAGE, EventKind.CLOSE)


def is_question(message: Message) -> bool:
    """Whether a message is what an officer asked by the form that waits for its answer."""
    return message.kind is EventKind.STAGE and message.stage is Stage.DITAHAN and bool(message.body)


@dataclass(frozen=True, slots=True)
class Known:
    """One of the sender's cases."""

    receipt: Receipt
    head: CaseHead

    @property
    def short(self) -> str:
        """The first group of its receipt."""
        return short_code(self.receipt)


@dataclass(frozen=True, slots=True)
class SmsCases:
    """Finds cases by receipts. Raises StorageError."""

    store: Cases
    converse: Converse
    directory: Directory

    def of(self, sender: Sender) -> list[Known]:
        """Return the sender's cases that are not over, oldest first, and forget the others."""
        found = [self.find(Receipt(symbols)) for symbols in sender.receipts]
        known = [each for each in found if each and (each.head.open or each.head.awaited)]
        sender.receipts = [each.receipt.symbols for each in known]
        sender.doubtful = [each.receipt.symbols for each in known if each.head.quarantined]
        return known

    def find(self, receipt: Receipt) -> Known | None:
        """Return the case of a receipt, None if there is none or it was deleted."""
        keys = receipt_keys(receipt)
        try:
            head = self.store.read_head(keys.case_id)
        except CaseNotFoundError:
            return None
        return Known(receipt, head) if keys.is_of(head.wraps.lookup, head.wraps.act) and not head.shredded else None

    def done_under(self, receipt: Receipt, key: bytes) -> EventKind | None:
        """Return what the SMS with this key did to a case; None if it did nothing, or there is no such case."""
        try:
            case = self.store.read_case(receipt_keys(receipt).case_id)
        except CaseNotFoundError:
            return None
        mark = once_hash(case.head.case_id, key.hex())
        return next((event.kind for event in case.events if event.once == mark), None)

    def went_to(self, key: bytes, sender: Sender) -> str:
        """Return the case (symbols) that the SMS with this key made or did something to, "" if it did nothing."""
        made = receipt_for(key)
        if self.find(made):
            return made.symbols
        ours = dict.fromkeys(filter(None, [sender.last, *reversed(sender.receipts)]))
        return next((each for each in ours if self.done_under(Receipt(each), key)), "")

    def again(self, words: str, key: bytes, sender: Sender) -> Known | None:
        """Return the open case that the same words went to before; None if they are new, or this very SMS."""
        symbols = sender.said.get(hash_of(words), "")
        if len(words.split()) < AGAIN_LEAST or not symbols or self.find(receipt_for(key)):
            return None
        case = self.find(Receipt(symbols))
        return case if case and case.head.open else None

    def came_again(self, asked: ParsedSms, key: bytes, sender: Sender, case: Known) -> Known | None:
        """Return the open case that words for ``case`` went to before; None if they are new: its code names another, or
        an officer wrote since and this is the answer."""
        before = self.again(asked.words, key, sender)
        other = before and before.receipt != case.receipt and (asked.short or asked.receipt)
        return None if before is None or other or self.waits_for_answer([before]) else before

    def made_of_held(self, words: str, key: bytes, sender: Sender) -> Known | None:
        """Return the case that an earlier delivery of this SMS made of words that waited; None if it made none."""
        receipt = receipt_for(key)
        if receipt.symbols not in sender.receipts or hash_of(words) in sender.said:
            return None
        return self.find(receipt)

    def words_of_first(self, key: bytes) -> str:
        """Return the words of the report that an earlier delivery of this SMS made, "" if it made none."""
        case = self.find(receipt_for(key))
        return self.converse.read(case.receipt).messages[0].body if case else ""

    @staticmethod
    def hold(words: str, sender: Sender, known: Sequence[Known]) -> None:
        """Hold words that go to no case until LAPOR or BALAS makes use of them. They replace no reason for BELUM
        where no case is open: nobody is told there that they wait."""
        if not (sender.kept_for and known) or any(each.head.open for each in known):
            sender.hold(words, BODY_MAX)

    @staticmethod
    def in_danger(sender: Sender, case: Known) -> bool:
        """Whether a case told of danger today, and no officer has answered yet."""
        return case.receipt.symbols in sender.dangers and case.head.stage not in ANSWERS

    def named(self, asked: ParsedSms, known: Sequence[Known]) -> Known | None:
        """Return the case that an SMS names by its receipt or the first group of it."""
        if asked.receipt:
            return self.find(asked.receipt)
        return next((each for each in reversed(known) if each.short == asked.short), None)

    def the_one(self, asked: ParsedSms, known: Sequence[Known]) -> Known | None:
        """Return the case that an SMS names, or the only one, or the one whose words it repeats."""
        only = known[0] if len(known) == 1 and not is_coded(asked) else None
        repeated = None if is_coded(asked) else self.repeated(asked.whole, known)
        return self.named(asked, known) or only or repeated

    def meant(self, words: str, district: str, cases: Sequence[Known]) -> Known | None:
        """Return the one of several cases that words are about, None if it is not certain: the only one in the named
        district, the only one whose officer asked last, or the one whose words they repeat most."""
        there = [each for each in cases if district and each.head.district == district]
        if len(there) == 1:
            return there[0]
        told = [self._told(each) for each in cases]
        asked = [each for each, theirs in zip(cases, told, strict=True) if theirs.by_officer]
        if len(asked) == 1:
            return asked[0]
        return _closest(words, cases, [theirs.words for theirs in told])

    def repeated(self, words: str, cases: Sequence[Known]) -> Known | None:
        """Return the one of several cases whose words are repeated most, None if not one alone."""
        return _closest(words, cases, [self._told(each).words for each in cases]) if len(cases) > 1 else None

    def speaks_of(self, words: str, case: Known) -> bool:
        """Whether words repeat any word that tells what a case is about."""
        return bool((telling(words) & self._told(case).words) - WHEREVER)

    def written_last(self, case: Known, day: str) -> str:
        """Return what the reporter wrote of a case on a ``day`` (ISO 8601) if nothing came after it; else ""."""
        try:
            last = self.converse.read(case.receipt).messages[-1]
        except Problem:
            return ""
        return last.body.strip() if last.by is Actor.REPORTER and last.on.isoformat() == day else ""

    def told(self, cases: Sequence[Known]) -> Told:
        """Return what was written of cases, taken together."""
        each = [self._told(case) for case in cases]
        words = frozenset[str]().union(*(told.words for told in each))
        return Told(any(told.by_officer for told in each), any(told.asks for told in each), words)

    def waits_for_answer(self, cases: Sequence[Known]) -> bool:
        """Whether an officer wrote last in any of these cases."""
        return any(self._told(each).by_officer for each in cases)

    def is_asked(self, cases: Sequence[Known]) -> bool:
        """Whether an officer asked something last in any of these cases: "siap" answers that, and else thanks."""
        return any(self._told(each).asks for each in cases)

    def safe(self, cases: Sequence[Known]) -> Sequence[Known]:
        """Return the cases to which words that may be meant for another can be added: no other of them accuses the
        holder, who would read them (law 5)."""
        accused = {each.head.accused for each in cases if each.head.accused}
        return [
            each
            for each in cases
            if not any(is_accused(each.head.holder, other, self.directory) for other in accused)
            and (each.head.accused or not accused)
        ]

    def may_read(self, case: Known, words: str, known: Sequence[Known]) -> bool:
        """Whether words without its code can go to a case: nobody works on it, or gets it by these words, whom another
        case of this number accuses, or is kept from (law 5), or they tell nothing new. What they repeat proves nothing:
        "pak Rudi minta uang lampu". A forged case proves nothing either."""
        accused = self.accused([each for each in not_in_quarantine(known) if each.receipt != case.receipt])
        after = self._where_words_take(case, words) if accused else ""
        readers = [code for code in (case.head.holder, case.head.desk_work.second, after) if code]
        walled = any(is_accused(reader, code, self.directory) for reader in readers for code in accused)
        return not walled or self._tells_nothing_new(words, case)

    def _where_words_take(self, case: Known, words: str) -> str:
        """Return the desk that has a case once these words are in it: whom they accuse loses it."""
        try:
            said = [m.body for m in self.converse.read(case.receipt).messages if m.by is Actor.REPORTER]
        except Problem:
            return ""
        head, directory = case.head, self.directory
        whom = newly_accused(words, "\n".join(said), directory, head.instance, head.holder, accusing=accuses(head))
        return kept_away(head, kept_from(whom, directory, head.instance), directory, bind=False).holder

    @staticmethod
    def accused(known: Sequence[Known]) -> tuple[str, ...]:
        """Return whom cases accuse or are kept from."""
        heads = [each.head for each in known]
        codes = (code for head in heads for code in (head.accused, *head.desk_work.kept_from) if code)
        return tuple(dict.fromkeys(codes))

    def _tells_nothing_new(self, words: str, case: Known) -> bool:
        told = self._told(case).words
        lists = ("still", "not_yet", "already", "thanks", "kind", "address", "self", "greeting", "yes", "asking")
        said = (word for word in words_of(words) if word.removesuffix("nya") not in told)
        return all(any_in([word], *lists) or word in ("tidak", "tdk", "di") for word in said)

    def _told(self, case: Known) -> Told:
        """Return what was written of a case."""
        try:
            said = self.converse.read(case.receipt).messages
        except Problem:
            return Told()
        messages = [each for each in said if each.kind in TALK or is_question(each)]
        asked = bool(messages) and is_question(messages[-1])
        by_officer = asked or (bool(messages) and messages[-1].by is Actor.OFFICER)
        told = told_by([each.body for each in messages], by_officer=by_officer)
        return told._replace(asks=True) if asked else told


def open_or_all(known: Sequence[Known]) -> Sequence[Known]:
    """Return the open cases, or all if none is."""
    return [each for each in known if each.head.open] or known


def is_coded(asked: ParsedSms) -> bool:
    """Whether an SMS names a case, rightly or not: then no other is meant."""
    return asked.receipt is not None or asked.unknown


def standing_of(sender: Sender, known: Sequence[Known]) -> Standing:
    """Return what there is of a sender before an SMS."""
    open_ones = [each for each in known if each.head.open]
    if not open_ones:
        return Standing.CLOSED if known else Standing.NONE
    if sender.asked is Asked.PLACE:
        return Standing.ASKED
    if any(each.head.stage in ANSWERS for each in open_ones):
        return Standing.ANSWERED
    return Standing.SEVERAL if len(open_ones) > 1 else Standing.OPEN


def not_in_quarantine(known: Sequence[Known]) -> Sequence[Known]:
    """Return the cases that words and questions without a code are about: those in quarantine only if there are no
    others, since whoever forges a number must not draw its owner's words there."""
    return [each for each in known if not each.head.quarantined] or known


def ask_which(known: Sequence[Known], command: Command, sender: Sender) -> str:
    """Ask which of several cases a command is meant for. The next words may tell."""
    if not known:
        return say.NONE
    sender.ask(Asked.STATE if command is Command.CEK else Asked.DONE)
    return say.which([each.short for each in known], command.upper())


def states_of(sender: Sender, asked: ParsedSms, ours: Sequence[Known]) -> str:
    """Return how several cases stand, or that there are none, or not this one."""
    if is_coded(asked):
        return say.with_state(say.UNKNOWN_OWN, ours[-1].head, ours[-1].short) if ours else say.UNKNOWN
    if ours:
        sender.ask(Asked.STATE)
        return say.states([(each.short, each.head) for each in ours])
    if asked_about(asked.whole) == "time":
        return ABOUT["time"]  # "berapa hari laporan diproses?"
    return say.NONE_HELD if asked.nature.likely else say.NONE


def _closest(words: str, cases: Sequence[Known], told: Sequence[frozenset[str]]) -> Known | None:
    mine = telling(words)
    shared = [len(mine & theirs) for theirs in told]
    best = max(shared)
    return cases[shared.index(best)] if best and shared.count(best) == 1 else None
