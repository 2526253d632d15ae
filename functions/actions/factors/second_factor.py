"""Open a half-open session by a second factor: a passkey, a code of six digits, or a helper's code that lets a new
factor be added.

Tests: ``tests/doors/test_half_open.py``, ``tests/doors/test_passkeys.py``.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes

from functions.actions.common.sign_in import HalfOpen, SignIn
from functions.actions.factors.notify import Notify
from functions.casework.factors.events import Event
from functions.casework.factors.keyring import Factor, Keyring, Kind, sealed_as
from functions.casework.factors.standing import Need, Proof, helped_by, may_enrol
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.sign.assertions import GET, PasskeyError, Site, challenge_in, verify_answer
from functions.crypto.sign.totp import spend
from functions.storage.registers.factors import change_keyring, read_keyring
from functions.web.factors.acts import Asked

CHALLENGE_SECONDS = 300
TIME_BYTES = 4  # the last four of a challenge's 32 say when it was made. At rest there is only its hash
HANDLE_BYTES = 16
WRONG_KEY, WRONG_CODE = "passkey", "code"


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """``private`` opens what was sealed to the door's key of ``purpose``; ``site`` is where passkeys hold."""

    signin: SignIn
    public: Callable[[], PublicKeys]
    private: Callable[[], PrivateKeys]
    purpose: Purpose
    site: Site

    @property
    def notify(self) -> Notify:
        """What tells by mail."""
        return Notify(self.signin.store, self.public)

    def keyring(self, half: HalfOpen) -> Keyring:
        """Return what the officer has. Raises StorageError."""
        return read_keyring(self.signin.store, self.signin.realm, half.use.agency, half.use.officer)

    def change(self, half: HalfOpen, change: Callable[[Keyring], Keyring]) -> Keyring:
        """Change what the officer has. Raises StorageError, and what ``change`` raises."""
        return change_keyring(self.signin.store, self.signin.realm, half.use.agency, half.use.officer, change)

    def asked(self, half: HalfOpen) -> Asked:
        """Return what this session is asked for. Raises StorageError."""
        keyring = self.keyring(half)
        need = Need.NOTHING if half.opened else self.signin.policy.need(half.role, keyring, self.signin.today)
        passkey, totp = bool(keyring.of_kind(Kind.PASSKEY)), bool(keyring.of_kind(Kind.TOTP))
        waits = bool(keyring.factors or keyring.shut) and not half.opened
        use, directory = half.use, self.signin.directory
        helper = helped_by(use.agency, half.role, directory)
        return Asked(
            need,
            passkey,
            totp,
            may_enrol(keyring, use.proof) and (half.opened or need is Need.ENROL or use.proof == Proof.HELP),
            waits,
            use.officer,
            directory.agency(use.agency).name,
            sha256(f"lapor/1/factor\0{self.signin.realm}\0{use.officer}".encode()).digest()[:HANDLE_BYTES],
            directory.agencies[helper].name if helper else "",
            half.grace,
        )

    def challenge(self, half: HalfOpen) -> bytes:
        """Return a new challenge of 32 bytes, which replaces the one before. Raises InvalidInputProblem if another
        request just made one, StorageError."""
        now = self.signin.now().to_bytes(TIME_BYTES, "big")
        challenge = token_bytes(32 - TIME_BYTES) + now
        if self.signin.change(half, challenge=sha256(challenge).digest()) is None:
            raise _wrong(WRONG_KEY, "factor_stale")
        return challenge

    def spend_challenge(self, half: HalfOpen, client_data: bytes, kind: str) -> HalfOpen:
        """Take a challenge that was answered, once. Return the session without it. Raises InvalidInputProblem."""
        try:
            answered = challenge_in(client_data, kind, self.site)
        except PasskeyError as error:
            raise _wrong(WRONG_KEY, "factor_bad") from error
        age = self.signin.now() - int.from_bytes(answered[-TIME_BYTES:], "big")
        known = compare_digest(sha256(answered).digest(), half.use.challenge)
        spent = self.signin.change(half, challenge=b"") if half.use.challenge else None
        if not known or spent is None or not 0 <= age <= CHALLENGE_SECONDS:
            raise _wrong(WRONG_KEY, "factor_stale")
        return spent

    def by_passkey(self, half: HalfOpen, typed: Mapping[str, str]) -> HalfOpen:
        """Open the session by a passkey's answer: ``credential``, ``authenticator_data``, ``client_data`` and
        ``signature``, each base64url. Raises InvalidInputProblem, SignedOutProblem, StorageError."""
        client_data = binary(typed, "client_data")
        half = self.spend_challenge(half, client_data, GET)
        ident = urlsafe_b64encode(binary(typed, "credential")).decode().rstrip("=")

        def prove(keyring: Keyring) -> Keyring:
            factor = keyring.find(ident)
            if factor is None or factor.kind is not Kind.PASSKEY:
                raise _wrong(WRONG_KEY, "factor_unknown")
            data, signature = binary(typed, "authenticator_data"), binary(typed, "signature")
            try:
                answer = verify_answer(factor.public, data, client_data, signature, self.site)
            except PasskeyError as error:
                raise _wrong(WRONG_KEY, "factor_bad") from error
            if (answer.signs or factor.count) and answer.signs <= factor.count:
                raise _wrong(WRONG_KEY, "factor_counted")  # WebAuthn §6.1.1: perhaps somebody copied the key
            return keyring.hit(replace(factor, count=answer.signs, used=self.signin.today))

        self.change(half, prove)
        return self.signin.open(half, Proof.PASSKEY)

    def by_totp(self, half: HalfOpen, typed: str) -> HalfOpen:
        """Open the session by a code of six digits. Raises InvalidInputProblem, SignedOutProblem, StorageError."""
        code, hour, closed = _packed(typed), self.signin.hour, False

        def prove(keyring: Keyring) -> Keyring:
            nonlocal closed
            closed = False
            if keyring.resting(hour):
                raise _wrong(WRONG_CODE, "factor_rest")
            if keyring.closed:
                raise _wrong(WRONG_CODE, "factor_closed")
            for factor in keyring.of_kind(Kind.TOTP):
                if spent := spend(self._secret(factor, half.use.officer), code, self.signin.now(), factor.spent):
                    return keyring.hit(replace(factor, spent=spent, used=self.signin.today))
            missed = keyring.missed(hour)
            closed = missed.closed
            return missed

        if self.change(half, prove).misses:
            if closed:
                self.notify(half.use.instance, half.use.officer, Event.CLOSED)
            raise _wrong(WRONG_CODE, "factor_code")
        return self.signin.open(half, Proof.TOTP)

    def by_help(self, half: HalfOpen, typed: str) -> HalfOpen:
        """Let a factor be added by the code that a helper read out; the code is spent. Raises InvalidInputProblem,
        SignedOutProblem, StorageError."""
        code, hour, right = _packed(typed).upper(), self.signin.hour, False

        def prove(keyring: Keyring) -> Keyring:
            nonlocal right
            if keyring.help_resting(hour):
                raise _wrong("help", "factor_rest")
            right = self._holds(keyring, half.use.officer, code)
            return replace(keyring, code=b"", code_instance="", help_misses=0) if right else keyring.help_missed(hour)

        self.change(half, prove)
        if not right:
            raise _wrong("help", "factor_help")
        helped = self.signin.change(half, proof=Proof.HELP.value)
        if helped is None:
            raise _wrong("help", "factor_stale")
        return helped

    def _holds(self, keyring: Keyring, officer: str, code: str) -> bool:
        """Tell whether this is the code that waits, in its time."""
        if not keyring.code:
            return False
        try:
            plain = self.private().open(keyring.code_instance, sealed_as("code", officer), keyring.code)
        except SealError:
            return False
        said, until = json.loads(plain)
        return compare_digest(str(said).encode(), code.encode()) and self.signin.now() <= int(until)

    def _secret(self, factor: Factor, officer: str) -> bytes:
        """Return a TOTP secret. Raises InvalidInputProblem if its key was destroyed before it was sealed again."""
        try:
            return self.private().open(factor.instance, sealed_as("secret", officer), factor.secret)
        except SealError as error:
            raise _wrong(WRONG_CODE, "factor_dark") from error


def binary(typed: Mapping[str, str], name: str) -> bytes:
    """Return a field of base64url. Raises InvalidInputProblem."""
    try:
        return urlsafe_b64decode(typed.get(name, "") + "==")
    except (BinasciiError, ValueError) as error:
        raise _wrong(WRONG_KEY, "factor_bad") from error


def _packed(typed: str) -> str:
    return "".join(char for char in typed if char.isalnum())


def _wrong(field: str, code: str) -> InvalidInputProblem:
    return InvalidInputProblem(FieldError(field, code))
