"""The public keys that ops publish: what a change leaves alone, when new ones are seen, and how old they may be."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from functions.casework.consent.roster import Member, Roster, key_id_of
from functions.casework.directory.linked_office import LinkDocument, LinkedOffice
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.ops.interface import KeyMaker, with_linked, with_roster, without_key
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_bucket import PublicBucket
from functions.crypto.seal.public_keys import PublicKeys, Purpose, encode_public
from tests.crypto.buckets import Cloud

DESK = Purpose.DESK
OURS, THEIRS, NEXT = (bytes([n]) * 1216 for n in (1, 2, 3))


def roster(instance: str) -> Roster:
    members = (Member(f"{instance}-unit-{x}", key_id_of(bytes([9, x])), bytes([9, x]), bytes(32), x) for x in (1, 2, 3))
    return Roster(instance, tuple(members), 4)


def office(key: bytes, its_roster: Roster | None = None) -> LinkedOffice:
    day = date(2026, 3, 2)
    keys = {DESK.value: key}
    document = LinkDocument("bontang", "https://lapor.example.id", 1, day, day, {}, keys, bytes(1216), its_roster)
    return LinkedOffice(bytes(32), document)


KNOWN = PublicKeys({key_id_of(OURS): OURS}, {(DESK, "kutim"): key_id_of(OURS)}, {"kutim": roster("kutim")})


def test_a_linked_offices_next_keys_replace_its_own_and_touch_nobody_elses() -> None:
    linked = with_linked(KNOWN, "bontang", office(THEIRS, roster("bontang")))
    assert linked.current == {**KNOWN.current, (DESK, "bontang"): key_id_of(THEIRS)}
    assert linked.rosters == {**KNOWN.rosters, "bontang": roster("bontang")}
    again = with_linked(linked, "bontang", office(NEXT))
    assert again.keys == {key_id_of(OURS): OURS, key_id_of(NEXT): NEXT}
    assert again.current == {**KNOWN.current, (DESK, "bontang"): key_id_of(NEXT)}
    assert (again.rosters, again.linked) == (KNOWN.rosters, {"bontang": office(NEXT)})
    assert with_linked(again, "bontang", None) == KNOWN


def test_an_office_takes_the_place_of_no_instance_and_no_key_of_another() -> None:
    ours = KNOWN._replace(current={(DESK, "bontang"): key_id_of(OURS)})
    for known, key, why in ((ours, THEIRS, "keys of its own"), (KNOWN, OURS, "another government")):
        with pytest.raises(KeyringError, match=why):
            with_linked(known, "bontang", office(key))


def test_a_destroyed_key_takes_no_more_late_reports_and_other_late_keys_do() -> None:
    late = {(DESK, "kutim"): key_id_of(THEIRS), (DESK, "bontang"): key_id_of(NEXT)}
    keys = {key_id_of(key): key for key in (OURS, THEIRS, NEXT)}
    left = without_key(KNOWN._replace(keys=keys, late=late), DESK, "kutim", key_id_of(THEIRS))
    assert left.keys == {key_id_of(OURS): OURS, key_id_of(NEXT): NEXT}
    assert left.late == {(DESK, "bontang"): key_id_of(NEXT)}


def test_a_roster_is_published_beside_those_of_others() -> None:
    both = with_roster(KNOWN, "bontang", roster("bontang"), "")
    assert both.rosters == {"kutim": roster("kutim"), "bontang": roster("bontang")}
    assert with_roster(both, "bontang", None, roster("bontang").id) == KNOWN
    with pytest.raises(KeyringError, match="published meanwhile"):
        with_roster(both, "bontang", None, "")


@pytest.fixture(params=["files", "bucket"])
def ops(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyMaker]:
    if request.param == "files":
        yield KeyDirectory(tmp_path / "keys")
        return
    with mock_aws():
        cloud = Cloud()
        cloud.prepare()
        yield cloud.press()


def test_the_first_of_many_new_keys_is_published_at_once(ops: KeyMaker) -> None:
    """So a place where none can be published is told after one key, not after thousands."""
    pairs = [(Purpose.LINKS, code) for code in ("kutim", "bontang", "kukar")]
    published = []

    def asked() -> Iterator[tuple[Purpose, str]]:
        for pair in pairs:
            published.append(len(ops.public().current) if ops.exists() else 0)
            yield pair

    made = ops.generate_all(asked())
    assert published == [0, 1, 1]
    assert ops.public().current == dict(zip(pairs, made, strict=True))
    assert ops.missing([Purpose.LINKS], ["kutim", "bontang", "kukar"]) == []
    assert ops.missing([Purpose.LINKS], ["kutim", "samarinda"]) == [(Purpose.LINKS, "samarinda")]


def test_a_first_start_that_was_interrupted_after_one_private_key_is_taken_up(tmp_path: Path) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    keys.generate(Purpose.LINKS, "kutim")
    keys.public_file.unlink()
    keys.check_existing()
    keys.generate(Purpose.LINKS, "kutim")
    keys.public_file.unlink()
    with pytest.raises(KeyringError, match="gone while private keys are there"):
        keys.check_existing()


class Bucket:
    """S3 with ``public.json``: counts what is asked of it, and may be away."""

    def __init__(self) -> None:
        self.asked, self.away = 0, False

    def get_object(self, **asked: str) -> dict[str, Any]:
        self.asked += 1
        code = "SlowDown" if self.away else "304" if "IfNoneMatch" in asked else ""
        if code:
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "GetObject")
        return {"Body": BytesIO(encode_public(PublicKeys({}, {}))), "ETag": "kenari"}


def test_public_keys_are_a_minute_old_at_most_and_two_while_s3_is_away() -> None:
    """A rotation waits two minutes and a request's time before it destroys a key that others may still seal to."""
    s3, now = Bucket(), [1_000_000.0]
    keys = PublicBucket("lapor-uji-keys", lambda: s3, lambda: now[0])
    first, begun = keys.public(), now[0]
    for age, looks in ((59.9, 1), (60, 2)):
        now[0] = begun + age
        assert (keys.public(), s3.asked) == (first, looks)
    s3.away, begun = True, now[0]
    for age in (60, 119.9):
        now[0] = begun + age
        assert keys.public() is first
    for age in (120, -1):  # too old, or the clock was set back
        now[0] = begun + age
        with pytest.raises(KeysUnavailableError):
            keys.public()
