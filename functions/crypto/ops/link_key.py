"""The key that a linked office signs its documents with: a file of ops among the private keys. No function reads it."""

from functions.casework.directory.linked_office import LinkError
from functions.config.private_files import write_private
from functions.config.settings import Settings
from functions.crypto.key_pairs import new_signing_key


def read_link_key(settings: Settings, *, make: bool = False) -> bytes:
    """Return the private key (32 bytes). ``make`` it if there is none yet. Raises LinkError without one."""
    path = settings.keys_dir / "link"
    if not path.exists():
        if not make:
            raise LinkError("this office has written no document yet; `link export` makes its key")
        write_private(path, new_signing_key())
    return path.read_bytes()
