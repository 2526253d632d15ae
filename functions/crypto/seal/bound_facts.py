"""What a case's wrap to the desk says about the facts it binds, for those who cannot open it.

Without a key: whether the facts in the store still have the hash beside the wrap. With the case key, as a reporter's
receipt gives it: whether they are the ones it was sealed with. Whoever may write to the store can change facts and hash
together; then nothing opens at the desk, and the proof does not hold.
"""

from hmac import compare_digest

from functions.casework.case import CaseHead
from functions.casework.case_fields import AccessFacts
from functions.crypto.seal.public_keys import PublicKeys
from functions.crypto.seal.sealing import BOUND_VERSION, FACTS_BYTES, facts_hash, facts_proof

HASH = slice(1, 1 + FACTS_BYTES)
PROOF = slice(HASH.stop, HASH.stop + FACTS_BYTES)


def is_bound(head: CaseHead) -> bool:
    """Whether its wrap binds the facts of the case. A wrap of an older release does not, and a tombstone has none."""
    return head.wraps.desk[:1] == BOUND_VERSION


def as_hashed(case_id: str, wrap: bytes, facts: AccessFacts) -> bool:
    """Whether the facts of a case have the hash beside its wrap. True for a wrap that binds none."""
    return wrap[:1] != BOUND_VERSION or compare_digest(wrap[HASH], facts_hash(case_id, facts.text()))


def proven(head: CaseHead, case_key: bytes) -> bool:
    """Whether the facts of the case are those that whoever held its key wrapped it with. True for a wrap that binds
    none."""
    return not is_bound(head) or compare_digest(
        head.wraps.desk[PROOF], facts_proof(case_key, AccessFacts.of(head).text())
    )


def wrapped_again(head: CaseHead, case_key: bytes, public: PublicKeys) -> tuple[str, bytes]:
    """Return key id and wrap of a case under its desk's current key, bound to its facts as ``head`` has them. The
    caller has proven these, or decided on them. Raises KeyringError."""
    return public.wrap_case_key(head.case_id, AccessFacts.of(head), case_key)
