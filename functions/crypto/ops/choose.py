"""Choose the key maker that the settings name. For ops: no function imports this."""

from functions.config.settings import Settings
from functions.crypto.open.private.choose import kms_client, kms_prefix
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_store import s3_client


def open_key_maker(settings: Settings) -> KeyMaker:
    """Return the key maker. Raises SettingsError."""
    if settings.keys:
        from functions.crypto.ops.key_issuer import KeyIssuer  # noqa: PLC0415 - only where chosen

        return KeyIssuer(settings.keys, kms_prefix(settings), s3_client, kms_client)
    return KeyDirectory(settings.keys_dir, settings.key_passphrase)
