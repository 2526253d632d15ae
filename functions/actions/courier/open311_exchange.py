"""The exchange with agencies' own systems and with apps: send what is sealed to the courier, poll for replies.

A reply is sealed to the case's reply key at once and waits for the clock (``import_replies``): the courier reads and
writes no case.

Tests: ``tests/doors/test_linked.py``, ``tests/doors/test_two_instances.py``.
"""

import time
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from types import ModuleType

from functions.actions.common.incoming_replies import receive_reply
from functions.actions.courier.circuit import Circuit
from functions.casework.directory.agencies import Directory
from functions.casework.linked_systems import (
    PROMISED,
    Forward,
    Said,
    is_linked,
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
from functions.storage.interface import CaseNotFoundError, Notice, OutboxEntry, StorageError, Store
from functions.storage.registers.linked_systems import (
    CaseLink,
    Peer,
    Sent,
    app_peer,
    begin_link,
    change_sent,
    drop_link,
    read_link,
    read_peer,
    read_sent,
    rename_link,
    sent_to,
)

HOUR = 3600
POLL_SECONDS = 60  # for one system in an hour; what it did not answer by then is asked for first in another
LOOKBACK_HOURS = 48
LOOKBACK_MOST = 31 * 24  # hours; who was away for longer tells what it said since
FORMER, FORMER_AT_ONCE = "", 50  # in ``asked``: agencies without a system; how many are looked at in an hour
MISSES_MAX = 24  # of answers that cannot be read, in one poll, before one can
STRANGE = "open311_strange"
RESTING = "open311_resting"
FORWARDS = frozenset({Notice.FORWARDED, Notice.FORWARDED_MORE})


def key_context(agency: str) -> str:
    """Return the HPKE context of the sealed api_key for an agency's system."""
    return f"o311-key:{agency}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """``now`` gives epoch seconds, ``clock`` seconds that never jump. ``circuit`` knows the systems that rest after
    failures, ``asked`` the hour of the last poll. Both are in memory: a restarted courier tries again."""

    store: Store
    directory: Directory
    courier_keys: PrivateKeys
    now: Callable[[], int]
    circuit: Circuit
    wire: ModuleType = open311
    clock: Callable[[], float] = time.monotonic
    asked: dict[str, int] = field(default_factory=dict)

    def send(self, entry: OutboxEntry, plain: bytes) -> None:
        """Send what an entry holds to an agency's system. Raises DeliveryError, StorageError."""
        try:
            forward = Forward.decode(plain)
        except ValueError:
            raise DeliveryError("open311_unsealed", lasting=True) from None
        link = None if entry.notice is Notice.FORWARDED else self._link(entry)
        peer, system = self._system(entry.agency, entry.instance)
        if link is None:
            send = partial(self._begin, entry, forward, peer, system)
        else:
            send = partial(self._more, entry, forward, link.remote, system)
        self.circuit.call(entry.agency, send, RESTING)

    def push(self, update: Update) -> None:
        """Send an update to the app that sent a report. Raises DeliveryError, StorageError."""
        name = app_peer(update.to, update.instance)
        peer = read_peer(self.store, name)
        if peer is None:
            return  # it wants no updates any more
        system = System(peer.url, self._key(name, update.instance, peer), peer.jurisdiction)
        words = (update.update_id, update.text, update.status, update.code)
        self.circuit.call(name, lambda: self.wire.say(system, update.token, *words), RESTING)

    def poll(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Ask every system once an hour what became of its requests, and return how many replies were received. One
        that does not answer, or says what cannot be handled, is asked again in an hour; the others go on."""
        taken = 0
        for agency in linked_agencies(self.directory):
            hour = self.now() // HOUR
            if stopping():
                break
            if self.asked.get(agency.code) == hour:
                continue
            self.asked[agency.code] = hour
            try:
                taken += self._poll(agency.code, hour)
            except DeliveryError as error:
                self.circuit.note(agency.code, error)
                logs.report("open311", error, code=error.code)
            except Exception as error:  # noqa: BLE001 - what one system says must not keep us from asking all others
                logs.report("open311", error, code="unexpected")
        try:
            self._forget_of_former(self.now() // HOUR)
        except StorageError as error:  # the next poll does it
            logs.report("open311", error, code="store")
        return taken

    def _forget_of_former(self, hour: int) -> None:
        """Forget the numbers of deleted cases at agencies that have no system any more, or have left the directory: a
        few of these each hour, since a nation has thousands. Raises StorageError."""
        if self.asked.get(FORMER) == hour:
            return
        known = self.directory.agencies
        former = [code for code, agency in known.items() if not is_linked(agency)]
        former += [code for code in sent_to(self.store) if code not in known]
        many = min(FORMER_AT_ONCE, len(former))
        first = hour * many % len(former) if former else 0
        for code in (former + former)[first : first + many]:
            sent = read_sent(self.store, code)
            if gone := self._gone(sent):
                change_sent(self.store, code, partial(_forgotten, gone=gone))
        self.asked[FORMER] = hour

    def _gone(self, sent: Sent) -> Collection[str]:
        """Return the numbers of cases that are deleted, without their links: one that was deleted while its system took
        it had its number noted after that."""
        gone = {number: case_id for number, case_id in sent.cases.items() if self._deleted(case_id)}
        for case_id in gone.values():
            drop_link(self.store, case_id)
        return gone.keys()

    def _poll(self, agency: str, hour: int) -> int:
        sent = read_sent(self.store, agency)
        if not sent.cases or sent.polled == hour:  # a later hour was noted by a clock that was ahead
            return 0
        gone = self._gone(sent)
        change_sent(
            self.store, agency, lambda known: replace(_forgotten(known, gone), polled=hour, heard=known.heard or hour)
        )
        sent = _forgotten(sent, gone)
        instance = self.directory.instance_of(agency)
        system = self._system(agency, instance.code if instance else "")[1]
        if self.circuit.resting(agency):
            raise DeliveryError(RESTING)
        taken = self._ask(agency, sent, system)
        change_sent(self.store, agency, partial(replace, heard=hour))
        return taken

    def _deleted(self, case_id: str) -> bool:
        try:
            return self.store.read_whereabouts(case_id).shredded
        except CaseNotFoundError:
            return True

    def _begin(self, entry: OutboxEntry, forward: Forward, peer: Peer, system: System) -> None:
        accepted = self.wire.ask(
            system, request_fields(forward, peer.services, peer.service) | {"submission_key": update_id(entry.entry_id)}
        )
        number = accepted.number or PROMISED + accepted.token
        self._numbered(entry.agency, number, entry.case_id)
        begin_link(self.store, entry.case_id, entry.agency, number, b64decode(forward.reply), self.now())

    def _link(self, entry: OutboxEntry) -> CaseLink:
        """Return the case's link to this system. Raises a lasting DeliveryError if it never had the report."""
        link = read_link(self.store, entry.case_id, self.now(), entry.agency)
        if link is None:
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
        """Return the number that a token was given for. Raises DeliveryError if there is none yet, or a strange one."""
        found: str = self.wire.number_of(system, number.removeprefix(PROMISED))
        if not found:
            raise DeliveryError("open311_pending")
        self._numbered(agency, found, case_id)
        rename_link(self.store, case_id, agency, found, self.now())
        return found

    def _numbered(self, agency: str, number: str, case_id: str) -> None:
        """Note a system's number of a case. Raises a lasting DeliveryError for one that it gave another case: what it
        says of the number would be read by both reporters. The officers then get a letter."""

        def add(sent: Sent) -> Sent:
            if sent.cases.get(number, case_id) != case_id:
                error = DeliveryError("open311_shared_number", lasting=True)
                logs.report("open311", error, code=error.code)
                raise error
            others = {known: case for known, case in sent.cases.items() if case != case_id}
            return replace(sent, cases=others | {number: case_id})

        change_sent(self.store, agency, add)

    def _ask(self, agency: str, sent: Sent, system: System) -> int:
        cases, until = dict(sent.cases), self.clock() + POLL_SECONDS
        for number in [known for known in cases if known.startswith(PROMISED)]:
            case_id = cases.pop(number)
            try:
                cases[self._named(agency, case_id, number, system)] = case_id
            except DeliveryError as error:
                if error.slow or self.clock() > until:
                    raise
                continue  # asked again in an hour
        end = self.now()
        start = max(min(sent.heard * HOUR or end, end), end - LOOKBACK_MOST * HOUR) - LOOKBACK_HOURS * HOUR
        said = self._updates(system, start, end, until)
        closed = {each.number for each in said if each.status == "closed"}
        said += [each for each in self._states(system, sorted(cases), until) if each.number not in closed]
        taken = sum(receive_reply(self.store, self.directory, agency, cases, each, self.now()) for each in said)
        done = {each.number for each in said if each.status == "closed"} & set(sent.cases)
        if done:  # no longer polled; a reporter who says that it is not done makes a new request
            change_sent(self.store, agency, partial(_forgotten, gone=done))
        return taken

    def _updates(self, system: System, start: int, end: int, until: float) -> list[Said]:
        """Return what a system said between two epoch seconds. Of a month at once that may be more than we read, and
        one broken character makes all of it unreadable: it is then asked for halves, the later first. What stays
        unread is given up where others were read: else it would keep back all that is said after it. Raises
        DeliveryError."""
        spans, said, misses, heard = [(start, end)], list[Said](), 0, False
        while spans:
            first, last = spans.pop()
            try:
                said, heard = [*self.wire.updates(system, _iso(first), _iso(last)), *said], True
            except DeliveryError as error:
                misses += 1
                over = (misses > MISSES_MAX and not heard) or self.clock() > until
                if error.code != STRANGE or (over and not heard):
                    raise
                if over or last - first <= HOUR:
                    logs.report("open311", error, code="open311_unread")
                    spans = [] if over else spans
                else:
                    middle = (first + last) // 2
                    spans += [(first, middle), (middle, last)]
        return said

    def _states(self, system: System, numbers: list[str], until: float) -> Iterator[Said]:
        """Yield what is closed among these, beginning at another of them in each hour: time may be short for all."""
        first = self.now() // HOUR * open311.AT_ONCE % len(numbers) if numbers else 0
        turned = numbers[first:] + numbers[:first]
        for start in range(0, len(turned), open311.AT_ONCE):
            if self.clock() > until:
                return
            yield from self.wire.states(system, turned[start : start + open311.AT_ONCE])

    def _system(self, agency: str, instance: str) -> tuple[Peer, System]:
        """Return how to reach an agency's system. Raises DeliveryError, which lasts if ops never said how."""
        url, peer = system_of(agency, self.directory), read_peer(self.store, agency)
        if not url or peer is None:
            raise DeliveryError("open311_unknown_system", lasting=True)
        return peer, System(url, self._key(agency, instance, peer), peer.jurisdiction)

    def _key(self, name: str, instance: str, peer: Peer) -> str:
        """Return our api_key there. Raises DeliveryError."""
        try:
            return self.courier_keys.open(instance, key_context(name), peer.sealed_key).decode()
        except (SealError, UnicodeDecodeError):
            raise DeliveryError("open311_key", lasting=True) from None


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def _forgotten(sent: Sent, gone: Collection[str]) -> Sent:
    return replace(sent, cases={number: case for number, case in sent.cases.items() if number not in gone})
