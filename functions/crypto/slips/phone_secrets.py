"""The secrets of SMS: settings, or files beside the keys that a first start makes.

Only the gateway has ``phone``; the courier also has ``mute``. Gateway programs sign with ``sms``.
"""

from pathlib import Path

from functions.config.private_files import given_secret
from functions.config.settings import Settings
from functions.crypto.errors import KeyringError
from functions.crypto.slips.phone_numbers import SECRET_BYTES

NAMES = ("phone", "mute", "sms")


def read_phone_secret(settings: Settings, name: str) -> bytes:
    """Read a secret. Raises KeyringError if it is neither set nor a file that only its owner can read."""
    given: str = getattr(settings, f"{name}_secret")
    if given:
        return given.encode()
    path = given_secret(secret_path(settings, name))
    try:
        if path.stat().st_mode & 0o077:
            raise KeyringError(f"{path} can be read by others; run `chmod 600 {path}`")
        content = path.read_bytes().strip()
    except OSError as error:
        raise KeyringError(f"{path}: {error.strerror}; set {name.upper()}_SECRET, or restore the file") from error
    if len(content) < SECRET_BYTES:
        raise KeyringError(f"{path} is damaged; restore it from a backup")
    return content


def secret_path(settings: Settings, name: str) -> Path:
    """Return the file that holds a secret if no setting does."""
    return settings.keys_dir / name
