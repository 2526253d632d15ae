"""Signatures of deliveries: the header ``X-Lapor-Signature: t=<epoch seconds>,v1=<hex>``.

``v1`` is ``HMAC-SHA256(SMS_SECRET, "<t>." ‖ body)``. A signature is valid for eight days, so that a gateway may sign
once and retry for a week. Within them a repeat is detected by its delivery's mark, which is kept longer; later copies
are refused for their age. A clock may be a day fast.
"""

import hmac
import re

HEADER = "X-Lapor-Signature"
OLD_SECONDS = 8 * 24 * 3600
AHEAD_SECONDS = 24 * 3600
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def sign(secret: bytes, body: bytes, now: int) -> str:
    """Return the header's value for a body."""
    return f"t={now},v1={_mac(secret, body, str(now))}"


def is_signed(secret: bytes, body: bytes, given: str, now: int) -> bool:
    """Tell whether the header's value is ours and recent, compared in constant time."""
    found = _FORM.fullmatch(given)
    at, mac = (found[1], found[2]) if found else ("0", "0" * 64)
    ours = hmac.compare_digest(mac, _mac(secret, body, at))
    return ours and -AHEAD_SECONDS <= now - int(at) <= OLD_SECONDS


def _mac(secret: bytes, body: bytes, at: str) -> str:
    return hmac.digest(secret, at.encode() + b"." + body, "sha256").hex()
