"""Make attachments anew, without metadata, in a child process with limits.

The door imports this module only, and so loads no decoder. ``sandbox`` starts the child; in the child, ``cleaners``
chooses what cleans the file.
"""

from functions.sanitize.file_types import MAX_FILE_BYTES, CleanFile, FileRefusedError, Refusal, check_size
from functions.sanitize.sandbox import clean_apart

__all__ = ["MAX_FILE_BYTES", "CleanFile", "FileRefusedError", "Refusal", "clean"]


def clean(raw: bytes, *, keep_size: bool = False, most: int = MAX_FILE_BYTES) -> CleanFile:
    """Return the same picture, pages or words without anything that identifies. Neither the file nor what is made of it
    has more than ``most`` bytes.

    Photos become at most 1,600 pixels a side, unless ``keep_size``: more pixels make people easier to recognise.
    Raises FileRefusedError, and ``sandbox.BrokenCleanerError`` if the installation lacks a part.
    """
    check_size(raw, most)
    return clean_apart(raw, keep_size=keep_size, most=most)
