"""The register of apps that may send reports by Open311."""

from collections.abc import Iterable
from dataclasses import dataclass

from functions.casework.apps import APPS_REGISTER, App, AppsError, decode_apps, encode_apps
from functions.storage.interface import Register, Registers, StorageError
from functions.storage.registers.directory import LOOK_SECONDS, Following


@dataclass(frozen=True, slots=True)
class Known:
    """The register of apps. ``version`` 0: there is none, and no app."""

    version: int
    apps: dict[str, App]


def read_apps(store: Registers) -> Known:
    """Return the apps. Raises StorageError."""
    register = store.read_register(APPS_REGISTER)
    if register is None:
        return Known(0, {})
    try:
        return Known(register.version, decode_apps(register.body))
    except AppsError as error:
        raise StorageError(str(error)) from error


def write_apps(store: Registers, version: int, apps: Iterable[App]) -> None:
    """Replace the register that has version ``version``. Raises VersionConflictError, StorageError."""
    store.write_registers([Register(APPS_REGISTER, version + 1, encode_apps(apps))])


def live_apps(store: Registers) -> Following[Known]:
    """Return the apps for a door, looked up once a minute, so that a revoked key is void within one."""

    def build() -> tuple[int, Known]:
        known = read_apps(store)
        return known.version, known

    return Following(store, APPS_REGISTER, build, LOOK_SECONDS)
