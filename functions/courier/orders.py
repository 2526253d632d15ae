"""The courier's orders in AWS: ``deliver``, every minute, ``bounced``, for letters that came back, and ``seal_anew``,
half of a rotation, since only it opens the old key."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from secrets import token_hex

from functions.actions.courier.deliver import Deliver
from functions.actions.courier.seal_anew import decode, encode, seal_anew
from functions.aws_lambda.orders import Order
from functions.config.settings import Settings
from functions.courier.bounces import report_bounces
from functions.courier.main import WORKER, make_deliver
from functions.crypto.open.private.choose import open_keys
from functions.crypto.open.private.interface import KeyStore
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.interface import Store

STOP_SECONDS = 60  # what a letter takes at worst: three tries, each with three calls of twelve seconds


def obey(order: Order, settings: Settings) -> dict[str, int] | dict[str, str]:
    """Deliver all that is due, report what bounced, or seal anew. Return counts, or the envelopes. Raises StorageError,
    KeyringError, SettingsError; ValueError for envelopes that are none."""
    if order.name == "seal_anew":
        return {"envelopes": _sealed_anew(order, open_keys(settings))}
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


def _sealed_anew(order: Order, keys: KeyStore) -> str:
    public = keys.public()  # read first: what it calls current is then among the private keys read after it
    given = decode(order.envelopes)
    anew = seal_anew(order.instance, given, keys.private(Purpose.COURIER, order.instance), public)
    return encode([(context, envelope) for (context, _), envelope in zip(given, anew, strict=True)])


@lru_cache(maxsize=1)
def _made(settings: Settings) -> tuple[Store, Callable[[], Deliver]]:
    store = open_store(settings)
    return store, make_deliver(settings, store, time.sleep)
