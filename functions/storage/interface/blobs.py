"""Blobs: sealed files, apart from the store."""

import re
from datetime import date
from typing import Protocol

_CASE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}", re.ASCII)
_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Blobs(Protocol):
    """Keeps sealed files. A blob is durable when ``put`` returns. Its dates tell a day, never a time.

    Raises ValueError for case ids and names that are none: no name may lead out of its place.
    """

    def prepare(self) -> None:
        """Make the folder or bucket if it does not exist yet."""

    def put(self, case_id: str, name: str, sealed: bytes, on: date) -> None:
        """Store under (case, name); the same name again replaces the blob."""

    def get(self, case_id: str, name: str) -> bytes:
        """Return the sealed bytes. Raises CaseNotFoundError if there are none."""

    def redate(self, since: date) -> int:
        """Give what was put on ``since`` or later one time of change, in random order; return how many files. Where the
        place keeps such a time, it would tell the minute of each."""

    def delete_case(self, case_id: str) -> None:
        """Remove all blobs of a case."""


def check_case(case_id: str) -> str:
    """Return the case id, e.g. ``4F7K-2M9Q-XR3D``. Raises ValueError for anything else."""
    if not _CASE.fullmatch(case_id):
        raise ValueError("not a case id")
    return case_id


def check_name(name: str) -> str:
    """Return the blob's name, 32 hex digits. Raises ValueError for anything else."""
    if not _NAME.fullmatch(name):
        raise ValueError("not a blob's name")
    return name
