"""Who may deliver: a header ``X-Lapor-Signature: t=<epoch seconds>,v1=<hex>`` where ``v1`` is
``HMAC-SHA256(SMS_SECRET, "<t>." ‖ body)``.

A signature is good for eight days: a gateway that signed once and tries for a week is taken. Within them a repeat is
known by its delivery's mark, which is kept longer; after them a copy is refused for its age. A clock that runs ahead is
borne for a day.
"""

import hmac
import re

HEADER = "X-Lapor-Signature"
OLD_SECONDS = 8 * 24 * 3600
AHEAD_SECONDS = 24 * 3600
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def sign(secret: bytes, body: bytes, now: int) -> str:
    """The header's value for a body."""
    return f"t={now},v1={_mac(secret, body, str(now))}"


def is_signed(secret: bytes, body: bytes, given: str, now: int) -> bool:
    """Whether the header's value is ours and of these days; compared in a time that tells nothing."""
    found = _FORM.fullmatch(given)
    at, mac = (found[1], found[2]) if found else ("0", "0" * 64)
    ours = hmac.compare_digest(mac, _mac(secret, body, at))
    return ours and -AHEAD_SECONDS <= now - int(at) <= OLD_SECONDS


def _mac(secret: bytes, body: bytes, at: str) -> str:
    return hmac.digest(secret, at.encode() + b"." + body, "sha256").hex()
