"""Failures on our side while a door runs, and the code of the message that people get.

Nothing was stored in either case; a door gives back what was written.

Tests: ``tests/doors/test_intake.py``.
"""

from functions.crypto.errors import KeyringError
from functions.storage.interface import StoreUnavailableError

TROUBLES: dict[type[Exception], str] = {StoreUnavailableError: "unavailable", KeyringError: "offline"}
TROUBLE = tuple(TROUBLES)


def trouble_code(error: Exception) -> str:
    """Return the code of a failure: ``unavailable`` or ``offline``."""
    return next(code for kind, code in TROUBLES.items() if isinstance(error, kind))
