"""The bucket of keys: what is asked of AWS and how often, what opens where, and two ops at once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from functions.config.settings import SettingsError, load_settings
from functions.crypto.errors import KeyringError, KeysUnavailableError, SealError
from functions.crypto.open.private.choose import open_keys
from functions.crypto.open.private.key_files import PrivateKeyFiles
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.ops.key_issuer import KeyIssuer
from functions.crypto.seal.key_files import PublicKeyFile
from functions.crypto.seal.public_bucket import LOOK_SECONDS, STALE_SECONDS
from functions.crypto.seal.public_keys import Purpose, decode_public
from functions.crypto.seal.public_store import open_public_keys
from tests.crypto.buckets import BUCKET, PREFIX, Cloud

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with mock_aws():
        cloud = Cloud()
        cloud.prepare()
        yield cloud


@pytest.fixture
def made(cloud: Cloud) -> dict[Purpose, str]:
    """One key for each purpose; what it cost is not counted."""
    press = cloud.press()
    ids = dict(zip(Purpose, press.generate_all((purpose, "kutim") for purpose in Purpose), strict=True))
    cloud.calls.clear()
    return ids


def test_public_keys_are_read_once_a_minute_and_only_where_they_changed(cloud: Cloud, made: dict[Purpose, str]) -> None:
    keys = cloud.public()
    first = keys.public()
    assert keys.public() is first
    assert cloud.calls == ["GetObject"]
    cloud.seconds += LOOK_SECONDS
    assert keys.public() is first  # S3 said "not modified"
    assert cloud.calls == ["GetObject"] * 2
    mark = keys.mark()
    cloud.press().generate(Purpose.DESK, "kutim")
    cloud.seconds += LOOK_SECONDS
    cloud.calls.clear()
    assert keys.public().current_id(Purpose.DESK, "kutim") != made[Purpose.DESK]
    assert keys.mark() != mark
    assert cloud.calls == ["GetObject"]
    cloud.seconds -= 3600  # the clock was set back
    keys.public()
    assert cloud.calls == ["GetObject"] * 2


def test_a_private_key_is_fetched_when_it_is_needed_and_once(cloud: Cloud, made: dict[Purpose, str]) -> None:
    reader = cloud.reader()
    keys = Reloading(reader, Purpose.DESK)
    assert reader.missing([Purpose.DESK], ["kutim"]) == []
    private = keys()
    assert cloud.calls == ["GetObject"]
    _, envelope = reader.public().seal(Purpose.DESK, "kutim", "kasus", b"kunci")
    for _ in range(3):
        assert private.open("kutim", "kasus", envelope) == b"kunci"
    assert cloud.calls == ["GetObject", "GetObject", "Decrypt"]


def test_a_key_made_a_moment_ago_opens_at_once(cloud: Cloud, made: dict[Purpose, str]) -> None:
    """Another process may have sealed to it, which looked later: to the desk such a case must not seem to be one that
    nothing opens."""
    keys = Reloading(cloud.reader(), Purpose.DESK)
    keys()
    cloud.press().generate(Purpose.DESK, "kutim")
    key_id, envelope = cloud.public().public().seal(Purpose.DESK, "kutim", "kasus", b"kunci")
    assert keys().open("kutim", "kasus", envelope) == b"kunci"
    assert keys().knows("kutim", key_id)


def test_after_a_rotation_no_old_key_stays_in_memory(cloud: Cloud, made: dict[Purpose, str]) -> None:
    keys = Reloading(cloud.reader(), Purpose.DESK)
    old = keys()
    old.key("kutim", made[Purpose.DESK])
    cloud.press().generate(Purpose.DESK, "kutim")
    cloud.seconds += LOOK_SECONDS
    assert keys() is not old
    assert keys().keys == {}


def test_while_s3_is_away_known_keys_count_for_a_minute_more_and_no_longer(
    cloud: Cloud, made: dict[Purpose, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, fresh = cloud.public(), cloud.public()
    first = keys.public()
    away(monkeypatch, keys.s3.client)
    cloud.seconds += STALE_SECONDS - 1
    assert keys.public() is first
    cloud.seconds += 1
    with pytest.raises(KeysUnavailableError, match="SlowDown"):
        keys.public()
    away(monkeypatch, fresh.s3.client)
    with pytest.raises(KeysUnavailableError):
        fresh.public()
    with pytest.raises(KeysUnavailableError):
        keys.read_now()


@pytest.mark.parametrize("service", ["s3", "kms"])
def test_a_private_key_that_cannot_be_had_just_now_is_not_taken_for_one_that_is_gone(
    cloud: Cloud, made: dict[Purpose, str], monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    reader = cloud.reader()
    private = reader.private(Purpose.DESK)
    reader.public()
    away(monkeypatch, getattr(reader, service).client)
    with pytest.raises(KeysUnavailableError):
        private.key("kutim", made[Purpose.DESK])
    with pytest.raises(KeysUnavailableError):
        private.knows("kutim", made[Purpose.DESK])


def test_what_the_role_may_not_read_is_told(
    cloud: Cloud, made: dict[Purpose, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = cloud.reader()
    reader.public()
    away(monkeypatch, reader.s3.client, "AccessDenied")
    with pytest.raises(KeyringError, match=r"AccessDenied.*the role may not") as caught:
        reader.private(Purpose.DESK).key("kutim", made[Purpose.DESK])
    assert not isinstance(caught.value, KeysUnavailableError)


@pytest.mark.parametrize("where", ["identity/kutim", "desk/kukar"])
def test_a_key_carried_to_another_place_does_not_open_there(cloud: Cloud, made: dict[Purpose, str], where: str) -> None:
    """KMS is told purpose and instance, and compares."""
    s3 = cloud.client("s3")
    source, key_id = f"desk/kutim/{made[Purpose.DESK]}", made[Purpose.DESK]
    s3.put_object(Bucket=BUCKET, Key=f"{where}/{key_id}", Body=s3.get_object(Bucket=BUCKET, Key=source)["Body"].read())
    purpose, _, instance = where.partition("/")
    with pytest.raises(KeyringError):
        cloud.reader().private(Purpose(purpose)).key(instance, key_id)


def test_nothing_lies_in_the_bucket_in_clear(cloud: Cloud, made: dict[Purpose, str]) -> None:
    reader, s3 = cloud.reader(), cloud.client("s3")
    for purpose, key_id in made.items():
        stored = s3.get_object(Bucket=BUCKET, Key=f"{purpose}/kutim/{key_id}")["Body"].read()
        raw = reader.private(purpose).key("kutim", key_id)
        assert raw not in stored
        assert raw[:16] not in stored
    assert set(cloud.versions()) == {"public.json", *(f"{p}/kutim/{made[p]}" for p in Purpose)}


def test_destroying_leaves_no_version_of_a_key(cloud: Cloud, made: dict[Purpose, str]) -> None:
    press, old = cloud.press(), made[Purpose.DESK]
    cloud.client("s3").delete_object(Bucket=BUCKET, Key=f"desk/kutim/{old}")  # by hand: a marker, and the old version
    press.generate(Purpose.DESK, "kutim")
    assert len(cloud.versions(f"desk/kutim/{old}")) == 2
    press.destroy(Purpose.DESK, "kutim", old)
    assert cloud.versions(f"desk/kutim/{old}") == []


def test_destroying_cut_short_is_finished_by_the_next_rotation(
    cloud: Cloud, made: dict[Purpose, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    press, old = cloud.press(), made[Purpose.DESK]
    new = press.generate(Purpose.DESK, "kutim")
    with monkeypatch.context() as patch:
        patch.setattr(press.s3.client, "get_paginator", killed)
        with pytest.raises(KeyboardInterrupt):
            press.destroy(Purpose.DESK, "kutim", old)
    assert not cloud.reader().private(Purpose.DESK).knows("kutim", old)
    assert press.private_ids(Purpose.DESK, "kutim") == sorted([old, new])
    press.destroy(Purpose.DESK, "kutim", old)
    assert press.private_ids(Purpose.DESK, "kutim") == [new]


def test_two_ops_at_once_lose_no_key(cloud: Cloud, made: dict[Purpose, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The one publishes between the other's reading and writing."""
    slow, quick = cloud.press(), cloud.press()
    honest, beside = slow._put_public, []

    def overtaken(content: bytes, condition: dict[str, str]) -> bool:
        if not beside:
            beside.append(quick.generate(Purpose.DESK, "kukar"))
        return honest(content, condition)

    monkeypatch.setattr(slow, "_put_public", overtaken)
    own = slow.generate(Purpose.DESK, "bontang")
    public = cloud.public().public()
    assert public.current_id(Purpose.DESK, "kukar") == beside[0]
    assert public.current_id(Purpose.DESK, "bontang") == own
    assert public.current_id(Purpose.DESK, "kutim") == made[Purpose.DESK]


