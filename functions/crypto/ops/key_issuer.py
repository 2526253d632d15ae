"""Make, publish and destroy the keys of a bucket: the side of ops, which encrypts and cannot decrypt.

No function imports this, and no function's role has the rights for it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from functions.casework.consent.roster import Roster
from functions.casework.directory.linked_office import LinkedOffice
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.open.private.key_bucket import KeyBucket, context_of
from functions.crypto.ops.interface import with_late, with_linked, with_roster, without_key, without_late
from functions.crypto.ops.new_pair import MANY_KEYS, new_pair
from functions.crypto.seal.public_bucket import PUBLIC, as_ours
from functions.crypto.seal.public_keys import PublicKeys, Purpose, decode_public, encode_public

TRIES = 10
TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class KeyIssuer(KeyBucket):
    """A ``KeyBucket`` that makes keys.

    Two concurrent runs lose no key: ``public.json`` only ever replaces the version it was made from.
    """

    def public(self) -> PublicKeys:
        """Read the public keys now. Ops must not work with keys that are a minute old."""
        return self.read_now()

    def exists(self) -> bool:
        """Tell whether there are public keys at all."""
        return bool(self._now()[1])

    def check_existing(self) -> None:
        """Raises KeyringError if private keys are there and the public ones are gone."""
        if not self.exists() and len(list(self._names(""))) > 1:  # a single one is left by an interrupted first start
            raise KeyringError(f"{self.place}/{PUBLIC} is gone while private keys are there: restore it from a backup")

    def private_ids(self, purpose: Purpose, instance: str) -> list[str]:
        """Return the ids of the private keys in the bucket for one purpose and instance."""
        prefix = f"{purpose}/{instance}/"
        return sorted(name.removeprefix(prefix) for name in self._names(prefix))

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """Return the pairs without a current public key and its private blob."""
        current, there = self._now()[0].current, set(self._names(""))
        wanted = [(purpose, instance) for purpose in purposes for instance in instances]
        return [pair for pair in wanted if pair not in current or f"{pair[0]}/{pair[1]}/{current[pair]}" not in there]

    def check(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Check that one private blob is there; ops cannot open it. Raises KeyringError."""
        with as_ours(f"{self.place}/{purpose}/{instance}/{key_id}"):
            self.s3.client.head_object(Bucket=self.bucket, Key=f"{purpose}/{instance}/{key_id}")

    def generate(self, purpose: Purpose, instance: str) -> str:
        """Make a new pair, private blob first, then make it current. Returns its key id."""
        return self.generate_all([(purpose, instance)])[0]

    def generate_all(self, pairs: Iterable[tuple[Purpose, str]]) -> list[str]:
        """Make new pairs as ``generate`` does. They are published after the first and then once per batch."""
        made: list[str] = []
        keys: dict[str, bytes] = {}
        current: dict[tuple[Purpose, str], str] = {}
        for purpose, instance in pairs:
            private, public, key_id = new_pair(purpose, keys)
            self._put_private(purpose, instance, key_id, private)
            keys[key_id], current[purpose, instance] = public, key_id
            made.append(key_id)
            if len(made) % MANY_KEYS == 1:
                self._publish_more(keys, current)
        self._publish_more(keys, current)
        return made

    def destroy(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Drop an old key's public half, then remove all versions of its blob. Refuses to destroy the current key.

        If it is interrupted between the two, calling it again finishes the work.
        """
        self._publish(lambda known: without_key(known, purpose, instance, key_id))
        name = f"{purpose}/{instance}/{key_id}"
        with as_ours(f"{self.place}/{name}"):
            for page in self.s3.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=name):
                for each in page.get("Versions", []) + page.get("DeleteMarkers", []):
                    self.s3.client.delete_object(Bucket=self.bucket, Key=each["Key"], VersionId=each["VersionId"])

    def put_roster(self, instance: str, roster: Roster | None, before: str) -> None:
        """Publish an instance's roster in place of the one of id ``before`` ("" for none), or none at all."""
        self._publish(lambda known: with_roster(known, instance, roster, before))

    def put_linked(self, code: str, office: LinkedOffice | None) -> None:
        """Publish the keys of a linked office in place of those that it had, or take them away."""
        self._publish(lambda known: with_linked(known, code, office))

    def keep_late(self, purpose: Purpose, instances: Collection[str]) -> None:
        """Let reports to the current keys in, also after the next ones were made. Which keys these were before ends."""
        self._publish(lambda known: with_late(known, purpose, instances))

    def end_late(self, purpose: Purpose, instances: Collection[str]) -> None:
        """Let no report to the keys of before in any more: no page shows them by now."""
        self._publish(lambda known: without_late(known, purpose, instances))

    def _put_private(self, purpose: Purpose, instance: str, key_id: str, private: bytes) -> None:
        key = f"{purpose}/{instance}/{key_id}"
        with as_ours(f"{self.place}/{key}"):
            sealed = self.kms.client.encrypt(
                KeyId=self.prefix + purpose, Plaintext=private, EncryptionContext=context_of(purpose, instance)
            )["CiphertextBlob"]
            self.s3.client.put_object(Bucket=self.bucket, Key=key, Body=sealed, IfNoneMatch="*")

    def _publish_more(self, keys: dict[str, bytes], current: dict[tuple[Purpose, str], str]) -> None:
        if keys:
            self._publish(
                lambda known: known._replace(keys={**known.keys, **keys}, current={**known.current, **current})
            )
            keys.clear()
            current.clear()

    def _publish(self, change: Callable[[PublicKeys], PublicKeys]) -> None:
        """Replace the keys that these were made from. If another run was faster, apply the change to its keys."""
        for _ in range(TRIES):
            known, etag = self._now()
            condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
            if self._put_public(encode_public(change(known)), condition):
                return
        raise KeysUnavailableError(f"{self.place}/{PUBLIC} is being changed by others; try again")

    def _put_public(self, content: bytes, condition: dict[str, str]) -> bool:
        from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

        with as_ours(f"{self.place}/{PUBLIC}"):
            try:
                self.s3.client.put_object(
                    Bucket=self.bucket, Key=PUBLIC, Body=content, ContentType="application/json", **condition
                )
            except ClientError as error:
                if error.response["Error"]["Code"] in TAKEN:
                    return False
                raise
        return True

    def _now(self) -> tuple[PublicKeys, str]:
        """Return the current public keys and their ETag; no keys and "" if there are none."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

        where = f"{self.place}/{PUBLIC}"
        with as_ours(where):
            try:
                answer: dict[str, Any] = self.s3.client.get_object(Bucket=self.bucket, Key=PUBLIC)
            except ClientError as error:
                if error.response["Error"]["Code"] != "NoSuchKey":
                    raise
                return PublicKeys({}, {}), ""
            return decode_public(answer["Body"].read(), where), answer["ETag"]

    def _names(self, prefix: str) -> Iterator[str]:
        """Yield the names of the private blobs with this prefix."""
        with as_ours(self.place):
            for page in self.s3.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                yield from (each["Key"] for each in page.get("Contents", []) if each["Key"] != PUBLIC)
