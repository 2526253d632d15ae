"""Choose the store of public keys that the settings name. The other is not imported: a laptop loads no boto3."""

from typing import Any, Protocol

from functions.config.aws import make_client
from functions.config.settings import Settings
from functions.crypto.seal.key_files import PublicKeyFile
from functions.crypto.seal.public_keys import PublicKeys


class PublicStore(Protocol):
    """The keys to seal to: all that intake and thread need. Raises KeyringError."""

    def public(self) -> PublicKeys:
        """Return all public keys."""


def open_public_keys(settings: Settings) -> PublicStore:
    """Return the store for a function that only seals and verifies."""
    if settings.keys:
        from functions.crypto.seal.public_bucket import PublicBucket  # noqa: PLC0415 - only where chosen

        return PublicBucket(settings.keys, s3_client)
    return PublicKeyFile(settings.keys_dir)


def s3_client() -> Any:
    """Return a client of S3 for keys, which are small."""
    return make_client("s3", read_seconds=5)
