"""Actions at the custody door: ask for an identity with a reason, decide on another's request, read what was opened.

It takes two custodians, each in their own session, and the reporter's yes; the rules stand in
``casework.consent.identity_request``. An overseer, who is never shown the name, may agree to a request that names a
danger to life. Nothing here reads a word of the case or holds a key of the desk.

Tests: ``tests/actions/test_custody.py``, ``tests/doors/test_custody.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from functions.actions.common.custodian_wish import Wish, read_wish
from functions.actions.common.decrypted_identity import Change, OpenedIdentity, rewrite, told
from functions.actions.common.reporter_notice import news
from functions.actions.custodian.slots import Slots
from functions.actions.custodian.views import CustodyView, Pending, own_part
from functions.casework import sealed_identity
from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.consent import identity_request
from functions.casework.consent.identity_request import Danger, Request
from functions.casework.directory.agencies import Directory, Role
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem
from functions.casework.report import REASON_MAX, read_text
from functions.casework.sealed_identity import Identity, StepKind, TrustProblem, TrustState
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys
from functions.crypto.seal.sealing import KEY_BYTES
from functions.crypto.seal.shares import talk_context
from functions.storage.interface import CaseNotFoundError, Notice, OutboxEntry, Store

PAGE = 20


@dataclass(frozen=True, slots=True)
class Custody:
    """The actions of custodians and overseers. ``identity_keys`` are the custody door's private keys, ``public_keys``
    hold the rosters. Without an answer of the reporter nothing opens before ``danger_days`` working days."""

    store: Store
    identity_keys: Callable[[], PrivateKeys]
    directory: Directory
    today: Callable[[], date]
    danger_days: int = 7
    holidays: Collection[date] = ()
    public_keys: Callable[[], PublicKeys] = lambda: PublicKeys({}, {})

    @property
    def slots(self) -> Slots:
        """The shares of split names, as this door keeps them."""
        return Slots(self.store, self.identity_keys, self.public_keys)

    def pending(self, viewer: Viewer) -> tuple[Pending, ...]:
        """Return every waiting request of the instance that this officer may know of. A link for one case finds that
        one; an overseer above the instances, who has no list, finds others by their number."""
        instance = self.directory.instance_of(viewer.agency)
        rows: list[Pending] = []
        if viewer.case_id:
            one = self.store.read_identity(viewer.case_id)
            return self._rows(viewer, (one,) if one else ())
        after = "" if instance else None
        while instance and after is not None:
            found, token = self.store.page_identities(instance.code, after, PAGE)
            rows += self._rows(viewer, found)
            after = token if token and found[-1].pending else None
        return tuple(rows)

    def look(self, viewer: Viewer, case_id: str) -> CustodyView:
        """Return the identity of a case. The first reading of the name is recorded before it is shown; a split name is
        read in the custodian's browser (``shares``).

        Raises NotFoundProblem if it is unknown, hidden from this officer or was never left; BusyProblem.
        """

        def decide(identity: Identity) -> Change | None:
            opened = self.opened(identity)
            first = self.reads(viewer, opened) and not sealed_identity.read_before(opened.steps(), viewer.officer)
            if first and not identity.split:
                return sealed_identity.stepped(identity, StepKind.READ, self.today(), viewer), ()
            usable = sealed_identity.usable_passes(identity, self.today())
            if usable != identity.passes:
                return replace(identity, passes=usable, version=identity.version + 1), ()
            return None

        return self._view(viewer, rewrite(self.store, lambda: self.load(viewer, case_id)[1], decide))

    def ask(self, viewer: Viewer, case_id: str, reason: str, danger: str = "") -> TrustState:
        """Ask for opening. The reporter reads the reason, and ``danger`` if one is named, and answers."""
        if danger and danger not in list(Danger):
            raise InvalidInputProblem(FieldError("danger", "unknown"))
        named = Danger(danger) if danger else None

        def check(opened: OpenedIdentity) -> int:
            identity_request.check_ask(opened.identity, viewer, named)
            self._check_slot(viewer, opened.identity)
            return 0

        return self._step(viewer, case_id, StepKind.ASKED, reason, check, danger)

    def refuse(self, viewer: Viewer, case_id: str, reason: str) -> TrustState:
        """Refuse another's request, at any time."""

        def check(opened: OpenedIdentity) -> int:
            identity_request.check_refuse(opened.identity, opened.steps(), viewer)
            return 0

        return self._step(viewer, case_id, StepKind.REFUSED, reason, check)

    def endorse(self, viewer: Viewer, case_id: str, reason: str) -> TrustState:
        """Agree as an overseer that a danger to life justifies opening without an answer. It opens nothing itself."""

        def check(opened: OpenedIdentity) -> int:
            return identity_request.check_endorse(opened.identity, opened.steps(), viewer).n

        return self._step(viewer, case_id, StepKind.ENDORSED, reason, check)

    def open(self, viewer: Viewer, case_id: str, reason: str) -> TrustState:
        """Agree to another's request, once its reporter said yes. Then both may read."""

        def check(opened: OpenedIdentity) -> int:
            waits = opened.identity.pending
            ends = self._ends(identity_request.waiting(opened.steps())) if waits else self.today()
            self._check_open(viewer, opened, ends)
            return 0

        return self._step(viewer, case_id, StepKind.OPENED, reason, check)

    def _check_slot(self, viewer: Viewer, identity: Identity) -> None:
        """Raise TrustProblem unless this custodian has a share of a split name."""
        if identity.split and not self.slots.of(identity, self.slots.member(identity.instance, viewer.agency)):
            raise TrustProblem("identity_no_slot")

    def _check_open(self, viewer: Viewer, opened: OpenedIdentity, ends: date) -> None:
        identity, steps = opened.identity, opened.steps()
        identity_request.check_open(identity, steps, viewer, self.today(), ends)
        self._check_slot(viewer, identity)
        if identity.split and not self.slots.passed_to(identity, viewer, identity_request.waiting(steps).n):
            raise TrustProblem("identity_unpassed")

    def _step(
        self,
        viewer: Viewer,
        case_id: str,
        kind: StepKind,
        reason: str,
        check: Callable[[OpenedIdentity], int],
        danger: str = "",
    ) -> TrustState:
        """Take one step. ``check`` returns the number of the request that the step answers, or 0. Returns the new
        state.

        Raises InvalidInputProblem, NotFoundProblem, BusyProblem and what ``check`` raises.
        """
        head, _ = self.load(viewer, case_id)
        text, errors = read_text({"reason": reason}, "reason", REASON_MAX, required=True)
        if errors:
            raise InvalidInputProblem(*errors)

        def decide(identity: Identity) -> Change:
            opened = self.opened(identity)
            request = check(opened)
            after = opened.after(kind, self.today(), viewer, text, danger=danger, request=request)
            if kind is StepKind.OPENED:
                after = self.slots.between(after, identity_request.waiting(opened.steps()), viewer.agency)
            return after, _notices(head, kind, viewer, danger)

        return sealed_identity.trust_state(rewrite(self.store, lambda: self.load(viewer, case_id)[1], decide))

    def load(self, viewer: Viewer, case_id: str) -> tuple[CaseHead, Identity]:
        """Return the case and its identity. Raises NotFoundProblem if this officer has nothing to do with them."""
        try:
            head = self.store.read_head(case_id)
        except CaseNotFoundError as error:
            raise NotFoundProblem from error
        identity = self.store.read_identity(case_id) if sealed_identity.may_look(viewer, head, self.directory) else None
        if identity is None or not self._concerns(viewer, identity):
            raise NotFoundProblem
        return head, identity

    def _sees(self, viewer: Viewer, identity: Identity) -> bool:
        try:
            head = self.store.read_head(identity.case_id)
        except CaseNotFoundError:  # deleted just now
            return False
        return sealed_identity.may_look(viewer, head, self.directory) and self._concerns(viewer, identity)

    def _concerns(self, viewer: Viewer, identity: Identity) -> bool:
        """Tell whether it opens here, and whether an overseer has anything to do with it. Custodians always have."""
        if self._dark(identity):
            return False
        return viewer.role is not Role.OVERSEER or identity_request.overseen(
            self.opened(identity).steps(), viewer.officer
        )

    def _rows(self, viewer: Viewer, found: Collection[Identity]) -> tuple[Pending, ...]:
        rows: list[Pending] = []
        for identity in found:
            if not identity.pending or not self._sees(viewer, identity):
                continue
            request = identity_request.waiting(self.opened(identity).steps())
            mine = request.agency == viewer.agency
            rows.append(Pending(identity.case_id, request.on, request, self._opens_on(request), mine=mine))
        return tuple(rows)

    def _dark(self, identity: Identity) -> bool:
        """Tell whether nothing of it opens here: its key was destroyed, or a foreign browser sealed it wrongly."""
        try:
            return bool(identity.wrap_custody) and len(self._key(identity)) != KEY_BYTES
        except SealError:
            return True

    def _view(self, viewer: Viewer, identity: Identity) -> CustodyView:
        opened = self.opened(identity)
        name, contact = opened.person() if opened.key and self.reads(viewer, opened) else (None, None)
        request = identity_request.waiting(opened.steps()) if identity.pending and identity.sealed else None
        until = sealed_identity.readable_until(opened.steps(), viewer.officer) if identity.sealed else None
        return CustodyView(
            case_id=identity.case_id,
            state=sealed_identity.trust_state(identity),
            steps=opened.steps(),
            actions=self._actions(viewer, opened),
            may_name_danger=_allowed(lambda: identity_request.check_ask(identity, viewer, Danger.THREAT)),
            request=request,
            opens_on=self._opens_on(request) if request else None,
            name=name,
            contact=contact,
            readable_until=until,
            split=identity.split,
            part=own_part(viewer, identity, request, reads=self.reads(viewer, opened)),
            passed=identity.passes != b"",
            wish=self._wish(identity) if viewer.role is Role.CUSTODIAN and identity.sealed else None,
        )

    def _wish(self, identity: Identity) -> Wish | None:
        return read_wish(self.store, self.identity_keys().open, identity.instance, identity.case_id, self.today())

    def _actions(self, viewer: Viewer, opened: OpenedIdentity) -> tuple[str, ...]:
        identity, steps = opened.identity, opened.steps()
        if not identity.pending:  # custodians who may read it have nothing to ask for
            free = _allowed(lambda: identity_request.check_ask(identity, viewer)) and not self.reads(viewer, opened)
            return ("ask",) if free else ()
        ends = self._ends(identity_request.waiting(steps))
        able = {
            "refuse": lambda: identity_request.check_refuse(identity, steps, viewer),
            "open": lambda: self._check_open(viewer, opened, ends),
            "endorse": lambda: identity_request.check_endorse(identity, steps, viewer),
        }
        return tuple(name for name, check in able.items() if _allowed(check))

    def _ends(self, request: Request) -> date:
        return identity_request.silence_ends(request, self.danger_days, self.holidays)

    def _opens_on(self, request: Request) -> date | None:
        return self._ends(request) + timedelta(days=1) if request.danger else None

    def reads(self, viewer: Viewer, opened: OpenedIdentity) -> bool:
        """Whether this custodian may read name and contact today."""
        custodian = viewer.role is Role.CUSTODIAN and bool(opened.identity.sealed)
        return custodian and sealed_identity.may_read(opened.steps(), viewer.officer, self.today())

    def opened(self, identity: Identity) -> OpenedIdentity:
        """Return the identity with what this door has of its keys: those of the reasons, and on the older path the
        name's, which only ``_view`` uses."""
        if not identity.wrap_custody:
            return OpenedIdentity(identity, b"", b"")
        talk = self._key(identity)
        return OpenedIdentity(identity, b"" if identity.split else talk, talk)

    def _key(self, identity: Identity) -> bytes:
        context = talk_context(identity.case_id) if identity.split else identity.case_id
        return self.identity_keys().open(identity.instance, context, identity.wrap_custody)


def _allowed(check: Callable[[], object]) -> bool:
    try:
        check()
    except TrustProblem:
        return False
    return True


def _notices(head: CaseHead, kind: StepKind, viewer: Viewer, danger: str) -> tuple[OutboxEntry, ...]:
    """Notify the other custodians of a request and of an overseer's agreement, the overseers of a danger, and the
    reporter who left an address of every step: they must know that they are asked."""
    entries: list[OutboxEntry] = []
    if kind is StepKind.ASKED:
        entries.append(told(Notice.IDENTITY_ASKED, head, viewer.officer))
    if kind is StepKind.ASKED and danger:
        entries.append(told(Notice.IDENTITY_DANGER, head))
    if kind is StepKind.ENDORSED:
        entries.append(told(Notice.IDENTITY_ANSWERED, head))
    if head.reporter.contact:
        entries.append(news(head))
    return tuple(entries)
