"""What every engine does with slips, the same on all."""

import pytest

from functions.storage.interface import Notice, OutboxEntry, Slip, VersionConflictError
from tests.storage.conftest import PARALLEL
from tests.storage.examples import FAR, at_once

NOW = FAR - 1000
FIRST = Slip("a" * 64, 1, b"sealed", FAR)


def test_a_slip_comes_back_as_it_was_put_until_it_is_dropped(store):
    assert store.read_slip(FIRST.name, NOW) is None
    store.write_slip(FIRST, NOW)
    assert store.read_slip(FIRST.name, NOW) == FIRST
    assert store.read_slip("b" * 64, NOW) is None
    second = FIRST._replace(version=2, sealed=b"", expires=FAR + 5)
    store.write_slip(second, NOW)
    assert store.read_slip(FIRST.name, NOW) == second
    store.drop_slip(FIRST.name)
    store.drop_slip(FIRST.name)
    assert store.read_slip(FIRST.name, NOW) is None
    store.write_slip(FIRST, NOW)


def test_only_the_next_version_may_follow(store):
    for wrong in (2, 5):
        with pytest.raises(VersionConflictError):
            store.write_slip(FIRST._replace(version=wrong), NOW)
    store.write_slip(FIRST, NOW)
    for wrong in (1, 3):
        with pytest.raises(VersionConflictError):
            store.write_slip(FIRST._replace(version=wrong, sealed=b"rival"), NOW)
    assert store.read_slip(FIRST.name, NOW) == FIRST


def test_what_has_expired_is_as_if_it_had_never_been(store):
    store.write_slip(FIRST, NOW)
    assert store.read_slip(FIRST.name, FAR) is None
    with pytest.raises(VersionConflictError):
        store.write_slip(FIRST._replace(version=2, expires=FAR + 9), FAR)
    again = FIRST._replace(sealed=b"again", expires=FAR + 9)
    store.write_slip(again, FAR)
    assert store.read_slip(FIRST.name, FAR) == again


def test_many_are_read_at_once_but_for_those_that_have_expired(store):
    slips = {name: FIRST._replace(name=name, sealed=name.encode()) for name in (f"wish:{n:03d}" for n in range(101))}
    for slip in slips.values():
        store.write_slip(slip, NOW)
    asked = [*slips, "wish:lain"]
    assert store.read_slips(asked, NOW) == slips
    assert store.read_slips(asked, FAR) == store.read_slips([], NOW) == {}


def test_what_leaves_with_a_slip_is_put_with_it_or_not_at_all(store):
    def entry(n: int) -> OutboxEntry:
        return OutboxEntry(f"{n:032x}", Notice.RELAYED, "kutim", sealed=b"mark", words=b"sealed")

    store.write_slip(FIRST, NOW, [entry(1)])
    with pytest.raises(VersionConflictError):
        store.write_slip(FIRST._replace(sealed=b"rival"), NOW, [entry(2)])
    store.write_slip(FIRST._replace(version=2), NOW, [entry(3)])
    assert store.read_slip(FIRST.name, NOW) == FIRST._replace(version=2)
    assert {each.entry_id for each in store.waiting()} == {entry(1).entry_id, entry(3).entry_id}


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_of_many_at_once_one_is_first(store):
    def put(n: int) -> bool:
        try:
            store.write_slip(FIRST._replace(sealed=b"%d" % n), NOW)
        except VersionConflictError:
            return False
        return True

    assert sum(at_once(8, put)) == 1
