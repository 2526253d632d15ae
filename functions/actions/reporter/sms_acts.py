"""What one SMS does, once it is whole and known to be new: report, answer, ask for the state, give a verdict.

Every act uses the same verbs as the web: ``submit`` and ``converse``. Words that fit no command are a report or an
answer, so none is lost.

Tests: ``tests/doors/test_sms.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hmac import compare_digest

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.submit import Submit
from functions.casework.case import CaseHead, EventKind, Kind
from functions.casework.channel import Channel, Contact
from functions.casework.formats import sms_texts as say
from functions.casework.formats.clean_text import clean_text
from functions.casework.formats.sms_command import Command, ParsedSms, read_sms, short_code
from functions.casework.formats.sms_sender import Sender
from functions.casework.problems import NotFoundProblem, NotNowProblem, Problem, TooManyProblem
from functions.casework.receipt import Receipt
from functions.casework.report import REASON_MAX, Report
from functions.casework.stages import Actor
from functions.casework.understanding.said import what_is_said
from functions.crypto.seal.sealing import receipt_for, receipt_keys
from functions.storage.interface import CaseNotFoundError

OTHER_TOPIC = "lainnya"


@dataclass(frozen=True, slots=True)
class Known:
    """One of the sender's cases."""

    receipt: Receipt
    head: CaseHead

    @property
    def short(self) -> str:
        """The first group of its receipt."""
        return short_code(self.receipt)


