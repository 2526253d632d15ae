"""The custody door's order ``rewrap``: half of a rotation, since only it opens the old key of identities."""

from functions.actions.common.rewrap import RewrapIdentities
from functions.aws_lambda.orders import Order
from functions.config.settings import Settings
from functions.crypto.open.private.choose import open_keys
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store

STOP_SECONDS = 5


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Make one pass over an instance's identities, as ``desk.orders`` does over its cases. Raises OutOfTimeError,
    KeyringError, StorageError."""
    keys = open_keys(settings)
    rewrap = RewrapIdentities(
        store=open_store(settings),
        private=lambda: keys.private(Purpose.IDENTITY),
        public=keys.public,
        stopping=lambda: order.left() < STOP_SECONDS,
    )
    return {"rewrapped": rewrap(order.instance)}
