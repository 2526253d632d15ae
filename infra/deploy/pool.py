"""What the nights of a bucket of backups share: objects that are written once, under a name that follows from their
content, and written again before S3 lets them end.

S3 ends an object by its age, whoever still needs it. So an object that a night wants, and that is older than a week,
is written again; what no night wants any more is not, and ends 35 days after it left the office at the latest.

Tests: ``tests/cloud/test_nights.py``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.manifest import POOL
from infra.deploy.place import Place

RENEWED_AFTER = timedelta(days=7)
NIGHT_DAYS = 25  # a night's manifest ends before the oldest object it may name: data.yaml, vault.yaml
GONE = ("NoSuchKey", "404")


@dataclass(frozen=True)
class Pool:
    """The shared objects of one environment's backups, as a backup at ``now`` finds them."""

    place: Place
    now: datetime

    @cached_property
    def fresh(self) -> frozenset[str]:
        """The objects that tonight need not be written: there, and younger than a week."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{POOL}/")
        found = [each for page in pages for each in page.get("Contents", [])]
        return frozenset(each["Key"] for each in found if self.now - each["LastModified"] < RENEWED_AFTER)

    def put(self, name: str, body: bytes) -> bool:
        """Keep ``body`` as ``name``; returns whether it had to be written."""
        if name in self.fresh:
            return False
        self._client.put_object(Bucket=self._bucket, Key=name, Body=body)
        return True

    def copy(self, source: str, key: str, etag: str, name: str) -> bool | None:
        """Copy an object of bucket ``source`` within S3, if it still is what ``etag`` says.

        Returns whether it had to be copied, None where it was deleted meanwhile. Raises ClientError.
        """
        if name in self.fresh:
            return False
        try:
            self._client.copy_object(
                Bucket=self._bucket,
                Key=name,
                CopySource={"Bucket": source, "Key": key},
                CopySourceIfMatch=etag,
                ChecksumAlgorithm="SHA256",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
            return None
        return True

    @cached_property
    def _client(self) -> Any:
        return self.place.backups

    @cached_property
    def _bucket(self) -> str:
        return self.place.bucket("backup")
