"""The store: all that a process keeps, behind one object."""

from typing import Protocol

from functions.storage.interface.cases import Cases
from functions.storage.interface.identities import Identities
from functions.storage.interface.links import Links
from functions.storage.interface.outbox import Outbox
from functions.storage.interface.registers import Registers
from functions.storage.interface.retention import Retention
from functions.storage.interface.slips import Slips


class Store(Cases, Retention, Identities, Outbox, Links, Registers, Slips, Protocol):
    """All interfaces together, for the wiring of a door. What needs one of them says so in its annotation.

    Every method raises StoreUnavailableError when the engine is out of reach.
    """

    def prepare(self) -> None:
        """Make tables and indexes that do not exist yet."""

    def unprepared(self) -> str:
        """Tell in a few words what ``prepare`` would still have to make, "" if nothing. For ops; changes nothing."""
