"""A key pair of one case, to which another system's replies are sealed. Whoever receives a reply opens nothing.

The private half lies under the case key. It is in the event that handed the case to that system's agency, or in the
report that an app sent. So whoever may read the case may read the replies, and deleting the case deletes both. The
public half is stored with the case's link to that system.
"""

from base64 import b64decode, b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.casework.understanding.words import Words
from functions.crypto.key_pairs import MLKEM_SEED, SUITE, hpke_public, new_opening_key, public_of
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal.sealing import checked_words, hpke_info

PURPOSE = "reply"
REPLY_VERSION = b"\x41"  # differs from the first byte of everything sealed under the case key


def new_reply_key() -> tuple[str, bytes]:
    """Generate a pair: the private half as text, as an event's words hold it, and the public half (1,216 bytes)."""
    private = new_opening_key()
    return b64encode(private).decode(), public_of(private)


def reply_key_of(submission_key: bytes) -> tuple[str, bytes]:
    """Derive the pair of a report that an app sent, to which the app seals what its reporter adds.

    It follows from the submission key, so that a repeated report has the same pair.
    """
    kdf = HKDF(algorithm=hashes.SHA256(), length=MLKEM_SEED + 32, salt=None, info=b"lapor/1/open311-reply")
    private = kdf.derive(submission_key)
    return b64encode(private).decode(), public_of(private)


def public_of_reply_key(private: str) -> bytes:
    """Return the public half of a private key."""
    return public_of(b64decode(private))


def seal_reply(public: bytes, case_id: str, kind: str, words: Words) -> bytes:
    """Seal the words of an event of ``kind``, padded. Raises ValueError if ``public`` is no such key,
    TypeError for anything but ``Words``."""
    plain = checked_words(words).encoded()
    padded = pad(plain, message_bucket(len(plain)))
    return REPLY_VERSION + SUITE.encrypt(padded, hpke_public(public), info=reply_info(case_id, kind))


def reply_info(case_id: str, kind: str) -> bytes:
    """Return the HPKE ``info`` of a reply."""
    return hpke_info(PURPOSE, kind, case_id)
