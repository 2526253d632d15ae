"""Officers sign in with a signed link: one link, one browser, no password.

The desk can verify a link and cannot make one. The session is the link's own record in the store: its cookie is
``<link id>.<secret>``, the custodians' ``custody:<link id>.<secret>``, and only the secret's hash is kept.

Tests: ``tests/doors/test_desk.py``, ``tests/doors/test_custody.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_hex

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Directory, Role
from functions.casework.problems import LinkProblem, SignedOutProblem
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.sign.links import Link, LinkError, LinkExpiredError, read_link
from functions.storage.interface import LinkUse, Store

CUSTODY = "custody"
DESK_ROLES = frozenset(Role) - {Role.CUSTODIAN}
HOUR = 3600


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """A signed-in officer. ``cookie`` is for their browser alone; every form carries ``csrf``."""

    viewer: Viewer
    instance: str
    cookie: str
    csrf: str
    expires: int


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

    def exchange(self, token: str, cookie: str = "") -> Session:
        """Turn a link into a session; the first browser that does it keeps the link.

        ``token`` may be the whole pasted address. Raises LinkProblem with code ``link_forged``, ``link_expired``,
        ``link_revoked``, ``link_used``, or ``link_elsewhere`` (for another door, and not used up by this one).
        """
        link = self._verify(token.strip().rpartition("#")[2])
        if link.role not in self.roles or _door(link) != self.realm:
            raise LinkProblem("link_elsewhere")
        if self._revoked(link.link_id, link.officer, link.agency, link.issued):
            raise LinkProblem("link_revoked")
        kept_as = f"{self.realm}:{link.link_id}" if self.realm else link.link_id
        link_id, _, secret = cookie.partition(".")
        if link_id != kept_as or not secret:
            secret = token_hex(32)
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
        if not compare_digest(self.store.use_link(use).secret_hash, use.secret_hash):
            raise LinkProblem("link_used")
        return self._session(use, secret)

    def owner(self, token: str) -> Link | None:
        """Return a link that we signed, whether it was used, is over or revoked; None for any other text."""
        try:
            return self._verify(token.strip().rpartition("#")[2], at=0)
        except LinkProblem:
            return None

    def session(self, cookie: str) -> Session:
        """Return the session of a cookie. Raises SignedOutProblem, or LinkProblem ``link_revoked``."""
        link_id, _, secret = cookie.partition(".")
        realm, _, plain_id = link_id.rpartition(":")
        use = self.store.read_link_use(link_id) if plain_id and secret and realm == self.realm else None
        if use is None or use.expires < self.now() or not compare_digest(use.secret_hash, _hash(secret)):
            raise SignedOutProblem
        if use.role not in self.roles:  # somebody took a cookie from one door to another
            raise SignedOutProblem
        if self._revoked(plain_id, use.officer, use.agency, use.issued):
            raise LinkProblem("link_revoked")
        return self._session(use, secret)

    def sign_out(self, session: Session) -> None:
        """End the session. The link opens no other one."""
        self.store.end_link_use(session.cookie.partition(".")[0])

    def _session(self, use: LinkUse, secret: str) -> Session:
        viewer = Viewer(use.officer, use.agency, Role(use.role), use.case_id, self.now() // HOUR)
        csrf = digest(secret.encode(), b"lapor/1/csrf", "sha256").hex()[:32]
        return Session(viewer, use.instance, f"{use.link_id}.{secret}", csrf, use.expires)

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


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
