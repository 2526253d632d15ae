"""Publish the reports that reporters agreed to, refresh them, and withdraw them. It runs with the clock, without any
key.

New texts and new stages appear once a week, all together, so that nobody learns on which day something happened. A
report that may no longer be public goes at the next run, by whatever act and through whatever door: each run looks at
the heads of the cases that have one. Where nothing is public it reads two registers.

Tests: ``tests/doors/test_publication.py``.
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
    agreed_by,
    crowd_cell,
    first_public,
    fit,
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
# Waiting texts that no case confirms are dropped after this: the reporter's act was interrupted, or they stopped it.
FORGET = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PublicReports:
    """An instance's public reports by id, the case of each, and the texts that wait, by case."""

    public: dict[str, PublicReport] = field(default_factory=dict)
    ties: dict[str, Tie] = field(default_factory=dict)
    waiting: dict[str, Agreed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishReports:
    """The clock's step. It may run at any time and again."""

    store: Store
    directory: Directory
    today: Callable[[], date]

    def __call__(self) -> int:
        """Go through every instance. Returns how many reports were added, removed or changed. Raises
        StoreUnavailableError.

        If a reporter agrees or stops at the same moment, that instance waits for the next run.
        """
        return sum(self.one(instance.code) for instance in self.directory.instances())

    def one(self, instance: str) -> int:
        """Go through one instance. Returns and raises as above."""
        today, ties = self.today(), read_ties(self.store, instance)
        version, waiting = read_agreed(self.store, instance)
        batch = ties.week != week_of(today)
        swept = ties.swept == today.isoformat() and ties.seen == version
        if not batch and swept and all(self._stands(self._head(tie.case_id), instance) for tie in ties.by_id.values()):
            return 0
        public = {report.public_id: report for report in read_public(self.store, instance)}
        before = PublicReports(public, ties.by_id, waiting)
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

    def _looked_through(self, instance: str, before: PublicReports, *, batch: bool) -> PublicReports:
        """Return what is to be public now: the present reports that their cases still confirm.

        With a ``batch``, also the waiting ones, each as its case stands today.
        """
        after, ids = PublicReports(), {tie.case_id: public_id for public_id, tie in before.ties.items()}
        for case_id in dict.fromkeys([*ids, *before.waiting]):
            head, text = self._head(case_id), before.waiting.get(case_id)
            number = self._stands(head, instance)
            waits = text is not None and text.draft.n == number
            due = text is not None and waits and batch and next_batch(text.on) <= self.today()
            fresh = text if text and due and agreed_by(self.store.read_case(case_id), text) else None
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

    def _stands(self, head: CaseHead | None, instance: str) -> int:
        """Return the number of the text that may be public of a case, 0 if none may or the case is gone."""
        return standing(head, instance, self.directory) if head else 0

    def _head(self, case_id: str) -> CaseHead | None:
        try:
            return self.store.read_head(case_id)
        except CaseNotFoundError:
            return None

    def _new_id(self, before: PublicReports) -> str:
        """Return a random unused number, which reveals nothing."""
        while True:
            public_id = "P" + "".join(secrets.choice(ALPHABET) for _ in range(ID_SYMBOLS))
            if public_id not in before.ties:
                return public_id

    def _crowded(self, instance: str) -> set[tuple[str, str, date]]:
        """Return the topics, districts and months with ``FEW`` reports or more, among open and recently closed ones.

        Only cases that may be public count. Whoever files seven reports of their own would learn here of one that is
        kept from them. So the count may be too low, never too high.
        """
        heads = (head for head in self._heads(instance) if fit(head, self.directory))
        counts = Counter(crowd_cell(head) for head in heads)
        return {cell for cell, count in counts.items() if count >= FEW}

    def _heads(self, instance: str) -> Iterator[CaseHead]:
        """Yield the cases that count, page by page: open ones come first in the listing, old closed ones last."""
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
