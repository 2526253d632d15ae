"""Sealed identities, apart from their cases."""

from collections.abc import Sequence
from typing import Protocol

from functions.casework.sealed_identity import Identity
from functions.storage.interface.outbox import OutboxEntry


class Identities(Protocol):
    """Keeps sealed identities."""

    def read_identity(self, case_id: str) -> Identity | None:
        """Return a case's sealed identity without its ``shares``, None if there is none."""

    def read_shares(self, case_id: str) -> bytes:
        """Return the envelope around the shares of a name's key, b"" if there is none."""

    def identity_waits(self, case_id: str) -> bool | None:
        """Tell whether a request to open a case's identity waits; None if there is no identity. For the courier, which
        reads nothing else of it."""

    def write_identity(self, identity: Identity, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put an identity and outbox entries in one transaction if the version before is stored (none for version 1).

        ``shares`` that it carries are put too; without any, those that stand stay until the identity is withdrawn.
        Raises VersionConflictError."""

    def page_identities(self, instance: str, after: str = "", limit: int = 20) -> tuple[tuple[Identity, ...], str]:
        """Return a page of identities, those with a pending request first, and a token for more. Raises
        BadPageTokenError."""
