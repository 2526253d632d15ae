"""An officer's second factors, as plain records: passkeys, and secrets for six-digit codes (TOTP, RFC 6238)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

NAME_MAX = 40
MOST = 6  # factors of one officer
MISSES_AN_HOUR = 5
MISSES_IN_A_ROW = 20  # three codes of a million hold at once: a thief of the mailbox guesses right 6 times in 100,000


def sealed_as(what: str, officer: str) -> str:
    """Return the context under which an officer's ``secret`` or ``code`` is sealed: it opens for nobody else."""
    return f"factor-{what}:{officer}"


class Kind(StrEnum):
    """The kind of a factor."""

    PASSKEY = "passkey"
    TOTP = "totp"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor. ``ident`` is a passkey's credential id (base64url), else random.

    - ``public``: a passkey's public key (SPKI, DER); ``count``: the signatures that it had made, 0 if it counts none
    - ``synced``: the passkey may be copied to other devices of its owner
    - ``secret``: a TOTP secret sealed to its door's key of ``instance``; ``spent``: a keyed hash of the last time step
      whose code was used, so that the store tells no minute
    """

    ident: str
    kind: Kind
    name: str
    added: date
    used: date | None = None
    public: bytes = b""
    count: int = 0
    synced: bool = False
    secret: bytes = b""
    instance: str = ""
    spent: bytes = b""


@dataclass(frozen=True, slots=True)
class Keyring:
    """What one officer has.

    - ``since``: the day of their first link after the second factor came; the grace runs from it
    - ``shut``: all factors were revoked; a new one wants a helper's code
    - ``code``: a helper's code with its end, sealed to the door's key of ``code_instance``
    - ``misses``: wrong codes in a row; ``hour_misses`` of them in the epoch hour ``hour``
    - ``help_misses``: wrong codes of a helper in the epoch hour ``help_hour``, apart: whoever has but the mailbox types
      these, and must not keep the owner's own codes from opening
    """

    factors: tuple[Factor, ...] = ()
    since: date | None = None
    shut: bool = False
    code: bytes = b""
    code_instance: str = ""
    misses: int = 0
    hour: int = 0
    hour_misses: int = 0
    help_hour: int = 0
    help_misses: int = 0

    def find(self, ident: str) -> Factor | None:
        """Return the factor of this id."""
        return next((factor for factor in self.factors if factor.ident == ident), None)

    def of_kind(self, kind: Kind) -> tuple[Factor, ...]:
        """Return the factors of a kind."""
        return tuple(factor for factor in self.factors if factor.kind is kind)

    @property
    def closed(self) -> bool:
        """Whether so many codes in a row were wrong that none is taken any more, until a helper's code or a passkey."""
        return self.misses >= MISSES_IN_A_ROW

    def resting(self, hour: int) -> bool:
        """Tell whether no code is taken in this epoch hour."""
        return self.hour == hour and self.hour_misses >= MISSES_AN_HOUR

    def missed(self, hour: int) -> "Keyring":
        """Return it with one more wrong code of six digits."""
        in_hour = (self.hour_misses if self.hour == hour else 0) + 1
        return replace(self, misses=self.misses + 1, hour=hour, hour_misses=in_hour)

    def help_resting(self, hour: int) -> bool:
        """Tell whether no helper's code is taken in this epoch hour."""
        return self.help_hour == hour and self.help_misses >= MISSES_AN_HOUR

    def help_missed(self, hour: int) -> "Keyring":
        """Return it with one more wrong code of a helper; the fifth in an hour voids the one that waits."""
        in_hour = (self.help_misses if self.help_hour == hour else 0) + 1
        code = b"" if in_hour >= MISSES_AN_HOUR else self.code
        return replace(self, help_hour=hour, help_misses=in_hour, code=code)

    def hit(self, factor: Factor) -> "Keyring":
        """Return it after a factor was proved: ``factor`` takes the place of the one with its id."""
        factors = tuple(factor if each.ident == factor.ident else each for each in self.factors)
        return replace(self, factors=factors, misses=0, hour=0, hour_misses=0)

    def with_new(self, factor: Factor, *, alone: bool) -> "Keyring":
        """Return it with a new factor; ``alone`` in place of all others, after a helper's code."""
        others = () if alone else self.factors
        return Keyring(factors=(*others, factor), since=self.since)

    def without(self, ident: str) -> "Keyring":
        """Return it without a factor."""
        return replace(self, factors=tuple(factor for factor in self.factors if factor.ident != ident))

    def revoked(self) -> "Keyring":
        """Return it with nothing left; a new factor wants a helper's code."""
        return Keyring(since=self.since, shut=True)
