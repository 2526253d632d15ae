"""What the nation keeps of reports for linked offices: how far each has come, and an office's public counts.

- slip ``relay:<name>``: which office a report is for and how far it has come. Its name follows from the receipt, so
  its reporter alone finds it; no word, topic or case number stands in it
- register ``linked-counts``: of each office, the newest edition of its barometer that was fetched, and the one before
- register ``link``, at an office: its version is the serial of the last document
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from functions.storage.interface import OutboxEntry, Register, Registers, Slip, Slips, StoreUnavailableError
from functions.storage.retry import retry_on_conflict

DAY = 86_400
KEPT_DAYS = 3 * 365  # it leads to the office for as long as a case may live there
COUNTS_REGISTER = "linked-counts"
LINK_REGISTER = "link"
BEFORE = ""  # no office's code: among the counts, the editions of the months before


class Way(StrEnum):
    """How far a report has come. ``refused``: the office answers that it cannot take it; it is tried again daily."""

    WAITS = "waits"
    ARRIVED = "arrived"
    REFUSED = "refused"


class Relayed(NamedTuple):
    """A report on its way to the office of this code. ``fingerprint`` tells a repeat from a changed text."""

    office: str
    way: Way
    fingerprint: bytes
    version: int = 0
    expires: int = 0


def relay_name(lookup: bytes) -> str:
    """Return the name of a report on its way (32 hex), from the hash of its look-up value that would rest in a case."""
    return sha256(b"lapor/relay" + lookup).hexdigest()[:32]


def read_relayed(store: Slips, name: str, now: int) -> Relayed | None:
    """Return how far a report has come, None if none has this name. ``now`` in epoch seconds."""
    slip = store.read_slip(f"relay:{name}", now)
    if slip is None:
        return None
    raw = json.loads(slip.sealed)
    return Relayed(raw["office"], Way(raw["way"]), bytes.fromhex(raw["print"]), slip.version, slip.expires)


def write_relayed(store: Slips, name: str, relayed: Relayed, now: int, outbox: Sequence[OutboxEntry] = ()) -> None:
    """Put the state after ``relayed.version``, and with it what leaves. Raises VersionConflictError."""
    raw = {"office": relayed.office, "way": relayed.way, "print": relayed.fingerprint.hex()}
    expires = relayed.expires or (now // DAY + KEPT_DAYS) * DAY
    store.write_slip(Slip(f"relay:{name}", relayed.version + 1, json.dumps(raw).encode(), expires), now, outbox)


def move_relayed(store: Slips, name: str, way: Way, now: int) -> None:
    """Note how far a report has come. Raises StorageError."""

    def attempt() -> None:
        known = read_relayed(store, name, now)
        if known and known.way is not way:
            write_relayed(store, name, known._replace(way=way), now)

    retry_on_conflict(attempt, StoreUnavailableError("busy"))


def read_counts(store: Registers) -> dict[str, Any]:
    """Return each office's newest edition as plain data, by code."""
    return {code: edition for code, edition in _counts(store.read_register(COUNTS_REGISTER)).items() if code != BEFORE}


def each_counts(store: Registers) -> list[tuple[str, dict[str, Any]]]:
    """Return the codes of offices with their editions: the newest, and the month's before, which the nation shows until
    its own of the newest month is out."""
    known = _counts(store.read_register(COUNTS_REGISTER))
    before = known.pop(BEFORE, {})
    return [*known.items(), *before.items()]


def _counts(register: Register | None) -> dict[str, Any]:
    return json.loads(register.body) if register else {}


def _age(edition: dict[str, Any]) -> tuple[str, int]:
    return edition["month"], edition["number"]


def write_counts(store: Registers, code: str, edition: dict[str, Any]) -> None:
    """Put an office's edition in place of its newest, which stays as the month's before. One that is older, as of an
    office that went back to a backup, changes nothing: what it published stays public. Raises StorageError."""

    def attempt() -> None:
        register = store.read_register(COUNTS_REGISTER)
        known = _counts(register)
        standing, before = known.get(code), known.get(BEFORE, {})
        if standing != edition and not (standing and _age(edition) < _age(standing)):
            if standing and standing["month"] < edition["month"]:
                before = before | {code: standing}
            new = known | {code: edition} | ({BEFORE: before} if before else {})
            body = json.dumps(new, separators=(",", ":")).encode()
            store.write_registers([Register(COUNTS_REGISTER, register.version + 1 if register else 1, body)])

    retry_on_conflict(attempt, StoreUnavailableError("busy"))
