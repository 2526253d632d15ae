"""Links: which browser used a signed link (this is the officer's session), and which links are void."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

DAY = 24 * 3600
# How long a use is kept beyond its session. The session may end weeks before the link does (LINK_DAYS is 31
# days at most, the rest of the day of issue counted); a use forgotten earlier would let a second browser in.
KEEP_SECONDS = 40 * DAY


@dataclass(frozen=True, slots=True)
class LinkUse:
    """A used link, bound to one browser by the hash of its secret (32 bytes).

    It is the officer's session as well, until ``expires``. ``issued`` is when the link was made, to compare with
    revocations. Both are epoch seconds of a whole hour or a day's end: they tell no minute.

    - ``opened``: the epoch hour at which the session is half open again; 0: it is half open, and reads nothing
    - ``proof``: what opened it, or may: see ``casework.factors.standing.Proof``
    - ``challenge``: the SHA-256 of the challenge that a passkey was asked to sign, empty if none waits
    """

    link_id: str
    officer: str
    agency: str
    role: str
    instance: str
    case_id: str
    secret_hash: bytes
    expires: int
    issued: int = 0
    opened: int = 0
    proof: str = ""
    challenge: bytes = b""


class Revocation(NamedTuple):
    """Voids a subject's links issued before ``before`` (epoch seconds). Subjects are ``link:<id>``,
    ``officer:<ident>`` and ``agency:<code>``. ``mandate:<entry id>`` marks a mandate that was looked at: it is not
    carried out again."""

    subject: str
    before: int


class Links(Protocol):
    """Keeps used links and revocations."""

    def use_link(self, use: LinkUse) -> LinkUse:
        """Bind a link on first use and return the stored binding: ``use``, or that of another browser.

        The same ``secret_hash`` again (the same browser) renews the session: ``use`` replaces the stored one. Raises
        ValueError if the hash is empty.
        """

    def read_link_use(self, link_id: str) -> LinkUse | None:
        """Return a link's binding, which is also its session; None if the link was not used."""

    def change_link_use(self, before: LinkUse, after: LinkUse) -> bool:
        """Replace a binding if its secret's hash and its challenge are still those of ``before``; return whether they
        were. So of two answers to one challenge one counts. Both are of one link. Raises ValueError if the hash is
        empty."""

    def end_link_use(self, link_id: str) -> None:
        """End the session. The link stays used: its secret hash is emptied."""

    def revoke(self, revocation: Revocation) -> None:
        """Void links. A later ``before`` replaces an earlier one, never the reverse."""

    def revoked(self, subjects: Sequence[str]) -> dict[str, int]:
        """Return ``before`` of each revoked subject among these, read in one batch."""


def gone_after(use: LinkUse) -> int:
    """Return the midnight (UTC, epoch seconds) after which a use may be forgotten: a day, not a time."""
    return (use.expires + KEEP_SECONDS) // DAY * DAY + DAY


def check_secret(use: LinkUse) -> None:
    """Raises ValueError if the secret's hash is empty: it would match a session that was ended."""
    if not use.secret_hash:
        raise ValueError("a link is bound to a browser by the hash of its secret")
