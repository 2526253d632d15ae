"""Private keys that follow a rotation: read again only when the public keys change, not at every request."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from functions.crypto.open.private.interface import KeyStore
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import Purpose


@dataclass(slots=True)
class Reloading:
    """The private keys of one purpose, as of the last rotation. Raises KeyringError if they cannot be read."""

    store: KeyStore
    purpose: Purpose
    _seen: Hashable = None
    _keys: PrivateKeys | None = field(default=None, repr=False)

    def __call__(self) -> PrivateKeys:
        """Return the keys. If the public keys changed since last time, the old private ones are forgotten."""
        seen = self.store.mark()
        if self._keys is None or seen != self._seen:
            self._keys, self._seen = self.store.private(self.purpose), seen
        return self._keys
