"""The audit trail: each event of a case is linked to the one before it by a hash, and a day's anchor to the day before.

A link binds what stands in clear and the hash of what is sealed, so that words are bound and not told. It needs no
key: intake and clock, which open nothing, make it too. Against somebody who may write to the store and calculates all
links anew it proves nothing by itself; that is what anchors are for, kept outside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from hmac import compare_digest

from functions.casework.case import CaseHead, Event
from functions.casework.case_fields import DEFAULTS, flat
from functions.casework.sealed_identity import IdentityStep

START = bytes(32)
FACTS_BYTES = 16
# A rotation writes the first two without an event; the last two are bound by themselves.
NO_FACTS = frozenset({"key_id", "wrap_desk", "version", "chain"})


def link(previous: bytes, case_id: str, event: Event) -> bytes:
    """The link (32 bytes) of an event after ``previous``, the link before it: 32 zero bytes, or nothing, for the
    first."""
    clear = (event.n, event.kind, event.by, event.on, event.stage, event.agency, event.officer)
    texts = [case_id, *(str(value) for value in clear)]
    return _hash("event", [previous or START, *texts, event.once, sha256(event.sealed).digest()])


def chained(head: CaseHead, event: Event) -> tuple[CaseHead, Event]:
    """Head and event with the event's link; ``head`` holds the link before it."""
    chain = link(head.chain, head.case_id, event)
    return replace(head, chain=chain), replace(event, chain=chain)


def verify(case_id: str, events: Sequence[Event]) -> int | None:
    """The number of the first event that is missing, out of place, or not as it was linked; None where all hold. Events
    older than the trail have no link: they may come first, and nowhere else."""
    previous = b""
    for n, event in enumerate(events, 1):
        if event.n != n:
            return n
        if not event.chain and not previous:
            continue
        if not compare_digest(event.chain, link(previous, case_id, event)):
            return n
        previous = event.chain
    return None


def facts(head: CaseHead) -> bytes:
    """Return a hash (16 bytes) of all facts of a head that change with its version and with nothing else. A fact at its
    default counts for nothing, so that one which a later release adds changes no hash."""
    parts: list[str | bytes] = []
    for name, value in flat(head).items():
        if name in NO_FACTS or (name in DEFAULTS and value == DEFAULTS[name]):
            continue
        parts += [name, value if isinstance(value, bytes) else str(value)]
    return _hash("facts", parts)[:FACTS_BYTES]


def custody(case_id: str, steps: Sequence[IdentityStep]) -> bytes:
    """A hash (16 bytes) of what was done with a case's identity: who, what, on which day. Not of the sealed reasons,
    which go where it is withdrawn."""
    parts = [str(value) for step in steps for value in (step.n, step.kind, step.by, step.agency, step.on)]
    return _hash("custody", [case_id, *parts])[:FACTS_BYTES]


def state(cases: Iterable[tuple[str, int, bytes, bytes, int, bytes]]) -> bytes:
    """A hash (32 bytes) of cases, each as id, version, latest link, facts, number of steps in custody and their hash,
    in whatever order they come."""
    parts: list[str | bytes] = []
    for case_id, version, chain, held, steps, trust in sorted(cases):
        parts += [case_id, str(version), chain, held, str(steps), trust]
    return _hash("state", parts)


def anchor(previous: bytes, day: date, cases: bytes) -> bytes:
    """The anchor (32 bytes) of a day: binds the ``state`` of that day, and the anchor before, nothing for the first."""
    return _hash("anchor", [previous or START, day.isoformat(), cases])


def directory_link(previous: bytes, instance: str, parts: Iterable[str]) -> bytes:
    """The link (32 bytes) of a change of an instance's directory, told in ``parts``, after ``previous``."""
    return _hash("directory", [previous or START, instance, *parts])


def _hash(purpose: str, parts: Iterable[str | bytes]) -> bytes:
    """SHA-256 over parts, each after its length (4 bytes), so that no part's end can pass for the next one's start."""
    digest = sha256()
    for part in (f"lapor-audit-1:{purpose}", *parts):
        raw = part if isinstance(part, bytes) else part.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()
