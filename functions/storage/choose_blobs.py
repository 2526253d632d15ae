"""The blobs the settings name. Apart from ``choose``, since the intake holds no files."""

from functions.config.settings import Settings
from functions.storage.interface import Blobs


def open_blobs(settings: Settings) -> Blobs:
    """A folder in the data folder, or S3 beside DynamoDB."""
    if settings.store == "dynamodb":
        from functions.storage.blobs_s3 import S3Blobs, s3_client  # noqa: PLC0415 - only where chosen

        return S3Blobs(settings.bucket, s3_client)
    from functions.storage.blobs_folder import DirBlobs  # noqa: PLC0415 - only where chosen

    return DirBlobs(settings.data_dir / "blobs")
