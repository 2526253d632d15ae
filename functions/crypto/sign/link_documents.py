"""The signature of a linked office under what it says of itself: a JWS, flattened, by an Ed25519 key.

The public key stands in the header. It proves nothing by itself: whoever takes the first document compares the key's
fingerprint by phone, and later ones must bear the same key.

Sources: RFC 7515 (JWS, section 7.2.2), RFC 8037 (EdDSA in JOSE), RFC 7638 (thumbprint).
Tests: ``tests/crypto/test_link_documents.py``.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from functions.casework.directory.linked_office import ASK, DOCUMENT_MAX, LinkError
from functions.casework.receipt import RECEIPT_BYTES, receipt_from_bytes
from functions.crypto.key_pairs import public_of

TYPE = "lapor-link+json"


def signed(private: bytes, payload: bytes) -> bytes:
    """Return a payload signed with a private key (32 bytes), as JSON."""
    header = {"alg": "EdDSA", "typ": TYPE, "jwk": _jwk(public_of(private))}
    protected, body = _text(json.dumps(header, separators=(",", ":")).encode()), _text(payload)
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(f"{protected}.{body}".encode())
    return json.dumps({"payload": body, "protected": protected, "signature": _text(signature)}).encode()


def verified(document: bytes) -> tuple[bytes, bytes]:
    """Return the signer's public key (32 bytes) and the payload. Raises LinkError."""
    if len(document) > DOCUMENT_MAX:
        raise LinkError(f"more than {DOCUMENT_MAX:,} bytes: not a document of a linked office")
    try:
        found = json.loads(document)
        protected, body, signature = (str(found[name]) for name in ("protected", "payload", "signature"))
        header = json.loads(_bytes(protected))
        if (header["alg"], header["typ"], header["jwk"]["crv"]) != ("EdDSA", TYPE, "Ed25519"):
            raise LinkError(f"another kind of signed document; {ASK}")
        signer = _bytes(header["jwk"]["x"])
        Ed25519PublicKey.from_public_bytes(signer).verify(_bytes(signature), f"{protected}.{body}".encode())
        return signer, _bytes(body)
    except InvalidSignature:
        raise LinkError(f"its signature is wrong: the file was changed or cut short; {ASK}") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, LinkError):
            raise
        raise LinkError(f"not a document of a linked office; {ASK}") from error


def fingerprint(signer: bytes) -> str:
    """Return a public key as five groups with checks, to be read aloud: the first 100 bits of its thumbprint."""
    thumbprint = sha256(json.dumps(_jwk(signer), separators=(",", ":"), sort_keys=True).encode()).digest()
    return str(receipt_from_bytes(thumbprint[:RECEIPT_BYTES]))


def _jwk(public: bytes) -> dict[str, Any]:
    return {"crv": "Ed25519", "kty": "OKP", "x": _text(public)}


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
