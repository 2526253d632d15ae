"""Nights of backups share what did not change, each can be had back, and none outlives the promise. AWS is moto's: what is
asked here is what is written and read, not who may."""

import base64
import gzip
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import botocore.client
import pytest
from click.testing import CliRunner
from moto import mock_aws

from infra.deploy.__main__ import cli
from infra.deploy.backup import Backup, signature
from infra.deploy.place import Place
from infra.deploy.restore import Restore
from infra.deploy.say import DeployError
from tests.cloud.stacks import made, of_type

REGION, CASES, FILES = "ap-southeast-3", 200, 9
NIGHT = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def place_in(region: str = "", lock: int = 0) -> Place:
    return Place("uji", REGION, {"backup_region": region, "backup_lock_days": lock})


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An office with two hundred cases and nine files, in an empty account."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "uji")
    with mock_aws():
        found = place_in()
        make(found)
        put(found, *range(CASES))
        files = found.client("s3")
        for number in range(FILES):
            key, body = f"kasus-{number:04}/{number:032x}", f"segel {number}".encode()
            files.put_object(Bucket=found.bucket("blobs"), Key=key, Body=body)
        upload(found, "keys", "public.json", "{}")
        yield found


def make(place: Place, *whats: str) -> None:
    for what in whats or ("blobs", "keys", "build", "backup"):
        bucket = place.bucket(what)
        place.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        place.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    names = ("PK", "SK")
    place.client("dynamodb").create_table(
        TableName=place.prefix,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    )


def put(place: Place, *numbers: int, events: int = 1) -> None:
    """Cases with a head that counts their events, and their sealed words."""
    with boto3.resource("dynamodb", region_name=REGION).Table(place.prefix).batch_writer() as batch:
        for number in numbers:
            case = f"CASE#kasus-{number:04}"
            for event in range(1, events + 1):
                batch.put_item({"PK": case, "SK": f"E#{event:06}", "sealed": f"segel {number} {event}".encode()})
            batch.put_item({"PK": case, "SK": "HEAD", "version": events})


def upload(place: Place, what: str, key: str, body: str) -> None:
    place.client("s3").put_object(Bucket=place.bucket(what), Key=key, Body=body.encode())


def state(place: Place) -> dict[str, Any]:
    """Everything that an office stores, to be compared."""
    pages = place.client("dynamodb").get_paginator("scan").paginate(TableName=place.prefix)
    found: dict[str, Any] = {f"{item['PK']['S']} {item['SK']['S']}": item for page in pages for item in page["Items"]}
    for what in ("blobs", "keys"):
        client = place.client("s3")
        get = lambda key: client.get_object(Bucket=place.bucket(what), Key=key)["Body"].read()  # noqa: B023, E731
        found |= {f"{what} {key}": get(key) for key in keys(place, what)}
    return found


def keys(place: Place, what: str, prefix: str = "") -> list[str]:
    pages = place.client("s3").get_paginator("list_objects_v2").paginate(Bucket=place.bucket(what), Prefix=prefix)
    return [each["Key"] for page in pages for each in page.get("Contents", [])]


def read(place: Place, what: str, key: str) -> bytes:
    return bytes(place.client("s3").get_object(Bucket=place.bucket(what), Key=key)["Body"].read())


def writes(place: Place) -> Counter[str]:
    """How often each object of the backups was written, every version counted."""
    pages = place.client("s3").get_paginator("list_object_versions").paginate(Bucket=place.bucket("backup"))
    return Counter(each["Key"] for page in pages for each in page.get("Versions", []))


def empty(place: Place) -> Place:
    """The environment after `destroy` and the first steps of `restore`: all gone but the backups."""
    place.client("dynamodb").delete_table(TableName=place.prefix)
    for what in ("blobs", "keys", "build"):
        bucket = boto3.resource("s3", region_name=REGION).Bucket(place.bucket(what))
        bucket.object_versions.delete()
        bucket.delete()
    make(place, "blobs", "keys", "build")
    return place


def test_a_night_writes_what_changed_since_the_night_before_and_each_night_comes_back(place: Place) -> None:
    first = Backup(place)(NIGHT)
    once, before = writes(place), state(place)
    assert sum(once.values()) > FILES
    put(place, 7, events=2)
    upload(place, "blobs", "kasus-0007/baru", "segel baru")
    place.client("s3").delete_object(Bucket=place.bucket("blobs"), Key=f"kasus-0003/{3:032x}")
    second = Backup(place)(NIGHT + DAY)
    twice, after = writes(place), state(place)
    # A part of the table, a file, the night's manifest and its signature.
    assert sum((twice - once).values()) == 4
    third = Backup(place)(NIGHT + 2 * DAY)
    assert sum((writes(place) - twice).values()) == 2
    assert Backup(place).names() == [first, second, third]
    for name, wanted in ((first, before), (second, after), (third, after)):
        Restore(name)(empty(place), "")
        assert state(place) == wanted


