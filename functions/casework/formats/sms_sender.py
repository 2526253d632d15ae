"""What the gateway stores of one sender until their cases are over: the receipts of open cases, the parts of long SMS
that are not whole yet, and how many SMS came and left today. The gateway seals it.

The names of the fields are the stored format (``Sender.plain``).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

CASES_MAX = 20
PARTS_MOST = 255  # 3GPP TS 23.040 §9.2.3.24.1
LONG_MAX = 8  # unfinished long messages of one number


@dataclass(slots=True)
class Long:
    """A long SMS in parts: how many there are, the day the first came, its key (hex), and the parts by number."""

    of: int
    day: str
    key: str
    got: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every part came."""
        return len(self.got) >= self.of

    def text(self) -> str:
        """Return the parts in order, with ``[...]`` in place of missing ones."""
        parts = (self.got.get(str(n)) for n in range(1, self.of + 1))
        said, missing = "", False
        for part in parts:
            said += part if part is not None else ("" if missing else " [...] ")
            missing = part is None
        return said.strip()


@dataclass(slots=True)
class Sender:
    """``receipts`` are symbols, oldest first. ``kept`` is what was written to a closed case, until the sender says
    whether it is done. ``came`` and ``sent`` count the SMS of ``day``; ``told``: the sender knows that the day's limit
    of answers is reached."""

    receipts: list[str] = field(default_factory=list)
    long: dict[str, Long] = field(default_factory=dict)
    kept: str = ""
    day: str = ""
    came: int = 0
    sent: int = 0
    told: bool = False

    def plain(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)

    def begin(self, day: str) -> None:
        """Start counting again on a new day."""
        if self.day != day:
            self.day, self.came, self.sent, self.told = day, 0, 0, False

    def add(self, receipt: str) -> None:
        """Remember a case; the oldest drops out beyond ``CASES_MAX``."""
        if receipt not in self.receipts:
            self.receipts = [*self.receipts, receipt][-CASES_MAX:]

    def join(self, reference: str, n: int, of: int, text: str, key: str) -> None:
        """Add a part to the others of its message."""
        long = self.long.setdefault(f"{reference}/{of}", Long(of, self.day, key))
        long.got.setdefault(str(n), text)

    def ready(self, *, all_of_them: bool = False) -> list[Long]:
        """Take out the long messages that are whole, those of an earlier day, and the oldest beyond ``LONG_MAX``."""
        names = [n for n, long in self.long.items() if all_of_them or long.whole or long.day != self.day]
        names += [name for name in list(self.long)[:-LONG_MAX] if name not in names]
        return [self.long.pop(name) for name in names]


def read_sender(plain: Mapping[str, Any]) -> Sender:
    """Read what ``Sender.plain`` returned."""
    long = {name: Long(**each) for name, each in plain["long"].items()}
    return Sender(**{**plain, "long": long})
