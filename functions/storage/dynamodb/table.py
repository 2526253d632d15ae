"""The single table: its keys, its indexes, and how it is made.

| item | PK | SK | further keys |
|---|---|---|---|
| case head | ``CASE#<id>`` | ``HEAD`` | ``at_holder``, ``at_instance``, ``place``, and some of those of the others |
| identity | ``ID#<case id>`` | ``IDENTITY`` | ``at_holder``, ``place`` |
| event | ``CASE#<id>`` | ``E#000001`` | |
| outbox entry | ``OUT#<entry id>`` | ``ENTRY`` | ``queue``, ``turn`` |
| used link | ``LINK#<link id>`` | ``USE`` | ``gone_after`` (TTL) |
| revocation | ``REVOKED#<subject>`` | ``REVOKED`` | |
| slip | ``SLIP#<name>`` | ``SLIP`` | ``gone_after`` (TTL) |
| register's pointer | ``REGISTER#<name>`` | ``POINTER`` | |
| register's part | ``REGISTER#<name>`` | ``V#00000001#<writing>#0000`` | |
| mark of ``work_fill`` | ``FILLED#work`` | ``FILLED`` | |

The queue is one partition of its index. It takes a thousand new notices a second, far more than mail does, and a
courier that finds nothing has paid for one query instead of one for each shard.
"""

import time
from typing import Any

from functions.storage.dynamodb.calls import DynamoPart
from functions.storage.dynamodb.work_fill import fill_work
from functions.storage.interface import StorageError, StoreUnavailableError

TTL_ATTRIBUTE = "gone_after"
BY_HOLDER = "by_holder"
BY_INSTANCE = "by_instance"
# Sparse: only escalated cases have the first one's key, and so on; only open cases have ``work``.
BY_ESCALATED = "by_escalated"
BY_SECOND = "by_second"
BY_ASSIGNED = "by_assigned"
BY_ASKED = "by_asked"
BY_WORK = "by_work"
BY_TURN = "by_turn"
INDEXES = {
    BY_HOLDER: ("at_holder", "place"),
    BY_INSTANCE: ("at_instance", "place"),
    BY_ESCALATED: ("at_escalated", "place"),
    BY_SECOND: ("at_second", "place"),
    BY_ASSIGNED: ("at_assigned", "place"),
    BY_ASKED: ("at_asked", "place"),
    BY_WORK: ("at_holder", "work"),
    BY_TURN: ("queue", "turn"),
}
WAIT_SECONDS = 300
POLL_SECONDS = 0.5


def table_spec() -> dict[str, Any]:
    """Return the arguments of CreateTable without the name. Indexes project whole items: a page is one query."""
    attributes = dict.fromkeys(("PK", "SK", *(name for keys in INDEXES.values() for name in keys)))
    return {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in attributes],
        "KeySchema": _key_schema(("PK", "SK")),
        "GlobalSecondaryIndexes": [index_spec(name) for name in INDEXES],
    }


def index_spec(name: str) -> dict[str, Any]:
    """Return one global secondary index, as CreateTable and UpdateTable take it."""
    return {"IndexName": name, "KeySchema": _key_schema(INDEXES[name]), "Projection": {"ProjectionType": "ALL"}}


class DynamoTable(DynamoPart):
    """Makes the table. For ops and tests: no door's role may do this."""

    def prepare(self) -> None:
        """Make the table, its indexes and its TTL if they do not exist, wait until they can be used, and fill in what
        an older release did not write."""
        described = self._describe()
        if described is None:
            self._create("create_table", **table_spec())
            described = self._wait_active()
        present = {index["IndexName"] for index in described.get("GlobalSecondaryIndexes", [])}
        for name, keys in INDEXES.items():
            if name not in present:  # DynamoDB builds one index at a time
                update = [{"Create": index_spec(name)}]
                definitions = table_spec()["AttributeDefinitions"]
                wanted = {*described_names(described), *keys}
                self._create(
                    "update_table",
                    AttributeDefinitions=[d for d in definitions if d["AttributeName"] in wanted],
                    GlobalSecondaryIndexUpdates=update,
                )
                described = self._wait_active()
        self._wait_active()
        if not self._expires():
            specification = {"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
            self.calls.on_table("update_time_to_live", TimeToLiveSpecification=specification)
        fill_work(self.calls)

    def unprepared(self) -> str:
        """Tell what of table, indexes and TTL is missing, "" if nothing."""
        described = self._describe()
        if described is None:
            return f"there is no table {self.calls.table_name}"
        present = {index["IndexName"] for index in described.get("GlobalSecondaryIndexes", [])}
        missing = [f"index {name}" for name in INDEXES if name not in present]
        if not self._expires():
            missing.append("time to live")
        return f"{self.calls.table_name} lacks {', '.join(missing)}" if missing else ""

    def _expires(self) -> bool:
        ttl = self.calls.on_table("describe_time_to_live")["TimeToLiveDescription"]
        return ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")

    def _create(self, operation: str, **arguments: Any) -> None:
        try:
            self.calls.on_table(operation, **arguments)
        except StorageError as error:
            if "ResourceInUse" not in str(error):  # somebody else is making it just now
                raise

    def _describe(self) -> dict[str, Any] | None:
        try:
            return dict(self.calls.on_table("describe_table")["Table"])
        except StoreUnavailableError as error:
            if "ResourceNotFound" in str(error):
                return None
            raise

    def _wait_active(self) -> dict[str, Any]:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            table = self._describe()
            if table and table["TableStatus"] == "ACTIVE":
                indexes = table.get("GlobalSecondaryIndexes", [])
                if all(index.get("IndexStatus", "ACTIVE") == "ACTIVE" for index in indexes):
                    return table
            time.sleep(POLL_SECONDS)
        raise StoreUnavailableError(f"DynamoDB: {self.calls.table_name} is not active after {WAIT_SECONDS} s")


def described_names(described: dict[str, Any]) -> set[str]:
    """Return the attributes that are keys of a described table."""
    return {definition["AttributeName"] for definition in described["AttributeDefinitions"]}


def _key_schema(keys: tuple[str, str]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(keys, ("HASH", "RANGE"), strict=True)]
