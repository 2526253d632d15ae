"""What an officer does with a case: read, reply, attach, set the stage, hand over, extend, close.

Every path goes through ``casework.access.rights``: whom the case is about never gets it, and who only
coordinates sees that it moves, not what is said.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

from functions.actions.appending import Once, Step, append, attach, check_key, counted, once_file
from functions.actions.opened import Message, OpenedCase, open_subject, sealed_messages
from functions.casework.access import Rights, Viewer, first_holder, may_list, may_receive, rights
from functions.casework.agencies import Agency, AgencyKind, Directory
from functions.casework.case import Case, CaseHead, EventKind, Outcome
from functions.casework.clocks import Deadlines, due_after
from functions.casework.problems import (
    FieldError,
    InvalidInputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    NotNowProblem,
)
from functions.casework.report import BODY_MAX, REASON_MAX, read_text
from functions.casework.stages import (
    Actor,
    Duty,
    Move,
    MoveRefusedError,
    Rule,
    Stage,
    check_settable,
    rule_for,
    settable_from,
)
from functions.storage.interface import Blobs, CaseNotFoundError, Notice, Page, Scope, Store
from functions.vault.keyring import PrivateKeys

PAGE = 20
EXTEND_MAX_DAYS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the inbox. ``subject`` is None for who may not read the words."""

    head: CaseHead
    subject: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox and the token of the next."""

    rows: tuple[Row, ...]
    next: str


@dataclass(frozen=True, slots=True)
class OfficerView:
    """The case as this officer may read it. ``targets`` are the agencies he may hand it to, the proposed one
    first; ``stages`` those he may set."""

    head: CaseHead
    subject: str | None
    messages: tuple[Message, ...]
    rights: Rights
    targets: tuple[Agency, ...]
    proposed: str
    stages: tuple[Stage, ...]
    overdue: bool


@dataclass(frozen=True, slots=True)
class Handle:
    """The officer's side of a case. ``desk_keys`` are the desk's private keys."""

    store: Store
    blobs: Blobs
    desk_keys: Callable[[], PrivateKeys]
    directory: Directory
    today: Callable[[], date]
    deadlines: Deadlines = field(default_factory=Deadlines)
    holidays: Collection[date] = ()

    def inbox(self, viewer: Viewer, after: str = "") -> Inbox:
        """A page of the cases on this officer's desk; for a coordinator, of his instance. One query."""
        page = self._one(viewer) if viewer.case_id else self._page(viewer, after)
        rows = (self._row(viewer, head) for head in page.heads if may_list(viewer, head, self.directory))
        return Inbox(tuple(rows), page.next)

    def read(self, viewer: Viewer, case_id: str) -> OfficerView:
        """Open a case. Raises NotFoundProblem for what is unknown or not his."""
        case, granted = self._load(viewer, case_id)
        head = case.head
        subject, messages = None, sealed_messages(case)
        if granted.words:
            opened = self._opened(case)
            subject, messages = opened.subject(), opened.messages()
        targets = self._targets(head, granted.duty) if granted.duty and Move.HANDOVER in granted.moves else ()
        proposed = self.directory.topics[head.topic].unit if head.topic in self.directory.topics else ""
        return OfficerView(
            head,
            subject,
            messages,
            granted,
            targets,
            proposed if any(agency.code == proposed for agency in targets) else "",
            settable_from(head.stage, granted.duty) if granted.duty else (),
            head.open and head.due < self.today(),
        )

    def file(self, viewer: Viewer, case_id: str, n: int) -> tuple[bytes, str]:
        """A file's bytes and media type. Raises NotFoundProblem."""
        case, granted = self._load(viewer, case_id)
        if not granted.words:
            raise NotFoundProblem
        return self._opened(case).file(n, self.blobs)

    def reply(self, viewer: Viewer, case_id: str, body: str, message_key: str) -> int:
        """Answer the reporter. Returns the message's number."""
        text = _text("body", body, BODY_MAX)
        once = Once(check_key("message_key", message_key), "body", text)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = self._moved(opened.head, Move.REPLY, duty)
            return Step(EventKind.MESSAGE, Actor.OFFICER, {"body": text}, head)

        return self._append(viewer, case_id, decide, once)[0]

    def attach(self, viewer: Viewer, case_id: str, raw: bytes, file_key: str) -> int:
        """Add a file for the reporter to read. Returns its number."""
        once = once_file(check_key("file_key", file_key), raw)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = self._moved(opened.head, Move.ATTACH, duty)
            words = attach(opened, self.blobs, raw, once, Actor.OFFICER, self.today())
            return Step(EventKind.FILE, Actor.OFFICER, words, head)

        return self._append(viewer, case_id, decide, once)[0]

    def set_stage(self, viewer: Viewer, case_id: str, stage: str, reason: str) -> CaseHead:
        """Put the case at a stage the table allows this officer; the reporter reads the reason."""
        if stage not in list(Stage):
            raise InvalidInputProblem(FieldError("stage", "unknown" if stage else "required"))
        to, text = Stage(stage), _text("reason", reason, REASON_MAX)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            try:
                check_settable(head.stage, to, duty)
            except MoveRefusedError as error:
                raise NotNowProblem(move=Move.STAGE, stage=head.stage) from error
            closed = self.today() if to is Stage.DIARSIPKAN else None
            head = counted(head, Actor.OFFICER, to, due=self._due(head, to), closed_on=closed)
            return Step(EventKind.STAGE, Actor.SYSTEM, {"reason": text}, head)

        return self._append(viewer, case_id, decide)[1]

    def handover(self, viewer: Viewer, case_id: str, agency: str, reason: str) -> CaseHead:
        """Hand the case to another agency, with a reason; a unit hands back to its coordinator."""
        text = _text("reason", reason, REASON_MAX)
        if agency not in self.directory.agencies:
            raise InvalidInputProblem(FieldError("agency", "unknown" if agency else "required"))

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            rule = self._rule(head, Move.HANDOVER, duty)
            if agency not in [target.code for target in self._targets(head, duty)]:
                raise InvalidInputProblem(FieldError("agency", "not_a_target"))
            stage = rule.to or head.stage
            moved = replace(head, holder=agency, extended=False)
            handed = self.today() if stage is Stage.DIDISPOSISIKAN else None
            moved = counted(moved, Actor.OFFICER, stage, due=self._due(moved, stage), handed_on=handed)
            words = {"reason": text, "agency": agency}
            return Step(EventKind.HANDOVER, Actor.SYSTEM, words, moved, Notice.HANDED_OVER)

        return self._append(viewer, case_id, decide)[1]

    def extend(self, viewer: Viewer, case_id: str, due: str, reason: str) -> CaseHead:
        """An interim answer: a new date with a reason, once."""
        text = _text("reason", reason, REASON_MAX)
        try:
            day = date.fromisoformat(due.strip())
        except ValueError as error:
            raise InvalidInputProblem(FieldError("due", "bad_date" if due else "required")) from error

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            self._rule(head, Move.EXTEND, duty)
            if head.extended:
                raise NotNowProblem(move=Move.EXTEND, stage=head.stage)
            if not head.due < day or (day - self.today()).days > EXTEND_MAX_DAYS:
                raise InvalidInputProblem(FieldError("due", "bad_extension", {"days": str(EXTEND_MAX_DAYS)}))
            head = counted(head, Actor.OFFICER, head.stage, due=day, extended=True)
            return Step(EventKind.EXTEND, Actor.SYSTEM, {"reason": text, "due": day.isoformat()}, head)

        return self._append(viewer, case_id, decide)[1]

    def close(self, viewer: Viewer, case_id: str, outcome: str, reason: str) -> CaseHead:
        """Close with an outcome and a reason the reporter reads. "Repaired" wants a photo for public works."""
        if outcome not in list(Outcome):
            raise InvalidInputProblem(FieldError("outcome", "unknown" if outcome else "required"))
        text, result = _text("reason", reason, REASON_MAX), Outcome(outcome)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head = opened.head
            rule = self._rule(head, Move.CLOSE, duty)
            topic = self.directory.topics.get(head.topic)
            if result is Outcome.DIPERBAIKI and topic and topic.public_work and not _photo_since_reopening(opened):
                raise InvalidInputProblem(FieldError("outcome", "photo_wanted"))
            stage = rule.to or head.stage
            head = counted(
                head, Actor.OFFICER, stage, due=self._due(head, stage), outcome=result, closed_on=self.today()
            )
            return Step(EventKind.CLOSE, Actor.OFFICER, {"reason": text, "outcome": result}, head)

        return self._append(viewer, case_id, decide)[1]

    def _page(self, viewer: Viewer, after: str) -> Page:
        whole = self.directory.agencies[viewer.agency].kind is AgencyKind.INSTANCE
        return self.store.page(Scope.INSTANCE if whole else Scope.HOLDER, viewer.agency, after, PAGE)

    def _one(self, viewer: Viewer) -> Page:
        try:
            return Page((self._load(viewer, viewer.case_id)[0].head,))
        except NotFoundProblem:
            return Page(())

    def _moved(self, head: CaseHead, move: Move, duty: Duty) -> CaseHead:
        stage = self._rule(head, move, duty).to or head.stage
        return counted(head, Actor.OFFICER, stage, due=self._due(head, stage) if stage is not head.stage else head.due)

    def _rule(self, head: CaseHead, move: Move, duty: Duty) -> Rule:
        try:
            return rule_for(move, head.stage, Actor.OFFICER, duty)
        except MoveRefusedError as error:
            raise NotNowProblem(move=move, stage=head.stage) from error

    def _due(self, head: CaseHead, stage: Stage) -> date:
        return due_after(head, stage, self.today(), self.deadlines, self.holidays)

    def _targets(self, head: CaseHead, duty: Duty) -> tuple[Agency, ...]:
        """Whom this officer may hand the case to: a sorter to units, an answering unit back to the sorter (the
        inspectorate, where the coordinator is accused)."""
        instance = self.directory.agencies[head.instance]
        candidates = self.directory.units(head.instance)
        if duty is Duty.ANSWER:
            candidates = (self.directory.agencies[first_holder(instance, head.about_agency, self.directory)],)
        return tuple(a for a in candidates if a.code != head.holder and may_receive(a.code, head, self.directory))

    def _row(self, viewer: Viewer, head: CaseHead) -> Row:
        subject = None
        if self._rights(viewer, head).words:
            subject = open_subject(head, self._case_key(head))
        return Row(head, subject, head.open and head.due < self.today())

    def _load(self, viewer: Viewer, case_id: str) -> tuple[Case, Rights]:
        try:
            case = self.store.read_case(case_id)
        except CaseNotFoundError as error:
            raise NotFoundProblem from error
        granted = self._rights(viewer, case.head)
        if not granted.see:
            raise NotFoundProblem
        return case, granted

    def _rights(self, viewer: Viewer, head: CaseHead) -> Rights:
        """The rights by law, less what the desk can no longer open: a case closed under a destroyed key is dark."""
        granted = rights(viewer, head, self.directory)
        if granted.words and head.key_id not in self.desk_keys().keys:
            return Rights(see=True, words=False, duty=None, moves=())
        if granted.duty and not self._targets(head, granted.duty):
            return replace(granted, moves=tuple(move for move in granted.moves if move is not Move.HANDOVER))
        return granted

    def _append(
        self, viewer: Viewer, case_id: str, decide: Callable[[OpenedCase, Duty], Step], once: Once | None = None
    ) -> tuple[int, CaseHead]:
        granted: list[Duty] = []

        def load() -> OpenedCase:
            case, now = self._load(viewer, case_id)
            if now.duty is None:
                raise NotAllowedProblem
            granted[:] = [now.duty]
            return self._opened(case)

        return append(self.store, load, lambda opened: decide(opened, granted[0]), self.today(), once)

    def _opened(self, case: Case) -> OpenedCase:
        return OpenedCase(case, self._case_key(case.head))

    def _case_key(self, head: CaseHead) -> bytes:
        return self.desk_keys().open(head.instance, head.case_id, head.wrap_desk)


def _text(name: str, typed: str, limit: int) -> str:
    text, errors = read_text({name: typed}, name, limit, required=True)
    if errors:
        raise InvalidInputProblem(*errors)
    return text


def _photo_since_reopening(opened: OpenedCase) -> bool:
    for event in reversed(opened.case.events):
        if event.kind is EventKind.REOPEN:
            return False
        if event.kind is EventKind.FILE and event.by is Actor.OFFICER:
            return opened.words(event)["type"].startswith("image/")
    return False
