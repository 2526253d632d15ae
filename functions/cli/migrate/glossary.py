"""What another system's names are called here: a table ``kolom, tertulis, menjadi``.

``tertulis`` may be empty, for cells that are; ``*`` stands for all that no other row names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from functions.cli.letters.cells import LettersError, read_cells
from functions.cli.letters.rows import plain

COLUMNS = ("kolom", "tertulis", "menjadi")
ANY = "*"


@dataclass(frozen=True, slots=True)
class Glossary:
    """Our names by column and by what is written there."""

    names: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def ours(self, column: str, typed: str) -> str:
        """Return what was typed as it is called here, unchanged if the table does not name it."""
        return self.names.get((column, plain(typed)), self.names.get((column, ANY), typed))


def read_glossary(path: Path, columns: Iterable[str]) -> Glossary:
    """Return the table in a file. ``columns`` may stand in its first column. Raises LettersError, with row and
    column."""
    rows = enumerate(read_cells(path), start=1)
    if tuple(plain(cell) for cell in next(rows, (1, []))[1][: len(COLUMNS)]) != COLUMNS:
        raise LettersError(f"{path}: baris 1 harus berjudul {', '.join(COLUMNS)}.")
    known, names = tuple(columns), dict[tuple[str, str], str]()
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        column, written, ours = (cell.strip() for cell in [*cells, "", ""][: len(COLUMNS)])
        if column not in known:
            raise LettersError(
                f"{path}: baris {number}, kolom: “{column[:40]}” bukan salah satu dari {', '.join(known)}."
            )
        if not ours:
            raise LettersError(f"{path}: baris {number}, menjadi: isi bagian ini.")
        if (column, plain(written)) in names:
            raise LettersError(f"{path}: baris {number}, tertulis: “{written[:40]}” sudah ada di baris lain.")
        names[column, plain(written)] = ours
    return Glossary(names)


def empty_glossary(unknown: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of a table to fill in, headings first: each name once."""
    yield COLUMNS
    yield from ((column, written, "") for column, written in dict.fromkeys(unknown))
