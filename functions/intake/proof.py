"""What shows that a report was sent by a person's browser, with some effort: a proof of work (ALTCHA, where there is
JavaScript), or a signed form that somebody looked at for a while (where there is none); at a counter, the pass that the
desk gave its clerk (``crypto.sign.counter_passes``). None is ever required.

Nothing of a visitor is in any of them: a challenge is random, a form's token is a time in steps of some seconds and
chance. These two are signed with keys made of one secret, so that any instance of the function knows what another gave.
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
ALGORITHM = "PBKDF2/SHA-256"  # the browser does it natively and aside, so that no phone's screen stands still
TRY_ITERATIONS = 2000  # per number tried; 0.3 ms of ours per challenge, none per answer
WORK_SECONDS = 30 * 60  # fetched when sending; a slow phone on a slow link may take its time
FORM_SECONDS_MIN, FORM_SECONDS_MAX = 3, 24 * 3600
STEP_SECONDS = 3
PROOF_MAX = 2048  # characters; ours are below 800


class ProofKind(StrEnum):
    """What came with a report, the weakest first."""

    NONE = "none"
    FORM = "form"
    WORK = "work"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was found good. ``mark`` is the random part by which a second use is known, b"" for none."""

    kind: ProofKind
    mark: bytes = field(default=b"", repr=False)


NO_PROOF = Proof(ProofKind.NONE)


class Proofs:
    """Makes challenges and form tokens, and reads what comes back.

    ``secret`` is the same for all instances of the intake, at least 16 bytes. ``difficulty`` is the most rounds of
    PBKDF2 that a browser has to do; on average it is half of it. ``passes`` knows the passes of counters, and is not
    there where there is no desk. ``now`` gives epoch seconds.
    """

    def __init__(
        self, secret: bytes, difficulty: int, now: Callable[[], float] = time.time, passes: Passes | None = None
    ) -> None:
        """Raises ValueError for a secret too short to be one."""
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the form secret needs {SECRET_BYTES} bytes or more")
        self._challenges, self._answers = _key(secret, b"challenge"), _key(secret, b"answer")
        self._forms = URLSafeSerializer(_key(secret, b"form"), "form", signer_kwargs={"digest_method": sha256})
        self._iterations = max(1, min(TRY_ITERATIONS, difficulty))
        self._numbers = max(1, difficulty // self._iterations)
        self._now = now
        self.passes = passes or Passes(token_bytes(SECRET_BYTES), now)

    def challenge(self) -> dict[str, Any]:
        """A challenge as ALTCHA's version 2 has it: ``{"parameters": {…}, "signature"}``. The number to be found is
        below a bound, so that nobody is unlucky for minutes."""
        import altcha  # noqa: PLC0415 - with the first challenge, and not before

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
        """A token for a form's hidden field. It counts from 3 seconds on, or up to 6, since it tells no finer time."""
        usable_from = -(-(int(self._now()) + FORM_SECONDS_MIN) // STEP_SECONDS)
        return str(self._forms.dumps([usable_from, token_hex(8)]))

    def read(self, typed: Mapping[str, str]) -> Proof:
        """The best proof among a report's fields; whatever is no good one is none. Never raises."""
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
            # The library has a clock of its own; ours is asked as well, so that tests can turn it.
            if checked.verified and (payload.challenge.parameters.expires_at or 0) >= self._now():
                return Proof(ProofKind.WORK, bytes.fromhex(payload.challenge.parameters.nonce))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass  # not an answer to a challenge of ours, in one of many ways
        return NO_PROOF

    def _form(self, token: str) -> Proof:
        if not token or len(token) > PROOF_MAX:
            return NO_PROOF
        try:
            usable_from, chance = self._forms.loads(token)  # ours alone, once the signature fits
        except BadData:
            return NO_PROOF
        age = self._now() - usable_from * STEP_SECONDS
        return Proof(ProofKind.FORM, bytes.fromhex(chance)) if 0 <= age <= FORM_SECONDS_MAX else NO_PROOF


def _key(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, b"lapor/1/proof/" + purpose, "sha256")
