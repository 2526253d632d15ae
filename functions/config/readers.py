"""Read each setting from its text. Raises ValueError with half a sentence: what the text is not."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from functions.casework.factors.standing import Strictness
from functions.casework.formats.attachments import FILE_MB
from functions.casework.formats.web_address import host_of

DAY_HOURS = 24
SECRET_BYTES = 16
LONG_SECRET_BYTES = 32
MOST_SECRETS = 2
LONGEST = 120


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"is not a whole number from {low} to {high}")
        return int(text)

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"is not one of: {', '.join(choices)}")
        return text

    return read


def _hours(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) < DAY_HOURS for part in parts):
        raise ValueError("is not a list of hours from 0 to 23 like 8,14")
    return tuple(sorted({int(part) for part in parts}))


def _digest(text: str) -> str:
    if text not in ("now", "off") and not (text.isdecimal() and int(text) < DAY_HOURS):
        raise ValueError("is not an hour from 0 to 23, now, or off")
    return text


def _rising(text: str) -> tuple[int, ...]:
    parts = [int(part) if part.strip().isdecimal() else 0 for part in text.split(",")]
    if parts[0] < 1 or sorted(set(parts)) != parts or parts[-1] > LONGEST:
        raise ValueError(f"is not a rising list of working days from 1 to {LONGEST} like 1,5,10")
    return tuple(parts)


def _secret(text: str) -> str:
    if len(text.encode()) < SECRET_BYTES:
        raise ValueError(f"is shorter than {SECRET_BYTES} characters")
    return text


def _long_secret(text: str) -> str:
    if len(text.encode()) < LONG_SECRET_BYTES:
        raise ValueError(f"is shorter than {LONG_SECRET_BYTES} characters")
    return text


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("is not one of: yes, no")
    return text == "yes"


def _text(text: str) -> str:
    if not text.strip() or "\n" in text:
        raise ValueError("must be one line of text")
    return text.strip()


def _address(text: str) -> str:
    if parseaddr(text)[1].count("@") != 1 or not text.isprintable():
        raise ValueError("is not an address like lapor@dinas.example.id")
    return text.strip()


def _mailbox(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", text):
        raise ValueError("is not a bare address like keamanan@dinas.example.id")
    return text


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _url(text: str) -> str:
    if not host_of(text) or urlsplit(text)[2:] not in (("", "", ""), ("/", "", "")):  # no path, query or fragment
        raise ValueError("is not an address like https://lapor.example.id")
    return text.rstrip("/")


def _portal_hosts(text: str) -> dict[str, str]:
    """Return hosts by the code of an instance; none for ``off``."""
    pairs = [] if text == "off" else [each.partition("=") for each in text.split()]
    if not all(code and host and host_of(f"https://{host}") == host for code, _, host in pairs):
        raise ValueError("is neither off nor like samarinda=lapor.samarinda.example.id, with spaces between several")
    return {code: host for code, _, host in pairs}


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError("is not a time zone like Asia/Makassar") from error
    return text


def _bucket(text: str) -> str:
    """Return the bucket's name alone."""
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", text, re.ASCII):
        raise ValueError("is not a bucket like s3://lapor-produksi-keys-123456789012")
    return text.removeprefix("s3://")


def _alias(text: str) -> str:
    if not re.fullmatch(r"alias/[A-Za-z0-9/_-]{1,200}", text, re.ASCII):
        raise ValueError("is not the beginning of a KMS alias like alias/lapor-produksi-")
    return text


def _edge_secrets(text: str) -> tuple[str, ...]:
    """Return one secret, or two while the edge changes from one to the other."""
    secrets = tuple(part.strip() for part in text.split(","))
    if len(secrets) > MOST_SECRETS or not all(re.fullmatch(r"[!-+\--~]{32,256}", each) for each in secrets):
        raise ValueError("is not one secret of 32 characters or more, or two with a comma between them")
    return secrets


def _endpoint(text: str) -> str:
    if not host_of(text):
        raise ValueError("is not an address like https://sms.example.id/send")
    return text


def _words(text: str) -> tuple[str, ...]:
    words = tuple(part.strip() for part in text.split(","))
    if not all(re.fullmatch(r"[A-Za-z]{2,16}", word, re.ASCII) for word in words):
        raise ValueError("is not a list of words of letters like KUTIM,KUTAITIMUR")
    return words


