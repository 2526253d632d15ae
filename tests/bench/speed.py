"""What the acts of a day cost: ``make bench`` (``python -m tests.bench.speed [N]``) writes ``docs/performance.md``.

Doors are called as WSGI programs in this process, so neither a socket nor another process is measured. Each act is
taken in turns with its floor (``floor``). The ratio of their CPU is what another machine can compare.
"""

import json
import os
import platform
import sqlite3
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from functions.crypto.seal.public_keys import Purpose
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.interface import Store
from tests.bench.acts import Act, acts
from tests.bench.calls import calls_of
from tests.bench.cpu import MS, WARM, timed, usual
from tests.bench.floor import floor_app
from tests.bench.growth import SIZES, growth
from tests.engines import aws, ministack
from tests.server import Running, running
from tests.world import JSON, World

TARGET = Path(__file__).parents[2] / "docs" / "performance.md"
CLIENTS = (1, 8, 50)
AWS = {"region_name": "ap-southeast-3", "aws_access_key_id": "invented", "aws_secret_access_key": "invented"}


class Times(NamedTuple):
    """Milliseconds of one act: usual CPU (``cpu.usual``), median wall, the 99th percentile of wall; CPU as a multiple of
    the floor, and again in a second run; how many calls it makes."""

    cpu: float
    wall: float
    late: float
    ratio: float
    again: float = 0
    calls: int = 0


def measure(act: Act, floors: dict[str, Callable[[], Any]], count: int) -> Times:
    """Take an act ``count`` times, in turns with its floor."""
    turns, found, floor = max(int(count * act.share), 1), [], []
    for n in range(turns + WARM if act.share else 1):
        given = act.prepare()
        times = timed(partial(act.do, given))
        beneath = timed(floors[act.floor]) if act.floor else (0, 0)
        if n >= WARM or not act.share:
            found.append(times)
            floor.append(beneath[0])
    cpu, wall = usual([each[0] for each in found]), median(each[1] for each in found) / MS
    late = quantiles([each[1] for each in found], n=100)[98] / MS if len(found) > 1 else wall
    calls = calls_of(partial(act.do, act.prepare())) if act.share else 0
    return Times(cpu / MS, wall, late, cpu / usual(floor) if act.floor else 0, calls=calls)


@contextmanager
def floors_in(folder: Path) -> Iterator[dict[str, Callable[[], Any]]]:
    """Lend the floors, ready to be asked."""
    world = World(folder)
    fields = world.fields()
    with closing(sqlite3.connect(folder / "floor.sqlite", isolation_level=None)) as db:
        client = floor_app(db, world.keys.public(), world.keys.private(Purpose.DESK)).test_client()
        yield {
            "write": lambda: client.post("/write", data=fields),
            "read": lambda: client.post("/read", data={"id": "own"}),
            "desk": lambda: client.post("/desk", data={"place": ""}),
        }


def twice(measured: Callable[[], dict[str, Times]]) -> dict[str, Times]:
    """Measure two times, and put the second ratio beside the first."""
    first, second = measured(), measured()
    return {name: times._replace(again=second[name].ratio) for name, times in first.items()}


def apart(found: Iterable[Times]) -> float:
    """Return by how many percent the two ratios of an act differ at most."""
    return 100 * max(abs(t.ratio - t.again) / min(t.ratio, t.again) for t in found if t.ratio and t.again)


def in_turns(count: int, store: Store | None = None) -> dict[str, Times]:
    """Return the times of each act, on a store of its own if none is given."""
    with TemporaryDirectory() as folder:
        for name in ("floor", "world"):
            (Path(folder) / name).mkdir()
        with floors_in(Path(folder) / "floor") as floors:
            return {act.name: measure(act, floors, count) for act in acts(Path(folder) / "world", store)}


def on_dynamodb(count: int) -> dict[str, Times]:
    """The same where a store of Amazon's kind answers, from a process of its own."""
    with ministack.serve(lambda _: None) as url:
        made = DynamoStore("lapor-bench", lambda name="dynamodb": aws.client(name, endpoint_url=url, **AWS))
        return in_turns(count, made)


