"""What is wrong on this installation, and what to do: every check of ``doctor``, in the order they run in.

Nothing is changed, made or repaired. Each check is a function of its arguments; ``doctor_store`` reads the store.
"""

import base64
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from functions.casework.deadlines.workdays import named_holidays
from functions.casework.directory.agencies import Directory
from functions.cli import doctor_store
from functions.cli.doctor_store import INIT
from functions.cli.doctor_walls import walls
from functions.cli.findings import Finding, fine, look, some, wrong
from functions.cli.open_cases import open_heads
from functions.config.settings import ROOT, Settings, SettingsError
from functions.crypto.errors import KeyringError
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.public_store import PublicStore, open_public_keys
from functions.storage.blobs.choose import MEGABYTE
from functions.storage.choose_store import open_store
from functions.storage.interface import StorageError, Store
from functions.storage.registers.directory import read_directory
from functions.storage.registers.officers import read_officers
from functions.storage.registers.staff import read_staff

FREE_BYTES = 200_000_000
MANY = 100
HOUR = 3600
DECEMBER = 12
FIRST_YEAR = 2026  # this program is not older
ASSETS = ROOT / "functions" / "web" / "assets.json"
PUBLISHED = {"keys": (Purpose.DESK,), "optional_keys": (Purpose.IDENTITY, Purpose.COURIER)}
Pair = tuple[Purpose, str]
Watch = Callable[[Iterable[Pair]], Iterable[Pair]]


def examine(settings: Settings, watch: Watch = iter) -> Iterator[Finding]:
    """Yield every finding, the machine's first. ``watch`` shows the progress of opening keys."""
    yield fine("settings: each is valid, and they agree with each other.")
    yield from mail(settings)
    yield form_secret(settings)
    yield the_day(settings.today(), settings.timezone)
    yield from holidays(settings.today())
    if not _is_open_to_us(settings.data_dir):
        who = "root" if settings.door_users else "the user who serves"
        yield wrong(f"data folder: this user may not look into {settings.data_dir}; run doctor as {who}.")
        return
    if not settings.data_dir.is_dir():
        yield wrong(f"data folder: {settings.data_dir} is not there; check DATA_DIR, or {INIT}.")
        return
    yield data_folder(settings.data_dir)
    file = settings.store_file
    database = file.stat().st_size if settings.embedded and file.exists() else 0
    reserve = settings.disk_reserve_mb * MEGABYTE
    yield disk(settings.data_dir, shutil.disk_usage(settings.data_dir).free, database, reserve)
    if not settings.door_users:
        yield modes(settings.data_dir)
    yield from walls(settings)
    if settings.embedded and not file.exists():
        mend = "restore a backup, since keys are there" if (settings.keys_dir / "public.json").exists() else INIT
        yield wrong(f"store: {file} is not there; check DATA_DIR, or {mend}.")
        return
    store = open_store(settings)
    schema = doctor_store.schema(store)
    yield schema
    if schema.is_wrong:
        return
    try:
        yield from _in_the_store(settings, store, watch)
    except SettingsError as error:
        yield from (wrong(f"directory: {fault}") for fault in error.faults)
    except StorageError as error:
        yield wrong(f"store: {error}; what follows could not be looked at.")


