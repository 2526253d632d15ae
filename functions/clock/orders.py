"""The clock's order ``keep_house``, every hour. The next run makes up for one that ran out of time."""

from functools import lru_cache

from functions.aws_lambda.orders import Order
from functions.clock.main import make_housekeeping
from functions.config.settings import Settings

_made = lru_cache(maxsize=1)(make_housekeeping)


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Run all hourly tasks once. Returns the count of each. Raises StorageError, SettingsError, OSError."""
    return _made(settings)()
