"""Signed links (tautan bertanda): the courier signs, the desk can only verify.

itsdangerous signs with Ed25519 in place of HMAC, so that a desk that is taken over cannot mint links. The token travels
in the URL's fragment. Times are whole hours and day ends, so that a link does not reveal when its report came.
"""

from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.signer import SigningAlgorithm

from functions.casework.directory.agencies import Role

CONTEXT = b"lapor/1/link\x00"


class LinkError(Exception):
    """The token is not a link of ours: altered, cut short, or signed with another key."""


class LinkExpiredError(LinkError):
    """The link is ours and has expired."""


class Link(NamedTuple):
    """The content of a signed link. ``case_id`` is "" for the whole inbox; times are epoch seconds (UTC). ``door``
    names the door that it opens, "" the desk (a custodian's: custody): no link opens two."""

    link_id: str
    officer: str
    agency: str
    role: Role
    instance: str
    case_id: str
    issued: int
    expires: int
    door: str = ""


class Verifying(SigningAlgorithm):
    """Verification with raw 32-byte public keys (RFC 8032).

    The signed bytes begin with their purpose, since itsdangerous' salt has no effect on a key that is not derived.
    """

    def verify_signature(self, key: bytes, value: bytes, sig: bytes) -> bool:
        """Tell whether ``sig`` is the signature of ``value``."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(sig, CONTEXT + value)
        except InvalidSignature:
            return False
        return True


def read_link(token: str, public_keys: list[bytes], now: int) -> Link:
    """Verify a token against any of the given public keys. Raises LinkError, LinkExpiredError."""
    for key in public_keys:
        try:
            fields: list[Any] = serializer(key, Verifying()).loads(token)
        except BadData:
            continue
        link_id, officer, agency, role, instance, case_id, issued, expires, *door = fields
        link = Link(link_id, officer, agency, Role(role), instance, case_id, issued, expires, *door)
        if link.expires < now:
            raise LinkExpiredError("expired")
        return link
    raise LinkError("not signed by us")


def serializer(key: bytes, algorithm: SigningAlgorithm) -> URLSafeSerializer:
    """Return the serializer that writes and reads links."""
    return URLSafeSerializer(key, signer_kwargs={"algorithm": algorithm, "key_derivation": "none"})
