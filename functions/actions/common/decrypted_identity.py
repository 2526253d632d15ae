"""An identity opened with its key: what reporter and custodian read is made here, the same for both. Also the only way
to add a step to it.

Tests: ``tests/actions/test_trust.py``, ``tests/actions/test_custody.py``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from secrets import token_hex
from typing import NamedTuple

from functions.casework.case import CaseHead
from functions.casework.formats.clean_text import clean_text
from functions.casework.problems import BusyProblem
from functions.casework.report import CONTACT_MAX, NAME_MAX
from functions.casework.sealed_identity import Identity, StepKind
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.storage.interface import Identities, Notice, OutboxEntry
from functions.storage.retry import retry_on_conflict

Change = tuple[Identity, tuple[OutboxEntry, ...]]


class TrustStep(NamedTuple):
    """A step as read. ``agency`` is the custodian's code and ``by`` their ident (both "" for the reporter), ``reason``
    the reason they wrote."""

    n: int
    kind: StepKind
    by: str
    agency: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class OpenedIdentity:
    """An identity and its key, in memory for one request; ``key`` is b"" if the identity was withdrawn."""

    identity: Identity
    key: bytes

    def person(self) -> tuple[str, str]:
        """Return name and contact, held to the form's limits again. Both are "" if the identity was withdrawn, or a
        foreign browser sealed something else."""
        if not self.identity.sealed:
            return "", ""
        try:
            plain = json.loads(self._open(0, "identity", self.identity.sealed))
            return clean_text(plain["name"])[:NAME_MAX], clean_text(plain["contact"])[:CONTACT_MAX]
        except (SealError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return "", ""

    def steps(self) -> tuple[TrustStep, ...]:
        """Return every step with its reason, "" if none was sealed or it was erased with the identity. Raises
        SealError."""
        return tuple(
            TrustStep(step.n, step.kind, step.by, step.agency, step.on, self._reason(step.n, step.sealed))
            for step in self.identity.steps
        )

    def seal_reason(self, reason: str) -> bytes:
        """Seal the reason of the next step."""
        plain = json.dumps({"reason": reason}, ensure_ascii=False).encode()
        return sealing.seal_item(self.key, self.identity.case_id, len(self.identity.steps) + 1, "identity-step", plain)

    def _reason(self, n: int, sealed: bytes) -> str:
        return str(json.loads(self._open(n, "identity-step", sealed))["reason"]) if sealed else ""

    def _open(self, n: int, kind: str, sealed: bytes) -> bytes:
        return opening.open_item(self.key, self.identity.case_id, n, kind, sealed)


def rewrite(store: Identities, load: Callable[[], Identity], decide: Callable[[Identity], Change | None]) -> Identity:
    """Write what ``decide`` makes of an identity, asking it again after each clash; None changes nothing. Return the
    identity as it stands now. Raises BusyProblem and what both callables raise."""

    def attempt() -> Identity:
        identity = load()
        change = decide(identity)
        if change is None:
            return identity
        store.write_identity(*change)
        return change[0]

    return retry_on_conflict(attempt, BusyProblem)


def told(notice: Notice, head: CaseHead, *served: str) -> OutboxEntry:
    """Return an entry for the custodians of a case, except those ``served`` already. ``agency`` names the accused: its
    custodians are not notified (law 5), and the courier cannot look up a case."""
    return OutboxEntry(token_hex(16), notice, head.entrusted_to, head.about_agency, head.case_id, delivered=served)
