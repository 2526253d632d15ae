"""The number of whoever sent an SMS.

Tests: ``tests/casework/test_sms.py``.
"""

import re

COUNTRY, NUMBER_DIGITS = "62", (8, 15)  # ITU-T E.164


def read_number(sender: str) -> str:
    """Return the sender's number as ``+62…``, "" for a name or a short code, which no SMS can be sent to."""
    if not re.fullmatch(r"\+?[\d\s().-]+", sender.strip(), re.ASCII):
        return ""
    digits = re.sub(r"\D", "", sender)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = COUNTRY + digits[1:]
    low, high = NUMBER_DIGITS
    return f"+{digits}" if low <= len(digits) <= high else ""
