"""What is measured of a nation's load, part by part, on one file."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from functions.actions.clock.audit import Audit
from functions.actions.clock.barometer_counts import CountBarometer, OneInstance
from functions.actions.clock.publish_edition import Editions
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.casework.barometer.audit import publishable
from functions.casework.barometer.audit_tables import Ended, tables_of
from functions.casework.barometer.counts import Calendar
from functions.casework.barometer.disclosure import Edition as Tables
from functions.casework.barometer.disclosure import due_on
from functions.casework.barometer.months import add_months, months_between
from functions.casework.barometer.national_edition import WHOLE, members, sums
from functions.casework.barometer.places import HISTORY, places_of
from functions.clock.main import make_housekeeping
from functions.config.settings import Settings, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Notice, OutboxEntry
from functions.storage.registers.barometer_counts import read_standing
from functions.storage.registers.directory import read_directory
from functions.storage.registers.editions import each_newest_edition, edition_name, list_editions
from functions.storage.registers.figures import read_figures
from functions.storage.sqlite.outbox import insert_entries
from functions.storage.sqlite.store import SqliteStore
from tests.bench.nation_mail import Morning

FIRST, SECOND, THIRD, EDITION = date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12), date(2026, 4, 9)
HOUR = 500_000
LETTER = "uji-"


class Nation:
    """One file, as a part finds it."""

    def __init__(self, folder: Path) -> None:
        self.settings = load_settings({"DATA_DIR": str(folder)})
        self.store = SqliteStore(folder / "lapor.sqlite")
        self.keys = KeyDirectory(folder / "keys")

    def whole_clock(self, day: date) -> dict[str, float]:
        """One run for all, as the clock's function did it; with the CPU seconds of each task."""
        spent: dict[str, float] = {}

        def timed(name: str, step: Callable[..., int]) -> Callable[..., int]:
            def run(*which: str) -> int:
                began = time.process_time()
                done = step(*which)
                spent[name] = spent.get(name, 0) + time.process_time() - began
                return done

            return run

        house = make_housekeeping(at(self.settings, day))
        for steps in (house.hourly, house.daily, house.whole):
            steps.update({name: timed(name, step) for name, step in steps.items()})  # type: ignore[attr-defined]
        house()
        return spent

    def quiet_before(self, day: date) -> None:
        """What each further hour read before there were marks: whether today is anchored and counted."""
        directory = read_directory(self.store, self.settings).directory
        audit = Audit(self.store, directory)
        for instance in directory.instances():
            audit.anchor(instance.code, day)
            read_figures(self.store, instance.code)

    def one_order(self, code: str, day: date) -> None:
        """What the function does for one order of its own."""
        make_housekeeping(at(self.settings, day)).one(code)

    def orders(self, codes: Sequence[str], day: date) -> dict[str, float]:
        """The same for several, with the CPU seconds of each."""
        spent, house = {}, make_housekeeping(at(self.settings, day))
        for code in codes:
            began = time.process_time()
            house.one(code)
            spent[code] = time.process_time() - began
        return spent

    def tally(self, day: date) -> None:
        """The end of a month, for all."""
        CountBarometer(self.store, read_directory(self.store, self.settings).directory, lambda: day)()

    def edition(self, day: date) -> None:
        """The edition of that month."""
        Editions(self.store, read_directory(self.store, self.settings).directory, lambda: day)()

    def edition_of_one(self, code: str, day: date) -> dict[str, float]:
        """The edition of one government whose eleven months before are out; with the CPU seconds of its parts. It is
        published nowhere."""
        directory = read_directory(self.store, self.settings).directory
        instance, newest = directory.agencies[code], due_on(day)
        counting, told, spent = OneInstance(self.store, code, Calendar(), day), list[Tables](), {}
        for month in months_between(add_months(newest, 1 - HISTORY), newest):
            counting.again(month)
            standing = read_standing(self.store, code, month)
            assert standing, month
            ended = Ended(standing.cohorts, standing.month, standing.received)
            began = time.process_time()
            told.append(publishable(tables_of(instance, month, ended, directory, told), told))
            spent[f"audit of month {len(told)}"] = time.process_time() - began
        began = time.process_time()
        assert places_of(instance, told, ended, directory, None)
        return spent | {"places": time.process_time() - began}

    def sums(self) -> dict[str, float]:
        """The nation's sums of the edition, audited."""
        *_, edition = sorted(each_newest_edition(self.store), key=lambda each: each.month)
        known = members([edition], read_directory(self.store, self.settings).directory)
        assert WHOLE in sums(edition, known)
        return {}

    def morning(self, day: date, instances: Sequence[str]) -> dict[str, float]:
        """A day's notices put by for the morning, and its digests; with the CPU seconds of each and how many."""
        morning = Morning(self.store, self.keys, read_directory(self.store, self.settings).directory, day)
        count, began = morning.arrive(instances), time.process_time()
        morning.put_by()
        put_by, began = time.process_time() - began, time.process_time()
        letters = morning.tell()
        told = time.process_time() - began
        return {"put by": put_by, "told": told, "notices": count, "letters": letters.letters, "bytes": letters.bytes}

    def bytes(self, code: str) -> dict[str, float]:
        """Bytes of the file, of the list of a government's last anchor, and of the edition."""
        anchors = self.store.read_register(f"audit:{code}")
        editions = [self.store.read_register(edition_name(*each)) for each in list_editions(self.store)]
        found = {"file": self.store.engine.path.stat().st_size, "anchors": len(anchors.body) if anchors else 0}
        return found | {"edition": sum(len(each.body) for each in editions if each)}

    def rotate(self, instances: Sequence[str]) -> None:
        """New keys for these, without the wait."""
        agencies = read_directory(self.store, self.settings).directory.agencies
        rewrap = rewrap_here(self.store, self.keys, lambda: FIRST, lambda _: None, agencies)
        Rotate(self.keys, rewrap, lambda: None).all(Purpose.DESK, instances)

    def drain(self, workers: int, count: int) -> None:
        """Claim and settle waiting letters, by so many couriers at once. Raises AssertionError if one is sent twice or
        none is."""
        drained = [each for each in drain(self.store, workers) if each.startswith(LETTER)]
        assert len(drained) == len(set(drained)) == count, (len(drained), count)
        assert self.store.waiting() == ()


def at(settings: Settings, day: date) -> Settings:
    """Let these settings' today be a day, in this process."""
    type(settings).today = lambda _: day  # type: ignore[method-assign]
    return settings


def put_letters(store: SqliteStore, count: int, directory_codes: Sequence[str]) -> None:
    """Let so many notices wait."""
    entries = [
        OutboxEntry(f"{LETTER}{n:032x}", Notice.NEW_CASE, directory_codes[n % len(directory_codes)], not_before=HOUR)
        for n in range(count)
    ]
    with store.engine.write() as db:
        insert_entries(db, entries)


def drain(store: SqliteStore, workers: int) -> list[str]:
    """Return the ids in the order in which couriers, at once, would have sent them."""
    sent: list[str] = []

    def work(name: str) -> None:
        while claimed := store.claim(name, HOUR):
            for entry in claimed:
                sent.append(entry.entry_id)
                store.settle(entry.entry_id, name)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, [f"courier-{n}" for n in range(workers)]))
    return sent
