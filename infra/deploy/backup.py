"""A backup in the environment's own bucket: the table, the sealed files, the keys' ciphertexts, and last a manifest,
without which it counts as none.

The order makes it whole: a file is durable before the event that names it is, so the files are copied after the table
was read, and the keys after both, since what is sealed to a key came after it. A case that was written to while its
items were being read is read again until its head counts as many events as there are. What is in the outbox is taken
as it is found: a letter may leave twice or not at all, and letters say only that there is news.

Everything in it is as sealed as where it came from: KMS opens the keys' ciphertexts for the functions' roles alone. A
case that was deleted is in backups until they end, after 35 days at most.
"""

import base64
import gzip
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.leftovers import keys_left_behind
from infra.deploy.place import Place
from infra.deploy.say import DeployError, say
from infra.deploy.secret import BACKUP, Secrets

PART_ITEMS = 2000
AT_A_TIME = 8
READ_AGAIN = 10
CASE = "CASE#"
HEAD = "HEAD"
EVENT = "E#"
COPIED = ("blobs", "keys")
MANIFEST, SIGNATURE = "manifest.json", "manifest.hmac"
METRIC = "Backups"

NO = {"N": "0"}

Item = dict[str, Any]


@dataclass(frozen=True)
class Backup:
    """Backs one environment up. ``now`` names the backup."""

    place: Place

    def __call__(self, now: datetime | None = None) -> str:
        """Make one; returns its name. Raises DeployError."""
        name = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
        parts, items = {}, 0
        for number, part in enumerate(self._parts(), 1):
            key, body = f"table/{number:06}.jsonl.gz", gzip.compress(_lines(part).encode(), mtime=0)
            self._put(f"{name}/{key}", body)
            parts[key] = hashlib.sha256(body).hexdigest()
            items += len(part)
        say(f"   table: {items} items")
        copied = {what: self._copy(what, name) for what in COPIED}
        keys = {f"keys/{key}": self._digest(f"{name}/keys/{key}") for key in copied["keys"]}
        manifest = {"items": items, "parts": parts, "keys": keys, "copied": copied, "kms": keys_left_behind(self.place)}
        body = json.dumps(manifest, indent=1).encode()
        self._put(f"{name}/{SIGNATURE}", signature(self.place, name, body).encode())
        self._put(f"{name}/{MANIFEST}", body)  # last: a backup is whole once it has one
        self._count()
        return name

    def names(self) -> list[str]:
        """The backups that are whole, the newest last."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.place.bucket("backup"))
        keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return sorted(key.partition("/")[0] for key in keys if key.endswith(f"/{MANIFEST}"))

    def _count(self) -> None:
        """Tell CloudWatch, whose alarm BackupMissed rings where thirty hours pass without a backup."""
        try:
            self.place.client("cloudwatch").put_metric_data(
                Namespace=self.place.prefix, MetricData=[{"MetricName": METRIC, "Value": 1}]
            )
        except (ClientError, BotoCoreError) as error:
            say(f"   CloudWatch was not told ({type(error).__name__}): BackupMissed will ring all the same")

    @property
    def _s3(self) -> Any:
        return self.place.client("s3")

    def _put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self.place.bucket("backup"), Key=key, Body=body)

    def _digest(self, key: str) -> str:
        found = self._s3.get_object(Bucket=self.place.bucket("backup"), Key=key)["Body"].read()
        return hashlib.sha256(found).hexdigest()

    def _copy(self, what: str, name: str) -> dict[str, int]:
        """Copy a bucket within S3; returns every object's size."""
        client, source, target = self._s3, self.place.bucket(what), self.place.bucket("backup")
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=source)
        found = {each["Key"]: int(each["Size"]) for page in pages for each in page.get("Contents", [])}

        def copy(key: str) -> bool:
            try:
                client.copy_object(Bucket=target, Key=f"{name}/{what}/{key}", CopySource={"Bucket": source, "Key": key})
            except client.exceptions.ClientError as error:
                if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
                    raise
                return False  # deleted meanwhile: so is its case
            return True

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            copied = dict(zip(found, pool.map(copy, found), strict=True))
        say(f"   {what}: {sum(copied.values())} objects")
        return {key: size for key, size in found.items() if copied[key]}

    def _parts(self) -> Iterator[list[Item]]:
        part: list[Item] = []
        for item in self._items():
            part.append(item)
            if len(part) == PART_ITEMS:
                yield part
                part = []
        if part:
            yield part

    def _items(self) -> Iterator[Item]:
        """Every item, those of a case fitting each other. A scan gives the items of a partition one after the other,
        so no more than one case is held at a time."""
        client = self.place.client("dynamodb")
        pages = client.get_paginator("scan").paginate(TableName=self.place.prefix, ConsistentRead=True)
        for partition, items in groupby((item for page in pages for item in page["Items"]), _partition):
            found = list(items)
            yield from self._whole(client, partition, found) if partition.startswith(CASE) else found

    def _whole(self, client: Any, case: str, items: list[Item]) -> list[Item]:
        for _ in range(READ_AGAIN):
            if is_whole(items):
                return items
            pages = client.get_paginator("query").paginate(
                TableName=self.place.prefix,
                ConsistentRead=True,
                KeyConditionExpression="PK = :case",
                ExpressionAttributeValues={":case": {"S": case}},
            )
            items = [item for page in pages for item in page["Items"]]
        raise DeployError("a case was written to again and again while it was read; try again in a quieter hour")


def signature(place: Place, name: str, manifest: bytes) -> str:
    """Return the HMAC-SHA256 of a backup's manifest and name under the environment's own secret, in hex.

    Whoever may only write into the bucket can plant no backup, and rename none.
    """
    Secrets(place).ensure(BACKUP)
    return hmac.digest(Secrets(place).read(BACKUP).encode(), f"{name}\n".encode() + manifest, "sha256").hex()


def is_whole(items: list[Item]) -> bool:
    """Whether a case's head counts the events that are there. One that is gone is whole, and of one that was deleted
    only a tombstone is left."""
    heads = [item for item in items if item["SK"]["S"] == HEAD]
    if not items:
        return True
    if not heads:
        return False
    events = sum(item["SK"]["S"].startswith(EVENT) for item in items)
    return int(heads[0].get("shredded", NO)["N"]) == 1 or int(heads[0]["version"]["N"]) == events


def _partition(item: Item) -> str:
    return str(item["PK"]["S"])


def _lines(items: list[Item]) -> str:
    return "".join(json.dumps(item, default=_as_text, sort_keys=True) + "\n" for item in items)


def _as_text(value: object) -> object:
    """DynamoDB's bytes as base64, which ``restore`` reads back."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)
