"""The courier's loop: claim outbox entries, send what they announce, settle them.

The courier knows officers' addresses and mints their links, and opens the contact a reporter left. Of a case it reads
with whom it lies, so that no notice sends a link to anybody else; it cannot read a word of any.

Mail leaves by a server of ours. What other systems take (``APART``) can be held up by them, so it never stands before
mail: ``functions.courier.lanes`` delivers it beside.

Tests: ``tests/actions/test_deliver.py``, ``tests/courier/test_outside.py``.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from functions.actions.courier.circuit import Circuit
from functions.actions.courier.day_quota import DayQuota
from functions.actions.courier.dead_news import DeadNews
from functions.actions.courier.digest import Digest, Later, hold
from functions.actions.courier.notice_rules import NoticeProofs
from functions.actions.courier.officers_mail import OfficersMail, Write
from functions.actions.courier.open311_exchange import FORWARDS, Exchange
from functions.actions.courier.outbox_entry import is_unkeyed, open_words
from functions.actions.courier.relay_out import RelayOut
from functions.actions.courier.reporter_news import REPORTER, TO_REPORTERS, read_news
from functions.casework.channel import Channel
from functions.config import logs
from functions.crypto.errors import KeysUnavailableError
from functions.crypto.open.private.keys import PrivateKeys
from functions.delivery.interface import QUICK_TRIES, DeliveryError, Mailer, News, Notifier
from functions.storage.interface import Notice, OutboxEntry, StorageError, Store

LOG = logging.getLogger("lapor.courier")
HOUR = 3600
ATTEMPTS_MAX = 6
FORWARD_TRIES = 5  # then by letter
APART = FORWARDS | {Notice.ANSWERED_SMS, Notice.TEXTED, Notice.RELAYED}  # to systems, aggregators, apps, offices
SYSTEM = "sistem"  # in an entry's ``delivered``, for an agency's own system
UNKEYED = "unkeyed"
OFFICE = "kantor"  # likewise, for a linked office
RELAY_PAUSE, REFUSED_PAUSE = 4, 24  # hours at most between tries: a report for an office that is away is never given up


def fresh(entry: OutboxEntry) -> OutboxEntry:
    """Return an entry as before anybody took it in hand."""
    return replace(entry, attempts=0, not_before=0, leased_by="", leased_until=0, error="")


def pause_hours(attempts: int) -> int:
    """Return the hours between the failed try of this number and the next: 1, 2, 4, 8, 16."""
    return 1 << (attempts - 1)


@dataclass(frozen=True, slots=True)
class Deliver:
    """One courier. ``notifiers`` reach reporters, ``officers`` writes to officers by ``mailer``, ``exchange`` speaks to
    agencies' own systems, ``relay`` to linked offices; ``circuit`` knows the channels that rest after failures. ``now``
    gives epoch seconds, ``pause`` waits some, ``short`` tells that the time is too short to begin a try: what is half
    sent would be sent again. ``sent`` has the recipients of entries that the store could not settle yet: nobody gets
    them twice. ``check_room`` raises StorageError where nothing could be settled: what is sent then is sent again after
    the next start. ``quota`` counts letters where a day has a number of them; ``dead`` forgets old ones."""

    store: Store
    mailer: Mailer
    officers: OfficersMail
    notifiers: Mapping[Channel, Notifier]
    courier_keys: PrivateKeys
    now: Callable[[], int]
    pause: Callable[[float], None]
    circuit: Circuit
    exchange: Exchange | None = None
    relay: RelayOut | None = None
    short: Callable[[], bool] = lambda: False
    sent: dict[str, list[str]] = field(default_factory=dict)
    check_room: Callable[[], None] = lambda: None
    quota: DayQuota | None = None
    dead: DeadNews | None = None

    def run_once(self, worker: str, stopping: Callable[[], bool] = lambda: False) -> int:
        """Deliver what is due, mail first, and poll. Return how many entries were claimed. Entries in hand when
        ``stopping`` turns true keep their lease, which ``worker`` gives back at its next start. Raises StorageError,
        KeysUnavailableError."""
        entries = self.claim(worker)
        self.deliver(sorted(entries, key=lambda entry: entry.notice in APART), worker, stopping)
        if self.exchange:
            self.exchange.poll(stopping)
        if self.relay:
            self.relay.poll(stopping)
        return len(entries)

    def claim(self, worker: str) -> tuple[OutboxEntry, ...]:
        """Lease some entries that are due. Raises StorageError."""
        self.check_room()
        if self.dead:
            self.dead.forget(self.now() // HOUR)
        return self.store.claim(worker, self.now() // HOUR)

    def deliver(self, entries: Iterable[OutboxEntry], worker: str, stopping: Callable[[], bool]) -> None:
        """Send what these announce, and settle them. One whose lease is over is left to whoever claims it now. Raises
        StorageError, KeysUnavailableError."""
        for entry in entries:
            if stopping():
                break
            if entry.leased_by and entry.leased_until < self.now() // HOUR:
                continue
            try:
                self.check_room()
                if not (self._held(entry, worker) or self._unkeyed(entry, worker)):
                    self._deliver(entry, worker)
            except (StorageError, KeysUnavailableError):
                raise
            except Exception as error:  # noqa: BLE001 - one entry that cannot be handled must not stop all others
                LOG.error("unexpected", extra=logs.fields("unexpected", error))  # noqa: TRY400 - no text of it
                self._put_back(entry, list(entry.delivered), [DeliveryError("unexpected")], worker)
        if self.quota:
            self.quota.note()

    def _held(self, entry: OutboxEntry, worker: str) -> bool:
        """Put an entry back that has to wait since the day's letters become few; say whether it had to."""
        hour = self.quota.held_until(entry.notice) if self.quota else 0
        if hour:
            logs.report("letters_wait", level=logging.WARNING, code="day_quota")
            self.store.put_back(replace(entry, not_before=hour), worker)
        return bool(hour)

    def _unkeyed(self, entry: OutboxEntry, worker: str) -> bool:
        """Put an entry back whose key is not among ours, and say whether it was: a rotation that came after its claim
        has sealed it anew. Once, and uncounted: a foreign browser can seal to any key."""
        unkeyed = entry.error != UNKEYED and is_unkeyed(entry, self.courier_keys)
        if unkeyed:
            self.store.put_back(replace(entry, not_before=self.now() // HOUR + 1, error=UNKEYED), worker)
        return unkeyed

    def _deliver(self, entry: OutboxEntry, worker: str) -> None:
        delivered, failures = self.sent.setdefault(entry.entry_id, list(entry.delivered)), []
        later: dict[str, int] = {}
        refused: list[str] = []
        digest = self.officers.digest(entry) if entry.notice is Notice.DIGEST else None
        for name, send in self._letters_of(digest) if digest else self._outgoing(entry):
            if name in delivered:
                continue
            if isinstance(send, Later):
                later[name] = send.hour
                continue
            try:
                send()
                delivered.append(name)
            except DeliveryError as error:
                failures.append(error)
                refused.append(name)
        if digest:
            digest.settle(delivered)
        if failures:
            if later:  # else whoever reads digests would learn nothing as long as a colleague's address fails
                served = (*delivered, *refused)
                self.store.enqueue(replace(fresh(entry), entry_id=f"{entry.entry_id}-ringkasan", delivered=served))
            self._put_back(entry, [*delivered, *later], failures, worker)
        elif later:
            hold(self.store, replace(entry, delivered=tuple(delivered)), later.values(), worker, self.now)
        elif not self.store.settle(entry.entry_id, worker):
            return  # its lease was given back meanwhile: it comes again, and nobody may get it twice
        del self.sent[entry.entry_id]

    def _put_back(self, entry: OutboxEntry, delivered: list[str], failures: list[DeliveryError], worker: str) -> None:
        if entry.notice is Notice.RELAYED:
            self._keep_for_office(entry, failures[-1], worker)
            return
        attempts = entry.attempts + 1
        forward = entry.notice in FORWARDS
        dead = attempts >= (FORWARD_TRIES if forward else ATTEMPTS_MAX) or all(error.lasting for error in failures)
        if dead and forward:
            self._by_letter(entry, failures[-1])
            self.store.settle(entry.entry_id, worker)
            return
        if entry.attempts and entry.notice not in APART:
            # For an alarm. The minute of a first try may be its reporter's; later tries are by the hour.
            logs.report("letters_wait", level=logging.WARNING, code=failures[-1].code)
        later = self.now() // HOUR + pause_hours(attempts)
        back = replace(entry, delivered=tuple(delivered), attempts=attempts, not_before=later, dead=dead)
        self.store.put_back(replace(back, error=failures[-1].code), worker)

    def _keep_for_office(self, entry: OutboxEntry, error: DeliveryError, worker: str) -> None:
        """Put a report for a linked office back until it answers: it lies nowhere else."""
        pause = REFUSED_PAUSE if error.lasting else min(pause_hours(min(entry.attempts + 1, ATTEMPTS_MAX)), RELAY_PAUSE)
        back = replace(entry, attempts=entry.attempts + 1, not_before=self.now() // HOUR + pause, error=error.code)
        self.store.put_back(back, worker)

    def _by_letter(self, entry: OutboxEntry, error: DeliveryError) -> None:
        """Notify an agency's officers by mail of what its system does not take; they answer at the desk."""
        logs.report("open311_by_letter", error, code=error.code)
        notice = Notice.HANDED_OVER if entry.notice is Notice.FORWARDED else Notice.REPORTER_WROTE
        place = (entry.instance, entry.agency, entry.case_id)
        served = tuple(name for name in entry.delivered if name != SYSTEM)
        self.store.enqueue(OutboxEntry(f"{entry.entry_id}-surat", notice, *place, delivered=served))

    def _letters_of(self, digest: Digest) -> Iterator[tuple[str, Callable[[], None] | Later]]:
        for name, write in digest.letters():
            yield name, partial(self._post, write)

    def _outgoing(self, entry: OutboxEntry) -> Iterator[tuple[str, Callable[[], None] | Later]]:
        """Yield each recipient's name, for the entry's ``delivered``, and what sends to them, or when they learn of
        it."""
        if entry.notice in TO_REPORTERS:
            if news := read_news(entry, self.courier_keys, self.officers.public_keys()):
                yield REPORTER, partial(self._notify, news)
        elif entry.notice in FORWARDS:
            if self.exchange and NoticeProofs(self.store, self.officers.directory).holds(entry):
                yield SYSTEM, partial(self.exchange.send, entry, open_words(entry, self.courier_keys))
        elif entry.notice is Notice.RELAYED:
            yield OFFICE, partial(self._pass_on, entry)
        else:
            for name, write in self.officers(entry):
                yield name, write if isinstance(write, Later) else partial(self._post, write)

    def _pass_on(self, entry: OutboxEntry) -> None:
        if self.relay is None:
            raise DeliveryError("no_relay")
        self.relay.send(entry)

    def _notify(self, news: News) -> None:
        channel = news.contact.channel
        notifier = self.notifiers.get(channel)
        if notifier is None:  # the settings switched it off, for now
            raise DeliveryError(f"no_{channel}")
        send = partial(self._try, partial(notifier.notify, news), notifier.tries)
        if channel is Channel.SMS:
            self.circuit.call(channel, send, "sms_resting")
        else:  # mail is ours, and of apps each has a circuit of its own (``Exchange.push``)
            send()

    def _post(self, write: Write) -> None:
        if letter := write():
            self._try(partial(self.mailer.send, letter), QUICK_TRIES)

    def _try(self, send: Callable[[], None], waits: Sequence[float]) -> None:
        """Send, and again at once as often as there are waits (seconds); not after a slow try. Raises the last
        DeliveryError."""
        for wait in waits:
            self.pause(wait)
            if self.short():
                raise DeliveryError("no_time")
            try:
                send()
            except DeliveryError as error:
                if not error.soon or wait == waits[-1]:
                    raise
            else:
                return
