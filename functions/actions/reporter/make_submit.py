"""Build the intake service from the settings, for every door that receives reports.

Tests: ``tests/cli/test_directory.py``.
"""

from collections.abc import Callable

from functions.actions.reporter.submit import Submit
from functions.config.settings import Settings
from functions.crypto.seal.public_keys import PublicKeys
from functions.storage.interface import Store
from functions.storage.registers.directory import LiveDirectory


def make_submit(
    settings: Settings, store: Store, public_keys: Callable[[], PublicKeys], directory: LiveDirectory
) -> Submit:
    """Return the service. What accuses, entrusts a name or is sensitive waits for the batches of the settings."""
    batches = settings.batches(directory)
    return Submit(
        store=store,
        public_keys=public_keys,
        directory=directory,
        today=settings.today,
        deadlines=settings.deadlines,
        holidays=directory.holidays,
        batch=batches,
        digest=batches.next,
    )
