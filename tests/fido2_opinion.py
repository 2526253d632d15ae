"""What the package ``fido2`` says of a passkey's answer: a second opinion beside ours."""

import struct
from base64 import urlsafe_b64encode

from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialRpEntity


def takes(
    credential: AttestedCredentialData, host: str, origin: str, challenge: bytes, answer: tuple[bytes, bytes, bytes]
) -> bool:
    """Whether it takes ``answer``: the authenticator's data, the client's data and the signature."""
    said = dict(zip(("authenticatorData", "clientDataJSON", "signature"), map(_text, answer), strict=True))
    ident = _text(credential.credential_id)
    server = Fido2Server(PublicKeyCredentialRpEntity(id=host, name=host), verify_origin=lambda seen: seen == origin)
    state = {"challenge": _text(challenge), "user_verification": "required"}
    try:
        server.authenticate_complete(
            state, [credential], {"id": ident, "rawId": ident, "type": "public-key", "response": said}
        )
    except (ValueError, KeyError, TypeError, struct.error):
        return False
    return True


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
