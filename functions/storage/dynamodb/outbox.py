"""The outbox in DynamoDB.

Entries sort in a sparse index by the first hour they may be claimed at, so a claim reads only what it takes. Every step
is conditional, so a stale index does no harm.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any

from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, absent, pack, unpack
from functions.storage.dynamodb.table import BY_TURN
from functions.storage.interface import OutboxEntry
from functions.storage.interface.outbox import INTERRUPTED, OPENED, REVIVED, Part
from functions.storage.page_tokens import make_token, read_entry
from functions.storage.records import Row, from_row, to_row
from functions.storage.sort_keys import DEAD, FIRST_HOUR, QUEUE, before_hour, digest_queue, queue, turn

# What delivery changes in an entry. The rest is written once; only a tally adds to its count.
CHANGING = (
    "delivered",
    "attempts",
    "not_before",
    "leased_by",
    "leased_until",
    "dead",
    "error",
    "digest",
    "queue",
    "turn",
)
BEFORE_ALL_ENTRIES = " "


class DynamoOutbox(DynamoPart):
    """``interface.Outbox`` on a DynamoDB table."""

    def enqueue(self, entry: OutboxEntry) -> None:
        """Put an entry. The same entry again changes nothing."""
        with suppress(ConditionFailedError):
            self.calls.on_table("put_item", **absent(entry_item(entry)))

    def tally(self, entry: OutboxEntry) -> None:
        """Put an entry, or add its count to the stored one, of which nothing else changes."""
        row = _row(entry)
        fixed = [name for name in row if name != "count"]
        self.calls.on_table(
            "update_item",
            Key=_key(entry.entry_id),
            UpdateExpression="SET "
            + ", ".join(f"#{name} = if_not_exists(#{name}, :{name})" for name in fixed)
            + " ADD #count :count",
            ExpressionAttributeNames={f"#{name}": name for name in row},
            ExpressionAttributeValues=pack({f":{name}": value for name, value in row.items()}),
        )

    def claim(self, worker: str, hour: int, limit: int = 10) -> tuple[OutboxEntry, ...]:
        """Lease up to ``limit`` due entries through the next hour, and return them."""
        claimed: list[OutboxEntry] = []
        for entry in self._queued("#turn < :bound", before_hour(hour), Limit=limit):
            leased = replace(entry, leased_by=worker, leased_until=hour + 1)
            with suppress(ConditionFailedError):
                claimed.append(self._update(leased, "#turn = :was", {":was": turn(entry)}))
            if len(claimed) == limit:
                break
        return tuple(claimed)

    def read_entry(self, entry_id: str) -> OutboxEntry | None:
        """Return a waiting entry, None if it has left."""
        item = self.calls.on_table("get_item", Key=_key(entry_id), ConsistentRead=True).get("Item")
        return _entry(item) if item else None

    def pin(self, entry_id: str) -> None:
        """Note in an entry without a code that whom it tells has opened the case."""
        found = self.read_entry(entry_id)
        if found is None or found.error:
            return
        with suppress(ConditionFailedError):
            self.calls.on_table(
                "update_item",
                Key=_key(entry_id),
                UpdateExpression="SET #error = :opened",
                ConditionExpression="#error = :none",
                ExpressionAttributeNames={"#error": "error"},
                ExpressionAttributeValues=pack({":none": "", ":opened": OPENED}),
            )

    def held(self, agency: str, hour: int) -> tuple[OutboxEntry, ...]:
        """Return entries that wait for an agency's digest and are due."""
        return tuple(self._queued("#turn < :bound", before_hour(hour), digest_queue(agency)))

    def release(self, worker: str) -> None:
        """Give back all leases of ``worker``. Fresh entries, by far the most, are not read for it."""
        for entry in self._queued("#turn >= :bound", FIRST_HOUR):
            if entry.leased_by == worker:
                with suppress(ConditionFailedError):
                    self._update(replace(entry, leased_by="", leased_until=0, error=INTERRUPTED), *_held_by(worker))

    def settle(self, entry_id: str, worker: str) -> bool:
        """Remove the entry if ``worker`` holds the lease; return whether it did."""
        condition, values = _held_by(worker)
        try:
            self.calls.on_table(
                "delete_item",
                Key=_key(entry_id),
                ConditionExpression=condition,
                ExpressionAttributeNames={"#leased_by": "leased_by"},
                ExpressionAttributeValues=pack(values),
            )
        except ConditionFailedError:
            return False
        return True

    def put_back(self, entry: OutboxEntry, worker: str) -> bool:
        """Store how far delivery came and drop the lease if ``worker`` holds it; return whether it did."""
        try:
            self._update(replace(entry, leased_by="", leased_until=0), *_held_by(worker))
        except ConditionFailedError:
            return False
        return True

    def dead_letters(self, after: str = "", limit: int = 20) -> tuple[tuple[OutboxEntry, ...], str]:
        """Return a page of entries that were given up, and a token for more. Raises BadPageTokenError."""
        answer = self.calls.on_table(
            "query",
            IndexName=BY_TURN,
            KeyConditionExpression="#queue = :queue AND #turn > :last",
            ExpressionAttributeNames={"#queue": "queue", "#turn": "turn"},
            ExpressionAttributeValues=pack({":queue": DEAD, ":last": read_entry(DEAD, after) or BEFORE_ALL_ENTRIES}),
            Limit=limit + 1,
        )
        entries = tuple(_entry(item) for item in answer["Items"][:limit])
        return entries, make_token(DEAD, entries[-1].entry_id) if len(answer["Items"]) > limit else ""

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Return waiting entries, leased or not, in the order of their turns."""
        return tuple(islice(self._queued("#turn > :bound", BEFORE_ALL_ENTRIES, Limit=limit), limit))

    def reseal_entry(self, entry_id: str, part: Part, before: bytes, after: bytes) -> bool:
        """Replace what is sealed in an entry if it is still ``before``; return whether it was."""
        try:
            self.calls.on_table(
                "update_item",
                Key=_key(entry_id),
                UpdateExpression="SET #part = :after",
                ConditionExpression="#part = :before",
                ExpressionAttributeNames={"#part": part},
                ExpressionAttributeValues=pack({":before": before, ":after": after}),
            )
        except ConditionFailedError:
            return False
        return True

    def revive(self, entry_id: str) -> bool:
        """Put a dead letter back into the queue; ``delivered`` stays. False if there is none."""
        item = self.calls.on_table("get_item", Key=_key(entry_id), ConsistentRead=True).get("Item")
        if item is None:
            return False
        revived = replace(_entry(item), dead=False, attempts=0, not_before=0, error=REVIVED)
        try:
            self._update(revived, "#dead = :yes", {":yes": 1})
        except ConditionFailedError:
            return False
        return True

    def _queued(self, condition: str, bound: str, queue: str = QUEUE, **further: Any) -> Iterator[OutboxEntry]:
        """Yield a queue's entries whose turn meets the condition, read page by page from the index."""
        while True:
            answer = self.calls.on_table(
                "query",
                IndexName=BY_TURN,
                KeyConditionExpression=f"#queue = :queue AND {condition}",
                ExpressionAttributeNames={"#queue": "queue", "#turn": "turn"},
                ExpressionAttributeValues=pack({":queue": queue, ":bound": bound}),
                **further,
            )
            yield from (_entry(item) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            further["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _update(self, entry: OutboxEntry, condition: str, values: Row) -> OutboxEntry:
        """Store what changes in an entry, and return the stored entry: the index it was read from may lack its latest
        count. Nor may it have the latest code, so none is cleared. Raises ConditionFailedError."""
        row = _row(entry)
        changing = [name for name in CHANGING if name != "error" or entry.error]
        answer = self.calls.on_table(
            "update_item",
            Key=_key(entry.entry_id),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in changing),
            ConditionExpression=condition,
            ExpressionAttributeNames={f"#{name}": name for name in changing},
            ExpressionAttributeValues=pack({f":{name}": row[name] for name in changing} | values),
            ReturnValues="ALL_NEW",
        )
        return _entry(answer["Attributes"])


def entry_item(entry: OutboxEntry) -> Item:
    """Return the item of an entry, also for a transaction that writes a case with it."""
    return _key(entry.entry_id) | pack(_row(entry))


def withdrawal(entry: OutboxEntry) -> dict[str, Any]:
    """Return a Delete, for a transaction, that fails if the entry is no longer as it was read."""
    condition, names, values = _as_read(entry)
    return {
        "Key": _key(entry.entry_id),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _as_read(entry: OutboxEntry) -> tuple[str, dict[str, str], Item]:
    """Return the condition that an entry is as it was read, with its names and values."""
    row = _row(entry)
    told = ("turn", "queue", "leased_by", "delivered", "error")
    condition = " AND ".join(f"#{name} = :{name}" for name in told)
    return condition, {f"#{name}": name for name in told}, pack({f":{name}": row[name] for name in told})


def _key(entry_id: str) -> Item:
    return pack({"PK": f"OUT#{entry_id}", "SK": "ENTRY"})


def _row(entry: OutboxEntry) -> Row:
    return to_row(entry) | {"queue": queue(entry), "turn": turn(entry)}


def _entry(item: Item) -> OutboxEntry:
    return from_row(OutboxEntry, unpack(item))


def _held_by(worker: str) -> tuple[str, Row]:
    return "#leased_by = :worker", {":worker": worker}
