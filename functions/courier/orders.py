"""The courier's orders in AWS: ``deliver``, every minute, and ``bounced``, for letters that came back."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from secrets import token_hex

from functions.actions.courier.deliver import Deliver
from functions.aws_lambda.orders import Order
from functions.config.settings import Settings
from functions.courier.bounces import report_bounces
from functions.courier.main import WORKER, make_deliver
from functions.storage.choose_store import open_store
from functions.storage.interface import Store

STOP_SECONDS = 60  # what a letter takes at worst: three tries, each with three calls of twelve seconds


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Deliver all that is due, or report what bounced. Return counts. Raises StorageError, KeyringError,
    SettingsError."""
    store, current = _made(settings)
    if order.name == "bounced":
        return {"bounced": report_bounces(order.messages, current(), store)}
    return {"taken": deliver_due(store, current, order.left)}


def deliver_due(store: Store, current: Callable[[], Deliver], left: Callable[[], float]) -> int:
    """Deliver until nothing is due or the time is short, then give back what is in hand. Return how many entries were
    claimed.

    Each run has a worker name of its own. So several at once, as when a run takes longer than the minute until the
    next, never settle each other's entries, and drain a long queue sooner. The price: the entries of a killed run, ten
    at most, wait until their lease ends, two hours at most.
    """
    worker, taken, idle = f"{WORKER}-{token_hex(8)}", 0, False

    def short() -> bool:
        return left() < STOP_SECONDS

    def pause(seconds: float) -> None:
        if not short():
            time.sleep(seconds)  # between the quick tries of one letter: nobody waits for this function

    try:
        while not (short() or idle):
            count = replace(current(), pause=pause, short=short).run_once(worker, short)
            taken, idle = taken + count, count == 0
    finally:
        if not idle:
            store.release(worker)
    return taken


@lru_cache(maxsize=1)
def _made(settings: Settings) -> tuple[Store, Callable[[], Deliver]]:
    store = open_store(settings)
    return store, make_deliver(settings, store, time.sleep)
