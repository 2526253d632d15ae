"""Sealed files in S3, as ``<case id>/<name>``.

S3 keeps the second of every upload (LastModified) and lets nobody change it. Whoever may list or read objects sees it:
in AWS the two roles that read blobs, and no person's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from functions.config.aws import LazyClient, make_client
from functions.storage.interface import CaseNotFoundError, StorageError, StoreUnavailableError
from functions.storage.interface.blobs import check_case, check_name

ABSENT = frozenset({"NoSuchKey", "404"})
BUSY = frozenset({"NoSuchBucket", "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout"})
STANDING = frozenset({"BucketAlreadyOwnedByYou"})


class S3Blobs(LazyClient):
    """``interface.Blobs`` in one bucket. ``client_factory`` makes a boto3 ``s3`` client when the first call is made."""

    def __init__(self, bucket: str, client_factory: Callable[[], Any]) -> None:
        super().__init__(client_factory)
        self.bucket = bucket

    def prepare(self) -> None:
        """Make the bucket if it does not exist. For one machine and tests: in AWS the stack makes it."""
        with self._as_ours(ignored=STANDING):
            region = self.client.meta.region_name
            place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            self.client.create_bucket(Bucket=self.bucket, **place)

    def put(self, case_id: str, name: str, sealed: bytes, on: date) -> None:
        """Store under (case, name). S3 answers once the blob is durable."""
        key = f"{check_case(case_id)}/{check_name(name)}"
        with self._as_ours():
            self.client.put_object(Bucket=self.bucket, Key=key, Body=sealed, ContentType="application/octet-stream")

    def get(self, case_id: str, name: str) -> bytes:
        """Return the sealed bytes. Raises CaseNotFoundError if there are none."""
        key = f"{check_case(case_id)}/{check_name(name)}"
        with self._as_ours():
            return bytes(self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def redate(self, since: date) -> int:
        """Do nothing: S3 dates an object itself, and nobody can change that (see the threat model)."""
        return 0

    def delete_case(self, case_id: str) -> None:
        """Remove all blobs of a case, also older versions if the bucket keeps any."""
        prefix = f"{check_case(case_id)}/"
        with self._as_ours():
            for page in self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=prefix):
                found = page.get("Versions", []) + page.get("DeleteMarkers", [])
                objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
                if objects:
                    answer = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": objects, "Quiet": True})
                    if answer.get("Errors"):
                        raise StoreUnavailableError(f"S3: {len(answer['Errors'])} blobs were not deleted")

    @contextmanager
    def _as_ours(self, ignored: frozenset[str] = frozenset()) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded with the client

        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ignored:
                return
            if code in ABSENT:
                raise CaseNotFoundError("no such blob") from error
            raise (StoreUnavailableError if code in BUSY else StorageError)(f"S3: {code}") from error
        except BotoCoreError as error:
            raise StoreUnavailableError(f"S3: {type(error).__name__}") from error


def s3_client() -> Any:
    """Make a client for blobs. Its timeout is long: a photo of some megabytes takes its time."""
    return make_client("s3", read_seconds=20)
