"""What the acts of a day cost: ``make bench`` (``python -m tests.bench.speed [N [CASES]]``) writes ``docs/performance.md``.

Doors are called as WSGI programs in this process, so neither a socket nor another process is measured. Each act is
taken in turns with its floor (``floor``), so often as was asked for, or for ``SECONDS``. The ratio of their CPU is what
another machine can compare.
"""

import argparse
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
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
from tests.bench.floor import floor_app, step
from tests.bench.rare_acts import frozen, rare_acts
from tests.engines import aws, ministack
from tests.evidence import say
from tests.world import World

AWS = {"region_name": "ap-southeast-3", "aws_access_key_id": "invented", "aws_secret_access_key": "invented"}
SECONDS, LEAST = 12, 8  # an act that costs much is taken for so long, but so often at least
AGAIN = 20  # so often at most a floor is taken in a turn, that it gets a tenth of what its act takes
NewStore = Callable[[str], Store | None]
Found = dict[str, "Times"]


class Times(NamedTuple):
    """Milliseconds of one act: usual CPU (``cpu.usual``), median wall, the 99th percentile of wall, the slowest of
    fewer than a hundred turns; CPU as a multiple of the floor, and again in a second run; how many calls it makes; how
    many turns there were."""

    cpu: float
    wall: float
    late: float
    ratio: float
    again: float = 0
    calls: int = 0
    turns: int = 1


def measure(act: Act, floors: dict[str, Callable[[], Any]], count: int, seconds: float = SECONDS) -> Times:
    """Take an act ``count`` times, in turns with its floor; fewer times if that takes longer than ``seconds``."""
    floor = floors.get(act.floor) if isinstance(act.floor, str) else act.floor
    found, beneath, turn = list[tuple[int, int]](), list[int](), 0
    began = time.monotonic()
    while len(found) < count and (len(found) < LEAST or time.monotonic() - began < seconds):
        times = timed(partial(act.do, act.prepare()))
        below = _below(floor, times[1]) if floor else []
        if turn >= WARM or 0 < turn >= seconds * MS * 1000 / WARM / times[1]:
            found.append(times)
            beneath += below
        turn += 1
    cpu, wall = usual([each[0] for each in found]), median(each[1] for each in found) / MS
    walls = sorted(each[1] for each in found)
    late = (quantiles(walls, n=100)[98] if len(walls) >= 100 else walls[-1]) / MS
    calls = calls_of(partial(act.do, act.prepare()))
    return Times(cpu / MS, wall, late, cpu / usual(beneath) if floor else 0, calls=calls, turns=len(found))


def _below(floor: Callable[[], Any], wall: int) -> list[int]:
    """Return the CPU of the floor in one turn: once or, beneath an act that costs much, more often."""
    first, took = timed(floor)
    return [first] + [timed(floor)[0] for _ in range(min(AGAIN, wall // took // 10))]


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
            "bulk": lambda: client.post("/bulk", data={"place": ""}),
            "step": lambda: step(db),
        }


def twice(measured: Callable[[], Found]) -> Found:
    """Measure two times, and put the second ratio beside the first."""
    first, second = measured(), measured()
    return {name: times._replace(again=second[name].ratio) for name, times in first.items()}


def apart(found: Iterable[Times]) -> float:
    """Return by how many percent the two ratios of an act differ at most."""
    differ = (abs(t.ratio - t.again) / min(t.ratio, t.again) for t in found if t.ratio and t.again)
    return 100 * max(differ, default=0)


def in_turns(count: int, new_store: NewStore = lambda _: None, *, seconds: float = SECONDS) -> Found:
    """Return the times of each act, on stores of its own if none are given."""
    with TemporaryDirectory() as folder:
        for name in ("floor", "world"):
            (Path(folder) / name).mkdir()
        found = dict[str, Times]()
        with floors_in(Path(folder) / "floor") as floors:
            for each in (acts, rare_acts):
                for act in each(Path(folder) / "world", new_store):
                    found[act.name] = _told(act, measure(act, floors, count, seconds))
        return found


def on_dynamodb(count: int, *, seconds: float = SECONDS) -> Found:
    """The same where a store of Amazon's kind answers, from a process of its own."""
    with ministack.serve(lambda _: None) as url:

        def made(name: str) -> DynamoStore:
            return DynamoStore(
                f"lapor-bench-{name}", lambda service="dynamodb": aws.client(service, endpoint_url=url, **AWS)
            )

        return in_turns(count, made, seconds=seconds)


def of_the_portal(count: int, *, seconds: float = SECONDS) -> Found:
    """The time of freezing, for which there is no store."""
    with frozen() as act:
        return {act.name: _told(act, measure(act, {}, count, seconds))}


def _told(act: Act, times: Times) -> Times:
    """Say how an act went, for who waits."""
    say(f"{act.name}: {times.cpu:.2f} ms, {times.ratio:.2f} × its floor, {times.turns} turns")
    return times


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the page."""
    from tests.bench.page import write

    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("turns", type=int, nargs="?", default=500, help="so often at most, an act that costs little")
    parser.add_argument("cases", type=int, nargs="?", default=100_000, help="among so many at most")
    wanted = parser.parse_args(arguments)
    write(wanted.turns, wanted.cases)


if __name__ == "__main__":
    main()
