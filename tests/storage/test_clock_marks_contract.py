"""What the clock did today, and a rotation that is under way, on each engine."""

from datetime import date, timedelta

from functions.storage.interface import Register, VersionConflictError
from functions.storage.registers.clock_marks import mark_done, read_marks, register_name
from functions.storage.registers.factors import note_agency, noted_agencies
from functions.storage.registers.rotation import begin_rotation, end_rotation

DAY = date(2026, 3, 10)


def test_marks_are_of_a_day_and_of_an_instance(store):
    assert read_marks(store, "kutim", DAY) == frozenset()
    for step in ("anchor", "count", "anchor"):
        mark_done(store, "kutim", DAY, step)
    assert read_marks(store, "kutim", DAY) == {"anchor", "count"}
    assert read_marks(store, "kukar", DAY) == frozenset()
    later = DAY + timedelta(days=1)
    assert read_marks(store, "kutim", later) == frozenset()
    mark_done(store, "kutim", later, "tally")
    assert read_marks(store, "kutim", later) == {"tally"}


def test_a_run_beside_this_one_costs_a_mark_and_no_more(store, monkeypatch):
    def lost(_registers, _outbox=()):
        raise VersionConflictError

    mark_done(store, "kutim", DAY, "anchor")
    with monkeypatch.context() as patch:
        patch.setattr(store, "write_registers", lost)
        mark_done(store, "kutim", DAY, "count")
    assert read_marks(store, "kutim", DAY) == {"anchor"}


def test_marks_that_cannot_be_read_are_none(store):
    for n, body in enumerate((b"", b"{", b"[]", b'{"day": "2026-03-10"}', b'{"day": "2026-03-10", "done": 1}')):
        store.write_registers([Register(register_name(f"kab-{n}"), 1, body)])
        assert read_marks(store, f"kab-{n}", DAY) == frozenset()
        mark_done(store, f"kab-{n}", DAY, "anchor")
        assert read_marks(store, f"kab-{n}", DAY) == {"anchor"}


def test_a_rotation_remembers_how_it_began_until_it_ends(store):
    first, second = {"kutim": "a", "kukar": "b"}, {"kutim": "c", "kukar": "b"}
    assert begin_rotation(store, "desk", first, DAY) == first
    assert begin_rotation(store, "desk", second, DAY + timedelta(days=7)) == first
    assert begin_rotation(store, "links", second, DAY) == second, "another purpose"
    end_rotation(store, "desk")
    assert begin_rotation(store, "desk", second, DAY) == second
    assert begin_rotation(store, "desk", first, DAY, fresh=True) == first


def test_agencies_are_noted_once_for_each_instance_and_realm(store):
    for agency in ("kutim-a", "kutim-b", "kutim-a"):
        note_agency(store, "", "kutim", agency)
    note_agency(store, "custody", "kutim", "kutim-c")
    assert noted_agencies(store, "", "kutim") == {"kutim-a", "kutim-b"}
    assert noted_agencies(store, "custody", "kutim") == {"kutim-c"}
    assert noted_agencies(store, "", "kukar") == frozenset()
