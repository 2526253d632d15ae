"""Who among other systems rests after failures, so that one that is away or slow costs the others nothing.

Tests: ``tests/courier/test_outside.py``, ``tests/doors/test_linked.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from functions.delivery.interface import DeliveryError

HOUR = 3600
RESTS_AFTER = 3  # failures one after the other; a call that took all its time is enough alone


@dataclass(frozen=True, slots=True)
class Circuit:
    """``now`` gives epoch seconds. ``failed`` counts a system's failures, ``rests`` is the epoch hour before which it
    is not tried. Both are in memory: a restarted courier tries again."""

    now: Callable[[], int]
    failed: dict[str, int] = field(default_factory=dict)
    rests: dict[str, int] = field(default_factory=dict)

    def call(self, name: str, send: Callable[[], None], code: str) -> None:
        """Send, unless the system rests: then raise a DeliveryError of this code. Raises what ``send`` raises."""
        if self.resting(name):
            raise DeliveryError(code)
        try:
            send()
        except DeliveryError as error:
            self.note(name, error)
            raise
        self.failed.pop(name, None)

    def resting(self, name: str) -> bool:
        """Tell whether a system is not to be tried in this hour."""
        return self.rests.get(name, 0) > self.now() // HOUR

    def note(self, name: str, error: DeliveryError) -> None:
        """Count a failure; one that lasts is about the message and not about the system."""
        self.failed[name] = 0 if error.lasting else self.failed.get(name, 0) + 1
        if error.slow or self.failed[name] >= RESTS_AFTER:
            self.rests[name] = self.now() // HOUR + 1
