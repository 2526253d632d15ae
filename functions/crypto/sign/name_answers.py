"""The reporter's signature under what they say to a request for their name.

A yes lets two custodians read a name, so nobody may say it but the holder of the receipt: not a thread that is taken
over, nor a custody door, which has the key of the sealed reasons. Signed is what ``reporter_acts`` signs, with the kind
``identity-agreed``, ``identity-undecided`` or ``identity-objected``, the step's number, in clear the request (its
number, who asked, of which agency, on which day) and the day, and as item a fresh salt (16 bytes), the danger that the
request names, a zero byte and the reason. Only the hash of these rests in clear: a rotation seals the reason anew, and
taking the name back erases it; the signature holds through both. A yes to a request that somebody showed the phone is
none to another's that bears its number.

A step bears the hash (32 bytes) and the signature (64). The step LEFT bears the public key of the reporter's acts (32
bytes), so whoever takes signatures away has to change what an anchor of the audit trail binds. In a name of an older
release the first signed answer brings the key, before the hash; what was said before it stays unsigned.

The browser makes the same bytes (``site/browser/thread/nama.js``).
"""

from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from functions.casework.case import Case, EventKind
from functions.casework.sealed_identity import ANSWERS, REPORTERS, Identity, IdentityStep, StepKind, erased
from functions.casework.stages import Actor
from functions.crypto.key_pairs import public_of
from functions.crypto.sign.reporter_acts import PUBLIC_BYTES, SIGNATURE_BYTES, hashed_bytes

SALT_BYTES, DIGEST_BYTES = 16, 32
ANSWER_BYTES = DIGEST_BYTES + SIGNATURE_BYTES
NAME_DIGITS = 32  # hex, of the hash of a name that was left later

Steps = Sequence[IdentityStep]


def said_digest(salt: str, danger: str, reason: str) -> bytes:
    """Return the hash (32 bytes) of an answer's reason and of the danger that its request names; ``salt`` is hex.
    Raises ValueError."""
    return sha256(bytes.fromhex(salt) + f"{danger}\0{reason}".encode()).digest()


def asked_said(asked: IdentityStep) -> str:
    """Return what an answer says in clear of the request that it is to."""
    return f"{asked.n} {asked.by} {asked.agency} {asked.on.isoformat()}"


def signed_answer(seed: bytes, case_id: str, before: Steps, step: IdentityStep, request: str, digest: bytes) -> bytes:
    """Return what a step bears: hash and signature, by the key of this seed, which it brings if no step ``before``
    did. ``request`` is of ``asked_said``."""
    brought = b"" if key_of(before) else public_of(seed)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_plain(case_id, step, request, digest))
    return brought + digest + signature


def brought_by(sig: bytes) -> bytes:
    """Return the public key that a step brings, b"" for none."""
    return sig[:PUBLIC_BYTES] if len(sig) % ANSWER_BYTES == PUBLIC_BYTES else b""


def key_of(steps: Steps) -> bytes:
    """Return the public key that answers are checked with, b"" in a name of an older release. It is the first that was
    brought: a receipt has one, so whoever brings another signs for somebody else."""
    return next((key for step in steps if (key := brought_by(step.sig))), b"")


def is_answered(public: bytes, case_id: str, step: IdentityStep, request: str) -> bool:
    """Whether the key signed this answer to a request."""
    rest = step.sig.removeprefix(brought_by(step.sig))
    digest, signature = rest[:DIGEST_BYTES], rest[DIGEST_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _plain(case_id, step, request, digest))
    except (InvalidSignature, ValueError):
        return False
    return len(rest) == ANSWER_BYTES


def is_said(steps: Steps, nth: int, case_id: str, asked: IdentityStep, digest: bytes) -> bool:
    """Whether the reporter said what has this hash, in the answer at place ``nth``. True also where nobody could sign
    yet: the name is of an older release."""
    step, public = steps[nth], key_of(steps[: nth + 1])
    if not public:
        return not step.sig
    same = compare_digest(step.sig[-ANSWER_BYTES:-SIGNATURE_BYTES], digest)
    return same and is_answered(public, case_id, step, asked_said(asked))


