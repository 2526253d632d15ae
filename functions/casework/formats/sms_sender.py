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
    """``receipts`` are symbols, oldest first; ``doubtful`` are those of them whose cases wait in quarantine. ``kept``
    is what was written to a closed case, until the sender says whether it is done. ``came`` and ``sent`` count the SMS
    of ``day``; ``told``: the sender knows that the day's limit of answers is reached. ``helped`` is the key (hex) of
    the SMS of that day that a number without a case was answered."""

    receipts: list[str] = field(default_factory=list)
    long: dict[str, Long] = field(default_factory=dict)
    kept: str = ""
    day: str = ""
    came: int = 0
    sent: int = 0
    told: bool = False
    doubtful: list[str] = field(default_factory=list)
    helped: str = ""

    @property
    def has_open_case(self) -> bool:
        """Whether a case of theirs is remembered that is not in quarantine."""
        return not set(self.receipts) <= set(self.doubtful)

    def plain(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)

    def begin(self, day: str) -> None:
        """Start counting again on a new day."""
        if self.day != day:
            self.day, self.came, self.sent, self.told, self.helped = day, 0, 0, False, ""

    def add(self, receipt: str, *, doubtful: bool = False) -> None:
        """Remember a case. Beyond ``CASES_MAX`` the oldest doubtful one drops out, or else the new one, which its code
        finds all the same: whoever forges a number pushes out no open case."""
        if receipt in self.receipts:
            return
        self.receipts.append(receipt)
        if doubtful:
            self.doubtful.append(receipt)
        if len(self.receipts) > CASES_MAX:
            self.forget(next((each for each in self.receipts if each in self.doubtful), receipt))

    def forget(self, receipt: str) -> None:
        """Forget a case."""
        self.receipts = [each for each in self.receipts if each != receipt]
        self.doubtful = [each for each in self.doubtful if each != receipt]

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
