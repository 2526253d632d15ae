"""The parts of ``docs/performance.md`` that ``make bench`` writes; what stands around them is written by hand."""

import os
import platform
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from tests.bench.growth import Growth, growth
from tests.bench.products import Crowd, Held, in_parallel
from tests.bench.rest import at_rest, weights
from tests.bench.speed import LEAST, SECONDS, Found, Times, apart, in_turns, of_the_portal, on_dynamodb, twice
from tests.evidence import ROOT, put, say

PAGE = ROOT / "docs" / "performance.md"
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


def write(count: int, cases: int) -> None:
    """Measure everything, and put each part into the page as soon as it is measured."""
    began = time.monotonic()
    crowd = in_parallel(count)
    put("parallel", parallel(*crowd), PAGE)
    put("growth", growing(growth([size for size in SIZES if size <= cases])), PAGE)
    put("rest", resting(at_rest(), weights()), PAGE)
    dynamo = twice(lambda: on_dynamodb(count))
    put("dynamodb", table(dynamo), PAGE)
    sqlite = twice(lambda: in_turns(count) | of_the_portal(count))
    put("sqlite", table(sqlite), PAGE)
    minutes = (time.monotonic() - began) / 60
    put("run", told(count, minutes, sqlite, dynamo), PAGE)
    say(*told(count, minutes, sqlite, dynamo))


def told(count: int, minutes: float, sqlite: Found, dynamo: Found) -> Iterator[str]:
    """Yield how it was measured, where, and how far two runs are apart."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("flask", "cryptography", "boto3"))
    yield f"Each act was taken {count} times, or for {SECONDS} seconds but {LEAST} times at least: a column says how often. All was"
    yield f"measured twice, one run after the other; the whole took {minutes:.0f} minutes."
    yield ""
    yield "| | |"
    yield "| --- | --- |"
    for name, found in (("SQLite", sqlite), ("DynamoDB", dynamo)):
        beyond = ", ".join(act for act, times in found.items() if apart([times]) > AGREE)
        yield f"| ratios of both runs differ, {name} | by {apart(found.values()):.0f} % at most{'; beyond 15 %: ' + beyond if beyond else ''} |"
    yield f"| machine | {os.cpu_count()} cores, {_processor()}, {platform.machine()}, Linux {platform.release().split('-')[0]} |"
    yield f"| versions | Python {platform.python_version()}, {libraries} |"


AGREE = 15


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor"
    )


def table(found: Found) -> Iterator[str]:
    """Yield the rows of a table, act by act."""
    yield "| act | CPU, ms | wall, ms | 99th, ms | calls | turns | × floor | again |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, t in found.items():
        yield f"| {name} | {t.cpu:.2f} | {t.wall:.2f} | {_late(t)} | {t.calls:,} | {t.turns} | {_times(t.ratio)} | {_times(t.again)} |"


def _late(times: Times) -> str:
    """The 99th of fewer than a hundred turns is their slowest."""
    return f"{times.late:.2f}{'' if times.turns >= 100 else ' (slowest)'}"


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio else "–"


def parallel(crowd: dict[int, Crowd], before: Held, after: Held) -> Iterator[str]:
    """Yield reports from several clients at once, and the memory of all processes."""
    yield "| clients | reports | median, ms | 99th, ms | 99th ÷ median |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    for clients, each in crowd.items():
        yield f"| {clients} | {each.reports} | {each.median:.1f} | {each.late:.1f} | {each.late / each.median:.1f} |"
    yield ""
    yield "| in memory, all processes | shared counted once (PSS), MB | each time (RSS), MB | processes |"
    yield "| --- | ---: | ---: | ---: |"
    for name, held in (("at rest", before), ("after these reports", after)):
        yield f"| {name} | {held.own:.0f} | {held.seen:.0f} | {held.processes} |"


def growing(grown: dict[str, Growth]) -> Iterator[str]:
    """Yield what each act costs among more and more cases."""
    sizes: Iterable[int] = next(iter(grown.values())).cpu
    yield f"| act | {' | '.join(f'{size:,}' for size in sizes)} | exponent |"
    yield f"| --- | {' | '.join('---:' for _ in sizes)} | ---: |"
    for name, each in grown.items():
        yield f"| {name} | {' | '.join(f'{ms:.3g}' for ms in each.cpu.values())} | {each.exponent:.2f} |"


def resting(rest: dict[str, float], pages: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Yield what lies at rest of a report, and what pages weigh."""
    yield "| of a report at rest | bytes |"
    yield "| --- | ---: |"
    yield f"| **all** | **{rest['all']:,.0f}** |"
    yield from (f"| {name} | {size:,.0f} |" for name, size in rest.items() if name != "all")
    yield ""
    yield "| page | bytes | as browsers get it (Brotli) |"
    yield "| --- | ---: | ---: |"
    yield from (f"| `{name}` | {plain:,} | {packed:,} |" for name, (plain, packed) in pages.items())
