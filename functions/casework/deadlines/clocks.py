"""Deadlines (batas waktu) in working days, as SP4N-LAPOR! sets them, and the clock of one case.

The numbers are settings: the text of PermenPANRB 5/2025 could not be read, so none is fixed in code. A case keeps the
terms of the day it came in: a setting that changes later moves no running clock.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from functions.casework.case import CaseHead, Escalation, Kind
from functions.casework.deadlines.workdays import add_workdays, workdays_between
from functions.casework.stages import CLOSED, FACTS, STANDING, Clock, Stage


class Terms(NamedTuple):
    """The limits one case runs under, in working days."""

    verify: int
    respond: int
    finish: int
    window: int
    finish_oversight: int


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Limits in working days. ``finish`` has one for each kind, and one for cases *berkadar pengawasan*; ``window`` is
    the reporter's time to answer a closing."""

    verify: int = 3
    respond: int = 5
    finish_pengaduan: int = 14
    finish_aspirasi: int = 14
    finish_informasi: int = 5
    window: int = 10
    finish_pengawasan: int = 60

    def terms(self, kind: Kind) -> Terms:
        """Return the terms of a case of this kind that comes in now."""
        finish = {
            Kind.PENGADUAN: self.finish_pengaduan,
            Kind.ASPIRASI: self.finish_aspirasi,
            Kind.INFORMASI: self.finish_informasi,
        }
        return Terms(self.verify, self.respond, finish[kind], self.window, self.finish_pengawasan)


def run_clock(head: CaseHead, stage: Stage, today: date, deadlines: Deadlines, own: Collection[date] = ()) -> CaseHead:
    """Return the head with its clock once the case comes to ``stage`` today. The caller sets the stage.

    A held case's clock stands, and resumes with the next stage (``go_on``). A closed case keeps its last deadline
    (``closed_due``). A new deadline that is not past undoes the escalation of a late case.
    """
    if stage not in STANDING:
        head = go_on(head, today, own)
    if head.open and stage in CLOSED:
        head = replace(head, closing=replace(head.closing, due=head.clock.due))
    clock, due = FACTS[stage].clock, due_after(head, stage, today, deadlines, own)
    if stage in STANDING:
        head = replace(head, clock=replace(head.clock, held_on=head.clock.held_on or today))
    if head.stage is Stage.SELESAI or clock in (Clock.ANSWERING, Clock.SORTING, Clock.WINDOW):
        head = replace(head, clock=replace(head.clock, paused=0))
    if clock is Clock.ENDS:
        head = replace(head, escalation=Escalation())
    return with_due(head, due, today)


def go_on(head: CaseHead, today: date, own: Collection[date] = ()) -> CaseHead:
    """Return the head with its clock running again: the deadline moves by the working days that it stood."""
    if head.clock.held_on is None:
        return head
    stood = workdays_between(head.clock.held_on, today, own)
    moved = replace(head, clock=replace(head.clock, held_on=None, paused=head.clock.paused + stood))
    return with_due(moved, add_workdays(head.clock.due, stood, own), today)


def with_due(head: CaseHead, due: date, today: date) -> CaseHead:
    """Return the head with another deadline, of which its holder will be reminded. The escalation ends, unless the new
    deadline is past too."""
    if due == head.clock.due:
        return head
    head = replace(head, clock=replace(head.clock, due=due, reminded=False))
    return head if due < today else replace(head, escalation=Escalation())


def due_after(head: CaseHead, stage: Stage, today: date, deadlines: Deadlines, own: Collection[date] = ()) -> date:
    """Return the next deadline of a case that comes to ``stage`` today, its clock running.

    - Sorting runs from the day of receipt or return; verifying does not renew it.
    - The first answer and the end run from the hand-over to the unit, plus the days the clock stood.
    - A reopened or appealed case starts again and keeps that date while it is worked on.
    - An extended date stands until the case closes.
    - A held case keeps its date, which moves when its clock resumes (``run_clock``).
    """
    terms = Terms(*head.clock.terms) if head.clock.terms else deadlines.terms(head.kind)
    clock = FACTS[stage].clock
    if clock is Clock.WINDOW:
        return add_workdays(today, terms.window, own)
    finish = terms.finish_oversight if head.oversight else terms.finish
    if head.stage is Stage.SELESAI and clock is not Clock.SORTING:
        return add_workdays(today, finish, own)
    if clock in (Clock.KEEPS, Clock.STANDS, Clock.ENDS):
        return head.clock.due
    if head.clock.extended and clock is not Clock.ANSWERING:
        return head.clock.due
    counted = {
        Clock.RECEIVED: (head.received_on, terms.verify),
        Clock.SORTING: (today, terms.verify),
        Clock.ANSWERING: (today, terms.respond),
    }
    if clock in counted:
        start, days = counted[clock]
        return add_workdays(start, days, own)
    end = add_workdays(head.clock.handed_on or head.received_on, finish + head.clock.paused, own)
    return max(end, head.clock.due)
