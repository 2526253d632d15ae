"""Rotating a key: a new pair becomes current, open cases are wrapped to it, the old private key is destroyed.

What was closed for good under the old key goes dark for the desk, in the store and in every backup; its
reporter still opens it with the receipt. Contacts for notices are not sealed anew when the courier's key rotates:
who left one is no longer told, and finds the answer when he looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from functions.actions.common.rewrap import RewrapCases, RewrapIdentities
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Store

PASSES_MAX = 20


class RotationError(Exception):
    """Cases are still under the old key after many passes; it was not destroyed. Run the rotation again."""


@dataclass(frozen=True, slots=True)
class Rotate:
    """Rotate keys. ``rewrap`` makes one pass over an instance, for the purposes under which something is kept, and
    returns how many it wrapped anew; ``wait`` lets requests that read the old public key finish."""

    keys: KeyMaker
    rewrap: Mapping[Purpose, Callable[[str], int]]
    wait: Callable[[], None]

    def __call__(self, purpose: Purpose, instance: str) -> str:
        """Rotate one key; returns the new key id. Killed half-way, it may simply be run again: nothing is
        destroyed before every open case is under a newer key. Raises RotationError, KeyringError."""
        new = self.keys.generate(purpose, instance)
        rewrap = self.rewrap.get(purpose)
        if rewrap:
            rewrap(instance)
        self.wait()
        if rewrap:
            _until_none_left(rewrap, instance)
        for old in self.keys.private_ids(purpose, instance):
            if old != new:
                self.keys.destroy(purpose, instance, old)
        return new


def rewrap_here(
    store: Store, keys: KeyMaker, today: Callable[[], date], tell: Callable[[int], None]
) -> dict[Purpose, Callable[[str], int]]:
    """Passes made in this process, which must be able to open the keys. ``tell`` is told how many were wrapped."""
    return {
        Purpose.DESK: RewrapCases(store, lambda: keys.private(Purpose.DESK), keys.public, today, tell),
        Purpose.IDENTITY: RewrapIdentities(store, lambda: keys.private(Purpose.IDENTITY), keys.public, tell),
    }


def _until_none_left(rewrap: Callable[[str], int], instance: str) -> None:
    for _ in range(PASSES_MAX):
        if rewrap(instance) == 0:
            return
    raise RotationError(f"cases of {instance} keep coming under an old key")
