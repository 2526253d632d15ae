"""Private keys that follow a rotation: read again when the public file changes, not at every request."""

from dataclasses import dataclass, field

from functions.vault.keyring import KeyDirectory, PrivateKeys, Purpose


@dataclass(slots=True)
class Reloading:
    """The private keys of one purpose, as of the last rotation. Raises KeyringError when they cannot be read."""

    directory: KeyDirectory
    purpose: Purpose
    _seen: tuple[int, int] = (0, 0)
    _keys: PrivateKeys | None = field(default=None, repr=False)

    def __call__(self) -> PrivateKeys:
        """The keys, read anew where ``public.json`` is another file than last time."""
        status = self.directory.public_file.stat() if self.directory.public_file.exists() else None
        seen = (status.st_ino, status.st_mtime_ns) if status else (0, 0)
        if self._keys is None or seen != self._seen:
            self._keys, self._seen = self.directory.private(self.purpose), seen
        return self._keys
