"""What desk and custody open at startup: the store, the directory, and the private keys of one purpose.

Tests: ``tests/cli/test_directory.py``.
"""

from typing import NamedTuple

from functions.config.settings import Settings
from functions.crypto.errors import KeyringError, unless_missing
from functions.crypto.open.private.choose import open_keys
from functions.crypto.open.private.interface import KeyStore
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.interface import Store
from functions.storage.registers.directory import LiveDirectory, live_directory


class PrivateDoor(NamedTuple):
    """``private`` follows rotations of its purpose's keys; ``keys`` holds the public ones."""

    keys: KeyStore
    private: Reloading
    store: Store
    directory: LiveDirectory


def open_private_door(settings: Settings, purpose: Purpose) -> PrivateDoor | None:
    """Return what the door works with, None if an instance's keys are missing or damaged. Raises KeysUnavailableError,
    StorageError, SettingsError."""
    keys = open_keys(settings)

    def look() -> PrivateDoor:
        private = Reloading(keys, purpose)
        private()
        keys.public()
        store = open_store(settings)
        directory = live_directory(store, settings)
        if keys.missing([purpose], [instance.code for instance in directory.instances()]):
            raise KeyringError(f"{purpose}: an instance has none")
        return PrivateDoor(keys, private, store, directory)

    return unless_missing(look)
