"""The public keys the settings name, imported only where they are the ones: a laptop loads no boto3."""

from typing import Any

from functions.aws import make_client
from functions.settings import Settings
from functions.vault.key_store import PublicStore
from functions.vault.keyring import KeyDirectory


def open_public_keys(settings: Settings) -> PublicStore:
    """For who only seals and verifies."""
    if settings.keys:
        from functions.vault.public_bucket import PublicBucket  # noqa: PLC0415 - only where chosen

        return PublicBucket(settings.keys, s3_client)
    return KeyDirectory(settings.keys_dir)


def s3_client() -> Any:
    """A client for keys, which are small."""
    return make_client("s3", read_seconds=5)
