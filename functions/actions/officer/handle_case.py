"""What an officer does with a case: reply, attach, set the stage, hand over, extend, close.

``casework.access.rights`` decides what they may do, with the case as it stands when it is written.

Tests: ``tests/doors/test_desk.py``, ``tests/doors/test_notices.py``, ``tests/doors/test_sealed.py``.
"""

from dataclasses import dataclass, replace
from secrets import token_hex
from typing import NamedTuple

from functions.actions.common.append import Once, Step, attach, check_key, counted, once_file
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.erase import erase, with_its_case
from functions.actions.common.forward_to_system import Forwarding
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.actions.officer.reply_templates import weigh
from functions.casework.access import Viewer, may_assist
from functions.casework.case import CaseHead, EventKind, Outcome
from functions.casework.case_changes import astray, closed, handed_to
from functions.casework.deadlines.clocks import go_on, with_due
from functions.casework.formats.attachments import FILE_MB
from functions.casework.problems import (
    FieldError,
    InvalidInputProblem,
    MeanwhileProblem,
    NotAllowedProblem,
    NotNowProblem,
)
from functions.casework.report import BODY_MAX, read_day
from functions.casework.routing.later_accused import given_to
from functions.casework.routing.propose import outside_targets
from functions.casework.routing.recall import RECALL, noted
from functions.casework.stages import Actor, Duty, Move, MoveRefusedError, Stage, check_settable
from functions.storage.interface import Notice
from functions.storage.interface.outbox import HANDOVER_PREFIX

EXTEND_MAX_DAYS = 60
WRITTEN = frozenset({EventKind.MESSAGE, EventKind.FILE, EventKind.CLOSE})


class Bulk(NamedTuple):
    """What a hand-over of several at once adds for each: the ``key`` of the whole act, so that it is done once, and the
    version that the officer has ``seen``. Its notice leaves with the next full hour, so that there is time to recall
    it, at once if the case is urgent."""

    key: str
    seen: int


