"""The reporter's name by script: what was done with it comes sealed, and what they say to it is signed on the phone.

The door learns no receipt, so neither the name nor a reason opens here, and it cannot say yes in the reporter's place:
the signature's key follows from the receipt (``crypto.sign.name_answers``), and the custody door reads a step whose
signature does not hold as broken. Leaving a name and taking it back are acts of the case (``sealed_acts``).

Tests: ``tests/doors/test_sealed_name.py``.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from functions.actions.common.decrypted_identity import Change, rewrite, told
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.identity import STEPS, changed_head, withdrawable
from functions.actions.reporter.seal_identity import NO_CONTACT, SealedContact, SealedIdentity
from functions.actions.reporter.sealed_consent import Consented
from functions.casework import sealed_identity
from functions.casework.case import CaseHead, EventKind, Mode
from functions.casework.consent import identity_request
from functions.casework.consent.identity_request import Answer
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.problems import (
    FieldError,
    InvalidInputProblem,
    KeysChangedProblem,
    MeanwhileProblem,
    NotFoundProblem,
    NotNowProblem,
)
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind, TrustProblem, TrustState
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import ITEM_OVERHEAD, ITEM_VERSION, WORDS_FLOOR
from functions.crypto.sign import name_answers
from functions.crypto.sign.reporter_acts import PUBLIC_BYTES
from functions.storage.interface import Notice

NAMED = frozenset({EventKind.IDENTITY})
LENGTHS = tuple((WORDS_FLOOR << step) + ITEM_OVERHEAD for step in range(4))  # a reason, in any alphabet


class LeftName(NamedTuple):
    """A name that its reporter's browser sealed, and the address for notices."""

    identity: SealedIdentity
    contact: SealedContact


@dataclass(frozen=True, slots=True, repr=False)
class NameAnswer:
    """An answer as it was posted: ``n`` is the number that its step will have, ``request`` what it says of the request
    that its phone was shown (``name_answers.asked_said``), ``digest`` the hash that is signed with it, ``item`` the
    sealed step. It names its day, since the seal does."""

    case_id: str
    n: int
    said: Answer
    request: str
    on: date
    digest: bytes
    signature: bytes
    item: bytes


@dataclass(frozen=True, slots=True, repr=False)
class SealedName:
    """What the reporter's browser gets of their name. ``ends`` is the last day on which silence keeps a request closed
    that names a danger; whether it names one, only the browser reads."""

    head: CaseHead
    identity: Identity | None
    ends: date | None
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealedNames:
    """Gives the sealed record of a name, and takes answers."""

    converse: Converse
    danger_days: int = 7

    def of(self, head: CaseHead) -> SealedName:
        """Return what is kept of the name in a case that its reporter's browser has found."""
        identity, ends = self.converse.store.read_identity(head.case_id), None
        if identity and identity.pending:
            asked = _asked(identity)
            ends = add_workdays(asked.on, self.danger_days, self.converse.holidays)
        able = {
            "leave": head.reporter.mode is Mode.ANONIM and head.open and not head.shredded,
            "withdraw": withdrawable(head) and not head.shredded,
            "answer": identity is not None and identity.pending,
        }
        return SealedName(head, identity, ends, tuple(name for name, may in able.items() if may))

    def answer(self, answer: NameAnswer) -> TrustState:
        """Add an answer to the request that waits, and return the identity's state. What was taken already, or is said
        already, writes nothing.

        Raises NotFoundProblem for an unknown case and for a signature that its key did not make, MeanwhileProblem for a
        number or a day that is past, TrustProblem, TooManyProblem, InvalidInputProblem, BusyProblem.
        """
        if answer.item[:1] != ITEM_VERSION or len(answer.item) not in LENGTHS:
            raise InvalidInputProblem(FieldError("item", "bad_envelope"))
        head, step = self._find(answer)

        def load() -> Identity:
            identity = self.converse.store.read_identity(head.case_id)
            if identity is None:
                raise TrustProblem("identity_withdrawn")
            return identity

        def decide(identity: Identity) -> Change | None:
            if any(each.sig.endswith(step.sig) for each in identity.steps if each.sig):
                return None  # its answer was lost
            if answer.n != len(identity.steps) + 1 or answer.on != self.converse.today():
                raise MeanwhileProblem
            _check_waits(identity, answer.request)
            said = _said_last(identity, head)
            if step.kind is said or (step.kind is StepKind.UNDECIDED and said is not StepKind.AGREED):
                return None
            identity_request.check_room(identity, step.kind)
            act = head.wraps.act[:PUBLIC_BYTES]
            sig = (b"" if name_answers.key_of(identity.steps) else act) + step.sig
            after = sealed_identity.stepped(identity, step.kind, step.on, None, step.sealed, sig)
            notice = Notice.IDENTITY_OBJECTED if answer.said is Answer.NO else Notice.IDENTITY_ANSWERED
            return after, (told(notice, head),)

        return sealed_identity.trust_state(rewrite(self.converse.store, load, decide))

    def _find(self, answer: NameAnswer) -> tuple[CaseHead, IdentityStep]:
        """Return the case whose reporter signed the answer, and its step. The work for all others is the same."""
        store, even = self.converse.store, self.converse.even
        case, there = even.find(store.read_case, answer.case_id)
        sig = answer.digest + answer.signature
        step = IdentityStep(answer.n, STEPS[answer.said], "", "", answer.on, answer.item, sig)
        public = case.head.wraps.act[:PUBLIC_BYTES] if case else b""
        signed = name_answers.is_answered(public, answer.case_id, step, answer.request)
        if case is None or not (there and signed) or case.head.shredded:
            raise NotFoundProblem
        even.refuse(store.read_case)
        return case.head, step