def _countries(text: str) -> tuple[str, ...]:
    codes = tuple(part.strip() for part in text.split(","))
    if not all(re.fullmatch(r"\+[1-9]\d{0,6}", code, re.ASCII) for code in codes):
        raise ValueError("is not a list of country codes like +62,+60")
    return codes


SECRETS = frozenset(
    {
        *("SMTP_PASSWORD", "KEY_PASSPHRASE", "BACKUP_PASSPHRASE", "FORM_SECRET", "COUNTER_SECRET"),
        *("ORIGIN_SECRET", "ORDER_SECRET", "SMS_SECRET", "PHONE_SECRET", "MUTE_SECRET", "SMS_TOKEN"),
    }
)
EMBEDDED = ("sqlite",)  # those that lie in the data folder
STORES = (*EMBEDDED, "dynamodb")
READERS: dict[str, Callable[[str], Any]] = {
    "PORT": _number(1, 65535),
    "ONION_PORT": _number(1, 65535),
    "DATA_DIR": _path,
    "DOOR_USERS": _yes_or_no,
    "PUBLIC_URL": _url,
    "DOORS_AT": _url,
    "PORTAL_HOSTS": _portal_hosts,
    "STORE": _one_of(*STORES),
    "TABLE": _text,
    "BUCKET": _text,
    "DIRECTORY_FILE": _path,
    "OFFICERS_FILE": _path,
    "TIMEZONE": _zone,
    "MAIL": _one_of("dev", "smtp", "ses"),
    "MAIL_FROM": _address,
    "MAIL_SET": _text,
    "SMTP_HOST": _text,
    "SMTP_PORT": _number(1, 65535),
    "SMTP_SECURITY": _one_of("starttls", "tls", "none"),
    "SMTP_USER": _text,
    "SMTP_PASSWORD": _text,
    "KEYS": _bucket,
    "KMS_PREFIX": _alias,
    "KEY_PASSPHRASE": _text,
    "BACKUP_PASSPHRASE": _secret,
    "OPERATOR": _text,
    "SECURITY_CONTACT": _mailbox,
    "LINK_DAYS": _number(1, 30),
    "SESSION_HOURS": _number(1, 24),
    "SECOND_FACTOR": _one_of(*Strictness),
    "SECOND_FACTOR_DAYS": _number(1, 90),
    "BATCH_HOURS": _hours,
    "DIGEST": _digest,
    "LETTERS_PER_DAY": _number(0, 10_000_000),
    "OBJECTION_DAYS": _number(1, 30),
    "DANGER_DAYS": _number(5, 30),
    "RETENTION_DAYS": _number(30, 3650),
    "BEHIND_PROXY": _yes_or_no,
    "FLOOD_PER_HOUR": _number(1, 100_000),
    "FILE_MB": _number(1, FILE_MB),
    "FILES_MB_A_DAY": _number(1, 1_000_000),
    "DISK_RESERVE_MB": _number(0, 1_000_000),
    "POW_DIFFICULTY": _number(1, 10_000_000),
    "FORM_SECRET": _secret,
    "COUNTER_SECRET": _secret,
    "ORIGIN_SECRET": _edge_secrets,
    "ORDER_SECRET": _long_secret,
    "REMIND_DAYS": _number(1, 10),
    "ESCALATE_DAYS": _rising,
    "SMS": _one_of("off", "dev", "gammu", "http"),
    "SMS_SECRET": _secret,
    "PHONE_SECRET": _long_secret,
    "MUTE_SECRET": _long_secret,
    "SMS_SPOOL": _path,
    "SMS_URL": _endpoint,
    "SMS_TOKEN": _text,
    "SMS_PREFIX": _words,
    "SMS_DISTRICT": _text,
    "SMS_REPORTS": _number(1, 1000),
    "SMS_ANSWERS": _number(1, 1000),
    "SMS_ANSWERS_HOUR": _number(2, 1_000_000),
    "SMS_COUNTRIES": _countries,
    "DEADLINE_VERIFY": _number(1, 60),
    "DEADLINE_RESPOND": _number(1, 60),
    "DEADLINE_FINISH_PENGADUAN": _number(1, 120),
    "DEADLINE_FINISH_ASPIRASI": _number(1, 120),
    "DEADLINE_FINISH_INFORMASI": _number(1, 120),
    "DEADLINE_FINISH_PENGAWASAN": _number(1, 120),
    "DEADLINE_WINDOW": _number(1, 120),
}
