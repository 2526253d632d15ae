"""The audit trail of an instance: export it, anchor it once a day, and check it.

No words are opened for it and no key is needed. Links alone cannot show that a case vanished or that a trail was
calculated again; comparing with the last anchor does. If the anchors themselves were calculated again, an anchor kept
outside the store shows it.

Tests: ``tests/actions/test_audit.py``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from functions.actions.clock.audit_anchors import (
    Anchor,
    Known,
    Steps,
    Trail,
    faults_of,
    known_as,
    read_trail,
    with_steps,
    written,
)
from functions.actions.clock.audit_rows import UNREAD, TrailRow, custody_row, rows_of
from functions.casework.case import Case, CaseHead, Mode
from functions.casework.directory.agencies import Directory
from functions.casework.directory.trail import IMPORTS
from functions.casework.sealed_identity import Identity
from functions.storage.interface import CaseNotFoundError, Register, Scope, StorageError, Store
from functions.storage.registers.directory_trail import read_trail as read_trail_of
from functions.storage.retry import retry_on_conflict

PAGE = 100
UNREADABLE = (ValueError, TypeError)  # what a row that was written by hand may give


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a check.

    It counts the cases and events that were checked, and the events that are older than the trail. It has the last
    anchor, and a sentence for each fault.
    """

    cases: int
    events: int
    older: int
    last: Anchor | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """The trail of each instance of the directory.

    ``watch`` gets the case ids and yields them one by one, to show progress. ``seal_fault`` returns a sentence for a
    case whose facts are not those it was sealed with, else ""; ``acts_fault`` one for a case with an act that its
    reporter did not sign, ``name_fault`` one for an answer about their name that they did not. The clock knows nothing
    of seals and signatures. Methods raise StoreUnavailableError.
    """

    store: Store
    directory: Directory
    watch: Callable[[list[str]], Iterable[str]] = iter
    seal_fault: Callable[[CaseHead], str] = lambda _: ""
    acts_fault: Callable[[Case], str] = lambda _: ""
    name_fault: Callable[[Case, Identity | None], str] = lambda *_: ""

    def export(self, instance: str) -> Iterator[TrailRow]:
        """Yield every event of every case and then the steps of its identity, in the order of case ids.

        There are no words, no receipt, nothing of the writer. Raises StorageError if not all cases can be listed.
        """
        heads, faults = self._heads(instance)
        if faults:
            raise StorageError(faults[0])
        trusted = self._trusted(instance, [each.case_id for each in heads.values() if each.reporter.origin])
        for case_id in self.watch(sorted(heads)):
            try:
                case = self._case(case_id)
            except UNREADABLE:
                yield TrailRow(case_id, heads[case_id].version, "", UNREAD, "", "", "", "", "")
                continue
            if case:
                yield from rows_of(case)
                yield from (custody_row(case_id, step) for step in trusted.get(case_id, ()))

    def anchor(self, instance: str, day: date) -> Anchor:
        """Return the anchor of this day; make it if there is none yet.

        What an earlier anchor knew and the store no longer shows stays in the list, so that the next anchor does not
        forget it. Raises StorageError if the anchors so far contradict one another, or not all cases can be listed.
        """

        def attempt() -> Anchor:
            trail = self._trail(instance)
            if trail.anchors and trail.anchors[-1].day >= day:
                return trail.anchors[-1]
            last = trail.with_anchor(day, self._standing(instance, trail.cases))
            self.store.write_registers([Register(_name(instance), trail.version + 1, written(last))])
            return last.anchors[-1]

        return retry_on_conflict(attempt, StorageError("the anchors are being written to"))

    def anchor_all(self, day: date) -> dict[str, Anchor]:
        """Return the anchor of this day of every instance, by its code. Raises the first error, once all were tried."""
        made: dict[str, Anchor] = {}
        trouble: list[StorageError] = []
        for instance in self.directory.instances():
            try:
                made[instance.code] = self.anchor(instance.code, day)
            except StorageError as error:
                trouble.append(error)
        if trouble:
            raise trouble[0]
        return made

    def verify(self, instance: str, kept: str = "") -> Verdict:
        """Check each case's links, the chain of anchors, and each case against the last anchor.

        ``kept`` is an anchor (hex) that was noted elsewhere, or "".
        """
        faults: list[str] = []
        trail, broken = self._whole_trail(instance)
        faults += broken
        if kept and kept not in [each.anchor.hex() for each in trail.anchors]:
            faults.append(f"The anchor {kept} is not among those of {instance}: they were written anew, or removed.")
        faults += self._directorys(instance, f"of {instance}") + self._directorys(IMPORTS, "by imports")
        heads, unread = self._heads(instance)
        faults += unread
        ids, events, older = sorted(heads.keys() | trail.cases.keys()), 0, 0
        for case_id in self.watch(ids):
            try:
                case = self._case(case_id)
            except UNREADABLE:
                faults.append(f"{case_id}: what stands there cannot be read.")
                continue
            known = trail.cases.get(case_id)
            try:
                identity = self._identity(case_id, known, case)
                links = faults_of(case_id, case, known, identity.steps if identity else (), self.store.resealed)
                faults += links
                if case and (otherwise := self.seal_fault(case.head)):
                    faults.append(f"{case_id}: {otherwise}")
                if case and not links and (forged := self.acts_fault(case)):
                    faults.append(f"{case_id}: {forged}")
                if case and (invented := self.name_fault(case, identity)):
                    faults.append(f"{case_id}: {invented}")
            except UNREADABLE:
                faults.append(f"{case_id}: the record of its identity cannot be read.")
            events += len(case.events) if case else 0
            older += sum(not event.chain for event in case.events) if case else 0
        return Verdict(len(ids), events, older, trail.anchors[-1] if trail.anchors else None, tuple(faults))

    def _directorys(self, trail: str, whose: str) -> list[str]:
        """Return the faults in a trail of the directory's changes: an instance's own, or that of imports."""
        try:
            broken = read_trail_of(self.store, trail)[1].broken()
        except StorageError:
            return [f"The trail of changes to the directory {whose} cannot be read."]
        return [f"Change {broken} to the directory {whose} is not as it was written."] if broken else []

    def _standing(self, instance: str, before: dict[str, Known]) -> dict[str, Known]:
        """Return all cases as an anchor knows them.

        An index may lag, and a case may move in it during the reading. So cases that the last anchor knew are fetched
        by id. No head is kept: the clock's memory is small, and an instance may have a hundred thousand of them.
        """
        found, alive, elsewhere, faults = dict[str, Known](), set[str](), set[str](), list[str]()
        for head in self._listed(instance, faults):
            case_id, known, last = head.case_id, known_as(head), before.get(head.case_id)
            if case_id in found and found[case_id].version >= known.version:
                continue
            found[case_id] = last if last == known else known  # mostly the same: held once
            (alive.discard if head.shredded else alive.add)(case_id)
            (elsewhere.add if head.reporter.origin else elsewhere.discard)(case_id)
        if faults:
            raise StorageError(faults[0])
        trusted = self._trusted(instance, elsewhere)
        for case_id in trusted.keys() & alive:
            found[case_id] = with_steps(case_id, found[case_id], trusted[case_id])
        for case_id, known in before.items():
            if found.get(case_id) == known:
                continue
            try:
                case = self._case(case_id)
                steps = self._steps(case_id, known) if known.steps else trusted.get(case_id, ())
                held = case is not None and not faults_of(case_id, case, known, steps, self.store.resealed)
            except UNREADABLE:
                held = False
            found[case_id] = known_as(case.head, steps) if case and held else known
        return found

    def _heads(self, instance: str) -> tuple[dict[str, CaseHead], list[str]]:
        """Return the heads of an instance, and a sentence for one that cannot be read."""
        heads, faults = dict[str, CaseHead](), list[str]()
        for head in self._listed(instance, faults):
            if head.case_id not in heads or heads[head.case_id].version < head.version:
                heads[head.case_id] = head
        return heads, faults

    def _listed(self, instance: str, faults: list[str]) -> Iterator[CaseHead]:
        """Yield the heads of an instance as they are listed; one that moves meanwhile may come twice. What cannot be
        read becomes a sentence in ``faults``."""
        for scope in (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE):
            after, more = "", True
            while more:
                try:
                    page = self.store.page(scope, instance, after, PAGE)
                except UNREADABLE:
                    faults.append(f"A case of {instance} cannot be read, nor those listed after it ({scope}).")
                    break
                yield from page.heads
                after, more = page.next, bool(page.next)

    def _case(self, case_id: str) -> Case | None:
        try:
            return self.store.read_case(case_id)
        except CaseNotFoundError:
            return None

    def _steps(self, case_id: str, known: Known | None) -> Steps:
        """Return the steps of a case's identity. It is asked only if the last anchor knew of some."""
        identity = self._identity(case_id, known)
        return identity.steps if identity else ()

    def _identity(self, case_id: str, known: Known | None, case: Case | None = None) -> Identity | None:
        """Return a case's identity, read only if the last anchor knew of one, or the case says that there is one."""
        named = case is not None and case.head.reporter.mode is Mode.RAHASIA
        return self.store.read_identity(case_id) if named or (known and known.steps) else None

    def _trusted(self, instance: str, elsewhere: Iterable[str]) -> dict[str, Steps]:
        """Return the steps of each identity of an instance, and of its cases that came in at another one which lists
        them (``elsewhere``).

        Raises StorageError for one that cannot be read.
        """
        found: dict[str, Steps] = {}
        after, more = "", True
        try:
            while more:
                identities, after = self.store.page_identities(instance, after, PAGE)
                found |= {identity.case_id: identity.steps for identity in identities}
                more = bool(after)
            for case_id in elsewhere:
                there = self.store.read_identity(case_id)
                found[case_id] = there.steps if there else ()
        except UNREADABLE as error:
            raise StorageError(f"the record of an identity of {instance} cannot be read") from error
        return found

    def _trail(self, instance: str) -> Trail:
        trail, faults = self._whole_trail(instance)
        if faults:
            raise StorageError(faults[0])
        return trail

    def _whole_trail(self, instance: str) -> tuple[Trail, list[str]]:
        """Return the anchors, and sentences for their faults."""
        register = self.store.read_register(_name(instance))
        if register is None:
            return Trail(), []
        try:
            trail = read_trail(register.version, register.body)
        except UNREADABLE:
            return Trail(), [f"The anchors of {instance} cannot be read."]
        return trail, [f"The anchors of {instance}: {fault}" for fault in trail.faults()]


def _name(instance: str) -> str:
    return f"audit:{instance}"
