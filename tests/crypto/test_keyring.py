"""Key files: who holds what, what a thief or a power cut leaves, and that errors say what to do."""

import json
import os
import stat
from base64 import b64decode
from pathlib import Path

import pytest

from functions.casework.case import Lift
from functions.casework.case_fields import AccessFacts
from functions.crypto.errors import KeyringError, SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal import public_keys
from functions.crypto.seal.bound_facts import HASH, PROOF, proven, wrapped_again, wraps_all
from functions.crypto.seal.public_keys import PublicKeys, Purpose, decode_public, is_id_of, key_id_of
from functions.crypto.seal.sealing import BOUND_VERSION, facts_hash, facts_proof
from tests.case_heads import changed
from tests.storage.examples import make_head

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
HPKE, BOUND = VECTORS["hpke"], VECTORS["bound"]
ENVELOPE = b64decode(HPKE["envelope"])
VECTOR_KEYS = PrivateKeys(Purpose.DESK, {HPKE["key_id"]: b64decode(HPKE["private_key"])})


@pytest.fixture
def keys(tmp_path):
    return KeyDirectory(tmp_path / "keys")


def private_file(keys, purpose, key_id, instance="kutim"):
    return keys.root / purpose / instance / key_id


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_stored_envelope_opens_with_its_seed():
    assert VECTOR_KEYS.open(HPKE["instance"], HPKE["context"], ENVELOPE) == b64decode(HPKE["plain"])
    assert key_id_of(b64decode(HPKE["public_key"])).startswith(HPKE["key_id"])  # an id of the release before
    assert is_id_of(HPKE["key_id"], b64decode(HPKE["public_key"]))
    assert ENVELOPE[:9] == b"\x01" + bytes.fromhex(HPKE["key_id"])
    assert len(ENVELOPE) == len(b64decode(HPKE["plain"])) + 1145


@pytest.mark.parametrize(
    ("purpose", "instance", "context"),
    [
        (Purpose.COURIER, HPKE["instance"], HPKE["context"]),
        (Purpose.DESK, "kukar", HPKE["context"]),
        (Purpose.DESK, HPKE["instance"], "ZZZZ-ZZZZ-ZZZZ"),
    ],
    ids=["purpose", "instance", "case"],
)
def test_an_envelope_opens_in_no_other_place(purpose, instance, context):
    with pytest.raises(SealError):
        PrivateKeys(purpose, VECTOR_KEYS.keys).open(instance, context, ENVELOPE)


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"\x01",
        b"\x02" + ENVELOPE[1:],
        b"\x01" + bytes(8) + ENVELOPE[9:],
        ENVELOPE[:9],
        ENVELOPE[:200],
        ENVELOPE[:-1],
        ENVELOPE[:-1] + bytes([ENVELOPE[-1] ^ 1]),
    ],
    ids=["empty", "cut at one", "version", "key id", "no body", "cut in the middle", "cut at the end", "altered"],
)
def test_a_damaged_envelope_is_refused(envelope):
    with pytest.raises(SealError):
        VECTOR_KEYS.open(HPKE["instance"], HPKE["context"], envelope)


def test_what_is_sealed_to_the_current_key_opens(keys):
    key_id = keys.generate(Purpose.DESK, "kutim")
    sealed_with, envelope = keys.public().seal(Purpose.DESK, "kutim", "kasus", b"kunci")
    assert sealed_with == key_id
    assert keys.private(Purpose.DESK).open("kutim", "kasus", envelope) == b"kunci"


def test_each_instance_and_purpose_has_keys_of_its_own(keys):
    ids = {keys.generate(p, i) for p in (Purpose.DESK, Purpose.COURIER) for i in ("kutim", "kukar")}
    assert len(ids) == 4
    assert len(keys.private(Purpose.DESK).keys) == 2
    _, envelope = keys.public().seal(Purpose.DESK, "kutim", "kasus", b"kunci")
    with pytest.raises(SealError, match="no key"):
        keys.private(Purpose.COURIER).open("kutim", "kasus", envelope)