def in_parallel(count: int) -> dict[str, Times]:
    """Reports as JSON through a running product's own address, from some clients at once; ratio is p99 to median."""
    found: dict[str, Times] = {}
    with TemporaryDirectory() as folder:
        fields = World(Path(folder) / "w").fields
        with running(Path(folder) / "p") as product:
            for clients in CLIENTS:
                walls: list[float] = []
                share = -(-count // clients)
                crowd = [
                    threading.Thread(target=_send, args=(product.url, fields, share, walls)) for _ in range(clients)
                ]
                for each in crowd:
                    each.start()
                for each in crowd:
                    each.join()
                middle, late = median(walls), quantiles(walls, n=100)[98]
                found[f"{clients} at once"] = Times(0, middle, late, late / middle)
            found["all processes, MB in memory"] = Times(memory(product), 0, 0, 0)
    return found


def _send(url: str, fields: Callable[[], dict[str, str]], count: int, walls: list[float]) -> None:
    for _ in range(count):
        body = json.dumps(fields()).encode()
        asked = urllib.request.Request(f"{url}/api/reports", body, {"Content-Type": "application/json", **JSON})
        start = time.perf_counter_ns()
        with urllib.request.urlopen(asked) as answer:
            assert answer.status == 201
        walls.append((time.perf_counter_ns() - start) / MS)


def memory(product: Running) -> float:
    """Return what a product and its children hold in memory for themselves alone, in MB (PSS)."""
    tree, total = {product.process.pid}, 0
    parents = dict(_parents())
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    for pid in tree:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _parents() -> Iterator[tuple[int, int]]:
    """Yield each process with its parent; another's may end meanwhile."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield int(path.name), int((path / "stat").read_text().rpartition(")")[2].split()[1])


def at_rest(count: int = 500) -> float:
    """Return what a report adds to the SQLite file once it is written anew, in bytes."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        file = Path(folder) / "lapor.sqlite"
        sizes = []
        for _ in range(2):
            for _ in range(count):
                world.report()
            world.store.engine.rewrite()  # type: ignore[attr-defined]
            sizes.append(file.stat().st_size)
        return (sizes[1] - sizes[0]) / count


def table(found: dict[str, Times]) -> str:
    """Return the rows of a table, act by act."""
    head = (
        "| act | CPU, ms | wall, ms | 99th, ms | calls | × floor | again |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    return head + "".join(
        f"| {name} | {t.cpu:.2f} | {t.wall:.2f} | {t.late:.2f} | {t.calls or '–'} | {_times(t.ratio)} | {_times(t.again)} |\n"
        for name, t in found.items()
    )


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio else "–"


def page(count: int) -> str:
    """Measure everything and return the page."""
    crowd = in_parallel(count)
    used = crowd.pop("all processes, MB in memory").cpu
    libraries = ", ".join(f"{name} {version(name)}" for name in ("flask", "cryptography", "boto3"))
    rows = "".join(f"| {name} | {t.wall:.1f} | {t.late:.1f} | {t.ratio:.1f} |\n" for name, t in crowd.items())
    grown = growth()
    sqlite, dynamo = twice(lambda: in_turns(count)), twice(lambda: on_dynamodb(count))
    sizes = [f"{size:,}" for size in SIZES]
    growing = "".join(
        f"| {name} | {' | '.join(f'{ms:.2f}' for ms in each.cpu.values())} | {each.exponent:.2f} |\n"
        for name, each in grown.items()
    )
    return f"""# What an act costs

`make bench` wrote this page; nothing here was typed. Each act is taken {count} times (photos and letters fewer), in turns
with its floor: a Flask route that reads a form, seals one key (X-Wing), encrypts once and writes the same bytes
in one transaction (or gets, unwraps, decrypts and renders them; for a list, twenty). `tests/bench/floor.py` is that
floor. CPU is the lower quartile: other programs on the machine make a turn slower, never faster. Times are this
machine's; the ratio is what another one can compare, and the calls (of Python and of C) move with no load.

Everything is measured twice. The ratios of both runs differ by at most {apart([*sqlite.values()]):.0f} % on SQLite, and
{apart([*dynamo.values()]):.0f} % on DynamoDB.

Machine: {os.cpu_count()} cores, {platform.machine()}, Linux {platform.release().split("-")[0]}, Python {platform.python_version()};
{libraries}. What CPU a process of its own took (cleaning a photo,
answering for DynamoDB) is in the wall alone.

## On one machine (SQLite)

{table(sqlite)}
## With DynamoDB served from a process of its own

{table(dynamo)}
## Reports as JSON, from several clients at once, through the product's own address

| clients | median, ms | 99th, ms | 99th ÷ median |
| --- | ---: | ---: | ---: |
{rows}
## Among many cases (SQLite)

CPU in milliseconds by how many cases lie on one desk. With an exponent of 0.1, ten times as many cost a quarter more.

| act | {" | ".join(sizes)} | exponent |
| --- | {" | ".join("---:" for _ in sizes)} | ---: |
{growing}
## At rest

A report adds {at_rest():,.0f} bytes to the file. All processes of `make run` hold {used:.0f} MB after these reports.
"""


def main() -> None:
    """Measure, and write the page."""
    TARGET.write_text(page(int(sys.argv[1]) if len(sys.argv) > 1 else 500))


if __name__ == "__main__":
    main()
