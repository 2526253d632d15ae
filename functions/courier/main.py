"""The courier: a process of its own beside the doors, or a scheduled function.

Run with ``python -m functions.courier.main``. It ends on SIGTERM after the entries in hand, ten at most; with
``--child-of PID`` also when that process is gone.
"""

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from functions import logs
from functions.actions.deliver import Deliver
from functions.actions.exchange import Exchange
from functions.casework.agencies import Directory
from functions.delivery.interface import Mailer, Texter
from functions.delivery.mail import FolderMailer, SmtpMailer
from functions.delivery.sms import FolderTexter, GammuTexter, HttpTexter
from functions.settings import Settings, SettingsError, load_settings
from functions.signals import when_asked_to_end
from functions.storage.choose import open_store
from functions.storage.interface import StorageError, Store
from functions.storage.officers import live_staff
from functions.vault.choose_private import open_keys
from functions.vault.key_store import KeyStore
from functions.vault.keyring import KeyringError, Purpose
from functions.vault.loading import Reloading
from functions.vault.phone_secrets import read_phone_secret
from functions.web.dates import long_date

LOG = logging.getLogger("lapor.courier")
WORKER = "courier"
IDLE_SECONDS = 0.5
TROUBLE_SECONDS = 5.0


def make_deliver(settings: Settings, store: Store, pause: Callable[[float], None]) -> Callable[[], Deliver]:
    """The courier's action with only its own keys, and with those as of the last rotation, and the officers as of the
    last import, at each call.

    ``pause`` waits some seconds. Raises KeyringError, SettingsError, StorageError, OSError.
    """
    staff = live_staff(store, settings)
    directory, officers = staff()
    keys = open_keys(settings)
    courier_keys, link_keys = Reloading(keys, Purpose.COURIER), Reloading(keys, Purpose.LINKS)
    _check(keys, directory)
    zone = ZoneInfo(settings.timezone)

    def say_day(moment: datetime) -> str:
        return long_date(moment.astimezone(zone).date(), "id")

    deliver = Deliver(
        store=store,
        mailer=make_mailer(settings),
        directory=directory,
        officers=officers,
        courier_keys=courier_keys(),
        link_keys=link_keys(),
        public_keys=keys.public,
        url=settings.url,
        say_day=say_day,
        now=lambda: int(time.time()),
        pause=pause,
        link_days=settings.link_days,
        texter=make_texter(settings),
        mute_secret=b"" if settings.sms_way == "off" else read_phone_secret(settings, "mute"),
    )
    exchange = Exchange(store, directory, deliver.courier_keys, deliver.now)

    def current() -> Deliver:
        public = keys.public()  # read first: what it calls current is then among the private keys read after it
        directory, officers = staff()
        opening = courier_keys()
        return replace(
            deliver,
            directory=directory,
            officers=officers,
            courier_keys=opening,
            link_keys=link_keys(),
            public_keys=lambda: public,
            exchange=replace(exchange, directory=directory, courier_keys=opening),
        )

    return current


def _check(keys: KeyStore, directory: Directory) -> None:
    """A courier without its keys would lose requests for links, one by one and without a word."""
    missing = keys.missing((Purpose.COURIER, Purpose.LINKS), [instance.code for instance in directory.instances()])
    if missing:
        named = ", ".join(f"{purpose} of {instance}" for purpose, instance in missing)
        raise KeyringError(f"no private key for {named} in {keys.place}; run `python -m functions.cli init`")


def make_mailer(settings: Settings) -> Mailer:
    """The way to deliver that the settings name."""
    if settings.mail == "smtp":
        return SmtpMailer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.mail_from,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password,
        )
    if settings.mail == "ses":
        from functions.delivery.ses import SesMailer, ses_client  # noqa: PLC0415 - only where SES is used

        return SesMailer(lru_cache(maxsize=1)(ses_client), settings.mail_from)
    return FolderMailer(settings.mailbox_dir)


def make_texter(settings: Settings) -> Texter | None:
    """The way by which SMS leave, None where there is none."""
    ways: dict[str, Callable[[], Texter]] = {
        "dev": lambda: FolderTexter(settings.mailbox_dir),
        "gammu": lambda: GammuTexter(settings.sms_spool),
        "http": lambda: HttpTexter(settings.sms_url, settings.sms_token),
    }
    way = ways.get(settings.sms_way)
    return way() if way else None


def run(store: Store, deliver: Callable[[], Deliver], stop: threading.Event, orphaned: Callable[[], bool]) -> None:
    """Deliver until told to stop. One courier works on one machine, so what it had in hand when it died, or
    when the store failed it, is taken up again at once."""
    released = False
    while not stop.is_set() and not orphaned():
        try:
            if not released:
                store.release(WORKER)
                released = True
            idle = deliver().run_once(WORKER, stop.is_set) == 0
        except (StorageError, KeyringError, OSError) as error:
            LOG.warning("trouble: %s", type(error).__name__, extra=logs.fields("trouble", error))
            released = False
            stop.wait(TROUBLE_SECONDS)
            continue
        if idle:
            stop.wait(IDLE_SECONDS)


def patiently(
    make: Callable[[], Callable[[], Deliver]], stop: threading.Event, orphaned: Callable[[], bool]
) -> Callable[[], Deliver] | None:
    """What ``make`` makes, tried until the store, in which the officers are, answers; None when told to stop before.
    Raises what ``make`` raises but StorageError."""
    while not stop.is_set() and not orphaned():
        try:
            return make()
        except StorageError as error:
            LOG.warning("trouble: %s", type(error).__name__, extra=logs.fields("trouble", error))
            stop.wait(TROUBLE_SECONDS)
    return None


def main(arguments: Sequence[str]) -> int:
    """Load the settings, then run. Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--child-of", type=int, metavar="PID", help="end when this process, which started it, is gone")
    parent = parser.parse_args(arguments).child_of
    stop = threading.Event()

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    def orphaned() -> bool:
        return parent is not None and os.getppid() != parent

    when_asked_to_end(stop.set)
    try:
        settings = load_settings()
        store = open_store(settings)
        deliver = patiently(lambda: make_deliver(settings, store, pause), stop, orphaned)
    except SettingsError as error:
        sys.stderr.write("".join(f"courier: {fault}\n" for fault in error.faults))
        return 1
    except (KeyringError, OSError) as error:
        sys.stderr.write(f"courier: {error}\n")
        return 1
    if deliver:
        run(store, deliver, stop, orphaned)
    return 0


if __name__ == "__main__":
    logs.configure()
    logs.catch()
    sys.exit(main(sys.argv[1:]))
