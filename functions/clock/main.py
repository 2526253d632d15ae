"""Wiring of the clock: store, blobs and directory. It holds no key at all, not even a public one.

It reads heads, writes events without words, and deletes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import time

from functions.actions.clock.audit import Audit
from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.count_figures import CountFigures
from functions.actions.clock.import_replies import ImportReplies
from functions.actions.clock.publish_edition import Editions, Publish
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
from functions.storage.interface import StorageError, Store
from functions.storage.registers.directory import live_directory

TROUBLE = (StorageError, OSError, AuditFailedError)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """The hourly tasks, by name; each returns how many it handled."""

    steps: dict[str, Callable[[], int]]

    def __call__(self) -> dict[str, int]:
        """Run each task, whatever becomes of the others: the next run makes up for a failed one.

        Returns the count of each task. Raises the first failure, once all were tried.
        """
        done: dict[str, int] = {}
        trouble: list[Exception] = []
        for name, step in self.steps.items():
            try:
                done[name] = step()
            except TROUBLE as error:
                logs.report("trouble", error, code=name)
                trouble.append(error)
        if trouble:
            raise trouble[0]
        return done


def make_housekeeping(settings: Settings) -> Housekeeping:
    """Wire the hourly tasks.

    They import replies of agencies' systems, remind, escalate, delete, anchor, count, publish, give files of a day one
    time of change, and report letters that were given up and a disk that fills. Raises StorageError, SettingsError.
    """
    store, blobs = open_store(settings), open_blobs(settings)
    directory = live_directory(store, settings)
    audit = Audit(store, directory)
    return Housekeeping(
        {
            "taken_up": ImportReplies(
                store=store,
                directory=directory,
                today=settings.today,
                now=lambda: int(time()),
                deadlines=settings.deadlines,
                holidays=directory.holidays,
                batch=settings.batches(directory),
            ),
            "remind": Remind(store, directory, settings.today, settings.patience, directory.holidays),
            "retain": Retain(store, blobs, directory, settings.today, settings.retention_days),
            "anchor": lambda: len(audit.anchor_all(settings.today())),
            "count": CountFigures(store, directory, settings.today, directory.holidays, lambda: int(time()) // HOUR),
            "tally": CountBarometer(store, directory, settings.today, directory.holidays),
            "publish": Publish(
                {
                    "barometer": Editions(store, directory, settings.today),
                    "reports": PublishReports(store, directory, settings.today),
                }
            ),
            "redate": lambda: blobs.redate(settings.today() - timedelta(days=1)),
            "dead_letters": lambda: dead_letters(store),
            "low_space": lambda: low_space(settings),
        }
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
    low = settings.store == "sqlite" and free_bytes(settings) < settings.disk_reserve_mb * MEGABYTE
    if low:
        logs.report("low_space")
    return int(low)
