"""Wiring of the clock: store, blobs and directory. It holds no key at all, not even a public one.

It reads heads, writes events without words, and deletes.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from time import time

from functions.actions.clock.audit import Audit
from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.count_figures import CountFigures
from functions.actions.clock.import_replies import ImportReplies
from functions.actions.clock.publish_edition import Editions
from functions.actions.clock.publish_reports import PublishReports
from functions.actions.clock.remind import Remind
from functions.actions.common.erase import Retain
from functions.casework.barometer.audit import AuditFailedError
from functions.casework.deadlines.batches import HOUR
from functions.config import logs
from functions.config.disk import free_bytes
from functions.config.settings import Settings
from functions.storage.blobs.choose import MEGABYTE, open_blobs
from functions.storage.choose_store import open_store
from functions.storage.interface import Registers, StorageError, Store
from functions.storage.registers.clock_marks import mark_done, read_marks
from functions.storage.registers.directory import live_directory

TROUBLE = (StorageError, OSError, AuditFailedError)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """The hourly tasks, by name; each returns how many it handled.

    ``hourly`` and ``daily`` ones are for one instance (its code) and read nothing of others; ``daily`` ones are left
    out once they are done today. ``whole`` ones are for all together. Whatever becomes of a task, the others run: the
    next hour makes up for a failed one, and goes on where a run was cut off.
    """

    store: Registers
    instances: Callable[[], list[str]]
    today: Callable[[], date]
    hourly: Mapping[str, Callable[[str], int]]
    daily: Mapping[str, Callable[[str], int]]
    whole: Mapping[str, Callable[[], int]]

    def __call__(self, stopping: Callable[[], bool] = lambda: False) -> dict[str, int]:
        """Run all tasks here, one instance after the other, until ``stopping``. Returns the count of each task. Raises
        the first failure, once all were tried."""
        run = Run(dict.fromkeys((*self.hourly, *self.daily), 0))
        for instance in self.instances():
            if stopping():
                break
            self._one(instance, run)
        self.rest(run)
        return run.result()

    def one(self, instance: str) -> dict[str, int]:
        """Run the tasks of one instance. Returns and raises as above; {} if there is no such instance."""
        run = Run({})
        if instance in self.instances():
            self._one(instance, run)
        return run.result()

    def _one(self, instance: str, run: "Run") -> None:
        for name, step in self.hourly.items():
            run.take(name, partial(step, instance))
        day = self.today()
        with run.watching("marks"):
            done = read_marks(self.store, instance, day)
            for name, step in self.daily.items():
                if name not in done and run.take(name, partial(step, instance)):
                    mark_done(self.store, instance, day, name)

    def rest(self, run: "Run") -> None:
        """Run what is for all instances together."""
        for name, step in self.whole.items():
            run.take(name, step)


@dataclass(frozen=True, slots=True)
class Run:
    """How a run went so far: ``done`` counts by task, ``trouble`` has what failed."""

    done: dict[str, int]
    trouble: list[Exception] = field(default_factory=list)

    def take(self, name: str, step: Callable[[], int]) -> bool:
        """Run a task. False if it failed, which is logged."""
        before = len(self.trouble)
        with self.watching(name):
            self.done[name] = self.done.get(name, 0) + step()
        return len(self.trouble) == before

    @contextmanager
    def watching(self, name: str) -> Iterator[None]:
        """Keep a failure inside, and log it."""
        try:
            yield
        except TROUBLE as error:
            logs.report("trouble", error, code=name)
            self.trouble.append(error)

    def result(self) -> dict[str, int]:
        """Return the counts. Raises the first failure."""
        if self.trouble:
            raise self.trouble[0]
        return self.done


def make_housekeeping(settings: Settings) -> Housekeeping:
    """Wire the hourly tasks.

    They import replies of agencies' systems, remind, escalate, delete, anchor, count, publish, give files of a day one
    time of change, and report letters that were given up and a disk that fills. Raises StorageError, SettingsError.
    """
    store, blobs = open_store(settings), open_blobs(settings)
    directory = live_directory(store, settings)
    today, holidays = settings.today, directory.holidays
    audit = Audit(store, directory)
    replies = ImportReplies(
        store=store,
        directory=directory,
        today=today,
        now=lambda: int(time()),
        deadlines=settings.deadlines,
        holidays=holidays,
        batch=settings.batches(directory),
    )
    return Housekeeping(
        store,
        lambda: [instance.code for instance in directory.instances()],
        today,
        hourly={
            "taken_up": replies.one,
            "remind": Remind(store, directory, today, settings.patience, holidays).one,
            "retain": Retain(store, blobs, directory, today, settings.retention_days).one,
            "publish": PublishReports(store, directory, today).one,
        },
        daily={
            "anchor": lambda instance: bool(audit.anchor(instance, today())),
            "count": CountFigures(store, directory, today, holidays, lambda: int(time()) // HOUR).one,
            "tally": CountBarometer(store, directory, today, holidays, settings.deadlines.window).one,
        },
        whole={
            "taken_up": replies.rest,
            "publish": Editions(store, directory, today),
            "redate": lambda: blobs.redate(today() - timedelta(days=1)),
            "dead_letters": lambda: dead_letters(store),
            "low_space": lambda: low_space(settings),
        },
    )


def dead_letters(store: Store) -> int:
    """Count the letters that wait for ops, among the first twenty; log a line for an alarm if there are any.

    It is logged hourly, not when a letter is given up: that minute would reveal its reporter's.
    """
    letters, _ = store.dead_letters()
    if letters:
        logs.report("dead_letters")
    return len(letters)


def low_space(settings: Settings) -> int:
    """Return 1 if the disk is too full to take files; then log a line for an alarm. A store in the cloud has no end."""
    low = settings.embedded and free_bytes(settings) < settings.disk_reserve_mb * MEGABYTE
    if low:
        logs.report("low_space")
    return int(low)
