"""Passes of counters (loket): by one, a report written down at an office's counter is known not to be part of a flood.

The desk gives one to a signed-in clerk with each empty form, intake counts it as a kind of proof of its own. In it are
an hour and chance, nothing of the counter, its office or its clerk, and it rests in no store and no log. Both doors
have one secret for it, from which neither a link nor a proof of another kind can be made.
"""

import hmac
import time
from collections.abc import Callable
from hashlib import sha256
from secrets import token_hex
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from functions.config.settings import Settings

PASS_HOURS = 12  # a form opened in the morning still counts in the evening
PASS_MAX = 200  # characters; ours are below 100
MARK_DIGITS = 16
HOUR = 3600
_OWN = token_hex(32)  # one process, in which both doors are, needs no lasting secret


class Passes:
    """Makes passes and reads them. ``now`` gives epoch seconds."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._passes = URLSafeSerializer(key, "counter", signer_kwargs={"digest_method": sha256})
        self._now = now

    def make(self) -> str:
        """A fresh pass, URL-safe."""
        return str(self._passes.dumps([int(self._now()) // HOUR, token_hex(MARK_DIGITS // 2)]))

    def read(self, given: str) -> str:
        """The mark of a pass that still counts, 16 hex digits; "" for anything else."""
        made, mark = self._open(given)
        return mark if 0 <= int(self._now()) // HOUR - made <= PASS_HOURS else ""

    def mark(self, given: str) -> str:
        """The mark of a pass of ours, however old it is; "" for anything else."""
        return self._open(given)[1]

    def _open(self, given: str) -> tuple[int, str]:
        if not given or len(given) > PASS_MAX:
            return 0, ""
        try:
            found: list[Any] = self._passes.loads(given)  # ours alone, once the signature fits
        except BadData:
            return 0, ""
        return int(found[0]), str(found[1])


def counter_secret(form_secret: str) -> str:
    """What the desk is told instead of the forms' secret, which makes other proofs as well."""
    return hmac.new(form_secret.encode(), b"lapor/1/counter", sha256).hexdigest()


def counter_key(settings: Settings) -> bytes:
    """The passes' key: ``COUNTER_SECRET``, or what follows from ``FORM_SECRET``, or one of this process alone."""
    derived = counter_secret(settings.form_secret) if settings.form_secret else _OWN
    return (settings.counter_secret or derived).encode()
