"""The only AES-GCM decryption, for ``crypto.open`` and ``crypto.slips``. ``crypto.seal`` and the intake do not import
it."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from functions.crypto.errors import SealError
from functions.crypto.packing import PackingError, unpacked
from functions.crypto.padding import PaddingError, unpad
from functions.crypto.seal.sealing import ITEM, ITEM_VERSION, NONCE_BYTES, VERSION, item_aad


def decrypt_item(key: bytes, name: str, n: int, kind: str, envelope: bytes) -> bytes:
    """Open what ``seal_item`` or ``seal_slip`` sealed, also in the older form without packing. Raises SealError."""
    if envelope[:1] == VERSION:
        return unpadded(decrypt(key, envelope, item_aad(name, str(n), kind)))
    inside = unpadded(decrypt(key, envelope, item_aad(name, str(n), kind, ITEM), ITEM_VERSION))
    try:
        return unpacked(inside)
    except PackingError as error:
        raise SealError(f"badly packed: {error}") from error


def decrypt(key: bytes, envelope: bytes, aad: bytes, version: bytes = VERSION) -> bytes:
    """Decrypt ``version ‖ nonce(12) ‖ AES-256-GCM``. Raises SealError."""
    if envelope[:1] != version:
        raise SealError("unknown version")
    nonce, sealed = envelope[1 : 1 + NONCE_BYTES], envelope[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except (InvalidTag, ValueError) as error:
        raise SealError("does not open") from error


def unpadded(padded: bytes) -> bytes:
    """Remove the padding. Raises SealError."""
    try:
        return unpad(padded)
    except PaddingError as error:
        raise SealError("bad padding") from error
