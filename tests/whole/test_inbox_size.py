"""An officer's desk costs the same at 1, 100 and 1,000 cases (10,000 and a million in ``make test-deep``): so many
questions to the store, so many rows, keys and bytes."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from functions.casework.case import CaseHead
from functions.crypto.seal.public_keys import Purpose
from functions.storage.sqlite.store import SqliteStore
from tests.depth import deep
from tests.room import fast_folder
from tests.world import World

HTML = {"Accept": "text/html"}
SIZES = deep((1, 100, 10_000, 1_000_000), (1, 100, 1_000))
UNIT, COORDINATOR = "kutim-dpupr", "kutim"
REAL = 25  # more than a page: only the first ones are ever opened
WORDS = "Jalan poros rusak parah. Lubangnya sedalam lutut, sudah tiga motor jatuh minggu ini."
PATHS = ("/desk/", "/desk/?view=late", "/desk/?view=all", "/desk/?view=new&sort=topic", "/desk/?q=jalan")
# Copies of a case do not open, since the seal binds its number: they only have to be passed.
COPY = """WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)
    INSERT INTO cases ({names}) SELECT {values} FROM numbers, (SELECT * FROM cases WHERE case_id = :pattern)"""
COPIED = {
    "case_id": "printf('%04d-%04d-AAAA', n / 10000, n % 10000)",
    "due": "date(due, '+' || (60 + n % 40) || ' days')",
    "place": "'0#' || date(due, '+' || (60 + n % 40) || ' days') || '#' || lower(hex(randomblob(12)))",
    "work": "'n#' || date(due, '+' || (60 + n % 40) || ' days') || '#' || lower(hex(randomblob(12)))",
    "wrap_desk": "x''",
    "wrap_receipt": "x''",
}


class Cost(NamedTuple):
    asked: Counter[str]
    given: int
    opened: int
    size: int


class Counted(SqliteStore):
    """A store that counts what it is asked, and how many rows it gives."""

    def reset(self) -> None:
        self.asked: Counter[str] = Counter()
        self.given = 0

    def page(self, *args: Any, **kwargs: Any) -> Any:
        self.asked["page"] += 1
        page = super().page(*args, **kwargs)
        self.given += len(page.heads)
        return page

    def read_case(self, case_id: str) -> Any:
        self.asked["case"] += 1
        return super().read_case(case_id)

    def read_head(self, case_id: str) -> Any:
        self.asked["head"] += 1
        return super().read_head(case_id)


def count_openings(world: World) -> list[str]:
    """The cases whose key the desk opens from now on, in order: opening is what costs."""
    private, opened = world.keys.private(Purpose.DESK), []

    class Watched:
        keys = private.keys

        def knows(self, instance: str, key_id: str) -> bool:
            return private.knows(instance, key_id)

        def open_case(self, head: CaseHead) -> bytes:
            opened.append(head.case_id)
            return private.open_case(head)

    object.__setattr__(world.cases, "desk_keys", Watched)
    return opened


def copies(path: Path, pattern: str, first: int, last: int) -> None:
    """So many cases more, as the one of this number but due later."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript("PRAGMA cache_size = -1000000; PRAGMA synchronous = OFF")  # a million in a minute
        names = [row[1] for row in db.execute("PRAGMA table_info(cases)")]
        values = ", ".join(COPIED.get(name, f'"{name}"') for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        db.execute(
            COPY.format(names=quoted, values=values), {"first": first, "last": last, "pattern": pattern}
        )  # the tables' own names


@pytest.fixture(scope="module")
def seen() -> Iterator[dict[tuple[int, str, str], Cost]]:
    """What each page costs at each size, for a unit and for its coordinator."""
    folder = fast_folder()
    store = Counted(folder / "lapor.sqlite")
    store.reset()
    world = World(folder, store)
    sorting = world.desk_of(COORDINATOR)
    patterns: dict[str, str] = {}
    found: dict[tuple[int, str, str], Cost] = {}
    made = 0
    for size in SIZES:
        for _ in range(min(REAL, size) - min(REAL, made)):
            for agency in (COORDINATOR, UNIT):
                patterns[agency] = world.report(topic="jalan", subject="Jalan rusak", body=WORDS)["tracking_id"]
            handed = {"agency": UNIT, "reason": "Kewenangan dinas."}
            assert sorting.post(f"/desk/cases/{patterns[UNIT]}/handover", handed).status_code == 200
        for n, agency in enumerate((COORDINATOR, UNIT)):
            if size > REAL:
                copies(store.engine.path, patterns[agency], n * 5_000_000 + max(made, REAL) + 1, n * 5_000_000 + size)
        made = size
        opened = count_openings(world)
        for agency in (COORDINATOR, UNIT):
            desk = world.desk_of(agency)
            for path in PATHS:
                store.reset()
                opened.clear()
                page = desk.client.get(path, headers=HTML)
                assert page.status_code == 200
                twice = Counter(opened).most_common(1)
                assert "q=" in path or not twice or twice[0][1] == 1, "a case's key was opened twice for one page"
                found[size, agency, path] = Cost(Counter(store.asked), store.given, len(opened), len(page.data))
    yield found
    shutil.rmtree(folder)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("agency", [UNIT, COORDINATOR])
def test_a_page_asks_the_same_however_many_wait(seen: dict[tuple[int, str, str], Cost], agency: str, path: str) -> None:
    hundred, *more = (seen[size, agency, path] for size in SIZES[1:])
    for many in more:
        assert many.asked["case"] == hundred.asked["case"]
        # Of just a hundred, none is left that would say that there are more than a search looks at.
        assert abs(many.asked["page"] - hundred.asked["page"]) <= 1
        assert abs(many.given - hundred.given) <= 1
        assert many.opened == hundred.opened
        assert abs(many.size - hundred.size) < 2_000  # other words in the same twenty lines
        # Each view is counted to one more than a page; a search or a sorting looks at a hundred.
        assert many.asked["page"] <= 17
        assert many.asked["case"] <= 20
        assert many.given <= 7 * 21 + 100
        assert many.size < 40_000
    assert seen[1, agency, path].asked["page"] <= hundred.asked["page"] + 6
