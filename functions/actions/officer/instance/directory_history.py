"""Read what was changed in an instance's directory, at its desk and by imports: for those who watch over it.

Tests: ``tests/doors/test_instance_names.py``.
"""

from dataclasses import dataclass
from typing import NamedTuple

from functions.casework.access import Viewer, surveyed
from functions.casework.directory.agencies import Agency, Directory
from functions.casework.directory.trail import Entry
from functions.casework.problems import NotFoundProblem
from functions.storage.interface import Registers
from functions.storage.registers.directory_trail import read_history

PAGE = 20


class History(NamedTuple):
    """A page of changes, newest first: of which instance, among which the viewer may choose, and how many pages there
    are (at least 1)."""

    instance: Agency
    instances: tuple[Agency, ...]
    entries: tuple[Entry, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class DirectoryHistory:
    """Whoever may read the figures of an instance may read its history."""

    store: Registers
    directory: Directory

    def read(self, viewer: Viewer, wanted: str = "", page: str = "") -> History:
        """Return a page. Raises NotFoundProblem for other officers, instances and pages; StorageError."""
        allowed = surveyed(viewer, self.directory)
        instance = wanted or next(iter(allowed), "")
        if instance not in allowed or (page and not page.isdecimal()):
            raise NotFoundProblem
        entries = read_history(self.store, instance)
        pages, number = max(1, -(-len(entries) // PAGE)), int(page or 1)
        if not 1 <= number <= pages:
            raise NotFoundProblem
        agencies = self.directory.agencies
        shown = entries[(number - 1) * PAGE : number * PAGE]
        return History(agencies[instance], tuple(agencies[code] for code in allowed), shown, number, pages)
