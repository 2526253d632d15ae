"""Digests: which notices wait for one, what it counts, and how the outbox forgets what it told.

A notice that waits goes back into the outbox, into its agency's own queue (``OutboxEntry.digest``), and an entry DIGEST
is put for the hour at which an officer there reads. The lease of that entry is the lock. What is told is fixed before
its hour begins (``Digests.next``), so a courier that dies half-way tells the same again under the same Message-ID, and
no notice is settled that nobody was told of.

Tests: ``tests/actions/test_digest.py``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple

from functions.actions.courier.notice_rules import RULES, Proof
from functions.casework.case import CaseHead
from functions.casework.deadlines.digests import HOUR, Choice, Digests, Pace
from functions.casework.directory.agencies import Officer
from functions.casework.stages import STANDING
from functions.delivery.digest_lines import Counts
from functions.delivery.interface import Letter
from functions.storage.interface import Notice, Outbox, OutboxEntry
from functions.storage.interface.outbox import DIGEST_PREFIX, HANDOVER_PREFIX, TOLD

# Somebody waits for the recipient's decision, or a late case has come up to them.
URGENT = frozenset({Notice.ESCALATED, Notice.APPEALED, Notice.LIFT_ASKED, Notice.UNMASK_ASKED})
# Urgent for the officer who took the case, and for nobody else.
OWN = frozenset({Notice.REPORTER_WROTE, Notice.REOPENED, Notice.LIFT_ENDED, Notice.UNMASK_DECIDED})
ARRIVALS = frozenset({Notice.NEW_CASE, Notice.HANDED_OVER, Notice.ASKED_IN, Notice.APPEALED})
ANSWERS = frozenset({Notice.REPORTER_WROTE, Notice.REOPENED})
DECISIONS = frozenset({Notice.LIFT_ASKED, Notice.UNMASK_ASKED})
ABOVE = DECISIONS | {Notice.ESCALATED}  # for somebody on whose desk the case does not lie


@dataclass(frozen=True, slots=True)
class Later:
    """In place of a letter: the officer learns of it by the digest of this epoch hour."""

    hour: int


def may_wait(notice: Notice) -> bool:
    """Tell whether a notice is of those that a digest can tell of: about a case, or about a flood of them."""
    return RULES[notice].proof in (Proof.LIES, Proof.SORTS)


def waits(choice: Choice, notice: Notice, head: CaseHead | None, officer: Officer) -> bool:
    """Tell whether a notice waits for an officer's digest. Who wants digests only still gets at once what
    ``may_wait`` leaves out: links, and whatever is about an identity."""
    if not may_wait(notice) or choice.pace is Pace.ALL:
        return False
    if choice.pace is Pace.ONLY or head is None:
        return True
    if notice in URGENT or (head.desk_work.priority and head.open):
        return False
    return notice not in OWN or head.desk_work.assigned != officer.ident


def hold(outbox: Outbox, entry: OutboxEntry, hours: Iterable[int], worker: str, now: Callable[[], int]) -> None:
    """Put an entry back to wait for the digests of these epoch hours. Raises StorageError."""
    digests = [
        OutboxEntry(f"{DIGEST_PREFIX}{hour}-{entry.agency}", Notice.DIGEST, entry.instance, entry.agency, count=hour)
        for hour in sorted({*hours})
    ]
    for digest in digests:  # first: what waits without its digest would wait for the agency's next news
        outbox.enqueue(replace(digest, not_before=digest.count))
    first = digests[0]
    outbox.put_back(replace(entry, not_before=first.count, digest=entry.agency), worker)
    if first.count <= now() // HOUR:  # its hour came meanwhile, and another courier may have been through with it
        outbox.enqueue(replace(first, not_before=first.count))


class Held(NamedTuple):
    """A notice that waited, where its case lies (None for a flood), and who has not been told of it yet."""

    entry: OutboxEntry
    head: CaseHead | None
    officers: Sequence[Officer]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one DIGEST tells. ``write`` writes an officer's letter of counts; ``now`` gives epoch seconds."""

    outbox: Outbox
    entry: OutboxEntry
    held: Sequence[Held]
    choices: Mapping[str, Choice]
    digests: Digests
    write: Callable[[OutboxEntry, Officer, Counts], Letter]
    now: Callable[[], int]

    def letters(self) -> Iterator[tuple[str, Callable[[], Letter | None]]]:
        """Yield the name of each officer whose hour it is, and what writes their letter: None if nothing is left to
        tell. On a day off nobody's. What is told cannot be recalled from then on. Raises StorageError."""
        readers = {o.ident: o for each in self.held for o in each.officers if self._reads(o)}
        there = [each for each in self.held if readers.keys().isdisjoint(_idents(each)) or self._keep(each.entry)]
        for officer in readers.values():
            told = [(each.entry, each.head) for each in there if officer in each.officers]
            yield officer.ident, partial(self._letter, officer, told)

    def _keep(self, entry: OutboxEntry) -> bool:
        """Keep a notice from being recalled before its letters leave; False if it was recalled since it was read."""
        if not (entry.entry_id.startswith(HANDOVER_PREFIX) and entry.untouched):
            return True
        return self.outbox.put_back(replace(entry, error=TOLD), "")

    def settle(self, told: Iterable[str]) -> None:
        """Forget what all have been told of, and put back the rest: for the next try of this digest where a letter did
        not leave, else for the next digest of those who are left. Raises StorageError."""
        done = {*told}
        for each in self.held:
            left = [officer for officer in each.officers if officer.ident not in done]
            served = tuple(officer.ident for officer in each.officers if officer.ident in done)
            entry = replace(each.entry, delivered=each.entry.delivered + served)
            if not left:
                self.outbox.settle(entry.entry_id, "")
            elif any(self._reads(officer) for officer in left):
                self.outbox.put_back(entry, "")
            else:
                hour = self.now() // HOUR
                hold(self.outbox, entry, (self.digests.next(self._choice(o), hour) for o in left), "", self.now)

    def _reads(self, officer: Officer) -> bool:
        works = self.digests.works(self.now() // HOUR)
        return works and self.digests.leaves(self._choice(officer), self.entry.count)

    def _choice(self, officer: Officer) -> Choice:
        return self.choices.get(officer.ident, self.digests.standard)

    def _letter(self, officer: Officer, told: Sequence[tuple[OutboxEntry, CaseHead | None]]) -> Letter | None:
        counted = count(told, officer, self.digests.local(self.now() // HOUR).date())
        return self.write(self.entry, officer, counted) if counted.cases or counted.flood else None


def _idents(held: Held) -> set[str]:
    return {officer.ident for officer in held.officers}


def count(told: Iterable[tuple[OutboxEntry, CaseHead | None]], officer: Officer, today: date) -> Counts:
    """Count cases, not notices. A case that went elsewhere meanwhile is not counted."""
    sets: dict[str, set[str]] = {name: set() for name in Counts.NAMES}
    flood = 0
    for entry, head in told:
        if head is None:
            flood += entry.count
            continue
        for name in _names(entry.notice, head, officer, today):
            sets[name].add(entry.case_id)
    return Counts({name: frozenset(cases) for name, cases in sets.items() if cases}, flood)


def _names(notice: Notice, head: CaseHead, officer: Officer, today: date) -> Iterator[str]:
    here = officer.agency in (head.holder, head.desk_work.second)
    if not (here or notice in ABOVE or head.shredded):
        return
    active = head.open and not head.shredded and head.stage not in STANDING
    found = {
        "decide": notice in DECISIONS,
        "late": active and head.overdue(today),
        "today": active and head.clock.due == today,
        "fresh": notice in ARRIVALS,
        "wrote": notice in ANSWERS,
        "mine": active and head.desk_work.assigned == officer.ident,
    }
    yield from (name for name, holds in found.items() if holds)
    yield "waiting" if active else "other"
