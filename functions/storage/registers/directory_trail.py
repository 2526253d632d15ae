"""The trails of changes to the directory: registers written together with those they tell of, and with the mail."""

from secrets import token_hex

from functions.casework.directory.agencies import DirectoryError
from functions.casework.directory.trail import IMPORTS, Entry, Trail, decode_trail
from functions.storage.interface import Notice, OutboxEntry, Registers, StorageError


def trail_register(instance: str) -> str:
    """Name the register."""
    return f"changes:{instance}"


def read_trail(store: Registers, instance: str) -> tuple[int, Trail]:
    """Return the register's version, 0 if there is none, and the trail. Raises StorageError."""
    register = store.read_register(trail_register(instance))
    if register is None:
        return 0, Trail(instance)
    try:
        return register.version, decode_trail(instance, register.body)
    except DirectoryError as error:
        raise StorageError(str(error)) from error


def read_history(store: Registers, instance: str) -> tuple[Entry, ...]:
    """Return all changes that concern an instance, by its desk and by imports, newest first. Raises StorageError."""
    imports = (entry for entry in read_trail(store, IMPORTS)[1].entries if entry.instance in ("", instance))
    entries = (*read_trail(store, instance)[1].entries, *imports)
    return tuple(sorted(entries, key=lambda entry: (entry.on, entry.version, entry.n), reverse=True))


def change_notice(trail: Trail, n: int, instance: str) -> OutboxEntry:
    """Return the notice of a change: entry ``n`` of a trail and what was written with it. It holds no word of the
    change, since the courier reads the trail. ``instance`` is one whose keys are there."""
    return OutboxEntry(token_hex(16), Notice.DIRECTORY_CHANGED, instance, trail.instance, count=n)
