"""How an instance's portal looks: a register of each, written by ``instances add`` and read by who freezes."""

from functions.casework.directory.portal_file import Look, decode_look, encode_look, portal_register
from functions.storage.interface import Register, Registers, StorageError


def read_look(store: Registers, instance: str) -> Look | None:
    """Return how the portal of an instance looks; None if nobody said. Raises StorageError."""
    register = store.read_register(portal_register(instance))
    if register is None:
        return None
    try:
        return decode_look(register.body)
    except ValueError as error:
        raise StorageError(str(error)) from error


def changed_look(store: Registers, instance: str, look: Look) -> list[Register]:
    """Return the register to write; nothing if the portal looks so already. Raises StorageError."""
    if read_look(store, instance) == look:
        return []
    name = portal_register(instance)
    return [Register(name, store.register_version(name) + 1, encode_look(look))]
