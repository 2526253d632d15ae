"""Sealing: a submission key becomes a receipt, a receipt its keys, and words an envelope.

The wire format is small and fixed, since the browser makes the same bytes:

- ``receipt   = HKDF(submission key, "lapor/1/receipt")[:100 bits]``
- ``case id   = HKDF(receipt, "lapor/1/tracking")[:60 bits]``, ``look = HKDF(receipt, "lapor/2/look")`` of which only
  SHA-256 rests, ``act seed = HKDF(receipt, "lapor/2/act")`` of the reporter's Ed25519 key
  (``crypto.sign.reporter_acts``), and for cases of before ``lookup = HKDF(receipt, "lapor/1/lookup")``, ``wrap key  =
  HKDF(receipt, "lapor/1/wrap")``, ``identity wrap = HKDF(receipt, "lapor/1/identity")``; the receipt as its 20 ASCII
  symbols
- item: ``0x02 ‖ nonce(12) ‖ AES-256-GCM(case key, padded and packed plaintext, aad)`` with
  ``aad = "lapor/2/item" 0x00 case id 0x00 number 0x00 kind`` (``crypto.packing``, ``crypto.padding``)
- older item, which still opens and is no longer made: ``0x01``, padded only, ``"lapor/1/item"``
- wrap under the receipt, and file: ``0x01 ‖ nonce(12) ‖ AES-256-GCM(key, …, aad)``, ``"lapor/1/item"`` in their ``aad``
- wrap to a public key: ``0x01 ‖ key id(8) ‖ HPKE`` with suite MLKEM768_X25519, HKDF-SHA256, AES-256-GCM,
  single-shot base mode, ``info = "lapor/1/wrap" 0x00 purpose 0x00 instance 0x00 case id``
- wrap of a case key to the desk: ``0x02 ‖ facts hash(4) ‖ facts proof(4) ‖ HPKE``, its key id beside it, with
  ``facts = "lapor/2/facts" 0x00 AccessFacts.text``, ``info = "lapor/2/wrap" 0x00 case id 0x00 facts``,
  ``facts hash = HKDF(case id, facts)``, which finds a changed fact without a key, and
  ``facts proof = HKDF(case key, facts)``, which only a holder of the case key can make. Four
  bytes are enough: a guess is tried once for each time that a reporter reopens a case, and the wall is the ``info``.
  A head that grew by more would be charged as three kilobytes
- the same of a case that later words keep from somebody: ``0x03 ‖ facts hash(4) ‖ facts proof(4) ‖ count(1) ‖ HPKE``.
  So many of ``kept_from``, from its first, are among the facts; what the clock adds without a key comes after them
- talk key under the name's key (``crypto.seal.shares``): ``0x01 ‖ nonce(12) ‖ AES-256-GCM(name key, talk key, aad)``
  with ``aad = "lapor/2/talk" 0x00 case id``
- older wrap to the desk, which still opens and is no longer made: ``0x01``, as to any public key

Sources: RFC 5869 (HKDF), RFC 9180 (HPKE), draft-connolly-cfrg-xwing-kem (X-Wing), NIST SP 800-38D (GCM).
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.casework.receipt import (
    RECEIPT_BYTES,
    TRACKING_BYTES,
    Receipt,
    receipt_from_bytes,
    tracking_id_from_bytes,
)
from functions.casework.understanding.words import Words
from functions.crypto.packing import STORED, packed
from functions.crypto.padding import file_bucket, message_bucket, pad

VERSION = b"\x01"
ITEM_VERSION = b"\x02"
BOUND_VERSION = b"\x02"  # a wrap of a case key that binds the case's facts
KEPT_VERSION = b"\x03"  # the same, which binds also whom later words accuse
ITEM_1, ITEM = b"lapor/1/item", b"lapor/2/item"
KEY_BYTES = 32
NONCE_BYTES = 12
ITEM_OVERHEAD = 1 + NONCE_BYTES + 16  # version, nonce, tag
SUBMISSION_KEY_BYTES = 16
FACTS_BYTES = 4
KEPT_MAX = 255  # agencies that a wrap binds beside the accused; one byte counts them
FACTS = b"lapor/2/facts\x00"
SUBJECT_FLOOR = 256  # fits any subject in Latin letters unchanged, and most others deflated
WORDS_FLOOR = 1840  # fits some 3,000 characters of any alphabet; the item then takes two write units
SIGNED_FLOOR = WORDS_FLOOR - 48  # of a reporter's act: its signature rests beside it, within the same two write units
IDENTITY_FLOOR = 448
CONTACT_BUCKET = 256


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptKeys:
    """What follows from a receipt: the public case id, and 32 bytes each of: the lookup hash of cases of before, the
    wrapping keys of the case and of the identity, the value that is presented to read, the seed of the key that signs
    the reporter's acts."""

    case_id: str
    lookup: bytes
    wrap_key: bytes
    identity_wrap: bytes
    look: bytes = b""
    act_seed: bytes = b""

    def is_of(self, rests: bytes, act: bytes) -> bool:
        """Whether a case with this look-up value at rest is the receipt's. ``act`` is the case's public key of acts,
        b"" for a case of before: its look-up value is of the older form, or of the newer one where an older door took
        in what a newer page sealed."""
        newer, older = compare_digest(rests, look_at_rest(self.look)), compare_digest(rests, self.lookup)
        return newer or (older and not act)


