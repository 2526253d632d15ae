"""What an SMS says of a whole case: it is done, it is not done, or its reporter gives up.

A confirmation is final, so it needs that it is well and nothing beside it; whatever else is said becomes words.

Tests: ``tests/doors/test_sms.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sms_cases import Known, SmsCases, ask_which, is_coded
from functions.actions.reporter.sms_words import SmsWords
from functions.actions.reporter.texting.closed import reopened
from functions.actions.reporter.texting.talk import MATTER
from functions.actions.reporter.texting.whole_sms import Sms
from functions.casework.access import reporter_moves
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_codes import short_code
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import ANY, Asked, Sender, hash_of
from functions.casework.problems import NotNowProblem
from functions.casework.receipt import Receipt
from functions.casework.report import BODY_MAX, REASON_MAX
from functions.casework.stages import Move
from functions.casework.understanding.thanks import only_closes, tells_beside_withdrawal


def over(sender: Sender, words: str, case: Known) -> str:
    """Forget a case that is confirmed, and return the answer. ``words`` are those that its officers do not read: they
    wait until their sender says what they are."""
    sender.forget(case.receipt.symbols)
    sender.last = case.receipt.symbols
    thanks = say.THANKS.format(short=case.short)
    if only_closes(words):
        return thanks
    sender.hold(words, BODY_MAX)
    return say.with_more(thanks, say.HELD)


def _nobody_is_asked(sms: Sms, known: Sequence[Known]) -> bool:
    """Whether words for an open case would wait for an answer to a question that is not sent."""
    return (sms.unheard or sms.muted) and any(each.head.open for each in known)


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
        """Whether what is said may go to a case: its code stands beside it, or no other accuses whoever works on it. A
        code that comes later is none beside it: our own answer names it."""
        beside = bool(asked.short or asked.receipt) and set(asked.words.split()) <= set(asked.whole.split())
        return beside or self.cases.may_read(case, asked.words or asked.whole, known)

    def withdraw(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Tell the officer that the reporter gives up. Only the receipt deletes a case: numbers can be forged."""
        case = self.cases.the_one(asked, known)
        if case is None or not case.head.open or not self._reads(asked, case, known):
            words = asked.whole if known else asked.words
            if len(words.split()) <= MATTER and not _nobody_is_asked(sms, known):
                more = tells_beside_withdrawal(asked.whole)
                if more:
                    self.cases.hold(asked.whole, sender, known)
                return say.with_more(say.WITHDRAW, say.HELD if more else "")
            added = self.words.add(sms, sender, replace(asked, command=Command.TEXT, words=words), known)
            return say.with_more(added, say.WITHDRAW) if known else added
        self.words.to_case(sms, sender, replace(asked, words=asked.whole), case)
        return say.WITHDRAW_NOTED.format(short=case.short)

    def confirm(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Confirm a closed case as done. Only an officer closes an open one: it keeps the words, which they read."""
        closed = [each for each in known if each.head.awaited]
        only = closed or known
        case = self._other_open(asked, known) or self.cases.the_one(asked, only) or self.cases.named(asked, known)
        if case is None:
            return say.UNKNOWN if is_coded(asked) else self._which_done(sms, sender, asked, known, only)
        reads = self._reads(asked, case, known)
        if case.head.open and not reads:
            said = asked.words if asked.short else asked.whole
            return self.words.add(sms, sender, ParsedSms(Command.TEXT, said, said), known)
        if case.head.open:
            words = f"SELESAI {asked.words}".strip() if asked.command is Command.SELESAI else asked.words
            self.words.to_case(sms, sender, replace(asked, words=words), case)
            return say.DONE_NOTED.format(short=case.short)
        try:
            reason = asked.words[:REASON_MAX] if reads else ""
            self.converse.verdict(case.receipt, "selesai", reason=reason, key=sms.key.hex())
        except NotNowProblem:
            return say.state(case.head, case.short)
        return over(sender, asked.words[len(reason) :], case)

    def _other_open(self, asked: ParsedSms, known: Sequence[Known]) -> Known | None:
        """Return the open case whose words are repeated more than those of any closed one: these are not done by it."""
        told = None if is_coded(asked) or asked.short else self.cases.repeated(asked.whole, known)
        return told if told and told.head.open else None

    def _which_done(
        self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known], only: Sequence[Known]
    ) -> str:
        """Ask which case is done. What is told beside goes to an open case at once if another may not read it, or if
        nobody would be asked."""
        beside = not only_closes(asked.whole)
        walled = any(not self.cases.may_read(each, asked.whole, known) for each in only)
        if beside and (_nobody_is_asked(sms, known) or (walled and any(each.head.open for each in known))):
            return self.words.add(sms, sender, ParsedSms(Command.TEXT, asked.whole, asked.whole), known)
        if only:
            sender.keep(asked.whole)
        return say.with_more(ask_which(only, Command.SELESAI, sender), say.HELD if only and beside else "")

    def _which_undone(self, closed: Sequence[Known], words: str, known: Sequence[Known]) -> str:
        """Ask which case is not done. The example is one whose officers may read the words that wait."""
        safe = [each for each in closed if self.cases.may_read(each, words, known)]
        shorts = [each.short for each in (*(each for each in closed if each not in safe), *safe)]
        return say.which(shorts, Command.BELUM.upper())

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
        any_closed = bool(closed) and not is_coded(asked) and not self._other_open(asked, known)
        meant = (self.cases.repeated(asked.whole, closed) or closed[-1]) if any_closed else None
        said = asked.words or ("" if asked.command is Command.BELUM else asked.whole)
        waits = sender.kept if meant and sender.kept_for in (meant.receipt.symbols, ANY) else ""
        if meant and not asked.short and not self.cases.may_read(meant, f"{said} {waits}".strip(), known):
            if said and any(each.head.open for each in known):
                return self._beside_open(sms, sender, asked, known, closed)
            if said:
                sender.keep(said, ANY)
            more = say.HELD if said and asked.command is not Command.BELUM else ""
            return say.with_more(self._which_undone(closed, said or waits, known), more)
        case = self.cases.named(asked, known) or meant
        alone = len(asked.whole.split()) == 1 and len(known) == 1
        if case is None and alone and not self.cases.waits_for_answer(known):
            return say.state(known[0].head, known[0].short)
        if case is None or case.head.open:
            whole = asked.words if case else asked.whole
            text = ParsedSms(Command.TEXT, whole, asked.whole, asked.receipt, asked.short, unknown=asked.unknown)
            return self.words.add(sms, sender, text, known)
        reason = asked.words or (sender.kept if sender.kept_for in (case.receipt.symbols, ANY) else "")
        unread = not asked.words and not self.cases.may_read(case, reason, known)  # they were sent without its code
        if unread or not reason:
            left = Move.REOPEN in reporter_moves(case.head)  # once
            asked_why = say.REASON.format(short=case.short) if left else say.state(case.head, case.short)
            return say.with_more(asked_why, say.HELD if unread and sender.waiting else "")
        return reopened(self.converse, sms, sender, case, reason, self.url)
