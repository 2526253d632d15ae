"""What ``doctor`` finds: one sentence each, after a mark."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How serious a finding is. What is worth a look does not change the exit status."""

    FINE = "OK"
    LOOK = "??"
    WRONG = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about this installation. It holds no secret, no receipt, no address and nothing of a case."""

    mark: Mark
    text: str

    @property
    def is_wrong(self) -> bool:
        """Tell whether it makes the exit status 1."""
        return self.mark is Mark.WRONG

    def __str__(self) -> str:
        return f"{self.mark} {self.text}"


def fine(text: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Mark.FINE, text)


def look(text: str) -> Finding:
    """Return a finding that somebody should look at some time."""
    return Finding(Mark.LOOK, text)


def wrong(text: str) -> Finding:
    """Return a finding that is wrong; the text says what to do."""
    return Finding(Mark.WRONG, text)


def some(names: list[str], most: int = 5) -> str:
    """Return the first names of many, in a row."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
