"""What every place of keys must do: files on one machine, a bucket in AWS."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from functions.crypto.errors import KeyringError, SealError
from functions.crypto.open.private import keys as opening
from functions.crypto.open.private.interface import KeyStore
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal import key_files
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.public_store import PublicStore
from functions.crypto.sign.mint import sign_link
from tests.crypto.buckets import BUCKET, Cloud
from tests.crypto.test_links import LINK

DAY = 86400


@dataclass
class Place:
    """One kind of place: what ops hold, what a function is given, and how bytes get there behind their backs."""

    ops: KeyMaker
    reader: KeyStore
    public: PublicStore
    cloud: Cloud | None = None

    def later(self) -> None:
        if self.cloud:
            self.cloud.seconds += 61

    def write(self, name: str, content: bytes | None) -> None:
        """Put a file or object there, or take it away."""
        if self.cloud:
            s3 = self.cloud.client("s3")
            s3.put_object(Bucket=BUCKET, Key=name, Body=content) if content else s3.delete_object(
                Bucket=BUCKET, Key=name
            )
            return
        path = Path(self.ops.place, name)
        path.write_bytes(content) if content else path.unlink()


@pytest.fixture(params=["files", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "files":
        keys = KeyDirectory(tmp_path / "keys")
        yield Place(keys, keys, keys)
        return
    with mock_aws():
        cloud = Cloud()
        cloud.prepare()
        yield Place(cloud.press(), cloud.reader(), cloud.public(), cloud)


@pytest.mark.parametrize("purpose", [Purpose.DESK, Purpose.IDENTITY, Purpose.COURIER])
def test_what_is_sealed_to_the_current_key_opens_there_and_nowhere_else(place: Place, purpose: Purpose) -> None:
    made = place.ops.generate_all([(purpose, "kutim"), (purpose, "kukar")])
    key_id, envelope = place.public.public().seal(purpose, "kutim", "kasus", b"kunci")
    assert key_id == made[0]
    private = place.reader.private(purpose)
    assert private.open("kutim", "kasus", envelope) == b"kunci"
    assert private.knows("kutim", key_id)
    with pytest.raises(SealError):
        private.open("kutim", "kasus lain", envelope)
    with pytest.raises((SealError, KeyringError)):
        place.reader.private(purpose).open("kukar", "kasus", envelope)
    with pytest.raises(SealError):
        private.open("kutim", "kasus", b"\x01" + bytes(2000))
    assert not private.knows("kutim", "00" * 8)


def test_links_are_signed_with_the_key_of_their_instance(place: Place) -> None:
    key_id = place.ops.generate(Purpose.LINKS, "kutim")
    assert sign_link(LINK, place.reader.private(Purpose.LINKS).key("kutim", key_id))
    with pytest.raises(SealError):
        place.reader.private(Purpose.LINKS).key("kutim", "00" * 8)


@pytest.mark.every_day(1)
def test_all_pairs_are_made_and_none_is_missing(place: Place) -> None:
    instances = [f"kab-{n}" for n in range(18)]
    pairs = [
        (purpose, instance) for purpose in (Purpose.LINKS, Purpose.DESK, Purpose.IDENTITY) for instance in instances
    ]
    assert place.ops.missing((Purpose.LINKS, Purpose.DESK, Purpose.IDENTITY), instances) == pairs
    assert not place.ops.exists()
    made = place.ops.generate_all(iter(pairs))
    assert place.ops.exists()
    public = place.public.public()
    assert [public.current_id(*pair) for pair in pairs] == made
    for store in (place.ops, place.reader):
        assert store.missing((Purpose.LINKS, Purpose.DESK, Purpose.IDENTITY), instances) == []
        assert store.missing([Purpose.COURIER], ["kab-1"]) == [(Purpose.COURIER, "kab-1")]
    assert [place.ops.private_ids(*pair) for pair in pairs] == [[key_id] for key_id in made]
    place.ops.check_existing()


def test_a_rotation_is_followed_and_the_old_key_is_gone_for_good(place: Place) -> None:
    old = place.ops.generate(Purpose.DESK, "kutim")
    _, before = place.public.public().seal(Purpose.DESK, "kutim", "kasus", b"lama")
    keys = Reloading(place.reader, Purpose.DESK)
    assert keys().open("kutim", "kasus", before) == b"lama"
    new = place.ops.generate(Purpose.DESK, "kutim")
    assert place.ops.private_ids(Purpose.DESK, "kutim") == sorted([old, new])
    place.later()
    _, after = place.public.public().seal(Purpose.DESK, "kutim", "kasus", b"baru")
    assert (keys().open("kutim", "kasus", before), keys().open("kutim", "kasus", after)) == (b"lama", b"baru")
    with pytest.raises(KeyringError, match="current key of desk for kutim; rotate first"):
        place.ops.destroy(Purpose.DESK, "kutim", new)
    place.ops.destroy(Purpose.DESK, "kutim", old)
    place.later()
    assert place.ops.private_ids(Purpose.DESK, "kutim") == [new]
    assert old not in place.public.public().keys
    assert not keys().knows("kutim", old)
    with pytest.raises(SealError):
        keys().open("kutim", "kasus", before)
    assert keys().open("kutim", "kasus", after) == b"baru"
    place.ops.destroy(Purpose.DESK, "kutim", old)  # once more does no harm


def test_between_two_looks_the_same_keys_are_given_out(place: Place) -> None:
    place.ops.generate(Purpose.DESK, "kutim")
    keys = Reloading(place.reader, Purpose.DESK)
    assert keys() is keys()


def test_public_keys_are_parsed_and_a_private_one_is_expanded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = KeyDirectory(tmp_path / "keys")
    files.generate(Purpose.DESK, "kutim")
    counts: Counter[str] = Counter()
    for module, name in ((key_files, "decode_public"), (opening, "hpke_private")):
        monkeypatch.setattr(module, name, counted(getattr(module, name), counts, name))
    keys = Reloading(files, Purpose.DESK)
    for _ in range(3):
        _, sealed = files.public().seal(Purpose.DESK, "kutim", "kasus", b"kata")
        assert keys().open("kutim", "kasus", sealed) == b"kata"
    assert counts == {"decode_public": 1, "hpke_private": 1}
    new = files.generate(Purpose.DESK, "kutim")
    assert files.public().current_id(Purpose.DESK, "kutim") == new


def counted(function: Callable[..., Any], counts: Counter[str], name: str) -> Callable[..., Any]:
    """The function, which counts its calls."""

    def call(*args: Any) -> Any:
        counts[name] += 1
        return function(*args)

    return call


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"keys": {}, "current": [{"purpose": "raja"}]}', b'{"keys": {"00": "AAAA"}, "current": []}'],
)
def test_damaged_public_keys_are_told(place: Place, content: bytes) -> None:
    place.ops.generate(Purpose.DESK, "kutim")
    place.write("public.json", content)
    with pytest.raises(KeyringError, match=r"public\.json.*restore it from a backup"):
        place.public.public()


def test_public_keys_that_are_gone_are_told_and_not_made_anew(place: Place) -> None:
    place.ops.generate_all([(Purpose.DESK, "kutim"), (Purpose.LINKS, "kutim")])
    place.write("public.json", None)
    with pytest.raises(KeyringError, match=r"public\.json is missing"):
        place.public.public()
    with pytest.raises(KeyringError, match=r"public\.json is gone while private keys are there"):
        place.ops.check_existing()
    assert place.ops.missing([Purpose.DESK], ["kutim"]) == [(Purpose.DESK, "kutim")]


def test_a_private_key_that_is_gone_or_another_is_told(place: Place) -> None:
    key_id = place.ops.generate(Purpose.DESK, "kutim")
    place.ops.check(Purpose.DESK, "kutim", key_id)
    place.write(f"desk/kutim/{key_id}", b64encode(bytes(72)))
    with pytest.raises(KeyringError, match=key_id):
        place.reader.private(Purpose.DESK).key("kutim", key_id)
    place.write(f"desk/kutim/{key_id}", None)
    assert place.ops.missing([Purpose.DESK], ["kutim"]) == [(Purpose.DESK, "kutim")]
    with pytest.raises(KeyringError, match=key_id):
        place.ops.check(Purpose.DESK, "kutim", key_id)


def test_no_key_is_shown_by_what_is_printed_of_it(place: Place) -> None:
    key_id = place.ops.generate(Purpose.LINKS, "kutim")
    private = place.reader.private(Purpose.LINKS)
    raw = private.key("kutim", key_id)
    assert raw.hex() not in repr(private)
    assert str(raw) not in repr(private)
    assert isinstance(place.public.public(), PublicKeys)
