"""What the actions ask of storage. Two engines stand behind it and pass one suite of tests.

Every operation is atomic. No request path scans. Nothing here knows a clock finer than a day for what
concerns a reporter; the outbox's times are whole hours (epoch hours), so that an undelivered notice does
not tell when its report came in.

Longer than other files, since it is one promise that two engines keep, and is read as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from functions.casework.case import Case, CaseHead, Event
from functions.casework.disclosure import Identity

MAKE_THEM = "run `python -m functions.cli init`"  # what an error says where a store was never prepared


class StorageError(Exception):
    """The store could not do what was asked; nothing was written."""


class StoreUnavailableError(StorageError):
    """The engine does not answer or is busy; the same call may succeed later."""


class CaseExistsError(StorageError):
    """``create_case`` found the id taken; ``head`` is what stands there."""

    def __init__(self, head: CaseHead) -> None:
        self.head = head
        super().__init__("the case exists")


class CaseNotFoundError(StorageError):
    """There is no such case."""


class VersionConflictError(StorageError):
    """Somebody else wrote first: read the case again and decide anew."""


class BadPageTokenError(StorageError):
    """The page token was not given out by this store for this listing."""


class Notice(StrEnum):
    """What an outbox entry announces. The mail's text follows from it, never from the case's words."""

    NEW_CASE = "new_case"
    HANDED_OVER = "handed_over"
    REPORTER_WROTE = "reporter_wrote"
    REOPENED = "reopened"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    LINK_WANTED = "link_wanted"
    QUARANTINED = "quarantined"
    ANSWERED = "answered"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_OBJECTED = "identity_objected"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    OFFICER_WISH = "officer_wish"
    LIFT_ASKED = "lift_asked"
    LIFT_ENDED = "lift_ended"
    ASKED_IN = "asked_in"
    STEPPED_OUT = "stepped_out"
    SECOND_WROTE = "second_wrote"
    ANSWERED_SMS = "answered_sms"
    TEXTED = "texted"
    PUBLICATION_WISHED = "publication_wished"
    FORWARDED = "forwarded"
    FORWARDED_MORE = "forwarded_more"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A notice to leave by mail. ``sealed`` holds an address sealed to the courier: an officer's (LINK_WANTED),
    or the reporter's contact, the head's own envelope (ANSWERED), or whom a coordinator wants as an officer, or no more
    (OFFICER_WISH). What concerns an identity goes to the custodians
    but those of ``agency``, which is the accused. ``count`` is how many
    cases a QUARANTINED digest stands for. ``words`` is what goes out by SMS, sealed to the courier as well: an answer
    to who writes by SMS (TEXTED, with his number in ``sealed``), or an officer's (ANSWERED_SMS); or to an agency's own
    system: a report (FORWARDED), or what its writer added (FORWARDED_MORE).

    ``delivered`` are the officers already served, ``attempts`` the failed tries, ``not_before`` and
    ``leased_until`` whole epoch hours. ``dead`` entries wait for ops; ``error`` is a code, never a text from
    outside.
    """

    entry_id: str
    notice: Notice
    instance: str
    agency: str = ""
    case_id: str = ""
    sealed: bytes = b""
    words: bytes = b""
    delivered: tuple[str, ...] = ()
    attempts: int = 0
    not_before: int = 0
    leased_by: str = ""
    leased_until: int = 0
    dead: bool = False
    error: str = ""
    count: int = 0


class Scope(StrEnum):
    """Which listing an inbox page is taken from."""

    HOLDER = "holder"
    INSTANCE = "instance"
    QUARANTINE = "quarantine"
    INSTANCE_QUARANTINE = "instance_quarantine"
    ESCALATED = "escalated"
    SECOND = "second"
    ASSIGNED = "assigned"
    ASKED = "asked"


