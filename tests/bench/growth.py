"""What an act costs among few cases and among many: ``make bench`` shows it, and the exponent.

The file is filled with copies of one report under invented numbers, on one desk, due after those that the desk shows. An
exponent of 0.1 means that ten times as many cases cost a quarter more. For the clock, twenty cases are late among all
that are not due for months, and what is told is the cost of each step; for an edition all cases ended in its year, and
what is told is the cost of each.
"""

import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from hashlib import shake_128
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from functions.casework.barometer.months import month_end
from functions.casework.case import CaseHead, Outcome
from functions.casework.receipt import TRACKING_BYTES, tracking_id_from_bytes
from functions.casework.stages import Stage
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.storage.records import to_row
from functions.storage.sort_keys import place, work_place
from tests.bench.acts import HTML, fine
from tests.bench.cpu import MS, cpu_of, timed, usual
from tests.bench.rare_acts import MONTH, edition, others_late, tick
from tests.case_heads import changed
from tests.evidence import say
from tests.world import JSON, World

SIZES = (1_000, 10_000, 100_000)
SHOWN = 25  # real reports, more than a page of the desk
TURNS = 60
FEWER, LEAST = 6, 1  # a turn of the clock takes twenty steps; an edition of 100,000 cases 20 seconds
SEED = 19
TOPICS, UNITS = ("jalan", "lampu-jalan", "lainnya"), ("kutim", "kutim-dpupr", "kutim-dinkes")


class Growth(NamedTuple):
    """Milliseconds of one act by how many cases there are, and the exponent of the growth."""

    cpu: dict[int, float]
    exponent: float


def growth(
    sizes: Sequence[int] = SIZES, turns: int = TURNS, parts: Sequence[str] = ("doors", "clock", "edition")
) -> dict[str, Growth]:
    """Return the growth of report, thread and desk (``doors``), of the clock and of an edition."""
    found: dict[str, dict[int, float]] = {}
    measured = {"doors": _of_doors, "clock": _of_clock, "edition": _of_edition}
    for part in parts:
        with TemporaryDirectory() as folder:
            for size, name, ms in measured[part](World(Path(folder)), sizes, turns):
                found.setdefault(name, {})[size] = ms
                say(f"{name} among {size:,}: {ms:.2f} ms")
    return {name: Growth(cpu, exponent(cpu)) for name, cpu in found.items()}


Measured = Iterator[tuple[int, str, float]]  # among how many cases, what, milliseconds of CPU


def _of_doors(world: World, sizes: Sequence[int], turns: int) -> Measured:
    world.seat(Reloading(world.keys, Purpose.DESK))
    own = [world.report() for _ in range(SHOWN)]
    acts = grown_acts(world, own[0])
    for size in sizes:
        fill(world, own[0]["tracking_id"], size)
        for name, act in acts.items():
            yield size, name, cpu_of(act, turns)


def _of_clock(world: World, sizes: Sequence[int], turns: int) -> Measured:
    like = world.report()["tracking_id"]
    for size in sizes:
        fill(world, like, size, not_due)
        taken = []
        for _ in range(max(turns // FEWER, 1) + 1):
            others_late(world)
            taken.append(timed(lambda: tick(world))[0])
        yield size, "clock, each step of twenty late cases", usual(taken[1:]) / MS


def _of_edition(world: World, sizes: Sequence[int], turns: int) -> Measured:
    """Its own twelve months have all of them, so that it counts as many as there are."""
    like, random = world.report()["tracking_id"], Random(SEED)  # noqa: S311 - of invented cases
    for size in sizes:
        fill(world, like, size, lambda _, head: ended(random, head))
        often = max(turns // FEWER * sizes[0] // size, LEAST)
        yield (
            size,
            "edition, each case of its year",
            cpu_of(lambda: edition(world.store) and None, often, warm=1) / size,
        )


def ended(random: Random, head: CaseHead) -> dict[str, Any]:
    """Return the facts of a case that was answered and confirmed within the edition's year."""
    received = month_end(MONTH) - timedelta(days=random.randrange(90, 300))
    closed = received + timedelta(days=random.randrange(60))
    facts = {"received_on": received, "due": closed, "closed_on": closed, "closed_due": closed, "handed_on": received}
    facts |= {"stage": Stage.SELESAI, "outcome": Outcome.DIJELASKAN, "confirmed": True, "answered_on": received}
    return facts | {"topic": random.choice(TOPICS), "holder": random.choice(UNITS)}


def grown_acts(world: World, own: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Return what is measured among more and more cases."""
    desk = world.desk_of("kutim")
    receipt = {"receipt": own["receipt"]}
    return {
        "report, JSON": lambda: fine(world.intake.post("/api/reports", json=world.fields(), headers=JSON), 201),
        "thread, JSON": lambda: fine(world.thread.post("/api/thread", json=receipt, headers=JSON)),
        "desk, page": lambda: fine(desk.client.get("/desk/", headers=HTML)),
    }


def not_due(n: int, head: CaseHead) -> dict[str, Any]:
    """Return what a copy differs in that the clock leaves alone for months."""
    return {"due": head.clock.due + timedelta(days=100 + n % 300)}


def next_to_show(n: int, head: CaseHead) -> dict[str, Any]:
    """Return what a copy differs in that comes after those that the desk shows."""
    return {"due": head.clock.due + timedelta(days=1 + n % 300)}


def fill(world: World, like: str, size: int, facts: Callable[[int, CaseHead], dict[str, Any]] = next_to_show) -> None:
    """Copy a case until the file holds so many, in the order of their numbers, as the shuffle would leave them. ``facts``
    says what a copy, by its number and the case, differs in."""
    head = world.store.read_head(like)
    with closing(sqlite3.connect(world.folder / "lapor.sqlite", isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        (standing,) = db.execute("SELECT count(*) FROM cases").fetchone()
        ids = sorted(set(_numbers(standing, size)))
        (case, event) = (dict(db.execute(f"SELECT * FROM {t} WHERE case_id = ?", (like,)).fetchone()) for t in TABLES)  # noqa: S608 - names of our own

        def cases() -> Iterator[tuple[Any, ...]]:
            for n, case_id in enumerate(ids):
                own = facts(n, head) | {"case_id": case_id}
                copy = changed(head, **own)
                row = {name: each for name, each in to_row(copy).items() if name in own}
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
