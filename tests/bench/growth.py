"""What an act costs among few cases and among many: ``make bench`` shows it, and the exponent.

The file is filled with copies of one report under invented numbers, on one desk, due after those that the desk shows. An
exponent of 0.1 means that ten times as many cases cost a quarter more.
"""

import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import shake_128
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from functions.casework.receipt import TRACKING_BYTES, tracking_id_from_bytes
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.storage.sort_keys import place, work_place
from tests.bench.acts import HTML, fine
from tests.bench.cpu import cpu_of
from tests.case_heads import changed
from tests.world import JSON, World

SIZES = (1_000, 10_000, 100_000)
SHOWN = 25  # real reports, more than a page of the desk
TURNS = 60
SEED = 19


class Growth(NamedTuple):
    """Milliseconds of one act by how many cases there are, and the exponent of the growth."""

    cpu: dict[int, float]
    exponent: float


def growth(sizes: tuple[int, ...] = SIZES, turns: int = TURNS) -> dict[str, Growth]:
    """Return the growth of report, thread and desk."""
    found: dict[str, dict[int, float]] = {}
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.seat(Reloading(world.keys, Purpose.DESK))
        own = [world.report() for _ in range(SHOWN)]
        acts = grown_acts(world, own[0])
        for size in sizes:
            fill(world, own[0]["tracking_id"], size)
            for name, act in acts.items():
                found.setdefault(name, {})[size] = cpu_of(act, turns)
    return {name: Growth(cpu, exponent(cpu)) for name, cpu in found.items()}


def grown_acts(world: World, own: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Return what is measured among more and more cases."""
    desk = world.desk_of("kutim")
    receipt = {"receipt": own["receipt"]}
    return {
        "report, JSON": lambda: fine(world.intake.post("/api/reports", json=world.fields(), headers=JSON), 201),
        "thread, JSON": lambda: fine(world.thread.post("/api/thread", json=receipt, headers=JSON)),
        "desk, page": lambda: fine(desk.client.get("/desk/", headers=HTML)),
    }


def fill(world: World, like: str, size: int) -> None:
    """Copy a case until the file holds so many, in the order of their numbers, as the shuffle would leave them."""
    head = world.store.read_head(like)
    with closing(sqlite3.connect(world.folder / "lapor.sqlite", isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        (standing,) = db.execute("SELECT count(*) FROM cases").fetchone()
        ids = sorted(set(_numbers(standing, size)))
        (case, event) = (dict(db.execute(f"SELECT * FROM {t} WHERE case_id = ?", (like,)).fetchone()) for t in TABLES)  # noqa: S608 - names of our own

        def cases() -> Iterator[tuple[Any, ...]]:
            for n, case_id in enumerate(ids):
                copy = changed(head, case_id=case_id, due=head.clock.due + timedelta(days=1 + n % 300))
                row = {"case_id": case_id, "due": copy.clock.due.isoformat()}
                yield tuple((case | row | {"place": place(copy), "work": work_place(copy)}).values())

        db.execute("BEGIN IMMEDIATE")
        db.executemany(f"INSERT INTO cases VALUES ({', '.join('?' * len(case))})", cases())  # noqa: S608 - as above
        events = (tuple((event | {"case_id": case_id}).values()) for case_id in ids)
        db.executemany(f"INSERT INTO events VALUES ({', '.join('?' * len(event))})", events)  # noqa: S608 - as above
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


TABLES = ("cases", "events")


def _numbers(first: int, last: int) -> Iterator[str]:
    for n in range(first, last):
        yield tracking_id_from_bytes(shake_128(f"{SEED} {n}".encode()).digest(TRACKING_BYTES))


def exponent(cpu: dict[int, float]) -> float:
    """Return the slope of the least-squares line through the logarithms."""
    points = [(math.log(size), math.log(ms)) for size, ms in cpu.items()]
    middle, height = (sum(each) / len(points) for each in zip(*points, strict=True))
    return sum((x - middle) * (y - height) for x, y in points) / sum((x - middle) ** 2 for x, _ in points)
