"""Optimistic writing: read, decide, write if nobody wrote in between, otherwise start again."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from functions.storage.interface import VersionConflictError

TRIES = 8
Result = TypeVar("Result")


def retry_on_conflict(attempt: Callable[[], Result], busy: Exception | type[Exception]) -> Result:
    """Return what ``attempt`` returns. After a VersionConflictError it is called again, so that it reads and decides
    again. Raises ``busy`` after TRIES conflicts, and whatever else ``attempt`` raises."""
    for _ in range(TRIES):
        with suppress(VersionConflictError):
            return attempt()
    raise busy
