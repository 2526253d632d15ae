"""Private keys of one purpose, and opening with them. A function loads only the purposes that its law allows."""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from functions.crypto.errors import SealError
from functions.crypto.key_pairs import SUITE, hpke_private
from functions.crypto.seal.public_keys import KEY_ID_BYTES, Purpose
from functions.crypto.seal.sealing import VERSION, hpke_info


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKeys:
    """Private keys (raw bytes) of one purpose by key id."""

    purpose: Purpose
    keys: Mapping[str, bytes]

    def open(self, instance: str, context: str, envelope: bytes) -> bytes:
        """Open what ``PublicKeys.seal`` sealed. Raises SealError if the key is gone or the context differs."""
        if envelope[:1] != VERSION:
            raise SealError("no key for this envelope")
        key = self.key(instance, envelope[1 : 1 + KEY_ID_BYTES].hex())
        info = hpke_info(self.purpose, instance, context)
        try:
            return SUITE.decrypt(envelope[1 + KEY_ID_BYTES :], hpke_private(key), info=info)
        except (InvalidTag, ValueError) as error:
            raise SealError("does not open") from error

    def key(self, instance: str, key_id: str) -> bytes:
        """Return one private key (raw bytes). Raises SealError if it is gone."""
        try:
            return self.keys[key_id]
        except KeyError as error:
            raise SealError("no key for this envelope") from error

    def knows(self, instance: str, key_id: str) -> bool:
        """Tell whether the key is here."""
        try:
            return bool(self.key(instance, key_id))
        except SealError:
            return False
