"""Codes of six digits that change every 30 seconds (TOTP, RFC 6238; HOTP, RFC 4226): for who has no passkey, or no
script.

A code holds once, and one step early or late, since clocks differ.
"""

from base64 import b32encode
from hmac import compare_digest, digest
from urllib.parse import quote

STEP_SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
WINDOW = (-1, 0, 1)
SPENT_BYTES = 16


def code_at(secret: bytes, step: int, digits: int = DIGITS, hash_name: str = "sha1") -> str:
    """Return the code of a time step (RFC 4226 §5.3)."""
    mac = digest(secret, step.to_bytes(8, "big"), hash_name)
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 10**digits:0{digits}d}"


def spend(secret: bytes, code: str, now: int, spent: bytes) -> bytes:
    """Return the mark of the step whose code this is, to be kept as ``spent``; b"" if it is no code of now (epoch
    seconds), or of no later step than the one that is marked. The mark is a keyed hash, so it tells no time."""
    steps = [now // STEP_SECONDS + offset for offset in WINDOW]
    used = [step for step in steps if compare_digest(_mark(secret, step), spent)]
    for step in steps:
        fresh = not used or step > used[-1]
        if fresh and compare_digest(code_at(secret, step).encode(), code.encode()):
            return _mark(secret, step)
    return b""


def address(secret: bytes, who: str) -> str:
    """Return the ``otpauth`` address that authenticators read."""
    label = quote(f"Lapor Anonim:{who}")
    return f"otpauth://totp/{label}?secret={written(secret)}&issuer=Lapor%20Anonim"


def written(secret: bytes) -> str:
    """Return a secret as people type it: base32 without padding."""
    return b32encode(secret).decode().rstrip("=")


def _mark(secret: bytes, step: int) -> bytes:
    return digest(secret, b"lapor/1/spent\x00" + step.to_bytes(8, "big"), "sha256")[:SPENT_BYTES]
