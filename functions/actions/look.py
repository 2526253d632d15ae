"""What an officer reads: his inbox, a case, its files.

Every path goes through ``casework.access.rights``: whom the case is about never gets it, and who only
coordinates sees that it moves, not what is said.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

from functions.actions.opened import Message, OpenedCase, open_subject, sealed_messages
from functions.casework.access import Rights, Viewer, first_holder, may_list, may_receive, rights
from functions.casework.agencies import Agency, AgencyKind, Directory
from functions.casework.case import Case, CaseHead
from functions.casework.clocks import Deadlines
from functions.casework.problems import NotFoundProblem
from functions.casework.stages import Duty, Move, Stage, settable_from
from functions.storage.interface import Blobs, CaseNotFoundError, Page, Scope, Store
from functions.vault.keyring import PrivateKeys

PAGE = 20


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
class Look:
    """The officer's eyes. ``desk_keys`` are the desk's private keys."""

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
        return Inbox(tuple(self._row(viewer, head) for head in page.heads), page.next)

    def read(self, viewer: Viewer, case_id: str) -> OfficerView:
        """Open a case. Raises NotFoundProblem for what is unknown or not his."""
        case, granted = self._load(viewer, case_id)
        head = case.head
        subject, messages = None, sealed_messages(case)
        if granted.words:
            opened = self._opened(case)
            subject, messages = opened.subject(), opened.messages()
        proposed = self.directory.topics[head.topic].unit if head.topic in self.directory.topics else ""
        targets: tuple[Agency, ...] = ()
        if granted.duty and Move.HANDOVER in granted.moves:
            found = self._targets(head, granted.duty)
            targets = tuple(sorted(found, key=lambda agency: agency.code != proposed))
        return OfficerView(
            head,
            subject,
            messages,
            granted,
            targets,
            proposed if any(agency.code == proposed for agency in targets) else "",
            settable_from(head.stage, granted.duty) if granted.duty else (),
            head.overdue(self.today()),
        )

    def file(self, viewer: Viewer, case_id: str, n: int) -> tuple[bytes, str]:
        """A file's bytes and media type. Raises NotFoundProblem."""
        case, granted = self._load(viewer, case_id)
        if not granted.words:
            raise NotFoundProblem
        return self._opened(case).file(n, self.blobs)

    def _page(self, viewer: Viewer, after: str) -> Page:
        """A full page of what he may see: one query, and more only where something was hidden from him, since a
        short page would tell that there is."""
        whole = self.directory.agencies[viewer.agency].kind is AgencyKind.INSTANCE
        scope = Scope.INSTANCE if whole else Scope.HOLDER
        heads: list[CaseHead] = []
        while True:
            page = self.store.page(scope, viewer.agency, after, PAGE - len(heads))
            heads += [head for head in page.heads if may_list(viewer, head, self.directory)]
            after = page.next
            if not after or len(heads) == PAGE:
                return Page(tuple(heads), after)

    def _one(self, viewer: Viewer) -> Page:
        try:
            return Page((self._load(viewer, viewer.case_id)[0].head,))
        except NotFoundProblem:
            return Page(())

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
        return Row(head, subject, head.overdue(self.today()))

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

    def _opened(self, case: Case) -> OpenedCase:
        return OpenedCase(case, self._case_key(case.head))

    def _case_key(self, head: CaseHead) -> bytes:
        return self.desk_keys().open(head.instance, head.case_id, head.wrap_desk)
