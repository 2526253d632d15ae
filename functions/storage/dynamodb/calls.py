"""Calls to DynamoDB: the lazy client, rows as items, and its errors as ours.

Importing this imports no boto3: a function that answers without the store does not pay for loading it.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from functions.config.aws import LazyClient
from functions.storage.interface import StorageError, StoreUnavailableError
from functions.storage.interface.errors import MAKE_THEM
from functions.storage.records import Row, Value

Item = dict[str, dict[str, Any]]  # as on the wire: {"name": {"S": "text"}}

# Two transactions met on one item. The later one is refused at once and may be tried again.
CONFLICTS = frozenset({"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"})
UNAVAILABLE = frozenset(
    {
        "InternalServerError",
        "ItemCollectionSizeLimitExceeded",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
    }
)
TRIES = 6
BATCH = 25  # what BatchWriteItem takes
BATCH_READ = 100  # what BatchGetItem takes
READ_TRIES = 5
FIRST_WAIT_MS = 20
SERVER_FAULT = 500


class ConditionFailedError(Exception):
    """A condition did not hold at the item numbered ``index`` of the call. ``item`` is the stored item, if the call
    asked for it and there is one."""

    def __init__(self, index: int, item: Item | None) -> None:
        self.index = index
        self.item = item
        super().__init__(f"condition {index} failed")


class DynamoCalls(LazyClient):
    """The calls on one table, which the parts of the store share. ``client_factory`` makes the boto3 client when the
    first call is made."""

    def __init__(self, table_name: str, client_factory: Callable[[], Any]) -> None:
        super().__init__(client_factory)
        self.table_name = table_name

    def call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Call the API by boto3's name for the operation, e.g. ``query``.

        Tries conflicts between transactions again for about a second. Raises ConditionFailedError,
        StoreUnavailableError, and StorageError for what no repetition mends.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded with the client

        run = getattr(self.client, operation)
        for attempt in range(TRIES):
            try:
                return dict(run(**arguments))
            except ClientError as error:
                code = _verdict(error.response)
                if code not in CONFLICTS:
                    raise _mapped(code, error.response) from error
                time.sleep(_wait(attempt))
            except BotoCoreError as error:
                raise StoreUnavailableError(f"DynamoDB: {type(error).__name__}") from error
        raise StoreUnavailableError("DynamoDB: too many transactions on one item")

    def on_table(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Do ``call`` on this table."""
        return self.call(operation, TableName=self.table_name, **arguments)

    def transact(self, writes: Sequence[dict[str, dict[str, Any]]]) -> None:
        """Write all or nothing on this table, each ``{"Put": …}`` or ``{"Delete": …}``. Raises ConditionFailedError
        with the number of the write whose condition did not hold."""
        items = [{kind: {"TableName": self.table_name, **write}} for each in writes for kind, write in each.items()]
        self.call("transact_write_items", TransactItems=items)

    def read_all(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Yield the items of these keys that there are, in no order. Raises StoreUnavailableError if some could not be
        read after several tries."""
        for start in range(0, len(keys), BATCH_READ):
            request: dict[str, Any] = {
                self.table_name: {"Keys": keys[start : start + BATCH_READ], "ConsistentRead": True}
            }
            for _ in range(READ_TRIES):
                answer = self.call("batch_get_item", RequestItems=request)
                yield from answer["Responses"].get(self.table_name, [])
                request = answer.get("UnprocessedKeys", {})
                if not request:
                    break
            else:
                raise StoreUnavailableError("DynamoDB: a batch stays unfinished")

    def delete(self, keys: Sequence[Item]) -> None:
        """Remove items of this table in batches; missing ones do no harm. Raises StoreUnavailableError if some are
        left after several tries; others may be gone then."""
        for start in range(0, len(keys), BATCH):
            requests = [{"DeleteRequest": {"Key": key}} for key in keys[start : start + BATCH]]
            for attempt in range(TRIES):
                answer = self.call("batch_write_item", RequestItems={self.table_name: requests})
                requests = answer.get("UnprocessedItems", {}).get(self.table_name, [])
                if not requests:
                    break
                time.sleep(_wait(attempt))
            else:
                raise StoreUnavailableError("DynamoDB: a batch stays unfinished")


class DynamoPart:
    """One part of the store (an interface), on the table whose calls it is given."""

    def __init__(self, calls: DynamoCalls) -> None:
        self.calls = calls


def absent(item: Item) -> dict[str, Any]:
    """Return a Put of an item that fails if its key exists."""
    return {"Item": item, "ConditionExpression": "attribute_not_exists(PK)"}


def pack(row: Mapping[str, Value]) -> Item:
    """Return a row as an item, without empty (None) fields. Rows have four kinds of value, which need no more than
    this: boto3's own serializer would have to be loaded, and turns whole numbers into Decimal."""
    return {name: value_of(value) for name, value in row.items() if value is not None}


def unpack(item: Item) -> Row:
    """Return the row of an item, with its keys and index fields."""
    return {name: _plain(value) for name, value in item.items()}


def value_of(value: str | int | bytes) -> dict[str, Any]:
    """Return a value as on the wire."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bytes):
        return {"B": value}
    return {"N": str(value)}


def _plain(value: Mapping[str, Any]) -> Value:
    ((kind, content),) = value.items()
    if kind == "N":
        return int(content)
    return str(content) if kind == "S" else bytes(content)


def _verdict(response: Mapping[str, Any]) -> str:
    """Return the code that decides. A cancelled transaction has one for each item: a failed condition goes before a
    conflict, since trying again does not mend it."""
    code = str(response["Error"]["Code"])
    if code != "TransactionCanceledException":
        return code
    reasons = [str(reason.get("Code", "None")) for reason in response.get("CancellationReasons", [])]
    for found in ("ConditionalCheckFailed", *CONFLICTS, *UNAVAILABLE):
        if found in reasons:
            return found
    return next((reason for reason in reasons if reason != "None"), code)


def _mapped(code: str, response: Mapping[str, Any]) -> Exception:
    if code == "ConditionalCheckFailedException":
        return ConditionFailedError(0, response.get("Item"))
    if code == "ConditionalCheckFailed":
        reasons = response["CancellationReasons"]
        index = next(i for i, reason in enumerate(reasons) if reason.get("Code") == code)
        return ConditionFailedError(index, reasons[index].get("Item"))
    if code == "ResourceNotFoundException":
        return StoreUnavailableError(f"DynamoDB: {code}; where there is no table yet, {MAKE_THEM}")
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in UNAVAILABLE or status >= SERVER_FAULT:
        return StoreUnavailableError(f"DynamoDB: {code}")
    return StorageError(f"DynamoDB: {code}")


def _wait(attempt: int) -> float:
    """Return seconds to wait, doubling and spread at random, so that those who clashed do not clash again."""
    ceiling = FIRST_WAIT_MS << attempt
    return (ceiling // 2 + secrets.randbelow(ceiling)) / 1000
