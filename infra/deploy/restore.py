"""A backup brought back into an empty environment of the same name and account. The KMS keys must be those of then:
``make destroy`` leaves them, and a deployment takes them up.

Any night that is still whole can be had back (``make nights`` lists them): the nights are the points in time there are.

Checked before anything is written: the manifest's signature, every part of the table and every key file by its hash,
that each file is there, the KMS keys. Files need no hash: they are sealed to their case. Cut short, the same restore
may be begun again; no other may, and none where something else stands already. What is all there is not written a
second time: people may have written since.

Tests: ``tests/cloud/test_nights.py``, ``tests/cloud/test_backup_signed.py``.
"""

import base64
import gzip
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import click
from botocore.exceptions import ClientError

from infra.deploy.backup import Backup, Item, signature
from infra.deploy.leftovers import backup_stands, keys_left_behind
from infra.deploy.manifest import COPIED, MANIFEST, NIGHTS, POOL, SIGNATURE, Manifest, manifest_of
from infra.deploy.place import Place
from infra.deploy.say import DeployError, say
from infra.deploy.stacks import Stacks

AT_A_TIME = 8
AT_ONCE = 25  # as many items as DynamoDB writes in one call
TRIES = 8
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DIGITS = 8  # of a day in a backup's name
UNDER_WAY = "restoring"  # an object in the build bucket that names the backup until its environment stands
THERE = " is there"  # behind the name, once all of it is


@dataclass(frozen=True)
class Restore:
    """Brings one backup back: that of ``name``, the last of a night such as ``2026-11-27``, or the newest.

    ``(place, url)`` is how a deployment's steps call it. ``unsigned`` accepts one that nothing proves to be ours.
    """

    name: str = ""
    unsigned: bool = False

    def __call__(self, place: Place, url: str) -> None:
        """Bring it back, into an environment that stands. Raises DeployError."""
        self.bring(place, url)
        self.finish(place)

    def check(self, place: Place) -> None:
        """Refuse what cannot be restored, before anything is made or changed. Raises DeployError."""
        folders = Backup(place).folders() if backup_stands(place) else {}
        name = self._chosen(place, list(folders))
        if Stacks(place).outputs("data"):
            self._begun(place, name)
        self._ours(place, name, folders[name])

    def finish(self, place: Place) -> None:
        """Say that nothing is left to do: from now on this environment is like any other."""
        place.client("s3").delete_object(Bucket=place.bucket("build"), Key=UNDER_WAY)

    def bring(self, place: Place, _url: str) -> None:
        """Bring it back; until ``finish`` it may be called again. Raises DeployError."""
        folders = Backup(place).folders()
        name = self._chosen(place, list(folders))
        say(f"   backup {name}")
        manifest = self._checked(place, name, folders[name])
        if self._claim(place, name):
            say("   is there already, as the restore that was cut short left it")
            return
        for what in COPIED:
            say(f"   {what}: {_copy_back(place, what, manifest.copied[what])} objects")
        table = place.client("dynamodb")
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            count = sum(pool.map(lambda part: _fill(table, place.prefix, _read(_get(place, part))), manifest.parts))
        _mark(place, name + THERE)
        say(f"   table: {count} items")

    def _chosen(self, place: Place, there: list[str]) -> str:
        if not there:
            raise DeployError(
                f"there is no whole backup in s3://{place.bucket('backup')}. A night comes back into the environment "
                "that made it, and into no other: only its keys open it, and its letters would leave twice"
            )
        wanted = self.name.replace("-", "") if DAY.fullmatch(self.name) else self.name
        found = [name for name in there if name == wanted or (len(wanted) == DIGITS and name.startswith(wanted))]
        if wanted and not found:
            raise DeployError(f"there is no whole backup {self.name}; there are: {', '.join(there)}")
        return (found or there)[-1]

    def _ours(self, place: Place, name: str, folder: str) -> Manifest:
        """Return its manifest, if it is this environment's and the KMS keys of then are there. Raises DeployError."""
        body = _get(place, f"{folder}/{MANIFEST}")
        if not hmac.compare_digest(_signature(place, folder), signature(place, name, body).encode()):
            if not self.unsigned:
                raise DeployError(
                    f"backup {name} does not bear this environment's signature: somebody else may have put it there, "
                    "with keys of their own. Nothing was restored. Where you know that it is yours: UNSIGNED=yes"
                )
            click.secho(f"   !! backup {name} is not signed: nothing proves who made it", fg="red")
        manifest = manifest_of(name, body)
        if manifest.kms != (there := keys_left_behind(place)):
            gone = ", ".join(sorted(set(manifest.kms.values()) - set(there.values()))) or "some"
            raise DeployError(
                f"backup {name} was made under other KMS keys, of which {gone} are gone or another environment's: no "
                "officer could open anything of it, only reporters could"
            )
        return manifest

    def _checked(self, place: Place, name: str, folder: str) -> Manifest:
        manifest = self._ours(place, name, folder)
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            found = zip(manifest.hashes, pool.map(lambda key: _digest(place, key), manifest.hashes), strict=True)
            for key, digest in found:
                if digest != manifest.hashes[key]:
                    raise DeployError(f"backup {name}: {key} is damaged; nothing was restored, choose another")
        if missing := sorted(manifest.objects() - _there(place, folder)):
            raise DeployError(
                f"backup {name} lacks {len(missing)} of its objects, {missing[0]} among them; nothing was restored, "
                "choose another"
            )
        return manifest

    def _claim(self, place: Place, name: str) -> bool:
        """Begin, or go on with, this restore; refuse where something else stands. Returns whether it is there."""
        begun = self._begun(place, name)
        if not begun:
            _mark(place, name)
        return begun.endswith(THERE)

    def _begun(self, place: Place, name: str) -> str:
        """Return the mark of the same restore where one was cut short, "" where nothing stands. Raises DeployError."""
        client = place.client("s3")
        try:
            mark = str(client.get_object(Bucket=place.bucket("build"), Key=UNDER_WAY)["Body"].read().decode())
        except (client.exceptions.NoSuchKey, client.exceptions.NoSuchBucket):
            mark = ""
        begun = mark.removesuffix(THERE)
        if begun not in ("", name):
            raise DeployError(f"the restore of {begun} was cut short here: go on with NIGHT={begun}, or destroy first")
        if not begun and place.client("dynamodb").scan(TableName=place.prefix, Limit=1)["Items"]:
            raise DeployError(
                f"{place.prefix} is not empty, and a restore wants an empty environment: first `make backup`, or what "
                "came since the last night is lost, then `make destroy`"
            )
        return mark


