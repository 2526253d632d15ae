"""The clock's order: ``keep_house``, every hour. Cut short by its time, it is made up for by the next."""

from functools import lru_cache

from functions.aws_lambda.orders import Order
from functions.clock.main import make_housekeeping
from functions.config.settings import Settings

_made = lru_cache(maxsize=1)(make_housekeeping)


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Keep house once. Returns how many of each were done. Raises StorageError, SettingsError, OSError."""
    return _made(settings)()
