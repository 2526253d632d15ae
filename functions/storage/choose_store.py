"""The store that the settings name. Only that one is imported: a laptop loads no boto3."""

from functions.config.settings import Settings
from functions.storage.interface import Store


def open_store(settings: Settings) -> Store:
    """Return a SQLite store in the data folder, or a DynamoDB one as the AWS environment says."""
    if settings.store == "dynamodb":
        from functions.storage.dynamodb.store import DynamoStore, dynamodb_client  # noqa: PLC0415 - only where chosen

        return DynamoStore(settings.table, dynamodb_client)
    from functions.storage.sqlite.store import SqliteStore  # noqa: PLC0415 - only where chosen

    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteStore(settings.store_file)
