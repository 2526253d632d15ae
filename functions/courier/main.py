"""The courier: a process of its own beside the doors, or a scheduled function.

Run with ``python -m functions.courier.main``. It ends on SIGTERM after the message in hand, and after the calls in hand
to other systems, ``lanes.END_SECONDS`` at most; with ``--child-of PID`` also when that process is gone.
"""

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as local_time
from functools import partial
from zoneinfo import ZoneInfo

from functions.actions.courier.circuit import Circuit
from functions.actions.courier.day_quota import CountedMailer, DayQuota
from functions.actions.courier.dead_news import DeadNews
from functions.actions.courier.deliver import HOUR, Deliver
from functions.actions.courier.officers_mail import OfficersMail
from functions.actions.courier.open311_exchange import Exchange
from functions.actions.courier.relay_out import RelayOut
from functions.casework.channel import Channel
from functions.casework.directory.agencies import Directory
from functions.config import logs
from functions.config.disk import free_bytes
from functions.config.settings import Settings, SettingsError, load_settings
from functions.config.signals import when_asked_to_end
from functions.courier.channels import make_mailer, make_notifiers
from functions.courier.lanes import start_lanes
from functions.crypto.errors import KeyringError
from functions.crypto.open.private.choose import open_keys
from functions.crypto.open.private.interface import KeyStore
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.delivery.notify_app import AppNotifier
from functions.storage.choose_store import open_store
from functions.storage.interface import StorageError, Store, StoreUnavailableError
from functions.storage.registers.officers import live_staff
from functions.web.dates import long_date

LOG = logging.getLogger("lapor.courier")
WORKER = "courier"
MORNING = local_time(6)  # when news leave that the day before had no letters for
IDLE_SECONDS = 0.5
TROUBLE_SECONDS = 5.0
SETTLE_BYTES = 1_000_000  # several pages of SQLite's log for each entry of a claim


def make_deliver(settings: Settings, store: Store, pause: Callable[[float], None]) -> Callable[[], Deliver]:
    """Return what makes the courier's action, with its own keys alone. Each call brings the keys of the last rotation
    and the officers of the last import.

    ``pause`` waits some seconds. Raises KeyringError, SettingsError, StorageError, OSError.
    """
    staff = live_staff(store, settings)
    directory, officers, holidays = staff()
    keys = open_keys(settings)
    courier_keys, link_keys = Reloading(keys, Purpose.COURIER), Reloading(keys, Purpose.LINKS)
    _check(keys, directory)
    zone = ZoneInfo(settings.timezone)

    def say_day(moment: datetime) -> str:
        return long_date(moment.astimezone(zone).date(), "id")

    def now() -> int:
        return int(time.time())

    def morning() -> int:
        tomorrow = datetime.now(zone).date() + timedelta(days=1)
        return int(datetime.combine(tomorrow, MORNING, zone).timestamp()) // HOUR

    quota = DayQuota(store, settings.letters_per_day, settings.today, morning)
    mailer = CountedMailer(make_mailer(settings), quota.sent)
    notifiers = make_notifiers(settings, store, mailer, now)
    circuit, sent = Circuit(now), dict[str, list[str]]()
    exchange = Exchange(store, directory, courier_keys(), now, circuit)
    relay, dead = RelayOut(store, keys.public, now, circuit), DeadNews(store)
    mail = OfficersMail(
        store=store,
        directory=directory,
        officers=officers,
        courier_keys=courier_keys(),
        link_keys=link_keys(),
        public_keys=keys.public,
        url=settings.url,
        say_day=say_day,
        now=now,
        link_days=settings.link_days,
        digests=settings.digests(holidays),
    )

    def current() -> Deliver:
        public = keys.public()  # read first: what it calls current is then among the private keys read after it
        directory, officers, holidays = staff()
        opening = courier_keys()
        systems = replace(exchange, directory=directory, courier_keys=opening)
        return Deliver(
            store=store,
            mailer=mailer,
            officers=replace(
                mail,
                directory=directory,
                officers=officers,
                courier_keys=opening,
                link_keys=link_keys(),
                public_keys=lambda: public,
                digests=settings.digests(holidays),
            ),
            notifiers={**notifiers, Channel.APP: AppNotifier(systems.push)},
            courier_keys=opening,
            now=now,
            pause=pause,
            circuit=circuit,
            exchange=systems,
            relay=relay,
            sent=sent,
            check_room=partial(check_room, settings),
            quota=quota,
            dead=dead,
        )

    return current


