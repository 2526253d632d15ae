"""Actions of a custodian: ask for an identity with a reason, decide on another's request, read what both opened.

It takes two custodians, each in their own session. Nothing here reads a word of the case or holds a key of the desk.

Tests: ``tests/actions/test_custody.py``, ``tests/doors/test_custody.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from functions.actions.common.decrypted_identity import Change, OpenedIdentity, TrustStep, rewrite, told
from functions.actions.common.reporter_notice import news
from functions.casework import sealed_identity
from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.casework.problems import InvalidInputProblem, NotFoundProblem
from functions.casework.report import REASON_MAX, read_text
from functions.casework.sealed_identity import Identity, StepKind, TrustProblem, TrustState
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.sealing import KEY_BYTES
from functions.storage.interface import CaseNotFoundError, Notice, OutboxEntry, Store

PAGE = 20


class Pending(NamedTuple):
    """A waiting request: whose agency asked, on which day, and from which day it may be opened.

    ``mine`` says that this custodian's own agency asked, so that another has to decide.
    """

    case_id: str
    agency: str
    on: date
    opens_on: date
    mine: bool


@dataclass(frozen=True, slots=True, repr=False)
class CustodyView:
    """An identity as a custodian sees it.

    ``name`` and ``contact`` are None until two have opened it, and for everybody else. ``actions`` are some of ``ask``,
    ``refuse``, ``open``. ``opens_on`` belongs to a waiting request. ``readable_until`` is set if this custodian may
    read, or might until then.
    """

    case_id: str
    state: TrustState
    steps: tuple[TrustStep, ...]
    actions: tuple[str, ...]
    opens_on: date | None
    name: str | None
    contact: str | None
    readable_until: date | None


@dataclass(frozen=True, slots=True)
class Custody:
    """The custodians' actions. ``identity_keys`` are the custody door's private keys."""

    store: Store
    identity_keys: Callable[[], PrivateKeys]
    directory: Directory
    today: Callable[[], date]
    objection_days: int = 3
    holidays: Collection[date] = ()

    def pending(self, viewer: Viewer) -> tuple[Pending, ...]:
        """Return every waiting request of the instance, except those that this custodian may not know of."""
        instance = self.directory.instance_of(viewer.agency)
        rows: list[Pending] = []
        after = "" if instance else None
        while instance and after is not None:
            found, token = self.store.page_identities(instance.code, after, PAGE)
            rows += [self._row(viewer, one) for one in found if one.pending and self._sees(viewer, one)]
            after = token if token and found[-1].pending else None
        return tuple(rows)

    def look(self, viewer: Viewer, case_id: str) -> CustodyView:
        """Return the identity of a case. The first reading of the name is recorded before it is shown.

        Raises NotFoundProblem if it is unknown, hidden from this custodian or was never left; BusyProblem.
        """

        def decide(identity: Identity) -> Change | None:
            if self._reads(viewer, identity) and not sealed_identity.read_before(identity, viewer.officer):
                return sealed_identity.stepped(identity, StepKind.READ, self.today(), viewer), ()
            return None

        return self._view(viewer, rewrite(self.store, lambda: self._load(viewer, case_id)[1], decide))

    def ask(self, viewer: Viewer, case_id: str, reason: str) -> TrustState:
        """Ask for opening. The reporter reads the reason and has some days to object."""
        return self._step(
            viewer, case_id, StepKind.ASKED, reason, lambda found: sealed_identity.check_ask(found, viewer)
        )

    def refuse(self, viewer: Viewer, case_id: str, reason: str) -> TrustState:
        """Refuse another's request, at any time."""

        def check(identity: Identity) -> None:
            sealed_identity.check_second(identity, viewer)

        return self._step(viewer, case_id, StepKind.REFUSED, reason, check)

    def open(self, viewer: Viewer, case_id: str, reason: str) -> TrustState:
        """Agree to another's request, once the reporter's days are over. Then both may read."""

        def check(identity: Identity) -> None:
            sealed_identity.check_second(identity, viewer)
            sealed_identity.check_open(identity, viewer, self.today(), self._ends(identity))

        return self._step(viewer, case_id, StepKind.OPENED, reason, check)

    def _step(
        self, viewer: Viewer, case_id: str, kind: StepKind, reason: str, check: Callable[[Identity], None]
    ) -> TrustState:
        """Take one step. Returns the new state.

        Raises InvalidInputProblem, NotFoundProblem, BusyProblem and what ``check`` raises.
        """
        head, _ = self._load(viewer, case_id)
        text, errors = read_text({"reason": reason}, "reason", REASON_MAX, required=True)
        if errors:
            raise InvalidInputProblem(*errors)

        def decide(identity: Identity) -> Change:
            check(identity)
            sealed = self._opened(identity).seal_reason(text)
            return sealed_identity.stepped(identity, kind, self.today(), viewer, sealed), _notices(head, kind, viewer)

        return sealed_identity.trust_state(rewrite(self.store, lambda: self._load(viewer, case_id)[1], decide))

    def _load(self, viewer: Viewer, case_id: str) -> tuple[CaseHead, Identity]:
        try:
            head = self.store.read_head(case_id)
        except CaseNotFoundError as error:
            raise NotFoundProblem from error
        identity = self.store.read_identity(case_id) if sealed_identity.may_look(viewer, head, self.directory) else None
        if identity is None or self._dark(identity):
            raise NotFoundProblem
        return head, identity

    def _sees(self, viewer: Viewer, identity: Identity) -> bool:
        try:
            head = self.store.read_head(identity.case_id)
        except CaseNotFoundError:  # deleted just now
            return False
        return sealed_identity.may_look(viewer, head, self.directory) and not self._dark(identity)

    def _dark(self, identity: Identity) -> bool:
        """Tell whether nothing of it opens here: its key was destroyed, or a foreign browser sealed it wrongly."""
        try:
            return bool(identity.wrap_custody) and len(self._key(identity)) != KEY_BYTES
        except SealError:
            return True

    def _row(self, viewer: Viewer, identity: Identity) -> Pending:
        asked = identity.steps[-1]
        return Pending(
            identity.case_id, asked.agency, asked.on, self._opens_on(identity), mine=asked.agency == viewer.agency
        )

    def _view(self, viewer: Viewer, identity: Identity) -> CustodyView:
        opened = self._opened(identity)
        name, contact = opened.person() if self._reads(viewer, identity) else (None, None)
        return CustodyView(
            case_id=identity.case_id,
            state=sealed_identity.trust_state(identity),
            steps=opened.steps(),
            actions=self._actions(viewer, identity),
            opens_on=self._opens_on(identity) if identity.pending else None,
            name=name,
            contact=contact,
            readable_until=sealed_identity.readable_until(identity, viewer.officer),
        )

    def _actions(self, viewer: Viewer, identity: Identity) -> tuple[str, ...]:
        try:
            if not identity.pending:  # custodians who may read it have nothing to ask for
                sealed_identity.check_ask(identity, viewer)
                return () if self._reads(viewer, identity) else ("ask",)
            sealed_identity.check_second(identity, viewer)
        except TrustProblem:
            return ()
        return ("refuse", "open") if self.today() > self._ends(identity) else ("refuse",)

    def _ends(self, identity: Identity) -> date:
        return sealed_identity.objection_ends(identity, self.objection_days, self.holidays)

    def _opens_on(self, identity: Identity) -> date:
        return self._ends(identity) + timedelta(days=1)

    def _reads(self, viewer: Viewer, identity: Identity) -> bool:
        return sealed_identity.may_read(identity, viewer.officer, self.today())

    def _opened(self, identity: Identity) -> OpenedIdentity:
        """Return the identity with its key, which opens the custodians' reasons. Only ``_view`` takes the name out of
        it."""
        if not identity.wrap_custody:
            return OpenedIdentity(identity, b"")
        return OpenedIdentity(identity, self._key(identity))

    def _key(self, identity: Identity) -> bytes:
        return self.identity_keys().open(identity.instance, identity.case_id, identity.wrap_custody)


def _notices(head: CaseHead, kind: StepKind, viewer: Viewer) -> tuple[OutboxEntry, ...]:
    """Notify the other custodians of a request, and of every step the reporter who left an address: they must know in
    time to object."""
    entries = [told(Notice.IDENTITY_ASKED, head, viewer.officer)] if kind is StepKind.ASKED else []
    if head.reporter.contact:
        entries.append(news(head))
    return tuple(entries)