def receipt_for(submission_key: bytes) -> Receipt:
    """Derive the receipt of a 128-bit submission key; the same key always gives the same receipt."""
    if len(submission_key) != SUBMISSION_KEY_BYTES:
        raise ValueError(f"a submission key has {SUBMISSION_KEY_BYTES} bytes")
    return receipt_from_bytes(_hkdf(submission_key, b"lapor/1/receipt", RECEIPT_BYTES))


def receipt_keys(receipt: Receipt) -> ReceiptKeys:
    """Derive all keys of a receipt. None of them can be had without it."""
    secret = receipt.symbols.encode()
    return ReceiptKeys(
        case_id=tracking_id_from_bytes(_hkdf(secret, b"lapor/1/tracking", TRACKING_BYTES)),
        lookup=_hkdf(secret, b"lapor/1/lookup", KEY_BYTES),
        wrap_key=_hkdf(secret, b"lapor/1/wrap", KEY_BYTES),
        identity_wrap=_hkdf(secret, b"lapor/1/identity", KEY_BYTES),
        look=_hkdf(secret, b"lapor/2/look", KEY_BYTES),
        act_seed=_hkdf(secret, b"lapor/2/act", KEY_BYTES),
    )


def look_at_rest(look: bytes) -> bytes:
    """Return what rests of the look value (32 bytes): its hash, so that what a dump holds opens no way in."""
    return sha256(look).digest()


def fingerprint(submission_key: bytes, content: bytes) -> bytes:
    """Return the keyed hash (32 bytes) of a submission, which tells a repeat from a changed text.

    It reveals nothing to others, since the key is never stored.
    """
    mac = hmac.HMAC(_hkdf(submission_key, b"lapor/1/fingerprint", KEY_BYTES), hashes.SHA256())
    mac.update(content)
    return mac.finalize()


def once_hash(case_id: str, key: str) -> bytes:
    """Return the hash (16 bytes) under which a case remembers a client's message key or file key."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"\x00".join((b"lapor/1/once", case_id.encode(), key.encode())))
    return digest.finalize()[:16]


def blob_name(case_key: bytes, file_key: str) -> str:
    """Return the name (32 hex digits) of a file's blob. A repeated upload gets the same name; the name reveals
    nothing."""
    return _hkdf(case_key, b"lapor/1/blob\x00" + file_key.encode(), 16).hex()


def sealed_blob_name(case_id: str, once: bytes) -> str:
    """Return the name (32 hex digits) of the blob that a reporter's browser sealed for the act with this ``once``. It
    follows from what the door sees, so that no browser can choose another file's name and put its own in place."""
    return sha256(b"\x00".join((b"lapor/2/blob", case_id.encode(), once))).hexdigest()[:32]


def draft_name(case_key: bytes, officer: str) -> str:
    """Return the name of the slip with an officer's draft. It reveals neither the case nor the officer, and nobody
    finds it without the case key."""
    return "draft:" + _hkdf(case_key, b"lapor/1/draft\x00" + officer.encode(), 16).hex()


def new_case_key() -> bytes:
    """Return 32 random bytes."""
    return os.urandom(KEY_BYTES)


