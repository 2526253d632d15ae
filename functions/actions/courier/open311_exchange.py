"""The exchange with agencies' own systems and with apps: send what is sealed to the courier, poll for replies.

A reply is sealed to the case's reply key at once and waits for the clock (``import_replies``): the courier reads and
writes no case.

Tests: ``tests/doors/test_linked.py``, ``tests/doors/test_two_instances.py``.
"""

from base64 import b64decode
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType

from functions.actions.common.incoming_replies import receive_reply
from functions.casework.directory.agencies import Directory
from functions.casework.linked_systems import (
    PROMISED,
    Forward,
    Said,
    linked_agencies,
    request_fields,
    system_of,
)
from functions.config import logs
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.delivery import open311
from functions.delivery.interface import DeliveryError, Update
from functions.delivery.open311 import System, update_id
from functions.storage.interface import Notice, OutboxEntry, Store
from functions.storage.registers.linked_systems import (
    CaseLink,
    Peer,
    Sent,
    app_peer,
    begin_link,
    change_sent,
    read_link,
    read_peer,
    read_sent,
    rename_link,
)

HOUR = 3600
RESTS_AFTER = 3  # failures one after the other, then nothing is tried until the next hour
LOOKBACK_HOURS = 48
FORWARDS = frozenset({Notice.FORWARDED, Notice.FORWARDED_MORE})


