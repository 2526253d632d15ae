"""What makes and destroys keys, as the settings name it. For ops: no function imports this."""

from functions.settings import Settings
from functions.vault.choose import s3_client
from functions.vault.choose_private import kms_client, kms_prefix
from functions.vault.key_store import KeyMaker
from functions.vault.keyring import KeyDirectory


def open_key_maker(settings: Settings) -> KeyMaker:
    """Where keys are made. Raises SettingsError."""
    if settings.keys:
        from functions.vault.key_press import KeyPress  # noqa: PLC0415 - only where chosen

        return KeyPress(settings.keys, kms_prefix(settings), s3_client, kms_client)
    return KeyDirectory(settings.keys_dir, settings.key_passphrase)
