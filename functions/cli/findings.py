"""What ``doctor`` finds: one sentence each, with a mark before it."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a thing stands. What is worth a look makes no exit status."""

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
        """Whether it makes the exit status 1."""
        return self.mark is Mark.WRONG

    def __str__(self) -> str:
        return f"{self.mark} {self.text}"


def fine(text: str) -> Finding:
    """It stands as it should."""
    return Finding(Mark.FINE, text)


def look(text: str) -> Finding:
    """Somebody should look at it some time."""
    return Finding(Mark.LOOK, text)


def wrong(text: str) -> Finding:
    """It is wrong; the text says what to do."""
    return Finding(Mark.WRONG, text)


def some(names: list[str], most: int = 5) -> str:
    """Names in a row, the first few of many."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
