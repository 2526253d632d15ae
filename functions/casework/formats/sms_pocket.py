"""What the gateway remembers of one number, from its first SMS until its cases are over: the receipts of its open
cases, parts of a long SMS that is not whole yet, and how many came and left today. Sealed by who keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

CASES_MAX = 20
PARTS_MOST = 255  # 3GPP TS 23.040 §9.2.3.24.1
LONG_MAX = 8  # unfinished long messages of one number


@dataclass(slots=True)
class Long:
    """A long SMS in pieces: how many there are, those that came by number, since which day, and its key (hex)."""

    of: int
    day: str
    key: str
    got: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every part is there."""
        return len(self.got) >= self.of

    def text(self) -> str:
        """What came, in order; where a part is missing, a mark that says so."""
        parts = (self.got.get(str(n)) for n in range(1, self.of + 1))
        said, missing = "", False
        for part in parts:
            said += part if part is not None else ("" if missing else " [...] ")
            missing = part is None
        return said.strip()


@dataclass(slots=True)
class Pocket:
    """``receipts`` are symbols, oldest first. ``kept`` is what was written to a case that is closed, until its
    writer says whether it is done. ``told``: that the day's limit of answers is reached."""

    receipts: list[str] = field(default_factory=list)
    long: dict[str, Long] = field(default_factory=dict)
    kept: str = ""
    day: str = ""
    came: int = 0
    sent: int = 0
    told: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)

    def begin(self, day: str) -> None:
        """Count anew on another day."""
        if self.day != day:
            self.day, self.came, self.sent, self.told = day, 0, 0, False

    def add(self, receipt: str) -> None:
        """Remember a case; the oldest gives way."""
        if receipt not in self.receipts:
            self.receipts = [*self.receipts, receipt][-CASES_MAX:]

    def join(self, reference: str, n: int, of: int, text: str, key: str) -> None:
        """Put a part to the others of its message."""
        long = self.long.setdefault(f"{reference}/{of}", Long(of, self.day, key))
        long.got.setdefault(str(n), text)

    def ready(self, *, all_of_them: bool = False) -> list[Long]:
        """Take out the long messages that are whole, or that have waited for their rest since another day; the oldest
        of too many as well."""
        names = [n for n, long in self.long.items() if all_of_them or long.whole or long.day != self.day]
        names += [name for name in list(self.long)[:-LONG_MAX] if name not in names]
        return [self.long.pop(name) for name in names]


def read_pocket(plain: Mapping[str, Any]) -> Pocket:
    """What ``Pocket.plain`` gave."""
    long = {name: Long(**each) for name, each in plain["long"].items()}
    return Pocket(**{**plain, "long": long})
