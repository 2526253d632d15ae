"""What stands in the files of a folder that somebody may be writing to meanwhile."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield each file below a folder with its bytes. What goes while one looks is passed over: a log of SQLite's, a letter
    that is written under another name first."""
    for path in folder.rglob("*"):
        raw = None
        with suppress(FileNotFoundError):
            raw = path.read_bytes() if path.is_file() else None
        if raw is not None:
            yield path, raw
