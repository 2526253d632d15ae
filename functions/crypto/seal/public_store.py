"""Where the public keys are, as the settings name it. What is not chosen is not imported: a laptop loads no boto3."""

from typing import Any, Protocol

from functions.config.aws import make_client
from functions.config.settings import Settings
from functions.crypto.seal.key_files import PublicKeyFile
from functions.crypto.seal.public_keys import PublicKeys


class PublicStore(Protocol):
    """All that intake and thread need: what to seal to. Raises KeyringError."""

    def public(self) -> PublicKeys:
        """All public keys."""


def open_public_keys(settings: Settings) -> PublicStore:
    """For a function that only seals and verifies."""
    if settings.keys:
        from functions.crypto.seal.public_bucket import PublicBucket  # noqa: PLC0415 - only where chosen

        return PublicBucket(settings.keys, s3_client)
    return PublicKeyFile(settings.keys_dir)


def s3_client() -> Any:
    """A client for keys, which are small."""
    return make_client("s3", read_seconds=5)
