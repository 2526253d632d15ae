"""Sealed identities in DynamoDB."""

from collections.abc import Sequence

from functions.casework.sealed_identity import Identity
from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, absent, unpack
from functions.storage.dynamodb.items import custody, identity_key, identity_put, shares_key, shares_writes
from functions.storage.dynamodb.outbox import entry_item
from functions.storage.dynamodb.shelves import shelf_page
from functions.storage.dynamodb.table import BY_HOLDER
from functions.storage.interface import OutboxEntry, StorageError, VersionConflictError
from functions.storage.interface.cases import WHOLE_SPAN
from functions.storage.page_tokens import make_token, read_identity_place
from functions.storage.records import from_row
from functions.storage.sort_keys import after_place, is_waiting_place


class DynamoIdentities(DynamoPart):
    """``interface.Identities`` on a DynamoDB table."""

    def read_identity(self, case_id: str) -> Identity | None:
        """Return the sealed identity of a case."""
        item = self.calls.on_table("get_item", Key=identity_key(case_id), ConsistentRead=True).get("Item")
        return _identity(item) if item else None

    def read_shares(self, case_id: str) -> bytes:
        """Return the envelope around the shares of a name's key."""
        item = self.calls.on_table("get_item", Key=shares_key(case_id), ConsistentRead=True).get("Item")
        return bytes(item["envelope"]["B"]) if item else b""

    def identity_waits(self, case_id: str) -> bool | None:
        """Tell whether a request waits, by its place in the listing alone; None if there is no identity."""
        item = self.calls.on_table(
            "get_item",
            Key=identity_key(case_id),
            ConsistentRead=True,
            ProjectionExpression="#place",
            ExpressionAttributeNames={"#place": "place"},
        ).get("Item")
        return is_waiting_place(str(unpack(item)["place"])) if item else None

    def write_identity(self, identity: Identity, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Write identity and outbox in one transaction. Raises VersionConflictError."""
        puts = [identity_put(identity), *(absent(entry_item(entry)) for entry in outbox)]
        try:
            self.calls.transact([*({"Put": put} for put in puts), *shares_writes(identity)])
        except ConditionFailedError as error:
            if error.index:
                raise StorageError("an outbox entry of this id exists") from error
            raise VersionConflictError(identity.case_id) from None

    def page_identities(self, instance: str, after: str = "", limit: int = 20) -> tuple[tuple[Identity, ...], str]:
        """Return a page of identities from the index, in one query, and a token for more. Raises BadPageTokenError."""
        listing = custody(instance)
        span = (max(WHOLE_SPAN[0], after_place(read_identity_place(listing, after))), WHOLE_SPAN[1])
        items, last = shelf_page(self.calls, BY_HOLDER, listing, span, limit)
        return tuple(map(_identity, items)), make_token(listing, last) if last else ""


def _identity(item: Item) -> Identity:
    return from_row(Identity, unpack(item))
