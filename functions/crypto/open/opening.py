"""Open what ``crypto.seal`` sealed: items and files with the case key, the case key itself with the receipt."""

from functions.crypto.decrypt import decrypt, decrypt_item, unpadded
from functions.crypto.seal.sealing import ReceiptKeys, identity_aad, item_aad, talk_aad


def open_item(case_key: bytes, case_id: str, n: int, kind: str, envelope: bytes) -> bytes:
    """Open what ``seal_item`` sealed. Raises SealError."""
    return decrypt_item(case_key, case_id, n, kind, envelope)


def open_blob(case_key: bytes, case_id: str, name: str, envelope: bytes) -> bytes:
    """Open what ``seal_blob`` sealed. Raises SealError."""
    return unpadded(decrypt(case_key, envelope, item_aad(case_id, name, "blob")))


def unwrap_with_receipt(keys: ReceiptKeys, wrap: bytes) -> bytes:
    """Return the case key (32 bytes). Raises SealError."""
    return decrypt(keys.wrap_key, wrap, item_aad(keys.case_id, "receipt", "wrap"))


def unwrap_identity_with_receipt(keys: ReceiptKeys, wrap: bytes) -> bytes:
    """Return the identity's key (32 bytes). Raises SealError."""
    return decrypt(keys.identity_wrap, wrap, identity_aad(keys.case_id))


def unwrap_talk(case_id: str, name_key: bytes, wrap: bytes) -> bytes:
    """Return the talk key (32 bytes) of a split name. Raises SealError."""
    return decrypt(name_key, wrap, talk_aad(case_id))
