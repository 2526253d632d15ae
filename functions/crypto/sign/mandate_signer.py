"""Sign mandates: for the desk alone. The courier, which only verifies, does not load this."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from functions.crypto.seal.public_keys import hint_of
from functions.crypto.sign.mandates import HOUR_BYTES, VERSION, Mandate


def sign_mandate(mandate: Mandate, key_id: str, private: bytes) -> bytes:
    """Return the mandate as it is sealed to the courier. ``private`` is the raw 32-byte key with this id."""
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(mandate.signed())
    hour = mandate.hour.to_bytes(HOUR_BYTES, "big")
    return VERSION + hint_of(key_id) + hour + signature + mandate.payload
