"""How a long-running process is asked to end: by several signals in quick succession, as systemd, ``make`` and an
impatient Ctrl-C send them."""

import atexit
import os
import signal
import threading
from collections.abc import Callable

ENDING = (signal.SIGINT, signal.SIGTERM)


def when_asked_to_end(end: Callable[[], None]) -> None:
    """Call ``end`` once, in a thread of its own, at the first SIGINT or SIGTERM. Later ones do nothing.

    A handler interrupts the main thread anywhere, itself included: where it took a lock (``threading.Event.set`` does)
    it could wait for itself, and what it raised could be lost. So Python only writes a byte to a pipe, which the thread
    reads. Python takes its handlers away when it ends, and one more signal would then kill it: before that, signals
    are ignored. Raises ValueError outside the main thread.
    """
    asked, ask = os.pipe()
    os.set_blocking(ask, False)
    signal.set_wakeup_fd(ask, warn_on_full_buffer=False)
    for name in ENDING:
        signal.signal(name, _handled)
    atexit.register(_ignore)

    def wait() -> None:
        os.read(asked, 1)
        end()

    threading.Thread(target=wait, daemon=True).start()


def _ignore() -> None:
    for name in ENDING:
        signal.signal(name, signal.SIG_IGN)


def _handled(*_: object) -> None:
    """A function and not SIG_IGN: programs that are started inherit that, and would never end."""