def check_room(settings: Settings) -> None:
    """Raise StoreUnavailableError if the disk of the store is nearly full. A letter that left and could not be settled
    would leave again."""
    if settings.embedded and free_bytes(settings) < SETTLE_BYTES:
        raise StoreUnavailableError("disk: no room to settle what is sent")


def _check(keys: KeyStore, directory: Directory) -> None:
    """Raise KeyringError if a key is missing: without it the courier would silently drop requests for links."""
    missing = keys.missing((Purpose.COURIER, Purpose.LINKS), [instance.code for instance in directory.instances()])
    if missing:
        named = ", ".join(f"{purpose} of {instance}" for purpose, instance in missing)
        raise KeyringError(f"no private key for {named} in {keys.place}; run `python -m functions.cli init`")


def run(
    store: Store,
    deliver: Callable[[], Deliver],
    stop: threading.Event,
    orphaned: Callable[[], bool],
    worker: str = WORKER,
) -> None:
    """Deliver until ``stop`` is set, and set it otherwise. One courier of this name works on a store, so entries it had
    in hand when it died, or when the store failed, are claimed again at once."""
    released, lanes = False, start_lanes(deliver, worker, stop)
    while not stop.is_set() and not orphaned():
        try:
            if not released:
                store.release(worker)
                released = True
            current = deliver()
            count, mail = lanes.share(partial(current.claim, worker))
            current.deliver(mail, worker, stop.is_set)
        except (StorageError, KeyringError, OSError) as error:
            LOG.warning("trouble: %s", type(error).__name__, extra=logs.fields("trouble", error))
            released = False
            stop.wait(TROUBLE_SECONDS)
            continue
        if not count:
            stop.wait(IDLE_SECONDS)
    stop.set()
    lanes.end()


def wait_for_store(
    make: Callable[[], Callable[[], Deliver]], stop: threading.Event, orphaned: Callable[[], bool]
) -> Callable[[], Deliver] | None:
    """Return what ``make`` returns once the store, which holds the officers, answers; None if stopped before. Raises
    what ``make`` raises, except StorageError."""
    while not stop.is_set() and not orphaned():
        try:
            return make()
        except StorageError as error:
            LOG.warning("trouble: %s", type(error).__name__, extra=logs.fields("trouble", error))
            stop.wait(TROUBLE_SECONDS)
    return None


def main(arguments: Sequence[str]) -> int:
    """Load the settings, then run. Return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--child-of", type=int, metavar="PID", help="end when this process, which started it, is gone")
    parser.add_argument("--worker", default=WORKER, help="name of a further courier on the same store, unlike others'")
    given = parser.parse_args(arguments)
    parent = given.child_of
    stop = threading.Event()

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    def orphaned() -> bool:
        return parent is not None and os.getppid() != parent

    when_asked_to_end(stop.set)
    try:
        settings = load_settings()
        store = open_store(settings)
        deliver = wait_for_store(lambda: make_deliver(settings, store, pause), stop, orphaned)
    except SettingsError as error:
        sys.stderr.write("".join(f"courier: {fault}\n" for fault in error.faults))
        return 1
    except (KeyringError, OSError) as error:
        sys.stderr.write(f"courier: {error}\n")
        return 1
    if deliver:
        run(store, deliver, stop, orphaned, given.worker)
    return 0


if __name__ == "__main__":
    logs.configure()
    logs.catch()
    sys.exit(main(sys.argv[1:]))