def test_links_have_a_signing_pair(keys):
    key_id = keys.generate(Purpose.LINKS, "kutim")
    assert len(keys.private(Purpose.LINKS).keys[key_id]) == 32
    assert len(keys.public().keys[key_id]) == 32


def test_mandates_have_a_signing_pair_that_an_older_release_passes_over(keys):
    key_id, links = keys.generate(Purpose.MANDATES, "kutim"), keys.generate(Purpose.LINKS, "kutim")
    assert len(keys.private(Purpose.MANDATES).keys[key_id]) == 32
    assert keys.public().current_id(Purpose.MANDATES, "kutim") == key_id
    raw = json.loads(keys.public_file.read_bytes())  # of this an older release reads ``keys`` and ``current`` alone
    assert [(place["purpose"], place["key_id"]) for place in raw["current"]] == [("links", links)]
    del raw["added"]
    assert decode_public(json.dumps(raw).encode(), "before").current == {(Purpose.LINKS, "kutim"): links}


def test_files_are_for_their_owner_alone(keys):
    key_id = keys.generate(Purpose.DESK, "kutim")
    path = private_file(keys, Purpose.DESK, key_id)
    assert mode(path) == 0o600
    assert mode(keys.public_file) == 0o644  # public, and other processes read it
    assert mode(path.parent) == 0o700
    assert len(path.read_bytes()) == 96


def test_a_private_key_that_others_can_read_is_not_used(keys):
    key_id = keys.generate(Purpose.DESK, "kutim")
    path = private_file(keys, Purpose.DESK, key_id)
    path.chmod(0o640)
    with pytest.raises(KeyringError, match=f"chmod 600 {path}"):
        keys.private(Purpose.DESK)


def test_no_private_byte_stands_in_the_public_file_or_a_repr(keys):
    key_id = keys.generate(Purpose.DESK, "kutim")
    private = keys.private(Purpose.DESK)
    assert private.keys[key_id] == private_file(keys, Purpose.DESK, key_id).read_bytes()
    assert repr(private.keys[key_id])[2:-1] not in repr(private)
    assert not any(private.keys[key_id][:32] in public for public in keys.public().keys.values())


def test_a_passphrase_locks_the_file(tmp_path):
    locked = KeyDirectory(tmp_path, "kata sandi yang panjang")
    key_id = locked.generate(Purpose.DESK, "kutim")
    raw = private_file(locked, Purpose.DESK, key_id).read_bytes()
    plain = locked.private(Purpose.DESK).keys[key_id]
    assert plain not in raw
    assert len(raw) == 16 + 12 + 96 + 16
    with pytest.raises(KeyringError, match="does not open with KEY_PASSPHRASE"):
        KeyDirectory(tmp_path, "salah").private(Purpose.DESK)
    with pytest.raises(KeyringError, match="is KEY_PASSPHRASE missing"):
        KeyDirectory(tmp_path).private(Purpose.DESK)


@pytest.mark.parametrize("content", [b"", b"short", bytes(140)])
def test_a_damaged_locked_file_is_named(tmp_path, content):
    locked = KeyDirectory(tmp_path, "kata sandi yang panjang")
    path = private_file(locked, Purpose.DESK, locked.generate(Purpose.DESK, "kutim"))
    path.write_bytes(content)
    with pytest.raises(KeyringError, match=str(path)):
        locked.private(Purpose.DESK)


def test_a_key_under_a_wrong_name_is_named(keys):
    path = private_file(keys, Purpose.DESK, keys.generate(Purpose.DESK, "kutim"))
    path.write_bytes(os.urandom(96))
    with pytest.raises(KeyringError, match="does not match its name"):
        keys.private(Purpose.DESK)


