"""Find and remove cases whose time is over, in DynamoDB.

A case may have more events than one transaction takes. So the tombstone is put first, together with the identity's
removal, and makes the case dark at once. Until all events and files are gone it is listed as the case closed longest
ago. So the next search for due cases finds a removal that was cut short.
"""

from collections.abc import Sequence
from datetime import date

from functions.casework.case import CaseHead
from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, absent, pack
from functions.storage.dynamodb.cases import missed
from functions.storage.dynamodb.items import (
    event_key,
    head_item,
    head_key,
    identity_key,
    quarantine,
    read_head_item,
    shares_key,
)
from functions.storage.dynamodb.outbox import entry_item
from functions.storage.dynamodb.shelves import shelf_backwards, shelf_between
from functions.storage.dynamodb.slips import slip_key
from functions.storage.dynamodb.table import BY_INSTANCE
from functions.storage.interface import OutboxEntry, Page, StorageError
from functions.storage.interface.retention import check_tombstone
from functions.storage.interface.slips import beside
from functions.storage.page_tokens import make_token, read_place
from functions.storage.sort_keys import (
    after_place,
    awaited_before,
    closed_before,
    ended_between,
    longest_closed,
    place,
    unfinished_place,
)


class DynamoRetention(DynamoPart):
    """``interface.Retention`` on a DynamoDB table."""

    def shred(self, tombstone: CaseHead, expected_version: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put the tombstone and remove the identity in one transaction, then remove the events in batches. Nothing is
        read for it: events are numbered. Raises VersionConflictError or CaseNotFoundError."""
        check_tombstone(tombstone, expected_version)
        self._bury(tombstone, expected_version, outbox)
        self.calls.delete([event_key(tombstone.case_id, n) for n in range(1, tombstone.version + 1)])

    def finish(self, tombstone: CaseHead) -> None:
        """Give the tombstone its place among those of its day."""
        self.calls.on_table(
            "update_item",
            Key=head_key(tombstone.case_id),
            UpdateExpression="SET #place = :place",
            ExpressionAttributeNames={"#place": "place"},
            ExpressionAttributeValues=pack({":place": place(tombstone)}),
        )

    def closed_before(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Return an instance's cases closed before ``day``, longest ago first, quarantined ones included. Tombstones
        with something left to remove come first."""
        items = [
            item
            for span in closed_before(day)
            for shelf in (instance, quarantine(instance))
            for item in shelf_backwards(self.calls, BY_INSTANCE, shelf, span, limit)
        ]
        return longest_closed(map(read_head_item, items), limit)

    def lapsing(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Return closed cases whose reporter's window ended before ``day``, not marked yet, in one query."""
        items = shelf_backwards(self.calls, BY_INSTANCE, instance, awaited_before(day), limit)
        return tuple(map(read_head_item, items))

    def page_ended(self, instance: str, first: date, last: date, after: str = "", limit: int = 100) -> Page:
        """Return a page of what was closed between two days and is over: one query, two where the first span ends.
        Raises BadPageTokenError."""
        listing = f"ended:{instance}"
        begin = after_place(read_place(listing, after))
        items: list[Item] = []
        more = False
        for low, high in ended_between(first, last):
            if begin <= high and not more:  # else a page before ended beyond this span
                span = (max(low, begin), high)
                found, more = shelf_between(self.calls, BY_INSTANCE, instance, span, limit + 1 - len(items))
                items += found
                more = more or len(items) > limit
        shown = items[:limit]
        return Page(tuple(map(read_head_item, shown)), make_token(listing, shown[-1]["place"]["S"]) if more else "")

    def _bury(self, tombstone: CaseHead, expected_version: int, outbox: Sequence[OutboxEntry]) -> None:
        put = {
            "Item": head_item(tombstone, unfinished_place(tombstone)),
            "ConditionExpression": "#version = :version",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": pack({":version": expected_version}),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        announced = [{"Put": absent(entry_item(entry))} for entry in outbox]
        try:
            keys = [identity_key(tombstone.case_id), shares_key(tombstone.case_id)]
            gone = [{"Delete": {"Key": key}} for key in (*keys, *map(slip_key, beside(tombstone.case_id)))]
            self.calls.transact([{"Put": put}, *gone, *announced])
        except ConditionFailedError as error:
            if error.index:
                raise StorageError("an outbox entry of this id exists") from error
            raise missed(error, tombstone.case_id) from None
