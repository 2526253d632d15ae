"""Key pairs as raw bytes: generation, the public half of a private key, and HPKE's key objects.

Private: 96 bytes (ML-KEM seed ‖ X25519) for HPKE, 32 (Ed25519) for links and mandates. Public: 1,216 and 32.
"""

from functools import lru_cache

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

MLKEM_PUBLIC = 1184
MLKEM_SEED = 64
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def new_signing_key() -> bytes:
    """Generate a private key that signs links or mandates."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def new_opening_key() -> bytes:
    """Generate a private key that opens what is sealed to its public half."""
    seed = MLKEM768PrivateKey.generate().private_bytes_raw()
    return seed + X25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """Return the public half. Raises ValueError if ``private`` is not a private key."""
    if len(private) == MLKEM_SEED + 32:
        mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:MLKEM_SEED]).public_key().public_bytes_raw()
        return mlkem + X25519PrivateKey.from_private_bytes(private[MLKEM_SEED:]).public_key().public_bytes_raw()
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@lru_cache(maxsize=256)
def hpke_public(raw: bytes) -> hpke.MLKEM768X25519PublicKey:
    """Return a public key as HPKE takes it."""
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC]), X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:])
    )


def hpke_private(raw: bytes) -> hpke.MLKEM768X25519PrivateKey:
    """Return a private key as HPKE takes it."""
    return hpke.MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED]), X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED:])
    )