def seal_item(case_key: bytes, case_id: str, n: int, kind: str, words: Words, floor: int = WORDS_FLOOR) -> bytes:
    """Seal item ``n`` of a case, packed, and padded to a message bucket from ``floor`` bytes. Raises TypeError for
    anything but ``Words``, from which receipts were taken out."""
    plain = checked_words(words).encoded()
    return _seal(case_key, item_aad(case_id, str(n), kind, ITEM), packed(plain, floor), floor)


def seal_subject(case_key: bytes, case_id: str, words: Words) -> bytes:
    """Seal the subject of a report's words, for lists. Raises TypeError as ``seal_item`` does."""
    subject = checked_words(words).get("subject", "").encode()
    return _seal(case_key, item_aad(case_id, "0", "subject", ITEM), packed(subject, SUBJECT_FLOOR), SUBJECT_FLOOR)


def checked_words(words: Words) -> Words:
    """Return the words. Raises TypeError for a mapping that is no ``Words``: mypy sees it, a script does not."""
    if type(words) is not Words:
        raise TypeError("words are sealed as Words, which hold no receipt")
    return words


def seal_slip(key: bytes, name: str, version: int, kind: str, plain: bytes) -> bytes:
    """As ``seal_item``, for a slip in which others may place text beside a secret: never deflated (``crypto.packing``).

    It opens as an item does.
    """
    return _seal(key, item_aad(name, str(version), kind, ITEM), STORED + plain, WORDS_FLOOR)


def seal_blob(case_key: bytes, case_id: str, name: str, plain: bytes) -> bytes:
    """Seal a file under its blob name, padded to a file bucket."""
    return _encrypt(case_key, pad(plain, file_bucket(len(plain))), item_aad(case_id, name, "blob"))


def wrap_for_receipt(keys: ReceiptKeys, case_key: bytes) -> bytes:
    """Seal the case key under the receipt."""
    return _encrypt(keys.wrap_key, case_key, item_aad(keys.case_id, "receipt", "wrap"))


def wrap_identity_for_receipt(keys: ReceiptKeys, identity_key: bytes) -> bytes:
    """Seal the identity's key under the receipt."""
    return _encrypt(keys.identity_wrap, identity_key, identity_aad(keys.case_id))


def wrap_talk(case_id: str, name_key: bytes, talk_key: bytes) -> bytes:
    """Seal the talk key, which opens the custodians' reasons, under the name's key."""
    return _encrypt(name_key, talk_key, talk_aad(case_id))


def hpke_info(purpose: str, instance: str, context: str) -> bytes:
    """Return the ``info`` of every HPKE envelope: version, purpose, instance and what it belongs to."""
    return b"\x00".join((b"lapor/1/wrap", purpose.encode(), instance.encode(), context.encode()))


def bound_info(case_id: str, facts: str) -> bytes:
    """Return the ``info`` of a case key's wrap to the desk, which binds the facts of its case."""
    return b"\x00".join((b"lapor/2/wrap", case_id.encode(), FACTS + facts.encode()))


def facts_hash(case_id: str, facts: str) -> bytes:
    """Return the hash (4 bytes) of a case's bound facts, in clear beside the wrap: whoever changes one and knows no
    better is found without a key."""
    return _hkdf(case_id.encode(), FACTS + facts.encode(), FACTS_BYTES)


def facts_proof(case_key: bytes, facts: str) -> bytes:
    """Return the proof (4 bytes) of bound facts that a holder of the case key can check without the desk's key."""
    return _hkdf(case_key, FACTS + facts.encode(), FACTS_BYTES)


def _seal(key: bytes, aad: bytes, inside: bytes, floor: int) -> bytes:
    return _encrypt(key, pad(inside, message_bucket(len(inside), floor)), aad, ITEM_VERSION)


def item_aad(case_id: str, item: str, kind: str, label: bytes = ITEM_1) -> bytes:
    """Return the associated data of an item, a file or a wrap."""
    return b"\x00".join((label, case_id.encode(), item.encode(), kind.encode()))


def identity_aad(case_id: str) -> bytes:
    """Return the associated data of an identity's wrap under the receipt."""
    return b"\x00".join((b"lapor/1/identity-wrap", case_id.encode()))


def talk_aad(case_id: str) -> bytes:
    """Return the associated data of a talk key's wrap under the name's key."""
    return b"\x00".join((b"lapor/2/talk", case_id.encode()))


def _hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)


def _encrypt(key: bytes, plain: bytes, aad: bytes, version: bytes = VERSION) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return version + nonce + AESGCM(key).encrypt(nonce, plain, aad)
