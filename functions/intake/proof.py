"""Signs that a person's browser sent a report with some effort. None is ever required.

With JavaScript that is a proof of work (ALTCHA), without it a signed form that somebody viewed for a while. At a
counter it is the pass that the desk gave its clerk (``crypto.sign.counter_passes``).

A challenge and a form's token are made for one report: they hold a hash of its submission (``commitment``), and count
for that report alone. The same report twice is one case, so a proof counts once: in every process, after every hour and
after a restart, without a memory of what was spent. Else they hold nothing of a visitor: a challenge is random, a token
a time rounded to some seconds. Both are signed with keys from one secret, so any instance accepts another's.

A clock that was set back makes nobody wait: a token from further ahead than any we give is valid at once.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from secrets import randbelow, token_bytes
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from functions.crypto.sign.counter_passes import Passes

WORK_FIELD, FORM_FIELD, COUNTER_FIELD = "altcha", "form_token", "loket"
SECRET_BYTES = 16
ALGORITHM = "PBKDF2/SHA-256"  # browsers compute it natively in the background, so that no phone's screen freezes
TRY_ITERATIONS = 2000  # per number tried; 0.3 ms of ours per challenge, none per answer
WORK_SECONDS = 20 * 60  # the challenge is fetched when sending; a slow phone on a slow link needs this long
FORM_SECONDS_MIN, FORM_SECONDS_MAX = 3, 24 * 3600
STEP_SECONDS = 3
MARK_DIGITS = 32  # of a commitment, in a form's token
PROOF_MAX = 2048  # characters; ours are below 800


class ProofKind(StrEnum):
    """The proof that came with a report, the weakest first."""

    NONE = "none"
    FORM = "form"
    WORK = "work"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Proof:
    """A valid proof. ``mark`` is the part that reveals a second use, b"" for none. ``hasty``: a form sent sooner than
    it takes to view all that its address was given (``gate.Gate.view_seconds``)."""

    kind: ProofKind
    mark: bytes = field(default=b"", repr=False)
    hasty: bool = False


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

    def challenge(self, commitment: str, toll: int = 1) -> dict[str, Any]:
        """Return a challenge of ALTCHA's version 2 for one report: ``{"parameters": {…}, "signature"}``.

        ``toll`` is how many times the ordinary work it asks. The number to find has an upper bound (``data.of``), so
        that nobody unlucky searches for minutes.
        """
        import altcha  # noqa: PLC0415 - only for the first challenge

        numbers = self._numbers * toll
        made: dict[str, Any] = altcha.create_challenge(
            ALGORITHM,
            self._iterations,
            counter=randbelow(numbers),
            expires_at=int(self._now()) + WORK_SECONDS,
            data={"for": commitment, "of": numbers},
            hmac_secret=self._challenges,
            hmac_key_secret=self._answers,
        ).to_dict()
        return made

    def form_token(self, commitment: str, view_seconds: float = 0.0) -> str:
        """Return a token for a form's hidden field, for one report. It becomes valid after 3 to 6 seconds, since its
        time is no finer. Before ``view_seconds`` more it is hasty."""
        usable_from = -(-(int(self._now()) + FORM_SECONDS_MIN) // STEP_SECONDS)
        calm = [usable_from + -(-int(view_seconds) // STEP_SECONDS)] if view_seconds else []
        return str(self._forms.dumps([usable_from, commitment[:MARK_DIGITS], *calm]))

    def read(self, typed: Mapping[str, str], submission: bytes) -> Proof:
        """Return the best proof among a report's fields; one that is invalid or another report's counts as none.
        ``submission`` is what ``commitment`` was made of. Never raises."""
        if mark := self.passes.read(typed.get(COUNTER_FIELD, "")):
            return Proof(ProofKind.COUNTER, bytes.fromhex(mark))
        made_for = commitment(submission)
        work = self._work(typed.get(WORK_FIELD, ""), made_for)
        return work if work.mark else self._form(typed.get(FORM_FIELD, ""), made_for)

    def _work(self, answer: str, made_for: str) -> Proof:
        if not answer or len(answer) > PROOF_MAX:
            return NO_PROOF
        import altcha  # noqa: PLC0415 - as above

        try:
            payload = altcha.Payload.from_dict(json.loads(base64.b64decode(answer, validate=True)))
            checked = altcha.verify_solution(payload, self._challenges, hmac_key_secret=self._answers)
            parameters = payload.challenge.parameters
            # The library has its own clock; ours is checked as well, so that tests can set it.
            valid = checked.verified and (parameters.expires_at or 0) >= self._now()
            if valid and (parameters.data or {}).get("for") == made_for:
                return Proof(ProofKind.WORK, bytes.fromhex(parameters.nonce))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass  # this is no answer to our challenge; the library raises many kinds of errors for that
        return NO_PROOF

    def _form(self, token: str, made_for: str) -> Proof:
        if not token or len(token) > PROOF_MAX:
            return NO_PROOF
        try:
            usable_from, mark, *calm = self._forms.loads(token)  # a valid signature proves that the token is ours
        except BadData:
            return NO_PROOF
        now = self._now()
        age = now - usable_from * STEP_SECONDS
        soon = -FORM_SECONDS_MIN - STEP_SECONDS <= age < 0
        if soon or age > FORM_SECONDS_MAX or mark != made_for[:MARK_DIGITS]:
            return NO_PROOF
        hasty = bool(calm) and 0 <= age < (calm[0] - usable_from) * STEP_SECONDS
        return Proof(ProofKind.FORM, bytes.fromhex(mark), hasty)


def commitment(submission: bytes) -> str:
    """Return what a proof is bound to: SHA-256, in hex, of the submission key, or of the lookup hash of a report that
    its browser sealed."""
    return sha256(submission).hexdigest()


def _key(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, b"lapor/1/proof/" + purpose, "sha256")
