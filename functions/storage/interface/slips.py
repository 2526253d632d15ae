"""Slips: small sealed notes under names that only their writer can compute."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from functions.storage.interface.outbox import OutboxEntry


class Slip(NamedTuple):
    """A sealed note whose name (a keyed hash) only its writer can find again, and which only they can open.

    It disappears by itself after ``expires`` (epoch seconds, a midnight, so that it times nothing). ``version`` counts
    its states from 1.
    """

    name: str
    version: int
    sealed: bytes
    expires: int


def beside(case_id: str) -> tuple[str, ...]:
    """Return the names of the slips that go with a case when it is deleted: what its handlers asked of the custodians,
    its number in an agency's own system, and its token in an app's."""
    return f"wish:{case_id}", f"o311:{case_id}", f"o311:{case_id}:app"


class Slips(Protocol):
    """Keeps slips."""

    def read_slip(self, name: str, now: int) -> Slip | None:
        """Return the slip, None if there is none that lives beyond ``now`` (epoch seconds)."""

    def read_slips(self, names: Sequence[str], now: int) -> dict[str, Slip]:
        """Return by name those of these slips that live beyond ``now``, a hundred at a call of the store."""

    def write_slip(self, slip: Slip, now: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put a slip if the version before is stored (for version 1: none, or an expired one), and with it, in one
        transaction, entries. Raises VersionConflictError."""

    def drop_slip(self, name: str) -> None:
        """Remove a slip at once, if there is one."""