def test_missing_public_keys_say_what_to_run(keys):
    with pytest.raises(KeyringError, match=r"run `python -m functions\.cli init`"):
        keys.public()
    with pytest.raises(KeyringError, match=r"no public key for desk of kutim; run `python -m functions\.cli init`"):
        PublicKeys({}, {}).seal(Purpose.DESK, "kutim", "kasus", b"")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"keys": {}, "current": [{}]}', '{"keys": {"a": 1}, "current": []}']
)
def test_a_damaged_public_file_is_named(keys, content):
    keys.generate(Purpose.DESK, "kutim")
    keys.public_file.write_text(content)
    with pytest.raises(KeyringError, match=r"public\.json is damaged"):
        keys.public()
    with pytest.raises(KeyringError, match=r"public\.json is damaged"):
        keys.missing([Purpose.DESK], ["kutim"])


def test_a_swapped_public_key_is_noticed(keys):
    """Whoever writes another key under a known id would read all new reports."""
    one, two = keys.generate(Purpose.DESK, "kutim"), keys.generate(Purpose.DESK, "kutim")
    raw = json.loads(keys.public_file.read_text())
    raw["keys"][two] = raw["keys"][one]
    keys.public_file.write_text(json.dumps(raw))
    with pytest.raises(KeyringError, match="does not match its id"):
        keys.public()


def test_what_is_missing_is_listed(keys):
    pairs = ([Purpose.DESK, Purpose.LINKS], ["kutim"])
    assert keys.missing(*pairs) == [(Purpose.DESK, "kutim"), (Purpose.LINKS, "kutim")]
    key_id = keys.generate(Purpose.DESK, "kutim")
    assert keys.missing(*pairs) == [(Purpose.LINKS, "kutim")]
    private_file(keys, Purpose.DESK, key_id).unlink()
    assert keys.missing(*pairs) == [(Purpose.DESK, "kutim"), (Purpose.LINKS, "kutim")]


def test_rotation_seals_to_the_new_key_and_still_opens_the_old(keys):
    old = keys.generate(Purpose.DESK, "kutim")
    _, envelope = keys.public().seal(Purpose.DESK, "kutim", "kasus", b"kunci")
    new = keys.generate(Purpose.DESK, "kutim")
    assert keys.public().current_id(Purpose.DESK, "kutim") == new != old
    assert keys.private_ids(Purpose.DESK, "kutim") == sorted([old, new])
    assert keys.private(Purpose.DESK).open("kutim", "kasus", envelope) == b"kunci"


def test_destroying_the_old_key_makes_its_envelopes_dark(keys):
    old = keys.generate(Purpose.DESK, "kutim")
    _, envelope = keys.public().seal(Purpose.DESK, "kutim", "kasus", b"kunci")
    new = keys.generate(Purpose.DESK, "kutim")
    keys.destroy(Purpose.DESK, "kutim", old)
    assert not private_file(keys, Purpose.DESK, old).exists()
    assert set(keys.public().keys) == {new}
    with pytest.raises(SealError):
        keys.private(Purpose.DESK).open("kutim", "kasus", envelope)
    keys.destroy(Purpose.DESK, "kutim", old)  # again does no harm
    assert set(keys.private(Purpose.DESK).keys) == {new}


def test_the_current_key_is_not_destroyed(keys):
    key_id = keys.generate(Purpose.DESK, "kutim")
    with pytest.raises(KeyringError, match="is the current key of desk for kutim; rotate first"):
        keys.destroy(Purpose.DESK, "kutim", key_id)
    assert private_file(keys, Purpose.DESK, key_id).exists()


@pytest.mark.parametrize("work", ["generate", "destroy"])
def test_what_another_command_changes_meanwhile_stays(keys, monkeypatch, work):
    """A nation's keys take minutes under a passphrase, and an office is linked or another purpose rotated beside."""
    old = keys.generate(Purpose.DESK, "kutim")
    keys.generate(Purpose.DESK, "kutim")
    honest, other = os.urandom, []

    def slow(size):
        if not other:
            other.append("")
            other[0] = KeyDirectory(keys.root).generate(Purpose.COURIER, "kutim")
        return honest(size)

    if work == "generate":
        keys = KeyDirectory(keys.root, "kuda-besi-berlari-malam")
    monkeypatch.setattr(os, "urandom", slow)
    made = keys.generate(Purpose.DESK, "kutim") if work == "generate" else keys.destroy(Purpose.DESK, "kutim", old)
    assert KeyDirectory(keys.root).public().current[Purpose.COURIER, "kutim"] == other[0]
    assert made is None or keys.public().current[Purpose.DESK, "kutim"] == made


