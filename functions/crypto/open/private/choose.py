"""Choose the store of private keys that the settings name."""

from typing import Any

from functions.config.aws import make_client
from functions.config.settings import Settings, SettingsError
from functions.crypto.open.private.interface import KeyStore
from functions.crypto.open.private.key_files import PrivateKeyFiles
from functions.crypto.seal.public_store import s3_client


def open_keys(settings: Settings) -> KeyStore:
    """Return the key store for a function that opens or signs. Raises SettingsError."""
    if settings.keys:
        from functions.crypto.open.private.key_bucket import KeyBucket  # noqa: PLC0415 - only where chosen

        return KeyBucket(settings.keys, kms_prefix(settings), s3_client, kms_client)
    return PrivateKeyFiles(settings.keys_dir, settings.key_passphrase)


def kms_client() -> Any:
    """Return a client of KMS, which encrypts the keys."""
    return make_client("kms", read_seconds=5)


def kms_prefix(settings: Settings) -> str:
    """Return the prefix of the KMS keys' aliases. Raises SettingsError if it is not set."""
    if not settings.kms_prefix:
        raise SettingsError(["KMS_PREFIX: must be set where KEYS is a bucket, e.g. alias/lapor-produksi-."])
    return settings.kms_prefix
