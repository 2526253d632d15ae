"""Generate key pairs."""

from collections.abc import Collection

from functions.crypto.key_pairs import new_opening_key, new_signing_key, public_of
from functions.crypto.seal.public_keys import SIGNING, Purpose, hint_of, key_id_of

MANY_KEYS = 50


def new_pair(purpose: Purpose, taken: Collection[str] = ()) -> tuple[bytes, bytes, str]:
    """Generate a pair for a purpose: private and public key (raw bytes), and the key id.

    No id begins as one of ``taken``: the beginning is what an envelope carries, to say which key to try. HPKE binds the
    whole public key (RFC 9180, section 4.1), and people compare its SHA-256 in ``keys.json``.
    """
    hints = {hint_of(key_id) for key_id in taken}
    while True:
        private = new_signing_key() if purpose in SIGNING else new_opening_key()
        public = public_of(private)
        if hint_of(key_id := key_id_of(public)) not in hints:
            return private, public, key_id
