"""A backup in the environment's own bucket: the table, the sealed files, the keys' ciphertexts, and last a manifest,
without which it counts as none.

Each night has a manifest, and nights share what did not change (``pool``): a file is copied once, since its name is
written once, and a part of the table is written again only where one of its cases changed. Every night is whole by
itself: any of them can be restored.

The order makes it whole: a file is durable before the event that names it is, so the files are copied after the table
was read, and the keys after both, since what is sealed to a key came after it. A case that was written to while its
items were being read is read again until its head counts as many events as there are. What is in the outbox is taken
as it is found: a letter may leave twice or not at all, and letters say only that there is news.

Everything in it is as sealed as where it came from: KMS opens the keys' ciphertexts for the functions' roles alone. A
case that was deleted is in backups until they end, after 35 days at most.

Tests: ``tests/cloud/test_nights.py``.
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
from functools import cached_property
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.aws_errors import code_of
from infra.deploy.leftovers import keys_left_behind
from infra.deploy.manifest import MANIFEST, NIGHTS, POOL, SIGNATURE, Manifest, manifest_of
from infra.deploy.place import Place
from infra.deploy.pool import Pool
from infra.deploy.say import DeployError, say
from infra.deploy.secret import BACKUP, Secrets

PART_ITEMS = 2000  # a part ends with the case that passes it
PART_PARTITIONS = 16  # on average, by the hash of a partition's key: another case moves no other part's end
AT_A_TIME = 8
READ_AGAIN = 10
ROTATED = 3  # times that a backup is begun while keys are rotated
CASE = "CASE#"
HEAD = "HEAD"
EVENT = "E#"
METRIC = "Backups"

NO = {"N": "0"}

Item = dict[str, Any]


@dataclass(frozen=True)
class Backup:
    """Backs one environment up. ``now`` names the backup."""

    place: Place

    def __call__(self, now: datetime | None = None) -> str:
        """Make one; returns its name. Raises DeployError."""
        now = now or datetime.now(UTC)
        name, pool = now.strftime("%Y%m%d-%H%M%S"), Pool(self.place, now)
        body = next(filter(None, (self._read(pool) for _ in range(ROTATED))), b"")
        if not body:
            raise DeployError("keys are being rotated, again and again; back up once that is done")
        self._put(f"{NIGHTS}/{name}/{SIGNATURE}", signature(self.place, name, body).encode())
        self._put(f"{NIGHTS}/{name}/{MANIFEST}", body)  # last: a backup is whole once it has one
        self._count()
        return name

    def _read(self, pool: Pool) -> bytes:
        """Keep everything, and return the manifest. b"" if a key was destroyed meanwhile: what the table had under it
        would open to nobody."""
        before = self._of_bucket(self.place.bucket("keys"))
        hashes, items = self._table(pool)
        parts = tuple(hashes)
        blobs, (keys, of_keys) = self._blobs(pool), self._keys(pool)
        if before.keys() - keys.keys():
            return b""
        copied = {"blobs": blobs, "keys": keys}
        return Manifest(items, parts, copied, hashes | of_keys, keys_left_behind(self.place)).body()

    def folders(self) -> dict[str, str]:
        """The folder of each backup that is whole, by its name, the newest last."""
        whole = [key for key in self._listed(Prefix=f"{NIGHTS}/") if key.endswith(f"/{MANIFEST}")]
        found = {key.split("/")[1]: key.removesuffix(f"/{MANIFEST}") for key in whole}
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Delimiter="/")
        roots = [each["Prefix"].rstrip("/") for page in pages for each in page.get("CommonPrefixes", [])]
        older = [name for name in roots if name not in (NIGHTS, POOL)]  # of releases that shared nothing
        found |= {name: name for name in older if self._listed(Prefix=f"{name}/{MANIFEST}")}
        return dict(sorted(found.items()))

    def names(self) -> list[str]:
        """The backups that are whole, the newest last."""
        return list(self.folders())

    def manifest(self, name: str) -> Manifest:
        """What a backup holds, by its own word, whose signature only a restore checks. Raises ClientError."""
        key = f"{self.folders()[name]}/{MANIFEST}"
        return manifest_of(name, self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())

    def _count(self) -> None:
        """Tell CloudWatch, whose alarm BackupMissed rings where thirty hours pass without a backup."""
        try:
            self.place.client("cloudwatch").put_metric_data(
                Namespace=self.place.prefix, MetricData=[{"MetricName": METRIC, "Value": 1}]
            )
        except (ClientError, BotoCoreError) as error:
            say(f"   CloudWatch was not told ({code_of(error)}): BackupMissed will ring all the same")

    @cached_property
    def _client(self) -> Any:
        return self.place.backups

    @cached_property
    def _bucket(self) -> str:
        return self.place.bucket("backup")

    def _put(self, key: str, body: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body)

    def _listed(self, **which: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, **which)
        return [each["Key"] for page in pages for each in page.get("Contents", [])]

    def _table(self, pool: Pool) -> tuple[dict[str, str], int]:
        """Keep the table's parts; returns the hash of each by its object, and how many items there are."""
        hashes, items, new = {}, 0, 0
        for part in self._parts():
            body = gzip.compress(_lines(part).encode(), mtime=0)
            digest = hashlib.sha256(body).hexdigest()
            new += pool.put(name := f"{POOL}/table/{digest}.jsonl.gz", body)
            hashes[name] = digest
            items += len(part)
        say(f"   table: {items} items in {len(hashes)} parts, {new} of them written")
        return hashes, items

    def _blobs(self, pool: Pool) -> dict[str, str]:
        """Keep the sealed files, which travel within S3 alone; returns the object of each by its name."""
        source = self.place.bucket("blobs")
        found = self._of_bucket(source)

        def copy(key: str) -> bool | None:
            return pool.copy(source, key, found[key], _object(key, found[key]))

        with ThreadPoolExecutor(AT_A_TIME) as workers:
            copied = dict(zip(found, workers.map(copy, found), strict=True))
        kept = {key: _object(key, found[key]) for key, done in copied.items() if done is not None}
        say(f"   blobs: {len(kept)} objects, {sum(map(bool, copied.values()))} of them copied")
        return kept

    def _keys(self, pool: Pool) -> tuple[dict[str, str], dict[str, str]]:
        """Keep the key files; returns the object of each by its name, and the hash of each object."""
        kept, hashes, source = {}, {}, self.place.bucket("keys")
        client = self.place.client("s3")
        for key in self._of_bucket(source):
            try:
                body = client.get_object(Bucket=source, Key=key)["Body"].read()
            except client.exceptions.NoSuchKey:
                continue  # destroyed meanwhile
            digest = hashlib.sha256(body).hexdigest()
            pool.put(name := f"{POOL}/keys/{digest}", body)
            kept[key], hashes[name] = name, digest
        say(f"   keys: {len(kept)} objects")
        return kept, hashes

    def _of_bucket(self, bucket: str) -> dict[str, str]:
        """The ETag of each object of one of the office's buckets, by its key."""
        pages = self.place.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {each["Key"]: each["ETag"] for page in pages for each in page.get("Contents", [])}

    def _parts(self) -> Iterator[list[Item]]:
        """The table in parts. Where one ends follows from the keys in it: a scan's order does not change, so a part in
        which nothing changed is the same bytes as the night before."""
        part: list[Item] = []
        for partition, items in self._partitions():
            part += items
            if len(part) >= PART_ITEMS or _ends(partition):
                yield part
                part = []
        if part:
            yield part

    def _partitions(self) -> Iterator[tuple[str, list[Item]]]:
        """Every partition with its items, those of a case fitting each other. A scan gives the items of a partition one
        after the other, so no more than one case is held at a time."""
        client = self.place.client("dynamodb")
        pages = client.get_paginator("scan").paginate(TableName=self.place.prefix, ConsistentRead=True)
        for partition, items in groupby((item for page in pages for item in page["Items"]), _partition):
            found = list(items)
            yield partition, self._whole(client, partition, found) if partition.startswith(CASE) else found

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


def _object(key: str, etag: str) -> str:
    """The object that holds a file: another content of the same name is another object."""
    content = etag.strip('"')
    return f"{POOL}/blobs/{key}/{content}"


def _ends(partition: str) -> bool:
    return int.from_bytes(hashlib.sha256(partition.encode()).digest()[:4]) % PART_PARTITIONS == 0


def _partition(item: Item) -> str:
    return str(item["PK"]["S"])


def _lines(items: list[Item]) -> str:
    return "".join(json.dumps(item, default=_as_text, sort_keys=True) + "\n" for item in items)


def _as_text(value: object) -> object:
    """DynamoDB's bytes as base64, which ``restore`` reads back."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)
