"""Import what agencies' own systems replied about a report into its case.

It needs no key: what waits is already sealed to a key of the case.

Tests: ``tests/doors/test_linked.py``, ``tests/doors/test_two_instances.py``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from secrets import token_hex

from functions.actions.common.reporter_notice import news
from functions.casework.access import assisting
from functions.casework.audit import chained
from functions.casework.case import Case, CaseHead, Event, EventKind
from functions.casework.case_changes import answered, closed, let_go
from functions.casework.deadlines.clocks import Deadlines, go_on, run_clock
from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.linked_systems import BY_APP, Waiting, linked_agencies
from functions.casework.routing.later_accused import clock_anew, kept_away
from functions.casework.stages import Actor, Duty, Move, MoveRefusedError, Stage, after_reporter_wrote, rule_for
from functions.casework.understanding.accused import Kept
from functions.config import logs
from functions.storage.interface import Append, CaseNotFoundError, Notice, OutboxEntry, Store, VersionConflictError
from functions.storage.registers.linked_systems import drop_waiting, mark_waiting, read_link, read_waiting, sent_to
from functions.storage.retry import retry_on_conflict

EVENTS_MAX = 400  # as many messages as both sides together may write; a closing still comes in
MOVES = {EventKind.MESSAGE: Move.REPLY, EventKind.CLOSE: Move.CLOSE}


@dataclass(frozen=True, slots=True)
class ImportReplies:
    """Puts waiting replies into their cases. It holds no key and is safe to repeat.

    ``batch`` returns the epoch hour from which officers may notice what a reporter added.
    """

    store: Store
    directory: Directory
    today: Callable[[], date]
    now: Callable[[], int]
    deadlines: Deadlines = field(default_factory=Deadlines)
    holidays: Collection[date] = ()
    batch: Callable[[CaseHead, bool], int] = lambda *_: 0

    def __call__(self) -> int:
        """Import all replies. Returns how many there were. Raises StorageError."""
        return self.rest() + sum(self.one(instance.code) for instance in self.directory.instances())

    def one(self, instance: str) -> int:
        """Import what the systems of one instance's agencies replied. Returns and raises as above."""
        return sum(self._of(code) for code in self._linked(instance))

    def rest(self) -> int:
        """Import what belongs to no instance: what reporters added by apps, and replies of the centre's agencies and of
        those that have no system any more. Returns and raises as above."""
        linked = {agency.code for agency in linked_agencies(self.directory)}
        former = [code for code in sent_to(self.store) if code not in linked]
        return sum(self._of(whose) for whose in (*self._linked(""), *former, BY_APP))

    def _linked(self, instance: str) -> Iterator[str]:
        for agency in linked_agencies(self.directory):
            of = self.directory.instance_of(agency.code)
            if (of.code if of else "") == instance:
                yield agency.code

    def _of(self, whose: str) -> int:
        return sum(self._shelf(whose, case_id) for case_id in read_waiting(self.store, whose))

    def _shelf(self, whose: str, case_id: str) -> int:
        """Import what waits for one case: an agency's replies, or what its reporter added by the app that sent it."""
        taken = 0
        for waiting in self._waiting(whose, case_id):
            taken += self._put(case_id, whose, waiting)
            drop_waiting(self.store, case_id, whose, waiting.mark, self.now())
        if not self._waiting(whose, case_id):
            mark_waiting(self.store, whose, case_id, waits=False)
            if self._waiting(whose, case_id):  # it came just before that mark was taken away
                mark_waiting(self.store, whose, case_id, waits=True)
        return taken

    def _waiting(self, whose: str, case_id: str) -> tuple[Waiting, ...]:
        link = read_link(self.store, case_id, self.now(), whose)
        return link.waiting if link else ()

    def _put(self, case_id: str, whose: str, waiting: Waiting) -> bool:
        once = bytes.fromhex(waiting.mark)

        def attempt() -> bool:
            try:
                case = self.store.read_case(case_id)
            except CaseNotFoundError:
                return False
            if case.head.shredded or any(event.once == once for event in case.events):
                return False
            if waiting.kind is EventKind.MESSAGE and len(case.events) >= EVENTS_MAX:
                logs.report("open311", code="full")
                return False
            change = self._added(case, waiting, once) if whose == BY_APP else self._change(case, whose, waiting, once)
            self.store.append(change, case.head.version)
            return True

        return retry_on_conflict(attempt, VersionConflictError)

    def _change(self, case: Case, agency: str, waiting: Waiting, once: bytes) -> Append:
        """Return the event of a reply, and its change. If the case has moved on or is closed, the words come in and
        change nothing."""
        before = case.head
        head = self._guarded(self._moved(before, agency, waiting), waiting)
        past = replace(head.history, from_officers=head.history.from_officers + 1)
        head = replace(head, version=before.version + 1, history=past)
        fresh = Event(head.version, waiting.kind, Actor.OFFICER, self.today(), head.stage, waiting.sealed, once, agency)
        today = self.today()
        head, event = chained(answered(before, let_go(before, head), fresh.kind, fresh.by, today), fresh)
        told = (news(before),) if before.reporter.contact else ()
        return Append(head, (event,), (*told, *self._told(before, head, ())))

    def _added(self, case: Case, waiting: Waiting, once: bytes) -> Append:
        """Return the event of what the reporter added, as ``Converse.write`` makes it. It does not move a closed
        case."""
        before = case.head
        held, at_unit = before.open, self.directory.agency(before.holder).kind is AgencyKind.UNIT
        stage = after_reporter_wrote(before.stage, at_unit=at_unit) if held else before.stage
        head = go_on(before, self.today(), self.holidays) if held else before
        past = replace(head.history, from_reporter=head.history.from_reporter + 1)
        head = self._guarded(replace(head, stage=stage, version=before.version + 1, history=past), waiting)
        fresh = Event(head.version, waiting.kind, Actor.REPORTER, self.today(), head.stage, waiting.sealed, once)
        head, event = chained(let_go(before, head), fresh)
        return Append(head, (event,), self._told(before, head, (head.holder, assisting(head, self.directory))))

    def _guarded(self, head: CaseHead, waiting: Waiting) -> CaseHead:
        """Return the head kept from whom the words accuse (law 5). The clock has no key to bind that into the seal."""
        if not waiting.meant:
            return head
        after = kept_away(head, Kept(meant=waiting.meant), self.directory, bind=False)
        return clock_anew(head, after, self.today(), self.deadlines, self.holidays)

    def _told(self, before: CaseHead, head: CaseHead, agencies: Iterable[str]) -> tuple[OutboxEntry, ...]:
        """Return the notices: of something new to these agencies, of a case that moved to its new holder."""
        told = dict.fromkeys(filter(None, agencies), Notice.REPORTER_WROTE)
        told |= {head.holder: Notice.HANDED_OVER} if head.holder != before.holder else {}
        until = self.batch(head, False)  # noqa: FBT003 - the clock opens nothing, so it cannot know
        recused = head.desk_work.recused
        return tuple(
            OutboxEntry(token_hex(16), notice, head.instance, agency, head.case_id, delivered=recused, not_before=until)
            for agency, notice in ({} if head.quarantined else told).items()
        )

    def _moved(self, head: CaseHead, agency: str, waiting: Waiting) -> CaseHead:
        try:
            rule = rule_for(MOVES[waiting.kind], head.stage, Actor.OFFICER, Duty.ANSWER)
        except MoveRefusedError:
            return head
        if head.holder != agency:
            return head
        stage = rule.to or head.stage
        moved = head if stage is head.stage else run_clock(head, stage, self.today(), self.deadlines, self.holidays)
        return replace(closed(moved, self.today(), waiting.outcome) if stage is Stage.SELESAI else moved, stage=stage)
