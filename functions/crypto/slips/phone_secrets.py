"""Where the secrets of SMS are: settings, or files beside the keys that a first start makes.

``phone`` is the gateway's alone; ``mute`` also the courier's; ``sms`` is what gateway programs sign with.
"""

from pathlib import Path

from functions.config.settings import Settings
from functions.crypto.errors import KeyringError
from functions.crypto.slips.phone_numbers import SECRET_BYTES

NAMES = ("phone", "mute", "sms")


def read_phone_secret(settings: Settings, name: str) -> bytes:
    """One of them. Raises KeyringError where it is neither set nor a file that only its owner reads."""
    given: str = getattr(settings, f"{name}_secret")
    if given:
        return given.encode()
    path = secret_path(settings, name)
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
    """The file that holds a secret where no setting does."""
    return settings.keys_dir / name
