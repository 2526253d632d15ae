"""Passing a report on to a linked office, sealed once more as a whole, so that nothing of it rests here in clear.

The courier sends it when the office answers (``courier.relay_out``). What stays is where its receipt leads, which
``Elsewhere`` says (``storage.registers.relayed``). The nation opens neither: the words are sealed to the office's desk,
and what is around them to its intake.

Tests: ``tests/doors/test_relay.py``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

from functions.actions.reporter.envelope import Envelope, envelope_fields
from functions.casework.case import Sealed
from functions.casework.directory.agencies import Directory
from functions.casework.directory.portal import portal_of
from functions.casework.problems import (
    ChangedTextProblem,
    ElsewhereProblem,
    FieldError,
    InvalidInputProblem,
    NotFoundProblem,
    Problem,
)
from functions.crypto.seal.public_keys import PublicKeys
from functions.crypto.seal.relayed import seal_whole
from functions.storage.interface import Notice, OutboxEntry, Slips, Store, VersionConflictError
from functions.storage.interface.outbox import REPORTER_PREFIX
from functions.storage.registers.relayed import Relayed, Way, read_relayed, relay_name, write_relayed


@dataclass(frozen=True, slots=True)
class RelayToOffice:
    """``public_keys`` is called each time; ``directory`` has the linked offices in it; ``now`` gives epoch seconds."""

    store: Store
    directory: Directory
    public_keys: Callable[[], PublicKeys]
    now: Callable[[], int]

    def reaches(self, instance: str) -> bool:
        """Tell whether reports of this instance leave for an office of its own."""
        return instance in self.public_keys().linked

    def check_here(self, envelope: Envelope) -> None:
        """Raise ChangedTextProblem if this submission was passed on: it would be two cases with one receipt. Raises
        StorageError."""
        if self.public_keys().linked and read_relayed(self.store, relay_name(envelope.lookup), self.now()):
            raise ChangedTextProblem

    def __call__(self, instance: str, envelope: Envelope, path: Sealed, *, suspicious: bool) -> bool:
        """Queue a report. False for a repeat. Raises ChangedTextProblem, StorageError; InvalidInputProblem for a topic
        that the office does not have, which it would refuse."""
        name, now = relay_name(envelope.lookup), self.now()
        if known := read_relayed(self.store, name, now):
            if known.fingerprint not in (envelope.fingerprint, *envelope.before):
                raise ChangedTextProblem
            return False
        office = self.public_keys().linked[instance].document
        if envelope.topic not in portal_of(self.directory, instance).topics:
            raise InvalidInputProblem(FieldError("topic", "unknown"))
        token = token_hex(32)
        inside = envelope_fields(envelope) | {"opened": token, "path": path.value, "meant": " ".join(envelope.meant)}
        sealed = seal_whole(office.waiting, json.dumps(inside).encode())
        # The office asks for work for this report; one that a flood brought comes without, and waits to be looked at.
        proof = b"" if suspicious else sha256(envelope.lookup).digest()
        mark = sha256(token.encode()).digest()
        entry = OutboxEntry(REPORTER_PREFIX + name, Notice.RELAYED, instance, sealed=mark + proof, words=sealed)
        note = Relayed(instance, Way.WAITS, envelope.fingerprint)
        try:  # at once: a courier that is faster than a second writing would find no note to move
            write_relayed(self.store, name, note, now, [entry])
        except VersionConflictError:  # the same submission, twice at once
            return self(instance, envelope, path, suspicious=suspicious)
        return True


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
