"""The trail of changes to an instance's directory: a register written together with those it tells of."""

from functions.casework.directory.agencies import DirectoryError
from functions.casework.directory.trail import Trail, decode_trail
from functions.storage.interface import Registers, StorageError


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
