"""Settings from the environment, or from TOML files named by ``LAPOR_SETTINGS`` with ":" between them (the environment
wins, then the later file). So a secret can stand in a file that only some processes are given.

All settings are checked at start. All faults are reported together, each with its name and how to fix it. A repr never
shows a secret.
"""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from time import time
from typing import Any
from zoneinfo import ZoneInfo

from functions.casework.deadlines.batches import Batches
from functions.casework.deadlines.clocks import Deadlines
from functions.casework.deadlines.digests import STANDARD, Choice, Digests, Pace
from functions.casework.deadlines.escalation import Patience
from functions.casework.directory.agencies import ROLE_AT, Directory, DirectoryError, Officer, Role
from functions.casework.factors.standing import Policy, Strictness
from functions.casework.formats.attachments import FILE_MB
from functions.casework.formats.web_address import is_confidential, is_this_machine
from functions.config.readers import EMBEDDED, READERS, SECRETS

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "infra" / "demo"


class SettingsError(Exception):
    """One or more settings are wrong; ``faults`` are whole sentences."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Times have the unit in their name; addresses are URLs without a trailing slash."""

    data_dir: Path
    door_users: bool = False
    port: int = 8000
    onion_port: int = 0
    public_url: str = ""
    doors_at: str = ""
    portal_hosts: Mapping[str, str] | None = None  # by code; None where the portal's folder says
    store: str = "sqlite"
    table: str = "lapor"
    bucket: str = "lapor-blobs"
    directory_file: Path = DEMO / "kutai-timur.toml"
    officers_file: Path = DEMO / "officers.toml"
    timezone: str = "Asia/Makassar"
    mail: str = "dev"
    mail_from: str = "lapor-anonim@localhost"
    mail_set: str = ""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    keys: str = ""
    kms_prefix: str = ""
    key_passphrase: str = field(default="", repr=False)
    backup_passphrase: str = field(default="", repr=False)
    operator: str = "Diskominfo Kutai Timur (peragaan)"
    security_contact: str = "keamanan@example.id"
    link_days: int = 7
    session_hours: int = 8
    second_factor: str = ""
    second_factor_days: int = 30
    batch_hours: tuple[int, ...] = (8, 14)
    digest: str = ""
    letters_per_day: int = 0
    objection_days: int = 3
    danger_days: int = 7
    retention_days: int = 730
    behind_proxy: bool = False
    flood_per_hour: int = 300
    file_mb: int = FILE_MB
    files_mb_a_day: int = 2000
    disk_reserve_mb: int = 1000
    pow_difficulty: int = 1_000_000
    form_secret: str = field(default="", repr=False)
    counter_secret: str = field(default="", repr=False)
    origin_secret: tuple[str, ...] = field(default=(), repr=False)
    order_secret: str = field(default="", repr=False)
    remind_days: int = 1
    escalate_days: tuple[int, ...] = (1, 5, 10)
    sms: str = ""
    sms_secret: str = field(default="", repr=False)
    phone_secret: str = field(default="", repr=False)
    mute_secret: str = field(default="", repr=False)
    sms_spool: Path = Path("/var/spool/gammu/outbox")
    sms_url: str = ""
    sms_token: str = field(default="", repr=False)
    sms_prefix: tuple[str, ...] = ("KUTIM",)
    sms_district: str = "64.08.04"
    sms_reports: int = 10
    sms_answers: int = 20
    sms_answers_hour: int = 600
    sms_countries: tuple[str, ...] = ("+62",)
    deadlines: Deadlines = field(default_factory=Deadlines)

    @property
    def embedded(self) -> bool:
        """Whether the store lies in the data folder, so that its disk can fill."""
        return self.store in EMBEDDED

    @property
    def store_file(self) -> Path:
        """Where an embedded store lies."""
        return self.data_dir / f"lapor.{self.store}"

    @property
    def sms_way(self) -> str:
        """How SMS leave: ``dev``, ``gammu``, ``http``, or ``off``, which takes none in either."""
        return self.sms or ("dev" if self.mail == "dev" else "off")

    @property
    def factors(self) -> Policy:
        """Of whom a second factor is asked: of all but in a demonstration, where no mail is sent and keys are files."""
        shown = self.mail == "dev" and not self.keys  # in the cloud only the courier is told how mail leaves
        strictness = self.second_factor or (Strictness.GRACE if shown else Strictness.REQUIRED)
        return Policy(Strictness(strictness), self.second_factor_days)

    @property
    def url(self) -> str:
        """The URL of the portal."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> bool:
        """Tell whether people come by HTTPS (cookies are then Secure)."""
        return self.url.startswith("https://")

    @property
    def keys_dir(self) -> Path:
        """The folder of key files. Where each process has its own user, it lies outside of what they share."""
        return self.data_dir.with_name("keys") if self.door_users else self.data_dir / "keys"

    @property
    def portal_dir(self) -> Path:
        """The folder of the frozen portal, as ``keys_dir``."""
        return self.data_dir.with_name("portal") / "www" if self.door_users else self.data_dir / "portal"

    @property
    def backups_dir(self) -> Path:
        """Where an office's nightly backups lie (``infra/office/lapor-backup.service``)."""
        return self.data_dir.with_name("backups")

    @property
    def mailbox_dir(self) -> Path:
        """The folder of mail that is not sent (``mail=dev``)."""
        return self.data_dir / "outbox"

    @property
    def patience(self) -> Patience:
        """When a silent holder is reminded, and when a late case escalates."""
        return Patience(self.remind_days, self.escalate_days)

    def batches(self, directory: Directory) -> Batches:
        """Return when officers learn of what accuses, entrusts a name or is sensitive."""
        return Batches(directory, self.batch_hours, self.timezone, lambda: int(time()))

    def digests(self, holidays: Collection[date] = ()) -> Digests:
        """Return when officers' mail leaves. By default a digest waits for its hour wherever mail is really sent."""
        way = self.digest or ("now" if self.mail == "dev" else "")
        hour = int(way) if way.isdecimal() else STANDARD.hour
        standard = Choice(Pace.ALL if way == "off" else Pace.DIGEST, hour)
        return Digests(standard, way != "now", self.timezone, holidays)

    def today(self) -> date:
        """Return the local day."""
        return datetime.now(ZoneInfo(self.timezone)).date()


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings. Raises SettingsError."""
    environ = os.environ if environ is None else environ
    values: dict[str, str] = {}
    faults: list[str] = []
    for path in filter(None, environ.get("LAPOR_SETTINGS", "").split(":")):
        values |= _from_file(Path(path), faults)
    values |= {name: environ[name] for name in READERS if environ.get(name)}
    read: dict[str, Any] = {}
    for name, text in values.items():
        reader = READERS.get(name)
        if reader is None:
            faults.append(f"{name}: there is no such setting; see docs/settings.md for the list.")
            continue
        try:
            read[name.lower()] = reader(text)
        except ValueError as error:
            faults.append(f"{name}: {text!r} {error}." if name not in SECRETS else f"{name}: {error}.")
    limits = {key.removeprefix("deadline_"): read.pop(key) for key in list(read) if key.startswith("deadline_")}
    if faults:
        raise SettingsError(faults)
    settings = Settings(**{"data_dir": Path("data").resolve()} | read | {"deadlines": Deadlines(**limits)})
    _check_together(settings)
    return settings


def where_from(name: str, environ: Mapping[str, str] | None = None) -> str:
    """Return where a setting comes from: "environment", or the file that LAPOR_SETTINGS names; "" for a default."""
    environ = os.environ if environ is None else environ
    if environ.get(name):
        return "environment"
    paths = filter(None, environ.get("LAPOR_SETTINGS", "").split(":"))
    return next((path for path in reversed([*paths]) if name in _from_file(Path(path), [])), "")


def load_directory(path: Path) -> Directory:
    """Read the public directory. Raises SettingsError."""
    from functions.casework.directory.check import directory_from_mapping  # noqa: PLC0415 - as in _toml
    from functions.casework.directory.names import name_faults  # noqa: PLC0415 - as in _toml

    try:
        directory = directory_from_mapping(_toml(path))
    except DirectoryError as error:
        raise SettingsError([f"DIRECTORY_FILE {path}: {error}."]) from error
    if faults := [str(fault) for fault in name_faults(Directory({}, {}, {}), directory)]:
        raise SettingsError([f"DIRECTORY_FILE {path}: {fault}." for fault in faults])
    return directory


def load_holidays(path: Path) -> frozenset[date]:
    """Read the instance's own days off from the directory's ``holidays_own``. Raises SettingsError."""
    try:
        return frozenset(date.fromisoformat(str(day)) for day in _toml(path).get("holidays_own", []))
    except ValueError as error:
        raise SettingsError([f"DIRECTORY_FILE {path}: holidays_own: {error}; write days as 2026-08-18."]) from error


def load_officers(path: Path, directory: Directory) -> tuple[Officer, ...]:
    """Read the officers' register, for the courier alone. Raises SettingsError."""
    faults = []
    officers = []
    for row in _toml(path).get("officers", []):
        try:
            officer = Officer(row["ident"], row["email"].strip().lower(), row["agency"], Role(row["role"]))
        except (KeyError, ValueError, AttributeError) as error:
            faults.append(f"OFFICERS_FILE {path}: an officer is incomplete or has an unknown role: {error}.")
            continue
        if officer.agency not in directory.agencies:
            faults.append(f"OFFICERS_FILE {path}: {officer.ident}: agency {officer.agency} is not in the directory.")
        elif directory.agencies[officer.agency].kind not in ROLE_AT[officer.role]:
            where = " or ".join(ROLE_AT[officer.role])
            faults.append(f"OFFICERS_FILE {path}: {officer.ident}: a {officer.role} belongs to a {where}.")
        officers.append(officer)
    if len({officer.ident for officer in officers}) != len(officers):
        faults.append(f"OFFICERS_FILE {path}: an ident appears twice.")
    if faults:
        raise SettingsError(faults)
    return tuple(officers)


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - no function in the cloud reads such a file

    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # editors of Windows put a mark before it
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read ({error.strerror}); check the path."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: not valid TOML in UTF-8: {error}."]) from error


