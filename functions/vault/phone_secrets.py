"""Where the secrets of SMS are: settings, or files beside the keys that a first start makes.

``phone`` is the gateway's alone; ``mute`` also the courier's; ``sms`` is what gateway programs sign with.
"""

from pathlib import Path
from secrets import token_hex

from functions.settings import Settings
from functions.vault.keyring import KeyringError
from functions.vault.phones import SECRET_BYTES
from functions.vault.private_files import write_private

NAMES = ("phone", "mute", "sms")


def read_phone_secret(settings: Settings, name: str) -> bytes:
    """One of them. Raises KeyringError where it is neither set nor a file that only its owner reads."""
    given: str = getattr(settings, f"{name}_secret")
    if given:
        return given.encode()
    path = _path(settings, name)
    try:
        if path.stat().st_mode & 0o077:
            raise KeyringError(f"{path} can be read by others; run `chmod 600 {path}`")
        content = path.read_bytes().strip()
    except OSError as error:
        raise KeyringError(f"{path}: {error.strerror}; set {name.upper()}_SECRET, or restore the file") from error
    if len(content) < SECRET_BYTES:
        raise KeyringError(f"{path} is damaged; restore it from a backup")
    return content


def make_phone_secrets(settings: Settings) -> None:
    """Make the files that are not there and not set."""
    for name in NAMES:
        path = _path(settings, name)
        if not getattr(settings, f"{name}_secret") and not path.exists():
            write_private(path, token_hex(SECRET_BYTES).encode() + b"\n")


def _path(settings: Settings, name: str) -> Path:
    return settings.keys_dir / name
