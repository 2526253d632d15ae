"""What every engine keeps of second factors: one register for each agency and realm, and of two who write both count."""

from dataclasses import replace
from datetime import date

import pytest

from functions.casework.factors.keyring import Factor, Keyring, Kind
from functions.storage.interface import Register
from functions.storage.registers.factors import change_keyring, read_keyring, read_keyrings, register_name
from tests.storage.conftest import PARALLEL
from tests.storage.examples import at_once

DAY = date(2026, 11, 25)
PASSKEY = Factor("aWQ", Kind.PASSKEY, "ponsel", DAY, DAY, public=bytes(range(91)), count=7, synced=True)
TOTP = Factor("x", Kind.TOTP, "kode", DAY, secret=b"\x00" * 60, instance="kutim", spent=b"m" * 16)
MISSES = {"misses": 2, "hour": 5, "hour_misses": 1, "help_hour": 6, "help_misses": 3}
FULL = Keyring((PASSKEY, TOTP), DAY, shut=True, code=b"c", code_instance="kutim", **MISSES)


def test_what_is_kept_comes_back_whole_and_the_realms_are_apart(store):
    assert read_keyring(store, "", "unit", "budi") == Keyring()
    assert change_keyring(store, "", "unit", "budi", lambda _: FULL) == FULL
    assert read_keyrings(store, "", "unit") == {"budi": FULL}
    assert read_keyrings(store, "custody", "unit") == {}
    change_keyring(store, "custody", "unit", "sari", lambda _: Keyring((TOTP,)))
    assert read_keyrings(store, "", "unit") == {"budi": FULL}
    assert store.register_version(register_name("", "unit")) == 1
    change_keyring(store, "", "unit", "budi", lambda keyring: keyring)
    assert store.register_version(register_name("", "unit")) == 1  # nothing changed, nothing is written
    change_keyring(store, "", "unit", "budi", lambda _: Keyring())
    assert read_keyrings(store, "", "unit") == {}


def test_a_change_that_is_refused_writes_nothing(store):
    with pytest.raises(ZeroDivisionError):
        change_keyring(store, "", "unit", "budi", lambda _: 1 // 0)
    assert store.read_register(register_name("", "unit")) is None


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_of_two_who_write_at_once_both_count(store):
    def add(i):
        change_keyring(store, "", "unit", f"o{i}", lambda _: Keyring((replace(TOTP, name=str(i)),)))

    at_once(3, add)
    assert sorted(read_keyrings(store, "", "unit")) == ["o0", "o1", "o2"]


def test_fields_of_a_later_release_are_ignored(store):
    body = b'{"budi":{"new":1,"factors":[{"ident":"x","kind":"totp","name":"n","added":"2026-11-25","hue":3}]}}'
    store.write_registers([Register(register_name("", "unit"), 1, body)])
    assert read_keyring(store, "", "unit", "budi").factors == (Factor("x", Kind.TOTP, "n", DAY),)


def test_a_passkey_that_counts_no_signatures_is_kept_without_a_number_and_read_as_none(store):
    """As every release wrote it: read as one, its owner's next sign-in would look like that of a copied key."""
    body = b'{"budi":{"factors":[{"ident":"aWQ","kind":"passkey","name":"ponsel","added":"2026-11-25","synced":true}]}}'
    store.write_registers([Register(register_name("", "unit"), 1, body)])
    (found,) = read_keyring(store, "", "unit", "budi").factors
    assert found.count == 0
    change_keyring(store, "", "unit", "budi", lambda keyring: replace(keyring, since=DAY))
    written = store.read_register(register_name("", "unit"))
    assert b"count" not in written.body