def _from_file(path: Path, faults: list[str]) -> dict[str, str]:
    try:
        return {name.upper(): str(value) for name, value in _toml(path).items()}
    except SettingsError as error:
        faults.extend(f"LAPOR_SETTINGS {fault}" for fault in error.faults)
        return {}


def _check_together(settings: Settings) -> None:
    faults = []
    with suppress(PermissionError):  # whoever looks into it says so
        if settings.data_dir.exists() and not settings.data_dir.is_dir():
            faults.append(f"DATA_DIR: {settings.data_dir} is a file; name a folder.")
    if settings.onion_port == settings.port:
        faults.append("ONION_PORT: PORT is the same; name another, which nginx passes the onion service to.")
    if not is_confidential(settings.url):
        faults.append("PUBLIC_URL: only https:// is allowed beyond this machine; reports would travel in clear.")
    if settings.mail == "smtp" and settings.smtp_security == "none" and not is_this_machine(settings.smtp_host):
        faults.append("SMTP_SECURITY: 'none' would send links in clear to another machine; use 'starttls' or 'tls'.")
    if settings.door_users and not settings.embedded:
        here = " or ".join(EMBEDDED)
        faults.append(f"DOOR_USERS: is for one machine with STORE={here}; in the cloud roles keep the doors apart.")
    if settings.sms == "http" and not settings.sms_url:
        faults.append("SMS_URL: SMS=http needs the address of the aggregator.")
    if settings.sms_url and not is_confidential(settings.sms_url):
        faults.append("SMS_URL: only https:// is allowed beyond this machine; numbers would travel in clear.")
    if faults:
        raise SettingsError(faults)
