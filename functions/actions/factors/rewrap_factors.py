"""Seal TOTP secrets to the current key again: a part of a rotation, done by the holder of the key.

Tests: ``tests/doors/test_half_open.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from functions.casework.factors.keyring import Factor, Keyring, sealed_as
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import HINT_BYTES, PublicKeys, Purpose, hint_of
from functions.storage.interface import Store
from functions.storage.registers.factors import (
    change_keyring,
    note_agency,
    noted_agencies,
    read_keyrings,
    sealed_for,
)

ALL = "*"  # noted once all agencies were looked through


@dataclass(frozen=True, slots=True)
class RewrapFactors:
    """``agencies`` are all there are. Their registers are read once; from then on it is noted which hold what
    (``note_agency``), since a nation has thousands, and each instance's rotation would read them all."""

    store: Store
    agencies: Collection[str]
    private: Callable[[], PrivateKeys]
    public: Callable[[], PublicKeys]
    purpose: Purpose
    realm: str = ""

    def __call__(self, instance: str) -> int:
        """Make one pass over an instance's secrets and return how many were sealed again. Raises KeyringError,
        StorageError."""
        public = self.public()  # read first, as ``RewrapCases`` does
        private, count = self.private(), 0
        for agency in sorted(self._holding(instance)):
            for officer, keyring in read_keyrings(self.store, self.realm, agency).items():
                wanted = [one.ident for one in keyring.factors if self._older(one, instance, public)]

                def again(now: Keyring, officer: str = officer) -> Keyring:
                    factors = tuple(self._again(one, officer, instance, private, public) for one in now.factors)
                    return replace(now, factors=factors)

                if wanted and change_keyring(self.store, self.realm, agency, officer, again) != keyring:
                    count += len(wanted)
        return count

    def _holding(self, instance: str) -> Collection[str]:
        """Return the agencies whose officers have secrets sealed to the instance's key."""
        if not noted_agencies(self.store, self.realm, ALL):
            for agency in self.agencies:
                for sealed in frozenset().union(
                    *map(sealed_for, read_keyrings(self.store, self.realm, agency).values())
                ):
                    note_agency(self.store, self.realm, sealed, agency)
            note_agency(self.store, self.realm, ALL, ALL)
        return noted_agencies(self.store, self.realm, instance)

    def _older(self, factor: Factor, instance: str, public: PublicKeys) -> bool:
        hint = hint_of(public.current_id(self.purpose, instance))
        return factor.instance == instance and factor.secret[1 : 1 + HINT_BYTES] != hint

    def _again(self, factor: Factor, officer: str, instance: str, private: PrivateKeys, public: PublicKeys) -> Factor:
        if not self._older(factor, instance, public):
            return factor
        context = sealed_as("secret", officer)
        try:
            secret = private.open(instance, context, factor.secret)
        except SealError:
            return factor  # its key is gone: it never opens
        return replace(factor, secret=public.seal(self.purpose, instance, context, secret)[1])
