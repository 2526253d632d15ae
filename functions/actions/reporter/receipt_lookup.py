"""Find and open a case by its receipt. Nothing else opens one for its reporter.

Tests: ``tests/doors/test_thread.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.even_lookup import EvenLookup, nowhere
from functions.casework.case import Case, CaseHead, Event
from functions.casework.problems import NotNowProblem, Problem
from functions.casework.receipt import Receipt
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import public_of
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.sign import reporter_acts
from functions.storage.interface import Store


@dataclass(frozen=True, slots=True)
class ReceiptLookup:
    """The cases of a store, each behind its receipt."""

    store: Store
    even: EvenLookup[Case]
    where: Callable[[bytes], Problem] = nowhere

    def find(self, receipt: Receipt) -> tuple[Case, bytes]:
        """Return a case and its key, b"" if it was shredded. For an unknown receipt the work is the same: see
        ``EvenLookup``. Raises NotFoundProblem; ElsewhereProblem if a linked office has it."""
        keys, read = sealing.receipt_keys(receipt), self.store.read_case
        case, there = self.even.find(read, keys.case_id)
        ours = case is not None and keys.is_of(case.head.wraps.lookup, case.head.wraps.act)
        key = _unwrapped(keys, case)
        if case is None or not (there and ours):
            raise self.where(sealing.look_at_rest(keys.look))
        self.even.refuse(read)
        return case, key

    def open(self, receipt: Receipt) -> OpenedCase:
        """Open a case. Raises NotFoundProblem, NotNowProblem for a deleted case, and SealError."""
        case, key = self.find(receipt)
        if case.head.shredded:
            raise NotNowProblem(move="", stage=case.head.stage)
        return opened_with(case, key)


def signing(receipt: Receipt) -> Callable[[CaseHead, Event], tuple[CaseHead, Event]]:
    """Return what signs an act of the holder of a receipt. The first act on a case of before brings its key, and the
    newer form of what is presented to read it."""
    keys = sealing.receipt_keys(receipt)

    def sign(head: CaseHead, event: Event) -> tuple[CaseHead, Event]:
        brought = b"" if head.wraps.act else public_of(keys.act_seed)
        if brought:
            head = replace(head, wraps=replace(head.wraps, act=brought, lookup=sealing.look_at_rest(keys.look)))
        return head, replace(event, sig=brought + reporter_acts.signed(keys.act_seed, head.case_id, event))

    return sign


def sign_withdrawal(receipt: Receipt, head: CaseHead) -> CaseHead:
    """Return the head with its withdrawal signed. A deleted case stays as it is."""
    if head.shredded:
        return head
    keys = sealing.receipt_keys(receipt)
    act, lookup = public_of(keys.act_seed), sealing.look_at_rest(keys.look)
    head = replace(head, wraps=replace(head.wraps, act=act, lookup=lookup))
    signature = reporter_acts.signed(keys.act_seed, head.case_id, reporter_acts.withdrawal(head))
    return reporter_acts.withdrawn(head, signature)


def opened_with(case: Case, key: bytes) -> OpenedCase:
    """Open a case that ``find`` returned. Raises SealError if its wrap did not open."""
    if not key:
        raise SealError("the receipt's wrap does not open")
    return OpenedCase(case, key)


def _unwrapped(keys: sealing.ReceiptKeys, case: Case | None) -> bytes:
    try:
        return opening.unwrap_with_receipt(keys, case.head.wraps.receipt) if case else b""
    except SealError:
        return b""
