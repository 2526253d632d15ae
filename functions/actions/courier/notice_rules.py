"""Which function may ask the courier for which notice, and how the courier checks it.

Whoever may write to the outbox can put any entry there, so an entry is a claim. What it claims is proved by the desk's
signature or by the store; and what cannot be proved gets no signed link.

Tests: ``tests/actions/test_notice_rules.py``.
"""

from enum import Enum, auto
from typing import NamedTuple

from functions.casework.access import Viewer, is_kept_from, lets_in, may_assist, rights
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, Officer
from functions.casework.sealed_identity import may_look
from functions.storage.interface import CaseNotFoundError, Notice, OutboxEntry, Store


class Proof(Enum):
    """How the courier checks a notice.

    - ``SIGNED``: the desk's signature (``crypto.sign.mandates``). These alone enter officers, or mint a link to a whole
      inbox for an address that somebody names
    - ``LIES``: the case is there and lies with the agency; each recipient passes the guard
    - ``HOLDS``: the case is there and the agency holds it; for an agency's own system
    - ``TRUST``: the case's identity is there, in the state that is announced; each custodian passes their guard
    - ``SORTS``: the agency is a desk where the instance's reports come in. Its officers get a link to their own inbox,
      as from the page that anybody may open
    - ``TRAIL``: the directory's trail has the entry that is announced
    - ``OWN``: put by the courier. Each notice that it tells of is proved by itself
    - ``NONE``: a message to who is sealed with it. It has no link and changes nothing
    """

    SIGNED = auto()
    LIES = auto()
    HOLDS = auto()
    TRUST = auto()
    SORTS = auto()
    TRAIL = auto()
    OWN = auto()
    NONE = auto()


class Rule(NamedTuple):
    """The functions that may ask, and the proof."""

    asked_by: tuple[str, ...]
    proof: Proof


UNASKED = frozenset({Notice.IDENTITY_OBJECTED, Notice.IDENTITY_WISHED})  # no request waits then
_DESK = ("desk",)
_REPORTER = ("thread", "gateway")
_CLOCK = ("clock",)
RULES: dict[Notice, Rule] = {
    Notice.OFFICER_WISH: Rule(_DESK, Proof.SIGNED),
    Notice.LINK_WANTED: Rule(_DESK, Proof.SIGNED),
    Notice.NEW_CASE: Rule(("intake", "gateway", "open311"), Proof.LIES),
    Notice.REPORTER_WROTE: Rule((*_REPORTER, "clock", "courier"), Proof.LIES),
    Notice.REOPENED: Rule(_REPORTER, Proof.LIES),
    Notice.APPEALED: Rule(_REPORTER, Proof.LIES),
    Notice.CONFIRMED: Rule(_REPORTER, Proof.LIES),
    Notice.WITHDRAWN: Rule(_REPORTER, Proof.LIES),
    Notice.PUBLICATION_WISHED: Rule(("thread",), Proof.LIES),
    Notice.HANDED_OVER: Rule(("desk", "courier", "clock", *_REPORTER), Proof.LIES),
    Notice.LIFT_ASKED: Rule(_DESK, Proof.LIES),
    Notice.LIFT_ENDED: Rule(("desk", "thread"), Proof.LIES),
    Notice.ASKED_IN: Rule(_DESK, Proof.LIES),
    Notice.STEPPED_OUT: Rule(_DESK, Proof.LIES),
    Notice.SECOND_WROTE: Rule(_DESK, Proof.LIES),
    Notice.DUE_SOON: Rule(_CLOCK, Proof.LIES),
    Notice.OVERDUE: Rule(_CLOCK, Proof.LIES),
    Notice.ESCALATED: Rule(_CLOCK, Proof.LIES),
    Notice.FORWARDED: Rule(("desk", *_REPORTER), Proof.HOLDS),
    Notice.FORWARDED_MORE: Rule(_REPORTER, Proof.HOLDS),
    Notice.IDENTITY_ASKED: Rule(("custody",), Proof.TRUST),
    Notice.IDENTITY_OBJECTED: Rule(("thread",), Proof.TRUST),
    Notice.IDENTITY_ANSWERED: Rule(("thread", "custody"), Proof.TRUST),
    Notice.IDENTITY_WISHED: Rule(_DESK, Proof.TRUST),
    Notice.IDENTITY_DANGER: Rule(("custody",), Proof.TRUST),
    Notice.ASSIGNED: Rule(_DESK, Proof.LIES),
    Notice.UNMASK_ASKED: Rule(_DESK, Proof.LIES),
    Notice.UNMASK_DECIDED: Rule(("desk", "thread"), Proof.LIES),
    Notice.QUARANTINED: Rule(("intake", "gateway", "open311"), Proof.SORTS),
    Notice.DIRECTORY_CHANGED: Rule(("desk", "ops"), Proof.TRAIL),
    Notice.FACTOR_CHANGED: Rule(("desk", "custody", "ops"), Proof.NONE),
    Notice.DIGEST: Rule(("courier",), Proof.OWN),
    Notice.ANSWERED: Rule(("desk", "custody", "clock"), Proof.NONE),
    Notice.ANSWERED_SMS: Rule(("desk", "custody", "clock"), Proof.NONE),
    Notice.TEXTED: Rule(("gateway",), Proof.NONE),
    Notice.RELAYED: Rule(("intake",), Proof.NONE),
}


class NoticeProofs(NamedTuple):
    """Checks entries against the store and today's directory, in an epoch hour."""

    store: Store
    directory: Directory
    hour: int = 0

    def lies(self, entry: OutboxEntry) -> CaseHead | None:
        """Return where the entry's case lies; None if there is no such case, or it is another instance's. Raises
        StorageError."""
        try:
            head = self.store.read_whereabouts(entry.case_id)
        except CaseNotFoundError:
            return None
        return head if entry.instance in (head.instance, head.entrusted_to) else None

    def holds(self, entry: OutboxEntry) -> bool:
        """Tell whether the entry's agency holds its case and may read it. Raises StorageError."""
        head = self.lies(entry)
        if head is None or head.holder != entry.agency or head.shredded:
            return False
        return not is_kept_from(entry.agency, head, self.directory)

    def sorts(self, entry: OutboxEntry) -> bool:
        """Tell whether new reports of the entry's instance may come in at its agency."""
        instance = self.directory.agencies.get(entry.instance)
        return instance is not None and entry.agency in (instance.code, instance.inspectorate, instance.parent)

    def trusted(self, entry: OutboxEntry) -> CaseHead | None:
        """Return where the case lies if its identity is in the state that the entry announces. Raises StorageError."""
        waits = self.store.identity_waits(entry.case_id)
        told = waits is not None if entry.notice in UNASKED else bool(waits)
        return self.lies(entry) if told else None

    def may_know(self, officer: Officer, entry: OutboxEntry, head: CaseHead) -> bool:
        """Tell whether an officer may know of the case. A withdrawn one no longer says which second unit it had, so any
        unit that it could have had may be told; its link opens nothing."""
        viewer = Viewer(officer.ident, officer.agency, officer.role, entry.case_id, self.hour)
        if RULES[entry.notice].proof is Proof.TRUST:
            return may_look(viewer, head, self.directory)
        if entry.notice is Notice.WITHDRAWN and head.shredded and may_assist(officer.agency, head, self.directory):
            return lets_in(viewer, head, self.directory)
        return rights(viewer, head, self.directory).see
