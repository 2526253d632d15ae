"""What the routes of the second factor ask for. The actions stand above this layer; each door gives its own."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from functions.casework.factors.keyring import Keyring
from functions.casework.factors.standing import Need

Half = Any  # ``actions.common.sign_in.HalfOpen``: it goes through here unread


class Asked(NamedTuple):
    """What a session is asked for. ``passkey``, ``totp``: what its officer has; ``enrol``: a factor may be added in
    this session; ``help``: a helper's code is taken. ``officer`` is their ident, ``agency`` the name of their agency.
    ``handle``: what authenticators know the officer by; ``helper``: the name of the agency that helps, "" for ops;
    ``grace``: the last day on which the link alone opens."""

    need: Need
    passkey: bool
    totp: bool
    enrol: bool
    help: bool
    officer: str
    agency: str
    handle: bytes
    helper: str
    grace: date | None


class Place(Protocol):
    """``crypto.sign.assertions.Site``."""

    @property
    def host(self) -> str:
        """The host for which passkeys hold."""

    @property
    def origins(self) -> Collection[str]:
        """The pages that may ask."""


class Second(Protocol):
    """``actions.factors.second_factor.SecondFactor``, which says what each raises."""

    @property
    def site(self) -> Place:
        """Where passkeys hold."""

    def asked(self, half: Half) -> Asked:
        """Return what a session is asked for."""

    def keyring(self, half: Half) -> Keyring:
        """Return what the officer has."""

    def challenge(self, half: Half) -> bytes:
        """Return a new challenge."""

    def by_passkey(self, half: Half, typed: Mapping[str, str]) -> Half:
        """Open the session by a passkey."""

    def by_totp(self, half: Half, typed: str) -> Half:
        """Open the session by a code."""

    def by_help(self, half: Half, typed: str) -> Half:
        """Take a helper's code."""


class Enrol(Protocol):
    """``actions.factors.enrol_factor.EnrolFactor``, which says what each raises."""

    def new_secret(self) -> str:
        """Return a TOTP secret in base32."""

    def address(self, secret: str, officer: str) -> str:
        """Return the ``otpauth`` address of a secret."""

    def add_passkey(self, half: Half, typed: Mapping[str, str]) -> Half:
        """Add a passkey."""

    def add_totp(self, half: Half, typed: Mapping[str, str]) -> Half:
        """Add a TOTP secret."""

    def rename(self, half: Half, ident: str, name: str) -> None:
        """Name a factor."""

    def remove(self, half: Half, ident: str) -> None:
        """Remove a factor."""


class Acts(NamedTuple):
    """What a door gives, at the first request that asks for it."""

    second: Second
    enrol: Enrol
