"""Where a receipt leads that opens nothing here: to the linked office that its report went to, or is on its way to.

Tests: ``tests/doors/test_relay.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from functions.casework.problems import ElsewhereProblem, NotFoundProblem, Problem
from functions.crypto.seal.public_keys import PublicKeys
from functions.storage.interface import Slips
from functions.storage.registers.relayed import read_relayed, relay_name


def nowhere(_: bytes) -> Problem:
    """Return what is said where there are no linked offices."""
    return NotFoundProblem()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """``public_keys`` is called each time; ``now`` gives epoch seconds."""

    store: Slips
    public_keys: Callable[[], PublicKeys]
    now: Callable[[], int]

    def __call__(self, lookup: bytes) -> Problem:
        """Return what is said to whoever presented this look-up value (its hash). Raises StorageError."""
        offices = self.public_keys().linked
        relayed = read_relayed(self.store, relay_name(lookup), self.now()) if offices else None
        office = offices.get(relayed.office) if relayed else None
        if relayed is None or office is None:
            return NotFoundProblem()
        told = office.document
        return ElsewhereProblem(f"linked_{relayed.way}", office=told.name, url=told.url, linked=told.code)
