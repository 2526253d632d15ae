"""A backup brought back into an empty environment of the same name and account. The KMS keys must be those of then:
``make destroy`` leaves them, and a deployment takes them up.

Checked before anything is written: the manifest's signature, every part of the table and every key file by its hash,
the KMS keys. Files need no hash: they are sealed to their case. Cut short, the same restore may be begun again; no
other may, and none where something else stands already. What is all there is not written a second time: people may have
written since.
"""

import base64
import gzip
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import click
from botocore.exceptions import ClientError

from infra.deploy.backup import COPIED, MANIFEST, SIGNATURE, Backup, Item, signature
from infra.deploy.leftovers import keys_left_behind
from infra.deploy.place import Place
from infra.deploy.say import DeployError, say

AT_A_TIME = 8
AT_ONCE = 25  # as many items as DynamoDB writes in one call
TRIES = 8
UNDER_WAY = "restoring"  # an object in the build bucket that names the backup until its environment stands
THERE = " is there"  # behind the name, once all of it is


@dataclass(frozen=True)
class Restore:
    """Brings one backup back, the newest where ``name`` is "". ``(place, url)`` is how a deployment's steps call it.
    ``unsigned`` accepts one that nothing proves to be ours."""

    name: str = ""
    unsigned: bool = False

    def __call__(self, place: Place, url: str) -> None:
        """Bring it back, into an environment that stands. Raises DeployError."""
        self.bring(place, url)
        self.finish(place)

    def finish(self, place: Place) -> None:
        """Say that nothing is left to do: from now on this environment is like any other."""
        place.client("s3").delete_object(Bucket=place.bucket("build"), Key=UNDER_WAY)

    def bring(self, place: Place, _url: str) -> None:
        """Bring it back; until ``finish`` it may be called again. Raises DeployError."""
        name = self._chosen(place)
        say(f"   backup {name}")
        manifest = self._checked(place, name)
        if self._claim(place, name):
            say("   is there already, as the restore that was cut short left it")
            return
        for what in COPIED:
            say(f"   {what}: {_copy_back(place, what, name, manifest['copied'][what])} objects")
        count = 0
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            for key in manifest["parts"]:
                items = _read(_get(place, f"{name}/{key}"))
                batches = [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]
                list(pool.map(lambda batch: _write(place, batch), batches))
                count += len(items)
        _mark(place, name + THERE)
        say(f"   table: {count} items")

    def _chosen(self, place: Place) -> str:
        there = Backup(place).names()
        if not there:
            raise DeployError(f"there is no whole backup in s3://{place.bucket('backup')}")
        if self.name and self.name not in there:
            raise DeployError(f"there is no whole backup {self.name}; there are: {', '.join(there)}")
        return self.name or there[-1]

    def _checked(self, place: Place, name: str) -> dict[str, Any]:
        body = _get(place, f"{name}/{MANIFEST}")
        if not hmac.compare_digest(_signature(place, name), signature(place, name, body).encode()):
            if not self.unsigned:
                raise DeployError(
                    f"backup {name} does not bear this environment's signature: somebody else may have put it there, "
                    "with keys of their own. Nothing was restored. Where you know that it is yours: UNSIGNED=yes"
                )
            click.secho(f"   !! backup {name} is not signed: nothing proves who made it", fg="red")
        manifest: dict[str, Any] = json.loads(body)
        for key, digest in (manifest["parts"] | manifest.get("keys", {})).items():
            if hashlib.sha256(_get(place, f"{name}/{key}")).hexdigest() != digest:
                raise DeployError(f"backup {name}: {key} is damaged; nothing was restored, choose another")
        if manifest["kms"] != (there := keys_left_behind(place)):
            gone = ", ".join(sorted(set(manifest["kms"].values()) - set(there.values()))) or "some"
            raise DeployError(
                f"backup {name} was made under other KMS keys, of which {gone} are gone: no officer could open "
                "anything of it, only reporters could"
            )
        return manifest

    def _claim(self, place: Place, name: str) -> bool:
        """Begin, or go on with, this restore; refuse where something else stands. Returns whether it is there."""
        client, bucket = place.client("s3"), place.bucket("build")
        try:
            begun = str(client.get_object(Bucket=bucket, Key=UNDER_WAY)["Body"].read().decode())
        except client.exceptions.NoSuchKey:
            begun = ""
        begun, there = begun.removesuffix(THERE), begun.endswith(THERE)
        if begun == name:
            return there
        if begun:
            raise DeployError(f"the restore of {begun} was cut short here: go on with FROM={begun}, or destroy first")
        if place.client("dynamodb").scan(TableName=place.prefix, Limit=1)["Items"]:
            raise DeployError(f"{place.prefix} is not empty: restore into an empty environment (`make destroy` first)")
        _mark(place, name)
        return False


def _mark(place: Place, begun: str) -> None:
    place.client("s3").put_object(Bucket=place.bucket("build"), Key=UNDER_WAY, Body=begun.encode())


def _signature(place: Place, name: str) -> bytes:
    """Return what signs a backup, nothing where it has none, as those of before this release."""
    try:
        return _get(place, f"{name}/{SIGNATURE}")
    except DeployError:
        return b""


def _get(place: Place, key: str) -> bytes:
    try:
        return bytes(place.client("s3").get_object(Bucket=place.bucket("backup"), Key=key)["Body"].read())
    except ClientError as error:
        raise DeployError(f"the backup lacks {key} ({error.response['Error']['Code']})") from error


def _copy_back(place: Place, what: str, name: str, wanted: Iterable[str]) -> int:
    client, source, target = place.client("s3"), place.bucket("backup"), place.bucket(what)

    def copy(key: str) -> None:
        client.copy_object(Bucket=target, Key=key, CopySource={"Bucket": source, "Key": f"{name}/{what}/{key}"})

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return len(list(pool.map(copy, wanted)))


def _read(part: bytes) -> list[Item]:
    return [_item(json.loads(line)) for line in gzip.decompress(part).decode().splitlines()]


def _item(read: dict[str, Any]) -> Item:
    return {name: dict(_value(value)) for name, value in read.items()}


def _value(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for kind, content in value.items():
        yield kind, base64.b64decode(content["base64"]) if kind == "B" else content


def _write(place: Place, items: Iterable[Item]) -> None:
    client = place.client("dynamodb")
    left = {place.prefix: [{"PutRequest": {"Item": item}} for item in items]}
    for _ in range(TRIES):
        left = client.batch_write_item(RequestItems=left).get("UnprocessedItems") or {}
        if not left:
            return
    raise DeployError("DynamoDB takes no more just now; begin the same restore again")
