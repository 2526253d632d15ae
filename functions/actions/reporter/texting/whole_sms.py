"""One whole SMS, as it is carried out.

Tests: ``tests/doors/test_sms.py``, ``tests/doors/test_sms_cut_short.py``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Sms:
    """One whole SMS. Under the same ``key`` (16 random bytes) a repeat is the same act. ``muted``: its number wants no
    SMS. ``unheard``: no answer to small talk would leave, so nothing waits for one. ``again``: an earlier delivery of
    it was cut short, so what it asks for may be done."""

    number: str
    text: str
    key: bytes
    suspicious: bool = False
    muted: bool = False
    unheard: bool = False
    again: bool = False


def rest_key(key: bytes) -> str:
    """Return the key of the rest of an SMS that is too long for one act."""
    return f"{key.hex()}rest"
