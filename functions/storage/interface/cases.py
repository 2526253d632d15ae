"""Cases: heads, their events, and the listings of open and closed ones."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from functions.casework.case import Case, CaseHead, Event
from functions.casework.sealed_identity import Identity
from functions.storage.interface.errors import StorageError
from functions.storage.interface.outbox import OutboxEntry


class CaseExistsError(StorageError):
    """``create_case`` found the id taken; ``head`` is the case that has it."""

    def __init__(self, head: CaseHead) -> None:
        self.head = head
        super().__init__("the case exists")


WHOLE_SPAN = ("0", "~")  # before and after all places
UNSETTLED = ("0", "1")  # of them those of open cases, and of closed ones that may still be answered


class Scope(StrEnum):
    """The listing that an inbox page is taken from."""

    HOLDER = "holder"
    INSTANCE = "instance"
    QUARANTINE = "quarantine"
    INSTANCE_QUARANTINE = "instance_quarantine"
    ESCALATED = "escalated"
    SECOND = "second"
    ASSIGNED = "assigned"
    ASKED = "asked"
    WORK = "work"


class Work(StrEnum):
    """The state of an open case on its holder's desk: nobody there has begun (``NEW``), somebody has (``BEGUN``), or
    it waits for its reporter (``HELD``). The value begins its place in ``Scope.WORK``."""

    HELD = "h"
    NEW = "n"
    BEGUN = "o"


class Page(NamedTuple):
    """One page of heads, and an opaque token for the next page, "" if there is none.

    Open cases come first, by due date, those with priority before the others. Closed ones whose reporter may still
    answer follow, by the end of their window. The other closed ones come last, latest closing first.
    """

    heads: tuple[CaseHead, ...]
    next: str = ""


class Append(NamedTuple):
    """One append to a case: the new head (its ``version`` counts the new events), the new events and outbox entries,
    and the new identity if it changes. ``withdrawn`` are waiting entries to remove, as they were read."""

    head: CaseHead
    events: tuple[Event, ...]
    outbox: tuple[OutboxEntry, ...] = ()
    identity: Identity | None = None
    withdrawn: tuple[OutboxEntry, ...] = ()


class Cases(Protocol):
    """Keeps cases."""

    def create_case(
        self, head: CaseHead, events: Sequence[Event], outbox: Sequence[OutboxEntry], identity: Identity | None = None
    ) -> None:
        """Put a new case with all that belongs to it, in one transaction. Raises CaseExistsError."""

    def read_head(self, case_id: str) -> CaseHead:
        """Return the head alone. Raises CaseNotFoundError."""

    def read_whereabouts(self, case_id: str) -> CaseHead:
        """Return a head that holds ``records.WHEREABOUTS`` and nothing else: with whom the case lies, and who must not
        see it. For the courier, whose role reads no more. Raises CaseNotFoundError."""

    def read_case(self, case_id: str) -> Case:
        """Return head and all events, in one query. Raises CaseNotFoundError."""

    def append(self, change: Append, expected_version: int) -> None:
        """Write head, events, outbox and identity in one transaction if the case still has ``expected_version``.

        The head's ``version`` is the last event's ``n``. ``change.identity`` is written as by ``write_identity``.
        Raises CaseNotFoundError, and VersionConflictError, also for a head read before a ``rewrap`` or a
        ``reseal_contact``: it would put the old one back. Raises EntryGoneError if one of ``change.withdrawn`` is no
        longer as it was read.
        """

    def rewrap(self, case_id: str, old_key_id: str, key_id: str, wrap_desk: bytes) -> None:
        """Replace the desk's wrap if it is still under ``old_key_id``; the version stays. Raises
        VersionConflictError if it is not, and CaseNotFoundError."""

    def reseal_contact(self, case_id: str, before: bytes, after: bytes) -> None:
        """Replace the sealed contact if it is still ``before``; the version stays, and a head read before can no longer
        be appended with it. Raises VersionConflictError if it is another or none, and CaseNotFoundError."""

    def resealed(self, case_id: str) -> frozenset[str]:
        """Return the facts (hex, ``casework.audit``) before and after each ``reseal_contact`` since the last append,
        among other marks; none if there is no such case. For the trail, which no rotation has an event in."""

    def page(
        self, scope: Scope, code: str, after: str = "", limit: int = 20, span: tuple[str, str] = WHOLE_SPAN
    ) -> Page:
        """Return a page of cases from an index, of those whose place lies within ``span``. Raises BadPageTokenError.

        ``code`` is an agency's or an instance's, for ``ASSIGNED`` the ident of the officer who took the cases.
        ``ESCALATED`` lists late cases that an agency received, ``SECOND`` those where it is the second unit, and
        ``ASKED`` those where its overseer decides on letting the accused read. Cases in quarantine appear in the two
        quarantine listings alone. ``WORK`` lists an agency's open cases by their state (``Work``), in each those with
        priority first, then by due date.
        """


def check_numbers(head: CaseHead, events: Sequence[Event], before: int) -> None:
    """Raises ValueError unless the events count on from ``before`` and the head has the last one's number: an append
    that is numbered wrongly would overwrite events."""
    numbers = [event.n for event in events]
    if not numbers or numbers != list(range(before + 1, before + 1 + len(numbers))) or head.version != numbers[-1]:
        raise ValueError(f"events {numbers} and version {head.version} do not follow version {before}")


def check_identity(identity: Identity | None, head: CaseHead) -> None:
    """Raises ValueError if the identity belongs to another case than the head."""
    if identity and (identity.case_id, identity.instance) != (head.case_id, head.entrusted_to):
        raise ValueError("an identity of another case")
