"""The run that makes public what reporters agreed to, refreshes it, and takes it away: the clock's, without any key.

New texts and new stages come once a week, all together, so that nobody learns on which day something happened. What is
to be public no more goes at the next run. A run that finds nothing to do reads two registers.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.casework.figures import counts_for
from functions.casework.publication import (
    FEW,
    ID_SYMBOLS,
    Agreed,
    PublicReport,
    crowd_cell,
    first_public,
    next_batch,
    refreshed,
    standing,
    week_of,
)
from functions.casework.receipt import ALPHABET
from functions.storage.interface import CaseNotFoundError, Scope, Store, VersionConflictError
from functions.storage.registers.publications import (
    Tie,
    Ties,
    agreed_as,
    changed_public,
    crowd_as,
    read_agreed,
    read_public,
    read_ties,
    ties_as,
)

PAGE = 200
# What waits without its case's saying so is forgotten after this: its reporter's act was cut short, or he stopped.
FORGET = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Shelf:
    """An instance's public reports by id, the case that each belongs to, and the texts that wait, by case."""

    public: dict[str, PublicReport] = field(default_factory=dict)
    ties: dict[str, Tie] = field(default_factory=dict)
    waiting: dict[str, Agreed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishReports:
    """One step of the clock. May be run at any time and again."""

    store: Store
    directory: Directory
    today: Callable[[], date]

    def __call__(self) -> int:
        """Look through every instance; returns how many reports came, went or changed. Raises StoreUnavailableError.

        Where a reporter agrees or stops in the same moment, that instance is left to the next run.
        """
        return sum(self._instance(instance.code) for instance in self.directory.instances())

    def _instance(self, instance: str) -> int:
        today, ties = self.today(), read_ties(self.store, instance)
        version, waiting = read_agreed(self.store, instance)
        batch = ties.week != week_of(today)
        if not batch and ties.swept == today.isoformat() and ties.seen == version:
            return 0
        public = {report.public_id: report for report in read_public(self.store, instance)}
        before = Shelf(public, ties.by_id, waiting)
        after = self._looked_through(instance, before, batch=batch)
        registers = changed_public(self.store, instance, before.public.values(), after.public.values())
        if after.waiting != waiting:
            registers.append(agreed_as(instance, version, after.waiting))
            version += 1
        week = week_of(today) if batch else ties.week
        registers.append(ties_as(instance, Ties(after.ties, week, today.isoformat(), version, ties.version)))
        if batch:
            registers.append(crowd_as(self.store, instance, self._crowded(instance)))
        try:
            self.store.write_registers(registers)
        except VersionConflictError:
            return 0
        return sum(before.public.get(key) != after.public.get(key) for key in {*before.public, *after.public})

    def _looked_through(self, instance: str, before: Shelf, *, batch: bool) -> Shelf:
        """What is to be public now: of what is, that whose case still says so; with a ``batch``, also what waits, and
        each as its case stands today."""
        after, ids = Shelf(), {tie.case_id: public_id for public_id, tie in before.ties.items()}
        for case_id in dict.fromkeys([*ids, *before.waiting]):
            head, text = self._head(case_id), before.waiting.get(case_id)
            number = standing(head, instance, self.directory) if head else 0
            waits = text is not None and text.draft.n == number
            fresh = text if text and waits and batch and next_batch(text.on) <= self.today() else None
            if text and not fresh and (waits or text.on >= self.today() - FORGET):
                after.waiting[case_id] = text
            public_id = ids.get(case_id) or self._new_id(before)
            tie, report = before.ties.get(public_id), before.public.get(public_id)
            if head is None or not number:
                continue
            if fresh:
                after.ties[public_id] = Tie(case_id, number)
                new = first_public(public_id, head, fresh, self.today())
                after.public[public_id] = refreshed(report, head, fresh, self.today()) if report else new
            elif report and tie and (waits or tie.draft == number):
                after.ties[public_id] = tie
                after.public[public_id] = refreshed(report, head, None, self.today()) if batch else report
        return after

    def _head(self, case_id: str) -> CaseHead | None:
        try:
            return self.store.read_head(case_id)
        except CaseNotFoundError:
            return None

    def _new_id(self, before: Shelf) -> str:
        """A number that says nothing: random, and not taken."""
        while True:
            public_id = "P" + "".join(secrets.choice(ALPHABET) for _ in range(ID_SYMBOLS))
            if public_id not in before.ties:
                return public_id

    def _crowded(self, instance: str) -> set[tuple[str, str, date]]:
        """The topics, districts and months with ``FEW`` reports or more, of those that are open or closed lately: more
        are there than are counted, never fewer."""
        heads = (head for head in self._heads(instance) if not (head.shredded or head.quarantined))
        counts = Counter(crowd_cell(head) for head in heads)
        return {cell for cell, count in counts.items() if count >= FEW}

    def _heads(self, instance: str) -> Iterator[CaseHead]:
        """The cases that count, page by page: open ones come first in the listing, the long closed last."""
        after = ""
        while True:
            page = self.store.page(Scope.INSTANCE, instance, after, PAGE)
            for head in page.heads:
                if not counts_for(head, self.today()):
                    return
                yield head
            after = page.next
            if not after:
                return
