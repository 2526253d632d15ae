"""Officers' mail: who gets it, and the letter with a signed link of the recipient's own.

Officers' addresses and the private keys of their links are here and nowhere else.

Tests: ``tests/actions/test_deliver.py``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_urlsafe
from types import MappingProxyType

from functions.actions.courier.enrol_officer import ADDED, REMOVED, Enrol
from functions.actions.courier.outbox_entry import message_id, open_address, open_sealed
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.casework.directory.enrolment import read_wish
from functions.casework.sealed_identity import may_keep
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.delivery.interface import Letter
from functions.delivery.letters import why_not, write_letter
from functions.storage.interface import Notice, OutboxEntry, Store

HOUR = 3600
DAY = 24 * HOUR
DONE = "="  # in an entry's ``delivered``, before the outcome of a request about officers
# No mail of what reaches their agency's desk. An overseer is notified once a late case escalates to them.
NOT_NOTIFIED = frozenset({Role.CUSTODIAN, Role.OVERSEER, Role.CLERK})
TO_CUSTODIANS = frozenset({Notice.IDENTITY_ASKED, Notice.IDENTITY_OBJECTED, Notice.IDENTITY_ANSWERED})
CUSTODY = "custody"

Write = Callable[[], Letter | None]


@dataclass(frozen=True, slots=True)
class OfficersMail:
    """``now`` gives epoch seconds, ``say_day`` a day in words; links live ``link_days``. ``asked`` remembers, in memory
    only, in which epoch hour an officer got the last link, so that nobody floods their mailbox. ``gone`` are the idents
    removed since ``officers`` were read."""

    store: Store
    directory: Directory
    officers: tuple[Officer, ...]
    courier_keys: PrivateKeys
    link_keys: PrivateKeys
    public_keys: Callable[[], PublicKeys]
    url: str
    say_day: Callable[[datetime], str]
    now: Callable[[], int]
    link_days: int = 7
    asked: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def __call__(self, entry: OutboxEntry) -> Iterator[tuple[str, Write]]:
        """Yield the name of each recipient, for the entry's ``delivered``, and what writes their letter; a name
        without a letter is only to be noted. Raises StorageError."""
        if entry.notice is Notice.OFFICER_WISH:
            yield from self._enrolment(entry)
            return
        for officer in self._recipients(entry):
            if officer.ident not in self.gone:
                yield officer.ident, partial(self._write, entry, officer)

    def _enrolment(self, entry: OutboxEntry) -> Iterator[tuple[str, Write]]:
        """Carry out a coordinator's request, once, however often its letters are tried. Then invite the new officer and
        notify the coordinators, the inspectorate and the unit of the outcome."""
        try:
            wish = read_wish(open_sealed(entry, entry.entry_id, self.courier_keys))
        except ValueError:
            return
        outcome = next((name[1:] for name in entry.delivered if name.startswith(DONE)), "")
        if not outcome:
            outcome = Enrol(self.store, self.directory, self.officers, self.now)(wish, entry.instance)
            yield f"{DONE}{outcome}", lambda: None
        if outcome == ADDED:
            new = Officer(wish.ident, wish.email, wish.agency, Role(wish.role))
            yield new.ident, partial(self._write, entry, new, "invited")
        unit = wish.agency or next((o.agency for o in self.officers if o.ident == wish.ident), "")
        concerned = (entry.instance, self.directory.agencies[entry.instance].inspectorate, unit)
        facts = {"officer": wish.ident, "by": wish.by, "why": why_not(outcome)}
        fulfilled = outcome in (ADDED, REMOVED)
        wording = f"officer_{outcome}" if fulfilled else "officer_refused"
        self.gone.discard(wish.ident)
        if outcome == REMOVED:
            self.gone.add(wish.ident)
        for officer in self.officers:
            subject = fulfilled and officer.ident == wish.ident
            if officer.agency in concerned and officer.role not in NOT_NOTIFIED and not subject:
                yield officer.ident, partial(self._write, entry, officer, wording, facts)

    def _recipients(self, entry: OutboxEntry) -> list[Officer]:
        if entry.notice is Notice.LINK_WANTED:
            return self._asking(open_address(entry, entry.entry_id, self.courier_keys))
        if entry.notice in TO_CUSTODIANS:
            return [officer for officer in self.officers if self._keeps(Role.CUSTODIAN, officer, entry)]
        if entry.notice is Notice.IDENTITY_DANGER:
            return [officer for officer in self.officers if self._keeps(Role.OVERSEER, officer, entry)]
        if entry.notice is Notice.LIFT_ASKED:
            return [o for o in self.officers if o.agency == entry.agency and o.role is Role.OVERSEER]
        out = NOT_NOTIFIED - {Role.OVERSEER} if entry.notice is Notice.ESCALATED else NOT_NOTIFIED
        return [o for o in self.officers if o.agency == entry.agency and o.role not in out]

    def _keeps(self, role: Role, officer: Officer, entry: OutboxEntry) -> bool:
        """Tell whether an officer has this role for identities of the entry's instance, and is not of the accused, its
        ``agency``."""
        return officer.role is role and may_keep(role, officer.agency, entry.instance, entry.agency, self.directory)

    def _asking(self, address: str) -> list[Officer]:
        """Return the officers of an address who got no link this hour, and note that they get one now."""
        hour = self.now() // HOUR
        known = [o for o in self.officers if o.email == address and self.asked.get(o.ident, 0) < hour]
        self.asked.update({officer.ident: hour for officer in known})
        return known

    def _write(
        self,
        entry: OutboxEntry,
        officer: Officer,
        wording: str = "",
        facts: Mapping[str, str] = MappingProxyType({}),
    ) -> Letter:
        """Write an officer's letter with a link of their own. ``wording`` replaces the notice's, ``facts`` fill it."""
        expires = self._day_end() + self.link_days * DAY
        overseer = officer.role is Role.OVERSEER
        wants = entry.notice is Notice.LINK_WANTED and entry.agency == CUSTODY
        door = CUSTODY if overseer and (entry.notice is Notice.IDENTITY_DANGER or wants) else ""
        link = Link(
            link_id=token_urlsafe(16),
            officer=officer.ident,
            agency=officer.agency,
            role=officer.role,
            instance=entry.instance,
            case_id=entry.case_id,
            issued=self._issued(officer),
            expires=expires,
            door=door,
        )
        key_id = self.public_keys().current_id(Purpose.LINKS, entry.instance)
        entrance = "/masuk/kustodian/" if door or officer.role is Role.CUSTODIAN else "/masuk/"
        counter = officer.role is Role.CLERK and entry.notice is Notice.LINK_WANTED
        return write_letter(
            to=officer.email,
            notice=wording or ("counter_link" if counter else entry.notice),
            tracking_id=entry.case_id,
            agency=self.directory.agencies[officer.agency].name,
            link=f"{self.url}{entrance}#{sign_link(link, self.link_keys.key(entry.instance, key_id))}",
            until=self.say_day(datetime.fromtimestamp(expires, UTC)),
            message_id=message_id(entry, officer.ident),
            count=entry.count,
            facts=facts,
        )

    def _issued(self, officer: Officer) -> int:
        """Return the hour the link is made in, which does not time the report. It is never before a revocation of the
        officer's links: that voided the earlier ones."""
        voided = self.store.revoked((f"officer:{officer.ident}", f"agency:{officer.agency}"))
        return max(self.now() // HOUR * HOUR, *voided.values(), 0)

    def _day_end(self) -> int:
        """Return the end of today in UTC: a link does not tell the minute it was made in."""
        midnight = datetime.fromtimestamp(self.now(), UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return int((midnight + timedelta(days=1)).timestamp()) - 1
