"""What the clock does if nobody else acts: remind the holder before a deadline, and escalate a late case after it.

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
    """The numbers of working days. The holder is reminded ``remind`` days before a deadline. The case escalates after
    it, once for each number of ``steps``."""

    remind: int = 1
    steps: tuple[int, ...] = (1, 5, 10)


class ClockStep(NamedTuple):
    """A step that is due: ``REMIND`` or ``LAPSE`` (``agency`` is the holder) or ``ESCALATE`` (to ``agency``). ``head``
    is the head after the step, except for its version."""

    kind: EventKind
    agency: str
    head: CaseHead


def horizon(today: date, patience: Patience, own: Collection[date] = ()) -> date:
    """Return the last deadline that a run today has to look at."""
    return add_workdays(today, patience.remind, own)


def next_step(
    head: CaseHead, today: date, directory: Directory, patience: Patience, own: Collection[date] = ()
) -> ClockStep | None:
    """Return the clock's step for this case today, None if there is none. Another step may follow it."""
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
    """Return the end of the reporter's window to answer a closing, on the first working day after it. Silence is not
    satisfaction: it closes nothing further, and the statistics count it separately."""
    if not head.awaited or head.shredded or head.clock.due >= today or not is_workday(today, own):
        return None
    return ClockStep(EventKind.LAPSE, head.holder, replace(head, closing=replace(head.closing, lapsed=True)))


def forgotten(
    head: CaseHead, today: date, directory: Directory, patience: Patience, own: Collection[date] = ()
) -> bool:
    """Whether a case is late beyond the last step and still has a step to take. Any run of the clock on a working day
    since would have taken it. Days off give an answer too."""
    if not head.overdue(today) or head.shredded or head.quarantined:
        return False
    if today <= add_workdays(head.clock.due, patience.steps[-1], own):
        return False
    return head.escalation.steps < min(len(ladder(head, directory)), len(patience.steps))
