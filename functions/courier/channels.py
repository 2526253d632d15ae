"""The ways out: mail and the reporters' channels, as the settings name them."""

from collections.abc import Callable
from functools import lru_cache

from functions.actions.common.muted_numbers import MutedNumbers
from functions.casework.channel import Channel
from functions.config.settings import Settings
from functions.crypto.slips.phone_secrets import read_phone_secret
from functions.delivery.interface import Mailer, Notifier, Texter
from functions.delivery.mail import FolderMailer, SmtpMailer
from functions.delivery.notify_mail import MailNotifier
from functions.delivery.notify_sms import SmsNotifier
from functions.delivery.sms import FolderTexter, GammuTexter, HttpTexter
from functions.storage.interface import Store


def make_notifiers(settings: Settings, store: Store, mailer: Mailer, now: Callable[[], int]) -> dict[Channel, Notifier]:
    """Return the notifier of each channel that the settings switch on, but for apps (``main.make_deliver``): these are
    reached with keys that rotate. Raises KeyringError."""
    notifiers: dict[Channel, Notifier] = {Channel.MAIL: MailNotifier(mailer, settings.url)}
    if texter := make_texter(settings):
        muted = MutedNumbers(store, read_phone_secret(settings, "mute"))

        def wants_none(number: str) -> bool:
            return muted.has(number, now())

        notifiers[Channel.SMS] = SmsNotifier(texter, settings.url, wants_none, settings.sms_countries)
    return notifiers


def make_mailer(settings: Settings) -> Mailer:
    """Return the way by which mail leaves."""
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
        from functions.delivery.mail_ses import SesMailer, ses_client  # noqa: PLC0415 - only where SES is used

        return SesMailer(lru_cache(maxsize=1)(ses_client), settings.mail_from, settings.mail_set)
    return FolderMailer(settings.mailbox_dir)


def make_texter(settings: Settings) -> Texter | None:
    """Return the way by which SMS leave, None if they are off."""
    ways: dict[str, Callable[[], Texter]] = {
        "dev": lambda: FolderTexter(settings.mailbox_dir),
        "gammu": lambda: GammuTexter(settings.sms_spool),
        "http": lambda: HttpTexter(settings.sms_url, settings.sms_token),
    }
    way = ways.get(settings.sms_way)
    return way() if way else None
