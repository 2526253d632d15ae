"""The blobs that the settings name, imported only when they are the ones: a laptop loads no boto3."""

from functions.config.disk import free_bytes
from functions.config.settings import Settings
from functions.storage.blobs.room import BoundedBlobs
from functions.storage.interface import Blobs

MEGABYTE = 1_000_000


def open_blobs(settings: Settings) -> Blobs:
    """Return blobs in the data folder, or in S3 beside DynamoDB."""
    most, reserve = settings.files_mb_a_day * MEGABYTE, settings.disk_reserve_mb * MEGABYTE
    if settings.store == "dynamodb":
        from functions.storage.blobs.s3 import S3Blobs, s3_client  # noqa: PLC0415 - only where chosen

        return BoundedBlobs(S3Blobs(settings.bucket, s3_client), most, 0, lambda: most)  # a bucket has no end
    from functions.storage.blobs.folder import DirBlobs  # noqa: PLC0415 - only where chosen

    return BoundedBlobs(DirBlobs(settings.data_dir / "blobs"), most, reserve, lambda: free_bytes(settings))
