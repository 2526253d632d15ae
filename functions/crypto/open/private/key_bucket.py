"""Private keys in an S3 bucket, each encrypted by KMS for its purpose and instance: ``<purpose>/<instance>/<key id>``.

A function reads those of one purpose, and only when something is to be opened or signed with one: a nation has
thousands, of which a function that has just started needs none. Nothing here writes; ops do that with ``key_press``.
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
from functions.crypto.seal.public_keys import Purpose, key_id_of


class KeyBucket(PublicBucket):
    """``prefix`` is that of the KMS keys' aliases, which end with the purpose. ``s3`` and ``kms`` make boto3 clients
    when the first call is made."""

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

    def private(self, purpose: Purpose) -> PrivateKeys:
        """The private keys of one purpose, none of them fetched yet."""
        return FetchedKeys(purpose, {}, self)

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """The pairs that have no current public key: the private ones are not fetched for it, and not listed."""
        current = self.public().current
        wanted = [(purpose, instance) for purpose in purposes for instance in instances]
        return [pair for pair in wanted if pair not in current]

    def fetch(self, purpose: Purpose, instance: str, key_id: str) -> bytes:
        """One private key (raw bytes). Raises KeyringError."""
        key = f"{purpose}/{instance}/{key_id}"
        with as_ours(f"{self.place}/{key}"):
            sealed = self.s3.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            opened = self.kms.client.decrypt(
                KeyId=self.prefix + purpose, CiphertextBlob=sealed, EncryptionContext=context_of(purpose, instance)
            )
        raw = bytes(opened["Plaintext"])
        try:
            fits = key_id_of(public_of(raw)) == key_id
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

    def key(self, instance: str, key_id: str) -> bytes:
        """One of them. Whether it is gone is what ``public.json`` says, which a rotation changes before it destroys:
        S3 may refuse to tell what is not there. Raises SealError where it is gone, KeyringError where it cannot be
        had."""
        if key_id not in self.keys:
            if key_id not in self.bucket.public().keys and key_id not in self.bucket.look().keys:
                raise SealError("no key for this envelope")
            self.keys[key_id] = self.bucket.fetch(self.purpose, instance, key_id)
        return self.keys[key_id]


def context_of(purpose: Purpose, instance: str) -> dict[str, str]:
    """What KMS must be told to decrypt a key: nothing encrypted for one place opens in another."""
    return {"purpose": purpose.value, "instance": instance}
