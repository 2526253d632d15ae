"""Slips in DynamoDB: one item each, removed by its TTL. Until then an expired one counts as gone."""

from collections.abc import Sequence
from typing import Any

from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, pack, unpack
from functions.storage.dynamodb.outbox import entry_item
from functions.storage.dynamodb.table import TTL_ATTRIBUTE
from functions.storage.interface import OutboxEntry, Slip, VersionConflictError
from functions.storage.records import Row


class DynamoSlips(DynamoPart):
    """``interface.Slips`` on a DynamoDB table."""

    def read_slip(self, name: str, now: int) -> Slip | None:
        """Return a slip that has not expired."""
        item = self.calls.on_table("get_item", Key=slip_key(name), ConsistentRead=True).get("Item")
        slip = _slip(item) if item else None
        return slip if slip and slip.expires > now else None

    def read_slips(self, names: Sequence[str], now: int) -> dict[str, Slip]:
        """Return those of these slips that have not expired, by name."""
        found = map(_slip, self.calls.read_all([slip_key(name) for name in names]))
        return {slip.name: slip for slip in found if slip.expires > now}

    def write_slip(self, slip: Slip, now: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put a slip, and entries with it. Raises VersionConflictError."""
        first = slip.version == 1
        condition = "attribute_not_exists(PK) OR #gone <= :now" if first else "#version = :before AND #gone > :now"
        names = {"#gone": TTL_ATTRIBUTE} | ({} if first else {"#version": "version"})
        values = {":now": now} | ({} if first else {":before": slip.version - 1})
        item: Row = {"version": slip.version, "sealed": slip.sealed, TTL_ATTRIBUTE: slip.expires}
        put: dict[str, Any] = {
            "Item": slip_key(slip.name) | pack(item),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": pack(values),
        }
        try:
            if outbox:
                self.calls.transact([{"Put": put}, *({"Put": {"Item": entry_item(entry)}} for entry in outbox)])
            else:
                self.calls.on_table("put_item", **put)
        except ConditionFailedError:
            raise VersionConflictError from None

    def drop_slip(self, name: str) -> None:
        """Remove a slip."""
        self.calls.on_table("delete_item", Key=slip_key(name))


def slip_key(name: str) -> Item:
    """Return the key of a slip."""
    return pack({"PK": f"SLIP#{name}", "SK": "SLIP"})


def _slip(item: Item) -> Slip:
    row = unpack(item)
    name = item["PK"]["S"].removeprefix("SLIP#")
    return Slip(name, int(row["version"] or 0), bytes(item["sealed"]["B"]), int(row[TTL_ATTRIBUTE] or 0))
