"""DynamoDB behind the storage interface: one table, on demand, no scan anywhere."""

from typing import Any

from functions.storage.dynamo_cases import DynamoCases
from functions.storage.dynamo_identities import DynamoIdentities
from functions.storage.dynamo_links import DynamoLinks
from functions.storage.dynamo_outbox import DynamoOutbox
from functions.storage.dynamo_registers import DynamoRegisters
from functions.storage.dynamo_retention import DynamoRetention
from functions.storage.dynamo_table import DynamoTable


class DynamoStore(
    DynamoTable, DynamoCases, DynamoIdentities, DynamoRetention, DynamoOutbox, DynamoLinks, DynamoRegisters
):
    """One table holds everything: ``DynamoStore(table_name, client_factory)``.

    ``client_factory`` makes a boto3 ``dynamodb`` client; it is called when the first call is made.
    """


def dynamodb_client() -> Any:
    """A client as the AWS environment says (region, credentials, ``AWS_ENDPOINT_URL``)."""
    import boto3  # noqa: PLC0415 - only when the first call is made
    from botocore.config import Config  # noqa: PLC0415 - as above

    options: dict[str, Any] = {"retries": {"mode": "standard", "total_max_attempts": 3}}
    config = Config(connect_timeout=2, read_timeout=5, **options)
    return boto3.session.Session().client("dynamodb", config=config)
