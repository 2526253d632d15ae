"""Cases in DynamoDB."""

from collections.abc import Callable, Sequence
from typing import Any

from functions.casework.case import Case, CaseHead, Event
from functions.casework.sealed_identity import Identity
from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, absent, pack, unpack
from functions.storage.dynamodb.items import (
    HEAD,
    SHORT,
    WHEREABOUTS_NAMES,
    event_item,
    head_item,
    head_key,
    identity_put,
    quarantine,
    read_event_item,
    read_head_item,
    read_whereabouts_item,
    shares_writes,
)
from functions.storage.dynamodb.outbox import entry_item, withdrawal
from functions.storage.dynamodb.shelves import shelf_page
from functions.storage.dynamodb.table import (
    BY_ASKED,
    BY_ASSIGNED,
    BY_ESCALATED,
    BY_HOLDER,
    BY_INSTANCE,
    BY_SECOND,
    BY_WORK,
)
from functions.storage.interface import (
    Append,
    CaseExistsError,
    CaseNotFoundError,
    EntryGoneError,
    OutboxEntry,
    Page,
    Scope,
    StorageError,
    StoreUnavailableError,
    VersionConflictError,
)
from functions.storage.interface.cases import WHOLE_SPAN, check_identity, check_numbers
from functions.storage.page_tokens import make_token, read_place
from functions.storage.records import Row, contact_mark, resealed_marks
from functions.storage.sort_keys import after_place

TORN_READS = 4
CONTACT = "contact"
PAGES: dict[Scope, tuple[str, Callable[[str], str]]] = {
    Scope.HOLDER: (BY_HOLDER, str),
    Scope.INSTANCE: (BY_INSTANCE, str),
    Scope.QUARANTINE: (BY_HOLDER, quarantine),
    Scope.INSTANCE_QUARANTINE: (BY_INSTANCE, quarantine),
    Scope.ESCALATED: (BY_ESCALATED, str),
    Scope.SECOND: (BY_SECOND, str),
    Scope.ASSIGNED: (BY_ASSIGNED, str),
    Scope.ASKED: (BY_ASKED, str),
    Scope.WORK: (BY_WORK, str),
}
LEFT = "retired_contact"
NOT_RETIRED = "(attribute_not_exists(#retired) OR #retired <> :key) AND NOT contains(#left, :mark)"
ALIVE = "(attribute_not_exists(#shredded) OR #shredded = :no)"


