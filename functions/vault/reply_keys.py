"""A key of one case, to which an agency's own system has its answers sealed: whoever takes them in opens nothing.

The private half rests in the event that handed the case to that agency, under the case's key; so whoever may read the
case reads the answers, and when the case goes dark they do. The public half rests with the case's link to that system.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag

from functions.vault.key_pairs import SUITE, hpke_private, hpke_public, new_opening_key, public_of
from functions.vault.padding import PaddingError, message_bucket, pad, unpad
from functions.vault.sealing import VERSION, SealError, hpke_info

PURPOSE = "reply"


def new_reply_key() -> tuple[str, bytes]:
    """A fresh pair: the private half as text, as it stands in an event's words, and the public one (1,216 bytes)."""
    private = new_opening_key()
    return b64encode(private).decode(), public_of(private)


def seal_reply(public: bytes, case_id: str, kind: str, words: Mapping[str, str]) -> bytes:
    """The words of an event of ``kind``, padded, for who has the private half. Raises ValueError for no such key."""
    plain = json.dumps(words, ensure_ascii=False).encode()
    padded = pad(plain, message_bucket(len(plain)))
    return VERSION + SUITE.encrypt(padded, hpke_public(public), info=_info(case_id, kind))


def open_reply(private: str, case_id: str, kind: str, envelope: bytes) -> dict[str, str]:
    """What ``seal_reply`` sealed. Raises SealError."""
    try:
        padded = SUITE.decrypt(envelope[len(VERSION) :], hpke_private(b64decode(private)), info=_info(case_id, kind))
        return {str(name): str(text) for name, text in json.loads(unpad(padded)).items()}
    except (InvalidTag, PaddingError, ValueError, AttributeError) as error:
        raise SealError("does not open") from error


def _info(case_id: str, kind: str) -> bytes:
    return hpke_info(PURPOSE, kind, case_id)
