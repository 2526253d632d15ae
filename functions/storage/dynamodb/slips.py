"""Slips in DynamoDB: one item each, removed by its TTL. Until then an expired one counts as gone."""

from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, pack, unpack
from functions.storage.dynamodb.table import TTL_ATTRIBUTE
from functions.storage.interface import Slip, VersionConflictError
from functions.storage.records import Row


class DynamoSlips(DynamoPart):
    """``interface.Slips`` on a DynamoDB table."""

    def read_slip(self, name: str, now: int) -> Slip | None:
        """Return a slip that has not expired."""
        item = self.calls.on_table("get_item", Key=_key(name), ConsistentRead=True).get("Item")
        if item is None:
            return None
        row = unpack(item)
        expires = int(row[TTL_ATTRIBUTE] or 0)
        return Slip(name, int(row["version"] or 0), bytes(item["sealed"]["B"]), expires) if expires > now else None

    def write_slip(self, slip: Slip, now: int) -> None:
        """Put a slip. Raises VersionConflictError."""
        first = slip.version == 1
        condition = "attribute_not_exists(PK) OR #gone <= :now" if first else "#version = :before AND #gone > :now"
        names = {"#gone": TTL_ATTRIBUTE} | ({} if first else {"#version": "version"})
        values = {":now": now} | ({} if first else {":before": slip.version - 1})
        item: Row = {"version": slip.version, "sealed": slip.sealed, TTL_ATTRIBUTE: slip.expires}
        try:
            self.calls.on_table(
                "put_item",
                Item=_key(slip.name) | pack(item),
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=pack(values),
            )
        except ConditionFailedError:
            raise VersionConflictError from None

    def drop_slip(self, name: str) -> None:
        """Remove a slip."""
        self.calls.on_table("delete_item", Key=_key(name))


def _key(name: str) -> Item:
    return pack({"PK": f"SLIP#{name}", "SK": "SLIP"})
