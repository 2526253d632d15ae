"""Officers sign in with a signed link and a second factor: one link, one browser, no password.

The desk can verify a link and cannot make one. The session is the link's own record in the store: its cookie is
``<link id>.<secret>``, the custodians' ``custody:<link id>.<secret>``, and only the secret's hash is kept.

A link alone leads to a session that is half open: it has no viewer, so nothing can be read with it.

Tests: ``tests/doors/test_desk.py``, ``tests/doors/test_custody.py``, ``tests/doors/test_half_open.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_hex
from typing import Any

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Directory, Member, Role
from functions.casework.factors.keyring import Keyring
from functions.casework.factors.standing import Need, Policy, Proof
from functions.casework.problems import FactorProblem, LinkProblem, SignedOutProblem
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.sign.links import Link, LinkError, LinkExpiredError, read_link
from functions.storage.interface import LinkUse, Store
from functions.storage.registers.factors import change_keyring, read_keyring
from functions.storage.registers.staff import read_staff

CUSTODY = "custody"
DESK_ROLES = frozenset(Role) - {Role.CUSTODIAN}
HOUR = 3600
FACTORS = frozenset({Proof.PASSKEY.value, Proof.TOTP.value})


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """A signed-in officer. ``cookie`` is for their browser alone; every form carries ``csrf``. ``grace`` is the
    last day on which the link alone opens it, None where it does not or may for ever."""

    viewer: Viewer
    instance: str
    cookie: str
    csrf: str
    expires: int
    grace: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class HalfOpen:
    """A session, open or not, as the pages of the second factor know it: without a viewer. ``use`` is its record."""

    use: LinkUse
    cookie: str
    csrf: str
    opened: bool

    @property
    def role(self) -> Role:
        """The officer's role."""
        return Role(self.use.role)

    @property
    def grace(self) -> date | None:
        """The last day on which the link alone opens, None where it does not or may for ever."""
        last = self.use.proof.partition(":")[2]
        return date.fromisoformat(last) if last else None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Turns links into sessions. ``now`` gives epoch seconds; only ``roles`` may enter by this door.

    ``realm`` begins the ids of this door's sessions in the store. The door's rights in the store confine it to its
    realm: an attacker who takes over the desk must not become a custodian.
    """

    store: Store
    public_keys: Callable[[], PublicKeys]
    directory: Directory
    now: Callable[[], int]
    session_hours: int = 8
    roles: frozenset[Role] = DESK_ROLES
    realm: str = ""
    policy: Policy = field(default_factory=Policy)

    @property
    def hour(self) -> int:
        """The epoch hour."""
        return self.now() // HOUR

    @property
    def today(self) -> date:
        """The day (UTC), from which the grace counts."""
        return datetime.fromtimestamp(self.now(), UTC).date()

    def exchange(self, token: str, cookies: Sequence[str] = ()) -> HalfOpen:
        """Turn a link into a session; the first browser that does it keeps the link. ``cookies`` are those of all links
        that it opened, the last one first.

        It is half open, unless nothing more is wanted or the browser holds an open session of the same officer.

        ``token`` may be the whole pasted address. Raises LinkProblem with code ``link_forged``, ``link_expired``,
        ``link_revoked``, ``link_used``, or ``link_elsewhere`` (for another door, and not used up by this one).
        """
        link = self._verify(token.strip().rpartition("#")[2])
        if link.role not in self.roles or _door(link) != self.realm:
            raise LinkProblem("link_elsewhere")
        if self._revoked(link.link_id, link.officer, link.agency, link.issued) or not self._is_ours(link):
            raise LinkProblem("link_revoked")
        kept_as = f"{self.realm}:{link.link_id}" if self.realm else link.link_id
        held = dict(cookie.split(".", 1) for cookie in cookies if "." in cookie)
        secret = held.get(kept_as) or token_hex(32)
        end_of_hour = -(-self.now() // HOUR) * HOUR  # the minute of a sign-in is not kept
        expires = min(end_of_hour + self.session_hours * HOUR, link.expires)
        use = LinkUse(
            link_id=kept_as,
            officer=link.officer,
            agency=link.agency,
            role=link.role,
            instance=link.instance,
            case_id=link.case_id,
            secret_hash=_hash(secret),
            expires=expires,
            issued=link.issued,
        )
        use = self._opened(use, cookies[0] if cookies else "")
        if not compare_digest(self.store.use_link(use).secret_hash, use.secret_hash):
            raise LinkProblem("link_used")
        return self._half(use, secret)

    def _is_ours(self, link: Link) -> bool:
        """Tell whether there is such an officer: whoever holds the links key alone cannot invent one. A store of an
        older release has no register of them yet."""
        roll = read_staff(self.store)
        return not roll.version or Member(link.officer, link.agency, Role(link.role)) in roll.members

    def owner(self, token: str) -> Link | None:
        """Return a link that we signed, whether it was used, is over or revoked; None for any other text."""
        try:
            return self._verify(token.strip().rpartition("#")[2], at=0)
        except LinkProblem:
            return None

    def session(self, cookie: str) -> Session:
        """Return the open session of a cookie. Raises SignedOutProblem, LinkProblem ``link_revoked``, and FactorProblem
        where it is half open."""
        return self._session(*self._use_of(cookie))

    def half_open(self, cookie: str) -> HalfOpen:
        """Return the session of a cookie, half open or open, for the pages of the second factor. Raises
        SignedOutProblem, LinkProblem ``link_revoked``."""
        return self._half(*self._use_of(cookie))

    def change(self, half: HalfOpen, **changes: Any) -> HalfOpen | None:
        """Change a session's record (``opened``, ``proof``, ``challenge``); None if another request did meanwhile."""
        after = replace(half.use, **changes)
        if not self.store.change_link_use(half.use, after):
            return None
        return self._half(after, half.cookie.partition(".")[2])

    def open(self, half: HalfOpen, proof: Proof) -> HalfOpen:
        """Open a session, as ``proof`` was given, and return it. Raises SignedOutProblem if it was ended meanwhile."""
        opened = self.change(half, opened=-(-half.use.expires // HOUR), proof=proof.value, challenge=b"")
        if opened is None:
            raise SignedOutProblem
        return opened

    def opened(self, half: HalfOpen) -> Session:
        """Return a session that was just read or opened. Raises FactorProblem if it is half open."""
        return self._session(half.use, half.cookie.partition(".")[2])

    def _use_of(self, cookie: str) -> tuple[LinkUse, str]:
        link_id, _, secret = cookie.partition(".")
        realm, _, plain_id = link_id.rpartition(":")
        use = self.store.read_link_use(link_id) if plain_id and secret and realm == self.realm else None
        if use is None or use.expires < self.now() or not compare_digest(use.secret_hash, _hash(secret)):
            raise SignedOutProblem
        if use.role not in self.roles:  # somebody took a cookie from one door to another
            raise SignedOutProblem
        if self._revoked(plain_id, use.officer, use.agency, use.issued):
            raise LinkProblem("link_revoked")
        return use, secret

    def _opened(self, use: LinkUse, cookie: str) -> LinkUse:
        """Return a new binding as far open as it may be: as the browser's other session of the same officer is, or as
        the policy lets a link alone. The first link ever begins the grace."""
        hours = -(-use.expires // HOUR)
        before = self._before(use, cookie)
        if before:
            return replace(use, opened=min(hours, before.opened), proof=before.proof)

        role = Role(use.role)

        def begin(keyring: Keyring) -> Keyring:
            runs = keyring.since or keyring.factors or not self.policy.last_day(role, keyring, self.today)
            return keyring if runs else replace(keyring, since=self.today)

        keyring = change_keyring(self.store, self.realm, use.agency, use.officer, begin)
        if self.policy.need(role, keyring, self.today) is not Need.NOTHING:
            return use
        last = self.policy.last_day(role, keyring, self.today)
        return replace(use, opened=hours, proof=f"{Proof.NONE}:{last.isoformat() if last else ''}")

    def _before(self, use: LinkUse, cookie: str) -> LinkUse | None:
        """Return the open session that this browser holds already, if a factor of the same officer opened it."""
        try:
            before = self._use_of(cookie)[0] if cookie else None
        except (SignedOutProblem, LinkProblem):
            return None
        same = before and (before.officer, before.agency, before.role) == (use.officer, use.agency, use.role)
        return before if before and same and self._is_open(before) and before.proof in FACTORS else None

    def _is_open(self, use: LinkUse) -> bool:
        """Tell whether a session is open. One that the link alone opened ends with its officer's first factor: whoever
        else has the mailbox may have come in the grace. That takes a query."""
        if self.hour >= use.opened or use.proof.partition(":")[0] != Proof.NONE:
            return self.hour < use.opened
        return not read_keyring(self.store, self.realm, use.agency, use.officer).factors

    def sign_out(self, session: HalfOpen) -> None:
        """End the session. The link opens no other one."""
        self.store.end_link_use(session.cookie.partition(".")[0])

    def _session(self, use: LinkUse, secret: str) -> Session:
        """Return an open session. Nowhere else a viewer comes from a link. Raises FactorProblem."""
        half = self._half(use, secret)
        if not half.opened:
            raise FactorProblem
        viewer = Viewer(use.officer, use.agency, Role(use.role), use.case_id, self.hour)
        return Session(viewer, use.instance, half.cookie, half.csrf, use.expires, half.grace)

    def _half(self, use: LinkUse, secret: str) -> HalfOpen:
        return HalfOpen(use, f"{use.link_id}.{secret}", _csrf(secret), self._is_open(use))

    def _verify(self, token: str, at: int | None = None) -> Link:
        public = self.public_keys()
        for (purpose, instance), key_id in public.current.items():
            if purpose is not Purpose.LINKS:
                continue
            try:
                link = read_link(token, [public.keys[key_id]], self.now() if at is None else at)
            except LinkExpiredError as error:
                raise LinkProblem("link_expired") from error
            except LinkError:
                continue
            if link.instance == instance and link.agency in self.directory.agencies:
                return link
        raise LinkProblem("link_forged")

    def _revoked(self, link_id: str, officer: str, agency: str, issued: int) -> bool:
        found = self.store.revoked((f"link:{link_id}", f"officer:{officer}", f"agency:{agency}"))
        return any(issued < before for before in found.values())


def _door(link: Link) -> str:
    """Return the door that a link opens. A custodian's opens custody alone, also one that does not say so."""
    return link.door or (CUSTODY if link.role is Role.CUSTODIAN else "")


def _csrf(secret: str) -> str:
    return digest(secret.encode(), b"lapor/1/csrf", "sha256").hex()[:32]


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
