"""The keys the settings name, private ones among them. Apart from ``choose``, since intake and thread open nothing."""

from typing import Any

from functions.aws import make_client
from functions.settings import Settings, SettingsError
from functions.vault.choose import s3_client
from functions.vault.key_store import KeyStore
from functions.vault.keyring import KeyDirectory


def open_keys(settings: Settings) -> KeyStore:
    """For who opens or signs. Raises SettingsError."""
    if settings.keys:
        from functions.vault.key_bucket import KeyBucket  # noqa: PLC0415 - only where chosen

        return KeyBucket(settings.keys, kms_prefix(settings), s3_client, kms_client)
    return KeyDirectory(settings.keys_dir, settings.key_passphrase)


def kms_client() -> Any:
    """A client for what encrypts the keys."""
    return make_client("kms", read_seconds=5)


def kms_prefix(settings: Settings) -> str:
    """How the aliases of the KMS keys begin. Raises SettingsError where it is not told."""
    if not settings.kms_prefix:
        raise SettingsError(["KMS_PREFIX: must be set where KEYS is a bucket, e.g. alias/lapor-produksi-."])
    return settings.kms_prefix
