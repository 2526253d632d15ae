"""The agencies whose own conduct a text complains about, though no field names them.

A report is about a road, or about those who took money for it. Whoever is accused must neither be proposed nor hear of
it (law 5): when in doubt, the answer is yes, and a person decides.
"""

from typing import NamedTuple

from functions.casework.directory.agencies import Directory


class Accusation(NamedTuple):
    """``agency`` (a code of the directory) is complained about; ``words`` are those of the text that say so. ``sure``:
    they did it by the words' own grammar; else they may be meant."""

    agency: str
    words: str
    sure: bool


def accused_in(text: str, directory: Directory, instance: str) -> tuple[Accusation, ...]:
    """Return the agencies of an instance (its units, itself, those above it) that a text accuses, the surest first."""
    return ()
