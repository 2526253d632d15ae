"""What a report costs Hush Line and us, in one run: ``make bench-peers`` (``python -m tests.bench.peers [CLONE [N]]``) writes
it into ``docs/performance.md``.

Both run as their own offices do, and are sent the same words over HTTP, in turns. Counted is the CPU of all their
processes, the database's too. Where Hush Line cannot be had, one line says why, and nothing is written. Ends with 0.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench.acts import HIDDEN
from tests.bench.hushline import VERSION, Browser, UnavailableError, database, environment, served, source, submit
from tests.bench.page import PAGE
from tests.bench.products import cpu_seconds, family, send
from tests.evidence import put, say
from tests.server import Running, running
from tests.world import WORDS, World

BATCH, WARM, TURNS = 10, 10, 200


class Peer(NamedTuple):
    """Somebody to whom reports are sent: ``send`` sends one, ``processes`` are those whose CPU counts, by what they are."""

    name: str
    send: Callable[[], object]
    processes: dict[str, int]


class Cost(NamedTuple):
    """Of a report: milliseconds of CPU by what spent it, median and 99th percentile of wall."""

    cpu: dict[str, float]
    median: float
    late: float


def measure(peers: list[Peer], count: int) -> dict[str, Cost]:
    """Send reports to each in turns, some at a time, since the kernel counts CPU in hundredths of a second."""
    spent: dict[str, dict[str, float]] = {peer.name: dict.fromkeys(peer.processes, 0.0) for peer in peers}
    walls: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for peer in peers:
        for _ in range(WARM):
            peer.send()
    for _ in range(count // BATCH):
        for peer in peers:
            before = {name: cpu_seconds(family(pid)) for name, pid in peer.processes.items()}
            for _ in range(BATCH):
                began = time.perf_counter()
                peer.send()
                walls[peer.name].append(1000 * (time.perf_counter() - began))
            for name, pid in peer.processes.items():
                spent[peer.name][name] += cpu_seconds(family(pid)) - before[name]
    return {
        name: Cost(
            {what: 1000 * seconds / len(walls[name]) for what, seconds in each.items()},
            median(walls[name]),
            sorted(walls[name])[len(walls[name]) * 99 // 100],
        )
        for name, each in spent.items()
    }


def by_form(product: Running, fields: dict[str, str]) -> None:
    """Send a report to us without script, as a person does: the form, the check page, the receipt."""
    browser = Browser()
    browser.ask(f"{product.url}/lapor/")
    typed = {name: value for name, value in fields.items() if name != "submission_key"}
    page = browser.ask(f"{product.url}/api/reports", typed)
    receipt = browser.ask(f"{product.url}/api/reports", {name: unescape(value) for name, value in HIDDEN.findall(page)})
    assert "/lacak/" in receipt, re.sub(r"<[^>]+>|\s+", " ", receipt)[:2000]


def table(found: dict[str, Cost], count: int) -> Iterator[str]:
    """Yield the part of the page."""
    yield f"Hush Line {VERSION} and ours in one run on this machine, {count} reports each, ten at a time in turns."
    yield ""
    yield "| a report | CPU, ms | of which | median of wall, ms | 99th, ms |"
    yield "| --- | ---: | --- | ---: | ---: |"
    for name, cost in found.items():
        parts = ", ".join(f"{what} {ms:.1f}" for what, ms in cost.cpu.items())
        yield f"| {name} | {sum(cost.cpu.values()):.1f} | {parts} | {cost.median:.1f} | {cost.late:.1f} |"


def main(clone: str = "", count: str = str(TURNS)) -> int:
    """Measure and write. Returns the exit status."""
    try:
        code = source(clone)
        programs = environment(code)
        with (
            TemporaryDirectory() as folder,
            database() as (uri, its_database),
            served(code.resolve(), programs, uri) as (url, its),
            running(Path(folder) / "p") as product,
        ):
            fields = World(Path(folder) / "w").fields
            theirs = {"gunicorn": its, "PostgreSQL": its_database}
            ours = {"all processes, letters too": product.process.pid}
            peers = [
                Peer("Hush Line, as a form", lambda: submit(url, WORDS), theirs),
                Peer("ours, as a form", lambda: by_form(product, fields()), ours),
                Peer("ours, as JSON", lambda: send(product.url, fields, 1, []), ours),
            ]
            lines = [*table(measure(peers, int(count)), int(count))]
    except UnavailableError as error:
        say(f"bench-peers: Hush Line {VERSION} cannot be measured here: {error}")
        return 0
    say(*lines)
    put("peers", lines, PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
