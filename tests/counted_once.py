"""What the barometer will say of a store at this month's end, counted and published beside it: nothing is written."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.publish_edition import Editions
from functions.casework.barometer.cells import Cell
from functions.casework.barometer.counts import Count
from functions.casework.barometer.disclosure import publishable_from
from functions.casework.barometer.edition import Edition
from functions.casework.barometer.months import month_of
from functions.casework.barometer.national_edition import COUNTS, WHOLE, instances, members, sums
from functions.casework.directory.agencies import Directory
from functions.storage.interface import OutboxEntry, Register, Store
from functions.storage.registers.barometer_counts import read_standing
from functions.storage.registers.editions import read_edition

RECEIVED = COUNTS[0]


class Barometer(NamedTuple):
    """What came in this month by instance, exactly, and the edition of the month, if there is anything to tell."""

    received: Mapping[str, int]
    edition: Edition | None


class _Beside:
    """A store whose registers are written over in memory alone."""

    def __init__(self, store: Store) -> None:
        self._store, self._written = store, dict[str, Register]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def read_register(self, name: str) -> Register | None:
        return self._written.get(name) or self._store.read_register(name)

    def register_version(self, name: str) -> int:
        found = self.read_register(name)
        return found.version if found else 0

    def write_registers(self, registers: Sequence[Register], outbox: Sequence[OutboxEntry] = ()) -> None:
        assert not outbox
        self._written.update({each.name: each for each in registers})


def barometer(store: Store, directory: Directory, today: date) -> Barometer:
    """Count and publish a month as the clock will, a week after its end."""
    beside, month = cast(Store, _Beside(store)), month_of(today)
    then = publishable_from(month)
    CountBarometer(beside, directory, lambda: then)()
    Editions(beside, directory, lambda: then)()
    found = {}
    for instance in directory.instances():
        standing = read_standing(beside, instance.code, month)
        sums_of = standing.received.get(Cell("instance", instance.code)) if standing else None
        found[instance.code] = sums_of[Count.RECEIVED] if sums_of else 0
    return Barometer(found, read_edition(beside, month, 1))


def once(code: str, before: Mapping[str, Barometer], look: Callable[[], Mapping[str, Barometer]]) -> None:
    """See that one report more is counted in all stores together, at ``code``, in the one store that has it; and that
    each edition, and its sum of all, say no other number. ``before`` has the barometer of each store by name."""
    after = look()
    more = {
        (name, each): count - before[name].received[each]
        for name, one in after.items()
        for each, count in one.received.items()
    }
    assert sorted(more.values()) == [0] * (len(more) - 1) + [1], more
    (where,) = [each for (_, each), count in more.items() if count]
    assert where == code
    for one in after.values():
        if one.edition is None:
            assert not any(one.received.values())
            continue
        told = {place.code: place.values[RECEIVED] for place in instances(one.edition)}
        assert {each for each, value in told.items() if value} <= {each for each, n in one.received.items() if n}, told
        whole = sums(one.edition, members([one.edition], Directory({}, {}, {})))[WHOLE][RECEIVED]
        count = sum(one.received.values())
        assert whole.least <= count, (whole, count)
        assert whole.most is None or count <= whole.most, (whole, count)
