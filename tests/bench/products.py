"""What a running product does with several clients at once, and what it holds in memory."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench.cpu import MS
from tests.server import Running, running
from tests.world import JSON, World

CLIENTS = (1, 8, 50)


class Crowd(NamedTuple):
    """Milliseconds of a report for so many clients at once: median and 99th percentile of wall, and how many reports."""

    median: float
    late: float
    reports: int


class Held(NamedTuple):
    """MB in memory: ``own`` counts what processes share once (PSS), ``seen`` each time (RSS); and how many processes."""

    own: float
    seen: float
    processes: int


def in_parallel(count: int) -> tuple[dict[int, Crowd], Held, Held]:
    """Send reports as JSON through a product's own address. Returns the times by how many clients there were at once,
    and what all processes held before and after."""
    found: dict[int, Crowd] = {}
    with TemporaryDirectory() as folder:
        fields = World(Path(folder) / "w").fields
        with running(Path(folder) / "p") as product:
            before = memory(product)
            for clients in CLIENTS:
                walls: list[float] = []
                share = -(-count // clients)
                crowd = [
                    threading.Thread(target=send, args=(product.url, fields, share, walls)) for _ in range(clients)
                ]
                for each in crowd:
                    each.start()
                for each in crowd:
                    each.join()
                assert len(walls) == share * clients, "somebody was refused"
                found[clients] = Crowd(median(walls), quantiles(walls, n=100)[98], len(walls))
            return found, before, memory(product)


def send(url: str, fields: Callable[[], dict[str, str]], count: int, walls: list[float]) -> None:
    """Send so many reports, and note how long each took."""
    for _ in range(count):
        body = json.dumps(fields()).encode()
        asked = urllib.request.Request(f"{url}/api/reports", body, {"Content-Type": "application/json", **JSON})
        start = time.perf_counter_ns()
        with urllib.request.urlopen(asked) as answer:
            assert answer.status == 201
            answer.read()
        walls.append((time.perf_counter_ns() - start) / MS)


def memory(product: Running) -> Held:
    """Return what a product and its children hold."""
    pids = family(product.process.pid)
    lines = [Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() for pid in pids]
    own, seen = (
        sum(int(line.split()[1]) for each in lines for line in each if line.startswith(name))
        for name in ("Pss:", "Rss:")
    )
    return Held(own / 1024, seen / 1024, len(pids))


def family(first: int) -> set[int]:
    """Return a process and all that came of it."""
    tree, parents = {first}, dict(_parents())
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return tree


def cpu_seconds(pids: set[int]) -> float:
    """Return the CPU that processes took so far, and those of their children that have ended."""
    fields = [(Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(tick) for each in fields for tick in each[11:15]) / 100


def _parents() -> Iterator[tuple[int, int]]:
    """Yield each process with its parent; another's may end meanwhile."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield int(path.name), int((path / "stat").read_text().rpartition(")")[2].split()[1])
