"""Keys of many instances are turned side by side, with one wait; a run that was cut off goes on where it stopped."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from functions.actions.ops.rotate import Rotate
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Register, StorageError
from functions.storage.sqlite.store import SqliteStore

CODES = [f"kab-{n:02}" for n in range(12)]
TODAY = date(2026, 3, 2)


class PulledPlugError(Exception):
    """The run is cut off."""


class Office:
    """Keys of twelve instances, each with as many cases under its old key; and what was done."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / "lapor.sqlite")
        self.store.prepare()
        self.keys = KeyDirectory(folder / "keys")
        self.keys.generate_all((Purpose.DESK, code) for code in CODES)
        self.under = dict(self.current())
        self.waits, self.bars = 0, list[tuple[str, int, int]]()
        self.cut_at, self.failing = "", ""

    def current(self) -> dict[str, str]:
        return {code: key_id for (_, code), key_id in self.keys.public().current.items()}

    def rewrap(self, code: str) -> int:
        if code == self.cut_at:
            raise PulledPlugError
        if code == self.failing:
            raise StorageError(code)
        moved = self.under[code] != self.current()[code]
        self.under[code] = self.current()[code]
        return int(moved)

    def wait(self) -> None:
        self.waits += 1

    @contextmanager
    def bar(self, label: str, length: int) -> Iterator[Callable[[], None]]:
        ticks = Counter[str]()
        yield lambda: ticks.update([label])
        self.bars.append((label, length, ticks[label]))

    def rotate(self, today: date = TODAY, *, fresh: bool = False) -> dict[str, str]:
        turn = Rotate(self.keys, {Purpose.DESK: self.rewrap}, self.wait, 4, self.bar)
        return turn.resumable(self.store, Purpose.DESK, CODES, today, fresh=fresh)

    def all_open(self) -> bool:
        """Whether each case is under a key that is there."""
        return all(key_id in self.keys.private_ids(Purpose.DESK, code) for code, key_id in self.under.items())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_all_are_turned_with_one_wait_and_a_bar_for_each_part(office: Office) -> None:
    before = office.current()
    made = office.rotate()
    assert made == office.current() == office.under
    assert not set(made.values()) & set(before.values())
    assert [office.keys.private_ids(Purpose.DESK, code) for code in CODES] == [[made[code]] for code in CODES]
    assert office.waits == 1
    assert [(length, ticks) for _, length, ticks in office.bars] == [(12, 12)] * 3


def test_as_many_run_at_once_as_were_allowed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(4, timeout=20)  # fails unless four of the twelve are under way at the same moment

    def meet(_: str) -> int:
        together.wait()
        return 0

    monkeypatch.setattr(office, "rewrap", meet)
    office.rotate()


@pytest.mark.parametrize("cut_at", [CODES[0], CODES[7], CODES[11]])
@pytest.mark.parametrize("late", [False, True])
def test_a_run_that_was_cut_off_goes_on_and_makes_no_further_key(office: Office, cut_at: str, late: bool) -> None:
    """Cut off while cases are wrapped, or after the wait; some old keys are destroyed by then."""
    before, standing = office.current(), office.wait
    if late:
        office.wait = lambda: setattr(office, "cut_at", cut_at)  # type: ignore[method-assign]
    else:
        office.cut_at = cut_at
    with pytest.raises(PulledPlugError):
        office.rotate()
    assert office.all_open()
    half, office.cut_at, office.wait = office.current(), "", standing  # type: ignore[method-assign]
    assert before[cut_at] in office.keys.private_ids(Purpose.DESK, cut_at)
    made = office.rotate(TODAY + timedelta(days=3))
    assert made == half == office.under
    assert [office.keys.private_ids(Purpose.DESK, code) for code in CODES] == [[made[code]] for code in CODES]
    again = office.rotate(TODAY + timedelta(days=3))
    assert not set(again.values()) & set(made.values()), "the one before is over: this is another"


def test_a_run_killed_while_keys_are_made_or_destroyed_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made_all, destroy, destroyed = office.keys.generate_all, office.keys.destroy, list[str]()

    def half(pairs: Iterator[tuple[Purpose, str]]) -> list[str]:
        made_all(list(pairs)[:5])
        raise PulledPlugError

    def few(purpose: Purpose, code: str, key_id: str) -> None:
        if len(destroyed) == 3:
            raise PulledPlugError
        destroyed.append(code)
        destroy(purpose, code, key_id)

    with monkeypatch.context() as patch:
        patch.setattr(KeyDirectory, "generate_all", lambda _, pairs: half(pairs))
        with pytest.raises(PulledPlugError):
            office.rotate()
    first = office.current()
    with monkeypatch.context() as patch:
        patch.setattr(KeyDirectory, "destroy", lambda _, *key: few(*key))
        with pytest.raises(PulledPlugError):
            office.rotate()
    assert office.all_open()
    made = office.rotate()
    assert {code: made[code] for code in CODES[:5]} == {code: first[code] for code in CODES[:5]}
    assert [office.keys.private_ids(Purpose.DESK, code) for code in CODES] == [[made[code]] for code in CODES]


def test_an_instance_that_fails_keeps_its_old_key_and_holds_up_no_other(office: Office) -> None:
    before, office.failing = office.current(), CODES[4]
    with pytest.raises(StorageError, match=CODES[4]):
        office.rotate()
    assert before[CODES[4]] in office.keys.private_ids(Purpose.DESK, CODES[4])
    done = [code for code in CODES if code != CODES[4]]
    assert [office.keys.private_ids(Purpose.DESK, code) for code in done] == [[office.current()[code]] for code in done]
    assert office.all_open()


def test_what_was_left_lying_for_a_week_or_is_to_be_fresh_begins_anew(office: Office) -> None:
    office.cut_at = CODES[11]
    for again in ({"today": TODAY}, {"today": TODAY + timedelta(days=8)}, {"fresh": True}):
        before = office.current()
        with pytest.raises(PulledPlugError):
            office.rotate(**again)  # type: ignore[arg-type]
        assert not set(office.current().values()) & set(before.values())
    office.store.write_registers([Register("rotation:desk", 4, b"not a rotation")])
    with pytest.raises(StorageError, match="--fresh"):
        office.rotate()
    office.cut_at = ""
    office.rotate(fresh=True)
    assert office.all_open()
