"""The reporter's signature under each of their acts, by an Ed25519 key that follows from the receipt.

A desk that is taken over can write to the store, but cannot invent what a reporter said: their verdict, their
agreement, their withdrawal. The public half rests with the case and in its first event, which every anchor of the audit
trail binds. It follows from the receipt and not from the case key, which the desk holds.

Signed is ``"lapor/2/act" 0x00 case id 0x00 number 0x00 kind 0x00 clear 0x00 hex SHA-256(item) 0x00 hex once``: the
number the event has, its kind, what it says in clear, its sealed item, and the client's key of the act. A replay meets
a taken number, so neither challenge nor list of used values is needed. A wrap to the desk and its key id, which come
with what takes a case up again, are signed by their hash in ``clear``.

Source: RFC 8032 (Ed25519). The browser makes the same bytes (``site/browser/thread/sign.js``).
"""

from dataclasses import replace
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from functions.casework.case import BY_APP, Case, CaseHead, Event, EventKind, Publication
from functions.casework.stages import Actor

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
WRAP_DIGITS = 32  # hex, of the hash of a wrap
REPLY = b"\x41"  # first byte of what an app or another system added: no receipt was there to sign with


def signed_bytes(case_id: str, n: int, kind: str, clear: str, sealed: bytes, once: bytes) -> bytes:
    """Return what a reporter signs."""
    return hashed_bytes(case_id, n, kind, clear, sha256(sealed).digest(), once)


def hashed_bytes(case_id: str, n: int, kind: str, clear: str, digest: bytes, once: bytes) -> bytes:
    """Return what a reporter signs, for an item whose hash (32 bytes) is known."""
    return "\0".join(("lapor/2/act", case_id, str(n), kind, clear, digest.hex(), once.hex())).encode()


def signed(seed: bytes, case_id: str, event: Event) -> bytes:
    """Return the signature (64 bytes) of an act by the key of this seed."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.sign(signed_bytes(case_id, event.n, event.kind, event.clear, event.sealed, event.once))


def is_signed(public: bytes, signature: bytes, case_id: str, event: Event) -> bool:
    """Whether the key signed this act."""
    plain = signed_bytes(case_id, event.n, event.kind, event.clear, event.sealed, event.once)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, plain)
    except (InvalidSignature, ValueError):
        return False
    return True


def wrap_said(key_id: str, wrap: bytes) -> str:
    """Return the part of an act's ``clear`` by which its reporter signs the wrap to the desk that they bring."""
    return f"wrap.{sha256(key_id.encode() + bytes(1) + wrap).hexdigest()[:WRAP_DIGITS]}"


def brought_wrap(case: Case) -> bool:
    """Whether the case's wrap to the desk, as it lies, is one that its reporter brought and signed. If it does not
    open, nobody else has changed it."""
    said = wrap_said(case.head.wraps.key_id, case.head.wraps.desk)
    ours = (event for event in case.events if event.by is Actor.REPORTER)
    return any(said in event.clear.split() for event in ours) and not forged(case)


def withdrawal(head: CaseHead) -> Event:
    """Return the act of withdrawing a case, which leaves no event: what its signature covers."""
    return Event(head.version + 1, EventKind.WITHDRAW, Actor.REPORTER, head.received_on, head.stage, b"")


def withdrawn(head: CaseHead, signature: bytes) -> CaseHead:
    """Return the head with the signature of its withdrawal, which its tombstone keeps."""
    return replace(head, wraps=replace(head.wraps, act=head.wraps.act[:PUBLIC_BYTES] + signature))


def forged(case: Case) -> str:
    """Return a sentence for the first act of a reporter that the reporter's key did not sign, else "". A case of
    before, whose reporter has done nothing since, has no key yet.

    What an app added is signed by nobody, in a case whose report says that an app sent it (every anchor binds that), or
    that is older than the key of its acts."""
    head = case.head
    if head.shredded:
        return _forged_end(head)
    public, by_app = b"", bool(case.events) and case.events[0].clear == BY_APP
    for event in case.events:
        if event.by is not Actor.REPORTER:
            if event.sig:
                return f"event {event.n} is signed, and not its reporter's."
            continue
        brought = len(event.sig) % SIGNATURE_BYTES == PUBLIC_BYTES
        if brought and public:
            return f"event {event.n} brings another key for its reporter's acts."
        if brought:
            public = event.sig[:PUBLIC_BYTES]
            by_app |= event.n > 1
        unsigned = event.n == 1 or (by_app and event.kind is EventKind.MESSAGE and event.sealed[:1] == REPLY)
        if public and not unsigned and not is_signed(public, event.sig[-SIGNATURE_BYTES:], head.case_id, event):
            return f"event {event.n} is not signed by its reporter."
    if head.wraps.act[:PUBLIC_BYTES] != public:
        return "the key of its reporter's acts is not the one that its events brought."
    return _claimed(case) if public else ""


def _claimed(case: Case) -> str:
    """Return a sentence where the head claims that its reporter said what no signed act says."""
    head = case.head
    ours = [event for event in case.events if event.by is Actor.REPORTER]
    since = next(event.n for event in ours if len(event.sig) % SIGNATURE_BYTES == PUBLIC_BYTES)
    acts = [event for event in ours if event.sig or event.n < since]  # what stood before the key has no signature
    verdict = next((event for event in reversed(acts) if event.kind is EventKind.CONFIRM), None)
    rating = str(head.closing.rating or "")
    if head.closing.confirmed and (verdict is None or (verdict.sig and verdict.clear != rating)):
        return "its record claims a verdict that its reporter did not sign."
    if head.publication.state is Publication.AGREED:
        last = next((event for event in reversed(acts) if event.kind is EventKind.PUBLISH), None)
        if last is None or (last.sig and last.clear.split()[:2] != ["agreed", str(head.publication.agreed)]):
            return "its record claims an agreement that its reporter did not sign."
    return ""


def _forged_end(head: CaseHead) -> str:
    public, signature = head.wraps.act[:PUBLIC_BYTES], head.wraps.act[PUBLIC_BYTES:]
    if not public or not head.withdrawn:
        return ""
    before = replace(head, version=head.version - 1)
    holds = is_signed(public, signature, head.case_id, withdrawal(before))
    return "" if holds else "it was withdrawn without its reporter's signature."
