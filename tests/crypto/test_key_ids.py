"""A key id of 64 bits chooses a key, and no more: whoever makes two keys with one id gains nothing by it."""

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


def test_no_new_pair_takes_the_id_and_the_place_of_an_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    old = keys.generate(Purpose.DESK, "kutim")
    kept = (tmp_path / "keys" / "desk" / "kutim" / old).read_bytes()
    ids = iter([old, old])
    real = making.key_id_of
    monkeypatch.setattr(making, "key_id_of", lambda public: next(ids, None) or real(public))
    assert keys.generate(Purpose.DESK, "kutim") != old
    assert (tmp_path / "keys" / "desk" / "kutim" / old).read_bytes() == kept
