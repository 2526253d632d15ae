"""Remind silent holders, then escalate the case step by step; the reporter reads each step in the thread.

If the reporter does not answer a closing, the case says so and counts separately. Nothing is opened and no key is held:
it reads heads, and writes events without words.

Tests: ``tests/doors/test_escalation.py``, ``tests/doors/test_lapse.py``.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from secrets import token_hex

from functions.actions.common.reporter_notice import news
from functions.casework.audit import chained
from functions.casework.case import CaseHead, Event, EventKind
from functions.casework.deadlines.escalation import ClockStep, Patience, horizon, lapse, next_step
from functions.casework.deadlines.workdays import is_workday
from functions.casework.directory.agencies import Directory
from functions.casework.stages import Actor
from functions.storage.interface import (
    Append,
    CaseNotFoundError,
    Notice,
    OutboxEntry,
    Scope,
    Store,
    VersionConflictError,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class Remind:
    """One pass over all clocks that are due. Meant for every working day, and safe to repeat."""

    store: Store
    directory: Directory
    today: Callable[[], date]
    patience: Patience = field(default_factory=Patience)
    holidays: Collection[date] = ()

    def __call__(self) -> int:
        """Take every step that is due. Returns how many were taken. Raises StoreUnavailableError."""
        return sum(self.one(instance.code) for instance in self.directory.instances())

    def one(self, instance: str) -> int:
        """Take what is due in one instance. Returns and raises as above."""
        today = self.today()
        if not is_workday(today, self.holidays):
            return 0
        last = horizon(today, self.patience, self.holidays)
        return sum(self._run(head, today) for head in self._near(instance, last)) + self._lapse(instance, today)

    def _near(self, instance: str, last: date) -> Iterator[CaseHead]:
        """Yield the open cases whose deadline is ``last`` or before.

        Listings have them first, except for cases with priority: these come before all others, so each is read.
        """
        after, more = "", True
        while more:
            page = self.store.page(Scope.INSTANCE, instance, after, PAGE)
            for head in page.heads:
                near = head.clock.due <= last
                if not head.open or not (near or head.desk_work.priority):
                    return
                if near:
                    yield head
            after, more = page.next, bool(page.next)

    def _run(self, head: CaseHead, today: date) -> int:
        taken = 0
        while step := next_step(head, today, self.directory, self.patience, self.holidays):
            done = self._take(step, today)
            if done is None:
                break
            head, taken = done, taken + 1
        return taken

    def _lapse(self, instance: str, today: date) -> int:
        """Mark what lapsed in an instance, page by page: marked cases are on no further page."""
        taken = 0
        while heads := self.store.lapsing(instance, today, PAGE):
            steps = [step for head in heads if (step := lapse(head, today, self.holidays))]
            done = sum(self._take(step, today) is not None for step in steps)
            taken += done
            if not done:  # all of them were written to just now: the next run decides
                break
        return taken

    def _take(self, step: ClockStep, today: date) -> CaseHead | None:
        """Write one step. Returns the new head, or None if somebody has acted or the case is gone: the next run
        decides."""
        head = replace(step.head, version=step.head.version + 1)
        wordless = Event(head.version, step.kind, Actor.SYSTEM, today, head.stage, b"", agency=step.agency)
        head, event = chained(head, wordless)
        try:
            self.store.append(Append(head, (event,), tuple(_notices(step, head))), head.version - 1)
        except (VersionConflictError, CaseNotFoundError):
            return None
        return head


def _notices(step: ClockStep, head: CaseHead) -> Iterator[OutboxEntry]:
    """Yield the notices of a step: to the holder, the agency a late case escalated to, and a reporter who left a
    contact."""

    def notice(what: Notice, agency: str) -> OutboxEntry:
        return OutboxEntry(
            token_hex(16),
            what,
            head.instance,
            agency,
            head.case_id,
            delivered=head.desk_work.recused,
            not_before=head.visible_from,
        )

    if step.kind is EventKind.LAPSE:
        return  # nobody needs to act
    if step.kind is EventKind.REMIND:
        yield notice(Notice.DUE_SOON, head.holder)
        return
    yield notice(Notice.ESCALATED, step.agency)
    if head.escalation.steps == 1:
        yield notice(Notice.OVERDUE, head.holder)
    if head.reporter.contact:
        yield news(head)
