"""Private keys of one purpose, and opening with them. A function loads only the purposes that its law allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from functions.casework.case import CaseHead
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import SUITE, hpke_private
from functions.crypto.seal.bound_facts import as_bound, inside, is_bound
from functions.crypto.seal.public_keys import HINT_BYTES, Purpose, id_with
from functions.crypto.seal.sealing import VERSION, bound_info, hpke_info


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKeys:
    """Private keys (raw bytes) of one purpose by key id."""

    purpose: Purpose
    keys: Mapping[str, bytes]
    # To expand a seed costs as much as to open with it. The pairs are forgotten with the keys, at a rotation.
    _pairs: dict[bytes, MLKEM768X25519PrivateKey] = field(init=False, default_factory=dict, compare=False)

    def open(self, instance: str, context: str, envelope: bytes) -> bytes:
        """Open what ``PublicKeys.seal`` sealed. Raises SealError if the key is gone or the context differs."""
        if envelope[:1] != VERSION:
            raise SealError("no key for this envelope")
        key = self.key(instance, self._named(envelope[1 : 1 + HINT_BYTES]))
        return self._decrypt(key, envelope[1 + HINT_BYTES :], hpke_info(self.purpose, instance, context))

    def open_case(self, head: CaseHead) -> bytes:
        """Return a case's key. Raises SealError if the desk's key is gone, or if a fact that the wrap binds is not what
        it was when it was wrapped. A wrap of an older release binds none."""
        if not is_bound(head):
            return self.open(head.instance, head.case_id, head.wraps.desk)
        key = self.key(head.instance, head.wraps.key_id)
        return self._decrypt(key, inside(head), bound_info(head.case_id, as_bound(head).text()))

    def _named(self, hint: bytes) -> str:
        return id_with(hint, self.keys)

    def key(self, instance: str, key_id: str) -> bytes:
        """Return one private key (raw bytes). Raises SealError if it is gone."""
        try:
            return self.keys[key_id]
        except KeyError as error:
            raise SealError("no key for this envelope") from error

    def names_gone(self, envelope: bytes) -> bool:
        """Tell whether an envelope names a key that is not here: destroyed, newer than these, or of nobody."""
        return envelope[:1] == VERSION and not self._named(envelope[1 : 1 + HINT_BYTES])

    def knows(self, instance: str, key_id: str) -> bool:
        """Tell whether the key is here."""
        try:
            return bool(self.key(instance, key_id))
        except SealError:
            return False

    def _decrypt(self, key: bytes, sealed: bytes, info: bytes) -> bytes:
        try:
            pair = self._pairs[key] = self._pairs.get(key) or hpke_private(key)
            return SUITE.decrypt(sealed, pair, info=info)
        except (InvalidTag, ValueError) as error:
            raise SealError("does not open") from error
