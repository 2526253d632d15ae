"""How much a restore brings back, counted on an office of known size: ``python -m tests.cloud.drill CASES``.

Its cases are copies of one that lived through an ordinary life on the product, with as many photos as
``infra/economy/prices.py`` assumes. AWS is moto's; so what counts are calls, bytes and write units, and the seconds are
this machine's, of which AWS has none but its own.
"""

import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import botocore.client
from moto import mock_aws

from functions.storage.dynamodb.store import DynamoStore
from functions.storage.dynamodb.table import INDEXES
from infra.deploy.backup import Backup
from infra.deploy.place import Place
from infra.deploy.restore import AT_ONCE, Restore
from infra.economy.prices import LIFE, PHOTO_BYTES
from tests.bench.meter import WRITE_BYTES, size
from tests.cloud.test_nights import REGION, empty, make
from tests.world import World

THOUSAND = 1000
Item = dict[str, Any]


@dataclass
class Drill:
    """What a restore took, all in all. ``units`` are write units of the table and its indexes."""

    cases: int
    calls: Counter[str] = field(default_factory=Counter)
    items: int = 0
    units: int = 0
    copied: int = 0
    read: int = 0
    seconds: float = 0.0

    def writes(self) -> int:
        """The calls that write, which are nearly all that there are more of where there are more cases."""
        return self.calls["BatchWriteItem"] + self.calls["CopyObject"]

    def row(self) -> tuple[int, ...]:
        """Of a thousand cases: calls that write, items, write units, MB of files copied, MB of parts read."""
        share = THOUSAND / self.cases
        counts = self.writes(), self.items, self.units, self.copied / 1e6, self.read / 1e6
        return tuple(round(count * share) for count in counts)


def ordinary_life(folder: Path, place: Place) -> str:
    """One case from report to verdict, in the table of ``place``; returns its id."""
    world = World(folder, DynamoStore(place.prefix, lambda: place.client("dynamodb")))
    sent = world.report()
    receipt, path = {"receipt": sent["receipt"]}, f"/desk/cases/{sent['tracking_id']}"
    world.run_courier()
    coordinator = world.desk_of("kutim")
    coordinator.post(f"{path}/handover", {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."})
    unit = world.desk_of("kutim-dpupr")
    unit.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": token_hex(8)})
    world.post("/api/thread/messages", receipt | {"body": "Terima kasih.", "message_key": token_hex(8)})
    unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Sudah diganti."})
    done = world.post("/api/thread/verdict", receipt | {"verdict": "selesai", "rating": 5})
    assert done.get_json()["stage"] == "selesai"
    return str(sent["tracking_id"])


def fill(place: Place, case: str, cases: int) -> None:
    """The other cases, as copies of one, and their photos."""
    client = place.client("dynamodb")
    found = client.query(
        TableName=place.prefix,
        KeyConditionExpression="PK = :pk",
        ExpressionAttributeValues={":pk": {"S": f"CASE#{case}"}},
    )["Items"]
    copies = [{**item, "PK": {"S": f"CASE#{n:04}-AAAA-AAAA"}} for n in range(cases - 1) for item in found]
    for start in range(0, len(copies), AT_ONCE):
        puts = [{"PutRequest": {"Item": item}} for item in copies[start : start + AT_ONCE]]
        client.batch_write_item(RequestItems={place.prefix: puts})
    for n in range(round(cases * LIFE["photo"])):
        name = f"{n:04}-AAAA-AAAA/{n:032x}"
        place.client("s3").put_object(Bucket=place.bucket("blobs"), Key=name, Body=bytes(PHOTO_BYTES))
    place.client("s3").put_object(Bucket=place.bucket("keys"), Key="public.json", Body=b"{}")


def units(item: Item) -> int:
    """Write units of one item: in the table, and in each index that shows it."""
    shown = sum(all(name in item for name in names) for names in INDEXES.values())
    return math.ceil(size(item) / WRITE_BYTES) * (1 + shown)


@contextmanager
def counting(drill: Drill) -> Iterator[None]:
    """Count what is asked of AWS meanwhile."""
    real = botocore.client.BaseClient._make_api_call

    def counted(self: Any, operation: str, arguments: Any) -> Any:
        drill.calls[operation] += 1
        answer = real(self, operation, arguments)
        if operation == "BatchWriteItem":
            written = [put["PutRequest"]["Item"] for puts in arguments["RequestItems"].values() for put in puts]
            drill.items += len(written)
            drill.units += sum(map(units, written))
        drill.read += answer.get("ContentLength", 0) if operation == "GetObject" else 0
        drill.copied += PHOTO_BYTES if operation == "CopyObject" and "/blobs/" in str(arguments["CopySource"]) else 0
        return answer

    botocore.client.BaseClient._make_api_call = counted
    try:
        yield
    finally:
        botocore.client.BaseClient._make_api_call = real


def drilled(cases: int, folder: Path) -> Drill:
    """An office of so many cases, backed up, destroyed and restored. Call it within ``mock_aws``."""
    place, drill = Place("uji", REGION), Drill(cases)
    make(place)
    fill(place, ordinary_life(folder, place), cases)
    Backup(place)()
    empty(place)
    began = time.perf_counter()
    with counting(drill):
        Restore()(place, "")
    drill.seconds = time.perf_counter() - began
    return drill


def main() -> None:
    cases = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, mock_aws():
        drill = drilled(cases, Path(folder))
    sys.stdout.write(f"{drill.row()} of a thousand cases; {drill.seconds:.1f} s for {cases} on this machine\n")


if __name__ == "__main__":
    main()
