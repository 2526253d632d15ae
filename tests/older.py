"""A SQLite file of this release turned into one of an older release."""

import sqlite3
from contextlib import closing
from pathlib import Path

from functions.storage.sqlite import schema


def added(step: tuple[str, ...]) -> list[tuple[str, str]]:
    """Table and name of the columns that a step adds."""
    return [
        (words[2], words[5]) for words in (statement.split() for statement in step) if words[3:5] == ["ADD", "COLUMN"]
    ]


def made_older(path: Path, version: int) -> None:
    """Turn a file of this release into one of an older release, by taking away what came since."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in reversed(schema.STEPS[version:]):
            for statement in reversed(step):
                words = statement.split()
                if words[0] == "CREATE":
                    kind, name = ("INDEX", words[3]) if words[1] == "UNIQUE" else (words[1], words[2])
                    db.execute(f"DROP {kind} IF EXISTS {name}")  # a table may have taken another's name since
            for table, column in added(step):
                db.execute(f'ALTER TABLE {table} DROP COLUMN "{column}"')
        dropped = [s.split()[2] for step in schema.STEPS[version:] for s in step if s.startswith("DROP INDEX")]
        for statement in (s for step in schema.STEPS[:version] for s in step):
            if statement.split()[:3] == ["CREATE", "UNIQUE", "INDEX"] and statement.split()[3] in dropped:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")
