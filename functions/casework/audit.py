"""The audit trail: a hash links each event of a case to the one before it, and each day's anchor to the day before.

A link binds the clear facts and the hash of the sealed ones, so it binds words without revealing them. It needs no key:
intake and clock, which open nothing, make links too. A link alone proves nothing against somebody who may write to the
store and recalculates all links. Anchors, kept outside the store, prove it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from hmac import compare_digest
from itertools import chain as chain_of

from functions.casework.case import CaseHead, Event
from functions.casework.case_fields import DEFAULTS, flat
from functions.casework.sealed_identity import IdentityStep

START = bytes(32)
FACTS_BYTES = 16
ACT_BYTES = 32  # of a reporter's public key (``crypto.sign.reporter_acts``)
# A key rotation writes the first two without an event; the last two are bound on their own.
NO_FACTS = frozenset({"key_id", "wrap_desk", "version", "chain"})


def link(previous: bytes, case_id: str, event: Event) -> bytes:
    """Return the link (32 bytes) of an event. ``previous`` is the link before it: 32 zero bytes, or empty, for the
    first."""
    clear = (event.n, event.kind, event.by, event.on, event.stage, event.agency, event.officer)
    texts = [case_id, *(str(value) for value in clear)]
    signed = (
        (event.clear, event.sig) if event.clear or event.sig else ()
    )  # without these an older link stays what it was
    return _hash("event", [previous or START, *texts, event.once, sha256(event.sealed).digest(), *signed])


def chained(head: CaseHead, event: Event) -> tuple[CaseHead, Event]:
    """Return head and event with the event's link; ``head`` holds the link before it."""
    chain = link(head.chain, head.case_id, event)
    return replace(head, chain=chain), replace(event, chain=chain)


def verify(case_id: str, events: Sequence[Event]) -> int | None:
    """Return the number of the first event that is missing, out of place or does not match its link; None if all hold.
    Events older than the trail have no link: they may only stand first."""
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
    """Return a hash (16 bytes) of all facts of a head that change only together with its version. A fact at its default
    is left out, so a fact added by a later release changes no hash."""
    parts: list[str | bytes] = []
    for name, value in flat(head).items():
        if name in NO_FACTS or (name in DEFAULTS and value == DEFAULTS[name]):
            continue
        parts += [name, value if isinstance(value, bytes) else str(value)]
    return _hash("facts", parts)[:FACTS_BYTES]


def custody(case_id: str, steps: Sequence[IdentityStep]) -> bytes:
    """Return a hash (16 bytes) of what was done with a case's identity: who, what, on which day. The sealed reasons are
    left out: withdrawing the identity erases them. What its reporter signed is in it, with the key that they brought;
    without signatures the hash is that of an older release."""
    parts: list[str | bytes] = [case_id]
    for step in steps:
        parts += [str(value) for value in (step.n, step.kind, step.by, step.agency, step.on)]
        parts += [step.sig] if step.sig else []
    return _hash("custody", parts)[:FACTS_BYTES]


def act_key(head: CaseHead) -> bytes:
    """Return a hash (16 bytes) of the key of its reporter's acts; b"" for a case that has none. A tombstone keeps the
    key, with the signature of a withdrawal behind it."""
    key = head.wraps.act[:ACT_BYTES]
    return _hash("act", [key])[:FACTS_BYTES] if key else b""


def state(cases: Iterable[tuple[str, int, bytes, bytes, int, bytes, bytes]]) -> bytes:
    """Return a hash (32 bytes) of cases, in any order. Each is id, version, latest link, facts, number of custody
    steps, their hash, and that of the key of acts. Without a key an older anchor's state stays what it was."""

    def parts() -> Iterator[str | bytes]:
        for case_id, version, chain, held, steps, trust, act in sorted(cases):
            yield from (case_id, str(version), chain, held, str(steps), trust)
            if act:
                yield act

    return _hash("state", parts())


def anchor(previous: bytes, day: date, cases: bytes) -> bytes:
    """Return the anchor (32 bytes) of a day. It binds that day's ``state`` and the previous anchor, empty for the
    first."""
    return _hash("anchor", [previous or START, day.isoformat(), cases])


def directory_link(previous: bytes, instance: str, parts: Iterable[str]) -> bytes:
    """Return the link (32 bytes) of a change to an instance's directory. ``parts`` describe the change."""
    return _hash("directory", [previous or START, instance, *parts])


def _hash(purpose: str, parts: Iterable[str | bytes]) -> bytes:
    """Return SHA-256 over parts. Each follows its length (4 bytes), so bytes cannot move from one part to the next
    unnoticed."""
    digest = sha256()
    for part in chain_of((f"lapor-audit-1:{purpose}",), parts):
        raw = part if isinstance(part, bytes) else part.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()
