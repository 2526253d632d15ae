"""Errors of keys and envelopes."""


class SealError(Exception):
    """The envelope does not open: another key, another case, another item, or altered bytes."""


class KeyringError(Exception):
    """Keys are missing, unreadable or invalid; the message says which and what to do."""


class KeysUnavailableError(KeyringError):
    """The key store does not answer; the same call may succeed later."""