@dataclass(frozen=True, slots=True)
class HandleCase:
    """An officer's answers and decisions on a case. ``forwarding`` seals a report for an agency that has a system of
    its own; a file has at most ``file_mb`` MB."""

    act: CaseAct
    forwarding: Forwarding | None = None
    file_mb: int = FILE_MB

    def reply(
        self, viewer: Viewer, case_id: str, body: str, message_key: str, seen: str = "", *, again: bool = False
    ) -> int:
        """Answer the reporter. Returns the message's number.

        ``seen`` is the number of the last event that the page showed, "" if unknown. ``again``: the officer was asked
        about a reply template (``reply_templates.weigh``) and sends it all the same. Raises MeanwhileProblem if
        somebody wrote since.
        """
        text = read_reason(body, "body", BODY_MAX)
        once = Once(check_key("message_key", message_key), "body", text)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = self._moved(opened.head, Move.REPLY, duty)
            if seen.isdecimal() and any(e.n > int(seen[:6]) and e.kind in WRITTEN for e in opened.case.events):
                raise MeanwhileProblem
            canned = weigh(self.act.store, self.act.directory, opened.head, text, again=again)
            head = _canned(head, canned)
            notice = Notice.SECOND_WROTE if duty is Duty.ASSIST else None
            return Step(EventKind.MESSAGE, Actor.OFFICER, {"body": text} | canned, head, notice)

        return self.act.carry_out(viewer, case_id, decide, once)[0]

    def attach(self, viewer: Viewer, case_id: str, raw: bytes, file_key: str, *, keep_size: bool = False) -> int:
        """Add a file for the reporter to read. Returns its number."""
        once, stored = once_file(check_key("file_key", file_key), raw), list[str]()

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = self._moved(opened.head, Move.ATTACH, duty)
            blobs, side, today = self.act.cases.blobs, Actor.OFFICER, self.act.today()
            words = attach(opened, blobs, raw, once, side, today, file_mb=self.file_mb, keep_size=keep_size)
            stored.append(opened.head.case_id)
            return Step(EventKind.FILE, Actor.OFFICER, words, head)

        with with_its_case(self.act.store, self.act.cases.blobs, stored):
            return self.act.carry_out(viewer, case_id, decide, once)[0]

    def set_stage(
        self,
        viewer: Viewer,
        case_id: str,
        stage: str,
        reason: str,
        outside: str = "",
        *,
        unread: bool = False,
        only_check: bool = False,
    ) -> CaseHead:
        """Put the case at a stage the table allows this officer; the reporter reads the reason. ``outside`` names who
        is responsible for what the local government is not (a code of ``routing.outside_targets``); it is archived.
        ``unread``: nobody opened it, which only a case in quarantine allows. Raises NotNowProblem for any other.
        ``only_check`` raises the same and writes nothing."""
        if stage not in list(Stage):
            raise InvalidInputProblem(FieldError("stage", "unknown" if stage else "required"))
        to, words = Stage(stage), {"reason": read_reason(reason)}
        if outside:
            if to is not Stage.DIARSIPKAN or outside not in outside_targets():
                raise InvalidInputProblem(FieldError("outside", "unknown"))
            words["outside"] = outside

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            if unread and not head.quarantined:
                raise NotNowProblem(move=Move.STAGE, stage=head.stage)
            try:
                check_settable(head.stage, to, duty)
            except MoveRefusedError as error:
                raise NotNowProblem(move=Move.STAGE, stage=head.stage) from error
            head = counted(self.act.clocked(head, to), Actor.OFFICER, to)
            if to is Stage.DIARSIPKAN:
                head = replace(closed(head, self.act.today()), quarantined=unread)  # unread, it counts nowhere
            return Step(EventKind.STAGE, Actor.SYSTEM, words, head)

        if only_check:
            return self.act.rehearse(viewer, case_id, decide)
        return self.act.carry_out(viewer, case_id, decide)[1]

    def handover(
        self,
        viewer: Viewer,
        case_id: str,
        agency: str,
        reason: str,
        second: str = "",
        yes: str = "",
        *,
        bulk: Bulk | None = None,
    ) -> CaseHead:
        """Hand the case to another agency, with a reason; a unit hands back to its coordinator. ``second`` is a unit to
        work on it too, "" for none; an answering unit asks one in with ``SecondUnit``. ``yes`` is "yes" where the words
        may accuse who gets it, and the officer has seen that they do not. ``bulk``: one of several in one act.

        A sorting desk may recall it as long as nobody has learnt of it (``recall.Recall``)."""
        text = read_reason(reason)
        once = Once(check_key("key", bulk.key), "reason", text) if bulk else None
        if agency not in self.act.directory.agencies:
            raise InvalidInputProblem(FieldError("agency", "unknown" if agency else "required"))

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            rule = self.act.rule(head, Move.HANDOVER, duty)
            if bulk and head.version != bulk.seen:
                raise MeanwhileProblem
            if agency not in [target.code for target in self.act.cases.targets(head, duty)]:
                raise InvalidInputProblem(FieldError("agency", "not_a_target"))
            back = agency == head.instance  # to be sorted again
            stage = Stage.DIALIHKAN if back else rule.to or head.stage
            moved = replace(handed_to(head, agency, second), oversight=head.oversight and not back)
            if second and (duty is Duty.ANSWER or not may_assist(second, moved, self.act.directory)):
                raise InvalidInputProblem(FieldError("second", "not_a_second"))
            moved = counted(self.act.clocked(moved, stage), Actor.OFFICER, stage)
            handed = self.act.today() if stage is Stage.DIDISPOSISIKAN else None
            moved = replace(moved, clock=replace(moved.clock, handed_on=handed))
            moved = astray(moved) if stage is Stage.DIALIHKAN else moved
            words = {"reason": text, "agency": agency} | ({"second": second} if second else {})
            others = ((Notice.ASKED_IN, second),) if second else ()
            if self.forwarding and self.forwarding.reaches(agency):
                key, entry = self.forwarding.begin(moved, *self.act.cases.copy_for(agency, opened))
                return Step(EventKind.HANDOVER, Actor.SYSTEM, words | key, moved, others=others, outgoing=(entry,))
            ids = _notice_ids(1 + len(others)) if duty is Duty.SORT else ()
            given = given_to(moved, {agency, second} - {""}, self.act.directory)
            kept = {RECALL: noted(head, given, ids)} if ids else {}
            hour = viewer.hour + 1 if bulk and not head.desk_work.priority else 0
            told = Notice.HANDED_OVER
            return Step(EventKind.HANDOVER, Actor.SYSTEM, words | kept, moved, told, hour, others=others, ids=ids)

        return self.act.carry_out(viewer, case_id, decide, once, yes=yes == "yes")[1]

    def extend(self, viewer: Viewer, case_id: str, due: str, reason: str) -> CaseHead:
        """Set a new date with a reason, once: an interim answer."""
        text = read_reason(reason)
        day = read_day(due)
        if day is None:
            raise InvalidInputProblem(FieldError("due", "bad_date" if due.strip() else "required"))
        until = day

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            self.act.rule(head, Move.EXTEND, duty)
            if head.clock.extended:
                raise NotNowProblem(move=Move.EXTEND, stage=head.stage)
            today = self.act.today()
            if until <= max(head.clock.due, today) or (until - today).days > EXTEND_MAX_DAYS:
                raise InvalidInputProblem(FieldError("due", "bad_extension", {"days": str(EXTEND_MAX_DAYS)}))
            held = today if head.clock.held_on else None  # what it stood before is in the new date
            head = with_due(go_on(head, today, self.act.holidays), until, today)
            head = counted(replace(head, clock=replace(head.clock, held_on=held)), Actor.OFFICER, head.stage)
            head = replace(head, clock=replace(head.clock, extended=True))
            return Step(EventKind.EXTEND, Actor.SYSTEM, {"reason": text, "due": until.isoformat()}, head)

        return self.act.carry_out(viewer, case_id, decide)[1]

    def close(
        self,
        viewer: Viewer,
        case_id: str,
        outcome: str,
        reason: str,
        message_key: str = "",
        *,
        again: bool = False,
        only_check: bool = False,
    ) -> CaseHead:
        """Close with an outcome and a reason the reporter reads. "Repaired" needs a photo for public works. With a
        ``message_key``, repeating it changes nothing. ``again`` as in ``reply``. ``only_check`` raises the same and
        writes nothing."""
        if outcome not in list(Outcome):
            raise InvalidInputProblem(FieldError("outcome", "unknown" if outcome else "required"))
        text, result = read_reason(reason), Outcome(outcome)
        once = Once(check_key("message_key", message_key), "reason", text) if message_key else None

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            rule = self.act.rule(head, Move.CLOSE, duty)
            topic = self.act.directory.topics.get(head.topic)
            if result is Outcome.DIPERBAIKI and topic and topic.public_work and not _photo_since_reopening(opened):
                raise InvalidInputProblem(FieldError("outcome", "photo_wanted"))
            stage = rule.to or head.stage
            canned = weigh(self.act.store, self.act.directory, head, text, again=again)
            head = _canned(closed(self.act.clocked(head, stage), self.act.today(), result), canned)
            head = counted(head, Actor.OFFICER, stage)
            return Step(EventKind.CLOSE, Actor.OFFICER, {"reason": text, "outcome": result} | canned, head)

        if only_check:
            return self.act.rehearse(viewer, case_id, decide)
        return self.act.carry_out(viewer, case_id, decide, once)[1]

    def discard(self, viewer: Viewer, case_id: str) -> CaseHead:
        """Delete a report that nobody can open, since a browser sealed it wrongly. Raises NotAllowedProblem for any
        other."""
        opened, granted = self.act.cases.load(viewer, case_id)
        if Move.DISCARD not in granted.moves:
            raise NotAllowedProblem
        cases = self.act.cases
        ended = replace(opened.head.closing, on=cases.today(), outcome=Outcome.TIDAK_DAPAT)
        return erase(cases.store, cases.blobs, opened.head, closing=ended)

    def _moved(self, head: CaseHead, move: Move, duty: Duty) -> CaseHead:
        stage = self.act.rule(head, move, duty).to or head.stage
        return counted(head if stage is head.stage else self.act.clocked(head, stage), Actor.OFFICER, stage)


def _notice_ids(count: int) -> tuple[str, ...]:
    """Return the ids of a hand-over's notices: its own desk can find them again, and nobody can guess them."""
    one = HANDOVER_PREFIX + token_hex(16)
    return (one, *(f"{one}-{n}" for n in range(2, count + 1)))


def _canned(head: CaseHead, canned: dict[str, str]) -> CaseHead:
    """Return the head after an answer, counted where it was a reply template (``canned``, "" keys for none)."""
    return replace(head, history=replace(head.history, canned=head.history.canned + bool(canned)))


def _photo_since_reopening(opened: OpenedCase) -> bool:
    for event in reversed(opened.case.events):
        if event.kind is EventKind.REOPEN:
            return False
        ours = event.kind is EventKind.FILE and event.by is Actor.OFFICER
        if ours and opened.readable(event).get("type", "").startswith("image/"):
            return True
    return False
