"""A rotation of many keys that is under way: which key ids were current when it began.

So a rotation that was cut off goes on where it stopped, from whatever machine, instead of making a second new key for
those that are done.
"""

import zlib
from collections.abc import Mapping
from datetime import date, timedelta

from functions.casework.directory.registers import pack, unpack
from functions.storage.interface import Register, Registers, StorageError

FORGOTTEN_AFTER = timedelta(days=7)  # what was left lying longer is begun anew: it was meant for another day


def register_name(purpose: str) -> str:
    """Name the register of a purpose's rotation."""
    return f"rotation:{purpose}"


def begin_rotation(
    store: Registers, purpose: str, current: Mapping[str, str], today: date, *, fresh: bool = False
) -> Mapping[str, str]:
    """Return the key ids by instance that were current when the rotation under way began; note ``current`` as these if
    there is none, or with ``fresh``. Raises StorageError."""
    register = store.read_register(register_name(purpose))
    if register and not fresh and (before := _begun(register, purpose, today)):
        return before
    body = pack({"day": today.isoformat(), "before": dict(current)})
    store.write_registers([Register(register_name(purpose), register.version + 1 if register else 1, body)])
    return current


def end_rotation(store: Registers, purpose: str) -> None:
    """Note that no rotation of this purpose is under way. Raises StorageError."""
    version = store.register_version(register_name(purpose))
    store.write_registers([Register(register_name(purpose), version + 1, pack({}))])


def _begun(register: Register, purpose: str, today: date) -> dict[str, str]:
    try:
        raw = unpack(register.body)
        if not raw or date.fromisoformat(raw["day"]) + FORGOTTEN_AFTER < today:
            return {}
        return {str(instance): str(key_id) for instance, key_id in raw["before"].items()}
    except (AttributeError, KeyError, TypeError, ValueError, zlib.error) as error:
        raise StorageError(f"the rotation of {purpose} keys cannot be read; begin anew with --fresh") from error
