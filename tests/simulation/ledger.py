"""What the simulated office acknowledged, to whom, and what was sent and got no answer."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from functions.casework.receipt import Receipt
from functions.crypto.seal import sealing
from functions.crypto.seal.sealing import ReceiptKeys


class Sent(NamedTuple):
    """What somebody sent under a key, and the number of the case that the key leads to."""

    fields: dict[str, str]
    case_id: str


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
    """``cases`` by number, ``keys`` all that were ever sent. ``unanswered`` are acts without an answer: they may have
    happened."""

    cases: dict[str, Known] = field(default_factory=dict)
    keys: dict[bytes, Sent] = field(default_factory=dict)
    unanswered: list[tuple[str, ...]] = field(default_factory=list)
    _opens: dict[str, ReceiptKeys] = field(default_factory=dict)

    def send(self, key: bytes, fields: dict[str, str]) -> None:
        """Note what is sent, before it is."""
        if key not in self.keys:
            self.keys[key] = Sent(fields, sealing.receipt_keys(sealing.receipt_for(key)).case_id)

    def opens(self, case_id: str) -> ReceiptKeys:
        """What follows from the receipt of a case."""
        if case_id not in self._opens:
            self._opens[case_id] = sealing.receipt_keys(self.cases[case_id].receipt)
        return self._opens[case_id]

    def copy(self) -> "Ledger":
        """The same, which nobody else goes on with."""
        cases = {n: replace(known, said=[*known.said], files={**known.files}) for n, known in self.cases.items()}
        return Ledger(cases, dict(self.keys), list(self.unanswered), self._opens)
