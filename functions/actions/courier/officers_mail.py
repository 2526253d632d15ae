"""Officers' mail: who gets it, and the letter with a signed link of the recipient's own.

Officers' addresses and the private keys of their links are here and nowhere else.

Tests: ``tests/actions/test_deliver.py``.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from secrets import token_urlsafe
from types import MappingProxyType

from functions.actions.courier.digest import Digest, Held, Later, count, may_wait, waits
from functions.actions.courier.directory_mail import who_is_told
from functions.actions.courier.enrol_officer import ADDED, REMOVED, Enrol
from functions.actions.courier.factor_mail import read_change
from functions.actions.courier.notice_rules import RULES, NoticeProofs, Proof
from functions.actions.courier.outbox_entry import message_id, open_sealed
from functions.casework.case import CaseHead
from functions.casework.deadlines.digests import AT_ONCE, Choice, Digests
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.casework.directory.enrolment import Wish, read_wish
from functions.config import logs
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.sign.links import Link
from functions.crypto.sign.mandates import Mandate, MandateError, read_mandate
from functions.crypto.sign.mint import sign_link
from functions.delivery.digest_lines import Counts
from functions.delivery.interface import DeliveryError, Letter
from functions.delivery.letters import why_not, write_letter
from functions.storage.interface import Notice, OutboxEntry, Revocation, Store
from functions.storage.registers.mail_choices import read_choices

HOUR = 3600
DAY = 24 * HOUR
NOON = time(12, tzinfo=UTC)  # the same day in Indonesia
DONE = "="  # in an entry's ``delivered``, before the outcome of a request about officers
REFUSED = "!"  # stands in place of a recipient, where nobody may ask for what the entry asks
# No mail of what reaches their agency's desk. An overseer is notified once a late case escalates to them.
NOT_NOTIFIED = frozenset({Role.CUSTODIAN, Role.OVERSEER, Role.CLERK})
TO_CUSTODIANS = frozenset(
    {Notice.IDENTITY_ASKED, Notice.IDENTITY_OBJECTED, Notice.IDENTITY_ANSWERED, Notice.IDENTITY_WISHED}
)
CUSTODY = "custody"

Write = Callable[[], Letter | None]


@dataclass(frozen=True, slots=True)
class OfficersMail:
    """``now`` gives epoch seconds, ``say_day`` a day in words; links live ``link_days``. ``asked`` remembers, in memory
    only, in which epoch hour an officer got the last link to a door, so that nobody floods their mailbox. ``gone`` are
    the idents removed since ``officers`` were read. ``digests`` says when what is not urgent leaves."""

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
    digests: Digests = AT_ONCE
    asked: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def __call__(self, entry: OutboxEntry) -> Iterator[tuple[str, Write | Later]]:
        """Yield the name of each recipient, for the entry's ``delivered``, and what writes their letter, or when they
        learn of it; a name without a letter is only to be noted. What nobody may ask for is refused. Raises
        StorageError."""
        if RULES[entry.notice].proof is Proof.SIGNED:
            try:
                yield from self._mandated(entry)
            except MandateError as error:
                logs.report("mandate_refused", error, code="unsigned")
                yield REFUSED, partial(_refuse, "mandate_unsigned")
            return
        if entry.notice is Notice.DIRECTORY_CHANGED:
            for told in who_is_told(entry, self.store, self.directory, self.officers):
                facts = told.facts(lambda day: self.say_day(datetime.combine(day, NOON)))
                yield told.name, partial(self._write, told.entry(entry), told.officer, facts=facts)
            return
        if entry.notice is Notice.FACTOR_CHANGED:
            for change in read_change(entry, self.courier_keys, self.officers, self.directory):
                if change.officer.ident not in self.gone:
                    yield change.officer.ident, partial(change.letter, message_id(entry, change.officer.ident))
            return
        head, concerned = self._concerned(entry)
        if not concerned:
            logs.report("notice_refused", level=logging.WARNING, code=entry.notice.value)
        choices = read_choices(self.store, entry.agency) if may_wait(entry.notice) else {}
        for officer in concerned:
            yield officer.ident, self._at_once(entry, officer, head, choices.get(officer.ident, self.digests.standard))

    def digest(self, entry: OutboxEntry) -> Digest:
        """Return what a DIGEST tells: of the notices that wait with its agency, those that officers may still know of.
        Raises StorageError."""
        held = []
        for waiting in self.store.held(entry.agency, min(entry.count, self.now() // HOUR)):
            sound = may_wait(waiting.notice) and waiting.agency == entry.agency
            head, concerned = self._concerned(waiting) if sound else (None, [])
            held.append(Held(waiting, head, [o for o in concerned if o.ident not in waiting.delivered]))
        choices = read_choices(self.store, entry.agency)
        return Digest(self.store, entry, held, choices, self.digests, self._write_digest, self.now)

    def _at_once(self, entry: OutboxEntry, officer: Officer, head: CaseHead | None, choice: Choice) -> Write | Later:
        if not waits(choice, entry.notice, head, officer):
            return partial(self._write, entry, officer)
        hour = self.now() // HOUR
        if self.digests.waits:
            return Later(self.digests.next(choice, hour))
        counted = count([(entry, head)], officer, self.digests.local(hour).date())
        return partial(self._write_digest, replace(entry, notice=Notice.DIGEST), officer, counted)

    def _write_digest(self, entry: OutboxEntry, officer: Officer, counted: Counts) -> Letter:
        facts = {"subject": counted.subject(), "lines": counted.lines()}
        return self._write(replace(entry, case_id=counted.only), officer, facts=facts)

    def _mandated(self, entry: OutboxEntry) -> Iterator[tuple[str, Write]]:
        """Carry out what the desk signed. An entry without an address, as one about a bounced letter, asks for nothing.
        Raises MandateError."""
        if not entry.sealed:
            return
        raw = open_sealed(entry, entry.entry_id, self.courier_keys)
        mandate = read_mandate(raw, entry.notice.value, entry.entry_id, entry.instance, self.public_keys())
        untimely = mandate.untimely(self.now() // HOUR)
        if untimely:
            logs.report("mandate_refused", code=untimely)
        if entry.notice is Notice.OFFICER_WISH:
            yield from self._enrolment(entry, mandate, untimely)
        elif not untimely:
            address, _, door = mandate.payload.decode(errors="replace").partition("\n")
            for officer in self._asking(address, door):
                if officer.ident not in self.gone:
                    yield officer.ident, partial(self._asked, replace(entry, agency=door), officer)

    def _enrolment(self, entry: OutboxEntry, mandate: Mandate, untimely: str) -> Iterator[tuple[str, Write]]:
        """Carry out a coordinator's request, once, however often its letters are tried. Then invite the new officer and
        notify the coordinators, the inspectorate and the unit of the outcome.

        ``delivered`` may be forged, so letters follow the register, never what an entry says of itself.
        """
        try:
            wish = read_wish(mandate.payload)
        except ValueError:
            return
        enrol = Enrol(self.store, self.directory, self.officers, self.now)
        outcome = next((name[1:] for name in entry.delivered if name.startswith(DONE)), "")
        if not outcome:
            outcome = untimely or self._repeated(entry) or enrol(wish, entry.instance)
            yield f"{DONE}{outcome}", lambda: None
        stands = enrol.stands(wish)
        if outcome == ADDED and stands:
            new = Officer(wish.ident, wish.email, wish.agency, Role(wish.role))
            yield new.ident, partial(self._write, entry, new, "invited")
        if outcome == REMOVED and not stands:
            self.gone.add(wish.ident)
        elif stands:
            self.gone.discard(wish.ident)
        yield from self._outcome(entry, wish, outcome)
        self.store.revoke(Revocation(_mark(entry), self.now()))

    def _outcome(self, entry: OutboxEntry, wish: Wish, outcome: str) -> Iterator[tuple[str, Write]]:
        """Yield the letters that tell what became of a request."""
        unit = wish.agency or next((o.agency for o in self.officers if o.ident == wish.ident), "")
        concerned = (entry.instance, self.directory.agencies[entry.instance].inspectorate, unit)
        facts = {"officer": wish.ident, "by": wish.by, "why": why_not(outcome)}
        fulfilled = outcome in (ADDED, REMOVED)
        wording = f"officer_{outcome}" if fulfilled else "officer_refused"
        for officer in self.officers:
            subject = fulfilled and officer.ident == wish.ident
            if officer.agency in concerned and officer.role not in NOT_NOTIFIED and not subject:
                yield officer.ident, partial(self._write, entry, officer, wording, facts)

    def _repeated(self, entry: OutboxEntry) -> str:
        """Return ``repeated`` for a mandate that was looked at before, whatever the clock says; else ""."""
        if not self.store.revoked([_mark(entry)]):
            return ""
        logs.report("mandate_refused", code="repeated")
        return "repeated"

    def _concerned(self, entry: OutboxEntry) -> tuple[CaseHead | None, list[Officer]]:
        """Return where the case lies (None for a flood), and who learns of it. What the store does not bear out reaches
        nobody, nor those who are not there any more."""
        proofs, proof = NoticeProofs(self.store, self.directory, self.now() // HOUR), RULES[entry.notice].proof
        there = [officer for officer in self._recipients(entry) if officer.ident not in self.gone]
        if proof is Proof.SORTS:
            return None, there if proofs.sorts(entry) and not entry.case_id else []
        head = proofs.trusted(entry) if proof is Proof.TRUST else proofs.lies(entry)
        return head, [o for o in there if head and proofs.may_know(o, entry, head)]

    def _recipients(self, entry: OutboxEntry) -> list[Officer]:
        if entry.notice in TO_CUSTODIANS:
            return [officer for officer in self.officers if officer.role is Role.CUSTODIAN]
        if entry.notice is Notice.IDENTITY_DANGER:
            return [officer for officer in self.officers if officer.role is Role.OVERSEER]
        if entry.notice is Notice.LIFT_ASKED:
            return [o for o in self.officers if o.agency == entry.agency and o.role is Role.OVERSEER]
        out = NOT_NOTIFIED - {Role.OVERSEER} if entry.notice is Notice.ESCALATED else NOT_NOTIFIED
        return [o for o in self.officers if o.agency == entry.agency and o.role not in out]

    def _asking(self, address: str, door: str) -> list[Officer]:
        """Return the officers of an address who got no link to this door this hour. In place of the address may stand
        an ident, of an officer who showed a link (``RequestLink.again``)."""
        hour = self.now() // HOUR
        there = [officer for officer in self.officers if address in (officer.email, officer.ident)]
        return [officer for officer in there if self.asked.get(_counted(officer, door), 0) < hour]

    def _asked(self, entry: OutboxEntry, officer: Officer) -> Letter:
        """Write the letter with a link that was asked for, and note it: not before it is written, since a store that
        fails meanwhile has the entry tried again within the hour."""
        letter = self._write(entry, officer)
        self.asked[_counted(officer, entry.agency)] = self.now() // HOUR
        return letter

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
        whole = entry.notice is Notice.DIGEST or officer.role is Role.COORDINATOR  # whose work is the inbox
        link = Link(
            link_id=token_urlsafe(16),
            officer=officer.ident,
            agency=officer.agency,
            role=officer.role,
            instance=entry.instance,
            case_id="" if whole else entry.case_id,
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
        """Return the end of today where the officers are: a link does not tell the minute it was made in, and is good
        on the whole of the last day that its letter names."""
        midnight = self.digests.local(self.now() // HOUR).replace(hour=0, minute=0, second=0, microsecond=0)
        return int((midnight + timedelta(days=1)).timestamp()) - 1


def _counted(officer: Officer, door: str) -> str:
    """Return under which name a link that was asked for is counted: an overseer's for each of their two doors, or
    whoever asks for one would keep them from the other."""
    return f"{officer.ident}\n{CUSTODY}" if officer.role is Role.OVERSEER and door == CUSTODY else officer.ident


def _mark(entry: OutboxEntry) -> str:
    return f"mandate:{entry.entry_id}"


def _refuse(code: str) -> Letter | None:
    """Make the entry a dead letter, which ops see by its code."""
    raise DeliveryError(code, lasting=True)
