"""The nation's load on a served DynamoDB engine: how far it goes, and what an order asks of it.

    python -m tests.bench.nation_served 20000 200000 --minutes 10

Heads are written as the product's own items, twenty-five a call. The engine is a program on this machine that looks
through a table in its own way, so its seconds say nothing about AWS; calls and the product's own CPU do. A size whose
heads are not written within the time is told with how far it came.
"""

import argparse
import itertools
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from functions.casework.case import CaseHead
from functions.casework.directory.registers import DIRECTORY_REGISTER, encode_directory
from functions.clock.main import make_housekeeping
from functions.config.settings import Settings, load_settings
from functions.storage.dynamodb.items import head_item
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.interface import Register, StorageError
from functions.storage.records import from_row
from tests.bench.nation_parts import FIRST, SECOND, at
from tests.bench.nation_store import codes, directory_of, rows
from tests.engines import aws, ministack

BATCH = 25
INVENTED = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "ap-southeast-3"}


def write(client: Any, table: str, heads: Iterator[CaseHead], until: float) -> int:
    """Write heads until a moment. Returns how many."""
    done = 0
    while time.monotonic() < until and (some := list(itertools.islice(heads, BATCH))):
        left = {table: [{"PutRequest": {"Item": head_item(head)}} for head in some]}
        while left:
            left = client.batch_write_item(RequestItems=left).get("UnprocessedItems")
        done += len(some)
    return done


def order(settings: Settings, code: str, day: date) -> str:
    """What one order of the clock took here."""
    at(settings, day)
    cpu, wall = time.process_time(), time.monotonic()
    try:
        make_housekeeping(settings).one(code)
    except StorageError as error:
        return f"stopped after {time.monotonic() - wall:.0f} s: {error}"
    return f"{time.process_time() - cpu:8.2f} s CPU {time.monotonic() - wall:8.1f} s"


def tried(cases: int, minutes: float, instances: int) -> None:
    """Print how far one size came."""
    with TemporaryDirectory(prefix="served-") as folder, ministack.serve() as endpoint:
        os.environ.update(INVENTED | {"AWS_ENDPOINT_URL": endpoint})
        settings = load_settings({"DATA_DIR": folder, "STORE": "dynamodb"})
        directory = directory_of(Path(folder) / "tables", instances)
        client = aws.client("dynamodb", endpoint_url=endpoint, region_name=INVENTED["AWS_DEFAULT_REGION"])
        store = DynamoStore(settings.table, lambda: client)
        store.prepare()
        store.write_registers([Register(DIRECTORY_REGISTER, 1, encode_directory(directory, ()))])
        began = time.monotonic()
        heads = (from_row(CaseHead, row) for row in rows(directory, cases, FIRST))
        done = write(client, settings.table, heads, began + 60 * minutes)
        say(f"{cases:>9,} written: {done:,} heads in {time.monotonic() - began:.0f} s")
        if done < cases:
            return
        big, ordinary, *_ = codes(directory)
        for name, code in (("an ordinary government", ordinary), ("the biggest government", big)):
            for day in (FIRST, SECOND):
                say(f"{cases:>9,} {name}, {day}: {order(settings, code, day)}")


def say(line: str) -> None:
    """Print at once."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{line} {memory:6} MB\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Try each size. Return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[20_000])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--instances", type=int, default=700)
    given = parser.parse_args(arguments)
    for size in given.sizes:
        tried(size, given.minutes, given.instances)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
