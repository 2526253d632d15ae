"""Find and open a case by its receipt. Nothing else opens one for its reporter.

Tests: ``tests/doors/test_thread.py``.
"""

from dataclasses import dataclass
from hmac import compare_digest

from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.even_lookup import EvenLookup
from functions.casework.case import Case
from functions.casework.problems import NotFoundProblem, NotNowProblem
from functions.casework.receipt import Receipt
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.storage.interface import Store


@dataclass(frozen=True, slots=True)
class ReceiptLookup:
    """The cases of a store, each behind its receipt."""

    store: Store
    even: EvenLookup[Case]

    def find(self, receipt: Receipt) -> tuple[Case, bytes]:
        """Return a case and its key, b"" if it was shredded. For an unknown receipt the work is the same: see
        ``EvenLookup``. Raises NotFoundProblem."""
        keys, read = sealing.receipt_keys(receipt), self.store.read_case
        case, there = self.even.find(read, keys.case_id)
        ours = case is not None and compare_digest(case.head.wraps.lookup, keys.lookup)
        key = _unwrapped(keys, case)
        if case is None or not (there and ours):
            raise NotFoundProblem
        self.even.refuse(read)
        return case, key

    def open(self, receipt: Receipt) -> OpenedCase:
        """Open a case. Raises NotFoundProblem, NotNowProblem for a deleted case, and SealError."""
        case, key = self.find(receipt)
        if case.head.shredded:
            raise NotNowProblem(move="", stage=case.head.stage)
        return opened_with(case, key)


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
