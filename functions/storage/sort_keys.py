"""The texts by which both engines sort cases, identities and outbox entries, so that both list in the same order."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from functions.casework.case import CaseHead
from functions.casework.sealed_identity import Identity
from functions.casework.stages import BEGUN, STANDING
from functions.storage.interface import OutboxEntry, Work

QUEUE = "waiting"
DEAD = "dead"
DIGEST = "digest#"
# Sorts before every turn of an entry that is leased or was put back, and after every fresh one.
FIRST_HOUR = "00000001"
_LAST_DAY = date.max.toordinal()
_BEFORE_ALL_DAYS = 9_999_999
_NO_HOUR = 99_999_999
_MARK = 24  # hexadecimal digits


def place(head: CaseHead) -> str:
    """Return the sort key of a case.

    - ``0!#<due>#<mark>``: open, with priority
    - ``0#<due>#<mark>``: open
    - ``0#<due>#~<hour>#<mark>``: open, waits for the hour of its batch; after all others due on its day
    - ``0w#<due>#<mark>``: closed, its reporter may still answer
    - ``1#<days to the end of time>#<mark>``: closed and over
    - ``2#<days to the end of time>#<mark>``: a tombstone

    The mark is a hash of the case id: page tokens carry the place of the last case read, which may be one that the
    viewer must not learn of.
    """
    if (head.open or head.awaited) and not head.shredded:
        rank = "w" if head.awaited else "!" if head.desk_work.priority else ""
        hour = f"~{head.visible_from:08d}#" if head.visible_from else ""
        return f"0{rank}#{head.clock.due.isoformat()}#{hour}{_mark(head.case_id)}"
    closed = head.closing.on or head.received_on
    return f"{2 if head.shredded else 1}#{_LAST_DAY - closed.toordinal():07d}#{_mark(head.case_id)}"


def work_place(head: CaseHead) -> str:
    """Return the sort key of a case among the work of its holder: its state (``Work``), then its place without the
    rank. "" for one that is no work: closed, deleted or in quarantine."""
    if not head.open or head.shredded or head.quarantined:
        return ""
    return f"{_state(head)}{place(head)[1:]}"


def work_spans(work: Work, *, before: str = "", on: str = "") -> tuple[tuple[str, str], ...]:
    """Return the spans of work places of one state, those with priority first. ``before`` and ``on`` (ISO days) limit
    them to cases due before a day, or on it."""
    if not before and not on:
        return ((f"{work}!#", f"{work}~"),)
    return tuple((f"{work}{rank}#{on}", f"{work}{rank}#{before or f'{on}#~~'}") for rank in ("!", ""))


def after_waiting(head: CaseHead, *, work: bool = False) -> str:
    """Return a place after all that is due on the day of this case and waits, also for later hours. ``work``: a work
    place."""
    return f"{_state(head) if work else 0}#{head.clock.due.isoformat()}#~{_NO_HOUR}#{'f' * _MARK}"


def unfinished_place(head: CaseHead) -> str:
    """Return the sort key of a tombstone whose case is still being removed: it sorts as the one closed longest ago."""
    return f"1#{_BEFORE_ALL_DAYS}#{_mark(head.case_id)}"


def closed_before(day: date) -> tuple[tuple[str, str], ...]:
    """Return the two spans of places, to be read backwards, of cases closed before ``day``: those that are over, then
    those whose reporter's window ended before it."""
    return (f"1#{_LAST_DAY - day.toordinal() + 1:07d}", "2"), awaited_before(day)


def awaited_before(day: date) -> tuple[str, str]:
    """Return the span of places of closed cases whose reporter's window ended before ``day``."""
    return "0w#", f"0w#{day.isoformat()}"


def ended_between(first: date, last: date) -> tuple[tuple[str, str], ...]:
    """Return the two spans of places of what was closed from ``first`` through ``last`` and is over: cases (their
    reporter confirmed, let the window pass, or could not answer), then tombstones."""
    late, early = (_LAST_DAY - day.toordinal() for day in (last, first))
    return tuple((f"{rank}#{late:07d}#", f"{rank}#{early:07d}#~") for rank in "12")


def after_place(last: str) -> str:
    """Return the first text that sorts after a place."""
    return f"{last} "


def longest_closed(heads: Iterable[CaseHead], limit: int) -> tuple[CaseHead, ...]:
    """Merge closed cases from several listings and return the first ``limit`` in the order of ``closed_before``."""
    return tuple(sorted(heads, key=lambda h: unfinished_place(h) if h.shredded else place(h), reverse=True)[:limit])


def identity_place(identity: Identity) -> str:
    """Return the sort key of an identity: those with a pending request first, else in the order of the mark, which
    tells nothing."""
    return f"{0 if identity.pending else 1}#{_mark(identity.case_id)}"


def is_waiting_place(place: str) -> bool:
    """Tell whether an identity's sort key is that of a pending request."""
    return place.startswith("0#")


def queue(entry: OutboxEntry) -> str:
    """Return the queue that an entry is in."""
    return DEAD if entry.dead else digest_queue(entry.digest) if entry.digest else QUEUE


def digest_queue(agency: str) -> str:
    """Return the queue of what waits for an agency's digests."""
    return f"{DIGEST}{agency}"


def turn(entry: OutboxEntry) -> str:
    """Return the sort key of an entry in its queue: the first hour it may be claimed at, then its id. Dead letters
    sort by id."""
    if entry.dead:
        return entry.entry_id
    free = max(entry.not_before, entry.leased_until + 1 if entry.leased_by else 0)
    return f"{free:08d}#{entry.entry_id}"


def before_hour(hour: int) -> str:
    """Return a text that sorts after the turns of all entries that may be claimed at ``hour``, before all others."""
    return f"{hour + 1:08d}"


def _state(head: CaseHead) -> Work:
    if head.stage in STANDING:
        return Work.HELD
    return Work.BEGUN if head.stage in BEGUN else Work.NEW


def _mark(case_id: str) -> str:
    return sha256(case_id.encode()).hexdigest()[:_MARK]
