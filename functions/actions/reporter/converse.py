"""What the holder of a receipt does: read, answer, add a file, confirm, reopen, appeal, withdraw.

The receipt is the only key. Nothing here can open a case without one.

Tests: ``tests/doors/test_thread.py``, ``tests/doors/test_later_accused.py``, ``tests/doors/test_publication.py``,
``tests/doors/test_lift.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from secrets import token_hex
from typing import NamedTuple

from functions.actions.common.append import Once, Step, append, attach, check_key, counted, once_file
from functions.actions.common.decrypted_case import Message, OpenedCase, for_reporter
from functions.actions.common.erase import erase, with_its_case
from functions.actions.common.even_lookup import EvenLookup, nowhere
from functions.actions.common.file_limits import TURNS, padded_size, read_file
from functions.actions.common.forward_to_system import TOLD, Forwarding
from functions.actions.reporter.later_words import kept_from_accused, names_somebody
from functions.actions.reporter.receipt_lookup import ReceiptLookup, opened_with, sign_withdrawal, signing
from functions.actions.reporter.seal_identity import seal_contact
from functions.actions.reporter.verdict import RATINGS, TakeUpAgain, confirmed, once_under, read_reason
from functions.casework.access import assisting, reporter_moves
from functions.casework.case import Case, CaseHead, EventKind, Lift
from functions.casework.case_changes import ended_by_reporter, with_second
from functions.casework.channel import Channel, Contact
from functions.casework.deadlines.clocks import Deadlines, go_on
from functions.casework.directory.accused_name import Accused
from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.formats.attachments import FILE_MB
from functions.casework.guard_lift import LiftStep, ended, told
from functions.casework.problems import BusyProblem, FieldError, InvalidInputProblem, NotNowProblem, Problem
from functions.casework.receipt import Receipt
from functions.casework.report import BODY_MAX, REASON_MAX, read_text
from functions.casework.routing.correction import corrected
from functions.casework.stages import Actor, Move, after_reporter_wrote
from functions.crypto.seal.bound_facts import proven
from functions.crypto.seal.public_keys import PublicKeys
from functions.storage.interface import Blobs, Notice, OutboxEntry, Store
from functions.storage.interface.outbox import REPORTER_PREFIX
from functions.storage.registers.publications import check_soon, touch_agreed
from functions.storage.retry import retry_on_conflict


class ReporterView(NamedTuple):
    """The case as its reporter reads it. ``as_sealed``: the facts that decide who may read it are those it was sealed
    with. ``named`` is whom the report named, by its sealed words; if nobody, whom later words accuse."""

    head: CaseHead
    subject: str
    messages: tuple[Message, ...]
    moves: tuple[Move, ...]
    as_sealed: bool = True
    named: Accused = Accused()


@dataclass(frozen=True, slots=True)
class Converse:
    """The reporter's side of a case. ``batch`` gives the epoch hour from which officers may notice it; a file has at
    most ``file_mb`` MB. ``where`` says where a receipt leads that opens nothing here."""

    store: Store
    blobs: Blobs
    public_keys: Callable[[], PublicKeys]
    directory: Directory
    today: Callable[[], date]
    deadlines: Deadlines = field(default_factory=Deadlines)
    holidays: Collection[date] = ()
    batch: Callable[[CaseHead, bool], int] = lambda *_: 0
    even: EvenLookup[Case] = field(default_factory=EvenLookup)
    where: Callable[[bytes], Problem] = nowhere
    file_mb: int = FILE_MB

    def read(self, receipt: Receipt) -> ReporterView:
        """Open the case. Raises NotFoundProblem for an unknown receipt."""
        case, key = self._cases.find(receipt)
        if case.head.shredded:
            return ReporterView(case.head, "", (), ())
        opened = opened_with(case, key)
        said = opened.subject(), tuple(for_reporter(opened.messages())), reporter_moves(opened.head)
        as_sealed = proven(opened.head, opened.case_key) and opened.as_replies_said(self.directory)
        return ReporterView(opened.head, *said, as_sealed, self._hidden_from(opened))

    def _hidden_from(self, opened: OpenedCase) -> Accused:
        """Return whom the report named; if nobody, whom later words accuse."""
        named, code = opened.named(), opened.head.about_agency
        if named.code or code not in self.directory.agencies:
            return named
        return Accused(code, self.directory.agencies[code].name)

    def file(self, receipt: Receipt, n: int) -> tuple[bytes, str]:
        """Return a file's bytes and media type. Raises NotFoundProblem, UnsafeFileProblem, BusyProblem."""
        return read_file(self._cases.open(receipt), n, self.blobs, TURNS.turn)

    def write(self, receipt: Receipt, body: str, message_key: str, district: str = "") -> int:
        """Add an answer and return its number. ``district`` is where the case is, if the answer says so. A text that
        was offered for the public is void then, which the message's event tells. Raises InvalidInputProblem,
        NotNowProblem, NotFoundProblem."""
        text, errors = read_text({"body": body}, "body", BODY_MAX, required=True)
        if errors:
            raise InvalidInputProblem(*errors)
        once = Once(check_key("message_key", message_key), "body", text)

        def decide(opened: OpenedCase) -> Step:
            require(opened.head, Move.REPLY)
            step = self._wrote(opened, EventKind.MESSAGE, {"body": text})
            if not district:
                return step
            head, changed = corrected(step.head, self.directory, district=district)
            void = {"text_void": changed["text_void"]} if "text_void" in changed else {}
            return replace(step, head=head, words=step.words | void)

        return self.append_step(receipt, decide, once)[0]

    def attach(self, receipt: Receipt, raw: bytes, file_key: str, *, keep_size: bool = False) -> int:
        """Add a file, durable before this returns, and return its number. Raises as ``write``, and TooManyProblem."""
        once, by, stored = once_file(check_key("file_key", file_key), raw), Actor.REPORTER, list[str]()

        def decide(opened: OpenedCase) -> Step:
            require(opened.head, Move.ATTACH)
            words = attach(opened, self.blobs, raw, once, by, self.today(), file_mb=self.file_mb, keep_size=keep_size)
            stored.append(opened.head.case_id)
            step = self._wrote(opened, EventKind.FILE, words)
            return replace(step, clear=padded_size(words), apart=self.forwarding.told_last(opened.case))

        with with_its_case(self.store, self.blobs, stored):
            return self.append_step(receipt, decide, once)[0]

    def verdict(
        self, receipt: Receipt, verdict: str, rating: str = "", reason: str = "", number: str = "", key: str = ""
    ) -> CaseHead:
        """Say whether the matter is done: ``selesai`` with an optional rating 1-5, or ``belum`` with a reason.
        ``number`` is the number that said so by SMS. Closing had erased it; further answers go there again. Under the
        same ``key`` a repeat changes nothing."""
        if verdict not in ("selesai", "belum"):
            raise InvalidInputProblem(FieldError("verdict", "required" if not verdict else "unknown"))
        if verdict == "selesai":
            return self._confirm(receipt, rating, reason, key)
        return self._reopen(receipt, reason, number, key)

    def appeal(self, receipt: Receipt, reason: str) -> CaseHead:
        """Appeal to the next level: the inspectorate, or the level above if the inspectorate is accused or had the
        case. An appeal never goes to the accused, even if an overseer allowed them to read the case."""
        text = read_reason(reason)

        def decide(opened: OpenedCase) -> Step:
            require(opened.head, Move.APPEAL)
            head = self.taken_up_again.appealed(self.taken_up_again.wrapped(opened), self.directory)
            return Step(EventKind.APPEAL, Actor.REPORTER, {"reason": text}, head, Notice.APPEALED)

        return self.append_step(receipt, decide)[1]

    def object(self, receipt: Receipt, reason: str) -> CaseHead:
        """Refuse for good that the accused read the case. ``reason`` is optional. Repeating it changes nothing. Raises
        InvalidInputProblem, NotNowProblem, NotFoundProblem, BusyProblem."""
        text, errors = read_text({"reason": reason}, "reason", REASON_MAX)
        if errors:
            raise InvalidInputProblem(*errors)
        head = self.head(receipt)
        if head.lift.state is Lift.OBJECTED:
            return head

        def decide(opened: OpenedCase) -> Step:
            require(opened.head, Move.OBJECT)
            head = counted(ended(opened.head, LiftStep.OBJECTED), Actor.REPORTER, opened.head.stage)
            words = told(head, LiftStep.OBJECTED, reason=text)
            return Step(EventKind.LIFT, Actor.REPORTER, words, head, Notice.LIFT_ENDED)

        return self.append_step(receipt, decide)[1]

    def withdraw(self, receipt: Receipt) -> CaseHead:
        """Delete the case for good: words, files, keys, identity. Nothing can restore it. A stage and some days stay
        for the statistics. No reason is asked: it would be deleted with the rest.

        Calling it again finishes a deletion that was cut short. Raises NotFoundProblem, BusyProblem.
        """

        def attempt() -> tuple[CaseHead, CaseHead]:
            head = self.head(receipt)
            ended = ended_by_reporter(head.closing, self.today())
            untold = head.quarantined or head.shredded
            named = not untold and names_somebody(self._cases.open(receipt), self.directory)
            outbox = () if untold else self.withdrawal_notices(head, named=named)
            if head.publication.agreed:  # the next run checks all that is public
                check_soon(self.store, head.instance)
            return head, erase(self.store, self.blobs, sign_withdrawal(receipt, head), outbox, ended)

        head, dead = retry_on_conflict(attempt, BusyProblem)
        if head.publication.agreed:
            touch_agreed(self.store, head.instance, head.case_id)
        return dead

    def head(self, receipt: Receipt) -> CaseHead:
        """Return the clear facts of the case. Raises NotFoundProblem."""
        return self._cases.find(receipt)[0].head

    def carry_out(self, receipt: Receipt, decide: Callable[[OpenedCase], Step]) -> CaseHead:
        """Apply what ``decide`` returns to the case, in its reporter's name, and return the head. ``decide`` sees the
        case as it stands when it is written. Raises NotFoundProblem, NotNowProblem for a deleted case, and what
        ``append.append`` raises."""
        return self.append_step(receipt, decide)[1]

    def withdrawal_notices(self, head: CaseHead, *, named: bool) -> tuple[OutboxEntry, ...]:
        """Notify holder and second unit that nothing is left to do. ``named``: the report names officials."""
        until = self.batch(head, named)
        told = (head.holder, assisting(head, self.directory))
        return tuple(
            OutboxEntry(
                REPORTER_PREFIX + token_hex(16),
                Notice.WITHDRAWN,
                *(head.instance, agency, head.case_id),
                delivered=head.desk_work.recused,
                not_before=until,
            )
            for agency in told
            if agency
        )

    def _confirm(self, receipt: Receipt, rating: str, reason: str, key: str) -> CaseHead:
        if rating and rating not in RATINGS:
            raise InvalidInputProblem(FieldError("rating", "bad_rating"))
        text, errors = read_text({"reason": reason}, "reason", REASON_MAX)
        if errors:
            raise InvalidInputProblem(*errors)

        def decide(opened: OpenedCase) -> Step:
            require(opened.head, Move.CONFIRM)
            head = confirmed(opened.head, rating)
            words = {"reason": text, "rating": rating}
            return Step(EventKind.CONFIRM, Actor.REPORTER, words, head, Notice.CONFIRMED, clear=rating)

        return self.append_step(receipt, decide, once_under(key, text))[1]

    def _reopen(self, receipt: Receipt, reason: str, number: str, key: str) -> CaseHead:
        text = read_reason(reason)

        def decide(opened: OpenedCase) -> Step:
            require(opened.head, Move.REOPEN)
            head = self.taken_up_again.reopened(self.taken_up_again.wrapped(opened), self.directory)
            if number:
                contact = Contact(Channel.SMS, number)
                sealed = seal_contact(self.public_keys(), head.entrusted_to, head.case_id, contact)
                head = replace(head, reporter=replace(head.reporter, contact=sealed.envelope, texted=sealed.texted))
            return Step(EventKind.REOPEN, Actor.REPORTER, {"reason": text}, head, Notice.REOPENED)

        return self.append_step(receipt, decide, once_under(key, text))[1]

    @property
    def taken_up_again(self) -> TakeUpAgain:
        """What takes up closed cases again."""
        return TakeUpAgain(self.public_keys, self.today, self.deadlines, self.holidays)

    @property
    def forwarding(self) -> Forwarding:
        """What tells agencies' own systems."""
        return Forwarding(self.public_keys, self.directory)

    @property
    def _cases(self) -> ReceiptLookup:
        return ReceiptLookup(self.store, self.even, self.where)

    def _forwarded(self, opened: OpenedCase, step: Step) -> Step:
        """Send an answer to the agency's own system, if that has the case, in place of a notice to its officers. A file
        stays here, and its officers get a notice of it."""
        if step.kind not in TOLD or not self.forwarding.has(opened, step.head):
            return step
        entry = self.forwarding.more(opened, step.head, step.words)
        return replace(step, notice=None, outgoing=(entry,))

    def _wrote(self, opened: OpenedCase, kind: EventKind, words: dict[str, str]) -> Step:
        return Step(kind, Actor.REPORTER, words, self.after_words(opened.head), Notice.REPORTER_WROTE)

    def after_words(self, head: CaseHead) -> CaseHead:
        """Return the head after one more message of its reporter: a clock that stood goes on."""
        holder = self.directory.agencies.get(head.holder)
        at_unit = holder is not None and holder.kind is AgencyKind.UNIT
        stage = after_reporter_wrote(head.stage, at_unit=at_unit)
        return counted(go_on(head, self.today(), self.holidays), Actor.REPORTER, stage)

    def append_step(
        self, receipt: Receipt, decide: Callable[[OpenedCase], Step], once: Once | None = None
    ) -> tuple[int, CaseHead]:
        """Do to the case what ``decide`` says, as ``append`` does. The one way by which a reporter's words come into
        their case: whom they accuse is kept from it. Raises NotFoundProblem."""

        def timed(opened: OpenedCase) -> Step:
            kept = kept_from_accused(opened, decide(opened), self.public_keys, self.directory, self.taken_up_again.anew)
            step = self._forwarded(opened, kept)
            head = with_second(step.head, assisting(step.head, self.directory))
            return replace(step, head=head, not_before=self.batch(opened.head, names_somebody(opened, self.directory)))

        return append(self.store, lambda: self._cases.open(receipt), timed, self.today(), once, sign=signing(receipt))


def require(head: CaseHead, move: Move) -> None:
    """Raise NotNowProblem if the reporter may not do this now."""
    if move not in reporter_moves(head):
        raise NotNowProblem(move=move, stage=head.stage)
