"""Signs that a person's browser sent a report with some effort. None is ever required.

With JavaScript that is a proof of work (ALTCHA), without it a signed form that somebody viewed for a while. At a
counter it is the pass that the desk gave its clerk (``crypto.sign.counter_passes``).

None of them holds anything of a visitor. A challenge is random; a form's token is a time, rounded to some seconds, and
random bytes. Both are signed with keys from one secret, so any instance of the function accepts another's.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from secrets import randbelow, token_bytes, token_hex
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from functions.crypto.sign.counter_passes import Passes

WORK_FIELD, FORM_FIELD, COUNTER_FIELD = "altcha", "form_token", "loket"
SECRET_BYTES = 16
ALGORITHM = "PBKDF2/SHA-256"  # browsers compute it natively in the background, so that no phone's screen freezes
TRY_ITERATIONS = 2000  # per number tried; 0.3 ms of ours per challenge, none per answer
WORK_SECONDS = 30 * 60  # the challenge is fetched when sending; a slow phone on a slow link needs this long
FORM_SECONDS_MIN, FORM_SECONDS_MAX = 3, 24 * 3600
STEP_SECONDS = 3
PROOF_MAX = 2048  # characters; ours are below 800


class ProofKind(StrEnum):
    """The proof that came with a report, the weakest first."""

    NONE = "none"
    FORM = "form"
    WORK = "work"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Proof:
    """A valid proof. ``mark`` is the random part that reveals a second use, b"" for none."""

    kind: ProofKind
    mark: bytes = field(default=b"", repr=False)


NO_PROOF = Proof(ProofKind.NONE)


class Proofs:
    """Makes challenges and form tokens, and reads what comes back.

    ``secret`` is the same for all instances of the intake, at least 16 bytes. ``difficulty`` is the largest number of
    PBKDF2 rounds that a browser has to do; the average is half of it. ``passes`` reads the passes of counters, None if
    there is no desk. ``now`` gives epoch seconds.
    """

    def __init__(
        self, secret: bytes, difficulty: int, now: Callable[[], float] = time.time, passes: Passes | None = None
    ) -> None:
        """Raise ValueError for a secret that is too short."""
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the form secret needs {SECRET_BYTES} bytes or more")
        self._challenges, self._answers = _key(secret, b"challenge"), _key(secret, b"answer")
        self._forms = URLSafeSerializer(_key(secret, b"form"), "form", signer_kwargs={"digest_method": sha256})
        self._iterations = max(1, min(TRY_ITERATIONS, difficulty))
        self._numbers = max(1, difficulty // self._iterations)
        self._now = now
        self.passes = passes or Passes(token_bytes(SECRET_BYTES), now)

    def challenge(self) -> dict[str, Any]:
        """Return a challenge of ALTCHA's version 2: ``{"parameters": {…}, "signature"}``. The number to find has an
        upper bound, so that nobody unlucky searches for minutes."""
        import altcha  # noqa: PLC0415 - only for the first challenge

        made: dict[str, Any] = altcha.create_challenge(
            ALGORITHM,
            self._iterations,
            counter=randbelow(self._numbers),
            expires_at=int(self._now()) + WORK_SECONDS,
            hmac_secret=self._challenges,
            hmac_key_secret=self._answers,
        ).to_dict()
        return made

    def form_token(self) -> str:
        """Return a token for a form's hidden field. It becomes valid after 3 to 6 seconds, since its time is no
        finer."""
        usable_from = -(-(int(self._now()) + FORM_SECONDS_MIN) // STEP_SECONDS)
        return str(self._forms.dumps([usable_from, token_hex(8)]))

    def read(self, typed: Mapping[str, str]) -> Proof:
        """Return the best proof among a report's fields; an invalid one counts as none. Never raises."""
        if mark := self.passes.read(typed.get(COUNTER_FIELD, "")):
            return Proof(ProofKind.COUNTER, bytes.fromhex(mark))
        work = self._work(typed.get(WORK_FIELD, ""))
        return work if work.mark else self._form(typed.get(FORM_FIELD, ""))

    def _work(self, answer: str) -> Proof:
        if not answer or len(answer) > PROOF_MAX:
            return NO_PROOF
        import altcha  # noqa: PLC0415 - as above

        try:
            payload = altcha.Payload.from_dict(json.loads(base64.b64decode(answer, validate=True)))
            checked = altcha.verify_solution(payload, self._challenges, hmac_key_secret=self._answers)
            # The library has its own clock; ours is checked as well, so that tests can set it.
            if checked.verified and (payload.challenge.parameters.expires_at or 0) >= self._now():
                return Proof(ProofKind.WORK, bytes.fromhex(payload.challenge.parameters.nonce))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass  # this is no answer to our challenge; the library raises many kinds of errors for that
        return NO_PROOF

    def _form(self, token: str) -> Proof:
        if not token or len(token) > PROOF_MAX:
            return NO_PROOF
        try:
            usable_from, chance = self._forms.loads(token)  # a valid signature proves that the token is ours
        except BadData:
            return NO_PROOF
        age = self._now() - usable_from * STEP_SECONDS
        return Proof(ProofKind.FORM, bytes.fromhex(chance)) if 0 <= age <= FORM_SECONDS_MAX else NO_PROOF


def _key(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, b"lapor/1/proof/" + purpose, "sha256")