@dataclass(frozen=True, slots=True, repr=False)
class Sms:
    """One whole SMS. Under the same ``key`` (16 random bytes) a repeat is the same act."""

    number: str
    text: str
    key: bytes
    suspicious: bool = False


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

    def __call__(self, sms: Sms, sender: Sender) -> str:
        """Carry out an SMS and return the answer; ``sender`` is changed. The caller handles BERHENTI and MULAI. Raises
        KeyringError, StorageError."""
        known = self._known(sender)
        asked = self.read(sms.text, known)
        if not asked.whole:
            return say.EMPTY
        act: dict[Command, Callable[[Sms, Sender, ParsedSms, Sequence[Known]], str]] = {
            Command.LAPOR: self._report,
            Command.CEK: self._state,
            Command.SELESAI: self._confirm,
            Command.BELUM: self._not_done,
        }
        if asked.command is Command.BANTUAN:
            return say.HELP
        return say.urgent(act.get(asked.command, self._answer)(sms, sender, asked, known), sms.text)

    def read(self, text: str, known: Sequence[Known] = ()) -> ParsedSms:
        """Parse the text of an SMS."""
        return read_sms(clean_text(text), self.prefixes, [each.short for each in known])

    def _report(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known] = ()) -> str:
        topics, words = self.submit.directory.topics, asked.words or asked.whole
        said = what_is_said(words, self.submit.directory, self.instance)
        report = Report(
            kind=Kind.PENGADUAN,
            topic=OTHER_TOPIC if OTHER_TOPIC in topics else next(iter(topics)),
            district=said.places.district or self.district,
            body=words,
        )
        contact = Contact(Channel.SMS, sms.number)
        done = self.submit(report, sms.key, suspicious=sms.suspicious, contact=contact)
        if done.receipt is None:
            raise NotFoundProblem
        sender.add(done.receipt.symbols, doubtful=sms.suspicious)
        placed = bool(said.places.district)
        answer = say.received(str(done.receipt), done.due, danger=said.nature.danger, placed=placed)
        return say.asked_whom(answer, [self.submit.directory.agency(code) for code in done.suspected])

    def _answer(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Add the words to the named case, or to the latest open one; without any they are a report. On a day with a
        flood of SMS they go to the oldest: the flood may be forged, and its cases are the latest."""
        if asked.receipt and not self._named(asked, known):
            return say.UNKNOWN
        plain = _not_in_quarantine(known)
        ours = [each for each in plain if each.head.open] or plain
        which = 0 if sms.suspicious else -1
        case = self._named(asked, known) or (ours[which] if ours else None)
        if case is None or self._find(receipt_for(sms.key)):  # an earlier delivery of it became a report
            return self._report(sms, sender, ParsedSms(Command.TEXT, asked.whole, asked.whole))
        if not asked.words:
            return say.state(case.head, case.short)
        try:
            self.converse.write(case.receipt, asked.words, sms.key.hex())
        except NotNowProblem:  # the case is closed: a later BELUM uses the words as its reason
            sender.kept = asked.words[:REASON_MAX]
            return say.state(case.head, case.short)
        except TooManyProblem:
            return self._report(sms, sender, asked)
        return say.ADDED.format(short=case.short)

    def _state(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        ours = _not_in_quarantine(known)
        case = self._named(asked, known) or (ours[0] if len(ours) == 1 and not asked.receipt else None)
        if case is None:
            return say.UNKNOWN if asked.receipt else _which(ours)
        state = say.state(case.head, case.short)
        if case.receipt.symbols not in sender.receipts:
            return state  # an operator must not read what was written on the web
        messages = self.converse.read(case.receipt).messages
        said = [m.body for m in messages if m.by is Actor.OFFICER and m.kind in (EventKind.MESSAGE, EventKind.CLOSE)]
        return say.quoted(f"{state} Jawaban: {said[-1]}", self.url) if said else state

    def _confirm(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        closed = [each for each in known if each.head.awaited]
        case = self._named(asked, known) or (closed[0] if len(closed) == 1 and not asked.receipt else None)
        if case is None:
            return say.UNKNOWN if asked.receipt else _which(closed or known)
        try:
            self.converse.verdict(case.receipt, "selesai")
        except NotNowProblem:
            return say.NOT_NOW.format(short=case.short) if case.head.open else say.state(case.head, case.short)
        sender.forget(case.receipt.symbols)
        return say.THANKS.format(short=case.short)

    def _not_done(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Reopen a closed case with the reason. To an open one the whole text is an answer."""
        closed = [each for each in known if each.head.awaited]
        case = self._named(asked, known) or (closed[-1] if closed and not asked.receipt else None)
        if case is None or case.head.open:
            whole = asked.words if case else asked.whole
            text = ParsedSms(Command.TEXT, whole, asked.whole, asked.receipt, asked.short)
            return self._answer(sms, sender, text, known)
        reason = asked.words or sender.kept
        if not reason:
            return say.REASON.format(short=case.short)
        ours = case.receipt.symbols in sender.receipts
        try:
            self.converse.verdict(case.receipt, "belum", reason=reason[:REASON_MAX], number=sms.number if ours else "")
        except Problem:
            return say.state(case.head, case.short)
        sender.kept = ""
        return say.REOPENED.format(short=case.short)

    def _known(self, sender: Sender) -> list[Known]:
        """Return the sender's cases that are not over, oldest first, and forget the others."""
        found = [self._find(Receipt(symbols)) for symbols in sender.receipts]
        known = [each for each in found if each and (each.head.open or each.head.awaited)]
        sender.receipts = [each.receipt.symbols for each in known]
        sender.doubtful = [each.receipt.symbols for each in known if each.head.quarantined]
        return known

    def _named(self, asked: ParsedSms, known: Sequence[Known]) -> Known | None:
        if asked.receipt:
            return self._find(asked.receipt)
        return next((each for each in reversed(known) if each.short == asked.short), None)

    def _find(self, receipt: Receipt) -> Known | None:
        keys = receipt_keys(receipt)
        try:
            head = self.submit.store.read_head(keys.case_id)
        except CaseNotFoundError:
            return None
        return Known(receipt, head) if compare_digest(head.wraps.lookup, keys.lookup) and not head.shredded else None


def _not_in_quarantine(known: Sequence[Known]) -> Sequence[Known]:
    """Return the cases that words and questions without a code are about: those in quarantine only if there are no
    others, since whoever forges a number must not draw its owner's words there."""
    return [each for each in known if not each.head.quarantined] or known


def _which(known: Sequence[Known]) -> str:
    return say.which([each.short for each in known]) if known else say.NONE
