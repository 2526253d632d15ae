"""A store is its parts: each is one interface on the engine it is given, and none reaches into another."""

from itertools import combinations
from pathlib import Path

import pytest

from functions.config.readers import STORES as SETTABLE
from functions.config.settings import Settings
from functions.storage import interface
from functions.storage.choose_store import open_store
from tests.storage.conftest import STORES

KEPT = (
    interface.Cases,
    interface.Retention,
    interface.Identities,
    interface.Outbox,
    interface.Links,
    interface.Registers,
    interface.Slips,
)
KINDS = [store for store, _ in STORES.values()]


def named(kind: type) -> set[str]:
    """What a class itself defines, but for what every class has."""
    return {name for name in vars(kind) if not name.startswith("__")}


def public(kind: type) -> set[str]:
    return {name for name in named(kind) if not name.startswith("_")}


@pytest.mark.parametrize(("store", "base"), STORES.values())
def test_each_part_is_one_interface_and_inherits_from_no_other(store: type, base: type) -> None:
    schema, *parts = store.__bases__
    assert public(schema) == public(interface.Store)
    assert [public(part) for part in parts] == [public(kept) for kept in KEPT]
    assert {part.__bases__ for part in store.__bases__} == {(base,)}


@pytest.mark.parametrize("store", KINDS)
def test_no_two_parts_share_a_name(store: type) -> None:
    """In one flat class the later part's helper would silently become the earlier one's."""
    for one, other in combinations(store.__bases__, 2):
        assert not named(one) & named(other), (one, other)


@pytest.mark.parametrize("store", KINDS)
def test_a_store_adds_nothing_to_its_parts(store: type) -> None:
    assert named(store) == set()


@pytest.mark.parametrize("name", SETTABLE)
def test_every_store_that_can_be_set_is_opened_and_stands_in_the_contract_suite(name: str, tmp_path: Path) -> None:
    assert type(open_store(Settings(store=name, data_dir=tmp_path))) is STORES[name][0]
    assert set(STORES) == set(SETTABLE)
