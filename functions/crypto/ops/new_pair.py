"""Generate key pairs."""

from functions.crypto.key_pairs import new_opening_key, new_signing_key, public_of
from functions.crypto.seal.public_keys import SIGNING, Purpose, key_id_of

MANY_KEYS = 50


def new_pair(purpose: Purpose) -> tuple[bytes, bytes, str]:
    """Generate a pair for a purpose: private and public key (raw bytes), and the key id."""
    private = new_signing_key() if purpose in SIGNING else new_opening_key()
    public = public_of(private)
    return private, public, key_id_of(public)
