"""Make the secrets of SMS at a first start."""

from secrets import token_hex

from functions.config.private_files import write_private
from functions.config.settings import Settings
from functions.crypto.slips.phone_numbers import SECRET_BYTES
from functions.crypto.slips.phone_secrets import NAMES, secret_path


def make_phone_secrets(settings: Settings) -> None:
    """Make the files that are missing, unless the setting is given."""
    for name in NAMES:
        path = secret_path(settings, name)
        if not getattr(settings, f"{name}_secret") and not path.exists():
            write_private(path, token_hex(SECRET_BYTES).encode() + b"\n")