class DynamoCases(DynamoPart):
    """``interface.Cases`` on a DynamoDB table."""

    def create_case(
        self, head: CaseHead, events: Sequence[Event], outbox: Sequence[OutboxEntry], identity: Identity | None = None
    ) -> None:
        """Put a new case in one transaction. Raises CaseExistsError.

        The stored head comes back with the refusal, since the intake's role may read no case.
        """
        check_numbers(head, events, 0)
        check_identity(identity, head)
        try:
            self._write(absent(head_item(head)), head.case_id, events, outbox, identity)
        except ConditionFailedError as error:
            if not error.item:
                raise StoreUnavailableError("DynamoDB: the refusal came without what stands") from error
            raise CaseExistsError(read_head_item(error.item)) from None

    def read_head(self, case_id: str) -> CaseHead:
        """Return the head alone. Raises CaseNotFoundError."""
        item = self.calls.on_table("get_item", Key=head_key(case_id), ConsistentRead=True).get("Item")
        if item is None:
            raise CaseNotFoundError(case_id)
        return read_head_item(item)

    def read_whereabouts(self, case_id: str) -> CaseHead:
        """Return with whom the case lies. Raises CaseNotFoundError. The courier's role reads these attributes alone, in
        their short names and the long ones of older items."""
        aliases = {f"#{n}": name for n, name in enumerate(WHEREABOUTS_NAMES)}
        item = self.calls.on_table(
            "get_item",
            Key=head_key(case_id),
            ConsistentRead=True,
            ProjectionExpression=", ".join(aliases),
            ExpressionAttributeNames=aliases,
        ).get("Item")
        if item is None:
            raise CaseNotFoundError(case_id)
        return read_whereabouts_item(head_key(case_id) | item)

    def read_case(self, case_id: str) -> Case:
        """Return head and all events, in one query. Raises CaseNotFoundError.

        A query may see half a transaction. Events beyond the head's count are left out (they came after the head that
        was read); if some are missing, all is read again. Some of a tombstone's events may still exist.
        """
        for _ in range(TORN_READS):
            items = self._items(case_id)
            if not items or items[-1]["SK"]["S"] != HEAD:
                raise CaseNotFoundError(case_id)
            head = read_head_item(items.pop())
            if head.shredded:
                return Case(head, ())
            if len(items) >= head.version:
                return Case(head, tuple(read_event_item(item) for item in items[: head.version]))
        raise StoreUnavailableError("the case is being written to")

    def append(self, change: Append, expected_version: int) -> None:
        """Write head, events, outbox and identity in one transaction. Raises VersionConflictError, EntryGoneError or
        CaseNotFoundError."""
        head = change.head
        check_numbers(head, change.events, expected_version)
        check_identity(change.identity, head)
        # An append that began before a rotation would put back what is under the key about to be destroyed: ``rewrap``
        # and ``reseal_contact`` leave the old key's id or ``resealed_marks`` behind until the next append.
        guarded = {
            "Item": head_item(head),
            "ConditionExpression": f"#version = :version AND {NOT_RETIRED} AND {ALIVE}",
            "ExpressionAttributeNames": {
                "#version": "version",
                "#retired": "retired_key",
                "#left": LEFT,
                "#shredded": "shredded",
            },
            "ExpressionAttributeValues": pack(
                {
                    ":version": expected_version,
                    ":key": head.wraps.key_id,
                    ":mark": contact_mark(head.reporter.contact),
                    ":no": 0,
                }
            ),
        }
        try:
            self._write(guarded, head.case_id, change.events, change.outbox, change.identity, change.withdrawn)
        except ConditionFailedError as error:
            raise missed(error, head.case_id) from None

    def rewrap(self, case_id: str, old_key_id: str, key_id: str, wrap_desk: bytes) -> None:
        """Replace the desk's wrap. Raises VersionConflictError or CaseNotFoundError."""
        fields = {"#key": "key_id", "#wrap": "wrap_desk", "#retired": "retired_key", "#shredded": "shredded"}
        try:
            self.calls.on_table(
                "update_item",
                Key=head_key(case_id),
                UpdateExpression="SET #key = :key, #wrap = :wrap, #retired = :old",
                ConditionExpression="#key = :old AND " + ALIVE,
                ExpressionAttributeNames=fields,
                ExpressionAttributeValues=pack({":key": key_id, ":wrap": wrap_desk, ":old": old_key_id, ":no": 0}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailedError as error:
            raise missed(error, case_id) from None

    def reseal_contact(self, case_id: str, before: bytes, after: bytes) -> None:
        """Replace the sealed contact. Raises VersionConflictError or CaseNotFoundError. Older items have it under its
        long name."""
        item = self.calls.on_table("get_item", Key=head_key(case_id), ConsistentRead=True).get("Item")
        if item is None:
            raise CaseNotFoundError(case_id)
        left = f"{_left(item)} {resealed_marks(read_head_item(item), after)}".strip()
        names = {"#short": SHORT[CONTACT], "#long": CONTACT, "#left": LEFT, "#shredded": "shredded"}
        values: Row = {":before": before, ":after": after, ":left": left, ":no": 0}
        try:
            self.calls.on_table(
                "update_item",
                Key=head_key(case_id),
                UpdateExpression="SET #short = :after, #left = :left REMOVE #long",
                ConditionExpression=f"(#short = :before OR #long = :before) AND {ALIVE}",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=pack(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailedError as error:
            raise missed(error, case_id) from None

    def resealed(self, case_id: str) -> frozenset[str]:
        """Return the facts (hex) before and after each ``reseal_contact`` since the last append."""
        what = {"ProjectionExpression": LEFT, "ConsistentRead": True}
        item = self.calls.on_table("get_item", Key=head_key(case_id), **what).get("Item", {})
        return frozenset(_left(item).split())

    def page(
        self, scope: Scope, code: str, after: str = "", limit: int = 20, span: tuple[str, str] = WHOLE_SPAN
    ) -> Page:
        """Return a page of heads from the index, in one query. Raises BadPageTokenError."""
        listing = f"{scope}:{code}"
        index, shelf = PAGES[scope]
        first = max(span[0], after_place(read_place(listing, after)))
        items, last = shelf_page(self.calls, index, shelf(code), (first, span[1]), limit)
        return Page(tuple(map(read_head_item, items)), make_token(listing, last) if last else "")

    def _items(self, case_id: str) -> list[Item]:
        """Return all items of a case, events in order, then the head. One query for each megabyte."""
        items: list[Item] = []
        further: dict[str, Any] = {}
        while True:
            answer = self.calls.on_table(
                "query",
                KeyConditionExpression="PK = :case",
                ExpressionAttributeValues={":case": head_key(case_id)["PK"]},
                ConsistentRead=True,
                **further,
            )
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return items
            further = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _write(
        self,
        head: dict[str, Any],
        case_id: str,
        events: Sequence[Event],
        outbox: Sequence[OutboxEntry],
        identity: Identity | None,
        withdrawn: Sequence[OutboxEntry] = (),
    ) -> None:
        """Write in one transaction. Raises ConditionFailedError for the head, VersionConflictError for the identity,
        EntryGoneError for what is withdrawn."""
        puts = [head | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}]
        puts += [identity_put(identity)] if identity else []
        puts += [{"Item": event_item(case_id, event)} for event in events]
        puts += [absent(entry_item(entry)) for entry in outbox]
        try:
            writes = [{"Put": put} for put in puts] + [{"Delete": withdrawal(one)} for one in withdrawn]
            self.calls.transact(writes + (shares_writes(identity) if identity else []))
        except ConditionFailedError as error:
            if error.index == 0:
                raise
            if identity and error.index == 1:
                raise VersionConflictError(case_id) from None
            if error.index >= len(puts):
                raise EntryGoneError(case_id) from None
            raise StorageError("an outbox entry of this id exists") from error


def missed(error: ConditionFailedError, case_id: str) -> StorageError:
    """Return why a head could not be changed: another version is stored, or there is no case."""
    return VersionConflictError(case_id) if error.item else CaseNotFoundError(case_id)


def _left(item: Item) -> str:
    return str(unpack({LEFT: item[LEFT]})[LEFT]) if LEFT in item else ""