def _in_the_store(settings: Settings, store: Store, watch: Watch) -> Iterator[Finding]:
    standing = read_directory(store, settings)
    directory, today = standing.directory, settings.today()
    yield doctor_store.register(standing.version, str(settings.directory_file), len(directory.instances()))
    yield from doctor_store.names(directory)
    yield from keys(open_key_maker(settings), directory, watch)
    yield from portal(settings.portal_dir, open_public_keys(settings), directory)
    letters, more = store.dead_letters("", MANY)
    yield doctor_store.dead_letters(len(letters), more=bool(more))
    yield from doctor_store.waiting(store.waiting(), int(time.time()) // HOUR)
    yield doctor_store.clocks(open_heads(store, directory), today, directory, settings.patience, standing.holidays)
    yield doctor_store.seals(open_heads(store, directory), directory)
    yield from doctor_store.systems(store, directory)
    officers = read_officers(store, settings, directory)
    yield from doctor_store.staff(directory, officers)
    yield doctor_store.roll(read_staff(store), officers)
    yield from doctor_store.second_factors(store, officers, settings.factors, today)
    with suppress(KeyringError):  # said of the keys already
        yield from doctor_store.rosters(store, open_key_maker(settings), directory, officers)


def mail(settings: Settings) -> list[Finding]:
    """Check whether mail is sent, and from which address."""
    if settings.mail == "dev":
        text = "mail: MAIL is dev, so no letter leaves this machine and `serve` does not start; set MAIL=smtp or ses"
        return [wrong(f"{text}.") if settings.secure else look(f"{text} before people use it.")]
    found = []
    if settings.mail_from.rstrip(">").endswith("@localhost"):
        found.append(wrong("mail: MAIL_FROM is at localhost, which mail servers refuse; set an address of yours."))
    if settings.mail == "smtp" and bool(settings.smtp_user) != bool(settings.smtp_password):
        found.append(wrong("mail: SMTP_USER and SMTP_PASSWORD go together; set both, or neither."))
    return found or [fine(f"mail: leaves by {settings.mail}.")]


def form_secret(settings: Settings) -> Finding:
    """Check whether several processes would accept each other's forms."""
    if not settings.embedded and not settings.form_secret:
        return wrong(
            f"forms: FORM_SECRET is not set, and with STORE={settings.store} several processes serve: one would refuse "
            "the proof that another asked for; set it, the same everywhere."
        )
    return fine("forms: every process that serves knows the others' proofs.")


def the_day(today: date, timezone: str) -> Finding:
    """Check whether the machine's clock can be right."""
    if today.year < FIRST_YEAR:
        return wrong(f"day: this machine takes today for {today}; set its clock, since every deadline follows it.")
    return fine(f"day: today is {today} in {timezone}.")


def holidays(today: date) -> list[Finding]:
    """Check whether the days off of this year and the next are known.

    They are decreed late, some of them during the year itself.
    """
    return [_holidays_of(year, today) for year in (today.year, today.year + 1)]


def _holidays_of(year: int, today: date) -> Finding:
    days = named_holidays(year)
    mend = (
        f"compare `holidays list {year}` with the decree (SKB), update the package `holidays`, and add what is missing "
        "with `holidays add`"
    )
    if not any(day.joint for day in days):
        return look(f"holidays: no cuti bersama of {year} is known; {mend}.")
    if estimated := [f"{day.day} {day.name.partition(' (')[0]}" for day in days if day.estimated]:
        return look(f"holidays: of {year} some are estimates ({some(estimated)}); {mend}.")
    if today.month == DECEMBER and year > today.year:
        return look(f"holidays: {year} is near; {mend}.")
    return fine(f"holidays: {len(days)} days off of {year} are known.")


def _is_open_to_us(folder: Path) -> bool:
    """Tell whether this user may look into a folder; one that is not there may be."""
    try:
        folder.stat()
    except PermissionError:
        return False
    except OSError:
        return True
    return os.access(folder, os.R_OK | os.X_OK)


def data_folder(folder: Path) -> Finding:
    """Check whether this user can write there. It tries, since modes do not show a read-only disk."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return fine(f"data folder: {folder} can be written to.")
    except OSError as error:
        return wrong(
            f"data folder: {folder} cannot be written to ({error.strerror}); give it to the user who serves, or check "
            "its disk."
        )


def disk(folder: Path, free: int, database: int = 0, reserve: int = 0) -> Finding:
    """Check the free space; ``free``, the size of the ``database`` and the ``reserve`` are in bytes. A backup writes
    the database anew, then the archive; an upgrade from before rows were shuffled writes it twice."""
    if free < FREE_BYTES:
        return wrong(f"disk: {free // 1_000_000} MB are left at {folder}; make room, since reports would be refused.")
    if free < reserve:
        return wrong(
            f"disk: {free // MEGABYTE} MB are left at {folder}, less than DISK_RESERVE_MB; make room, since files are "
            "refused until then, and only words are taken."
        )
    if free < 2 * database:
        return look(
            f"disk: {free // 1_000_000} MB are left at {folder}; a backup wants twice the database "
            f"({2 * database // 1_000_000} MB)."
        )
    return fine(f"disk: {free // 1_000_000} MB are left.")


def modes(data_dir: Path) -> Finding:
    """Check whether only their owner can read key files and database."""
    files = [*(data_dir / "keys").rglob("*"), *data_dir.glob("lapor.sqlite*")]
    secret = [path for path in files if path.is_file() and path.name != "public.json"]
    loose = [str(path) for path in secret if path.stat().st_mode & 0o077]
    if loose:
        return wrong(
            f"files: {len(loose)} can be read by others ({some(loose)}); run `chmod -R go= {data_dir}`, and rotate the "
            "keys where somebody may have read them."
        )
    return fine("files: keys and database are their owner's alone.")


def keys(known: KeyMaker, directory: Directory, watch: Watch = iter) -> list[Finding]:
    """Check whether each purpose and instance has its current key, and whether private and public key fit.

    Keys are opened one after the other, and none is kept.
    """
    try:
        if not known.exists():
            known.check_existing()  # `init` makes none where private ones are there
        public = known.public()
        pairs = [(purpose, instance.code) for instance in directory.instances() for purpose in Purpose]
        missing = known.missing(Purpose, [instance.code for instance in directory.instances()])
    except KeyringError as error:
        return [wrong(f"keys: {str(error).rstrip('.')}.")]
    found = []
    never = [f"{purpose} of {code}" for purpose, code in missing if (purpose, code) not in public.current]
    gone = [f"{purpose} of {code}" for purpose, code in missing if (purpose, code) in public.current]
    if never:
        found.append(wrong(f"keys: {len(never)} were never made ({some(never)}); {INIT}."))
    if gone:
        found.append(
            wrong(
                f"keys: the current private keys of {len(gone)} are gone ({some(gone)}); restore {known.place} from a "
                "backup, or run `keys rotate` where they are lost for good."
            )
        )
    if lost := [
        f"{purpose} of {code}" for (purpose, code), key_id in public.current.items() if key_id not in public.keys
    ]:
        found.append(wrong(f"keys: the public half of {some(lost)} is gone; restore {known.place} from a backup."))
    for purpose, code in watch([pair for pair in pairs if pair not in missing]):
        try:
            known.check(purpose, code, public.current[purpose, code])
        except KeyringError as error:
            found.append(wrong(f"keys: {error}."))
    return found or [fine(f"keys: {len(pairs)} current ones are there, and fit their public halves.")]


def portal(folder: Path, known: PublicStore, directory: Directory) -> list[Finding]:
    """Check whether the frozen portal has the present assets, keys and instances."""
    if not (folder / "index.html").exists():
        return [wrong(f"portal: {folder} holds none; {INIT}.")]
    found = []
    names = json.loads(ASSETS.read_text()).values()
    if stale := [name for name in names if not _is_asset(folder / "assets" / name)]:
        found.append(wrong(f"portal: {len(stale)} assets are not this release's ({some(stale)}); {INIT}."))
    try:
        published = json.loads((folder / "keys.json").read_text())
        if not _same_keys(published, known.public()):
            found.append(wrong(f"portal: its keys are not the current ones, so reports would be refused; {INIT}."))
        regions = {(entry["code"], entry["region"]) for entry in published["instances"]}
        if regions != {(instance.code, instance.region) for instance in directory.instances()}:
            found.append(wrong(f"portal: its instances are not the directory's; {INIT}."))
    except (OSError, ValueError, KeyError, TypeError):
        found.append(wrong(f"portal: {folder / 'keys.json'} cannot be read; {INIT}."))
    except KeyringError:
        found.append(wrong("portal: there are no public keys to compare with; see what is said of the keys."))
    return found or [fine("portal: frozen, with this release's assets and the current keys.")]


def _is_asset(path: Path) -> bool:
    """Tell whether a file is there and has the content its name says (lapor.<first digits of its SHA-256>.css)."""
    try:
        return sha256(path.read_bytes()).hexdigest().startswith(path.name.split(".")[-2])
    except OSError:
        return False


def _same_keys(published: dict[str, Any], public: PublicKeys) -> bool:
    """Tell whether the portal has the present keys. ``published`` is its keys.json."""
    for name, purposes in PUBLISHED.items():
        there = {(key["purpose"], key["instance"]): (key["key_id"], key["public"]) for key in published[name]}
        wanted = {
            (purpose.value, code): (key_id, base64.b64encode(public.keys.get(key_id, b"")).decode())
            for (purpose, code), key_id in public.current.items()
            if purpose in purposes
        }
        if there != wanted:
            return False
    return {each["id"] for each in published.get("rosters", [])} == {each.id for each in public.rosters.values()}
