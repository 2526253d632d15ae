"""The desk's order ``rewrap``: half of a rotation, since only the desk opens the old key."""

from functions.actions.common.rewrap import RewrapCases
from functions.actions.factors.rewrap_factors import RewrapFactors
from functions.aws_lambda.orders import Order
from functions.config.settings import Settings
from functions.crypto.open.private.choose import open_keys
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory

STOP_SECONDS = 5


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Make one pass over an instance's cases and its officers' secrets, as far as the time goes. Returns how many keys
    were wrapped again; ops repeat the order until it is 0.

    The keys are read again: as of a minute ago the old key would be the current one, and 0 would let ops destroy it.
    Raises OutOfTimeError, KeyringError, StorageError.
    """
    keys, store = open_keys(settings), open_store(settings)
    rewrap = RewrapCases(
        store=store,
        private=lambda: keys.private(Purpose.DESK),
        public=keys.public,
        today=settings.today,
        stopping=lambda: order.left() < STOP_SECONDS,
    )
    factors = RewrapFactors(
        store, read_directory(store, settings).directory.agencies, rewrap.private, keys.public, Purpose.DESK
    )
    return {"rewrapped": factors(order.instance) + rewrap(order.instance)}
