"""DynamoDB behind the storage interface: one table, on demand, no scan anywhere."""

from typing import Any

from functions.config.aws import make_client
from functions.storage.dynamodb.cases import DynamoCases
from functions.storage.dynamodb.identities import DynamoIdentities
from functions.storage.dynamodb.links import DynamoLinks
from functions.storage.dynamodb.outbox import DynamoOutbox
from functions.storage.dynamodb.registers import DynamoRegisters
from functions.storage.dynamodb.retention import DynamoRetention
from functions.storage.dynamodb.slips import DynamoSlips
from functions.storage.dynamodb.table import DynamoTable


class DynamoStore(
    DynamoTable, DynamoCases, DynamoIdentities, DynamoRetention, DynamoOutbox, DynamoLinks, DynamoRegisters, DynamoSlips
):
    """One table holds everything: ``DynamoStore(table_name, client_factory)``.

    ``client_factory`` makes a boto3 ``dynamodb`` client; it is called when the first call is made.
    """


def dynamodb_client() -> Any:
    """A client for the table."""
    return make_client("dynamodb", read_seconds=5)
