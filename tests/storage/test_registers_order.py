"""Lists of cases within a register are in the order of their random ids, never in the order in which they came."""

import pytest

from functions.storage.registers.linked_systems import Sent, change_sent, mark_waiting, read_sent, read_waiting
from functions.storage.sqlite.store import SqliteStore
from tests.storage.examples import new_id


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path / "lapor.sqlite")
    made.prepare()
    return made


def test_cases_for_which_a_reply_waits(store):
    came = [new_id() for _ in range(30)]
    for case_id in came:
        mark_waiting(store, "kutim-dpupr", case_id, waits=True)
    assert read_waiting(store, "kutim-dpupr") == tuple(sorted(came))
    mark_waiting(store, "kutim-dpupr", came[0], waits=False)
    assert read_waiting(store, "kutim-dpupr") == tuple(sorted(came[1:]))


def test_cases_that_an_agencys_system_has(store):
    came = [(new_id(), new_id()) for _ in range(30)]
    for number, case_id in came:
        change_sent(store, "kutim-dpupr", lambda sent, pair=(number, case_id): Sent({**sent.cases, pair[0]: pair[1]}))
    assert list(read_sent(store, "kutim-dpupr").cases.items()) == sorted(came)
