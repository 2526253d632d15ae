"""What lies at rest of a report and where, and what the portal's pages weigh."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.rare_acts import SITE
from tests.world import World

PAGES = ("index.html", "lapor/index.html", "lacak/index.html", "masuk/index.html", "privasi/index.html")
PARTS = {  # of a report by its columns; the rest of its rows is the head's
    "the words, sealed and padded": ("events", "sealed"),
    "the case key for the desk (X-Wing)": ("cases", "wrap_desk"),
    "the case key for the receipt": ("cases", "wrap_receipt"),
    "the subject, sealed and padded": ("cases", "subject"),
}
SIZE = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE"


def at_rest(count: int = 500) -> dict[str, float]:
    """Return what a report adds to the SQLite file once it is written anew, in bytes: ``all``, and by what it is. Where
    SQLite was built without ``dbstat``, indexes and empty space are one."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        found = []
        for _ in range(2):
            for _ in range(count):
                world.report()
            world.store.engine.rewrite()  # type: ignore[attr-defined]
            found.append(_sizes(Path(folder) / "lapor.sqlite"))
        return {name: (size - found[0].get(name, 0)) / count for name, size in found[1].items()}


def _sizes(file: Path) -> dict[str, float]:
    with closing(sqlite3.connect(file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {table: [row[1] for row in db.execute(f"PRAGMA table_info({table})")] for table in tables}

        def length(table: str, *names: str) -> float:
            added = " + ".join(f'coalesce(length(CAST("{name}" AS BLOB)), 0)' for name in names)
            return float(db.execute(f"SELECT coalesce(sum({added}), 0) FROM {table}").fetchone()[0])  # noqa: S608 - names of our own

        found: dict[str, float] = {"all": file.stat().st_size}
        found |= {name: length(*place) for name, place in PARTS.items()}
        whole = sum(length(table, *names) for table, names in columns.items())
        found["the rest of head, event and notice"] = whole - sum(found[name] for name in PARTS)
        try:
            (indexes,) = db.execute(
                "SELECT coalesce(sum(payload), 0) FROM dbstat WHERE aggregate = TRUE AND name IN "
                "(SELECT name FROM sqlite_master WHERE type = 'index')"
            ).fetchone()
            found["indexes"] = indexes
        except sqlite3.OperationalError:
            indexes = 0
        found["pages: what is empty, and what SQLite notes"] = found["all"] - whole - indexes
        return found


def weights() -> dict[str, tuple[int, int]]:
    """Return what pages of the demonstration's portal weigh, in bytes: as written, and as a browser gets them (Brotli)."""
    sys.path.insert(0, str(SITE))  # as in ``rare_acts``
    from freeze import freeze
    from portal import create_app

    with TemporaryDirectory() as folder:
        freeze(create_app(), Path(folder))
        sys.path.remove(str(SITE))
        return {f"/{name.removesuffix('index.html')}": _weight(Path(folder) / name) for name in PAGES}


def _weight(path: Path) -> tuple[int, int]:
    packed: Any = path.with_name(f"{path.name}.br")
    return path.stat().st_size, packed.stat().st_size
