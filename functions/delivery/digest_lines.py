"""What a digest says: a subject and a line for each count, in the words of a mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

LINES = {
    "decide": "{n} menunggu keputusan Anda",
    "late": "{n} terlambat",
    "today": "{n} harus dijawab hari ini",
    "fresh": "{n} baru datang",
    "wrote": "{n} dijawab atau dilengkapi pelapor",
    "mine": "{n} Anda tangani sendiri",
    "other": "{n} selesai, ditarik, atau menunggu orang lain",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """The cases that a digest tells of, by what there is to say; a case may stand under several names. ``flood`` is
    how many reports of a flood wait to be looked at."""

    NAMES: ClassVar[tuple[str, ...]] = (*LINES, "waiting")

    by_name: Mapping[str, frozenset[str]]
    flood: int = 0

    @property
    def cases(self) -> frozenset[str]:
        """All cases told of."""
        return frozenset().union(*self.by_name.values())

    @property
    def only(self) -> str:
        """The number of the case, if it is a single one; else ""."""
        return next(iter(self.cases)) if len(self.cases) == 1 and not self.flood else ""

    def of(self, name: str) -> int:
        """Return how many cases stand under a name."""
        return len(self.by_name.get(name, ()))

    def subject(self) -> str:
        """Return what the mail is about: how much waits, and how much of it is late."""
        waiting, late = self.of("waiting"), self.of("late")
        if waiting:
            return f"{waiting} laporan menunggu" + (f", {late} terlambat" if late else "")
        if self.flood:
            return f"{self.flood} laporan menunggu diperiksa"
        return f"Kabar tentang {len(self.cases)} laporan"

    def lines(self) -> str:
        """Return a line for each count that is not nought."""
        found = [says.format(n=self.of(name)) for name, says in LINES.items() if self.of(name)]
        flood = [f"{self.flood} datang beramai-ramai; periksa di kotak masuk atau di karantina"] if self.flood else []
        return "\n".join(found + flood)
