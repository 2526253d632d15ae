"""The keys the settings name, imported only where they are the ones: a laptop loads no boto3, and who only seals
nothing that opens."""

from typing import Any

from functions.aws import make_client
from functions.settings import Settings, SettingsError
from functions.vault.key_store import KeyMaker, KeyStore, PublicStore
from functions.vault.keyring import KeyDirectory


def open_public_keys(settings: Settings) -> PublicStore:
    """For who only seals and verifies."""
    if settings.keys:
        from functions.vault.public_bucket import PublicBucket  # noqa: PLC0415 - only where chosen

        return PublicBucket(settings.keys, s3_client)
    return KeyDirectory(settings.keys_dir)


def open_keys(settings: Settings) -> KeyStore:
    """For who opens or signs. Raises SettingsError."""
    if settings.keys:
        from functions.vault.key_bucket import KeyBucket  # noqa: PLC0415 - only where chosen

        return KeyBucket(settings.keys, _prefix(settings), s3_client, kms_client)
    return KeyDirectory(settings.keys_dir, settings.key_passphrase)


def open_key_maker(settings: Settings) -> KeyMaker:
    """For ops. Raises SettingsError."""
    if settings.keys:
        from functions.vault.key_press import KeyPress  # noqa: PLC0415 - only where chosen

        return KeyPress(settings.keys, _prefix(settings), s3_client, kms_client)
    return KeyDirectory(settings.keys_dir, settings.key_passphrase)


def s3_client() -> Any:
    """A client for keys, which are small."""
    return make_client("s3", read_seconds=5)


def kms_client() -> Any:
    """A client for what encrypts them."""
    return make_client("kms", read_seconds=5)


def _prefix(settings: Settings) -> str:
    if not settings.kms_prefix:
        raise SettingsError(["KMS_PREFIX: must be set where KEYS is a bucket, e.g. alias/lapor-produksi-."])
    return settings.kms_prefix
