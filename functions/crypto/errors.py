"""What can be wrong with keys and envelopes."""

from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class SealError(Exception):
    """The envelope does not open: another key, another case, another item, or altered bytes."""


class KeyringError(Exception):
    """Keys are missing, unreadable or not what they claim; the message says which and what to do."""


class KeysUnavailableError(KeyringError):
    """The place of the keys does not answer; the same call may succeed later."""


def unless_missing(look: Callable[[], Found]) -> Found | None:
    """Return what ``look`` finds, None if keys are missing or damaged: a door then goes offline. Raises
    KeysUnavailableError, after which the same call may succeed."""
    try:
        return look()
    except KeysUnavailableError:
        raise
    except KeyringError:
        return None
