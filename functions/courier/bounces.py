"""Letters that came back. SES tells it by SNS, with the address; that stays in this function's memory.

An officer's address that does not exist any more would mean that nobody reads his cases: ops are told, by a dead
letter that names his office and himself by ident. Of a reporter's address nothing is kept: he finds the answer when
he looks. What comes back only for now is SES's to try again, and counts as nothing.
"""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from functions.actions.courier.deliver import Deliver
from functions.casework.directory.agencies import Officer
from functions.storage.interface import Notice, OutboxEntry, Store

BOUNCED = "bounced"


def report_bounces(messages: Sequence[str], deliver: Deliver, store: Store) -> int:
    """Leave a dead letter for every officer whose address a message calls lost for good; one for each, however often
    it is told. Returns how many were named. Raises StorageError."""
    lost = {address for message in messages for address in _lost(message)}
    officers = [officer for officer in deliver.officers.officers if officer.email in lost]
    for officer in officers:
        instance = deliver.officers.directory.instance_of(officer.agency)
        store.enqueue(_finding(officer, instance.code if instance else ""))
    return len(officers)


def _finding(officer: Officer, instance: str) -> OutboxEntry:
    """A request for a link that nobody made: revived by ops, once the address is put right, it goes without a word."""
    name = sha256(f"bounced/{officer.ident}/{officer.email}".encode()).hexdigest()[:32]
    return OutboxEntry(
        name, Notice.LINK_WANTED, instance, officer.agency, delivered=(officer.ident,), dead=True, error=BOUNCED
    )


def _lost(message: str) -> Iterator[str]:
    """The addresses, in small letters, that a message of SES calls lost for good; none of what is no such message, as
    the greeting with which SES tries a topic."""
    try:
        told: Any = json.loads(message)
        kind = told.get("eventType") or told.get("notificationType")
        bounce = told["bounce"] if kind == "Bounce" else {}
        if bounce.get("bounceType") == "Permanent":
            yield from [str(each["emailAddress"]).strip().lower() for each in bounce["bouncedRecipients"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return
