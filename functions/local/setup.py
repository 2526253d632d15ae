"""Prepare one machine: tables, keys, the frozen portal. Safe to repeat, also after an interrupted start."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from functions.casework.barometer.edition import Edition, EditionError
from functions.casework.barometer.edition_files import write_edition_file
from functions.casework.barometer.linked_counts import read_linked, with_linked
from functions.casework.directory.agencies import Directory
from functions.casework.directory.registers import DIRECTORY_REGISTER, plain_directory
from functions.casework.publication import PublicReport
from functions.config import logs
from functions.config.private_files import write_private
from functions.config.settings import ROOT, Settings, SettingsError
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.ops.phone_secrets import make_phone_secrets
from functions.crypto.seal.public_keys import Purpose, encode_public
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.sign.counter_passes import make_counter_secret
from functions.crypto.transport.waiting_reports import make_waiting_secret
from functions.local.owners import OwnersError, give, part, take_over
from functions.local.processes import user_of
from functions.storage.blobs.choose import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.interface import Store
from functions.storage.registers.directory import read_directory
from functions.storage.registers.editions import EDITIONS_REGISTER, each_newest_edition
from functions.storage.registers.looks import read_look
from functions.storage.registers.officers import read_officers
from functions.storage.registers.publications import encode_public as encode_reports
from functions.storage.registers.publications import public_versions, read_public
from functions.storage.registers.relayed import COUNTS_REGISTER, each_counts
from functions.storage.registers.staff import tell_staff


class StartError(Exception):
    """The machine cannot start; the message says what to do."""


def say(text: str) -> None:
    """Print a line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Shown(NamedTuple):
    """What the portal shows, as the versions of the registers it is made from. If they differ, it must be frozen
    again."""

    directory: int
    editions: int
    reports: tuple[int, ...]


def to_show(store: Store, directory: Directory) -> Shown:
    """Return what the portal should show now. Raises StorageError."""
    public = public_versions(store, [instance.code for instance in directory.instances()])
    editions = store.register_version(EDITIONS_REGISTER) + store.register_version(COUNTS_REGISTER)
    return Shown(store.register_version(DIRECTORY_REGISTER), editions, public)


def prepare(settings: Settings) -> Shown:
    """Prepare all that must be there before the first report: tables, keys, portal. Returns what the portal shows.

    Safe to repeat. Raises StartError, SettingsError, KeyringError, StorageError.
    """
    prepare_store(settings)
    with _explained(settings):
        if settings.door_users:
            part(settings)
        return freeze(settings)


def prepare_store(settings: Settings) -> None:
    """Prepare tables and keys, without the portal. Raises as ``prepare``."""
    with _explained(settings):
        if settings.door_users:
            take_over(settings)
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        say("store     " + settings.store)
        if settings.embedded and not settings.store_file.exists() and KeyDirectory(settings.keys_dir).exists():
            raise StartError(
                f"{settings.store_file} is gone while keys are there: restore a backup, or put it back. An office "
                f"that begins anew makes its keys itself: then move {settings.keys_dir} elsewhere."
            )
        store = open_store(settings)
        store.prepare()
        open_blobs(settings).prepare()
        directory = read_directory(store, settings).directory
        tell_staff(store, read_officers(store, settings, directory))
        made = make_keys(settings, directory)
        say(f"keys      {made} made" if made else "keys      there")
        make_waiting_secret(settings)
        make_counter_secret(settings)
        if settings.sms_way != "off" or settings.door_users:  # systemd gives them out before anybody reads a setting
            make_phone_secrets(settings)


@contextmanager
def _explained(settings: Settings) -> Iterator[None]:
    """Turn what the machine refuses into StartErrors."""
    try:
        yield
    except OwnersError as error:
        raise StartError(str(error)) from error
    except OSError as error:
        raise StartError(f"{error.filename or settings.data_dir}: {error.strerror}; check DATA_DIR.") from error


Pair = tuple[Purpose, str]


def make_keys(settings: Settings, directory: Directory, watch: Callable[[list[Pair]], Iterable[Pair]] = iter) -> int:
    """Make the keys that never existed. Returns how many.

    A key that existed and is gone is not made again: what was sealed to it would be lost without anybody knowing.
    ``watch`` shows progress. Raises StartError, KeyringError.
    """
    keys = open_key_maker(settings)
    instances = [instance.code for instance in directory.instances()]
    keys.check_existing()
    missing = keys.missing(Purpose, instances)
    known = keys.public().current if keys.exists() else {}
    for purpose, instance in missing:
        if (purpose, instance) in known:
            raise StartError(
                f"The current {purpose} key of {instance} is gone: restore {keys.place} from a backup or, if it is "
                f"lost for good, run `python -m functions.cli keys rotate --purpose {purpose} --instance {instance}`."
            )
    keys.private(Purpose.DESK)  # checks that they open; the others belong to separate processes
    if missing:
        keys.generate_all(watch(missing))
    return len(missing)


