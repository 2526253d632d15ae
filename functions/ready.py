"""Making one machine ready: tables, keys, the frozen portal. Safe to repeat; a start cut short is repeated too."""

import shutil
import subprocess
import sys

from functions.settings import ROOT, Settings, load_directory, load_officers
from functions.storage.choose import open_store
from functions.storage.choose_blobs import open_blobs
from functions.vault.keyring import KeyDirectory, Purpose


class StartError(Exception):
    """The machine cannot start; the message says what to do."""


def say(text: str) -> None:
    """A line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def prepare(settings: Settings) -> None:
    """Everything that must stand before the first report: tables, keys, portal. Safe to repeat.

    Raises StartError, SettingsError, KeyringError, StorageError.
    """
    directory = load_directory(settings.directory_file)
    load_officers(settings.officers_file, directory)
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        say("store     " + settings.store)
        open_store(settings).prepare()
        open_blobs(settings).prepare()
        made = _make_keys(
            KeyDirectory(settings.keys_dir, settings.key_passphrase), [i.code for i in directory.instances()]
        )
        say(f"keys      {made} made" if made else "keys      there")
        freeze(settings)
    except OSError as error:
        raise StartError(f"{error.filename or settings.data_dir}: {error.strerror}; check DATA_DIR.") from error


def _make_keys(keys: KeyDirectory, instances: list[str]) -> int:
    """Make the keys that were never there; returns how many. A key that was there and is gone is not made
    anew, since what was sealed to it would be closed for good without anybody's knowing. Raises StartError,
    KeyringError."""
    there = [path for path in keys.root.glob("*/*/*") if not path.suffix]
    if not keys.public_file.exists() and len(there) > 1:  # one alone is a first start that was cut short
        raise StartError(f"{keys.public_file} is gone while private keys are there: restore it from a backup.")
    missing = keys.missing(Purpose, instances)
    known = keys.public().current if keys.public_file.exists() else {}
    for purpose, instance in missing:
        if (purpose, instance) in known:
            raise StartError(
                f"The current {purpose} key of {instance} is gone: restore {keys.root} from a backup or, if it is "
                f"lost for good, run `python -m functions.cli keys rotate --purpose {purpose} --instance {instance}`."
            )
    for path in there:  # all are looked at, only the desk's opened: the others are for the courier's process alone
        if path.stat().st_mode & 0o077:
            raise StartError(f"{path} can be read by others: run `chmod 600 {path}`.")
    keys.private(Purpose.DESK)
    for purpose, instance in missing:
        keys.generate(purpose, instance)
    return len(missing)


def freeze(settings: Settings) -> None:
    """Freeze the portal with the public keys of today, beside the old one, which gives way when the new one is
    whole. Raises StartError."""
    say("portal    freezing")
    fresh, old = (settings.portal_dir.with_name(f"portal.{name}") for name in ("new", "old"))
    shutil.rmtree(fresh, ignore_errors=True)
    command = [sys.executable, str(ROOT / "site" / "freeze.py"), "--out", str(fresh)]
    command += ["--directory", str(settings.directory_file), "--operator", settings.operator]
    command += ["--public-keys", str(KeyDirectory(settings.keys_dir).public_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise StartError(f"The portal did not freeze: {done.stderr.strip()}")
    shutil.rmtree(old, ignore_errors=True)
    if settings.portal_dir.exists():
        settings.portal_dir.replace(old)
    fresh.replace(settings.portal_dir)
    shutil.rmtree(old, ignore_errors=True)
