"""What other systems can hold up, delivered beside the mail: a thread for agencies' systems, one for linked offices,
one for SMS and apps.

The loop of mail claims entries and hands them to a lane; each lane sends its own, one after the other, so that a system
that answers a byte a second keeps only its own lane waiting, for one call.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from functions.actions.courier.deliver import APART, Deliver
from functions.actions.courier.open311_exchange import FORWARDS
from functions.config import logs
from functions.delivery.bounded_call import CALL_SECONDS
from functions.storage.interface import Notice, OutboxEntry

LOG = logging.getLogger("lapor.courier")
END_SECONDS = CALL_SECONDS + 2  # a call in hand ends by itself; a name that does not resolve is left behind
IDLE_SECONDS = 5.0  # without news, before a lane looks whether it is time to poll
TROUBLE_SECONDS = 5.0
HELD_MAX = 1000  # entries in memory; what is beyond stays leased and comes with a later claim


@dataclass(slots=True)
class Lane:
    """Delivers entries of some ``notices`` in a thread of its own, until ``stop``. With ``polls`` it asks those systems
    as well: agencies' for replies, linked offices for their counts."""

    deliver: Callable[[], Deliver]
    worker: str
    stop: threading.Event
    notices: frozenset[Notice]
    polls: bool = False
    waiting: deque[OutboxEntry] = field(default_factory=deque)
    held: set[str] = field(default_factory=set)
    lock: threading.Condition = field(default_factory=threading.Condition)
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin. The thread holds up no end of the process."""
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def take(self, entries: Iterable[OutboxEntry]) -> None:
        """Queue those of these entries that are this lane's and that it does not hold yet. One that waits here already
        was claimed again since its lease ran out: with the new lease it keeps its place."""
        with self.lock:
            ours = [entry for entry in entries if entry.notice in self.notices]
            again = {entry.entry_id: entry for entry in ours if entry.entry_id in self.held}
            if again:
                self.waiting = deque(again.get(entry.entry_id, entry) for entry in self.waiting)
            for entry in ours:
                if entry.entry_id not in self.held and len(self.held) < HELD_MAX:
                    self.held.add(entry.entry_id)
                    self.waiting.append(entry)
            self.lock.notify()

    def _work(self) -> None:
        while not self.stop.is_set():
            with self.lock:
                if not self.waiting:
                    self.lock.wait(IDLE_SECONDS)
                entry = self.waiting.popleft() if self.waiting else None
            try:
                self._serve(entry)
            except Exception as error:  # noqa: BLE001 - a lane that ended would deliver nothing, and nobody would see it
                LOG.warning("trouble: %s", type(error).__name__, extra=logs.fields("trouble", error))
                if entry:
                    with self.lock:
                        self.waiting.appendleft(entry)
                self.stop.wait(TROUBLE_SECONDS)

    def _serve(self, entry: OutboxEntry | None) -> None:
        deliver = self.deliver()
        if entry:
            deliver.deliver([entry], self.worker, self.stop.is_set)
            with self.lock:
                self.held.discard(entry.entry_id)
        asked = deliver.relay if Notice.RELAYED in self.notices else deliver.exchange
        if self.polls and asked:
            asked.poll(self.stop.is_set)


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes; together they take ``APART``."""

    lanes: Sequence[Lane]

    def share(self, claim: Callable[[], Sequence[OutboxEntry]]) -> tuple[int, list[OutboxEntry]]:
        """Claim entries, hand the lanes theirs, and return how many came and those for the mail.

        No lane lets go of an entry meanwhile: one that is claimed again, after leases were given back, and sent before
        it is handed over would be sent twice.
        """
        with ExitStack() as locks:
            for lane in self.lanes:
                locks.enter_context(lane.lock)
            entries = claim()
            for lane in self.lanes:
                lane.take(entries)
        return len(entries), [entry for entry in entries if entry.notice not in APART]

    def end(self) -> None:
        """Wait for the calls in hand, ``END_SECONDS`` at most. ``stop`` is set."""
        until = time.monotonic() + END_SECONDS
        for lane in self.lanes:
            with lane.lock:
                lane.lock.notify()
        for lane in self.lanes:
            if lane.thread:
                lane.thread.join(max(0.0, until - time.monotonic()))


def start_lanes(deliver: Callable[[], Deliver], worker: str, stop: threading.Event) -> Lanes:
    """Start a lane for agencies' systems, one for linked offices, and one for SMS and apps."""
    systems, relayed = Lane(deliver, worker, stop, FORWARDS, polls=True), frozenset({Notice.RELAYED})
    offices = Lane(deliver, worker, stop, relayed, polls=True)
    lanes = Lanes((systems, offices, Lane(deliver, worker, stop, APART - FORWARDS - relayed)))
    for lane in lanes.lanes:
        lane.start()
    return lanes
