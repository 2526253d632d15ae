"""What the laws are asked of: the rows of the store as they are now, and which of them changed since the last look."""

import sqlite3
from pathlib import Path
from random import Random

from functions.casework.case import CaseHead
from functions.storage.sqlite.cases import read_row


class Looks:
    """Looks into a SQLite file by a connection of its own, which reads heads only after somebody wrote."""

    def __init__(self, file: Path, random: Random) -> None:
        """``random`` chooses what is opened: of its own, since what is looked at changes nothing."""
        self.random = random
        self.at(file)

    def at(self, file: Path) -> None:
        """Look into this file from now on; all in it is new."""
        if hasattr(self, "_db"):
            self.close()
        self.file = file
        self._db = sqlite3.connect(file, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._version, self.heads = -1, dict[str, CaseHead]()
        self._rows: dict[str, sqlite3.Row] = {}
        self.judged: set[str] = set()  # whose heads were looked at since they were acknowledged

    def close(self) -> None:
        self._db.close()

    def sql(self, statement: str) -> list[sqlite3.Row]:
        return self._db.execute(statement).fetchall()

    def changed(self) -> list[str]:
        """The numbers of the cases whose head is another than at the last look, in order. ``heads`` has all."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return []
        rows = {row["case_id"]: row for row in self.sql("SELECT * FROM cases")}
        found = sorted(case_id for case_id, row in rows.items() if row != self._rows.get(case_id))
        self.heads = {case_id: head for case_id, head in self.heads.items() if case_id in rows}
        self.heads |= {case_id: read_row(rows[case_id]) for case_id in found}
        self._version, self._rows = version, rows
        return found
