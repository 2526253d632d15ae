"""What can be wrong with keys and envelopes."""


class SealError(Exception):
    """The envelope does not open: another key, another case, another item, or altered bytes."""


class KeyringError(Exception):
    """Keys are missing, unreadable or not what they claim; the message says which and what to do."""


class KeysUnavailableError(KeyringError):
    """The place of the keys does not answer; the same call may succeed later."""
