"""Rotate a key: make a new pair current, re-wrap open cases to it, destroy the old private key.

Cases that were closed for good under the old key go dark for the desk, in the store and in every backup. Their
reporters still open them with the receipt. Contacts are not sealed again when the courier's key rotates: their
reporters get no more notices, and find the answer in the thread.

Tests: ``tests/actions/test_rotate.py``.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from functions.actions.common.rewrap import RewrapCases, RewrapIdentities
from functions.actions.common.sign_in import CUSTODY
from functions.actions.factors.rewrap_factors import RewrapFactors
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Store

PASSES_MAX = 20
LATE = frozenset({Purpose.DESK, Purpose.IDENTITY, Purpose.COURIER})  # what reports are sealed to


class RotationError(Exception):
    """After many passes cases are still under the old key, which was not destroyed. Run the rotation again."""


@dataclass(frozen=True, slots=True)
class Rotate:
    """Rotates keys.

    ``rewrap`` makes one pass over an instance, for the purposes that keep something, and returns how many it wrapped
    again. ``wait`` lets requests finish that read the old public key. ``late``: reports may be on their way from the
    nation, sealed to the old key, so it is destroyed by the next rotation instead of this one (``PublicKeys.late``).
    """

    keys: KeyMaker
    rewrap: Mapping[Purpose, Callable[[str], int]]
    wait: Callable[[], None]
    late: bool = False

    def __call__(self, purpose: Purpose, instance: str) -> str:
        """Rotate one key. Returns the new key id.

        An interrupted rotation may simply run again: nothing is destroyed before every open case is under a newer key.
        Raises RotationError, KeyringError.
        """
        late = self.late and purpose in LATE
        if late:
            self.keys.keep_late(purpose, instance)
        new = self.keys.generate(purpose, instance)
        rewrap = self.rewrap.get(purpose)
        if rewrap:
            rewrap(instance)
        self.wait()
        if rewrap:
            _until_none_left(rewrap, instance)
        kept = {new, self.keys.public().late.get((purpose, instance), "") if late else ""}
        for old in self.keys.private_ids(purpose, instance):
            if old not in kept:
                self.keys.destroy(purpose, instance, old)
        return new


def rewrap_here(
    store: Store,
    keys: KeyMaker,
    today: Callable[[], date],
    tell: Callable[[int], None],
    agencies: Collection[str] = (),
) -> dict[Purpose, Callable[[str], int]]:
    """Make the passes in this process, which must be able to open the keys. ``tell`` gets the number of re-wrapped
    cases; ``agencies`` are those whose officers' secrets are sealed again."""

    def desk() -> PrivateKeys:
        return keys.private(Purpose.DESK)

    def custody() -> PrivateKeys:
        return keys.private(Purpose.IDENTITY)

    cases = RewrapCases(store, desk, keys.public, today, tell)
    identities = RewrapIdentities(store, custody, keys.public, today, tell)
    officers = RewrapFactors(store, agencies, desk, keys.public, Purpose.DESK)
    custodians = RewrapFactors(store, agencies, custody, keys.public, Purpose.IDENTITY, CUSTODY)
    return {
        Purpose.DESK: lambda instance: officers(instance) + cases(instance),
        Purpose.IDENTITY: lambda instance: custodians(instance) + identities(instance),
    }


def _until_none_left(rewrap: Callable[[str], int], instance: str) -> None:
    for _ in range(PASSES_MAX):
        if rewrap(instance) == 0:
            return
    raise RotationError(f"cases of {instance} keep coming under an old key")