class Page(NamedTuple):
    """One page of heads: open cases by due date, those with priority first; then closed ones whose reporter may still
    answer, by the end of his window; then the other closed ones, latest closing first. ``next`` is an opaque token or
    ""."""

    heads: tuple[CaseHead, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class LinkUse:
    """A signed link that was used: bound to one browser by the hash of its secret (32 bytes).

    Also the officer's session, which lives until ``expires`` (epoch seconds). ``issued`` is the link's, for
    revocation.
    """

    link_id: str
    officer: str
    agency: str
    role: str
    instance: str
    case_id: str
    secret_hash: bytes
    expires: int
    issued: int = 0


class Revocation(NamedTuple):
    """Links issued before ``before`` (epoch seconds) are void for this subject: ``link:<id>``,
    ``officer:<ident>`` or ``agency:<code>``."""

    subject: str
    before: int


class Register(NamedTuple):
    """Something small that is read often and replaced as a whole, such as the directory; ``version`` counts its
    states from 1."""

    name: str
    version: int
    body: bytes


class Slip(NamedTuple):
    """Something small under a name that only its writer can find again (a keyed hash), and sealed so that only he can
    open it; gone by itself after ``expires`` (epoch seconds, a midnight, so that it times nothing). ``version`` counts
    its states from 1."""

    name: str
    version: int
    sealed: bytes
    expires: int


class Append(NamedTuple):
    """One append to a case: the head as it becomes (its ``version`` counts the new events), what is added,
    what is to be announced, and the identity as it becomes, where it changes."""

    head: CaseHead
    events: tuple[Event, ...]
    outbox: tuple[OutboxEntry, ...] = ()
    identity: Identity | None = None


class Store(Protocol):
    """The interface. Raises StoreUnavailableError from any method when the engine is out of reach."""

    def prepare(self) -> None:
        """Make tables and indexes where they do not exist yet."""

    def unprepared(self) -> str:
        """What ``prepare`` would still have to make, in a few words, "" where nothing; for ops, changes nothing."""

    def create_case(
        self, head: CaseHead, events: Sequence[Event], outbox: Sequence[OutboxEntry], identity: Identity | None = None
    ) -> None:
        """Put a new case, put-first: one transaction. Raises CaseExistsError with the head that is there."""

    def read_head(self, case_id: str) -> CaseHead:
        """The head alone. Raises CaseNotFoundError."""

    def read_case(self, case_id: str) -> Case:
        """Head and all events, in one query. Raises CaseNotFoundError."""

    def append(self, change: Append, expected_version: int) -> None:
        """Write head, events and outbox in one transaction if the case still has ``expected_version``.

        The head's ``version`` is the last event's ``n``. Raises VersionConflictError (also for a head read
        before a ``rewrap``: it would put the old wrap back) or CaseNotFoundError. ``change.identity`` goes in
        with it as ``write_identity`` would.
        """

    def shred(self, tombstone: CaseHead, expected_version: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put the tombstone in the head's place, which makes the case dark, then remove its events and its
        identity. A shredding cut short is finished by calling this again with the tombstone that stands (its
        own version expected). The tombstone's ``version`` is one more than the case's, so that nobody who read the
        case before can write over it; reading it gives its head and no events. Raises ValueError for a tombstone
        that still holds something, VersionConflictError or CaseNotFoundError."""

    def closed_before(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Cases of an instance closed before ``day``, longest ago first, those in quarantine among them; no
        tombstones, except one of which there is still something to remove, which comes first. Those whose reporter
        never answered and whose window did not lapse, since no clock ran, come last, and after that window only."""

    def lapsing(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Closed cases of an instance whose reporter's window ended before ``day`` without a word of his, which were
        not marked as lapsed yet."""

    def page_ended(self, instance: str, first: date, last: date, after: str = "", limit: int = 100) -> Page:
        """A page of an instance's cases that were closed from ``first`` through ``last`` and are over (confirmed,
        lapsed, archived), latest first, then of tombstones of those days; none in quarantine. Raises
        BadPageTokenError."""

    def read_identity(self, case_id: str) -> Identity | None:
        """The sealed identity of a case, None where there is none."""

    def write_identity(self, identity: Identity, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put an identity and what is to be announced if what stands has the version before (none for version
        1). Raises VersionConflictError."""

    def page_identities(self, instance: str, after: str = "", limit: int = 20) -> tuple[tuple[Identity, ...], str]:
        """A page of identities, those with a request that is pending first, and a token for more."""

    def rewrap(self, case_id: str, old_key_id: str, key_id: str, wrap_desk: bytes) -> None:
        """Replace the desk's wrap if it is still under ``old_key_id``; the version stays. Raises
        VersionConflictError where it is not, CaseNotFoundError."""

    def page(self, scope: Scope, code: str, after: str = "", limit: int = 20) -> Page:
        """A page of the cases held by an agency, of an instance, in the quarantine of either, of those late ones that
        went up to an agency, of those on which it is the second unit or whose guard its overseer is asked to lift, or
        of those that the officer with the ident ``code`` took, from the index; what is in quarantine is in no other
        listing. Raises BadPageTokenError."""

    def enqueue(self, entry: OutboxEntry) -> None:
        """Put an outbox entry that belongs to no case."""

    def tally(self, entry: OutboxEntry) -> None:
        """Put an entry, or add its ``count`` to the one of its id that waits already."""

    def claim(self, worker: str, hour: int, limit: int = 10) -> tuple[OutboxEntry, ...]:
        """Lease to ``worker`` up to ``limit`` entries that are due at ``hour`` and not leased to another; the
        lease holds through the next hour. An entry leased by ``worker`` itself is not claimed again. May return
        fewer than are due, where an index lags."""

    def release(self, worker: str) -> None:
        """Give back all leases of ``worker`` (a courier that starts again takes its own work up at once)."""

    def settle(self, entry_id: str, worker: str) -> None:
        """Delivered: the entry goes. Does nothing where ``worker`` no longer holds the lease."""

    def put_back(self, entry: OutboxEntry, worker: str) -> None:
        """Failed or partly done: store ``delivered``, ``attempts``, ``not_before``, ``dead`` and ``error`` and
        drop the lease. Does nothing where ``worker`` no longer holds the lease."""

    def dead_letters(self, after: str = "", limit: int = 20) -> tuple[tuple[OutboxEntry, ...], str]:
        """Entries that were given up, and a token for more."""

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """For ops: entries that wait, leased or not, those first that may be claimed first. Leases nothing."""

    def revive(self, entry_id: str) -> bool:
        """Put a dead letter back into the queue with its attempts forgotten. False where there is none."""

    def use_link(self, use: LinkUse) -> LinkUse:
        """Bind a link on first use, put-first; returns what stands: ``use`` itself, or another's binding.

        The same ``secret_hash`` again (the same browser) renews the session: ``use`` replaces what stood."""

    def read_link_use(self, link_id: str) -> LinkUse | None:
        """The binding of a link, which is also its session."""

    def end_link_use(self, link_id: str) -> None:
        """Log out: the session ends, the link stays used (its secret hash is emptied)."""

    def revoke(self, revocation: Revocation) -> None:
        """Void links; a later ``before`` replaces an earlier one, never the reverse."""

    def revoked(self, subjects: Sequence[str]) -> dict[str, int]:
        """For each revoked subject among these its ``before``, in one batch."""

    def read_register(self, name: str) -> Register | None:
        """A register as it stands, None where there is none."""

    def register_version(self, name: str) -> int:
        """The version of what stands, 0 where there is none; reads no body."""

    def write_registers(self, registers: Sequence[Register]) -> None:
        """Put several registers, all or none, where of each the version before stands (none for version 1).
        Raises VersionConflictError."""

    def read_slip(self, name: str, now: int) -> Slip | None:
        """A slip as it stands, None where there is none that has not expired at ``now`` (epoch seconds)."""

    def write_slip(self, slip: Slip, now: int) -> None:
        """Put a slip where the version before stands (none, or an expired one, for version 1). Raises
        VersionConflictError."""

    def drop_slip(self, name: str) -> None:
        """Remove a slip at once, where there is one."""


class Blobs(Protocol):
    """Sealed files. A blob is durable when ``put`` returns. Its dates tell a day, never a time."""

    def prepare(self) -> None:
        """Make the folder or bucket where it does not exist yet."""

    def put(self, case_id: str, name: str, sealed: bytes, on: date) -> None:
        """Store under (case, name); the same name again replaces it."""

    def get(self, case_id: str, name: str) -> bytes:
        """The sealed bytes. Raises CaseNotFoundError where there are none."""

    def delete_case(self, case_id: str) -> None:
        """Remove all blobs of a case."""
