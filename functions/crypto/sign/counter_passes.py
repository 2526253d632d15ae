"""Passes of counters (loket): a report with a pass was typed at an office's counter and is no part of a flood.

The desk puts a pass into each empty form of a signed-in clerk; the intake counts it as a proof of its own kind. A pass
holds an hour and random bytes, nothing of counter, office or clerk. No store and no log keeps it. Both doors share a
secret for it, which makes neither links nor other proofs: a setting, or a file that a first start makes.
"""

import hmac
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from functions.config.private_files import given_secret, write_private
from functions.config.settings import Settings

PASS_HOURS = 12  # a form opened in the morning still counts in the evening
MARK_DIGITS = 16
HOUR = 3600
SECRET_BYTES = 32
_OWN = token_hex(SECRET_BYTES)  # both doors in one process need no lasting secret


class Passes:
    """Makes and reads passes. ``now`` gives epoch seconds."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._passes = URLSafeSerializer(key, "counter", signer_kwargs={"digest_method": sha256})
        self._now = now

    def make(self) -> str:
        """Make a pass, URL-safe."""
        return str(self._passes.dumps([int(self._now()) // HOUR, token_hex(MARK_DIGITS // 2)]))

    def read(self, given: str) -> str:
        """Return the mark (16 hex digits) of a pass that still counts; "" for anything else."""
        made, mark = self._open(given)
        return mark if 0 <= int(self._now()) // HOUR - made <= PASS_HOURS else ""

    def mark(self, given: str) -> str:
        """Return the mark of a pass of ours, however old; "" for anything else."""
        return self._open(given)[1]

    def _open(self, given: str) -> tuple[int, str]:
        try:
            found: list[Any] = self._passes.loads(given)  # safe to trust: the signature fits
        except BadData:
            return 0, ""
        return int(found[0]), str(found[1])


def counter_secret(form_secret: str) -> str:
    """Derive what the desk gets in place of the forms' secret, which would make other proofs as well."""
    return hmac.new(form_secret.encode(), b"lapor/1/counter", sha256).hexdigest()


def counter_key(settings: Settings) -> bytes:
    """Return the passes' key: ``COUNTER_SECRET``, or derived from ``FORM_SECRET``, or the file, or one of this process
    alone."""
    if settings.counter_secret or settings.form_secret:
        return (settings.counter_secret or counter_secret(settings.form_secret)).encode()
    path = given_secret(_path(settings))
    return path.read_bytes().strip() if path.is_file() else _OWN.encode()


def make_counter_secret(settings: Settings) -> None:
    """Make the file, unless it is there: desk and intake are processes of their own."""
    path = _path(settings)
    if not path.exists():
        write_private(path, token_hex(SECRET_BYTES).encode() + b"\n")


def _path(settings: Settings) -> Path:
    return settings.keys_dir / "counter"
