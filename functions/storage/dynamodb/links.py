"""Used links (which are the officers' sessions) and revocations in DynamoDB."""

from collections.abc import Sequence
from contextlib import suppress

from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, pack, unpack, value_of
from functions.storage.dynamodb.table import TTL_ATTRIBUTE
from functions.storage.interface import LinkUse, Revocation, StoreUnavailableError
from functions.storage.interface.links import check_secret, gone_after
from functions.storage.records import from_row, to_row


class DynamoLinks(DynamoPart):
    """``interface.Links`` on a DynamoDB table."""

    def use_link(self, use: LinkUse) -> LinkUse:
        """Bind a link on first use, or renew it for the same browser, and return the stored binding."""
        check_secret(use)
        try:
            self.calls.on_table(
                "put_item",
                Item=_use_key(use.link_id) | pack(to_row(use) | {TTL_ATTRIBUTE: gone_after(use)}),
                ConditionExpression="attribute_not_exists(PK) OR #secret = :secret",
                ExpressionAttributeNames={"#secret": "secret_hash"},
                ExpressionAttributeValues={":secret": value_of(use.secret_hash)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailedError as error:
            if not error.item:
                raise StoreUnavailableError("DynamoDB: the refusal came without what stands") from error
            return from_row(LinkUse, unpack(error.item))
        return use

    def read_link_use(self, link_id: str) -> LinkUse | None:
        """Return the binding of a link."""
        item = self.calls.on_table("get_item", Key=_use_key(link_id), ConsistentRead=True).get("Item")
        return from_row(LinkUse, unpack(item)) if item else None

    def change_link_use(self, before: LinkUse, after: LinkUse) -> bool:
        """Replace a binding if its secret's hash and its challenge are still those of ``before``. A binding of an older
        release has no challenge."""
        check_secret(before)
        no_challenge = "" if before.challenge else "attribute_not_exists(#challenge) OR "
        try:
            self.calls.on_table(
                "put_item",
                Item=_use_key(after.link_id) | pack(to_row(after) | {TTL_ATTRIBUTE: gone_after(after)}),
                ConditionExpression=f"#secret = :secret AND ({no_challenge}#challenge = :challenge)",
                ExpressionAttributeNames={"#secret": "secret_hash", "#challenge": "challenge"},
                ExpressionAttributeValues=pack({":secret": before.secret_hash, ":challenge": before.challenge}),
            )
        except ConditionFailedError:
            return False
        return True

    def end_link_use(self, link_id: str) -> None:
        """End the session. The link stays used."""
        with suppress(ConditionFailedError):
            self.calls.on_table(
                "update_item",
                Key=_use_key(link_id),
                UpdateExpression="SET #secret = :none",
                ConditionExpression="attribute_exists(PK)",
                ExpressionAttributeNames={"#secret": "secret_hash"},
                ExpressionAttributeValues={":none": value_of(b"")},
            )

    def revoke(self, revocation: Revocation) -> None:
        """Void links. The latest ``before`` is kept."""
        with suppress(ConditionFailedError):
            self.calls.on_table(
                "update_item",
                Key=_revoked_key(revocation.subject),
                UpdateExpression="SET #before = :before, #subject = :subject",
                ConditionExpression="attribute_not_exists(PK) OR #before < :before",
                ExpressionAttributeNames={"#before": "before", "#subject": "subject"},
                ExpressionAttributeValues=pack({":before": revocation.before, ":subject": revocation.subject}),
            )

    def revoked(self, subjects: Sequence[str]) -> dict[str, int]:
        """Return the revoked ones among these subjects, each with its ``before``."""
        # Whoever was not read may be revoked: taking them for unrevoked would let a revoked officer in.
        found = self.calls.read_all([_revoked_key(subject) for subject in dict.fromkeys(subjects)])
        return {item["subject"]["S"]: int(item["before"]["N"]) for item in found}


def _use_key(link_id: str) -> Item:
    return pack({"PK": f"LINK#{link_id}", "SK": "USE"})


def _revoked_key(subject: str) -> Item:
    return pack({"PK": f"REVOKED#{subject}", "SK": "REVOKED"})
