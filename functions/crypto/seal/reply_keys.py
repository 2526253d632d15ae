"""A key of one case, to which another system has sealed what it says of it: whoever takes that in opens nothing.

The private half rests under the case's key, in the event that handed the case to the agency whose system it is, or in
the report that an app sent; so whoever may read the case reads what was said, and when the case goes dark it does. The
public half rests with the case's link to that system.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.crypto.key_pairs import MLKEM_SEED, SUITE, hpke_public, new_opening_key, public_of
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal.sealing import hpke_info

PURPOSE = "reply"
REPLY_VERSION = b"\x41"  # another than what is sealed under the case's key begins with


def new_reply_key() -> tuple[str, bytes]:
    """A fresh pair: the private half as text, as it stands in an event's words, and the public one (1,216 bytes)."""
    private = new_opening_key()
    return b64encode(private).decode(), public_of(private)


def reply_key_of(submission_key: bytes) -> tuple[str, bytes]:
    """The pair of a report that an app sent, to which the app has sealed what its reporter adds; from the submission
    key, so that a report sent again has the same."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=MLKEM_SEED + 32, salt=None, info=b"lapor/1/open311-reply")
    private = kdf.derive(submission_key)
    return b64encode(private).decode(), public_of(private)


def public_of_reply_key(private: str) -> bytes:
    """The public half of a private one."""
    return public_of(b64decode(private))


def seal_reply(public: bytes, case_id: str, kind: str, words: Mapping[str, str]) -> bytes:
    """The words of an event of ``kind``, padded, for who has the private half. Raises ValueError for no such key."""
    plain = json.dumps(words, ensure_ascii=False).encode()
    padded = pad(plain, message_bucket(len(plain)))
    return REPLY_VERSION + SUITE.encrypt(padded, hpke_public(public), info=reply_info(case_id, kind))


def reply_info(case_id: str, kind: str) -> bytes:
    """The HPKE ``info`` of a reply."""
    return hpke_info(PURPOSE, kind, case_id)
