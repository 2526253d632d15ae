"""The courier's work: claim what is to be announced, mint each officer's link, send, settle.

The courier knows officers' addresses and signs their links, and opens the address a reporter left for notices; it
cannot read a word of any case, and does not read cases at all.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from secrets import token_urlsafe
from types import MappingProxyType

from functions.actions.common.notice_text import as_sms, read_said
from functions.actions.courier.enrol_officer import ADDED, REMOVED, Enrol
from functions.actions.courier.open311_exchange import FORWARDS, Exchange
from functions.actions.reporter.seal_identity import TEL, contact_context
from functions.casework.access import is_accused
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.casework.directory.enrolment import read_wish
from functions.casework.formats.sms_command import read_number
from functions.casework.formats.sms_texts import NEWS
from functions.casework.report import APP, is_address
from functions.config import logs
from functions.crypto.errors import KeysUnavailableError, SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.padding import PaddingError, unpad
from functions.crypto.seal.outbox_words import words_context
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.crypto.slips.phone_numbers import mute_name
from functions.delivery.interface import DeliveryError, Letter, Mailer, Text, Texter
from functions.delivery.letters import why_not, write_letter, write_reporters_letter
from functions.storage.interface import Notice, OutboxEntry, StorageError, Store

LOG = logging.getLogger("lapor.courier")
HOUR = 3600
DAY = 24 * HOUR
ATTEMPTS_MAX = 6
FORWARD_TRIES = 5  # the last one 15 hours after the first; then by letter
QUICK_TRIES = (0.0, 1.0, 5.0)
DONE = "="  # before what became of a wish, in an entry's ``delivered``
SYSTEM = "sistem"  # in an entry's ``delivered``, where an agency's own system is told
REPORTER = "pelapor"  # in an entry's ``delivered``, where officers stand by their idents
# Of what comes to their agency's desk; an overseer is told of what is late and went up to it, a clerk of nothing.
NOT_TOLD = frozenset({Role.CUSTODIAN, Role.OVERSEER, Role.CLERK})
BY_SMS = frozenset({Notice.ANSWERED_SMS, Notice.TEXTED})
TO_CUSTODIANS = frozenset({Notice.IDENTITY_ASKED, Notice.IDENTITY_OBJECTED})


@dataclass(frozen=True, slots=True)
class Deliver:
    """One courier. ``now`` gives epoch seconds, ``pause`` waits; ``said`` remembers, in memory only, who got
    a link this hour, so that nobody's mailbox can be flooded by asking for links in his name; ``gone`` who was removed
    since ``officers`` were read. ``exchange`` speaks to agencies' own systems. ``texter`` sends SMS, None where there
    are none; ``mute_secret`` finds out who wants none (``crypto.slips.phone_numbers``)."""

    store: Store
    mailer: Mailer
    directory: Directory
    officers: tuple[Officer, ...]
    courier_keys: PrivateKeys
    link_keys: PrivateKeys
    public_keys: Callable[[], PublicKeys]
    url: str
    say_day: Callable[[datetime], str]
    now: Callable[[], int]
    pause: Callable[[float], None]
    link_days: int = 7
    texter: Texter | None = None
    mute_secret: bytes = b""
    said: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    exchange: Exchange | None = None

    def run_once(self, worker: str, stopping: Callable[[], bool] = lambda: False) -> int:
        """Deliver what is due. Returns how many entries were taken up. What is still in hand when ``stopping``
        turns true keeps its lease, which ``worker`` gives back when it starts again."""
        entries = self.store.claim(worker, self.now() // HOUR)
        for entry in entries:
            if stopping():
                break
            try:
                self._deliver(entry, worker)
            except (StorageError, KeysUnavailableError):
                raise
            except Exception as error:  # noqa: BLE001 - one entry that cannot be handled must not stop all others
                LOG.error("unexpected", extra=logs.fields("unexpected", error))  # noqa: TRY400 - no text of it
                self._put_back(entry, list(entry.delivered), [DeliveryError("unexpected")], worker)
        if self.exchange:
            self.exchange.poll()
        return len(entries)

    def _deliver(self, entry: OutboxEntry, worker: str) -> None:
        delivered, failures = list(entry.delivered), []
        for name, send in self._outgoing(entry):
            if name in delivered:
                continue
            try:
                send()
                delivered.append(name)
            except DeliveryError as error:
                failures.append(error)
        if not failures:
            self.store.settle(entry.entry_id, worker)
            return
        self._put_back(entry, delivered, failures, worker)

    def _put_back(self, entry: OutboxEntry, delivered: list[str], failures: list[DeliveryError], worker: str) -> None:
        attempts = entry.attempts + 1
        forward = entry.notice in FORWARDS
        dead = attempts >= (FORWARD_TRIES if forward else ATTEMPTS_MAX) or all(error.lasting for error in failures)
        if dead and forward:
            self._by_letter(entry, failures[-1])
            self.store.settle(entry.entry_id, worker)
            return
        later = self.now() // HOUR + 2 ** (attempts - 1)
        back = replace(entry, delivered=tuple(delivered), attempts=attempts, not_before=later, dead=dead)
        self.store.put_back(replace(back, error=failures[-1].code), worker)

    def _by_letter(self, entry: OutboxEntry, error: DeliveryError) -> None:
        """What an agency's system does not take, its officers are told of by mail; they answer at the desk."""
        logs.report("open311_by_letter", error, code=error.code)
        notice = Notice.HANDED_OVER if entry.notice is Notice.FORWARDED else Notice.REPORTER_WROTE
        place = (entry.instance, entry.agency, entry.case_id)
        told = tuple(name for name in entry.delivered if name != SYSTEM)
        self.store.enqueue(OutboxEntry(f"{entry.entry_id}-surat", notice, *place, delivered=told))

    def _outgoing(self, entry: OutboxEntry) -> Iterator[tuple[str, Callable[[], None]]]:
        """Whom to tell, and the act that does it. A reporter is told by mail only, and only where he left an
        address."""
        if entry.notice is Notice.OFFICER_WISH:
            yield from self._enrolled(entry)
            return
        if entry.notice is Notice.ANSWERED:
            address = self._address(entry, contact_context(entry.case_id))
            if is_address(address):
                yield REPORTER, partial(self._tell, entry, address)
            return
        contact = self._app(entry)
        if entry.notice in FORWARDS or contact:
            yield from self._by_wire(entry, contact)
            return
        if entry.notice in BY_SMS:
            if text := self._text(entry):
                yield REPORTER, partial(self._post_text, text)
            return
        for officer in self._recipients(entry):
            yield officer.ident, partial(self._send, entry, officer)

    def _app(self, entry: OutboxEntry) -> str:
        """The contact of a reporter who is told by the app that sent his report, "" where there is none."""
        if entry.notice is not Notice.ANSWERED_SMS:
            return ""
        contact = self._address(entry, contact_context(entry.case_id))
        return contact if contact.startswith(APP) else ""

    def _by_wire(self, entry: OutboxEntry, contact: str) -> Iterator[tuple[str, Callable[[], None]]]:
        """To an agency's own system, or to the app of ``contact``, where there is something to say."""
        if self.exchange is None:
            return
        if not contact:
            yield SYSTEM, partial(self.exchange.send, entry, self._words(entry))
        elif entry.words:
            yield REPORTER, partial(self.exchange.push, entry, contact, self._words(entry))

    def _enrolled(self, entry: OutboxEntry) -> Iterator[tuple[str, Callable[[], None]]]:
        """Fulfil a coordinator's wish, once, whatever letters have to be tried again; then invite who is new, and tell
        the coordinators, the inspectorate and the unit what was done, and by whom."""
        try:
            wish = read_wish(self._open(entry, entry.entry_id))
        except ValueError:
            return
        outcome = next((name[1:] for name in entry.delivered if name.startswith(DONE)), "")
        if not outcome:
            outcome = Enrol(self.store, self.directory, self.officers, self.now)(wish, entry.instance)
            yield f"{DONE}{outcome}", lambda: None
        if outcome == ADDED:
            new = Officer(wish.ident, wish.email, wish.agency, Role(wish.role))
            yield new.ident, partial(self._send, entry, new, "invited")
        unit = wish.agency or next((o.agency for o in self.officers if o.ident == wish.ident), "")
        concerned = (entry.instance, self.directory.agencies[entry.instance].inspectorate, unit)
        told = {"officer": wish.ident, "by": wish.by, "why": why_not(outcome)}
        fulfilled = outcome in (ADDED, REMOVED)
        says = f"officer_{outcome}" if fulfilled else "officer_refused"
        self.gone.discard(wish.ident)
        if outcome == REMOVED:
            self.gone.add(wish.ident)
        for officer in self.officers:
            himself = fulfilled and officer.ident == wish.ident
            if officer.agency in concerned and officer.role not in NOT_TOLD and not himself:
                yield officer.ident, partial(self._send, entry, officer, says, told)

    def _recipients(self, entry: OutboxEntry) -> list[Officer]:
        return [officer for officer in self._addressed(entry) if officer.ident not in self.gone]

    def _addressed(self, entry: OutboxEntry) -> list[Officer]:
        if entry.notice is Notice.LINK_WANTED:
            return self._who_asked(self._address(entry, entry.entry_id))
        if entry.notice in TO_CUSTODIANS:
            return [officer for officer in self.officers if self._keeps(officer, entry)]
        if entry.notice is Notice.LIFT_ASKED:
            return [o for o in self.officers if o.agency == entry.agency and o.role is Role.OVERSEER]
        out = NOT_TOLD - {Role.OVERSEER} if entry.notice is Notice.ESCALATED else NOT_TOLD
        return [o for o in self.officers if o.agency == entry.agency and o.role not in out]

    def _keeps(self, officer: Officer, entry: OutboxEntry) -> bool:
        """Whether he is a custodian of the entry's instance, and not of the agency accused, which stands in it."""
        if officer.role is not Role.CUSTODIAN:
            return False
        instance = self.directory.instance_of(officer.agency)
        ours = instance is not None and instance.code == entry.instance
        return ours and not is_accused(officer.agency, entry.agency, self.directory)

    def _who_asked(self, address: str) -> list[Officer]:
        hour = self.now() // HOUR
        known = [o for o in self.officers if o.email == address and self.said.get(o.ident, 0) < hour]
        self.said.update({officer.ident: hour for officer in known})
        return known

    def _address(self, entry: OutboxEntry, context: str) -> str:
        """The address sealed in an entry, "" where it does not open."""
        try:
            return self._open(entry, context).decode()
        except UnicodeDecodeError:
            return ""

    def _open(self, entry: OutboxEntry, context: str) -> bytes:
        """What is sealed in an entry, b"" where it does not open."""
        try:
            return unpad(self.courier_keys.open(entry.instance, context, entry.sealed))
        except (SealError, PaddingError):
            return b""

    def _words(self, entry: OutboxEntry) -> bytes:
        """The words sealed in an entry, b"" where they do not open."""
        return self._open(replace(entry, sealed=entry.words), words_context(entry.entry_id))

    def _send(
        self, entry: OutboxEntry, officer: Officer, says: str = "", told: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Send an officer his letter with a link of his own. ``says`` names its wording, where that is not the
        notice's, and ``told`` fills it. Raises the last DeliveryError."""
        expires = self._day_end() + self.link_days * DAY
        link = Link(
            link_id=token_urlsafe(16),
            officer=officer.ident,
            agency=officer.agency,
            role=officer.role,
            instance=entry.instance,
            case_id=entry.case_id,
            issued=self._issued(officer),
            expires=expires,
        )
        key_id = self.public_keys().current_id(Purpose.LINKS, entry.instance)
        entrance = "/masuk/kustodian/" if officer.role is Role.CUSTODIAN else "/masuk/"
        counter = officer.role is Role.CLERK and entry.notice is Notice.LINK_WANTED
        letter = write_letter(
            to=officer.email,
            notice=says or ("counter_link" if counter else entry.notice),
            tracking_id=entry.case_id,
            agency=self.directory.agencies[officer.agency].name,
            link=f"{self.url}{entrance}#{sign_link(link, self.link_keys.key(entry.instance, key_id))}",
            until=self.say_day(datetime.fromtimestamp(expires, UTC)),
            message_id=_message_id(entry, officer.ident),
            count=entry.count,
            told=told,
        )
        self._post(letter)

    def _tell(self, entry: OutboxEntry, address: str) -> None:
        """Tell a reporter that there is news, and nothing else. Raises the last DeliveryError."""
        self._post(write_reporters_letter(to=address, url=self.url, message_id=_message_id(entry, REPORTER)))

    def _text(self, entry: OutboxEntry) -> Text | None:
        """The SMS of an entry; None where it does not open, or its number wants no news."""
        news = entry.notice is Notice.ANSWERED_SMS
        contact = self._address(entry, contact_context(entry.case_id) if news else entry.entry_id)
        number = contact.removeprefix(TEL)
        if number == contact or not read_number(number) or (news and self._muted(number)):
            return None
        words = NEWS
        if entry.words:
            plain = self._words(entry)
            said = read_said(plain) if news else {}  # one that waited since an older release is the text itself
            words = as_sms(said, self.url) if said else plain.decode()
        return Text(number, words, _message_id(entry, REPORTER)) if words else None

    def _muted(self, number: str) -> bool:
        return self.store.read_slip(mute_name(self.mute_secret, number), self.now()) is not None

    def _post_text(self, text: Text) -> None:
        """Send one SMS. Raises the last DeliveryError."""
        if self.texter is None:
            raise DeliveryError("no_sms")
        self._patiently(partial(self.texter.send, text))

    def _post(self, letter: Letter) -> None:
        """Send one letter. Raises the last DeliveryError."""
        self._patiently(partial(self.mailer.send, letter))

    def _patiently(self, send: Callable[[], None]) -> None:
        """Try, and again at once a few times. Raises the last DeliveryError."""
        for wait in QUICK_TRIES:
            self.pause(wait)
            try:
                send()
            except DeliveryError as error:
                if error.lasting or wait == QUICK_TRIES[-1]:
                    raise
            else:
                return

    def _issued(self, officer: Officer) -> int:
        """The hour the link is made in, so that it does not time the report, but never before a revocation of
        this officer's links: that was for the earlier ones."""
        voided = self.store.revoked((f"officer:{officer.ident}", f"agency:{officer.agency}"))
        return max(self.now() // HOUR * HOUR, *voided.values(), 0)

    def _day_end(self) -> int:
        """The end of today in UTC: links do not tell the minute they were made for."""
        midnight = datetime.fromtimestamp(self.now(), UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return int((midnight + timedelta(days=1)).timestamp()) - 1


def _message_id(entry: OutboxEntry, name: str) -> str:
    return sha256(f"{entry.entry_id}/{name}".encode()).hexdigest()[:32]
