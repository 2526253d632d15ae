"""Registers: small documents that are read often and replaced as a whole, such as the directory."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from functions.storage.interface.outbox import OutboxEntry


class Register(NamedTuple):
    """A named document. ``version`` counts its states from 1."""

    name: str
    version: int
    body: bytes


class Registers(Protocol):
    """Keeps registers."""

    def read_register(self, name: str) -> Register | None:
        """Return the register, None if there is none."""

    def register_version(self, name: str) -> int:
        """Return its version, 0 if there is none. Reads no body."""

    def write_registers(self, registers: Sequence[Register], outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put several registers and the notices of it, all or none, if of each register the version before is stored
        (none for version 1). Raises VersionConflictError."""
