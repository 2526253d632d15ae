"""Where a case stands in a listing, when an outbox entry's turn comes, and the tokens that page through them.

Both engines sort by these texts, so both show the same order.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from functions.casework.case import CaseHead
from functions.casework.sealed_identity import Identity
from functions.storage.interface import BadPageTokenError, OutboxEntry

QUEUE = "waiting"
DEAD = "dead"
# Sorts before every turn of an entry that is leased or was put back, and after every fresh one.
FIRST_HOUR = "00000001"
_LAST_DAY = date.max.toordinal()
_BEFORE_ALL_DAYS = 9_999_999
_PLACE = re.compile(r"(?:0[!w]?#\d{4}-\d\d-\d\d|[12]#\d{7})#[0-9a-f]{24}", re.ASCII)
_TRUST = re.compile(r"[01]#[0-9a-f]{24}", re.ASCII)
_ENTRY = re.compile(r"[0-9A-Za-z._-]{1,128}", re.ASCII)  # dots: a tallied entry is named after its agency


def place(head: CaseHead) -> str:
    """Sort key of a case: ``0#<due>#<mark>`` while open, before it ``0!#…`` with priority, after it ``0w#…`` while its
    reporter may answer its closing; ``1#<days to the end of time>#<mark>`` once that is over, ``2#…`` as a tombstone.

    The mark is a hash of the case id: page tokens carry the place of the last case read, which may be one
    that the viewer must not learn of.
    """
    if (head.open or head.awaited) and not head.shredded:
        rank = "w" if head.awaited else "!" if head.desk_work.priority else ""
        return f"0{rank}#{head.clock.due.isoformat()}#{_mark(head.case_id)}"
    closed = head.closing.on or head.received_on
    return f"{2 if head.shredded else 1}#{_LAST_DAY - closed.toordinal():07d}#{_mark(head.case_id)}"


def unfinished_place(head: CaseHead) -> str:
    """Sort key of a tombstone whose case is still being removed: the one closed longest ago."""
    return f"1#{_BEFORE_ALL_DAYS}#{_mark(head.case_id)}"


def closed_before(day: date) -> tuple[tuple[str, str], ...]:
    """Pairs of texts between which, read backwards, the places of cases closed before ``day`` lie: those that are
    over, then those whose reporter's window ended before it."""
    return (f"1#{_LAST_DAY - day.toordinal() + 1:07d}", "2"), awaited_before(day)


def awaited_before(day: date) -> tuple[str, str]:
    """Two texts between which the places of closed cases lie whose reporter's window ended before ``day``."""
    return "0w#", f"0w#{day.isoformat()}"


def ended_between(first: date, last: date) -> tuple[tuple[str, str], ...]:
    """Pairs of texts between which the places of cases lie that were closed from ``first`` through ``last`` and are
    over: their reporter confirmed or let his window pass, or nobody could answer; then those of tombstones."""
    late, early = (_LAST_DAY - day.toordinal() for day in (last, first))
    return tuple((f"{rank}#{late:07d}#", f"{rank}#{early:07d}#~") for rank in "12")


def after_place(last: str) -> str:
    """The first text that sorts after a place."""
    return f"{last} "


def longest_closed(heads: Iterable[CaseHead], limit: int) -> tuple[CaseHead, ...]:
    """Of closed cases out of several listings the first ``limit`` in the order of ``closed_before``."""
    return tuple(sorted(heads, key=lambda h: unfinished_place(h) if h.shredded else place(h), reverse=True)[:limit])


def identity_place(identity: Identity) -> str:
    """Sort key of an identity: those with a request that waits first; among them the mark's order, which
    tells nothing."""
    return f"{0 if identity.pending else 1}#{_mark(identity.case_id)}"


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


def read_identity_place(listing: str, token: str) -> str:
    """The place a page of identities goes on after; "" for the first page. Raises BadPageTokenError."""
    return _read(listing, token, _TRUST)


def read_entry(listing: str, token: str) -> str:
    """The entry id a page of dead letters goes on after; "" for the first page. Raises BadPageTokenError."""
    return _read(listing, token, _ENTRY)


def _mark(case_id: str) -> str:
    return sha256(case_id.encode()).hexdigest()[:24]


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
