"""What an officer reads of one case: its words, its files, where it may go.

Every path asks ``casework.access.rights``. The accused never get the case. A coordinator sees its stage, not its words.

Tests: ``tests/doors/test_desk.py``, ``tests/doors/test_joined.py``, ``tests/actions/test_conflict_reads.py``.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from functions.actions.common.case_ties import numbers_in, ties_in, without_others
from functions.actions.common.decrypted_case import Message, OpenedCase, sealed_messages
from functions.actions.common.even_lookup import EvenLookup
from functions.actions.common.file_limits import desk_turn, read_file
from functions.actions.officer.masking import HIDDEN, accusing, mask_text, masked, quoted, unmasked_by, written
from functions.actions.officer.reply_templates import offered
from functions.actions.officer.unread_words import take_from_accused, unread_accuse
from functions.actions.officer.views import OfficerView
from functions.casework.access import Rights, Viewer, is_accused, may_assist, may_receive, returned_to, rights
from functions.casework.case import CaseHead, EventKind, Lift
from functions.casework.case_ties import Ties
from functions.casework.deadlines.clocks import Deadlines
from functions.casework.directory.accused_name import Accused, bearers
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.formats.message_pages import Page, page_of
from functions.casework.problems import FactsChangedProblem, NotFoundProblem
from functions.casework.report import BODY_MAX
from functions.casework.routing.propose import Proposal, propose
from functions.casework.routing.recall import read_noted
from functions.casework.stages import Actor, Duty, Move, Stage, settable_from
from functions.casework.understanding.accused import Accusation, accused_of
from functions.casework.understanding.said import Said, what_is_said
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.bound_facts import as_hashed, is_bound
from functions.crypto.seal.sealing import KEY_BYTES
from functions.crypto.sign.reporter_acts import brought_wrap
from functions.storage.interface import Blobs, CaseNotFoundError, Store

WRITTEN = frozenset({EventKind.MESSAGE, EventKind.NOTE})
PAGE_CHARACTERS = BODY_MAX  # a fifth of a reporter's page: each word is searched for what identifies its writer


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Opens cases for officers. ``desk_keys`` returns the desk's private keys. ``holidays`` are days off beside the
    national ones, for deadlines in working days."""

    store: Store
    blobs: Blobs
    desk_keys: Callable[[], PrivateKeys]
    directory: Directory
    today: Callable[[], date]
    even: EvenLookup[CaseHead] = field(default_factory=EvenLookup)
    holidays: Collection[date] = ()
    deadlines: Deadlines = field(default_factory=Deadlines)

    def read(self, viewer: Viewer, case_id: str, before: int = 0) -> OfficerView:
        """Open a case, with the words of the newest page below message ``before`` (0: of all). Raises NotFoundProblem
        for one that is unknown or not for this officer."""
        opened, granted = self.load(viewer, case_id)
        head = opened.head
        subject, messages, others = None, sealed_messages(opened.case), dict[str, CaseHead]()
        named, page = Accused(), Page(messages, older=0, newest=True)
        if granted.words:
            self._learnt(viewer, opened)
            named = opened.named()
            page = page_of(opened.messages(), before, most=PAGE_CHARACTERS)
            numbers = {1, *(message.n for message in page.messages)}
            subject, messages = self.copy_for(viewer.agency, opened, numbers)
            others = self._others(viewer, messages)
            messages = without_others(messages, others)
            if not any(message.masked for message in messages):
                granted = granted._replace(moves=tuple(m for m in granted.moves if m is not Move.UNMASK))
        targets: tuple[Agency, ...] = ()
        proposals: tuple[Proposal, ...] = ()
        suspects: tuple[Accusation, ...] = ()
        if granted.duty and Move.HANDOVER in granted.moves:
            targets = tuple(a for a in self.targets(head, granted.duty) if not self.hides(a.code, head, named))
            said = self.said(opened, {1, *(message.n for message in page.messages)})
            suspects = self.suspects(head, said, subject or "", messages)
            if granted.duty is Duty.SORT:
                proposals = self.proposals(head, said, subject or "", messages)
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
            named,
            suspects,
            frozenset({1, *(message.n for message in page.messages)}),
            page.older,
            page.newest,
        )

    def file(self, viewer: Viewer, case_id: str, n: int) -> tuple[bytes, str]:
        """Return a file's bytes and media type. Raises NotFoundProblem, UnsafeFileProblem, BusyProblem."""
        opened, granted = self.load(viewer, case_id)
        if not granted.words:
            raise NotFoundProblem
        self._learnt(viewer, opened)
        return read_file(opened, n, self.blobs, desk_turn(viewer.officer))

    def _learnt(self, viewer: Viewer, opened: OpenedCase) -> None:
        """Note that whom a hand-over tells has opened the case: its desk can recall it no longer."""
        last, told = opened.case.events[-1], (opened.head.holder, opened.head.desk_work.second)
        if last.kind is not EventKind.HANDOVER or viewer.agency not in told:
            return
        if handed := read_noted(opened.readable(last)):
            for notice in handed.notices:
                self.store.pin(notice)

    def ties(self, viewer: Viewer, opened: OpenedCase) -> Ties:
        """Return what a case is joined to, as far as this officer may see the others."""
        messages = opened.messages()
        return ties_in(without_others(messages, self._others(viewer, messages)))

    def _others(self, viewer: Viewer, messages: tuple[Message, ...]) -> dict[str, CaseHead]:
        """Return the joined cases this officer may see. Takes one query each."""
        found: dict[str, CaseHead] = {}
        for number in numbers_in(messages):
            with suppress(CaseNotFoundError):
                head = self.store.read_head(number)
                if rights(viewer, head, self.directory).see and not head.shredded:
                    found[number] = head
        return found

    def copy_for(
        self, agency: str, opened: OpenedCase, numbers: Collection[int] | None = None
    ) -> tuple[str, tuple[Message, ...]]:
        """Return subject and messages as an agency reads them: masked, except what it unmasked. Where ``numbers`` are
        given, others that somebody wrote come without their words: searching these is what costs."""
        messages = opened.messages()
        shown = unmasked_by(agency, messages)
        messages = _only(messages, numbers)
        subject = opened.subject()
        copy = masked(messages, shown, sensitive=self.sensitive(opened))
        if 1 in shown:
            return subject, copy
        same = bool(messages) and messages[0].by is Actor.REPORTER and messages[0].facts.get("subject") == subject
        return copy[0].facts["subject"] if same else mask_text(subject), copy  # a foreign browser may seal another

    def sensitive(self, opened: OpenedCase) -> bool:
        """Return whether a topic that the case has or had is a sensitive one, whose exact place is masked too."""
        return self.directory.sensitive(opened.topics())

    def proposals(
        self, head: CaseHead, said: Said, subject: str, messages: tuple[Message, ...]
    ) -> tuple[Proposal, ...]:
        """Return the agencies that the masked words speak for, without those that gave the case back, and whom what was
        ``said`` accuses."""
        handed: list[str] = []
        for message in messages:
            if message.kind is EventKind.HANDOVER:
                handed.append(message.facts.get("agency", ""))
            elif message.kind is EventKind.RECALL:  # who never had it has not given it back
                del handed[-1:]
        return propose(head, written(subject, messages), self.directory, handed[:-1], said)

    def suspects(
        self, head: CaseHead, said: Said, subject: str = "", messages: tuple[Message, ...] = ()
    ) -> tuple[Accusation, ...]:
        """Return whom what was ``said`` accuses, though the case does not say so: none gets it before a person says so.
        An overseer's lift is that, of the one it was asked for. Whom the case is kept from stands here too. Of each the
        words that say so, as far as they stand in the masked copy."""
        later, copy = head.desk_work.kept_from, accusing(subject, messages)
        found = tuple(e for e in said.accused if not is_accused(e.agency, head.about_agency, self.directory))
        found = tuple(quoted(each, copy) for each in found if not (each.undone and each.agency in later))
        unseen = [code for code in later if code not in {each.agency for each in found}]
        if not unseen:
            return found
        bodies = "\n".join(each.body for each in messages)
        anybody = what_is_said(bodies, self.directory, head.instance, head.topic)
        words = {each.agency: each.words for each in reversed(anybody.accused)}
        return (*found, *(Accusation(code, words.get(code, HIDDEN), sure=False) for code in unseen))

    def said(self, opened: OpenedCase, numbers: Collection[int] | None = None, instance: str = "") -> Said:
        """Return what the reporter's words say as they were written, to another ``instance`` if one is named
        (``numbers`` as in ``copy_for``). The copy may mask the very office that they accuse: their writer's."""
        text, head = accusing(opened.subject(), _only(opened.messages(), numbers)), opened.head
        return what_is_said(text, self.directory, instance or head.instance, head.topic)

    def needs_a_yes(self, agency: str, head: CaseHead, suspects: Sequence[Accusation]) -> bool:
        """Whether its ``suspects`` may be an agency, so that it gets the case only if whoever hands it over says so."""
        found = (*accused_of(suspects), *head.desk_work.kept_from)
        return any(is_accused(agency, code, self.directory) for code in found)

    def targets(self, head: CaseHead, duty: Duty) -> Iterator[Agency]:
        """Yield the agencies this officer may hand the case to. A sorting desk: the coordinator and the units. An
        answering unit: back to the sorting desk (the inspectorate, if the coordinator is accused)."""
        instance = self.directory.agencies[head.instance]
        candidates = (instance, *self.directory.units(head.instance))
        if duty is Duty.ANSWER:
            candidates = (self.directory.agencies[returned_to(instance, head.accused, self.directory)],)
        yield from (a for a in candidates if a.code != head.holder and may_receive(a.code, head, self.directory))

    def _seconds(self, head: CaseHead, granted: Rights, targets: tuple[Agency, ...]) -> tuple[Agency, ...]:
        """Return the units this officer may name as second. A sorting desk: any it may hand the case to. An answering
        unit: any that may work on it too."""
        if granted.duty in (Duty.SORT, Duty.OVERSEE) and not head.oversight:
            return tuple(agency for agency in targets if agency.kind is AgencyKind.UNIT)
        if granted.duty is not Duty.ANSWER or Move.SECOND not in granted.moves or head.desk_work.second:
            return ()
        units = self.directory.units(head.instance)
        return tuple(unit for unit in units if may_assist(unit.code, head, self.directory))

    def load(self, viewer: Viewer, case_id: str) -> tuple[OpenedCase, Rights]:
        """Return a case, opened, and what this officer may do. Its key is b"" if they may not read the words.

        Raises NotFoundProblem, also for officers of an agency that bears the name of the accused today;
        FactsChangedProblem if the facts that decide on this are not those it was sealed with.
        """
        self._guard(viewer, case_id)
        try:
            case = self.store.read_case(case_id)
        except CaseNotFoundError as error:  # deleted between the two readings
            raise NotFoundProblem from error
        granted, key = self.rights_of(viewer, case.head)
        if not granted.see:  # handed on between the two readings
            raise NotFoundProblem
        if not key and self._altered(case.head):
            if not brought_wrap(case):
                raise FactsChangedProblem(case_id=case.head.case_id)
            granted, _ = self.rights_of(viewer, case.head, locked=True)
        opened = OpenedCase(case, key)
        if key and not opened.as_replies_said(self.directory):
            raise FactsChangedProblem(case_id=case.head.case_id)
        if key and self.hides(viewer.agency, case.head, opened.named()):
            raise NotFoundProblem
        if key and take_from_accused(self, opened):
            return self.load(viewer, case_id)
        if key and viewer.agency != case.head.holder and unread_accuse(viewer.agency, opened, self.directory):
            raise NotFoundProblem
        return opened, granted

    def _guard(self, viewer: Viewer, case_id: str) -> None:
        """Raise NotFoundProblem for what is unknown or hidden, after the same work: see ``EvenLookup``."""
        head, there = self.even.find(self.store.read_head, case_id)
        if head and rights(viewer, head, self.directory).see and there:
            return
        if there:
            self.even.refuse(self.store.read_head)
        raise NotFoundProblem

    def hides(self, agency: str, head: CaseHead, named: Accused) -> bool:
        """Whether the sealed words name this agency as the accused, by its code or by the name it bears today."""
        lifted = head.lift.state is Lift.LIFTED and is_accused(named.code, head.about_agency, self.directory)
        codes = [*bearers(named, self.directory), *([] if lifted else [named.code])]
        return any(is_accused(agency, code, self.directory) for code in codes)

    def _altered(self, head: CaseHead) -> bool:
        """Whether a case that does not open was opened before, or has other facts than its wrap says. A wrap that a
        browser made wrongly never opened."""
        if not as_hashed(head):
            return True
        acted_on = head.stage is not Stage.DITERIMA or head.history.from_officers > 0
        known = acted_on and is_bound(head) and self.desk_keys().knows(head.instance, head.wraps.key_id)
        return known and not self.case_key(head)

    def rights_of(self, viewer: Viewer, head: CaseHead, *, locked: bool = False) -> tuple[Rights, bytes]:
        """Return the rights by law, less what the desk cannot open, and the case's key: opening is what costs.

        A case closed under a destroyed key stays dark. What a browser wrapped wrongly never opens: the only move left
        is ``Move.DISCARD``; where its reporter brought that wrap (``locked``), for whoever may close the case."""
        granted = rights(viewer, head, self.directory)
        key = self.case_key(head) if granted.words else b""
        if granted.words and not key:
            known = self.desk_keys().knows(head.instance, head.wraps.key_id)
            may = Move.CLOSE in granted.moves if locked else granted.duty is Duty.SORT and not self._altered(head)
            return Rights(see=True, words=False, duty=None, moves=(Move.DISCARD,) if known and may else ()), key
        if granted.duty and Move.HANDOVER in granted.moves and not any(self.targets(head, granted.duty)):
            return granted._replace(moves=tuple(move for move in granted.moves if move is not Move.HANDOVER)), key
        return granted, key

    def case_key(self, head: CaseHead) -> bytes:
        """Return the case's key, b"" if the desk cannot open it, or its facts are not those it was sealed with."""
        try:
            key = self.desk_keys().open_case(head)
        except SealError:
            return b""
        return key if len(key) == KEY_BYTES else b""


def _only(messages: tuple[Message, ...], numbers: Collection[int] | None) -> tuple[Message, ...]:
    if numbers is None:
        return messages
    return tuple(m if m.n in numbers or m.kind not in WRITTEN else replace(m, body="") for m in messages)
