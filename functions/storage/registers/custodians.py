"""The register of an instance's custodians: what their browsers made, and the roster that waits for two vouches.

A personal seed is here only locked, under a key that a passkey of its owner gives (PRF). The roster that counts stands
in ``public.json``, where the custody door cannot write.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from typing import Any

from functions.casework.consent.roster import Candidate, Roster, RosterError, read_roster, roster_json
from functions.storage.interface import Register, Registers, StorageError


@dataclass(frozen=True, slots=True)
class Lock:
    """A seed locked by one passkey: ``credential`` is its id, ``locked`` the seed under its PRF output."""

    credential: bytes
    locked: bytes


@dataclass(frozen=True, slots=True)
class Keeper:
    """A custodian's keys, and the locked copies of the seed that they follow from. ``by`` is who made them."""

    candidate: Candidate
    by: str
    locks: tuple[Lock, ...] = ()


@dataclass(frozen=True, slots=True)
class Custodians:
    """The register. ``version`` 0: there is none. ``keepers`` by agency; ``proposed`` waits for vouches."""

    version: int = 0
    keepers: dict[str, Keeper] = field(default_factory=dict)
    proposed: Roster | None = None

    def with_keeper(self, keeper: Keeper) -> "Custodians":
        """Return the register with a custodian's keys in place of their agency's earlier ones."""
        return replace(self, keepers={**self.keepers, keeper.candidate.agency: keeper})


def read_custodians(store: Registers, instance: str) -> Custodians:
    """Return an instance's custodians. Raises StorageError if the register is damaged."""
    register = store.read_register(_name(instance))
    if register is None:
        return Custodians()
    try:
        raw = json.loads(register.body)
        keepers = {each["agency"]: _keeper(each) for each in raw["keepers"]}
        proposed = read_roster(raw["proposed"]) if raw["proposed"] else None
    except (ValueError, KeyError, TypeError, RosterError) as error:
        raise StorageError(f"the register of custodians of {instance} is damaged") from error
    return Custodians(register.version, keepers, proposed)


def write_custodians(store: Registers, instance: str, custodians: Custodians) -> None:
    """Replace the register that has this version. Raises VersionConflictError, StorageError."""
    proposed = roster_json(custodians.proposed) if custodians.proposed else None
    raw = {"keepers": [_row(keeper) for keeper in custodians.keepers.values()], "proposed": proposed}
    body = json.dumps(raw, separators=(",", ":")).encode()
    store.write_registers([Register(_name(instance), custodians.version + 1, body)])


def _name(instance: str) -> str:
    return f"custodians:{instance}"


def _row(keeper: Keeper) -> dict[str, Any]:
    one = keeper.candidate
    locks = [[_text(lock.credential), _text(lock.locked)] for lock in keeper.locks]
    keys = {"public": _text(one.public), "vouch": _text(one.vouch)}
    return {"agency": one.agency, "by": keeper.by, **keys, "locks": locks}


def _keeper(row: dict[str, Any]) -> Keeper:
    candidate = Candidate(row["agency"], b64decode(row["public"]), b64decode(row["vouch"]))
    return Keeper(candidate, row["by"], tuple(Lock(b64decode(name), b64decode(seed)) for name, seed in row["locks"]))


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
