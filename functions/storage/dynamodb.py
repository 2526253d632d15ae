"""DynamoDB behind the storage interface: one table, on demand, no scan anywhere."""

from typing import Any

from functions.aws import make_client
from functions.storage.dynamo_cases import DynamoCases
from functions.storage.dynamo_identities import DynamoIdentities
from functions.storage.dynamo_links import DynamoLinks
from functions.storage.dynamo_outbox import DynamoOutbox
from functions.storage.dynamo_registers import DynamoRegisters
from functions.storage.dynamo_retention import DynamoRetention
from functions.storage.dynamo_slips import DynamoSlips
from functions.storage.dynamo_table import DynamoTable


class DynamoStore(
    DynamoTable, DynamoCases, DynamoIdentities, DynamoRetention, DynamoOutbox, DynamoLinks, DynamoRegisters, DynamoSlips
):
    """One table holds everything: ``DynamoStore(table_name, client_factory)``.

    ``client_factory`` makes a boto3 ``dynamodb`` client; it is called when the first call is made.
    """


def dynamodb_client() -> Any:
    """A client for the table."""
    return make_client("dynamodb", read_seconds=5)
