"""All that can become of a case: each act that officers, reporter and clock may take, from every state it leads to.

A state is a head without its days: any deadline may have passed, and any office has a second officer. What an act does
is asked of the product's own functions; the sealed words are left out, so a person always says yes where one is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any, cast

from functions.actions.officer.read_case import ReadCase
from functions.actions.reporter import verdict
from functions.casework import guard_lift
from functions.casework.access import (
    Rights,
    Viewer,
    assisting,
    first_holder,
    ladder,
    may_assist,
    reporter_moves,
    rights,
    transfer_targets,
    transferred_to,
    upward,
)
from functions.casework.case import CaseHead, Escalation, Kind, Lift
from functions.casework.case_changes import closed, handed_to, tombstone, with_second
from functions.casework.deadlines.clocks import Deadlines, run_clock
from functions.casework.directory.agencies import ROLE_AT, AgencyKind, Directory, Role
from functions.casework.guard_lift import LiftStep
from functions.casework.routing.later_accused import given_to, kept_away
from functions.casework.stages import (
    STANDING,
    Actor,
    Duty,
    Move,
    Stage,
    after_reporter_wrote,
    rule_for,
    settable_from,
)
from functions.casework.understanding.accused import Kept
from tests.casework.trees import a_head

TODAY = date(2026, 6, 2)
LATE = TODAY - timedelta(days=1)
STEPS = 3  # how often a late case escalates


@dataclass(frozen=True)
class Histories:
    """Every state of a case about ``about`` ("" for nobody), and where each act leads."""

    directory: Directory
    about: str
    kind: Kind
    later: bool = True  # whether its reporter accuses one more agency in later words, once
    by_officers: dict[CaseHead, set[CaseHead]] = field(default_factory=dict)
    by_others: dict[CaseHead, set[CaseHead]] = field(default_factory=dict)
    readers: dict[CaseHead, list[Viewer]] = field(default_factory=dict)

    def explore(self) -> int:
        """Visit every state. Returns how many acts were taken."""
        fresh = [self.first(instance.code) for instance in self.directory.instances()]
        acts = 0
        while fresh:
            head = fresh.pop()
            if head in self.by_officers:
                continue
            granted = {viewer: rights(viewer, head, self.directory) for viewer in self.viewers}
            self.readers[head] = [viewer for viewer, right in granted.items() if right.see]
            self.by_officers[head] = {after for right in {*granted.values()} for after in self._acts(head, right)}
            self.by_others[head] = {*self._reporter(head), *self._clock(head)}
            following = self.by_officers[head] | self.by_others[head]
            acts += len(following)
            fresh += following
        return acts

    def first(self, instance: str) -> CaseHead:
        """The case as it comes in."""
        holder = first_holder(self.directory.agencies[instance], self.about, self.directory)
        head = a_head(instance=instance, holder=holder, about_agency=self.about, kind=self.kind)
        return without_days(head)

    @cached_property
    def viewers(self) -> list[Viewer]:
        """An officer of each role at each agency that can have it."""
        roles = {role: kinds for role, kinds in ROLE_AT.items() if role not in (Role.CUSTODIAN, Role.CLERK)}
        agencies = self.directory.agencies.values()
        return [Viewer(f"{a.code}-{role}", a.code, role) for a in agencies for role in roles if a.kind in roles[role]]

    def _acts(self, head: CaseHead, granted: Rights) -> Iterator[CaseHead]:
        for move in granted.moves:
            for after in self._moved(move, head, granted):
                settled = with_second(after, assisting(after, self.directory))
                gained = {settled.holder, settled.desk_work.second} - {head.holder, head.desk_work.second, ""}
                yield without_days(given_to(settled, gained, self.directory))

    def _moved(self, move: Move, head: CaseHead, granted: Rights) -> Iterator[CaseHead]:
        duty = cast("Duty", granted.duty)
        if move is Move.STAGE:
            for to in settable_from(head.stage, duty):
                at = self._at(head, to)
                yield closed(at, TODAY) if to is Stage.DIARSIPKAN else at
        elif move is Move.HANDOVER:
            yield from self._handed(head, duty)
        elif move is Move.SECOND:
            yield from self._second(head, duty)
        elif move is Move.TRANSFER:
            yield from (self._transferred(head, target.code) for target in transfer_targets(head, self.directory))
        elif move is Move.LIFT:
            yield from self._lift(head, duty)
        elif move is Move.OVERSIGHT:
            inspectorate = self.directory.agencies[head.instance].inspectorate
            yield self._at(replace(handed_to(head, inspectorate), oversight=True), Stage.DIDISPOSISIKAN)
        elif move is Move.RECUSE:
            left = with_second(head, "")
            up = upward(head, self.directory)
            yield left if duty is Duty.ASSIST else self._at(handed_to(head, up), Stage.DIALIHKAN)
        elif move is Move.CLOSE:
            yield closed(self._at(head, Stage.SELESAI), TODAY)
        elif move is Move.REPLY:
            yield self._at(head, rule_for(move, head.stage, Actor.OFFICER, duty).to or head.stage)
        # whatever else an officer does leaves the case where it is

    def _handed(self, head: CaseHead, duty: Duty) -> Iterator[CaseHead]:
        for target in ReadCase.targets(self._us(), head, duty):
            back = target.code == head.instance
            stage = Stage.DIALIHKAN if back else rule_for(Move.HANDOVER, head.stage, Actor.OFFICER, duty).to
            moved = replace(handed_to(head, target.code), oversight=head.oversight and not back)
            seconds = (
                []
                if duty is Duty.ANSWER
                else [unit for unit in self._codes() if may_assist(unit, moved, self.directory)]
            )
            yield from (self._at(with_second(moved, second), stage or head.stage) for second in ("", *seconds))

    def _second(self, head: CaseHead, duty: Duty) -> Iterator[CaseHead]:
        if head.desk_work.second:
            yield with_second(head, "")
        elif duty is not Duty.ASSIST:
            fit = (unit for unit in self._codes() if may_assist(unit, head, self.directory))
            yield from (with_second(head, unit) for unit in fit)

    def _transferred(self, head: CaseHead, code: str) -> CaseHead:
        target = self.directory.agencies[code]
        left = handed_to(head, code)
        if target.kind is AgencyKind.INSTANCE:
            left = replace(left, instance=code, holder=transferred_to(target, head, self.directory))
            left = (
                replace(left, lift=replace(left.lift, state=Lift.NONE, by=""))
                if head.lift.state is Lift.ASKED
                else left
            )
        return self._at(left, Stage.DIALIHKAN)

    def _lift(self, head: CaseHead, duty: Duty) -> Iterator[CaseHead]:
        if duty is not Duty.OVERSEE:
            yield guard_lift.asked(head, TODAY, self.directory)
        else:
            yield from (guard_lift.ended(head, step) for step in (LiftStep.GRANTED, LiftStep.REFUSED))

    def _reporter(self, head: CaseHead) -> Iterator[CaseHead]:
        for move in reporter_moves(head):
            if move is Move.REPLY:
                yield from self._written(head)
            elif move is Move.CONFIRM:
                yield without_days(replace(head, closing=replace(head.closing, confirmed=True, lapsed=False)))
            elif move is Move.REOPEN:
                again = replace(head, history=replace(head.history, reopened=1))
                yield self._opened(again, Stage.DIPROSES, head.holder)
            elif move is Move.APPEAL:
                appealed = replace(head, history=replace(head.history, appealed=head.history.appealed + 1))
                yield self._opened(appealed, Stage.BANDING, verdict.next_level(head, self.directory))
            elif move is Move.OBJECT:
                yield without_days(guard_lift.ended(head, LiftStep.OBJECTED))
            elif move is Move.WITHDRAW:
                yield replace(tombstone(head), stage=Stage.DIARSIPKAN, version=0)

    def _written(self, head: CaseHead) -> Iterator[CaseHead]:
        unit = self.directory.agencies[head.holder].kind is AgencyKind.UNIT
        written = replace(head, stage=after_reporter_wrote(head.stage, at_unit=unit))
        accuses = (
            self._codes() if self.later and not head.desk_work.kept_from and head.about_agency == self.about else ()
        )
        for kept, bind in [(Kept(code, (code,)), bind) for code in accuses for bind in (True, False)]:
            after = kept_away(written, kept, self.directory, bind=bind)
            yield without_days(with_second(after, assisting(after, self.directory)))
        yield without_days(written)

    def _opened(self, head: CaseHead, stage: Stage, holder: str) -> CaseHead:
        head = self._at(head if holder == head.holder else with_second(head, ""), stage)
        ending = replace(head.closing, on=None, due=None, outcome=None, lapsed=False)
        return without_days(replace(head, holder=holder, closing=ending))

    def _clock(self, head: CaseHead) -> Iterator[CaseHead]:
        up, taken = ladder(head, self.directory), head.escalation.steps
        if head.open and not head.shredded and head.stage not in STANDING and taken < min(len(up), STEPS):
            yield replace(head, escalation=Escalation(taken + 1, up[taken]))

    def _at(self, head: CaseHead, stage: Stage) -> CaseHead:
        return replace(run_clock(head, stage, TODAY, Deadlines()), stage=stage)

    def _codes(self) -> tuple[str, ...]:
        return tuple(self.directory.agencies)

    def _us(self) -> Any:
        return SimpleNamespace(directory=self.directory)


def without_days(head: CaseHead) -> CaseHead:
    """The head as of a case that is late today; its days and counts are forgotten, so that histories meet."""
    clock = replace(head.clock, due=LATE, held_on=None, handed_on=None, paused=0, reminded=False, extended=False)
    closing = replace(head.closing, on=None, due=None, outcome=None, earlier_ends=())
    lift = replace(head.lift, on=None)
    history = replace(head.history, transferred=0, canned=0, answered_on=None)
    return replace(head, clock=clock, closing=closing, lift=lift, history=history, version=0)
