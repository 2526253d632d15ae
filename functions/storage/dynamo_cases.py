"""Cases in DynamoDB."""

from collections.abc import Sequence
from typing import Any

from functions.casework.case import Case, CaseHead, Event
from functions.storage.dynamo_calls import ConditionFailedError, DynamoCalls, Item, pack, unpack, value_of
from functions.storage.dynamo_outbox import entry_item
from functions.storage.dynamo_table import BY_HOLDER, BY_INSTANCE
from functions.storage.interface import (
    Append,
    CaseExistsError,
    CaseNotFoundError,
    OutboxEntry,
    Page,
    Scope,
    StorageError,
    StoreUnavailableError,
    VersionConflictError,
)
from functions.storage.listing import make_token, place, read_place
from functions.storage.records import check_numbers, from_row, to_row

HEAD = "HEAD"
TORN_READS = 4
PAGES = {Scope.HOLDER: (BY_HOLDER, "at_holder"), Scope.INSTANCE: (BY_INSTANCE, "at_instance")}
# All places sort after it: an index key may not be compared with the empty text.
BEFORE_ALL_PLACES = "0"


class DynamoCases(DynamoCalls):
    """The part of the store that holds cases. See ``interface.Store`` for what each method promises."""

    def create_case(self, head: CaseHead, events: Sequence[Event], outbox: Sequence[OutboxEntry]) -> None:
        """Put a new case, put-first, in one transaction. Raises CaseExistsError.

        What stands there comes back with the refusal, since the intake's role may read no case.
        """
        check_numbers(head, events, 0)
        try:
            self._transact(_absent(_head_item(head)), head.case_id, events, outbox)
        except ConditionFailedError as error:
            if error.index == 0 and error.item:
                raise CaseExistsError(_head(error.item)) from None
            raise StorageError("an outbox entry of this id exists") from error

    def read_case(self, case_id: str) -> Case:
        """Head and all events, in one query. Raises CaseNotFoundError.

        A query may see a transaction half: an event more than the head counts is left out (it came after
        the head that was read), one too few is read again.
        """
        for _ in range(TORN_READS):
            items = self._items(case_id)
            if not items or items[-1]["SK"]["S"] != HEAD:
                raise CaseNotFoundError(case_id)
            head = _head(items.pop())
            if len(items) >= head.version:
                return Case(head, tuple(from_row(Event, unpack(item)) for item in items[: head.version]))
        raise StoreUnavailableError("the case is being written to")

    def append(self, change: Append, expected_version: int) -> None:
        """Head, events and outbox in one transaction. Raises VersionConflictError or CaseNotFoundError."""
        head = change.head
        check_numbers(head, change.events, expected_version)
        # An append that was under way while the key was rotated would put back the wrap under the key about
        # to be destroyed: rewrap leaves the old key's id behind until the next append.
        guarded = {
            "Item": _head_item(head),
            "ConditionExpression": "#version = :version AND (attribute_not_exists(#retired) OR #retired <> :key)",
            "ExpressionAttributeNames": {"#version": "version", "#retired": "retired_key"},
            "ExpressionAttributeValues": {":version": value_of(expected_version), ":key": value_of(head.key_id)},
        }
        try:
            self._transact(guarded, head.case_id, change.events, change.outbox)
        except ConditionFailedError as error:
            if error.index:
                raise StorageError("an outbox entry of this id exists") from error
            raise _missed(error, head.case_id) from None

    def rewrap(self, case_id: str, old_key_id: str, key_id: str, wrap_desk: bytes) -> None:
        """Replace the desk's wrap. Raises VersionConflictError or CaseNotFoundError."""
        try:
            self.on_table(
                "update_item",
                Key=_key(case_id, HEAD),
                UpdateExpression="SET #key = :key, #wrap = :wrap, #retired = :old",
                ConditionExpression="#key = :old",
                ExpressionAttributeNames={"#key": "key_id", "#wrap": "wrap_desk", "#retired": "retired_key"},
                ExpressionAttributeValues=pack({":key": key_id, ":wrap": wrap_desk, ":old": old_key_id}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailedError as error:
            raise _missed(error, case_id) from None

    def page(self, scope: Scope, code: str, after: str = "", limit: int = 20) -> Page:
        """A page of heads from the index, in one query. Raises BadPageTokenError."""
        listing = f"{scope}:{code}"
        last = read_place(listing, after) or BEFORE_ALL_PLACES
        index, key = PAGES[scope]
        answer = self.on_table(
            "query",
            IndexName=index,
            KeyConditionExpression="#code = :code AND #place > :last",
            ExpressionAttributeNames={"#code": key, "#place": "place"},
            ExpressionAttributeValues=pack({":code": code, ":last": last}),
            Limit=limit + 1,
        )
        items = answer["Items"]
        # Fewer than asked for and yet more to come: the answer was full (1 MB).
        more = len(items) > limit or (len(items) < limit and "LastEvaluatedKey" in answer)
        heads = tuple(_head(item) for item in items[:limit])
        return Page(heads, make_token(listing, place(heads[-1])) if more else "")

    def _items(self, case_id: str) -> list[Item]:
        """All items of a case, events in order, then the head; one query for each megabyte."""
        items: list[Item] = []
        further: dict[str, Any] = {}
        while True:
            answer = self.on_table(
                "query",
                KeyConditionExpression="PK = :case",
                ExpressionAttributeValues=pack({":case": f"CASE#{case_id}"}),
                ConsistentRead=True,
                **further,
            )
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return items
            further = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _transact(
        self, head: dict[str, Any], case_id: str, events: Sequence[Event], outbox: Sequence[OutboxEntry]
    ) -> None:
        puts = [head | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}]
        puts += [{"Item": _event_item(case_id, event)} for event in events]
        puts += [_absent(entry_item(entry)) for entry in outbox]
        self.call("transact_write_items", TransactItems=[{"Put": {"TableName": self.table_name, **p}} for p in puts])


def _key(case_id: str, sort: str) -> Item:
    return pack({"PK": f"CASE#{case_id}", "SK": sort})


def _head_item(head: CaseHead) -> Item:
    further = {"at_holder": head.holder, "at_instance": head.instance, "place": place(head)}
    return _key(head.case_id, HEAD) | pack(to_row(head) | further)


def _event_item(case_id: str, event: Event) -> Item:
    return _key(case_id, f"E#{event.n:06d}") | pack(to_row(event))


def _absent(item: Item) -> dict[str, Any]:
    return {"Item": item, "ConditionExpression": "attribute_not_exists(PK)"}


def _head(item: Item) -> CaseHead:
    return from_row(CaseHead, unpack(item))


def _missed(error: ConditionFailedError, case_id: str) -> StorageError:
    return VersionConflictError(case_id) if error.item else CaseNotFoundError(case_id)
