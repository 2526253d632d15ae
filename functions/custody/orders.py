"""The custody door's order: ``rewrap``, half of a rotation, since it alone opens the old key of identities."""

from functions.actions.rewrap import RewrapIdentities
from functions.orders import Order
from functions.settings import Settings
from functions.storage.choose import open_store
from functions.vault.choose_private import open_keys
from functions.vault.keyring import Purpose

STOP_SECONDS = 5


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Make one pass over an instance's identities, as the desk does over its cases, with keys looked at anew. Raises
    OutOfTimeError, KeyringError, StorageError."""
    keys = open_keys(settings)
    rewrap = RewrapIdentities(
        store=open_store(settings),
        private=lambda: keys.private(Purpose.IDENTITY),
        public=keys.public,
        stopping=lambda: order.left() < STOP_SECONDS,
    )
    return {"rewrapped": rewrap(order.instance)}
