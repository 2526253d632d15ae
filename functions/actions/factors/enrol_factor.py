"""Add a second factor, name it, remove it. The first one wants a link alone; each other wants an earlier one, or a
helper's code, and then takes the place of all.

Tests: ``tests/doors/test_half_open.py``, ``tests/doors/test_passkeys.py``.
"""

from base64 import b32decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from secrets import token_bytes, token_urlsafe

from functions.actions.common.sign_in import HalfOpen
from functions.actions.factors.second_factor import WRONG_CODE, WRONG_KEY, SecondFactor, binary
from functions.casework.factors.events import Event
from functions.casework.factors.keyring import MOST, NAME_MAX, Factor, Keyring, Kind, sealed_as
from functions.casework.factors.standing import Need, Proof, may_enrol
from functions.casework.problems import FieldError, InvalidInputProblem, NotAllowedProblem
from functions.crypto.sign.assertions import CREATE, PasskeyError, read_new
from functions.crypto.sign.totp import SECRET_BYTES, address, spend, written

NAMES = {Kind.PASSKEY: "Kunci", Kind.TOTP: "Aplikasi kode"}


@dataclass(frozen=True, slots=True)
class EnrolFactor:
    """``second`` has the door's store and keys."""

    second: SecondFactor

    @staticmethod
    def new_secret() -> str:
        """Return a new TOTP secret in base32. It rests nowhere before its first code."""
        return written(token_bytes(SECRET_BYTES))

    @staticmethod
    def address(secret: str, officer: str) -> str:
        """Return the ``otpauth`` address of a secret; of what is none, an address that no authenticator takes."""
        return address(_secret(secret), officer)

    def add_passkey(self, half: HalfOpen, typed: Mapping[str, str]) -> HalfOpen:
        """Add a passkey: ``public`` (SPKI), ``authenticator_data`` and ``client_data``, each base64url, and ``name``.
        Return the session, open. Raises InvalidInputProblem, NotAllowedProblem, SignedOutProblem, StorageError."""
        client_data, public = binary(typed, "client_data"), binary(typed, "public")
        half = self.second.spend_challenge(half, client_data, CREATE)
        try:
            new = read_new(public, binary(typed, "authenticator_data"), self.second.site)
        except PasskeyError as error:
            raise InvalidInputProblem(FieldError(WRONG_KEY, "factor_bad")) from error
        ident = urlsafe_b64encode(new.key_id).decode().rstrip("=")
        made = self._new(ident, Kind.PASSKEY, typed)
        return self._add(half, replace(made, public=public, count=new.signs, synced=new.synced), Proof.PASSKEY)

    def add_totp(self, half: HalfOpen, typed: Mapping[str, str]) -> HalfOpen:
        """Add a TOTP ``secret`` (base32), of which ``code`` is a code of now; and ``name``. Return the session, open.
        Raises what ``add_passkey`` raises."""
        secret = _secret(typed.get("secret", ""))
        if not secret:
            raise InvalidInputProblem(FieldError(WRONG_CODE, "factor_stale"))
        code = "".join(char for char in typed.get("code", "") if char.isdecimal())
        spent = spend(secret, code, self.second.signin.now(), b"")
        if not spent:
            raise InvalidInputProblem(FieldError(WRONG_CODE, "factor_code"))
        instance = half.use.instance
        context = sealed_as("secret", half.use.officer)
        _, sealed = self.second.public().seal(self.second.purpose, instance, context, secret)
        made = self._new(token_urlsafe(12), Kind.TOTP, typed)
        return self._add(half, replace(made, secret=sealed, instance=instance, spent=spent), Proof.TOTP)

    def rename(self, half: HalfOpen, ident: str, name: str) -> None:
        """Name a factor. Raises InvalidInputProblem, NotAllowedProblem, StorageError."""
        self._change(half, ident, lambda keyring, one: keyring.hit(replace(one, name=_named(name, one.kind))))

    def remove(self, half: HalfOpen, ident: str) -> None:
        """Remove a factor, but not the last: a link alone would then add one. Raises what ``rename`` raises."""

        def without(keyring: Keyring, one: Factor) -> Keyring:
            if len(keyring.factors) == 1:
                raise InvalidInputProblem(FieldError("ident", "factor_last"))
            return keyring.without(one.ident)

        self._change(half, ident, without)
        self._tell(half, Event.REMOVED)

    def _change(self, half: HalfOpen, ident: str, change: Callable[[Keyring, Factor], Keyring]) -> None:
        if not half.opened or half.use.proof not in (Proof.PASSKEY, Proof.TOTP):
            raise NotAllowedProblem

        def attempt(keyring: Keyring) -> Keyring:
            one = keyring.find(ident)
            if one is None:
                raise InvalidInputProblem(FieldError("ident", "factor_gone"))
            return change(keyring, one)

        self.second.change(half, attempt)

    def _new(self, ident: str, kind: Kind, typed: Mapping[str, str]) -> Factor:
        today = self.second.signin.today
        return Factor(ident, kind, _named(typed.get("name", ""), kind), today, used=today)

    def _add(self, half: HalfOpen, factor: Factor, proof: Proof) -> HalfOpen:
        """Add a factor, tell of it, and open the session. Of two first ones at once, one is refused."""
        helped, event, signin = half.use.proof == Proof.HELP, Event.ADDED, self.second.signin

        def attempt(keyring: Keyring) -> Keyring:
            nonlocal event
            late = not half.opened and signin.policy.need(half.role, keyring, signin.today) is Need.HELP
            if not may_enrol(keyring, half.use.proof) or (late and not helped):
                raise NotAllowedProblem
            if keyring.find(factor.ident):
                raise InvalidInputProblem(FieldError(WRONG_KEY, "factor_again"))
            if len(keyring.factors) >= MOST and not helped:
                raise InvalidInputProblem(FieldError(WRONG_KEY, "factor_most", {"limit": str(MOST)}))
            event = Event.RECOVERED if helped else Event.ADDED if keyring.factors else Event.ENROLLED
            return keyring.with_new(factor, alone=helped)

        self.second.change(half, attempt)
        self._tell(half, event)
        return signin.open(half, proof)

    def _tell(self, half: HalfOpen, event: Event) -> None:
        self.second.notify(half.use.instance, half.use.officer, event)


def _secret(typed: str) -> bytes:
    """Return the bytes of a secret, none of what is no base32 or has not the size of ours: a picture has no room for
    it."""
    try:
        secret = b32decode(typed + "=" * (-len(typed) % 8))
    except ValueError:
        return b""
    return secret if len(secret) == SECRET_BYTES else b""


def _named(name: str, kind: Kind) -> str:
    """Return a factor's name in one line. Raises InvalidInputProblem."""
    plain = " ".join(name.split())
    if len(plain) > NAME_MAX:
        raise InvalidInputProblem(FieldError("name", "too_long", {"length": str(len(plain)), "limit": str(NAME_MAX)}))
    return plain or NAMES[kind]
