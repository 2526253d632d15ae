"""Mutants that survive and may: they say the same in other words, or what they change is a choice that no test should pin.

By file, then by the text of the line and what stands there instead, both without the spaces around them.
"""

from typing import Final

EQUAL: Final[dict[str, dict[tuple[str, str], str]]] = {}
