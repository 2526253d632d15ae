"""Numbers that want no news by SMS: the gateway stores them, the courier looks them up.

Tests: ``tests/doors/test_sms.py``.
"""

from dataclasses import dataclass, field

from functions.crypto.slips.phone_numbers import mute_name
from functions.storage.interface import Slip, Store


@dataclass(frozen=True, slots=True)
class MutedNumbers:
    """``secret`` is the mute secret, which gateway and courier share (``crypto.slips.phone_secrets``). Times are epoch
    seconds. Every method raises StorageError."""

    store: Store
    secret: bytes = field(repr=False)

    def has(self, number: str, now: int) -> bool:
        """Tell whether a number wants no news."""
        return self.store.read_slip(mute_name(self.secret, number), now) is not None

    def add(self, number: str, until: int, now: int) -> None:
        """Mute a number until a midnight; an earlier request stands."""
        if not self.has(number, now):
            self.store.write_slip(Slip(mute_name(self.secret, number), 1, b"", until), now)

    def drop(self, number: str) -> None:
        """Let news reach a number again."""
        self.store.drop_slip(mute_name(self.secret, number))
