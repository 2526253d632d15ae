"""Sealing a whole report to the intake of a linked office: what ``crypto.transport.waiting_reports`` opens there.

The browser seals to its own intake the same way, for a report that waits on a phone.
"""

from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.padding import LENGTH_BYTES, pad
from functions.crypto.seal.public_keys import hint_of, key_id_of
from functions.crypto.seal.sealing import VERSION, hpke_info

STEP_BYTES = 2048
INFO = hpke_info("waiting", "", "report")


def seal_whole(public: bytes, plain: bytes) -> bytes:
    """Return a report sealed to a waiting key (1,216 bytes), padded to whole steps."""
    steps = -(-(len(plain) + LENGTH_BYTES) // STEP_BYTES)
    padded = pad(plain, steps * STEP_BYTES)
    return VERSION + hint_of(key_id_of(public)) + SUITE.encrypt(padded, hpke_public(public), info=INFO)