class Killed(BaseException):
    """Stands for a process that ends between two system calls."""


def killed_at(monkeypatch, target, name, *, after=0):
    """Let ``target.name`` work ``after`` times, then die instead."""
    real, calls = getattr(target, name), []

    def die(*args, **kwargs):
        calls.append(1)
        if len(calls) > after:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(target, name, die)


@pytest.mark.parametrize(
    ("target", "name", "after"),
    [
        (os, "open", 0),
        (os, "fsync", 0),
        (os, "replace", 0),
        (os, "fsync", 1),
        (os, "fsync", 2),
        (os, "replace", 1),
        (os, "fsync", 3),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["first key", "rotation"])
def test_making_a_key_killed_half_way_leaves_a_usable_state(keys, monkeypatch, first, target, name, after):
    envelope = None
    if not first:
        keys.generate(Purpose.DESK, "kutim")
        _, envelope = keys.public().seal(Purpose.DESK, "kutim", "kasus", b"kunci")
    killed_at(monkeypatch, target, name, after=after)
    with pytest.raises(Killed):
        keys.generate(Purpose.DESK, "kutim")
    monkeypatch.undo()
    for _purpose, instance in keys.missing([Purpose.DESK], ["kutim"]):
        keys.generate(Purpose.DESK, instance)
    private = keys.private(Purpose.DESK)
    _, fresh = keys.public().seal(Purpose.DESK, "kutim", "kasus", b"baru")
    assert private.open("kutim", "kasus", fresh) == b"baru"
    if envelope:
        assert private.open("kutim", "kasus", envelope) == b"kunci"


@pytest.mark.parametrize(
    ("target", "name"),
    [(os, "urandom"), (os, "fsync"), (Path, "unlink"), (os, "replace"), (public_keys.json, "dumps")],
)
def test_destroying_killed_half_way_leaves_a_usable_state(keys, monkeypatch, target, name):
    old = keys.generate(Purpose.DESK, "kutim")
    keys.generate(Purpose.DESK, "kutim")
    killed_at(monkeypatch, target, name)
    with pytest.raises(Killed):
        keys.destroy(Purpose.DESK, "kutim", old)
    monkeypatch.undo()
    _, fresh = keys.public().seal(Purpose.DESK, "kutim", "kasus", b"baru")
    assert keys.private(Purpose.DESK).open("kutim", "kasus", fresh) == b"baru"
    keys.destroy(Purpose.DESK, "kutim", old)
    assert old not in keys.public().keys
    assert list((keys.root / Purpose.DESK / "kutim").glob(f"{old}*")) == []


@pytest.mark.parametrize("after", range(3))
@pytest.mark.parametrize(("target", "name"), [(os, "fsync"), (os, "unlink"), (os, "replace")])
def test_what_is_half_destroyed_is_found_by_the_next_rotation(keys, monkeypatch, target, name, after):
    old, new = keys.generate(Purpose.DESK, "kutim"), keys.generate(Purpose.DESK, "kutim")
    killed_at(monkeypatch, target, name, after=after)
    with pytest.raises(Killed):
        keys.destroy(Purpose.DESK, "kutim", old)
    monkeypatch.undo()
    if not private_file(keys, Purpose.DESK, old).exists():
        assert old not in keys.public().keys
    for key_id in keys.private_ids(Purpose.DESK, "kutim"):  # as a rotation asks
        if key_id != new:
            keys.destroy(Purpose.DESK, "kutim", key_id)
    assert [path.name for path in (keys.root / Purpose.DESK / "kutim").iterdir()] == [new]
    assert set(keys.public().keys) == {new}


def test_what_is_destroyed_is_written_over_before_it_goes(keys, monkeypatch):
    old = keys.generate(Purpose.DESK, "kutim")
    keys.generate(Purpose.DESK, "kutim")
    secret, seen, honest = private_file(keys, Purpose.DESK, old).read_bytes(), [], os.fsync

    def looking(handle):
        seen.append(Path(f"/proc/self/fd/{handle}").read_bytes() if stat.S_ISREG(os.fstat(handle).st_mode) else b"")
        honest(handle)

    monkeypatch.setattr(os, "fsync", looking)
    keys.destroy(Purpose.DESK, "kutim", old)
    (written,) = [content for content in seen if len(content) == len(secret)]
    assert written != secret


def test_a_key_destroyed_while_others_are_read_is_passed_over(
    keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = keys.generate(Purpose.DESK, "kutim"), keys.generate(Purpose.DESK, "bontang")
    honest = Path.read_bytes

    def just_destroyed(path: Path) -> bytes:
        if path.name == gone:
            path.unlink()
        return honest(path)

    monkeypatch.setattr(Path, "read_bytes", just_destroyed)
    assert set(keys.private(Purpose.DESK).keys) == {kept}


def test_key_files_that_are_no_files_say_which(keys: KeyDirectory) -> None:
    key_id = keys.generate(Purpose.DESK, "kutim")
    path = keys.root / "desk" / "kutim" / key_id
    path.unlink()
    path.mkdir(mode=0o700)
    with pytest.raises(KeyringError, match=key_id):
        keys.private(Purpose.DESK)
    keys.public_file.unlink()
    keys.public_file.mkdir()
    with pytest.raises(KeyringError, match="cannot be read"):
        keys.public()


def test_a_bound_wrap_of_an_earlier_day_opens_with_its_facts_alone():
    facts, wrap, key = AccessFacts(**BOUND["facts"]), b64decode(BOUND["wrap"]), b64decode(BOUND["case_key"])
    head = changed(
        make_head(),
        **{name: value for name, value in BOUND["facts"].items() if name != "lifted"},
        case_id=BOUND["case_id"],
        key_id=BOUND["key_id"],
        wrap_desk=wrap,
    )
    assert VECTOR_KEYS.open_case(head) == key
    assert (wrap[:1], wrap[HASH], wrap[PROOF]) == (
        BOUND_VERSION,
        facts_hash(head.case_id, facts.text()),
        facts_proof(key, facts.text()),
    )
    assert proven(head, key)
    for other in ({"about_agency": ""}, {"case_id": "ZZZZ-ZZZZ-ZZZZ"}, {"lift": Lift.LIFTED}, {"key_id": "00" * 8}):
        with pytest.raises(SealError):
            VECTOR_KEYS.open_case(changed(head, **other))


@pytest.mark.parametrize("kept", [(), ("kutim-dpupr",), ("kutim-dpupr", "kutim-dishub")])
def test_a_browsers_wrap_has_the_length_the_hash_and_the_count_of_ours(
    keys: KeyDirectory, kept: tuple[str, ...]
) -> None:
    keys.generate(Purpose.DESK, "kutim")
    head = changed(make_head(instance="kutim"), kept_from=kept)
    _, wrap = wrapped_again(head, bytes(32), keys.public())

    def takes(wrap: bytes, **facts: object) -> bool:
        return wraps_all(changed(head, wrap_desk=wrap, **facts))

    assert takes(wrap)
    assert not takes(wrap[:-1])
    assert not takes(wrap + b"\0")
    assert not takes(b"\x00" + wrap[1:])
    assert not takes(wrap, topic="kesehatan")
    assert not takes(wrap, kept_from=(*kept, "kutim-dinkes"))
    assert not kept or not takes(wrap, kept_from=kept[:-1])
