"""The courier: a process of its own beside the doors, or a scheduled function.

Run with ``python -m functions.courier.main``. It ends on SIGTERM after the entry in hand.
"""

import logging
import signal
import sys
import threading
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from functions.actions.deliver import Deliver
from functions.delivery.interface import Mailer
from functions.delivery.mail import FolderMailer, SmtpMailer
from functions.settings import Settings, SettingsError, load_directory, load_officers, load_settings
from functions.storage.choose import open_store
from functions.storage.interface import StorageError, Store
from functions.vault.keyring import KeyDirectory, KeyringError, Purpose
from functions.web.dates import long_date

LOG = logging.getLogger("lapor.courier")
WORKER = "courier"
IDLE_SECONDS = 0.5
TROUBLE_SECONDS = 5.0


def make_deliver(settings: Settings, store: Store) -> Deliver:
    """The courier's action with only its own keys. Raises KeyringError, SettingsError."""
    directory = load_directory(settings.directory_file)
    keys = KeyDirectory(settings.keys_dir, settings.key_passphrase)
    zone = ZoneInfo(settings.timezone)

    def say_day(moment: datetime) -> str:
        return long_date(moment.astimezone(zone).date(), "id")

    return Deliver(
        store=store,
        mailer=make_mailer(settings),
        directory=directory,
        officers=load_officers(settings.officers_file, directory),
        courier_keys=keys.private(Purpose.COURIER),
        link_keys=keys.private(Purpose.LINKS),
        public_keys=keys.public,
        url=settings.url,
        say_day=say_day,
        now=lambda: int(time.time()),
        pause=time.sleep,
        link_days=settings.link_days,
    )


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
        import boto3  # noqa: PLC0415 - only where SES is used

        from functions.delivery.ses import SesMailer  # noqa: PLC0415 - as above

        return SesMailer(lambda: boto3.client("sesv2"), settings.mail_from)
    return FolderMailer(settings.mailbox_dir)


def run(deliver: Deliver, stop: threading.Event) -> None:
    """Deliver until told to stop. One courier works on one machine, so what it had in hand when it died is
    taken up again at once."""
    released = False
    while not stop.is_set():
        try:
            if not released:
                deliver.store.release(WORKER)
                released = True
            idle = deliver.run_once(WORKER) == 0
        except StorageError as error:
            LOG.warning("storage: %s", type(error).__name__)
            stop.wait(TROUBLE_SECONDS)
            continue
        if idle:
            stop.wait(IDLE_SECONDS)


def main() -> int:
    """Load the settings, then run."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        settings = load_settings()
        deliver = make_deliver(settings, open_store(settings))
    except (SettingsError, KeyringError) as error:
        sys.stderr.write(f"courier: {error}\n")
        return 1
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(deliver, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
