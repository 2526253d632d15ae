"""Generate key pairs."""

from collections.abc import Collection

from functions.crypto.key_pairs import new_opening_key, new_signing_key, public_of
from functions.crypto.seal.public_keys import SIGNING, Purpose, key_id_of

MANY_KEYS = 50


def new_pair(purpose: Purpose, taken: Collection[str] = ()) -> tuple[bytes, bytes, str]:
    """Generate a pair for a purpose: private and public key (raw bytes), and the key id.

    An id of ``taken`` is not given again. An id of 64 bits only says which key to try: HPKE binds the whole public key
    (RFC 9180, section 4.1), and people compare its SHA-256 in ``keys.json``.
    """
    while True:
        private = new_signing_key() if purpose in SIGNING else new_opening_key()
        public = public_of(private)
        if (key_id := key_id_of(public)) not in taken:
            return private, public, key_id
