"""An SMS that was carried out before, though what is kept of its number does not say so: a delivery was cut short
between the act and the writing of the slip, or two deliveries ran at once.

The act itself bears the key of its SMS, so it is looked for before anything is done: by now its case may be over, or
another may be meant by the same words.

Tests: ``tests/doors/test_sms_cut_short.py``.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from functions.actions.reporter.sms_cases import Known
from functions.actions.reporter.sms_words import SmsWords
from functions.actions.reporter.texting.closed import gone_on
from functions.actions.reporter.texting.verdicts import over
from functions.actions.reporter.texting.whole_sms import Sms
from functions.casework.case import EventKind
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_command import UNREAD, Command, ParsedSms, read_sms
from functions.casework.formats.sms_sender import Sender
from functions.casework.problems import Problem
from functions.casework.receipt import Receipt
from functions.casework.report import BODY_MAX, REASON_MAX
from functions.crypto.seal.sealing import receipt_for

END = 12  # characters by which words are found again


def _as_first(sender: Sender, asked: ParsedSms, short: str = "") -> ParsedSms:
    """Return an SMS with its words as they were read first, when its case, with this ``short`` code, was not over."""
    if short and not (asked.short or asked.receipt):
        coded = read_sms(asked.whole, known=[short])
        asked = replace(coded, nature=asked.nature) if coded.short else asked
    moves = asked.short and asked.command is not Command.SELESAI  # a code alone moves what was said before
    chosen = sender.kept if moves else ""
    if chosen and not asked.words:
        asked = replace(asked, nature=UNREAD)  # of five random letters: some look like a question
    return replace(asked, words=asked.words or chosen or asked.whole)


@dataclass(frozen=True, slots=True)
class SmsRepeats:
    """Recognises such SMS."""

    words: SmsWords

    def answer(self, sms: Sms, sender: Sender, asked: ParsedSms, receipts: Collection[str]) -> str | None:
        """Finish what an SMS did before and return its answer; None if it did nothing. ``receipts`` are the cases that
        it may have changed, beside one that it names."""
        cases = self.words.cases
        if cases.find(receipt_for(sms.key)):
            return self.words.report(sms, sender, replace(_as_first(sender, asked), command=Command.LAPOR))
        named = [asked.receipt.symbols] if asked.receipt else []
        for symbols in dict.fromkeys([*named, *receipts]):
            done = cases.done_under(Receipt(symbols), sms.key)
            if done and (case := cases.find(Receipt(symbols))):
                return self._finished(sms, sender, _as_first(sender, asked, case.short), case, done)
        return None

    def _finished(self, sms: Sms, sender: Sender, asked: ParsedSms, case: Known, done: EventKind) -> str:
        if done is EventKind.CONFIRM:
            return self._confirmed(sender, asked, case)
        if done is EventKind.REOPEN:
            bare = asked.command is Command.BELUM and asked.words == asked.whole  # its reason waited
            reason = sender.kept if bare else asked.words
            try:
                return gone_on(self.words.converse, sms, sender, case, reason)
            except Problem:  # closed again meanwhile
                sender.hold(reason[REASON_MAX:], BODY_MAX)
                return say.with_more(say.state(case.head, case.short), say.HELD)
        with suppress(Problem):  # closed meanwhile, or full
            self.words.add_rest(sms, case.receipt, asked.words)
        answer = self.words.added(sender, asked, case, self.words.places.answered(sender, asked.words, case))
        noted = {Command.CABUT: say.WITHDRAW_NOTED, Command.SELESAI: say.DONE_NOTED}
        return noted[asked.command].format(short=case.short) if asked.command in noted else answer

    def _confirmed(self, sender: Sender, asked: ParsedSms, case: Known) -> str:
        """Forget a case that is confirmed. What its officers do not read waits, as the first delivery left it."""
        said = self.words.converse.read(case.receipt).messages[-1].body
        words = "" if asked.command is Command.SELESAI and asked.words == asked.whole else asked.words
        reads = words[:REASON_MAX][-END:] in said
        return over(sender, words[REASON_MAX:] if reads else words, case)