def freeze(settings: Settings) -> Shown:
    """Freeze the portal with today's directory, public keys, barometer editions and public reports.

    It grows beside the old portal and replaces it once it is whole. Returns what it shows, or something older if
    another came meanwhile. Raises StartError, StorageError.
    """
    say("portal    freezing")
    store = open_store(settings)
    try:
        shown = to_show(store, read_directory(store, settings).directory)
    except SettingsError as error:
        raise StartError(f"The portal did not freeze: {'; '.join(error.faults)}") from error
    # Of this user alone, by a name that nobody knew: root freezes as well, and another user writes beside it.
    place = settings.portal_dir.parent
    with _alone(place), tempfile.TemporaryDirectory(prefix="portal.with.", dir=place) as work:
        _freeze(settings, Path(work))
    return shown


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for another process that freezes here: an import, a rotation, or the running machine."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _freeze(settings: Settings, work: Path) -> None:
    old, editions = settings.portal_dir.with_name("portal.old"), work / "editions"
    for left in [*work.parent.glob("portal.new*"), *work.parent.glob("portal.with*")]:
        if left != work:
            shutil.rmtree(left, ignore_errors=True)
    # A name of its own: the freezing of a start that was killed may still be writing.
    fresh = settings.portal_dir.with_name(f"portal.new.{token_hex(4)}")
    _write_editions(settings, editions)
    listed = work / "portal.json"  # the directory, if it is in the store and not a file
    command = [sys.executable, str(ROOT / "site" / "freeze.py"), "--out", str(fresh), "--operator", settings.operator]
    command += ["--security-contact", settings.security_contact, "--address", settings.url]
    command += ["--file-mb", str(settings.file_mb)]
    command += ["--directory", str(_directory_file(settings, listed))]
    published = work / "public.json"
    published.write_text(json.dumps(encode_reports(_public(settings))))
    command += ["--public-keys", str(_public_file(settings)), "--editions", str(editions)]
    command += ["--publications", str(published)]
    if settings.portal_dir.exists():
        command += ["--previous", str(settings.portal_dir)]
    looks = work / "looks.json"
    if told := _looks(settings):
        looks.write_text(json.dumps(told))
        command += ["--looks", str(looks)]
    done = subprocess.run(  # noqa: S603 - our own program; what it writes is public, and served by another user
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=_progress(), text=True, check=False, umask=0o022
    )
    if done.returncode:
        raise StartError(f"The portal did not freeze: {done.stderr.strip()}")
    if settings.door_users and os.geteuid() == 0:  # a command froze it; the clock will replace it
        give(fresh, user_of("clock"))
    shutil.rmtree(old, ignore_errors=True)
    if settings.portal_dir.exists():
        settings.portal_dir.replace(old)
    fresh.replace(settings.portal_dir)
    shutil.rmtree(old, ignore_errors=True)


def _progress() -> int | None:
    """Return where the freezing tells how far it is: to a person who waits for it, else nowhere."""
    return None if sys.stdout.isatty() else subprocess.DEVNULL


def _looks(settings: Settings) -> dict[str, Any]:
    """Return how the instances' portals look, as plain data by code. The only portal looks as everywhere."""
    store = open_store(settings)
    codes = [instance.code for instance in read_directory(store, settings).directory.instances()]
    several = len(codes) > 1 or bool(open_public_keys(settings).public().linked)
    found = ((code, read_look(store, code)) for code in codes if several)
    return {code: asdict(look) for code, look in found if look is not None}


def _public(settings: Settings) -> Iterator[PublicReport]:
    store = open_store(settings)
    for instance in read_directory(store, settings).directory.instances():
        yield from read_public(store, instance.code)


def _public_file(settings: Settings) -> Path:
    """Return the public keys as a file; from a bucket, as a copy."""
    if not settings.keys:
        return KeyDirectory(settings.keys_dir).public_file
    copy = settings.data_dir / "published" / "public.json"
    write_private(copy, encode_public(open_public_keys(settings).public()))
    return copy


def _write_editions(settings: Settings, folder: Path) -> None:
    """Write the barometer's editions as files: freezing knows no store."""
    folder.mkdir()
    store = open_store(settings)
    several = len(read_directory(store, settings).directory.instances()) > 1
    offices = open_public_keys(settings).public().linked
    linked = _linked(each for each in each_counts(store) if each[0] in offices)
    for edition in with_linked(each_newest_edition(store), linked):
        write_edition_file(edition, folder, apart=several)


def _linked(counts: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[Edition]:
    """Yield the editions of offices but for those that this release does not take any more: an older one kept them."""
    for code, raw in counts:
        try:
            yield read_linked(raw, code)
        except EditionError as error:
            logs.report("office", error, code="office_counts")


def _directory_file(settings: Settings, listed: Path) -> Path:
    store = open_store(settings)
    if not store.register_version(DIRECTORY_REGISTER):
        return settings.directory_file
    standing = read_directory(store, settings)
    listed.write_text(json.dumps(plain_directory(standing.directory, standing.holidays)))
    return listed