def _mark(place: Place, begun: str) -> None:
    place.client("s3").put_object(Bucket=place.bucket("build"), Key=UNDER_WAY, Body=begun.encode())


def _signature(place: Place, folder: str) -> bytes:
    """Return what signs a backup, nothing where it has none, as those of before this release."""
    try:
        return _get(place, f"{folder}/{SIGNATURE}")
    except DeployError:
        return b""


def _get(place: Place, key: str) -> bytes:
    try:
        return bytes(place.backups.get_object(Bucket=place.bucket("backup"), Key=key)["Body"].read())
    except ClientError as error:
        raise DeployError(f"the backup lacks {key} ({error.response['Error']['Code']})") from error


def _digest(place: Place, key: str) -> str:
    return hashlib.sha256(_get(place, key)).hexdigest()


def _there(place: Place, folder: str) -> frozenset[str]:
    """Every object that a backup of that folder may name."""
    prefix = POOL if folder.startswith(f"{NIGHTS}/") else folder
    pages = place.backups.get_paginator("list_objects_v2").paginate(Bucket=place.bucket("backup"), Prefix=f"{prefix}/")
    return frozenset(each["Key"] for page in pages for each in page.get("Contents", []))


def _copy_back(place: Place, what: str, wanted: Mapping[str, str]) -> int:
    client, source, target = place.client("s3"), place.bucket("backup"), place.bucket(what)

    def copy(key: str) -> None:
        client.copy_object(Bucket=target, Key=key, CopySource={"Bucket": source, "Key": wanted[key]})

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return len(list(pool.map(copy, wanted)))


def _read(part: bytes) -> list[Item]:
    return [_item(json.loads(line)) for line in gzip.decompress(part).decode().splitlines()]


def _item(read: dict[str, Any]) -> Item:
    return {name: dict(_value(value)) for name, value in read.items()}


def _value(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for kind, content in value.items():
        yield kind, base64.b64decode(content["base64"]) if kind == "B" else content


def _fill(client: Any, table: str, items: list[Item]) -> int:
    for start in range(0, len(items), AT_ONCE):
        _write(client, table, items[start : start + AT_ONCE])
    return len(items)


def _write(client: Any, table: str, items: Iterable[Item]) -> None:
    left = {table: [{"PutRequest": {"Item": item}} for item in items]}
    for _ in range(TRIES):
        left = client.batch_write_item(RequestItems=left).get("UnprocessedItems") or {}
        if not left:
            return
    raise DeployError("DynamoDB takes no more just now; begin the same restore again")
