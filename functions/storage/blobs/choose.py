"""The blobs that the settings name, imported only when they are the ones: a laptop loads no boto3."""

from functions.config.settings import Settings
from functions.storage.interface import Blobs


def open_blobs(settings: Settings) -> Blobs:
    """Return blobs in the data folder, or in S3 beside DynamoDB."""
    if settings.store == "dynamodb":
        from functions.storage.blobs.s3 import S3Blobs, s3_client  # noqa: PLC0415 - only where chosen

        return S3Blobs(settings.bucket, s3_client)
    from functions.storage.blobs.folder import DirBlobs  # noqa: PLC0415 - only where chosen

    return DirBlobs(settings.data_dir / "blobs")
