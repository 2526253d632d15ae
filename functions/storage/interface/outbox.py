"""The outbox: notices that wait to leave, and the leases under which a courier sends them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol


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
    IDENTITY_ANSWERED = "identity_answered"
    IDENTITY_DANGER = "identity_danger"
    IDENTITY_WISHED = "identity_wished"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    OFFICER_WISH = "officer_wish"
    DIRECTORY_CHANGED = "directory_changed"
    LIFT_ASKED = "lift_asked"
    LIFT_ENDED = "lift_ended"
    ASKED_IN = "asked_in"
    STEPPED_OUT = "stepped_out"
    SECOND_WROTE = "second_wrote"
    ANSWERED_SMS = "answered_sms"
    TEXTED = "texted"
    UNMASK_ASKED = "unmask_asked"
    UNMASK_DECIDED = "unmask_decided"
    PUBLICATION_WISHED = "publication_wished"
    ASSIGNED = "assigned"
    FORWARDED = "forwarded"
    FORWARDED_MORE = "forwarded_more"
    FACTOR_CHANGED = "factor_changed"
    DIGEST = "digest"
    RELAYED = "relayed"


# Begins the ids of entries that the desk signs (``crypto.sign.mandates``). In the cloud no other role may put one.
MANDATE_PREFIX = "desk-"
# Begins the ids of notices that reporters cause. Entries of an hour are claimed in the order of their ids, so these
# come after all others: an officer's link does not wait behind the letters of a flood.
REPORTER_PREFIX = "pelapor-"
# Begins the ids of notices of a hand-over that its desk may recall. In the cloud it may read and remove these alone.
HANDOVER_PREFIX = "handover-"
OPENED = "opened"  # in an entry's ``error``: whom it tells has opened the case already
TOLD = "told"  # a digest tells of it: its letters may have left
INTERRUPTED = "interrupted"  # a courier ended with the entry in hand: it may have sent it
REVIVED = "revived"
Part = Literal["sealed", "words"]
# Begins the ids of digests. Of an hour they come last of all, so that they tell what became due in it.
DIGEST_PREFIX = "ringkasan-"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A notice to send.

    - ``agency``: the recipient. For notices about an identity it is the accused: all custodians (IDENTITY_DANGER: all
      overseers) but theirs get them. For DIRECTORY_CHANGED it is whose trail tells of it
    - ``sealed``: an address sealed to the courier, empty if the directory has it. An officer's (LINK_WANTED), the
      reporter's contact in the head's own envelope (ANSWERED), a phone number (TEXTED), the officer that a
      coordinator wants added or removed (OFFICER_WISH), or whose second factor changed and how (FACTOR_CHANGED)
    - ``words``: a text sealed to the courier. An SMS answer (TEXTED, ANSWERED_SMS), or a report and additions to it for
      an agency's own system (FORWARDED, FORWARDED_MORE). For a linked office (RELAYED) a whole report, sealed to that
      office's intake and not to the courier; ``sealed`` then is the hash of the token inside, 32 bytes, and 32 more
      that its intake asks work for, unless a flood brought the report
    - ``delivered``: idents of the officers who have it already
    - ``attempts``: failed tries
    - ``not_before``, ``leased_until``: whole epoch hours, so that an undelivered notice does not tell when its report
      came in
    - ``dead``: given up, waits for ops. ``error`` is a code, never a text from outside; "" only as long as no courier
      took it in hand and nobody whom it tells has opened the case
    - ``count``: how many cases a QUARANTINED stands for, the number in the trail of the first change that a
      DIRECTORY_CHANGED tells of, or the epoch hour of a DIGEST
    - ``digest``: the agency whose digests tell of it. It waits in a queue of its own, and nobody claims it there
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
    digest: str = ""

    @property
    def untouched(self) -> bool:
        """Whether no courier has taken the entry in hand, and nobody whom it tells has opened the case."""
        return not (self.leased_by or self.error or self.attempts or self.dead)


class Outbox(Protocol):
    """Keeps notices until they are delivered. Entries of a case are written with it (``Cases``)."""

    def enqueue(self, entry: OutboxEntry) -> None:
        """Put an entry that belongs to no case. The same entry again changes nothing."""

    def tally(self, entry: OutboxEntry) -> None:
        """Put an entry, or add its ``count`` to the waiting one with its id."""

    def claim(self, worker: str, hour: int, limit: int = 10) -> tuple[OutboxEntry, ...]:
        """Lease up to ``limit`` entries to ``worker`` that are due at ``hour``, and return them: by their hours, and in
        an hour by their ids (``REPORTER_PREFIX``).

        The lease holds through the next hour; leased entries are claimed by nobody, the same worker included. May
        return fewer than are due if an index lags.
        """

    def read_entry(self, entry_id: str) -> OutboxEntry | None:
        """Return a waiting entry, None if it has left or there is none."""

    def pin(self, entry_id: str) -> None:
        """Note in an entry that whom it tells has opened the case, also while a courier has it in hand: it may wait for
        a digest later. Does nothing where another code stands."""

    def held(self, agency: str, hour: int) -> tuple[OutboxEntry, ...]:
        """Return all entries that wait for an agency's digest and are due at ``hour``, by their hours. Leases nothing:
        whoever holds the lease of the DIGEST settles them or puts them back, in the name of no worker ("")."""

    def release(self, worker: str) -> None:
        """Give back all leases of ``worker``, so that a restarted courier can claim its own entries again. They are
        touched from then on: they may have been sent."""

    def settle(self, entry_id: str, worker: str) -> bool:
        """Remove a delivered entry. Does nothing, and returns False, if it is gone or ``worker`` no longer holds the
        lease, for "" if anybody does."""

    def put_back(self, entry: OutboxEntry, worker: str) -> bool:
        """Store what delivery changes in an entry that failed, is partly delivered or waits for a digest, and drop the
        lease: ``delivered``, ``attempts``, ``not_before``, ``dead``, ``error``, ``digest``. A code that was noted
        meanwhile (``pin``) stays where ``error`` is "". Does nothing, and returns False, if the entry is gone or
        ``worker`` no longer holds the lease, for "" if anybody does."""

    def dead_letters(self, after: str = "", limit: int = 20) -> tuple[tuple[OutboxEntry, ...], str]:
        """Return a page of entries that were given up, and a token for more. Raises BadPageTokenError."""

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Return entries that wait to be claimed, leased or not, in the order in which they may be. For ops; leases
        nothing. What waits for a digest is not among them."""

    def reseal_entry(self, entry_id: str, part: Part, before: bytes, after: bytes) -> bool:
        """Replace what is sealed in an entry, whoever has it in hand, if it is still ``before``; return whether it was.
        For a rotation."""

    def revive(self, entry_id: str) -> bool:
        """Put a dead letter back into the queue with no attempts counted. False if there is none."""
