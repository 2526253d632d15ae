"""How much of what identifies is found, as last measured."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

_MEASURED = Path(__file__).with_name("measured.json")


class Measured(NamedTuple):
    """Of ``of`` things that identify, ``found`` were masked; of ``masked``, ``right`` did identify. On so many messages
    that nothing was learnt from; ``how`` says which."""

    found: int
    of: int
    right: int
    masked: int
    messages: int
    how: str

    @property
    def tenths(self) -> int:
        """Of ten things that identify, how many are masked, rounded down."""
        return 10 * self.found // self.of


@cache
def measured() -> Measured:
    """Return the last measurement (``tests.pii.score``), from ``measured.json``: the one place for its numbers."""
    return Measured(**json.loads(_MEASURED.read_text(encoding="utf-8")))
