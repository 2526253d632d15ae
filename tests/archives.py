"""Unpacking our own archives on every Python that is supported."""

import tarfile
from pathlib import Path


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar archive into a folder, and nothing beside it. Debian 12's Python (3.11.2) knows no filter: it takes
    no argument of that name."""
    with tarfile.open(archive) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(folder)  # noqa: S202 - ours, and filtered where Python can
