"""What a reporter does with the identity they left in trust: leave it, read who asked and why, object, take it back.

The receipt is the only key, here as everywhere.

Tests: ``tests/actions/test_trust.py``, ``tests/thread/test_identity.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from hmac import compare_digest

from functions.actions.common.append import Step, append, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.decrypted_identity import Change, OpenedIdentity, TrustStep, rewrite, told
from functions.actions.reporter.seal_identity import NO_CONTACT, SealedContact, make_identity, seal_contact
from functions.casework import sealed_identity
from functions.casework.case import CaseHead, EventKind, Mode
from functions.casework.channel import Contact
from functions.casework.directory.agencies import Directory
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem, NotNowProblem
from functions.casework.receipt import Receipt
from functions.casework.report import REASON_MAX, read_identity, read_text
from functions.casework.sealed_identity import Identity, StepKind, TrustProblem, TrustState
from functions.casework.stages import Actor
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import PublicKeys
from functions.storage.interface import CaseNotFoundError, Notice, Store


@dataclass(frozen=True, slots=True, repr=False)
class TrustView:
    """The identity as its reporter reads it. While a request waits, nobody may open the identity before the day after
    ``objection_ends``. The reporter may object later too, until it is opened."""

    state: TrustState
    name: str
    contact: str
    steps: tuple[TrustStep, ...]
    may_object: bool
    objection_ends: date | None


@dataclass(frozen=True, slots=True)
class Trust:
    """The reporter's side of an identity."""

    store: Store
    public_keys: Callable[[], PublicKeys]
    today: Callable[[], date]
    directory: Directory
    objection_days: int = 3
    holidays: Collection[date] = ()

    def read(self, receipt: Receipt) -> TrustView | None:
        """Return the identity and all that happened to it; None if none was ever left. Raises NotFoundProblem."""
        keys = sealing.receipt_keys(receipt)
        self._head(keys)
        identity = self.store.read_identity(keys.case_id)
        if identity is None:
            return None
        opened, state, ends = _opened(keys, identity), sealed_identity.trust_state(identity), None
        if state is TrustState.ASKED:
            ends = sealed_identity.objection_ends(identity, self.objection_days, self.holidays)
        return TrustView(state, *opened.person(), opened.steps(), ends is not None, ends)

    def leave(self, receipt: Receipt, name: str, contact: str) -> None:
        """Leave an identity later, or again. Repeating it changes nothing.

        Raises InvalidInputProblem, NotNowProblem (closed), TrustProblem ``identity_left``, NotFoundProblem.
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
            identity = make_identity(keys, head.entrusted_to, name, contact, public, self.today())
            if earlier := self.store.read_identity(head.case_id):
                identity = sealed_identity.left_again(earlier, identity)
            sealed = seal_contact(public, head.entrusted_to, head.case_id, Contact.typed(contact))
            return _changed(opened, "left", Mode.RAHASIA, sealed, identity)

        append(self.store, lambda: self._open(keys), decide, self.today())

    def withdraw(self, receipt: Receipt) -> None:
        """Take identity and contact back. Both leave the store, and so does a waiting request. Repeating it changes
        nothing. Raises NotFoundProblem."""
        keys = sealing.receipt_keys(receipt)
        if self._head(keys).reporter.mode is Mode.ANONIM:
            return

        def decide(opened: OpenedCase) -> Step:
            identity = self.store.read_identity(opened.head.case_id)
            if identity:
                identity = sealed_identity.withdrawn(identity, self.today())
            return _changed(opened, "withdrawn", Mode.ANONIM, NO_CONTACT, identity)

        append(self.store, lambda: self._open(keys), decide, self.today())

    def object(self, receipt: Receipt, reason: str) -> TrustState:
        """End the waiting request and return the identity's state. ``reason`` is optional. Repeating it changes
        nothing.

        Raises InvalidInputProblem, TrustProblem, NotFoundProblem, BusyProblem.
        """
        text, errors = read_text({"reason": reason}, "reason", REASON_MAX)
        if errors:
            raise InvalidInputProblem(*errors)
        keys = sealing.receipt_keys(receipt)
        head = self._head(keys)

        def load() -> Identity:
            identity = self.store.read_identity(keys.case_id)
            if identity is None:
                raise TrustProblem("identity_withdrawn")
            return identity

        def decide(identity: Identity) -> Change | None:
            if identity.steps[-1].kind is StepKind.OBJECTED:
                return None
            sealed_identity.check_pending(identity)
            sealed = _opened(keys, identity).seal_reason(text)
            after = sealed_identity.stepped(identity, StepKind.OBJECTED, self.today(), sealed=sealed)
            return after, (told(Notice.IDENTITY_OBJECTED, head),)

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


def _opened(keys: sealing.ReceiptKeys, identity: Identity) -> OpenedIdentity:
    wrap = identity.wrap_receipt
    return OpenedIdentity(identity, opening.unwrap_identity_with_receipt(keys, wrap) if wrap else b"")


def _changed(opened: OpenedCase, change: str, mode: Mode, sealed: SealedContact, identity: Identity | None) -> Step:
    head = counted(opened.head, Actor.REPORTER, opened.head.stage)
    head = replace(head, reporter=replace(head.reporter, mode=mode, contact=sealed.envelope, texted=sealed.texted))
    return Step(EventKind.IDENTITY, Actor.REPORTER, {"change": change}, head, identity=identity)


def _own(keys: sealing.ReceiptKeys, head: CaseHead) -> CaseHead:
    if head.shredded or not compare_digest(head.wraps.lookup, keys.lookup):
        raise NotFoundProblem
    return head
