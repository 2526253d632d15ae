"""Sign links: for the courier alone. Functions that only verify do not load this."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from functions.crypto.sign.links import CONTEXT, Link, Verifying, serializer


class _Signing(Verifying):
    """Signing with raw 32-byte private keys."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(key).sign(CONTEXT + value)


def sign_link(link: Link, private_key: bytes) -> str:
    """Return the token, URL-safe, without padding."""
    fields = [link.link_id, link.officer, link.agency, link.role.value, link.instance, link.case_id]
    door = [link.door] if link.door else []
    return serializer(private_key, _Signing()).dumps([*fields, link.issued, link.expires, *door])
