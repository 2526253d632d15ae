"""The disk below the data folder."""

import shutil

from functions.config.settings import Settings


def free_bytes(settings: Settings) -> int:
    """Return the free space of the data folder's disk, for this user."""
    return shutil.disk_usage(settings.data_dir).free
