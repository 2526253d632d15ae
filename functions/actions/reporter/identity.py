"""What a reporter does with the identity they left in trust: leave it, read who asked and why, say yes or no, take it
back.

The receipt is the only key, here as everywhere.

Tests: ``tests/actions/test_trust.py``, ``tests/thread/test_identity.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from functions.actions.common.append import Step, append, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.decrypted_identity import Change, OpenedIdentity, rewrite, told
from functions.actions.reporter.receipt_lookup import signing
from functions.actions.reporter.seal_identity import NO_CONTACT, SealedContact, seal_contact, seal_identity
from functions.casework import sealed_identity
from functions.casework.case import CaseHead, EventKind, Mode
from functions.casework.channel import Contact
from functions.casework.consent import identity_request
from functions.casework.consent.identity_request import Answer, Request
from functions.casework.directory.agencies import Directory
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem, NotNowProblem
from functions.casework.receipt import Receipt
from functions.casework.report import REASON_MAX, read_identity, read_text
from functions.casework.routing.later_accused import kept_from_custodians
from functions.casework.sealed_identity import Identity, ReadStep, StepKind, TrustProblem, TrustState
from functions.casework.stages import Actor
from functions.crypto.key_pairs import public_of
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import PublicKeys
from functions.crypto.sign import name_answers
from functions.storage.interface import CaseNotFoundError, Notice, Store


@dataclass(frozen=True, slots=True, repr=False)
class TrustView:
    """The identity as its reporter reads it. ``request`` is the one that waits for their answer. Without a yes nobody
    opens it, or, if the request names a danger to life, nobody until the day after ``silence_ends``. ``split``: only
    two custodians' browsers open the name, no server."""

    state: TrustState
    name: str
    contact: str
    steps: tuple[ReadStep, ...]
    request: Request | None
    silence_ends: date | None
    split: bool


# The step that each answer leaves; LATER takes back a yes.
STEPS = {Answer.YES: StepKind.AGREED, Answer.NO: StepKind.OBJECTED, Answer.LATER: StepKind.UNDECIDED}


@dataclass(frozen=True, slots=True)
class Trust:
    """The reporter's side of an identity."""

    store: Store
    public_keys: Callable[[], PublicKeys]
    today: Callable[[], date]
    directory: Directory
    danger_days: int = 7
    holidays: Collection[date] = ()

    def read(self, receipt: Receipt) -> TrustView | None:
        """Return the identity and all that happened to it; None if none was ever left. Raises NotFoundProblem."""
        keys = sealing.receipt_keys(receipt)
        self._head(keys)
        identity = self.store.read_identity(keys.case_id)
        if identity is None:
            return None
        opened, state = _opened(keys, identity), sealed_identity.trust_state(identity)
        steps, ends = opened.steps(), None
        request = identity_request.waiting(steps) if state is TrustState.ASKED else None
        if request and request.danger:
            ends = identity_request.silence_ends(request, self.danger_days, self.holidays)
        return TrustView(state, *opened.person(), steps, request, ends, identity.split)

    def leave(self, receipt: Receipt, name: str, contact: str) -> None:
        """Leave an identity later, or again. Repeating it changes nothing.

        Raises InvalidInputProblem, NotNowProblem (closed), TrustProblem ``identity_left``, TooManyProblem,
        NotFoundProblem.
        """
        errors: list[FieldError] = []
        _, name, contact = read_identity({"identity_mode": Mode.RAHASIA, "name": name, "contact": contact}, errors)
        if errors:
            raise InvalidInputProblem(*errors)
        known = self.read(receipt)
        if known and known.state is not TrustState.WITHDRAWN and (known.name, known.contact) == (name, contact):
            return
        keys = sealing.receipt_keys(receipt)

        def decide(opened: OpenedCase) -> Step:
            head = opened.head
            if head.reporter.mode is not Mode.ANONIM:
                raise TrustProblem("identity_left")
            if not head.open:
                raise NotNowProblem(move="identity", stage=head.stage)
            public = self.public_keys()
            left = seal_identity(keys, head.entrusted_to, name, contact, public)
            identity = left.left_in(head.case_id, head.entrusted_to, self.today(), public_of(keys.act_seed))
            if earlier := self.store.read_identity(head.case_id):
                identity = sealed_identity.left_again(earlier, identity)
            sealed = seal_contact(public, head.entrusted_to, head.case_id, Contact.typed(contact))
            clear = name_answers.left_said(identity.wrap_receipt, identity.sealed, sealed.envelope)
            step, report = _changed(opened, clear, sealed, identity), opened.readable(opened.case.events[0])
            return replace(step, head=kept_from_custodians(step.head, report, self.directory))

        append(self.store, lambda: self._open(keys), decide, self.today(), sign=signing(receipt))

    def withdraw(self, receipt: Receipt) -> None:
        """Take identity and contact back. Both leave the store, and so does a waiting request. Repeating it changes
        nothing. Raises NotFoundProblem."""
        keys = sealing.receipt_keys(receipt)
        if not withdrawable(self._head(keys)):
            return

        def decide(opened: OpenedCase) -> Step:
            identity = self.store.read_identity(opened.head.case_id)
            if identity:
                identity = sealed_identity.withdrawn(identity, self.today())
            return _changed(opened, "withdrawn", NO_CONTACT, identity)

        append(self.store, lambda: self._open(keys), decide, self.today(), sign=signing(receipt))

    def answer(self, receipt: Receipt, answer: str, request: str, reason: str) -> TrustState:
        """Say yes or no to the waiting request number ``request``, or ``later``, which takes back a yes. Return the
        identity's state. ``reason`` is optional. Repeating it changes nothing.

        A no ends the request, and no custodian overrules it. Raises InvalidInputProblem, TrustProblem (also if another
        request waits by now), NotFoundProblem, BusyProblem.
        """
        text, errors = read_text({"reason": reason}, "reason", REASON_MAX)
        if answer not in list(Answer):
            errors.append(FieldError("consent", "unknown" if answer else "required"))
        if not request.isdecimal():
            errors.append(FieldError("request", "unknown" if request else "required"))
        if errors:
            raise InvalidInputProblem(*errors)
        keys, said, n = sealing.receipt_keys(receipt), Answer(answer), int(request[:6])
        head = self._head(keys)

        def load() -> Identity:
            identity = self.store.read_identity(keys.case_id)
            if identity is None:
                raise TrustProblem("identity_withdrawn")
            return identity

        def decide(identity: Identity) -> Change | None:
            opened = _opened(keys, identity)
            steps = opened.steps()
            if said is Answer.NO and (steps[-1].kind, steps[-1].request) == (StepKind.OBJECTED, n):
                return None
            waits = identity_request.check_answer(identity, steps, n)
            if said is Answer.YES and not steps[n - 1].whole:  # nobody asked so
                raise TrustProblem("identity_broken")
            if _stands(said, waits, text, steps[-1]):
                return None
            identity_request.check_room(identity, STEPS[said])
            seed = keys.act_seed if head.wraps.act else b""
            after = opened.after(STEPS[said], self.today(), None, text, request=n, seed=seed)
            notice = Notice.IDENTITY_OBJECTED if said is Answer.NO else Notice.IDENTITY_ANSWERED
            return after, (told(notice, head),)

        return sealed_identity.trust_state(rewrite(self.store, load, decide))

    def _head(self, keys: sealing.ReceiptKeys) -> CaseHead:
        try:
            return _own(keys, self.store.read_head(keys.case_id))
        except CaseNotFoundError as error:
            raise NotFoundProblem from error

    def _open(self, keys: sealing.ReceiptKeys) -> OpenedCase:
        try:
            case = self.store.read_case(keys.case_id)
        except CaseNotFoundError as error:
            raise NotFoundProblem from error
        head = _own(keys, case.head)
        return OpenedCase(case, opening.unwrap_with_receipt(keys, head.wraps.receipt))


