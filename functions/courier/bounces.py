"""Bounced letters. SES reports them by SNS, with the address, which stays in this function's memory.

If an officer's address is gone, nobody may read their cases: a dead letter names the agency and the officer's ident to
ops. A reporter's bounced address is not stored: they find the answer in the thread. Transient bounces are ignored,
since SES tries these again.
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
    """Leave one dead letter for every officer whose address a message reports as permanently lost, however often.
    Return how many officers were named. Raises StorageError."""
    lost = {address for message in messages for address in _lost(message)}
    officers = [officer for officer in deliver.officers.officers if officer.email in lost]
    for officer in officers:
        instance = deliver.officers.directory.instance_of(officer.agency)
        store.enqueue(_finding(officer, instance.code if instance else ""))
    return len(officers)


def _finding(officer: Officer, instance: str) -> OutboxEntry:
    """Return a request for a link that nobody made: revived by ops after the address is mended, it sends nothing."""
    name = sha256(f"bounced/{officer.ident}/{officer.email}".encode()).hexdigest()[:32]
    return OutboxEntry(
        name, Notice.LINK_WANTED, instance, officer.agency, delivered=(officer.ident,), dead=True, error=BOUNCED
    )


def _lost(message: str) -> Iterator[str]:
    """Yield the addresses, in lower case, that a message of SES reports as permanently lost. Other messages, such as
    SES's test of a topic, yield none."""
    try:
        event: Any = json.loads(message)
        kind = event.get("eventType") or event.get("notificationType")
        bounce = event["bounce"] if kind == "Bounce" else {}
        if bounce.get("bounceType") == "Permanent":
            yield from [str(each["emailAddress"]).strip().lower() for each in bounce["bouncedRecipients"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # brackets without end, too
        return
