"""The accused agency by the name that a reporter read, compared with the names that the directory has today.

Guards go by code. Whoever swaps two names makes reporters choose the wrong code: what they read is sealed with their
words, and decides beside the code.
"""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from functions.casework.directory.agencies import Directory

# Of any agency (``check``): no code or name that a form can offer is cut in a seal.
CODE_MAX = 64
NAME_MAX = 200


class Accused(NamedTuple):
    """Whom a report named: the code, and the name that stood beside it. Both are "" if it named nobody, or comes from a
    release that did not seal it."""

    code: str = ""
    name: str = ""


def is_renamed(accused: Accused, directory: Directory) -> bool:
    """Whether the directory has another name for this code today, or no such code any more."""
    if not accused.name:
        return False
    agency = directory.agencies.get(accused.code)
    return agency is None or _folded(agency.name) != _folded(accused.name)


def bearers(accused: Accused, directory: Directory) -> Iterator[str]:
    """Yield the codes of other agencies that bear the name today."""
    if is_renamed(accused, directory):
        wanted = _folded(accused.name)
        yield from (a.code for a in directory.agencies.values() if a.code != accused.code and _folded(a.name) == wanted)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
