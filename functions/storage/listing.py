"""Where a case stands in a listing, when an outbox entry's turn comes, and the tokens that page through them.

Both engines sort by these texts, so both show the same order.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from hashlib import sha256

from functions.casework.case import CaseHead
from functions.storage.interface import BadPageTokenError, OutboxEntry

QUEUE = "waiting"
DEAD = "dead"
# Sorts before every turn of an entry that is leased or was put back, and after every fresh one.
FIRST_HOUR = "00000001"
_LAST_DAY = date.max.toordinal()
_PLACE = re.compile(r"(?:0#\d{4}-\d\d-\d\d|1#\d{7})#[0-9a-f]{24}", re.ASCII)
_ENTRY = re.compile(r"[0-9A-Za-z_-]{1,128}", re.ASCII)


def place(head: CaseHead) -> str:
    """Sort key of a case: ``0#<due>#<mark>`` while open, ``1#<days to the end of time>#<mark>`` once closed.

    The mark is a hash of the case id: page tokens carry the place of the last case read, which may be one
    that the viewer must not learn of.
    """
    mark = sha256(head.case_id.encode()).hexdigest()[:24]
    if head.open:
        return f"0#{head.due.isoformat()}#{mark}"
    closed = head.closed_on or head.received_on
    return f"1#{_LAST_DAY - closed.toordinal():07d}#{mark}"


def queue(entry: OutboxEntry) -> str:
    """The queue an entry waits in."""
    return DEAD if entry.dead else QUEUE


def turn(entry: OutboxEntry) -> str:
    """Sort key of an entry in its queue: the first hour it may be claimed at, then its id; dead letters by id."""
    if entry.dead:
        return entry.entry_id
    free = max(entry.not_before, entry.leased_until + 1 if entry.leased_by else 0)
    return f"{free:08d}#{entry.entry_id}"


def before_hour(hour: int) -> str:
    """A text that sorts after the turns of all entries that may be claimed at ``hour``, before all others."""
    return f"{hour + 1:08d}"


def make_token(listing: str, last: str) -> str:
    """Token for what comes after ``last`` in this listing."""
    return urlsafe_b64encode(f"{listing}\n{last}".encode()).decode().rstrip("=")


def read_place(listing: str, token: str) -> str:
    """The place a page of cases goes on after; "" for the first page. Raises BadPageTokenError."""
    return _read(listing, token, _PLACE)


def read_entry(listing: str, token: str) -> str:
    """The entry id a page of dead letters goes on after; "" for the first page. Raises BadPageTokenError."""
    return _read(listing, token, _ENTRY)


def _read(listing: str, token: str, form: re.Pattern[str]) -> str:
    if not token:
        return ""
    try:
        text = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode()
    except ValueError as error:
        raise BadPageTokenError("not a page token") from error
    found, _, last = text.rpartition("\n")
    if found != listing or not form.fullmatch(last):
        raise BadPageTokenError("a page token of another listing")
    return last
