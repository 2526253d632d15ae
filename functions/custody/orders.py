"""The custody door's order ``rewrap``: half of a rotation, since only it opens the old key of identities."""

from functions.actions.common.rewrap import RewrapIdentities
from functions.actions.common.sign_in import CUSTODY
from functions.actions.factors.rewrap_factors import RewrapFactors
from functions.aws_lambda.orders import Order
from functions.config.settings import Settings
from functions.crypto.open.private.choose import open_keys
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory

STOP_SECONDS = 5


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Make one pass over an instance's identities and its custodians' secrets, as ``desk.orders`` does over its cases.
    Raises OutOfTimeError, KeyringError, StorageError."""
    keys, store = open_keys(settings), open_store(settings)
    rewrap = RewrapIdentities(
        store=store,
        private=lambda: keys.private(Purpose.IDENTITY),
        public=keys.public,
        today=settings.today,
        stopping=lambda: order.left() < STOP_SECONDS,
    )
    agencies = read_directory(store, settings).directory.agencies
    factors = RewrapFactors(store, agencies, rewrap.private, keys.public, Purpose.IDENTITY, CUSTODY)
    return {"rewrapped": factors(order.instance) + rewrap(order.instance)}
