"""Private keys in an S3 bucket, each encrypted by KMS for its purpose and instance: ``<purpose>/<instance>/<key id>``.

A function reads keys of one purpose only, each when it is first needed: a nation has thousands, and a cold start needs
none. Nothing here writes; ops do that with ``crypto.ops.key_issuer``.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from functions.config.aws import LazyClient
from functions.crypto.errors import KeyringError, SealError
from functions.crypto.key_pairs import public_of
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_bucket import PublicBucket, as_ours
from functions.crypto.seal.public_keys import Purpose, id_with, is_id_of


class KeyBucket(PublicBucket):
    """A key bucket that a function may read.

    ``prefix`` is that of the KMS keys' aliases, which end with the purpose. ``s3`` and ``kms`` make boto3 clients at
    the first call.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str,
        s3: Callable[[], Any],
        kms: Callable[[], Any],
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(bucket, s3, clock)
        self.prefix = prefix
        self.kms = LazyClient(kms)

    def private(self, purpose: Purpose, instance: str = "") -> PrivateKeys:
        """Return the private keys of one purpose, none of them fetched yet."""
        return FetchedKeys(purpose, {}, self)

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """Return the pairs without a current public key. Private keys are neither fetched nor listed for it."""
        current = self.public().current
        wanted = [(purpose, instance) for purpose in purposes for instance in instances]
        return [pair for pair in wanted if pair not in current]

    def fetch(self, purpose: Purpose, instance: str, key_id: str) -> bytes:
        """Fetch one private key (raw bytes). Raises KeyringError."""
        key = f"{purpose}/{instance}/{key_id}"
        with as_ours(f"{self.place}/{key}"):
            sealed = self.s3.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            opened = self.kms.client.decrypt(
                KeyId=self.prefix + purpose, CiphertextBlob=sealed, EncryptionContext=context_of(purpose, instance)
            )
        raw = bytes(opened["Plaintext"])
        try:
            fits = is_id_of(key_id, public_of(raw))
        except ValueError:
            fits = False
        if not fits:
            raise KeyringError(f"{self.place}/{key} does not match its name; restore it from a backup")
        return raw


@dataclass(frozen=True, slots=True, repr=False)
class FetchedKeys(PrivateKeys):
    """Private keys of one purpose, each fetched from ``bucket`` when it is first needed, then kept in ``keys``."""

    keys: dict[str, bytes]
    bucket: KeyBucket

    def _named(self, hint: bytes) -> str:
        bucket = self.bucket
        return id_with(hint, self.keys) or id_with(hint, bucket.public().keys) or id_with(hint, bucket.read_now().keys)

    def key(self, instance: str, key_id: str) -> bytes:
        """Return one private key.

        ``public.json`` decides whether a key is gone, since S3 may refuse to say so; a rotation changes that file
        before it destroys. Raises SealError if the key is gone, KeyringError if it cannot be fetched.
        """
        if key_id not in self.keys:
            if key_id not in self.bucket.public().keys and key_id not in self.bucket.read_now().keys:
                raise SealError("no key for this envelope")
            self.keys[key_id] = self.bucket.fetch(self.purpose, instance, key_id)
        return self.keys[key_id]


def context_of(purpose: Purpose, instance: str) -> dict[str, str]:
    """Return the KMS encryption context: a key encrypted for one purpose and instance does not open in another."""
    return {"purpose": purpose.value, "instance": instance}
