"""A key's published id has 128 bits, of which an envelope carries 64 as a hint: it chooses a key, and no more."""

from hashlib import sha256
from pathlib import Path

import pytest

from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.ops import new_pair as making
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import PublicKeys, Purpose


def test_what_is_sealed_to_one_of_two_keys_with_one_id_opens_with_that_one_alone() -> None:
    (private, public, key_id), (other, swapped, _) = making.new_pair(Purpose.DESK), making.new_pair(Purpose.DESK)
    current = {(Purpose.DESK, "kutim"): key_id}
    for sealed_to, opens, does_not in ((public, private, other), (swapped, other, private)):
        envelope = PublicKeys({key_id: sealed_to}, current).seal(Purpose.DESK, "kutim", "case", b"k" * 32)[1]
        assert PrivateKeys(Purpose.DESK, {key_id: opens}).open("kutim", "case", envelope) == b"k" * 32
        with pytest.raises(SealError):
            PrivateKeys(Purpose.DESK, {key_id: does_not}).open("kutim", "case", envelope)


def test_a_published_id_has_128_bits_of_the_keys_hash(tmp_path: Path) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    key_id = keys.generate(Purpose.DESK, "kutim")
    assert key_id == sha256(keys.public().keys[key_id]).hexdigest()[:32]


def test_keys_of_the_release_before_are_read_sealed_to_and_rotated(tmp_path: Path) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    long = keys.generate(Purpose.DESK, "kutim")
    short = long[:16]
    private, public = keys.root / "desk" / "kutim", keys.root / "public.json"
    (private / long).rename(private / short)
    public.write_text(public.read_text().replace(long, short))
    before = KeyDirectory(tmp_path / "keys")
    key_id, envelope = before.public().seal(Purpose.DESK, "kutim", "case", b"k" * 32)
    assert (key_id, envelope[1:9].hex()) == (short, short)
    fresh = before.generate(Purpose.DESK, "kutim")
    assert len(fresh) == 32
    after = KeyDirectory(tmp_path / "keys")
    later = after.public().seal(Purpose.DESK, "kutim", "case", b"n" * 32)[1]
    opening = after.private(Purpose.DESK)
    assert [opening.open("kutim", "case", each) for each in (envelope, later)] == [b"k" * 32, b"n" * 32]
    assert later[1:9].hex() == fresh[:16]


def test_no_new_pair_takes_the_id_and_the_place_of_an_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    old = keys.generate(Purpose.DESK, "kutim")
    kept = (tmp_path / "keys" / "desk" / "kutim" / old).read_bytes()
    ids = iter([old, old[:16] + 16 * "0"])  # an envelope's hint would be the same
    real = making.key_id_of
    monkeypatch.setattr(making, "key_id_of", lambda public: next(ids, None) or real(public))
    assert keys.generate(Purpose.DESK, "kutim") != old
    assert (tmp_path / "keys" / "desk" / "kutim" / old).read_bytes() == kept
