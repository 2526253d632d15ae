"""What a case's wrap to the desk says about the facts it binds, for those who cannot open it.

Without a key: whether the facts in the store still have the hash beside the wrap. With the case key, as a reporter's
receipt gives it: whether they are the ones it was sealed with. Whoever may write to the store can change facts and hash
together; then nothing opens at the desk, and the proof does not hold.
"""

from hmac import compare_digest

from functions.casework.case import CaseHead
from functions.casework.case_fields import AccessFacts
from functions.crypto.seal.public_keys import BOUND_OVERHEAD, PublicKeys
from functions.crypto.seal.sealing import (
    BOUND_VERSION,
    FACTS_BYTES,
    KEPT_MAX,
    KEPT_VERSION,
    KEY_BYTES,
    facts_hash,
    facts_proof,
)

BINDING = frozenset({BOUND_VERSION, KEPT_VERSION})
HASH = slice(1, 1 + FACTS_BYTES)
PROOF = slice(HASH.stop, HASH.stop + FACTS_BYTES)
WRAP_BYTES = KEY_BYTES + BOUND_OVERHEAD
COUNT = slice(PROOF.stop, PROOF.stop + 1)


def is_bound(head: CaseHead) -> bool:
    """Whether its wrap binds the facts of the case. A wrap of an older release does not, and a tombstone has none."""
    return head.wraps.desk[:1] in BINDING


def kept_in(head: CaseHead) -> int:
    """Return how many of ``kept_from``, from its first, the wrap binds. What stands behind them came without a key."""
    wrap = head.wraps.desk
    return int.from_bytes(wrap[COUNT]) if wrap[:1] == KEPT_VERSION else 0


def as_bound(head: CaseHead) -> AccessFacts:
    """Return those facts of a case, as the store has them, that its wrap has to bind."""
    facts = AccessFacts.of(head)
    return facts._replace(kept_from=facts.kept_from[: kept_in(head)])


def inside(head: CaseHead) -> bytes:
    """Return the HPKE part of a wrap that binds facts."""
    stop = COUNT.stop if head.wraps.desk[:1] == KEPT_VERSION else PROOF.stop
    return head.wraps.desk[stop:]


def has_hash(case_id: str, wrap: bytes, facts: AccessFacts) -> bool:
    """Whether these facts have the hash beside a wrap. True for a wrap that binds none."""
    return wrap[:1] not in BINDING or compare_digest(wrap[HASH], facts_hash(case_id, facts.text()))


def as_hashed(head: CaseHead) -> bool:
    """Whether the facts of a case have the hash beside its wrap. True for a wrap that binds none."""
    return has_hash(head.case_id, head.wraps.desk, as_bound(head))


def proven(head: CaseHead, case_key: bytes) -> bool:
    """Whether the facts of the case are those that whoever held its key wrapped it with. True for a wrap that binds
    none."""
    return not is_bound(head) or compare_digest(head.wraps.desk[PROOF], facts_proof(case_key, as_bound(head).text()))


def wraps_all(head: CaseHead) -> bool:
    """Whether a wrap that a browser made has the form of ours: exact length, hash of all facts, and count of all whom
    the case is kept from. What is inside, nobody without the desk's key can tell."""
    kept, wrap = len(AccessFacts.of(head).kept_from[:KEPT_MAX]), head.wraps.desk
    version, length = (KEPT_VERSION, WRAP_BYTES + 1) if kept else (BOUND_VERSION, WRAP_BYTES)
    return wrap[:1] == version and len(wrap) == length and kept_in(head) == kept and as_hashed(head)


def wrapped_again(head: CaseHead, case_key: bytes, public: PublicKeys) -> tuple[str, bytes]:
    """Return key id and wrap of a case under its desk's current key, bound to its facts as ``head`` has them. The
    caller has proven these, or decided on them. Raises KeyringError."""
    return public.wrap_case_key(head.case_id, AccessFacts.of(head), case_key)
