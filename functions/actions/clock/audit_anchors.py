"""The register of an instance's anchors: one line a day, and what the last anchor knows of each case.

Older days keep only a hash. It binds their list and is bound by every later anchor: whoever kept an anchor elsewhere
can show that all before it are unchanged.

Tests: ``tests/actions/test_audit.py``, ``tests/storage/test_audit_contract.py``.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

from functions.casework import audit
from functions.casework.case import Case, CaseHead
from functions.casework.sealed_identity import IdentityStep

Steps = tuple[IdentityStep, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day's anchor (32 bytes), over the previous anchor and the ``state`` (32 bytes) of ``cases`` cases."""

    day: date
    cases: int
    state: bytes
    anchor: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What an anchor knows of a case: its version, its latest link, and a hash of the facts in its head.

    For an identity, also the number of custody steps and their hash. ``act`` is a hash of the key of its reporter's
    acts, which its tombstone keeps; b"" for a case of before, and in an anchor of an older release.
    """

    version: int
    chain: bytes
    facts: bytes
    steps: int = 0
    custody: bytes = b""
    act: bytes = b""


@dataclass(frozen=True, slots=True)
class Trail:
    """The anchors so far, and the cases of the last one. ``version`` is the register's: one for each anchor."""

    version: int = 0
    anchors: tuple[Anchor, ...] = ()
    cases: dict[str, Known] = field(default_factory=dict)

    def with_anchor(self, day: date, cases: dict[str, Known]) -> "Trail":
        """Return the trail after one more day."""
        state = _state(cases)
        previous = self.anchors[-1].anchor if self.anchors else b""
        last = Anchor(day, len(cases), state, audit.anchor(previous, day, state))
        return replace(self, anchors=(*self.anchors, last), cases=cases)

    def faults(self) -> list[str]:
        """Return the faults among the anchors, half a sentence each."""
        faults, previous = [], b""
        if self.version != len(self.anchors):
            faults.append(f"there are {len(self.anchors)}, and {self.version} were written.")
        for each in self.anchors:
            if each.anchor != audit.anchor(previous, each.day, each.state):
                faults.append(f"that of {each.day} does not follow from the one before it.")
            previous = each.anchor
        if self.anchors and (self.anchors[-1].state, self.anchors[-1].cases) != (_state(self.cases), len(self.cases)):
            faults.append("the list of cases is not the one that the last was made of.")
        return faults


def known_as(head: CaseHead, steps: Steps = ()) -> Known:
    """Return a case as an anchor knows it. A tombstone has no identity left."""
    known = Known(head.version, head.chain, audit.facts(head), act=audit.act_key(head))
    return known if head.shredded else with_steps(head.case_id, known, steps)


def with_steps(case_id: str, known: Known, steps: Steps) -> Known:
    """Return what an anchor knows of a case with these steps of its identity, if there are any."""
    return replace(known, steps=len(steps), custody=audit.custody(case_id, steps)) if steps else known


def faults_of(
    case_id: str, case: Case | None, known: Known | None, steps: Steps, resealed: Callable[[str], Collection[str]]
) -> list[str]:
    """Return the faults of a case and of its custody steps, a sentence each: alone, and against the last anchor.
    ``resealed`` is the store's."""
    if case is None:
        return [f"{case_id}: the case is gone; the last anchor knew it."]
    found = [] if case.head.shredded else _faults_within(case)
    if known:
        found += _faults_since(case, known, resealed)
        if known.act and audit.act_key(case.head) != known.act:
            found.append("the key of its reporter's acts is not the one that the last anchor knew.")
        first = steps[: known.steps]
        if known.steps and not case.head.shredded and audit.custody(case_id, first) != known.custody:
            found.append("what custodians did with its identity is not what the last anchor knew.")
    return [f"{case_id}: {fault}" for fault in found]


def _faults_within(case: Case) -> list[str]:
    head, events = case.head, case.events
    broken = audit.verify(head.case_id, events)
    if broken:
        return [f"event {broken} is not as it was written, or one before it is missing."]
    if not events or head.version != len(events):
        return [f"there are {len(events)} events, and {head.version} were written."]
    if (head.chain, head.stage) != (events[-1].chain, events[-1].stage):
        return ["the case's own record does not agree with its last event."]
    return []


def _faults_since(case: Case, known: Known, resealed: Callable[[str], Collection[str]]) -> list[str]:
    head = case.head
    if head.version < known.version:
        return [f"it stands at version {head.version}; the last anchor knew version {known.version}."]
    if head.version == known.version:
        facts = audit.facts(head)
        same = head.chain == known.chain and (
            facts == known.facts or {facts.hex(), known.facts.hex()} <= {*resealed(head.case_id)}
        )
        return [] if same else ["the case's own record was changed since the last anchor."]
    if head.shredded:
        # Its events are gone. If none came between anchor and deletion, the last link is the known one.
        same = head.version > known.version + 1 or head.chain == known.chain
        return [] if same else ["it was deleted, with another last link than the last anchor knew."]
    at = case.events[known.version - 1].chain if known.version <= len(case.events) else None
    return [] if at == known.chain else [f"event {known.version} is not the one that the last anchor knew."]


def written(trail: Trail) -> bytes:
    """Return the register's body."""
    days = [
        {"day": each.day.isoformat(), "cases": each.cases, "state": each.state.hex(), "anchor": each.anchor.hex()}
        for each in trail.anchors
    ]
    rows = ([c, k.version, k.chain.hex(), k.facts.hex(), *_added(k)] for c, k in sorted(trail.cases.items()))
    cases = ",".join(json.dumps(row, separators=(",", ":")) for row in rows)  # a row at a time, as above
    return f'{{"anchors":{json.dumps(days, separators=(",", ":"))},"cases":[{cases}]}}'.encode()


def _added(known: Known) -> list[int | str]:
    """Return what later releases keep of a case, from the first of it to the last that is set."""
    if known.act:
        return [known.steps, known.custody.hex(), known.act.hex()]
    return [known.steps, known.custody.hex()] if known.steps else []


def read_trail(version: int, body: bytes) -> Trail:
    """Parse a register's body. Raises ValueError, TypeError."""
    try:
        raw = json.loads(body)
        anchors = tuple(
            Anchor(
                date.fromisoformat(row["day"]),
                int(row["cases"]),
                bytes.fromhex(row["state"]),
                bytes.fromhex(row["anchor"]),
            )
            for row in raw["anchors"]
        )
        cases, rows = dict[str, Known](), [*raw.pop("cases")][::-1]
        while rows:  # each row is freed once it is read: the list of a large instance fills the clock's memory
            case_id, *rest = rows.pop()
            cases[str(case_id)] = _read_known(*rest)
    except KeyError as error:
        raise ValueError("not a trail") from error
    return Trail(version, anchors, cases)


def _read_known(version: int, chain: str, facts: str, steps: int = 0, custody: str = "", act: str = "") -> Known:
    hashes = (bytes.fromhex(text) for text in (chain, facts, custody, act))
    return Known(int(version), next(hashes), next(hashes), int(steps), *hashes)


def _state(cases: dict[str, Known]) -> bytes:
    return audit.state((c, k.version, k.chain, k.facts, k.steps, k.custody, k.act) for c, k in cases.items())
