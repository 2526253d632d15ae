"""Officers' second factors, as stored: a register for each agency and realm, by idents and without addresses.

The desk's realm and custody's are apart, and each door's rights end at its own. Public keys rest as they are; the
secrets of codes are sealed to the door's key.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import Any

from functions.casework.factors.keyring import Factor, Keyring, Kind
from functions.storage.interface import Register, Registers, StorageError
from functions.storage.retry import retry_on_conflict

Change = Callable[[Keyring], Keyring]


def register_name(realm: str, agency: str) -> str:
    """Name the register of an agency's officers; ``realm`` is "" for the desk, else ``custody``."""
    return f"factors-{realm}:{agency}" if realm else f"factors:{agency}"


def read_keyrings(store: Registers, realm: str, agency: str) -> Mapping[str, Keyring]:
    """Return what an agency's officers have, by ident; who never came is not in it. Raises StorageError."""
    return _read(store.read_register(register_name(realm, agency)))


def read_keyring(store: Registers, realm: str, agency: str, ident: str) -> Keyring:
    """Return what one officer has. Raises StorageError."""
    return read_keyrings(store, realm, agency).get(ident, Keyring())


def change_keyring(store: Registers, realm: str, agency: str, ident: str, change: Change) -> Keyring:
    """Replace what one officer has by what ``change`` makes of it, and return that. Another writer makes it run again;
    what it raises ends it. Writes nothing where nothing changes. Raises StorageError."""

    def attempt() -> Keyring:
        name = register_name(realm, agency)
        standing = store.read_register(name)
        keyrings = _read(standing)
        before = keyrings.get(ident, Keyring())
        after = change(before)
        for instance in sealed_for(after) - sealed_for(before):
            note_agency(store, realm, instance, agency)  # first: a rotation must not miss it
        if after != before:
            body = _body({**keyrings, ident: after})
            store.write_registers([Register(name, (standing.version if standing else 0) + 1, body)])
        return after

    return retry_on_conflict(attempt, StorageError("the register of second factors is being written to"))


def sealed_for(keyring: Keyring) -> frozenset[str]:
    """Return the instances to whose keys secrets of an officer are sealed: of a case they came for, not always their
    own."""
    return frozenset(factor.instance for factor in keyring.factors if factor.instance)


def note_agency(store: Registers, realm: str, instance: str, agency: str) -> None:
    """Note that officers of an agency have secrets sealed to an instance's key. Raises StorageError."""

    def attempt() -> None:
        standing = store.read_register(_index(realm, instance))
        noted = _noted(standing)
        if agency not in noted:
            body = json.dumps(sorted({*noted, agency})).encode()
            store.write_registers([Register(_index(realm, instance), (standing.version if standing else 0) + 1, body)])

    retry_on_conflict(attempt, StorageError("the list of second factors is being written to"))


def noted_agencies(store: Registers, realm: str, instance: str) -> frozenset[str]:
    """Return the agencies that were noted. Raises StorageError."""
    return _noted(store.read_register(_index(realm, instance)))


def _index(realm: str, instance: str) -> str:
    return register_name(realm, f"~{instance}")  # no agency's code has this sign


def _noted(register: Register | None) -> frozenset[str]:
    return frozenset(json.loads(register.body)) if register else frozenset()


def _body(keyrings: Mapping[str, Keyring]) -> bytes:
    kept = {ident: _plain(keyring) for ident, keyring in sorted(keyrings.items()) if keyring != Keyring()}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _read(register: Register | None) -> dict[str, Keyring]:
    raw: dict[str, dict[str, Any]] = json.loads(register.body) if register else {}
    return {ident: _keyring(entry) for ident, entry in raw.items()}


def _plain(record: Keyring | Factor) -> dict[str, Any]:
    """Return a record's fields except those with their default: days as ISO text, bytes in base64."""
    spare = ((field, getattr(record, field.name)) for field in fields(record))
    return {field.name: _value(value) for field, value in spare if _says(field, value)}


def _says(field: "Field[Any]", value: object) -> bool:
    return field.default is MISSING or value != field.default


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(factor) for factor in value]
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _keyring(raw: Mapping[str, Any]) -> Keyring:
    read: dict[str, Callable[[Any], Any]] = {"since": date.fromisoformat, "code": b64decode}
    read["factors"] = lambda found: tuple(map(_factor, found))
    return Keyring(**_known(Keyring, raw, read))


def _factor(raw: Mapping[str, Any]) -> Factor:
    read: dict[str, Callable[[Any], Any]] = {"kind": Kind, "added": date.fromisoformat, "used": date.fromisoformat}
    return Factor(**_known(Factor, raw, read | dict.fromkeys(("public", "secret", "spent"), b64decode)))


def _known(
    kind: type[Keyring | Factor], raw: Mapping[str, Any], read: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    """Return the fields that this release knows. Those of a later one are ignored."""
    names = {field.name for field in fields(kind)}
    return {name: read.get(name, lambda found: found)(value) for name, value in raw.items() if name in names}