def test_the_first_two_to_publish_lose_no_key_either(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, quick = cloud.press(), cloud.press()
    honest, beside = slow._now, []

    def overtaken() -> Any:
        found = honest()
        if not beside:
            beside.append(quick.generate(Purpose.DESK, "kukar"))
        return found

    monkeypatch.setattr(slow, "_now", overtaken)
    slow.generate(Purpose.DESK, "kutim")
    assert {instance for _, instance in cloud.public().public().current} == {"kutim", "kukar"}


def test_who_is_overtaken_again_and_again_gives_up_aloud(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    press = cloud.press()
    monkeypatch.setattr(press, "_put_public", lambda *_: False)
    with pytest.raises(KeysUnavailableError, match="being changed by others"):
        press.generate(Purpose.DESK, "kutim")


def test_many_keys_are_published_after_the_first_and_then_by_fifties(cloud: Cloud) -> None:
    cloud.press().generate_all((Purpose.LINKS, f"kab-{n}") for n in range(101))
    assert cloud.versions().count("public.json") == 3
    stored = cloud.client("s3").get_object(Bucket=BUCKET, Key="public.json")["Body"].read()
    assert len(decode_public(stored, "").current) == 101


def test_a_making_cut_short_is_taken_up_where_it_ended(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed with a private key put and not published."""
    press = cloud.press()
    with monkeypatch.context() as patch:
        patch.setattr(KeyIssuer, "_publish", killed)
        with pytest.raises(KeyboardInterrupt):
            press.generate(Purpose.DESK, "kutim")
    press.check_existing()
    assert press.missing([Purpose.DESK], ["kutim"]) == [(Purpose.DESK, "kutim")]
    assert press.generate(Purpose.DESK, "kutim") in press.private_ids(Purpose.DESK, "kutim")


def test_ops_never_ask_to_decrypt(cloud: Cloud, made: dict[Purpose, str]) -> None:
    press = cloud.press()
    press.generate(Purpose.DESK, "kutim")
    press.destroy(Purpose.DESK, "kutim", made[Purpose.DESK])
    press.check(Purpose.IDENTITY, "kutim", made[Purpose.IDENTITY])
    press.missing(Purpose, ["kutim"])
    assert "Decrypt" not in cloud.calls
    assert "Encrypt" in cloud.calls


def test_settings_choose_and_load_no_more_than_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = load_settings({"DATA_DIR": str(tmp_path)})
    assert isinstance(open_key_maker(files), KeyDirectory)
    assert type(open_keys(files)) is PrivateKeyFiles
    assert type(open_public_keys(files)) is PublicKeyFile
    bucket = load_settings({"DATA_DIR": str(tmp_path), "KEYS": f"s3://{BUCKET}", "KMS_PREFIX": PREFIX})
    assert open_public_keys(bucket).place == f"s3://{BUCKET}"  # type: ignore[attr-defined]
    assert isinstance(open_key_maker(bucket), KeyIssuer)
    assert not isinstance(open_keys(bucket), KeyIssuer)
    alone = load_settings({"DATA_DIR": str(tmp_path), "KEYS": f"s3://{BUCKET}"})
    open_public_keys(alone)
    with pytest.raises(SettingsError, match="KMS_PREFIX"):
        open_keys(alone)
    code = (
        "import sys; from functions.config.settings import load_settings; from functions.crypto.{} import {}\n"
        "{}(load_settings()); print(*[m for m in sys.modules if 'boto' in m or 'bucket' in m or 'issuer' in m])"
    )
    for module, name, wanted in (
        ("seal.public_store", "open_public_keys", {"functions.crypto.seal.public_bucket"}),
        (
            "open.private.choose",
            "open_keys",
            {"functions.crypto.seal.public_bucket", "functions.crypto.open.private.key_bucket"},
        ),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code.format(module, name, name)],
            cwd=ROOT,
            env={"KEYS": f"s3://{BUCKET}", "KMS_PREFIX": PREFIX},
            capture_output=True,
            text=True,
            check=True,
        )
        assert {found for found in done.stdout.split() if found.startswith("functions")} == wanted
        assert "boto3" not in done.stdout


def away(monkeypatch: pytest.MonkeyPatch, client: Any, code: str = "SlowDown") -> None:
    """Let a client's calls fail as AWS's do."""
    from botocore.exceptions import ClientError

    def refuse(operation: str, *_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "kenari"}}, operation)

    monkeypatch.setattr(client, "_make_api_call", refuse)


def killed(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_key_that_is_gone_costs_one_look_and_no_call_to_kms(cloud: Cloud, made: dict[Purpose, str]) -> None:
    reader = cloud.reader()
    reader.public()
    cloud.calls.clear()
    with pytest.raises(SealError):
        reader.private(Purpose.DESK).key("kutim", "00" * 8)
    assert cloud.calls == ["GetObject"]
