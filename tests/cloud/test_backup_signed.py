"""A backup in the cloud says by a secret of its environment that it is its own; another is not restored in silence."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.deploy.backup import METRIC, Backup
from infra.deploy.place import Place, place_of
from infra.deploy.restore import Restore
from infra.deploy.say import DeployError
from infra.deploy.secret import KEPT, Secrets
from tests.engines import ministack

PUBLIC = b'{"keys": {}, "current": []}'


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with ministack.serve() as url:
        yield url


@pytest.fixture
def place(engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An environment with a table of one item and one key file, and nothing else."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.setenv(name, engine if name == "AWS_ENDPOINT_URL" else "0" * 12)
    place = place_of("emulated")
    s3, dynamodb = place.client("s3"), place.client("dynamodb")
    for what in ("blobs", "keys", "build", "backup"):
        s3.create_bucket(Bucket=place.bucket(what), CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"})
    names = [{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")]
    schema = [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}]
    dynamodb.create_table(
        TableName=place.prefix, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=names, KeySchema=schema
    )
    dynamodb.put_item(TableName=place.prefix, Item={"PK": {"S": "REGISTER#x"}, "SK": {"S": "HEAD"}})
    s3.put_object(Bucket=place.bucket("keys"), Key="public.json", Body=PUBLIC)
    yield place
    for what in ("blobs", "keys", "build", "backup"):
        for each in s3.list_objects_v2(Bucket=place.bucket(what)).get("Contents", []):
            s3.delete_object(Bucket=place.bucket(what), Key=each["Key"])
        s3.delete_bucket(Bucket=place.bucket(what))
    dynamodb.delete_table(TableName=place.prefix)


def emptied(place: Place) -> Place:
    """The environment after `destroy` and the first steps of `restore`."""
    place.client("dynamodb").delete_item(TableName=place.prefix, Key={"PK": {"S": "REGISTER#x"}, "SK": {"S": "HEAD"}})
    place.client("s3").delete_object(Bucket=place.bucket("keys"), Key="public.json")
    return place


def items(place: Place) -> list[Any]:
    found: list[Any] = place.client("dynamodb").scan(TableName=place.prefix)["Items"]
    return found


def keys(place: Place) -> list[str]:
    found = place.client("s3").list_objects_v2(Bucket=place.bucket("keys")).get("Contents", [])
    return [each["Key"] for each in found]


def plant(place: Place, name: str, key: str, body: bytes) -> None:
    place.client("s3").put_object(Bucket=place.bucket("backup"), Key=f"{name}/{key}", Body=body)


def taken(place: Place, key: str) -> bytes:
    return bytes(place.client("s3").get_object(Bucket=place.bucket("backup"), Key=key)["Body"].read())


def test_our_own_comes_back_and_the_alarm_of_a_missed_night_heard_of_it(place: Place) -> None:
    Backup(place)()
    told = place.client("cloudwatch").list_metrics(Namespace=place.prefix)["Metrics"]
    assert [(each["MetricName"], each["Dimensions"]) for each in told] == [(METRIC, [])]
    Restore()(emptied(place), "")
    assert len(items(place)) == 1
    assert keys(place) == ["public.json"]


def test_what_tells_a_backup_outlives_its_environment() -> None:
    assert "backup-secret" in KEPT


@pytest.mark.parametrize("what", ["pool/keys/", "pool/table/"])
def test_who_writes_into_the_bucket_alone_cannot_put_keys_or_cases_of_theirs(place: Place, what: str) -> None:
    Backup(place)()
    (there,) = place.client("s3").list_objects_v2(Bucket=place.bucket("backup"), Prefix=what)["Contents"]
    plant(place, *there["Key"].rsplit("/", 1), b'{"keys": {"attacker": ""}}')
    with pytest.raises(DeployError, match="damaged"):
        Restore()(emptied(place), "")
    assert (items(place), keys(place)) == ([], [])


def test_a_manifest_of_theirs_is_refused_and_an_older_backup_under_a_newer_name_too(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    name = Backup(place)()
    night = f"nights/{name}"
    manifest = json.loads(taken(place, f"{night}/manifest.json"))
    plant(place, night, "manifest.json", json.dumps({**manifest, "hashes": {}}).encode())
    with pytest.raises(DeployError, match="UNSIGNED=yes"):
        Restore()(emptied(place), "")
    for key in ("manifest.hmac", "manifest.json"):
        plant(place, "nights/29990101-000000", key, taken(place, f"{night}/{key}"))
    with pytest.raises(DeployError, match="29990101-000000 does not bear"):
        Restore()(place, "")
    assert (items(place), keys(place)) == ([], [])
    Restore(name, unsigned=True)(place, "")
    assert f"!! backup {name} is not signed" in capsys.readouterr().out
    assert keys(place) == ["public.json"]


def test_a_backup_of_a_release_before_is_restored_where_it_is_asked_for(place: Place) -> None:
    name = Backup(place)()
    place.client("s3").delete_object(Bucket=place.bucket("backup"), Key=f"nights/{name}/manifest.hmac")
    with pytest.raises(DeployError, match="signature"):
        Restore()(emptied(place), "")
    Restore(unsigned=True)(place, "")
    assert len(items(place)) == 1


def test_what_was_cut_short_after_the_table_is_gone_on_with_and_nothing_is_written_twice(place: Place) -> None:
    Backup(place)()
    again = Restore()
    again.bring(emptied(place), "")
    since = {"PK": {"S": "REGISTER#x"}, "SK": {"S": "HEAD"}, "since": {"S": "then"}}
    place.client("dynamodb").put_item(TableName=place.prefix, Item=since)
    again.bring(place, "")
    assert items(place) == [since]
    again.finish(place)
    with pytest.raises(DeployError, match="is not empty"):
        again.bring(place, "")


def test_a_secret_made_anew_knows_no_older_backup(place: Place) -> None:
    Backup(place)()
    Secrets(place).remove("backup-secret")
    with pytest.raises(DeployError, match="signature"):
        Restore()(emptied(place), "")
