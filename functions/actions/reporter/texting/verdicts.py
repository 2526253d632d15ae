"""What an SMS says of a whole case: it is done, it is not done, or its reporter gives up.

A confirmation is final, so it needs that it is well and nothing beside it; whatever else is said becomes words.

Tests: ``tests/doors/test_sms.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sms_cases import Known, SmsCases, ask_which, is_coded
from functions.actions.reporter.sms_words import Sms, SmsWords
from functions.actions.reporter.texting.closed import reopened
from functions.actions.reporter.texting.talk import MATTER
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_codes import short_code
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import ANY, Asked, Sender, hash_of
from functions.casework.problems import NotNowProblem
from functions.casework.receipt import Receipt
from functions.casework.report import REASON_MAX
from functions.casework.understanding.thanks import only_closes


@dataclass(frozen=True, slots=True)
class SmsVerdicts:
    """Carries out verdicts. ``url`` is where cases are read."""

    words: SmsWords
    url: str

    @property
    def cases(self) -> SmsCases:
        """Return what finds a number's cases."""
        return self.words.cases

    @property
    def converse(self) -> Converse:
        """Return the verbs of whoever holds a receipt."""
        return self.words.converse

    def _reads(self, asked: ParsedSms, case: Known, known: Sequence[Known]) -> bool:
        """Whether what is said may go to a case: it is named by its code, or no other accuses whoever works on it."""
        return bool(asked.short or asked.receipt) or self.cases.may_read(case, asked.whole, known)

    def withdraw(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Tell the officer that the reporter gives up. Only the receipt deletes a case: numbers can be forged."""
        case = self.cases.the_one(asked, known)
        if case is None or not case.head.open or not self._reads(asked, case, known):
            words = asked.whole if known else asked.words
            if len(words.split()) <= MATTER:
                return say.WITHDRAW
            added = self.words.add(sms, sender, replace(asked, command=Command.TEXT, words=words), known)
            return say.with_more(added, say.WITHDRAW) if known else added
        self.words.to_case(sms, sender, replace(asked, words=asked.whole), case)
        return say.WITHDRAW_NOTED.format(short=case.short)

    def confirm(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Confirm a closed case as done. Only an officer closes an open one: it keeps the words, which they read."""
        closed = [each for each in known if each.head.awaited]
        only = closed or known
        case = self.cases.the_one(asked, only) or self.cases.named(asked, known)
        if case is None:
            if not is_coded(asked) and only:
                sender.keep(asked.whole)
            return say.UNKNOWN if is_coded(asked) else ask_which(only, Command.SELESAI, sender)
        reads = self._reads(asked, case, known)
        if case.head.open and not reads:
            return self.words.add(sms, sender, ParsedSms(Command.TEXT, asked.whole, asked.whole), known)
        if case.head.open:
            words = f"SELESAI {asked.words}".strip() if asked.command is Command.SELESAI else asked.words
            self.words.to_case(sms, sender, replace(asked, words=words), case)
            return say.DONE_NOTED.format(short=case.short)
        try:
            self.converse.verdict(case.receipt, "selesai", reason=asked.words[:REASON_MAX] if reads else "")
        except NotNowProblem:
            return say.state(case.head, case.short)
        sender.forget(case.receipt.symbols)
        thanks = say.THANKS.format(short=case.short)
        if reads or only_closes(asked.words):
            return thanks
        sender.hold(asked.words, REASON_MAX)
        return say.with_more(thanks, say.HELD)

    def _beside_open(
        self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known], closed: Sequence[Known]
    ) -> str:
        """Add to an open case what reopens no closed one, since somebody works there whom another case accuses."""
        text = ParsedSms(Command.TEXT, asked.whole, asked.whole, nature=asked.nature)
        answer = self.words.add(sms, sender, text, known)
        if sender.last not in [each.receipt.symbols for each in known] or sender.asked is Asked.WHICH:
            return answer
        others = [each.short for each in closed]
        sender.ask(Asked.WHICH, hash_of(sender.kept), others)
        return say.added_which(short_code(Receipt(sender.last)), others)

    def not_done(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Reopen a closed case with the reason. To an open one the whole text is an answer."""
        closed = [each for each in known if each.head.awaited]
        meant = (self.cases.repeated(asked.whole, closed) or closed[-1]) if closed and not is_coded(asked) else None
        said = asked.words or ("" if asked.command is Command.BELUM else asked.whole)
        waits = sender.kept if meant and sender.kept_for in (meant.receipt.symbols, ANY) else ""
        if meant and not asked.short and not self.cases.may_read(meant, f"{said} {waits}".strip(), known):
            if said and any(each.head.open for each in known):
                return self._beside_open(sms, sender, asked, known, closed)
            if said:
                sender.keep(said[:REASON_MAX], ANY)
            return say.which([each.short for each in closed], Command.BELUM.upper())
        case = self.cases.named(asked, known) or meant
        alone = len(asked.whole.split()) == 1 and len(known) == 1
        if case is None and alone and not self.cases.waits_for_answer(known):
            return say.state(known[0].head, known[0].short)
        if case is None or case.head.open:
            whole = asked.words if case else asked.whole
            text = ParsedSms(Command.TEXT, whole, asked.whole, asked.receipt, asked.short, unknown=asked.unknown)
            return self.words.add(sms, sender, text, known)
        reason = asked.words or (sender.kept if sender.kept_for in (case.receipt.symbols, ANY) else "")
        if not reason:
            return say.REASON.format(short=case.short)
        return reopened(self.converse, sms, sender, case, reason, self.url)