@pytest.mark.parametrize("times", [1, 99])
def test_a_night_holds_no_case_whose_key_was_destroyed_while_it_was_made(
    place: Place, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The table is read first: what a rotation wraps anew after that would open to nobody once it came back."""
    upload(place, "keys", "desk/kutim/0", "kunci")
    honest, rotated = Backup._blobs, [0]

    def meanwhile(backup: Backup, pool: Any) -> dict[str, str]:
        if rotated[0] < times:
            place.client("s3").delete_object(Bucket=place.bucket("keys"), Key=f"desk/kutim/{rotated[0]}")
            rotated[0] += 1
            upload(place, "keys", f"desk/kutim/{rotated[0]}", "kunci")
            put(place, 7, events=rotated[0] + 1)
        return honest(backup, pool)

    monkeypatch.setattr(Backup, "_blobs", meanwhile)
    if times > 1:
        with pytest.raises(DeployError, match="keys are being rotated"):
            Backup(place)(NIGHT)
        assert Backup(place).names() == []
        return
    name, wanted = Backup(place)(NIGHT), state(place)
    Restore(name)(empty(place), "")
    assert state(place) == wanted


def test_what_a_night_still_wants_is_written_again_within_its_week_and_what_none_wants_ends(place: Place) -> None:
    """S3 ends an object 33 days after it was last written, and its older version a day later, by the midnight after."""
    Backup(place)(NIGHT)
    once = writes(place)
    gone = f"kasus-0003/{3:032x}"
    Backup(place)(NIGHT + 6 * DAY)
    assert sum((writes(place) - once).values()) == 2
    place.client("s3").delete_object(Bucket=place.bucket("blobs"), Key=gone)
    place.client("dynamodb").delete_item(
        TableName=place.prefix, Key={"PK": {"S": "CASE#kasus-0003"}, "SK": {"S": "HEAD"}}
    )
    place.client("dynamodb").delete_item(
        TableName=place.prefix, Key={"PK": {"S": "CASE#kasus-0003"}, "SK": {"S": "E#000001"}}
    )
    Backup(place)(NIGHT + 8 * DAY)
    shared = {key: count for key, count in writes(place).items() if not key.startswith("nights/")}
    left = {key for key, count in shared.items() if count == 1}
    assert [key for key in left if "/blobs/" in key] == [f"pool/blobs/{gone}/{etag(f'segel {3}')}"]
    assert [key for key in left if "/keys/" in key] == []
    old, new = (key for key in left if "/table/" in key)  # the part with the case, and the one in its place
    assert any(b"kasus-0003" in gzip.decompress(read(place, "backup", key)) for key in (old, new))


def etag(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_a_night_ends_before_what_it_names() -> None:
    from infra.deploy.pool import NIGHT_DAYS, RENEWED_AFTER

    for name, logical in (("data", "Backup"), ("vault", "Vault")):
        rules = of_type(made(name, BackupLockDays="0"), "AWS::S3::Bucket")[logical]["LifecycleConfiguration"]["Rules"]
        (night,) = [rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "nights/"]
        (whole,) = [rule for rule in rules if "NoncurrentVersionExpiration" in rule]
        assert night == NIGHT_DAYS < whole["ExpirationInDays"] - RENEWED_AFTER.days
        assert whole["ExpirationInDays"] + whole["NoncurrentVersionExpiration"]["NoncurrentDays"] + 1 == 35


def test_a_night_of_which_something_ended_is_refused_before_anything_is_written(place: Place) -> None:
    Backup(place)(NIGHT)
    lost = keys(place, "backup", "pool/blobs/kasus-0008/")[0]
    place.client("s3").delete_object(Bucket=place.bucket("backup"), Key=lost)
    with pytest.raises(DeployError, match="lacks 1 of its objects, pool/blobs/kasus-0008/"):
        Restore()(empty(place), "")
    assert state(place) == {}


def test_a_file_that_was_written_over_is_another_object_and_the_night_before_has_the_old_one(place: Place) -> None:
    name, key = Backup(place)(NIGHT), f"kasus-0005/{5:032x}"
    upload(place, "blobs", key, "diganti")
    Backup(place)(NIGHT + DAY)
    Restore(name)(empty(place), "")
    assert read(place, "blobs", key) == b"segel 5"


def test_a_night_is_named_by_its_day_and_the_nights_are_listed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.deploy.__main__.place_of", lambda _: place)
    noon = NIGHT.replace(hour=1)
    early, late, other = (Backup(place)(at) for at in (noon, noon + timedelta(hours=2), noon + DAY))
    listed = CliRunner().invoke(cli, ["nights", "uji"])
    assert [line.split()[0] for line in listed.output.splitlines()] == [early, late, other]
    assert f"{CASES * 2} items, {FILES} files" in listed.output
    folders = list(Backup(place).folders())
    assert Restore(f"{noon:%Y-%m-%d}")._chosen(place, folders) == late
    with pytest.raises(DeployError, match=f"no whole backup 1999-01-01; there are: {early}"):
        Restore("1999-01-01")._chosen(place, folders)


def test_a_backup_of_a_release_before_comes_back(place: Place) -> None:
    """As releases up to 0.1.0 wrote it: a folder of its own, with a copy of everything."""
    wanted, name = state(place), "20261120-190000"
    items = place.client("dynamodb").scan(TableName=place.prefix)["Items"]
    text = lambda value: {"base64": base64.b64encode(value).decode()}  # noqa: E731
    part = gzip.compress("".join(json.dumps(item, default=text) + "\n" for item in items).encode())
    objects = {f"blobs/{key}": read(place, "blobs", key) for key in keys(place, "blobs")}
    objects |= {"keys/public.json": b"{}", "table/000001.jsonl.gz": part}
    digest = lambda key: hashlib.sha256(objects[key]).hexdigest()  # noqa: E731
    manifest = {
        "items": len(items),
        "parts": {"table/000001.jsonl.gz": digest("table/000001.jsonl.gz")},
        "keys": {"keys/public.json": digest("keys/public.json")},
        "copied": {"blobs": dict.fromkeys(keys(place, "blobs"), 1), "keys": {"public.json": 2}},
        "kms": {},
    }
    body = json.dumps(manifest).encode()
    objects |= {"manifest.json": body, "manifest.hmac": signature(place, name, body).encode()}
    for key, content in objects.items():
        place.client("s3").put_object(Bucket=place.bucket("backup"), Key=f"{name}/{key}", Body=content)
    assert Backup(place).names() == [name]
    Restore("2026-11-20")(empty(place), "")
    assert state(place) == wanted


def test_another_region_and_a_lock_that_nobody_opens(place: Place) -> None:
    away = place_in("ap-southeast-1", lock=7)
    bucket = of_type(made("vault", BackupLockDays="7"), "AWS::S3::Bucket")["Vault"]
    assert away.bucket("backup") == f"lapor-uji-vault-ap-southeast-1-{away.account}"
    assert bucket["BucketName"] == f"lapor-uji-vault-{REGION}-000000000000"  # as made in the stack's region
    client = away.backups
    client.create_bucket(
        Bucket=away.bucket("backup"),
        CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"},
        ObjectLockEnabledForBucket=bucket["ObjectLockEnabled"],
    )
    lock = {**bucket["ObjectLockConfiguration"]}
    retention = lock["Rule"]["DefaultRetention"]
    lock["Rule"] = {"DefaultRetention": {**retention, "Days": int(retention["Days"])}}
    client.put_object_lock_configuration(Bucket=away.bucket("backup"), ObjectLockConfiguration=lock)
    # moto asks of a copy what S3 asks of an upload into a locked bucket.
    asked = lambda request, **_: request.headers.add_header("x-amz-sdk-checksum-algorithm", "SHA256")  # noqa: E731
    client.meta.events.register("before-sign.s3.CopyObject", asked)
    wanted = state(place)
    Backup(away)(NIGHT)
    assert keys(place, "backup") == []
    (manifest,) = client.list_object_versions(Bucket=away.bucket("backup"), Prefix="nights/")["Versions"][-1:]
    which = {"Bucket": away.bucket("backup"), "Key": manifest["Key"], "VersionId": manifest["VersionId"]}
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        client.delete_object(**which, BypassGovernanceRetention=True)
    empty(place)
    Restore()(away, "")
    assert state(place) == wanted
    assert "ObjectLockEnabled" not in of_type(made("vault", BackupLockDays="0"), "AWS::S3::Bucket")["Vault"]


def test_a_restore_asks_aws_no_more_often_than_the_recovery_time_is_calculated_with(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/operations.md: a call for each file, one for each 25 items, and for each part of the table one beside its
    check."""
    Backup(place)(NIGHT)
    empty(place)
    asked: Counter[str] = Counter()
    real = botocore.client.BaseClient._make_api_call

    def counted(self: Any, operation: str, arguments: Any) -> Any:
        asked[operation] += 1
        return real(self, operation, arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", counted)
    Restore()(place, "")
    parts = len(keys(place, "backup", "pool/table/"))
    assert parts > 5
    assert asked["CopyObject"] == FILES + 1
    assert asked["BatchWriteItem"] <= math.ceil(CASES * 2 / 25) + parts
    assert asked["GetObject"] <= 2 * parts + 4
    assert sum(asked.values()) <= FILES + CASES * 2 / 25 + 3 * parts + 20
