"""One half of a rotation, as a function does it: in passes that end in time, and look at the keys of now."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from functions.actions.common.rewrap import OutOfTimeError, RewrapCases, RewrapIdentities
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.aws_lambda.orders import Order
from functions.casework.sealed_identity import Identity
from functions.config.settings import load_settings
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.bound_facts import is_bound, proven
from functions.crypto.seal.public_keys import Purpose
from functions.custody import orders as custody
from functions.desk import orders as desk
from functions.storage.interface import VersionConflictError
from tests.world import World

NEVER: Iterator[bool] = iter(())


def cases(world: World, stopping: Iterator[bool] = NEVER) -> RewrapCases:
    return RewrapCases(
        world.store,
        lambda: world.keys.private(Purpose.DESK),
        world.keys.public,
        lambda: world.today,
        stopping=lambda: next(stopping, False),
    )


def identities(world: World, stopping: Iterator[bool] = NEVER) -> RewrapIdentities:
    return RewrapIdentities(
        world.store,
        lambda: world.keys.private(Purpose.IDENTITY),
        world.keys.public,
        lambda: world.today,
        stopping=lambda: next(stopping, False),
    )


def test_a_pass_that_runs_short_is_gone_on_with_until_none_is_left(world: World) -> None:
    for _ in range(3):
        world.report(identity_mode="rahasia", name="Bunga")
    new = {purpose: world.keys.generate(purpose, "kutim") for purpose in (Purpose.DESK, Purpose.IDENTITY)}
    for make in (cases, identities):
        assert make(world, iter([False, True]))("kutim") == 1
        assert make(world)("kutim") == 2
        assert make(world)("kutim") == 0
    assert {head.wraps.key_id for head in cases(world)._wanted("kutim")} == {new[Purpose.DESK]}
    found, _ = world.store.page_identities("kutim")
    assert {identity.key_id for identity in found} == {new[Purpose.IDENTITY]}


@pytest.mark.parametrize("make", [cases, identities])
def test_a_pass_stopped_before_it_found_any_does_not_say_that_none_is_left(world: World, make: Any) -> None:
    """0 would let ops destroy the key."""
    world.report(identity_mode="rahasia", name="Bunga")
    with pytest.raises(OutOfTimeError):
        make(world, iter([True]))("kutim")


def test_a_pass_that_finds_nothing_asks_the_store_once_for_a_hundred_names(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call for each would take longer than a function has: of an instance with many names no rotation would end."""
    for _ in range(3):
        world.report(identity_mode="rahasia", name="Bunga")
    calls = []

    def counted(name: str) -> Any:
        run = getattr(world.store, name)
        return lambda *args: calls.append(name) or run(*args)

    for name in [each for each in dir(world.store) if each.startswith(("page", "read_"))]:
        monkeypatch.setattr(world.store, name, counted(name))
    assert identities(world)("kutim") == 0
    assert calls == ["page_identities", "read_slips"]


def test_an_identity_written_to_just_now_asks_for_another_pass(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is under the old key still: to count it as nothing would let ops destroy that."""
    world.report(identity_mode="rahasia", name="Bunga")
    world.keys.generate(Purpose.IDENTITY, "kutim")

    def overtaken(identity: Identity, outbox: object = ()) -> None:
        raise VersionConflictError

    with monkeypatch.context() as patch:
        patch.setattr(world.store, "write_identity", overtaken)
        assert identities(world)("kutim") == 1
    assert identities(world)("kutim") == 1
    assert identities(world)("kutim") == 0


@pytest.mark.parametrize("make", [cases, identities])
@pytest.mark.parametrize("trouble", [KeysUnavailableError, KeyringError])
def test_a_key_that_cannot_be_had_just_now_stops_the_pass(
    world: World, make: Any, trouble: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passed over as one that never opens, its cases would go dark with the key."""
    world.report(identity_mode="rahasia", name="Bunga")
    for purpose in (Purpose.DESK, Purpose.IDENTITY):
        world.keys.generate(purpose, "kutim")

    def away(self: PrivateKeys, instance: str, key_id: str) -> bytes:
        raise trouble("S3")

    monkeypatch.setattr(PrivateKeys, "key", away)
    with pytest.raises(trouble):
        make(world)("kutim")


@pytest.mark.parametrize("module", [desk, custody])
def test_the_order_passes_over_an_instance_and_leaves_five_seconds(world: World, module: Any, tmp_path: Path) -> None:
    for _ in range(2):
        world.report(identity_mode="rahasia", name="Bunga")
    settings = load_settings({"DATA_DIR": str(world.folder)})
    purpose = Purpose.DESK if module is desk else Purpose.IDENTITY
    world.keys.generate(purpose, "kutim")
    seconds = iter([900.0])
    assert module.obey(Order("rewrap", lambda: next(seconds, 4.9), "kutim"), settings) == {"rewrapped": 1}
    with pytest.raises(OutOfTimeError):
        module.obey(Order("rewrap", lambda: 4.9, "kutim"), settings)
    assert module.obey(Order("rewrap", lambda: 5.0, "kutim"), settings) == {"rewrapped": 1}
    assert module.obey(Order("rewrap", lambda: 5.0, "kutim"), settings) == {"rewrapped": 0}
    with pytest.raises(KeyringError, match=r"no public key for .* of bontang"):
        module.obey(Order("rewrap", lambda: 5.0, "bontang"), settings)


def test_what_an_older_release_wrapped_binds_its_facts_after_a_rotation(world: World) -> None:
    case_id = world.report(about_agency="kutim-dishub")["tracking_id"]
    key = world.keys.private(Purpose.DESK).open_case(world.store.read_head(case_id))
    _, old = world.keys.public().seal(Purpose.DESK, "kutim", case_id, key)
    by_hand(world, "wrap_desk = ?", old)
    new = world.keys.generate(Purpose.DESK, "kutim")
    assert cases(world)("kutim") == 1
    head = world.store.read_head(case_id)
    assert (head.wraps.key_id, is_bound(head), proven(head, key)) == (new, True, True)
    assert world.keys.private(Purpose.DESK).open_case(head) == key


def test_a_case_whose_facts_were_changed_keeps_the_old_key_until_it_is_put_right(world: World) -> None:
    """Rewrapping would bind the changed fact, and destroying the key would lose the case."""
    case_id = world.report(about_agency="kutim-dishub")["tracking_id"]
    old = world.store.read_head(case_id).wraps.key_id
    by_hand(world, "about_agency = ?", "")
    again = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)
    rotate = Rotate(world.keys, again, lambda: None)
    with pytest.raises(KeyringError, match=r"1 cases of kutim do not open.*The old key stays"):
        rotate(Purpose.DESK, "kutim")
    assert old in world.keys.private_ids(Purpose.DESK, "kutim")
    by_hand(world, "about_agency = ?", "kutim-dishub")
    new = rotate(Purpose.DESK, "kutim")
    assert world.keys.private_ids(Purpose.DESK, "kutim") == [new]
    assert world.keys.private(Purpose.DESK).open_case(world.store.read_head(case_id))


def by_hand(world: World, change: str, value: object) -> None:
    """Write to the store, as whoever may."""
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as db, db:
        db.execute(f"UPDATE cases SET {change}", (value,))  # noqa: S608 - our own text
