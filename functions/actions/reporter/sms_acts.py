"""What one SMS does, once it is whole and known to be new: a report, an answer, a question, a verdict.

Every act goes through the same verbs as the web's: ``submit`` and ``converse``. Words that fit no command are a report
or an answer, never nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hmac import compare_digest

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.seal_identity import TEL
from functions.actions.reporter.submit import Submit
from functions.casework.case import CaseHead, EventKind, Kind
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_command import Asked, Command, read_sms, short_code
from functions.casework.formats.sms_pocket import Pocket
from functions.casework.problems import NotFoundProblem, NotNowProblem, Problem, TooManyProblem
from functions.casework.receipt import Receipt
from functions.casework.report import REASON_MAX, Report, clean_text
from functions.casework.stages import Actor
from functions.crypto.seal.sealing import receipt_for, receipt_keys
from functions.storage.interface import CaseNotFoundError

OTHER_TOPIC = "lainnya"


@dataclass(frozen=True, slots=True)
class Known:
    """A case of the sender's: its receipt and its head."""

    receipt: Receipt
    head: CaseHead

    @property
    def short(self) -> str:
        """The first group of its code."""
        return short_code(self.receipt)


@dataclass(frozen=True, slots=True, repr=False)
class Sms:
    """One whole SMS. ``key`` (16 random bytes) makes a repeat of it the same act."""

    number: str
    text: str
    key: bytes
    suspicious: bool = False


@dataclass(frozen=True, slots=True)
class Acts:
    """``instance`` is whom the number belongs to, ``district`` where its reports are put that name none, ``prefixes``
    the words by which a shared number knows whom an SMS is for."""

    submit: Submit
    converse: Converse
    instance: str
    district: str
    prefixes: tuple[str, ...]
    url: str

    def __call__(self, sms: Sms, pocket: Pocket) -> str:
        """Do what an SMS asks for; returns the answer. BERHENTI and MULAI are the caller's. Raises KeyringError,
        StorageError; ``pocket`` is changed."""
        known = self._known(pocket)
        asked = self.read(sms.text, known)
        if not asked.whole:
            return say.EMPTY
        act: dict[Command, Callable[[Sms, Pocket, Asked, Sequence[Known]], str]] = {
            Command.LAPOR: self._report,
            Command.CEK: self._state,
            Command.SELESAI: self._confirm,
            Command.BELUM: self._not_done,
        }
        if asked.command is Command.BANTUAN:
            return say.HELP
        return say.urgent(act.get(asked.command, self._answer)(sms, pocket, asked, known), sms.text)

    def read(self, text: str, known: Sequence[Known] = ()) -> Asked:
        """The SMS as read."""
        return read_sms(clean_text(text), self.prefixes, [each.short for each in known])

    def _report(self, sms: Sms, pocket: Pocket, asked: Asked, known: Sequence[Known] = ()) -> str:
        topics, words = self.submit.directory.topics, asked.words or asked.whole
        named = say.district_named(words, self.submit.directory, self.instance)
        report = Report(
            kind=Kind.PENGADUAN,
            topic=OTHER_TOPIC if OTHER_TOPIC in topics else next(iter(topics)),
            district=named or self.district,
            body=words,
            contact=TEL + sms.number,
        )
        done = self.submit(report, sms.key, suspicious=sms.suspicious)
        if done.receipt is None:
            raise NotFoundProblem
        pocket.add(done.receipt.symbols)
        return say.received(str(done.receipt), done.due, danger=say.is_danger(words), placed=bool(named))

    def _answer(self, sms: Sms, pocket: Pocket, asked: Asked, known: Sequence[Known]) -> str:
        """To the case that is named, or to the latest open one; where there is none, it is a report."""
        if asked.receipt and not self._named(asked, known):
            return say.UNKNOWN
        ours = [each for each in known if each.head.open] or known
        case = self._named(asked, known) or (ours[-1] if ours else None)
        if case is None or self._find(receipt_for(sms.key)):  # the latter: a delivery of it was a report already
            return self._report(sms, pocket, Asked(Command.TEXT, asked.whole, asked.whole))
        if not asked.words:
            return say.state(case.head, case.short)
        try:
            self.converse.write(case.receipt, asked.words, sms.key.hex())
        except NotNowProblem:  # it is closed: what was written is kept for a BELUM, and not read as one
            pocket.kept = asked.words[:REASON_MAX]
            return say.state(case.head, case.short)
        except TooManyProblem:
            return self._report(sms, pocket, asked)
        return say.ADDED.format(short=case.short)

    def _state(self, sms: Sms, pocket: Pocket, asked: Asked, known: Sequence[Known]) -> str:
        case = self._named(asked, known) or (known[0] if len(known) == 1 and not asked.receipt else None)
        if case is None:
            return say.UNKNOWN if asked.receipt else _which(known)
        told = say.state(case.head, case.short)
        if case.receipt.symbols not in pocket.receipts:
            return told  # what was written on the web is not read out to an operator
        messages = self.converse.read(case.receipt).messages
        said = [m.body for m in messages if m.by is Actor.OFFICER and m.kind in (EventKind.MESSAGE, EventKind.CLOSE)]
        return say.quoted(f"{told} Jawaban: {said[-1]}", self.url) if said else told

    def _confirm(self, sms: Sms, pocket: Pocket, asked: Asked, known: Sequence[Known]) -> str:
        closed = [each for each in known if each.head.awaited]
        case = self._named(asked, known) or (closed[0] if len(closed) == 1 and not asked.receipt else None)
        if case is None:
            return say.UNKNOWN if asked.receipt else _which(closed or known)
        try:
            self.converse.verdict(case.receipt, "selesai")
        except NotNowProblem:
            return say.NOT_NOW.format(short=case.short) if case.head.open else say.state(case.head, case.short)
        pocket.receipts = [each for each in pocket.receipts if each != case.receipt.symbols]
        return say.THANKS.format(short=case.short)

    def _not_done(self, sms: Sms, pocket: Pocket, asked: Asked, known: Sequence[Known]) -> str:
        """A closed case is opened again with the reason; to an open one it is an answer, as it was written."""
        closed = [each for each in known if each.head.awaited]
        case = self._named(asked, known) or (closed[-1] if closed and not asked.receipt else None)
        if case is None or case.head.open:
            whole = asked.words if case else asked.whole
            return self._answer(sms, pocket, Asked(Command.TEXT, whole, asked.whole, asked.receipt, asked.short), known)
        reason = asked.words or pocket.kept
        if not reason:
            return say.REASON.format(short=case.short)
        ours = case.receipt.symbols in pocket.receipts
        try:
            self.converse.verdict(case.receipt, "belum", reason=reason[:REASON_MAX], number=sms.number if ours else "")
        except Problem:
            return say.state(case.head, case.short)
        pocket.kept = ""
        return say.REOPENED.format(short=case.short)

    def _known(self, pocket: Pocket) -> list[Known]:
        """The sender's cases that are not over, oldest first; the others are forgotten."""
        found = [self._find(Receipt(symbols)) for symbols in pocket.receipts]
        known = [each for each in found if each and (each.head.open or each.head.awaited)]
        pocket.receipts = [each.receipt.symbols for each in known]
        return known

    def _named(self, asked: Asked, known: Sequence[Known]) -> Known | None:
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


def _which(known: Sequence[Known]) -> str:
    return say.which([each.short for each in known]) if known else say.NONE
