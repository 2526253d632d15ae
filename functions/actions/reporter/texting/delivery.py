"""What a gateway delivers.

Tests: ``tests/doors/test_sms.py``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Delivery:
    """What a gateway delivers. ``sent_at`` is its own clock's text, used only to recognise a repeat without a
    ``gateway_id``. A long SMS comes as ``part`` 1 to ``parts`` with a common ``reference``."""

    sender: str
    text: str
    gateway_id: str = ""
    sent_at: str = ""
    reference: str = ""
    part: int = 1
    parts: int = 1

    def facts(self, number: str) -> tuple[str, ...]:
        """Return what two deliveries share if one repeats the other. A gateway that is set up again restarts its ids,
        so the text is one of these facts."""
        part = (self.reference, str(self.part), str(self.parts))
        if self.gateway_id:
            return ("id", self.gateway_id, number, self.text, *part)
        return ("minute", self.sent_at[:16], number, self.text, *part)
