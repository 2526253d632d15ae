"""Cases and identities as items: their keys, and the shelves they are listed on.

A shelf is a partition of an index: an agency's or instance's code, ``karantina:<code>`` for cases in quarantine, and
``custody#<instance>`` for identities.
"""

from typing import Any

from functions.casework.case import CaseHead, Event
from functions.casework.sealed_identity import Identity
from functions.storage.dynamodb.calls import Item, absent, pack, unpack, value_of
from functions.storage.records import WHEREABOUTS, Row, from_row, identity_row, spare_row, whereabouts
from functions.storage.sort_keys import identity_place, place, work_place

HEAD = "HEAD"
# DynamoDB charges for names with every item, and bills a started kilobyte as a whole one. Of our expressions only
# those of ``WHEREABOUTS`` and of a contact that is sealed anew use these names. Older items have the long ones, which
# are read as well; the next writing shortens them.
SHORT = {
    "act": "ak",
    "clear": "cl",
    "sig": "sg",
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
    "visible_from": "vf",
    "unmasked": "um",
    "kept_from": "kf",
    "wrap_receipt": "wr",
}
WHEREABOUTS_NAMES = tuple(sorted({*WHEREABOUTS, *(SHORT.get(name, name) for name in WHEREABOUTS)}))
LONG = {short: name for name, short in SHORT.items()}


def quarantine(code: str) -> str:
    """Return the shelf of what is in quarantine with an agency, or in an instance."""
    return f"karantina:{code}"


def custody(instance: str) -> str:
    """Return the shelf of an instance's identities, to which the custody door's role is limited."""
    return f"custody#{instance}"


def head_key(case_id: str) -> Item:
    """Return the key of a head."""
    return pack({"PK": f"CASE#{case_id}", "SK": HEAD})


def event_key(case_id: str, n: int) -> Item:
    """Return the key of an event."""
    return pack({"PK": f"CASE#{case_id}", "SK": f"E#{n:06d}"})


def identity_key(case_id: str) -> Item:
    """Return the key of an identity. It has a partition of its own, since roles are limited by partition."""
    return pack({"PK": f"ID#{case_id}", "SK": "IDENTITY"})


def shares_key(case_id: str) -> Item:
    """Return the key of the shares of a name's key, beside its identity."""
    return pack({"PK": f"ID#{case_id}", "SK": "SHARES"})


def head_item(head: CaseHead, at: str = "") -> Item:
    """Return the item of a head, at its own place in the listings or at another."""
    shelf = quarantine if head.quarantined else str
    further = {"at_holder": shelf(head.holder), "at_instance": shelf(head.instance), "place": at or place(head)}
    sparse = {
        "escalated": head.escalation.agency,
        "second": head.desk_work.second,
        "assigned": head.desk_work.assigned,
        "asked": head.lift.by,
    }
    further |= {f"at_{name}": shelf(code) for name, code in sparse.items() if code}
    further |= work_keys(head)
    row = _shortened(spare_row(head))
    del row[SHORT["case_id"]]  # its key says it
    return head_key(head.case_id) | pack(row | further)


def work_keys(head: CaseHead) -> dict[str, str]:
    """Return what lists a head among its holder's work, beside ``at_holder``; nothing for a case that is no work."""
    work = work_place(head)
    return {"work": work} if work else {}


def event_item(case_id: str, event: Event) -> Item:
    """Return the item of an event."""
    return event_key(case_id, event.n) | pack(_shortened(spare_row(event)))


def read_head_item(item: Item) -> CaseHead:
    """Return the head in an item."""
    return from_row(CaseHead, _head_row(item))


def read_whereabouts_item(item: Item) -> CaseHead:
    """Return the head in an item of which the key and ``WHEREABOUTS`` were read."""
    return whereabouts(_head_row(item))


def read_event_item(item: Item) -> Event:
    """Return the event in an item."""
    return from_row(Event, _lengthened(unpack(item)))


def identity_put(identity: Identity) -> dict[str, Any]:
    """Return a Put of an identity that fails unless the version before is stored (none for the first)."""
    further = {"at_holder": custody(identity.instance), "place": identity_place(identity)}
    item = identity_key(identity.case_id) | pack(_spare_identity(identity) | further)
    if identity.version == 1:
        return absent(item)
    return {
        "Item": item,
        "ConditionExpression": "#version = :before",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":before": value_of(identity.version - 1)},
    }


def shares_writes(identity: Identity) -> list[dict[str, Any]]:
    """Return what a transaction does to the shares beside an identity: puts those that it carries, removes those of a
    withdrawn one, leaves all others."""
    if identity.shares:
        return [{"Put": {"Item": shares_key(identity.case_id) | pack({"envelope": identity.shares})}}]
    return [] if identity.sealed else [{"Delete": {"Key": shares_key(identity.case_id)}}]


def _spare_identity(identity: Identity) -> Row:
    row = identity_row(identity)
    return {name: value for name, value in row.items() if value or name not in ("wrap_talk", "passes")}


def _head_row(item: Item) -> Row:
    return _lengthened(unpack(item)) | {"case_id": item["PK"]["S"].removeprefix("CASE#")}


def _shortened(row: Row) -> Row:
    return {SHORT.get(name, name): value for name, value in row.items()}


def _lengthened(row: Row) -> Row:
    return {LONG.get(name, name): value for name, value in row.items()}