def key_context(agency: str) -> str:
    """Return the HPKE context of the sealed api_key for an agency's system."""
    return f"o311-key:{agency}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """``now`` gives epoch seconds. ``failed`` counts an agency's failures, ``rests`` is the epoch hour before which it
    is not tried, ``asked`` the hour of the last poll. All three are in memory: a restarted courier tries again."""

    store: Store
    directory: Directory
    courier_keys: PrivateKeys
    now: Callable[[], int]
    wire: ModuleType = open311
    failed: dict[str, int] = field(default_factory=dict)
    rests: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def send(self, entry: OutboxEntry, plain: bytes) -> None:
        """Send what an entry holds to an agency's system. Raises DeliveryError, StorageError."""
        try:
            forward = Forward.decode(plain)
        except ValueError:
            raise DeliveryError("open311_unsealed", lasting=True) from None
        link = None if entry.notice is Notice.FORWARDED else self._link(entry)
        peer, system = self._system(entry.agency, entry.instance)
        try:
            if link is None:
                self._begin(entry, forward, peer, system)
            else:
                self._more(entry, forward, link.remote, system)
        except DeliveryError as error:
            self._note(entry.agency, failed=not error.lasting)
            raise
        self._note(entry.agency, failed=False)

    def push(self, update: Update) -> None:
        """Send an update to the app that sent a report. Raises DeliveryError, StorageError."""
        name = app_peer(update.to, update.instance)
        peer = read_peer(self.store, name)
        if peer is None:
            return  # it wants no updates any more
        system = System(peer.url, self._key(name, update.instance, peer), peer.jurisdiction)
        try:
            self.wire.say(system, update.token, update.update_id, update.text, update.status, update.code)
        except DeliveryError as error:
            self._note(name, failed=not error.lasting)
            raise
        self._note(name, failed=False)

    def poll(self) -> int:
        """Ask every system once an hour what became of its requests, and return how many replies were received. One
        that does not answer is asked again in an hour. Raises StorageError."""
        taken = 0
        for agency in linked_agencies(self.directory):
            hour = self.now() // HOUR
            if self.asked.get(agency.code) == hour:
                continue
            self.asked[agency.code] = hour
            sent = read_sent(self.store, agency.code)
            if not sent.cases or sent.polled >= hour:
                continue
            change_sent(self.store, agency.code, partial(replace, polled=hour))
            instance = self.directory.instance_of(agency.code)
            try:
                taken += self._ask(agency.code, sent, self._system(agency.code, instance.code if instance else "")[1])
            except DeliveryError as error:
                logs.report("open311", error, code=error.code)
        return taken

    def _begin(self, entry: OutboxEntry, forward: Forward, peer: Peer, system: System) -> None:
        accepted = self.wire.ask(
            system, request_fields(forward, peer.services, peer.service) | {"submission_key": update_id(entry.entry_id)}
        )
        number = accepted.number or PROMISED + accepted.token
        begin_link(self.store, entry.case_id, entry.agency, number, b64decode(forward.reply), self.now())
        self._numbered(entry.agency, number, entry.case_id)

    def _link(self, entry: OutboxEntry) -> CaseLink:
        """Return the case's link to this system. Raises a lasting DeliveryError if it never had the report."""
        link = read_link(self.store, entry.case_id, self.now())
        if link is None or link.agency != entry.agency:
            raise DeliveryError("open311_untied", lasting=True)
        return link

    def _more(self, entry: OutboxEntry, forward: Forward, number: str, system: System) -> None:
        if number.startswith(PROMISED):
            try:
                number = self._named(entry.agency, entry.case_id, number, system)
            except DeliveryError:
                number = number.removeprefix(PROMISED)  # one of ours goes by its token for good
        self.wire.say(system, number, update_id(entry.entry_id), forward.text)

    def _named(self, agency: str, case_id: str, number: str, system: System) -> str:
        """Return the number that a token was given for. Raises DeliveryError if there is none yet."""
        found: str = self.wire.number_of(system, number.removeprefix(PROMISED))
        if not found:
            raise DeliveryError("open311_pending")
        change_sent(self.store, agency, lambda sent: replace(sent, cases=_renamed(sent, number, found)))
        rename_link(self.store, case_id, found, self.now())
        return found

    def _numbered(self, agency: str, number: str, case_id: str) -> None:
        def add(sent: Sent) -> Sent:
            others = {known: case for known, case in sent.cases.items() if case != case_id}
            return replace(sent, cases=others | {number: case_id})

        change_sent(self.store, agency, add)

    def _ask(self, agency: str, sent: Sent, system: System) -> int:
        cases = dict(sent.cases)
        for number in [known for known in cases if known.startswith(PROMISED)]:
            try:
                case_id = cases.pop(number)
                cases[self._named(agency, case_id, number, system)] = case_id
            except DeliveryError:
                continue  # asked again in an hour
        end = datetime.fromtimestamp(self.now(), UTC)
        start = datetime.fromtimestamp(sent.polled * HOUR, UTC) if sent.polled else end
        start = min(start, end) - timedelta(hours=LOOKBACK_HOURS)
        said: list[Said] = list(self.wire.updates(system, start.isoformat(), end.isoformat()))
        closed = {each.number for each in said if each.status == "closed"}
        said += [each for each in self.wire.states(system, sorted(cases)) if each.number not in closed]
        taken = sum(receive_reply(self.store, agency, cases, each, self.now()) for each in said)
        done = {each.number for each in said if each.status == "closed"} & set(sent.cases)
        if done:  # no longer polled; a reporter who says that it is not done makes a new request
            change_sent(self.store, agency, lambda known: replace(known, cases=_without(known, done)))
        return taken

    def _system(self, agency: str, instance: str) -> tuple[Peer, System]:
        """Return how to reach an agency's system. Raises DeliveryError, which lasts if ops never said how."""
        url, peer = system_of(agency, self.directory), read_peer(self.store, agency)
        if not url or peer is None:
            raise DeliveryError("open311_unknown_system", lasting=True)
        return peer, System(url, self._key(agency, instance, peer), peer.jurisdiction)

    def _key(self, name: str, instance: str, peer: Peer) -> str:
        """Return our api_key there. Raises DeliveryError, also for a system that rests after failures."""
        if self.rests.get(name, 0) > self.now() // HOUR:
            raise DeliveryError("open311_resting")
        try:
            return self.courier_keys.open(instance, key_context(name), peer.sealed_key).decode()
        except (SealError, UnicodeDecodeError):
            raise DeliveryError("open311_key", lasting=True) from None

    def _note(self, agency: str, *, failed: bool) -> None:
        self.failed[agency] = self.failed.get(agency, 0) + 1 if failed else 0
        if self.failed[agency] >= RESTS_AFTER:
            self.rests[agency] = self.now() // HOUR + 1


def _without(sent: Sent, done: Collection[str]) -> dict[str, str]:
    return {number: case for number, case in sent.cases.items() if number not in done}


def _renamed(sent: Sent, number: str, found: str) -> dict[str, str]:
    return {found if known == number else known: case for known, case in sent.cases.items()}