def moved_name(converse: Converse, head: CaseHead, clear: str, left: LeftName | None) -> Consented:
    """Return what leaving a name, or taking it back, does to a case.

    Raises TrustProblem ``identity_left``, TooManyProblem, NotNowProblem, KeysChangedProblem for a name that was sealed
    to a key or a roster that is no longer current, InvalidInputProblem."""
    earlier = converse.store.read_identity(head.case_id)
    if clear == "withdrawn" and left is None:
        if not withdrawable(head):
            raise NotNowProblem(move="identity", stage=head.stage)
        gone = sealed_identity.withdrawn(earlier, converse.today()) if earlier and earlier.sealed else None
        return Consented(changed_head(head, clear, NO_CONTACT), identity=gone)
    if left is None or clear != _said_of(left):
        raise InvalidInputProblem(FieldError("clear", "unknown"))
    if head.reporter.mode is not Mode.ANONIM:
        raise TrustProblem("identity_left")
    if not head.open:
        raise NotNowProblem(move="identity", stage=head.stage)
    identity = _made(converse, head, left.identity)
    if earlier:
        identity = sealed_identity.left_again(earlier, identity)
    return Consented(changed_head(head, clear, left.contact), identity=identity)


def _said_of(left: LeftName) -> str:
    return name_answers.left_said(left.identity.wrap_receipt, left.identity.sealed, left.contact.envelope)


def _made(converse: Converse, head: CaseHead, sealed: SealedIdentity) -> Identity:
    public, instance = converse.public_keys(), head.entrusted_to
    roster = public.rosters.get(instance)
    split = (roster.id, roster.previous) if roster else ()
    known = sealed.roster in split if sealed.roster else not split
    if not known or not public.takes(Purpose.IDENTITY, instance, sealed.key_id):
        raise KeysChangedProblem
    return sealed.left_in(head.case_id, instance, converse.today(), head.wraps.act[:PUBLIC_BYTES])


def _check_waits(identity: Identity, request: str) -> None:
    """Raise TrustProblem unless this request waits, asked by whom the phone was shown, by the clear record: its words
    are sealed."""
    sealed_identity.check_there(identity)
    if not identity.pending:
        raise TrustProblem("identity_not_pending")
    if name_answers.asked_said(_asked(identity)) != request:
        raise TrustProblem("identity_other")


def _asked(identity: Identity) -> IdentityStep:
    return next(step for step in reversed(identity.steps) if step.kind is StepKind.ASKED)


def _said_last(identity: Identity, head: CaseHead) -> StepKind | None:
    """Return what the reporter answered last to the request that waits. An unsigned yes does not count, if others in
    their name are signed: nobody knows whose it is."""
    asked = _asked(identity)
    for step in reversed(identity.steps[asked.n :]):
        if step.kind in sealed_identity.REPORTERS:
            older = not name_answers.key_of(identity.steps[: step.n]) and not step.sig
            public = head.wraps.act[:PUBLIC_BYTES]
            if older or name_answers.is_answered(public, identity.case_id, step, name_answers.asked_said(asked)):
                return step.kind
    return None
