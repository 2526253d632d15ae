"""What DynamoDB charges for a call, worked out from the items themselves by its published rules.

No engine on this machine counts them rightly: what an item weighs is its attributes' names and values; a write is a
unit for each kilobyte begun, twice that in a transaction, and once more in every index that shows the item, twice
where its place there changes; a read is a unit for each four kilobytes begun, half of it where an older answer will do.
(Developer Guide, "DynamoDB read and write operations", "Item sizes and formats".)
"""

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from functions.storage.dynamodb.table import INDEXES
from tests.engines import aws

AWS = {"region_name": "ap-southeast-3", "aws_access_key_id": "invented", "aws_secret_access_key": "invented"}
WRITE_BYTES, READ_BYTES = 1024, 4096
Item = dict[str, dict[str, Any]]


@dataclass
class Units:
    """What was charged: write units of the table, of its indexes, read units, calls."""

    table: float = 0
    indexes: float = 0
    read: float = 0
    calls: int = 0

    @property
    def write(self) -> float:
        return self.table + self.indexes


@dataclass
class Meter:
    """Makes metered clients for one table. ``total`` counts since the last ``measure``, ``by_index`` what each index
    was charged."""

    total: Units = field(default_factory=Units)
    by_index: Counter[str] = field(default_factory=Counter)

    def client(self, service: str = "dynamodb") -> Any:
        """A client whose calls are metered."""
        made = aws.client(service, **AWS)
        self._plain = aws.client("dynamodb", **AWS)
        made.meta.events.register("provide-client-params.dynamodb", self._before)
        made.meta.events.register("after-call.dynamodb", self._after)
        return made

    @contextmanager
    def measure(self) -> Iterator[Units]:
        """The units of the block."""
        self.total, self.by_index = Units(), Counter()
        yield self.total

    def _before(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._params, self._name = params, model.name
        self._stood = {_key(key): self._item(table, key) for table, key, _ in _written(model.name, params)}

    def _after(self, parsed: dict[str, Any], **_: Any) -> None:
        self.total.calls += 1
        self.total.read += _read(self._name, self._params, parsed)
        for table, key, times in _written(self._name, self._params):
            before = self._stood[_key(key)]
            after = self._item(table, key)
            self.total.table += times * _write_units(before, after)
            for index, names in INDEXES.items():
                charged = _index_units(_shown(before, names), _shown(after, names), names)
                self.by_index[index] += charged
                self.total.indexes += charged

    def _item(self, table: str, key: Item) -> Item | None:
        found: Item | None = self._plain.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found


def size(item: Item | None) -> int:
    """Bytes of an item."""
    return sum(len(name.encode()) + _value(value) for name, value in (item or {}).items())


def _value(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        return len(str(content).lstrip("-0")) // 2 + 2
    return len(content.encode()) if kind == "S" else len(content)


def _write_units(before: Item | None, after: Item | None) -> int:
    return max(1, math.ceil(max(size(before), size(after)) / WRITE_BYTES))


def _shown(item: Item | None, names: tuple[str, str]) -> Item | None:
    return item if item and all(name in item for name in names) else None


def _index_units(before: Item | None, after: Item | None, names: tuple[str, str]) -> int:
    if before == after:
        return 0
    if before and after and all(before[name] == after[name] for name in names):
        return _write_units(before, after)
    return sum(_write_units(item, None) for item in (before, after) if item)


def _written(name: str, params: dict[str, Any]) -> Iterator[tuple[str, Item, int]]:
    """Table and key of what a call writes, and how many times over it is charged."""
    if name in ("PutItem", "UpdateItem", "DeleteItem"):
        yield params["TableName"], _key_of(params), 1
    if name == "TransactWriteItems":
        for each in params["TransactItems"]:
            ((_, write),) = each.items()
            yield write["TableName"], _key_of(write), 2
    if name == "BatchWriteItem":
        for table, requests in params["RequestItems"].items():
            for request in requests:
                ((_, write),) = request.items()
                yield table, _key_of(write), 1


def _key_of(write: dict[str, Any]) -> Item:
    return {name: (write.get("Key") or write["Item"])[name] for name in ("PK", "SK")}


def _key(key: Item) -> tuple[str, str]:
    return key["PK"]["S"], key["SK"]["S"]


def _read(name: str, params: dict[str, Any], parsed: dict[str, Any]) -> float:
    if name == "Query":
        units = max(1, math.ceil(sum(map(size, parsed.get("Items", []))) / READ_BYTES))
        return float(units if params.get("ConsistentRead") else units / 2)
    if name == "GetItem":
        return float(max(1, math.ceil(size(parsed.get("Item")) / READ_BYTES)))
    if name == "BatchGetItem":
        found = [item for items in parsed.get("Responses", {}).values() for item in items]
        asked = sum(len(each["Keys"]) for each in params["RequestItems"].values())
        return float(sum(max(1, math.ceil(size(item) / READ_BYTES)) for item in found) + asked - len(found))
    return 0.0
