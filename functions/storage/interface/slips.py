"""Slips: small sealed notes under names that only their writer can compute."""

from typing import NamedTuple, Protocol


class Slip(NamedTuple):
    """A sealed note whose name (a keyed hash) only its writer can find again, and which only they can open.

    It disappears by itself after ``expires`` (epoch seconds, a midnight, so that it times nothing). ``version`` counts
    its states from 1.
    """

    name: str
    version: int
    sealed: bytes
    expires: int


class Slips(Protocol):
    """Keeps slips."""

    def read_slip(self, name: str, now: int) -> Slip | None:
        """Return the slip, None if there is none that lives beyond ``now`` (epoch seconds)."""

    def write_slip(self, slip: Slip, now: int) -> None:
        """Put a slip if the version before is stored (for version 1: none, or an expired one). Raises
        VersionConflictError."""

    def drop_slip(self, name: str) -> None:
        """Remove a slip at once, if there is one."""