def _stands(said: Answer, waits: Request, text: str, last: ReadStep) -> bool:
    """Whether an answer changes nothing. Raises InvalidInputProblem for words beside a LATER that is no step: they
    would go nowhere."""
    if said is Answer.LATER and not waits.yes and text not in ("", last.reason):
        raise InvalidInputProblem(FieldError("reason", "later_words"))
    return said is (Answer.YES if waits.yes else Answer.LATER)


def _opened(keys: sealing.ReceiptKeys, identity: Identity) -> OpenedIdentity:
    if not identity.wrap_receipt:
        return OpenedIdentity(identity, b"", b"")
    key = opening.unwrap_identity_with_receipt(keys, identity.wrap_receipt)
    talk = opening.unwrap_talk(identity.case_id, key, identity.wrap_talk) if identity.split else key
    return OpenedIdentity(identity, key, talk)


def withdrawable(head: CaseHead) -> bool:
    """Whether there is anything to take back: an identity, or the address of an anonymous reporter. Not the phone of a
    reporter by SMS: it is the only way to them."""
    reporter = head.reporter
    return reporter.mode is not Mode.ANONIM or (reporter.contact != b"" and not reporter.texted)


def _changed(opened: OpenedCase, clear: str, sealed: SealedContact, identity: Identity | None) -> Step:
    change, head = clear.split(maxsplit=1)[0], changed_head(opened.head, clear, sealed)
    return Step(EventKind.IDENTITY, Actor.REPORTER, {"change": change}, head, identity=identity, clear=clear)


def changed_head(head: CaseHead, clear: str, sealed: SealedContact) -> CaseHead:
    """Return the head after its reporter's name was left or taken back, as ``clear`` says. A name that brings no
    address for notices leaves the one that is there: an anonymous reporter's, or the phone of a reporter by SMS."""
    mode = Mode.ANONIM if clear == "withdrawn" else Mode.RAHASIA
    head = counted(head, Actor.REPORTER, head.stage)
    if mode is Mode.RAHASIA and not sealed.envelope:
        return replace(head, reporter=replace(head.reporter, mode=mode))
    return replace(head, reporter=replace(head.reporter, mode=mode, contact=sealed.envelope, texted=sealed.texted))


def _own(keys: sealing.ReceiptKeys, head: CaseHead) -> CaseHead:
    if head.shredded or not keys.is_of(head.wraps.lookup, head.wraps.act):
        raise NotFoundProblem
    return head
