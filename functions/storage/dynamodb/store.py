"""DynamoDB behind the storage interfaces: one table, on demand, no scan anywhere."""

from collections.abc import Callable
from typing import Any

from functions.config.aws import make_client
from functions.storage.dynamodb.calls import DynamoCalls
from functions.storage.dynamodb.cases import DynamoCases
from functions.storage.dynamodb.identities import DynamoIdentities
from functions.storage.dynamodb.links import DynamoLinks
from functions.storage.dynamodb.outbox import DynamoOutbox
from functions.storage.dynamodb.registers import DynamoRegisters
from functions.storage.dynamodb.retention import DynamoRetention
from functions.storage.dynamodb.slips import DynamoSlips
from functions.storage.dynamodb.table import DynamoTable


class DynamoStore(
    DynamoTable,
    DynamoCases,
    DynamoRetention,
    DynamoIdentities,
    DynamoOutbox,
    DynamoLinks,
    DynamoRegisters,
    DynamoSlips,
):
    """One table holds everything: all parts on the calls of one table.

    ``client_factory`` makes a boto3 ``dynamodb`` client; it is called when the first call is made.
    """

    def __init__(self, table_name: str, client_factory: Callable[[], Any]) -> None:
        super().__init__(DynamoCalls(table_name, client_factory))


def dynamodb_client() -> Any:
    """Make a client for the table."""
    return make_client("dynamodb", read_seconds=5)
