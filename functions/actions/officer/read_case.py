"""What an officer reads: his inbox, a case, its files.

Every path goes through ``casework.access.rights``: whom the case is about never gets it, and who only
coordinates sees that it moves, not what is said.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from functions.actions.common.case_ties import numbers_in, ties_in, without_others
from functions.actions.common.decrypted_case import Message, OpenedCase, open_subject, sealed_messages
from functions.actions.officer.masking import mask_text, masked, unmasked_by
from functions.actions.officer.reply_templates import offered
from functions.actions.officer.views import Inbox, OfficerView, Row
from functions.casework.access import Rights, Viewer, may_assist, may_list, may_receive, returned_to, rights
from functions.casework.case import Case, CaseHead, EventKind
from functions.casework.case_ties import Ties
from functions.casework.clocks import Deadlines
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Role
from functions.casework.problems import NotFoundProblem
from functions.casework.routing import Proposal, propose
from functions.casework.stages import Actor, Duty, Move, settable_from
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.sealing import KEY_BYTES
from functions.storage.interface import Blobs, CaseNotFoundError, Page, Scope, Store

PAGE = 20
UPPER = frozenset({Role.INSPECTOR, Role.CENTRE, Role.OVERSEER})


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
        """A page of the cases on this officer's desk; for a coordinator, of his instance; for an overseer, who has no
        desk, of those on which he is to decide. Two queries, the second asks whether anything is in quarantine; one
        more where there is a next page, one for who may have late cases of others and has no other listing with them,
        and one for a unit, which may be the second on others' cases."""
        page = self._one(viewer) if viewer.case_id else self._page(viewer, self._scope(viewer), after)
        holds = viewer.role is not Role.OVERSEER
        waiting = holds and not viewer.case_id and self._any(viewer, Scope.QUARANTINE, "")
        late = viewer.role in UPPER and not viewer.case_id and self._any(viewer, Scope.ESCALATED, "")
        asked = not holds and not viewer.case_id and self._any(viewer, Scope.ASKED, "")
        unit = self.directory.agencies[viewer.agency].kind is AgencyKind.UNIT
        helps = unit and not viewer.case_id and self._any(viewer, Scope.SECOND, "")
        return Inbox(tuple(self._row(viewer, head) for head in page.heads), page.next, waiting, late, asked, helps)

    def escalated(self, viewer: Viewer, after: str = "") -> Inbox:
        """A page of the late cases that went up to this officer, the latest first."""
        return self._listed(viewer, Scope.ESCALATED, after)

    def second(self, viewer: Viewer, after: str = "") -> Inbox:
        """A page of the cases on which this officer's unit is the second."""
        return self._listed(viewer, Scope.SECOND, after)

    def taken(self, viewer: Viewer, after: str = "") -> Inbox:
        """A page of the cases that this officer took."""
        return self._listed(viewer, Scope.ASSIGNED, after)

    def asked(self, viewer: Viewer, after: str = "") -> Inbox:
        """A page of the cases whose guard this overseer is asked to lift."""
        return self._listed(viewer, Scope.ASKED, after)

    def quarantine(self, viewer: Viewer, after: str = "") -> Inbox:
        """A page of what came in a flood and waits on this officer's desk."""
        return self._listed(viewer, Scope.QUARANTINE, after)

    def _listed(self, viewer: Viewer, scope: Scope, after: str) -> Inbox:
        page = Page(()) if viewer.case_id else self._page(viewer, scope, after)
        return Inbox(tuple(self._row(viewer, head) for head in page.heads), page.next)

    def read(self, viewer: Viewer, case_id: str) -> OfficerView:
        """Open a case. Raises NotFoundProblem for what is unknown or not his."""
        case, granted, key = self.load(viewer, case_id)
        head = case.head
        subject, messages, others = None, sealed_messages(case), dict[str, CaseHead]()
        if granted.words:
            opened = OpenedCase(case, key)
            subject, messages = self._read(viewer, opened)
            others = self._others(viewer, messages)
            messages = without_others(messages, others)
            if not any(message.masked for message in messages):
                granted = granted._replace(moves=tuple(m for m in granted.moves if m is not Move.UNMASK))
        targets: tuple[Agency, ...] = ()
        proposals: tuple[Proposal, ...] = ()
        if granted.duty and Move.HANDOVER in granted.moves:
            targets = self._targets(head, granted.duty)
            if granted.duty is Duty.SORT:
                proposals = self._proposals(head, subject or "", messages)
                order = [proposal.agency for proposal in proposals]
                targets = tuple(sorted(targets, key=lambda a: order.index(a.code) if a.code in order else len(order)))
        return OfficerView(
            head,
            subject,
            messages,
            granted,
            targets,
            proposals,
            settable_from(head.stage, granted.duty) if granted.duty else (),
            head.overdue(self.today()),
            offered(self.store, self.directory, head) if Move.REPLY in granted.moves else (),
            self._seconds(head, granted, targets),
            others.get(ties_in(messages).into),
            tuple(others[number] for number in ties_in(messages).joined),
        )

    def file(self, viewer: Viewer, case_id: str, n: int) -> tuple[bytes, str]:
        """A file's bytes and media type. Raises NotFoundProblem."""
        case, granted, key = self.load(viewer, case_id)
        if not granted.words:
            raise NotFoundProblem
        return OpenedCase(case, key).file(n, self.blobs)

    def ties(self, viewer: Viewer, opened: OpenedCase) -> Ties:
        """What a case is joined to, as far as this officer may see the others."""
        messages = opened.messages()
        return ties_in(without_others(messages, self._others(viewer, messages)))

    def _others(self, viewer: Viewer, messages: tuple[Message, ...]) -> dict[str, CaseHead]:
        """Of the cases that these events tie to this one, those that he may see; one query each."""
        found: dict[str, CaseHead] = {}
        for number in numbers_in(messages):
            with suppress(CaseNotFoundError):
                head = self.store.read_head(number)
                if rights(viewer, head, self.directory).see and not head.shredded:
                    found[number] = head
        return found

    def _read(self, viewer: Viewer, opened: OpenedCase) -> tuple[str, tuple[Message, ...]]:
        """Subject and messages as this officer's agency may read them now."""
        return self.copy_for(viewer.agency, opened)

    def copy_for(self, agency: str, opened: OpenedCase) -> tuple[str, tuple[Message, ...]]:
        """Subject and messages as an agency that may read a case reads them: masked, but for what it unmasked."""
        messages = opened.messages()
        shown = unmasked_by(agency, messages)
        topic = self.directory.topics.get(opened.head.topic)
        subject = opened.subject()
        copy = masked(messages, shown, sensitive=topic is not None and topic.sensitive)
        return subject if 1 in shown else mask_text(subject), copy

    def _proposals(self, head: CaseHead, subject: str, messages: tuple[Message, ...]) -> tuple[Proposal, ...]:
        """Whom the words speak for, as this officer reads them: masked. Who had the case and gave it back is out."""
        said = [subject]
        for message in messages:
            if message.by is Actor.REPORTER:
                said += [message.body, message.facts.get("place", "")]
        handed = [m.facts.get("agency", "") for m in messages if m.kind is EventKind.HANDOVER]
        return propose(head, "\n".join(said), self.directory, given_back=handed[:-1])

    def _scope(self, viewer: Viewer) -> Scope:
        if (
            viewer.role is Role.OVERSEER
        ):  # of all that lies on his agency's desk nothing is his: it is not looked through
            return Scope.ASKED
        whole = self.directory.agencies[viewer.agency].kind is AgencyKind.INSTANCE
        return Scope.INSTANCE if whole else Scope.HOLDER

    def _page(self, viewer: Viewer, scope: Scope, after: str) -> Page:
        """A full page of what he may see: one query, another to see whether a next page holds anything for him, and
        more only where something was hidden from him. A short page would tell that there is; so would an empty one."""
        heads: list[CaseHead] = []
        while True:
            page = self.store.page(scope, _shelf(viewer, scope), after, PAGE - len(heads))
            heads += [head for head in page.heads if may_list(viewer, head, self.directory)]
            after = page.next
            if after and len(heads) == PAGE:
                return Page(tuple(heads), after if self._any(viewer, scope, after) else "")
            if not after:
                return Page(tuple(heads))

    def _any(self, viewer: Viewer, scope: Scope, after: str) -> bool:
        """Whether anything he may see comes after: what is hidden from him must not show as "there is more". One
        query, and more only where something is hidden."""
        limit = 1
        while True:
            page = self.store.page(scope, _shelf(viewer, scope), after, limit)
            if any(may_list(viewer, head, self.directory) for head in page.heads):
                return True
            if not page.next:
                return False
            after, limit = page.next, PAGE

    def _one(self, viewer: Viewer) -> Page:
        try:
            return Page((self.load(viewer, viewer.case_id)[0].head,))
        except NotFoundProblem:
            return Page(())

    def _targets(self, head: CaseHead, duty: Duty) -> tuple[Agency, ...]:
        """Whom this officer may hand the case to: a sorter to the coordinator, where he is not that himself, and to
        units; an answering unit back to the sorter (the inspectorate, where the coordinator is accused)."""
        instance = self.directory.agencies[head.instance]
        candidates = (instance, *self.directory.units(head.instance))
        if duty is Duty.ANSWER:
            candidates = (self.directory.agencies[returned_to(instance, head.accused, self.directory)],)
        return tuple(a for a in candidates if a.code != head.holder and may_receive(a.code, head, self.directory))

    def _seconds(self, head: CaseHead, granted: Rights, targets: tuple[Agency, ...]) -> tuple[Agency, ...]:
        """Whom this officer may name as second unit: who hands on, any unit that he may hand it to; who answers, any
        that may work on it beside his own."""
        if granted.duty in (Duty.SORT, Duty.OVERSEE) and not head.oversight:
            return tuple(agency for agency in targets if agency.kind is AgencyKind.UNIT)
        if granted.duty is not Duty.ANSWER or Move.SECOND not in granted.moves or head.desk_work.second:
            return ()
        units = self.directory.units(head.instance)
        return tuple(unit for unit in units if may_assist(unit.code, head, self.directory))

    def _row(self, viewer: Viewer, head: CaseHead) -> Row:
        granted, key = self.rights_of(viewer, head)
        subject = mask_text(open_subject(head, key)) if granted.words else None
        oversees = granted.duty is Duty.OVERSEE
        asked = oversees and Move.LIFT in granted.moves
        return Row(head, subject, head.overdue(self.today()), oversees and not asked, asked)

    def load(self, viewer: Viewer, case_id: str) -> tuple[Case, Rights, bytes]:
        """A case, what this officer may do, and its key where he may read the words, b"" where not."""
        try:
            case = self.store.read_case(case_id)
        except CaseNotFoundError as error:
            raise NotFoundProblem from error
        granted, key = self.rights_of(viewer, case.head)
        if not granted.see:
            raise NotFoundProblem
        return case, granted, key

    def rights_of(self, viewer: Viewer, head: CaseHead) -> tuple[Rights, bytes]:
        """The rights by law, less what the desk cannot open: a case closed under a destroyed key is dark, and what
        a browser wrapped wrongly never opens: that can only be cleared away (``Move.DISCARD``). With them the key that
        was opened to see, since opening is what costs."""
        granted = rights(viewer, head, self.directory)
        key = self.case_key(head) if granted.words else b""
        if granted.words and not key:
            known = self.desk_keys().knows(head.instance, head.wraps.key_id)
            moves = (Move.DISCARD,) if known and granted.duty is Duty.SORT else ()
            return Rights(see=True, words=False, duty=None, moves=moves), key
        if granted.duty and Move.HANDOVER in granted.moves and not self._targets(head, granted.duty):
            return granted._replace(moves=tuple(move for move in granted.moves if move is not Move.HANDOVER)), key
        return granted, key

    def case_key(self, head: CaseHead) -> bytes:
        """The case's key, b"" where the desk cannot open it."""
        try:
            key = self.desk_keys().open(head.instance, head.case_id, head.wraps.desk)
        except SealError:
            return b""
        return key if len(key) == KEY_BYTES else b""


def _shelf(viewer: Viewer, scope: Scope) -> str:
    """Whose part of a listing he sees: his own, or his agency's."""
    return viewer.officer if scope is Scope.ASSIGNED else viewer.agency
