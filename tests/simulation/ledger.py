"""What the simulated office acknowledged, to whom, and what was sent and got no answer."""

from dataclasses import dataclass, field

from functions.casework.receipt import Receipt
from functions.crypto.seal import sealing


def case_of(key: bytes) -> str:
    """The number of the case that a client's key leads to."""
    return sealing.receipt_keys(sealing.receipt_for(key)).case_id


@dataclass
class Known:
    """A case as its reporter knows it: what was acknowledged to them, by the words and the bytes they sent."""

    receipt: Receipt
    body: str
    about: str
    said: list[str] = field(default_factory=list)
    files: dict[int, bytes] = field(default_factory=dict)
    withdrawn: bool = False


@dataclass
class Ledger:
    """``cases`` by number. ``keys`` are all that were ever sent, with what was sent under them. ``unanswered`` are acts
    without an answer: they may have happened."""

    cases: dict[str, Known] = field(default_factory=dict)
    keys: dict[bytes, dict[str, str]] = field(default_factory=dict)
    unanswered: list[tuple[str, ...]] = field(default_factory=list)
