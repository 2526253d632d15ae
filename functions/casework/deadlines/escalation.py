"""What a clock does when nobody else does: remind the holder before a deadline, and take a late case up after it.

Each step is an event that the reporter reads. On days off nothing happens: nobody would act on it.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from functions.casework.access import ladder
from functions.casework.case import CaseHead, Escalation, EventKind
from functions.casework.deadlines.workdays import add_workdays, is_workday
from functions.casework.directory.agencies import Directory
from functions.casework.stages import STANDING


class Patience(NamedTuple):
    """``remind``: this many working days before a deadline its holder is reminded. ``steps``: this many working days
    after it the case goes up, once for each number."""

    remind: int = 1
    steps: tuple[int, ...] = (1, 5, 10)


class ClockStep(NamedTuple):
    """What is due to happen to a case: ``REMIND`` or ``LAPSE`` (``agency`` is its holder) or ``ESCALATE`` (to
    ``agency``), and the head as it becomes, but for its version."""

    kind: EventKind
    agency: str
    head: CaseHead


def horizon(today: date, patience: Patience, own: Collection[date] = ()) -> date:
    """The last deadline that a look today need reach."""
    return add_workdays(today, patience.remind, own)


def next_step(
    head: CaseHead, today: date, directory: Directory, patience: Patience, own: Collection[date] = ()
) -> ClockStep | None:
    """What the clock does to this case today, None where nothing. One step; there may be another after it."""
    standing = not head.open or head.shredded or head.quarantined or head.stage in STANDING
    if standing or not is_workday(today, own):
        return None
    if head.clock.due >= today:
        if head.clock.reminded or head.clock.due > horizon(today, patience, own):
            return None
        return ClockStep(EventKind.REMIND, head.holder, replace(head, clock=replace(head.clock, reminded=True)))
    up = ladder(head, directory)
    level = head.escalation.steps
    if level >= min(len(up), len(patience.steps)) or today < add_workdays(head.clock.due, patience.steps[level], own):
        return None
    return ClockStep(EventKind.ESCALATE, up[level], replace(head, escalation=Escalation(level + 1, up[level])))


def lapse(head: CaseHead, today: date, own: Collection[date] = ()) -> ClockStep | None:
    """The end of the window in which a reporter may answer the closing of his case, on the first working day after it.
    Silence is not satisfaction: it closes nothing that was not closed and counts apart."""
    if not head.awaited or head.shredded or head.clock.due >= today or not is_workday(today, own):
        return None
    return ClockStep(EventKind.LAPSE, head.holder, replace(head, closing=replace(head.closing, lapsed=True)))


def forgotten(
    head: CaseHead, today: date, directory: Directory, patience: Patience, own: Collection[date] = ()
) -> bool:
    """Whether a case is late beyond the last step and still has a step to take: on every working day since, the clock
    would have taken it. Told on days off as well."""
    if not head.overdue(today) or head.shredded or head.quarantined:
        return False
    if today <= add_workdays(head.clock.due, patience.steps[-1], own):
        return False
    return head.escalation.steps < min(len(ladder(head, directory)), len(patience.steps))
