"""Slow, heavy and many connections to the product as it runs: whoever comes beside them is served, and memory stays."""

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.lines import head, line_to
from tests.server import Client, Running, running
from tests.whole.started import fields

MIB = 1024 * 1024
TRIES = 20
GROWN_BYTES = 96 * MIB  # twice what bodies may take


def port_of(product: Running) -> int:
    return urlsplit(product.url).port or 0


def resident(pid: int) -> int:
    """What a process has in memory, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024


def answered(product: Running) -> int:
    """How many of a few honest reports get their receipt."""
    got = 0
    for _ in range(TRIES):
        with suppress(OSError, http.client.HTTPException):
            got += bool(Client(product.url).post("/api/reports", fields(), 201)["receipt"])
    return got


@pytest.fixture(scope="module")
def product(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all of these: what one flood leaves behind is there when the next one comes."""
    with running(shutil.copytree(ready, tmp_path_factory.mktemp("floods") / "data")) as product:
        yield product


@pytest.fixture(scope="module")
def calm(product: Running) -> int:
    """What its process has in memory before the first flood, in bytes."""
    assert answered(product) == TRIES
    return resident(product.process.pid)


@pytest.mark.long
@pytest.mark.parametrize("count", [110, 700])
def test_slow_connections_close_no_door(product: Running, calm: int, count: int) -> None:
    with ExitStack() as slow:
        port = port_of(product)
        for _ in range(count):
            slow.enter_context(line_to(port, b"P"))
        assert answered(product) == TRIES


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "length"), [("/api/reports", 15 * MIB), ("/api/thread/files", 6 * MIB), ("/api/reports", MIB)]
)
def test_half_sent_bodies_do_not_fill_the_memory(product: Running, calm: int, path: str, length: int) -> None:
    with ExitStack() as slow:
        for _ in range(40):
            slow.enter_context(line_to(port_of(product), head(path, length), b"x" * (length - 1)))
        assert answered(product) == TRIES
        grown = resident(product.process.pid) - calm
        assert grown < GROWN_BYTES


@pytest.mark.parametrize(
    ("accept", "kind"), [("text/html", "text/html"), ("application/json", "application/problem+json")]
)
def test_who_sends_too_much_reads_so_in_our_words(product: Running, accept: str, kind: str) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port_of(product), timeout=30)
    line.request("POST", "/api/reports", b"x" * (MIB + 1), {"Accept": accept, "Content-Type": "text/plain"})
    answer = line.getresponse()
    said = answer.read().decode()
    line.close()
    assert (answer.status, answer.headers.get_content_type()) == (413, kind)
    assert answer.headers["Retry-After"] is None
    assert "masih ada di sana" in (json.loads(said)["detail"] if "json" in kind else said)
