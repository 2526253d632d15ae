"""Deadlines (batas waktu) in working days, as SP4N-LAPOR! sets them, and the clock of one case.

Numbers are settings: the text of PermenPANRB 5/2025 could not be read, so none is carved in code. A case keeps
the terms it came in under: a setting that changes later moves no clock that runs.
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
    """Limits in working days. ``finish`` by kind, and for what is *berkadar pengawasan*; ``window`` is the reporter's
    time to answer a closing."""

    verify: int = 3
    respond: int = 5
    finish_pengaduan: int = 14
    finish_aspirasi: int = 14
    finish_informasi: int = 5
    window: int = 10
    finish_pengawasan: int = 60

    def terms(self, kind: Kind) -> Terms:
        """What a case of this kind runs under if it comes in now."""
        finish = {
            Kind.PENGADUAN: self.finish_pengaduan,
            Kind.ASPIRASI: self.finish_aspirasi,
            Kind.INFORMASI: self.finish_informasi,
        }
        return Terms(self.verify, self.respond, finish[kind], self.window, self.finish_pengawasan)


def run_clock(head: CaseHead, stage: Stage, today: date, deadlines: Deadlines, own: Collection[date] = ()) -> CaseHead:
    """The head with its clock as it runs once the case comes to ``stage`` today; its stage is left to the caller.

    A held case's clock stands, and goes on with the next stage (``go_on``); a closed one keeps the deadline that stood
    (``closed_due``). A new deadline that is not past takes a
    late case down again from where it went up to.
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
    """The head with its clock going on: a deadline moves by the working days that it stood."""
    if head.clock.held_on is None:
        return head
    stood = workdays_between(head.clock.held_on, today, own)
    moved = replace(head, clock=replace(head.clock, held_on=None, paused=head.clock.paused + stood))
    return with_due(moved, add_workdays(head.clock.due, stood, own), today)


def with_due(head: CaseHead, due: date, today: date) -> CaseHead:
    """The head with another deadline: its holder is to be reminded of that one, and it is late no more unless that
    one is past too."""
    if due == head.clock.due:
        return head
    head = replace(head, clock=replace(head.clock, due=due, reminded=False))
    return head if due < today else replace(head, escalation=Escalation())


def due_after(head: CaseHead, stage: Stage, today: date, deadlines: Deadlines, own: Collection[date] = ()) -> date:
    """The next deadline of a case that comes to ``stage`` today, its clock running.

    Sorting runs from the day of receipt or return and is not renewed by verifying; the first answer and the
    end run from the hand-over to the unit, plus the days the clock stood; a reopened case or an appeal starts anew
    and keeps that date while it is worked on; an extended date stands until the case closes; a held case keeps its
    date, which moves when it goes on (``run_clock``).
    """
    terms = Terms(*head.clock.terms) if head.clock.terms else deadlines.terms(head.kind)
    clock = FACTS[stage].clock
    if clock is Clock.WINDOW:
        return add_workdays(today, terms.window, own)
    finish = terms.finish_oversight if head.oversight else terms.finish
    if head.stage is Stage.SELESAI:
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
