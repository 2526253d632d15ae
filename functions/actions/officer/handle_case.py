"""What an officer does with a case: reply, attach, set the stage, hand over, extend, close.

What he may do is decided by ``casework.access.rights`` with the case as it stands when it is written.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from functions.actions.common.append import Once, Step, append, attach, check_key, counted, once_file
from functions.actions.common.courier_texts import Texts
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.erase import erase
from functions.actions.common.forward_to_system import Forwarding
from functions.actions.officer.read_case import Look
from functions.actions.officer.reply_templates import weigh
from functions.casework.access import Viewer, assisting, may_assist
from functions.casework.case import CaseHead, EventKind, Outcome
from functions.casework.case_changes import astray, closed, handed_to, with_second
from functions.casework.clocks import run_clock, with_due
from functions.casework.problems import (
    FieldError,
    InvalidInputProblem,
    MeanwhileProblem,
    NotAllowedProblem,
    NotNowProblem,
)
from functions.casework.report import BODY_MAX, REASON_MAX, read_day, read_text
from functions.casework.routing import outside_targets
from functions.casework.stages import Actor, Duty, Move, MoveRefusedError, Rule, Stage, check_settable, rule_for
from functions.storage.interface import Notice

EXTEND_MAX_DAYS = 60
WRITTEN = frozenset({EventKind.MESSAGE, EventKind.FILE, EventKind.CLOSE})


@dataclass(frozen=True, slots=True)
class Handle(Look):
    """The officer's hands: all that ``Look`` reads, and what he does. ``texts`` seals his words for who can only be
    reached by SMS, ``forwarding`` a report for an agency that has a system of its own."""

    texts: Texts | None = None
    forwarding: Forwarding | None = None

    def reply(
        self, viewer: Viewer, case_id: str, body: str, message_key: str, seen: str = "", *, again: bool = False
    ) -> int:
        """Answer the reporter. Returns the message's number. ``seen`` is the number of the last event that the page
        showed, "" where that is not known. Raises MeanwhileProblem where somebody wrote since. ``again``: he was asked
        about a reply template (``canned.weigh``), and sends it all the same."""
        text = read_reason(body, "body", BODY_MAX)
        once = Once(check_key("message_key", message_key), "body", text)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = self._moved(opened.head, Move.REPLY, duty)
            if seen.isdecimal() and any(e.n > int(seen) and e.kind in WRITTEN for e in opened.case.events):
                raise MeanwhileProblem
            canned = weigh(self.store, self.directory, opened.head, text, again=again)
            head = _canned(head, canned)
            notice = Notice.SECOND_WROTE if duty is Duty.ASSIST else None
            return Step(EventKind.MESSAGE, Actor.OFFICER, {"body": text} | canned, head, notice)

        return self.carry_out(viewer, case_id, decide, once)[0]

    def attach(self, viewer: Viewer, case_id: str, raw: bytes, file_key: str, *, keep_size: bool = False) -> int:
        """Add a file for the reporter to read. Returns its number."""
        once = once_file(check_key("file_key", file_key), raw)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = self._moved(opened.head, Move.ATTACH, duty)
            words = attach(opened, self.blobs, raw, once, Actor.OFFICER, self.today(), keep_size=keep_size)
            return Step(EventKind.FILE, Actor.OFFICER, words, head)

        return self.carry_out(viewer, case_id, decide, once)[0]

    def set_stage(self, viewer: Viewer, case_id: str, stage: str, reason: str, outside: str = "") -> CaseHead:
        """Put the case at a stage the table allows this officer; the reporter reads the reason. ``outside`` goes with
        archiving what is not the local government's: who is responsible (a code of ``routing.outside_targets``)."""
        if stage not in list(Stage):
            raise InvalidInputProblem(FieldError("stage", "unknown" if stage else "required"))
        to, words = Stage(stage), {"reason": read_reason(reason)}
        if outside:
            if to is not Stage.DIARSIPKAN or outside not in outside_targets():
                raise InvalidInputProblem(FieldError("outside", "unknown"))
            words["outside"] = outside

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            try:
                check_settable(head.stage, to, duty)
            except MoveRefusedError as error:
                raise NotNowProblem(move=Move.STAGE, stage=head.stage) from error
            head = counted(self.clocked(head, to), Actor.OFFICER, to)
            if to is Stage.DIARSIPKAN:
                head = closed(head, self.today())
            return Step(EventKind.STAGE, Actor.SYSTEM, words, head)

        return self.carry_out(viewer, case_id, decide)[1]

    def handover(self, viewer: Viewer, case_id: str, agency: str, reason: str, second: str = "") -> CaseHead:
        """Hand the case to another agency, with a reason; a unit hands back to its coordinator. ``second`` is a unit
        that is to work on it beside that one, "" for none; who answers asks one in by ``Second``."""
        text = read_reason(reason)
        if agency not in self.directory.agencies:
            raise InvalidInputProblem(FieldError("agency", "unknown" if agency else "required"))

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            rule = self.rule(head, Move.HANDOVER, duty)
            if agency not in [target.code for target in self._targets(head, duty)]:
                raise InvalidInputProblem(FieldError("agency", "not_a_target"))
            back = agency == head.instance  # to be sorted anew
            stage = Stage.DIALIHKAN if back else rule.to or head.stage
            moved = replace(handed_to(head, agency, second), oversight=head.oversight and not back)
            if second and (duty is Duty.ANSWER or not may_assist(second, moved, self.directory)):
                raise InvalidInputProblem(FieldError("second", "not_a_second"))
            moved = counted(self.clocked(moved, stage), Actor.OFFICER, stage)
            handed = self.today() if stage is Stage.DIDISPOSISIKAN else None
            moved = replace(moved, clock=replace(moved.clock, handed_on=handed))
            moved = astray(moved) if stage is Stage.DIALIHKAN else moved
            words = {"reason": text, "agency": agency} | ({"second": second} if second else {})
            others = ((Notice.ASKED_IN, second),) if second else ()
            if self.forwarding and self.forwarding.reaches(agency):
                key, entry = self.forwarding.begin(moved, *self.copy_for(agency, opened))
                return Step(EventKind.HANDOVER, Actor.SYSTEM, words | key, moved, others=others, outgoing=(entry,))
            return Step(EventKind.HANDOVER, Actor.SYSTEM, words, moved, Notice.HANDED_OVER, others=others)

        return self.carry_out(viewer, case_id, decide)[1]

    def extend(self, viewer: Viewer, case_id: str, due: str, reason: str) -> CaseHead:
        """An interim answer: a new date with a reason, once."""
        text = read_reason(reason)
        day = read_day(due)
        if day is None:
            raise InvalidInputProblem(FieldError("due", "bad_date" if due.strip() else "required"))
        until = day

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            self.rule(head, Move.EXTEND, duty)
            if head.clock.extended:
                raise NotNowProblem(move=Move.EXTEND, stage=head.stage)
            if until <= max(head.clock.due, self.today()) or (until - self.today()).days > EXTEND_MAX_DAYS:
                raise InvalidInputProblem(FieldError("due", "bad_extension", {"days": str(EXTEND_MAX_DAYS)}))
            head = counted(with_due(head, until, self.today()), Actor.OFFICER, head.stage)
            head = replace(head, clock=replace(head.clock, extended=True))
            return Step(EventKind.EXTEND, Actor.SYSTEM, {"reason": text, "due": until.isoformat()}, head)

        return self.carry_out(viewer, case_id, decide)[1]

    def close(
        self, viewer: Viewer, case_id: str, outcome: str, reason: str, message_key: str = "", *, again: bool = False
    ) -> CaseHead:
        """Close with an outcome and a reason the reporter reads. "Repaired" wants a photo for public works. With a
        ``message_key``, the same again finds it done. ``again`` as in ``reply``."""
        if outcome not in list(Outcome):
            raise InvalidInputProblem(FieldError("outcome", "unknown" if outcome else "required"))
        text, result = read_reason(reason), Outcome(outcome)
        once = Once(check_key("message_key", message_key), "reason", text) if message_key else None

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            rule = self.rule(head, Move.CLOSE, duty)
            topic = self.directory.topics.get(head.topic)
            if result is Outcome.DIPERBAIKI and topic and topic.public_work and not _photo_since_reopening(opened):
                raise InvalidInputProblem(FieldError("outcome", "photo_wanted"))
            stage = rule.to or head.stage
            canned = weigh(self.store, self.directory, head, text, again=again)
            head = _canned(closed(self.clocked(head, stage), self.today(), result), canned)
            head = counted(head, Actor.OFFICER, stage)
            return Step(EventKind.CLOSE, Actor.OFFICER, {"reason": text, "outcome": result} | canned, head)

        return self.carry_out(viewer, case_id, decide, once)[1]

    def unmask(self, viewer: Viewer, case_id: str, n: str, reason: str) -> int:
        """Show this officer's agency a message as it was written. The reason is kept, and its writer reads it.
        Returns the act's number; a message that is shown already is not unmasked again."""
        text = read_reason(reason)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.rule(opened.head, Move.UNMASK, duty)
            _, messages = self._read(viewer, opened)
            if not any(str(message.n) == n and message.masked for message in messages):
                raise InvalidInputProblem(FieldError("n", "not_masked"))
            words = {"reason": text, "agency": viewer.agency, "target": n}
            return Step(EventKind.UNMASK, Actor.SYSTEM, words, replace(opened.head, quarantined=False))

        return self.carry_out(viewer, case_id, decide)[0]

    def discard(self, viewer: Viewer, case_id: str) -> CaseHead:
        """Clear away a report that nobody can open: a browser sealed it wrongly. Raises NotAllowedProblem for any
        other."""
        case, granted, _ = self.load(viewer, case_id)
        if Move.DISCARD not in granted.moves:
            raise NotAllowedProblem
        ended = replace(case.head.closing, on=self.today())
        return erase(self.store, self.blobs, case.head, closing=ended)

    def _moved(self, head: CaseHead, move: Move, duty: Duty) -> CaseHead:
        stage = self.rule(head, move, duty).to or head.stage
        return counted(head if stage is head.stage else self.clocked(head, stage), Actor.OFFICER, stage)

    def rule(self, head: CaseHead, move: Move, duty: Duty) -> Rule:
        """The table's rule for a move in this capacity. Raises NotNowProblem where there is none."""
        try:
            return rule_for(move, head.stage, Actor.OFFICER, duty)
        except MoveRefusedError as error:
            raise NotNowProblem(move=move, stage=head.stage) from error

    def allow(self, viewer: Viewer, head: CaseHead, move: Move) -> None:
        """What the stage allows, this case may not: raises NotNowProblem then."""
        granted, _ = self.rights_of(viewer, head)
        if move not in granted.moves:
            raise NotNowProblem(move=move, stage=head.stage)

    def clocked(self, head: CaseHead, stage: Stage) -> CaseHead:
        """The head with its clock as it runs at ``stage`` from today on."""
        return run_clock(head, stage, self.today(), self.deadlines, self.holidays)

    def carry_out(
        self, viewer: Viewer, case_id: str, decide: Callable[[OpenedCase, Duty], Step], once: Once | None = None
    ) -> tuple[int, CaseHead]:
        """Do to a case what ``decide`` says, in the officer's name, with the case as it stands when it is written.
        Returns the event's number and the head. Raises NotAllowedProblem for who only looks on, and what
        ``appending.append`` raises."""
        granted: list[Duty] = []

        def load() -> OpenedCase:
            case, now, key = self.load(viewer, case_id)
            if case.head.shredded:
                raise NotNowProblem(move="", stage=case.head.stage)
            if now.duty is None:
                raise NotAllowedProblem
            granted[:] = [now.duty]
            return OpenedCase(case, key)

        def signed(opened: OpenedCase) -> Step:
            step = decide(opened, granted[0])
            head = with_second(step.head, assisting(step.head, self.directory))
            return replace(step, head=head, officer=viewer.officer)

        return append(self.store, load, signed, self.today(), once, self.texts)


def read_reason(typed: str, name: str = "reason", limit: int = REASON_MAX) -> str:
    """A text that has to be there. Raises InvalidInputProblem for its field."""
    text, errors = read_text({name: typed}, name, limit, required=True)
    if errors:
        raise InvalidInputProblem(*errors)
    return text


def _canned(head: CaseHead, canned: dict[str, str]) -> CaseHead:
    """Return the head after an answer, counted where it was a reply template (``canned``, "" keys for none)."""
    return replace(head, history=replace(head.history, canned=head.history.canned + bool(canned)))


def _photo_since_reopening(opened: OpenedCase) -> bool:
    for event in reversed(opened.case.events):
        if event.kind is EventKind.REOPEN:
            return False
        ours = event.kind is EventKind.FILE and event.by is Actor.OFFICER
        if ours and opened.words(event)["type"].startswith("image/"):
            return True
    return False
