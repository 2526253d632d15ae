"""The courier's work: claim what is to be announced, mint each officer's link, send, settle.

The courier knows officers' addresses and signs their links; it cannot read a word of any case, and does
not read cases at all.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from functions.casework.agencies import Directory, Officer
from functions.delivery.interface import DeliveryError, Mailer
from functions.delivery.letters import write_letter
from functions.storage.interface import Notice, OutboxEntry, StorageError, Store
from functions.vault.keyring import PrivateKeys, PublicKeys, Purpose
from functions.vault.links import Link, sign_link
from functions.vault.padding import PaddingError, unpad
from functions.vault.sealing import SealError

LOG = logging.getLogger("lapor.courier")
HOUR = 3600
DAY = 24 * HOUR
ATTEMPTS_MAX = 6
QUICK_TRIES = (0.0, 1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Deliver:
    """One courier. ``now`` gives epoch seconds, ``pause`` waits; ``said`` remembers, in memory only, who got
    a link this hour, so that nobody's mailbox can be flooded by asking for links in his name."""

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
    said: dict[str, int] = field(default_factory=dict)

    def run_once(self, worker: str, stopping: Callable[[], bool] = lambda: False) -> int:
        """Deliver what is due. Returns how many entries were taken up. What is still in hand when ``stopping``
        turns true keeps its lease, which ``worker`` gives back when it starts again."""
        entries = self.store.claim(worker, self.now() // HOUR)
        for entry in entries:
            if stopping():
                break
            try:
                self._deliver(entry, worker)
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001 - one entry that cannot be handled must not stop all others
                LOG.error("unexpected %s at %s", type(error).__name__, entry.notice)  # noqa: TRY400 - no text of it
                self._put_back(entry, list(entry.delivered), [DeliveryError("unexpected")], worker)
        return len(entries)

    def _deliver(self, entry: OutboxEntry, worker: str) -> None:
        delivered, failures = list(entry.delivered), []
        for officer in self._recipients(entry):
            if officer.ident in delivered:
                continue
            try:
                self._send(entry, officer)
                delivered.append(officer.ident)
            except DeliveryError as error:
                failures.append(error)
        if not failures:
            self.store.settle(entry.entry_id, worker)
            return
        self._put_back(entry, delivered, failures, worker)

    def _put_back(self, entry: OutboxEntry, delivered: list[str], failures: list[DeliveryError], worker: str) -> None:
        attempts = entry.attempts + 1
        dead = attempts >= ATTEMPTS_MAX or all(error.lasting for error in failures)
        later = self.now() // HOUR + 2 ** (attempts - 1)
        back = replace(entry, delivered=tuple(delivered), attempts=attempts, not_before=later, dead=dead)
        self.store.put_back(replace(back, error=failures[-1].code), worker)

    def _recipients(self, entry: OutboxEntry) -> list[Officer]:
        if entry.notice is not Notice.LINK_WANTED:
            return [officer for officer in self.officers if officer.agency == entry.agency]
        try:
            address = unpad(self.courier_keys.open(entry.instance, entry.entry_id, entry.sealed)).decode()
        except (SealError, PaddingError, UnicodeDecodeError):
            return []
        hour = self.now() // HOUR
        known = [o for o in self.officers if o.email == address and self.said.get(o.ident, 0) < hour]
        self.said.update({officer.ident: hour for officer in known})
        return known

    def _send(self, entry: OutboxEntry, officer: Officer) -> None:
        """Send one letter, trying again at once a few times. Raises the last DeliveryError."""
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
        letter = write_letter(
            to=officer.email,
            notice=entry.notice,
            tracking_id=entry.case_id,
            agency=self.directory.agencies[officer.agency].name,
            link=f"{self.url}/masuk/#{sign_link(link, self.link_keys.keys[key_id])}",
            until=self.say_day(datetime.fromtimestamp(expires, UTC)),
            message_id=sha256(f"{entry.entry_id}/{officer.ident}".encode()).hexdigest()[:32],
        )
        for wait in QUICK_TRIES:
            self.pause(wait)
            try:
                self.mailer.send(letter)
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
