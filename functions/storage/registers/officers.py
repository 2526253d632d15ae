"""The register of officers, for the courier and for ops: no door facing the network imports this."""

from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

from functions.casework.directory.agencies import Directory, DirectoryError, Officer
from functions.casework.directory.registers import OFFICERS_REGISTER, STAFF_REGISTER, decode_officers
from functions.config.settings import Settings, load_officers
from functions.storage.interface import Registers, StorageError
from functions.storage.registers.directory import Following, read_directory


class Staff(NamedTuple):
    """The directory, the officers with their addresses, and the instance's own days off."""

    directory: Directory
    officers: tuple[Officer, ...]
    holidays: Collection[date] = ()


def read_officers(store: Registers, settings: Settings, directory: Directory) -> tuple[Officer, ...]:
    """Return the officers: the store's or, before the first import, those of the file. Raises StorageError, and
    SettingsError if the file counts and is wrong."""
    register = store.read_register(OFFICERS_REGISTER)
    if register is None:
        return load_officers(settings.officers_file, directory)
    try:
        return decode_officers(register.body)
    except DirectoryError as error:
        raise StorageError(str(error)) from error


def live_staff(store: Registers, settings: Settings) -> Callable[[], Staff]:
    """Return the directory and the officers for the courier, looked up each time they are asked for: nobody who was
    removed may be sent a link a minute later. Raises what reading them raises, now and not later.

    Whoever writes either writes the staff register in the same transaction, so its version tells of both. It is read
    first, so what is built may be newer (it is then built once more) but never older. The directory is read before the
    officers: an agency whose officers are unknown would lose its mail, officers of an unknown agency lose nothing.
    """

    def build() -> tuple[int, Staff]:
        version = store.register_version(STAFF_REGISTER)
        standing = read_directory(store, settings)
        officers = read_officers(store, settings, standing.directory)
        return version, Staff(standing.directory, officers, standing.holidays)

    return Following(store, STAFF_REGISTER, build, seconds=0)
