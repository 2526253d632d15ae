"""The keys of the simulated office: made once in a process, and read again only after somebody changed them."""

import shutil
from functools import cache
from pathlib import Path
from typing import Any, Final

from functions.casework.directory.agencies import Directory
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from tests.room import fast_folder

UNCHANGING: Final = frozenset({"public", "private_ids"})


@cache
def _made(instances: tuple[str, ...]) -> tuple[tuple[Path, bytes], ...]:
    folder = fast_folder()
    keys = KeyDirectory(folder)
    keys.generate_all((purpose, instance) for instance in instances for purpose in Purpose)
    try:
        return tuple((path.relative_to(folder), path.read_bytes()) for path in folder.rglob("*") if path.is_file())
    finally:
        shutil.rmtree(folder)


def copy_keys(directory: Directory, folder: Path) -> None:
    """Put keys of every purpose and instance there, the same for each office of this process."""
    for name, content in _made(tuple(instance.code for instance in directory.instances())):
        (path := folder / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
        path.chmod(0o644 if path.suffix else 0o600)


class OpenedKeys:
    """Key files, opened once until one of them is made or destroyed, as a door keeps them."""

    def __init__(self, folder: Path) -> None:
        self._files, self._opened = KeyDirectory(folder), dict[tuple[Purpose, str], PrivateKeys]()

    def private(self, purpose: Purpose, instance: str = "") -> PrivateKeys:
        place = purpose, instance
        if place not in self._opened:
            self._opened[place] = self._files.private(purpose, instance)
        return self._opened[place]

    def forget(self) -> None:
        """They are others from now on."""
        self._opened.clear()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._files, name)
        if name in UNCHANGING:
            return found

        def call(*args: Any) -> Any:
            try:
                return found(*args)
            finally:
                self.forget()

        return call