def left_said(wrap_receipt: bytes, sealed: bytes, contact: bytes) -> str:
    """Return what the act of leaving a name later says in clear: its reporter signs the name, and the address for
    notices, by their hashes. What a rotation makes anew is not among them."""
    name, address = sha256(wrap_receipt + sealed), sha256(contact)
    return f"left {name.hexdigest()[:NAME_DIGITS]} {address.hexdigest()[:NAME_DIGITS]}"


def forged_name(case: Case, identity: Identity | None, *, went_back: bool = False) -> str:
    """Return a sentence for the first step that claims what the reporter did not sign, else "". ``went_back``: the
    release before ran here after this one, so a name may stand without its reporter's key (``bare_of``)."""
    if identity is None or case.head.shredded:
        return ""
    if not went_back and (bare := bare_of(case, identity.steps)):
        return f"step {bare} of its identity lacks its reporter's key, which somebody took away."
    for nth, step in enumerate(identity.steps):
        if fault := _unsigned(case, identity.steps, nth) or _unasked(identity.steps, nth):
            return f"step {step.n} {fault}"
    return _moved(case, identity)


def bare_of(case: Case, steps: Steps) -> int:
    """Return the step that left a name without a key, though its report, or the act that leaves it, brought one, or 0.

    The release before wrote such names. Who takes a key away before the first anchor makes one too.
    """
    left = [step for step in steps if step.kind is StepKind.LEFT]
    acts = sum(e.kind is EventKind.IDENTITY and e.clear.startswith("left ") for e in case.events)
    born = bool(case.events and case.events[0].sig)
    since = left if born else left[len(left) - acts :]
    return next((step.n for step in since if not brought_by(step.sig)), 0)


def _unsigned(case: Case, steps: Steps, nth: int) -> str:
    """Return what is wrong with the signature, or the key, of the step at a place, else ""."""
    step, key, brought = steps[nth], key_of(steps[: nth + 1]), brought_by(steps[nth].sig)
    if brought and brought != case.head.wraps.act[:PUBLIC_BYTES]:
        return "of its identity brings a key that is not its reporter's."
    if step.kind in REPORTERS and not step.by:
        asked = next((each for each in reversed(steps[:nth]) if each.kind is StepKind.ASKED), step)
        signed = is_answered(key, case.head.case_id, step, asked_said(asked))
        return "of its identity is not signed by its reporter." if (key or step.sig) and not signed else ""
    return "of its identity is signed, and not its reporter's." if step.sig and step.kind is not StepKind.LEFT else ""


def _unasked(steps: Steps, nth: int) -> str:
    """Return what is wrong if the step at a place asks for the name, or opens it, else ""."""
    step = steps[nth]
    if step.kind is StepKind.ASKED and not step.sealed and not erased(steps, nth):
        return "asks for its name without a reason: nobody sealed it."
    if step.kind is not StepKind.OPENED or not key_of(steps[:nth]):
        return ""
    since: list[IdentityStep] = []
    for each in reversed(steps[:nth]):
        if each.kind not in ANSWERS:
            break
        since.append(each)
    said = next((each.kind for each in since if each.kind in REPORTERS and not each.by), None)
    endorsed = any(
        each.kind is StepKind.ENDORSED and each.by for each in since
    )  # in a danger to life, for the reporter
    waited = nth > len(since) and steps[nth - len(since) - 1].kind is StepKind.ASKED
    return (
        ""
        if waited and (said is StepKind.AGREED or endorsed)
        else "opened its identity without its reporter's signed yes."
    )


def _moved(case: Case, identity: Identity) -> str:
    """Return a sentence where a name was left or taken back, and no act of the reporter says so."""
    said = [e.clear for e in case.events if e.by is Actor.REPORTER and e.kind is EventKind.IDENTITY]
    taken = sum(step.kind is StepKind.WITHDRAWN for step in identity.steps)
    if taken > sum(not clear or clear == "withdrawn" for clear in said):  # an older release said nothing in clear
        return "its identity was taken back without its reporter's signature."
    left = next((clear for clear in reversed(said) if clear.startswith("left ")), "")
    ours = left_said(identity.wrap_receipt, identity.sealed, b"").split()[1]
    if left and identity.sealed and left.split()[1] != ours:
        return "its identity is not the one that its reporter left."
    return ""


def _plain(case_id: str, step: IdentityStep, request: str, digest: bytes) -> bytes:
    said = f"{request} {step.on.isoformat()}"
    return hashed_bytes(case_id, step.n, f"identity-{step.kind}", said, digest, b"")
