"""Cases and identities as items: their keys, and the shelves they are listed on.

A shelf is the partition of an index: an agency's code, an instance's, the same with ``karantina:`` before it for
what is in quarantine, and ``custody#`` with an instance's for identities.
"""

from typing import Any

from functions.casework.case import CaseHead, Event
from functions.casework.sealed_identity import Identity
from functions.storage.dynamodb.calls import Item, absent, pack, unpack, value_of
from functions.storage.listing import identity_place, place
from functions.storage.records import Row, from_row, spare_row, to_row

HEAD = "HEAD"
# DynamoDB charges for names with every item, and bills a kilobyte begun as a whole one. None of these is named in an
# expression of ours. Items of before have the long names; they are read as ever, and get the short ones when they are
# written next.
SHORT = {
    "about_agency": "aa",
    "agreed": "ag",
    "answered_on": "ao",
    "appealed": "ap",
    "assigned": "as",
    "canned": "cn",
    "case_id": "id",
    "chain": "ch",
    "closed_due": "cd",
    "closed_on": "co",
    "confirmed": "cf",
    "contact": "ct",
    "district": "di",
    "earlier_ends": "ee",
    "escalated": "es",
    "escalated_to": "et",
    "extended": "ex",
    "fingerprint": "fp",
    "from_officers": "fo",
    "from_reporter": "fr",
    "handed_on": "ho",
    "held_on": "he",
    "holder": "hd",
    "identity": "im",
    "instance": "in",
    "kind": "ki",
    "lapsed": "la",
    "lift_by": "lb",
    "lift_on": "ld",
    "lookup": "lo",
    "officer": "of",
    "outcome": "oc",
    "oversight": "ov",
    "paused": "pa",
    "priority": "pr",
    "publication": "pu",
    "quarantined": "qu",
    "rating": "ra",
    "received_on": "ro",
    "recused": "rc",
    "reminded": "rm",
    "reopened": "rp",
    "sealed": "se",
    "second": "sc",
    "stage": "st",
    "subject": "su",
    "terms": "te",
    "texted": "tx",
    "topic": "to",
    "transferred": "tr",
    "wrap_receipt": "wr",
}
LONG = {short: name for name, short in SHORT.items()}


def quarantine(code: str) -> str:
    """The shelf for what is in quarantine with an agency, or in an instance."""
    return f"karantina:{code}"


def custody(instance: str) -> str:
    """The shelf of an instance's identities, which the custody door's role is confined to."""
    return f"custody#{instance}"


def head_key(case_id: str) -> Item:
    """Where a head rests."""
    return pack({"PK": f"CASE#{case_id}", "SK": HEAD})


def event_key(case_id: str, n: int) -> Item:
    """Where an event rests."""
    return pack({"PK": f"CASE#{case_id}", "SK": f"E#{n:06d}"})


def identity_key(case_id: str) -> Item:
    """Where an identity rests: in a partition of its own, since roles are confined by partition."""
    return pack({"PK": f"ID#{case_id}", "SK": "IDENTITY"})


def head_item(head: CaseHead, at: str = "") -> Item:
    """The item of a head, at its own place or at another."""
    shelf = quarantine if head.quarantined else str
    further = {"at_holder": shelf(head.holder), "at_instance": shelf(head.instance), "place": at or place(head)}
    sparse = {
        "escalated": head.escalation.agency,
        "second": head.desk_work.second,
        "assigned": head.desk_work.assigned,
        "asked": head.lift.by,
    }
    further |= {f"at_{name}": shelf(code) for name, code in sparse.items() if code}
    return head_key(head.case_id) | pack(_shortened(spare_row(head)) | further)


def event_item(case_id: str, event: Event) -> Item:
    """The item of an event."""
    return event_key(case_id, event.n) | pack(_shortened(spare_row(event)))


def read_head_item(item: Item) -> CaseHead:
    """The head in an item."""
    return from_row(CaseHead, _lengthened(unpack(item)))


def read_event_item(item: Item) -> Event:
    """The event in an item."""
    return from_row(Event, _lengthened(unpack(item)))


def identity_put(identity: Identity) -> dict[str, Any]:
    """A Put of an identity where the version before stands, or none for the first."""
    further = {"at_holder": custody(identity.instance), "place": identity_place(identity)}
    item = identity_key(identity.case_id) | pack(to_row(identity) | further)
    if identity.version == 1:
        return absent(item)
    return {
        "Item": item,
        "ConditionExpression": "#version = :before",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":before": value_of(identity.version - 1)},
    }


def _shortened(row: Row) -> Row:
    return {SHORT.get(name, name): value for name, value in row.items()}


def _lengthened(row: Row) -> Row:
    return {LONG.get(name, name): value for name, value in row.items()}
