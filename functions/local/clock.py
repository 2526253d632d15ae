"""What runs by the hour on one machine: the clock's tasks, and the portal frozen anew. It needs no key.

In an office with ``DOOR_USERS`` it is a process of its own: ``python -m functions.local.clock``.
"""

import sys
import threading
from contextlib import suppress

from functions.clock.main import TROUBLE, make_housekeeping
from functions.config import logs
from functions.config.settings import Settings, SettingsError, load_settings
from functions.config.signals import when_asked_to_end
from functions.local.setup import Shown, StartError, freeze, to_show
from functions.storage.choose_store import open_store
from functions.storage.interface import StorageError
from functions.storage.registers.directory import live_directory

HOUSEKEEPING_SECONDS = 3600
PORTAL_SECONDS = 10.0


def keep_house(settings: Settings, stop: threading.Event) -> None:
    """Do what the clock does in AWS, at the start and every hour, one instance after the other. A failed run has logged
    its error, and the next one catches up. After ``stop`` it ends with the instance in hand."""
    tasks = make_housekeeping(settings)
    while not stop.is_set():
        with suppress(*TROUBLE):
            tasks(stop.is_set)
        stop.wait(HOUSEKEEPING_SECONDS)


def keep_portal(settings: Settings, shown: Shown | None, stop: threading.Event) -> None:
    """Freeze the portal again once its content differs from ``shown``. A coordinator may have changed their instance,
    ops imported, the clock made a barometer edition, or the public reports changed."""
    store = open_store(settings)
    directory = live_directory(store, settings)
    while not stop.wait(PORTAL_SECONDS):
        try:
            if to_show(store, directory) != shown:
                shown = freeze(settings)
        except (StorageError, StartError, OSError) as error:
            logs.report("trouble", error, code="portal")


def main() -> int:
    """Run until SIGTERM. Return the exit status."""
    stop = threading.Event()
    when_asked_to_end(stop.set)
    try:
        settings = load_settings()
        threading.Thread(target=keep_portal, args=(settings, None, stop), daemon=True).start()
        keep_house(settings, stop)
    except SettingsError as error:
        sys.stderr.write("".join(f"clock: {fault}\n" for fault in error.faults))
        return 1
    except StorageError as error:
        sys.stderr.write(f"clock: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    logs.configure()
    logs.catch()
    sys.exit(main())
