"""Lets a second SIGTERM arrive at the worst moment: while the main thread, in its own handler perhaps, holds the lock of
an event that it sets."""

import os
import signal
import threading

notify_all = threading.Condition.notify_all


def interrupted(self: threading.Condition) -> None:
    notify_all(self)
    if threading.get_ident() == threading.main_thread().ident and callable(signal.getsignal(signal.SIGTERM)):
        os.kill(os.getpid(), signal.SIGTERM)


threading.Condition.notify_all = interrupted
