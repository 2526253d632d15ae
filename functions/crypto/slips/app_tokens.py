"""Tokens: what an app gets for a report it sent (Open311), in place of a number.

- ``token = HKDF(receipt, "lapor/1/open311-token")[:100 bits]``, so that a repeated report has the same token
- name of the slip that makes a token known: ``HKDF(token, "lapor/1/open311-name")``
- name and key of the slip that leads to its case: ``HKDF(token, "lapor/1/open311-name-case")``, ``…-key-case``

So the store reveals neither tokens nor their cases, and a token does not lead to the receipt. Both names begin with
``o311-token:``, so that the door of apps can be limited to its own slips.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.casework.receipt import ALPHABET, Receipt
from functions.crypto.decrypt import decrypt_item
from functions.crypto.seal.sealing import seal_slip

TOKEN_SYMBOLS = 20
OURS = "o311-token:"
KEY_BYTES = 32
_BYTES = 13


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """The name of the slip that leads to a token's case, and the key (32 bytes) it is sealed under."""

    name: str
    key: bytes = field(repr=False)

    def seal(self, version: int, tracking_id: str) -> bytes:
        """Seal a case's number."""
        return seal_slip(self.key, self.name, version, "open311", tracking_id.encode())

    def open(self, version: int, sealed: bytes) -> str:
        """Open what ``seal`` sealed. Raises SealError."""
        return decrypt_item(self.key, self.name, version, "open311", sealed).decode()


def token_of(receipt: Receipt) -> str:
    """Derive the token of a receipt's report: 20 Crockford symbols."""
    number = int.from_bytes(_derived(receipt.symbols.encode(), b"lapor/1/open311-token", _BYTES), "big")
    return "".join(ALPHABET[number >> 5 * shift & 31] for shift in range(TOKEN_SYMBOLS))


def is_token(text: str) -> bool:
    """Tell whether this may be a token. Nobody types tokens, so only the exact form counts."""
    return len(text) == TOKEN_SYMBOLS and set(text) <= set(ALPHABET)


def token_name(token: str) -> str:
    """Return the name of the slip that makes a token known; that slip is empty."""
    return OURS + _derived(token.encode(), b"lapor/1/open311-name").hex()


def case_keys(token: str) -> TokenKeys:
    """Return name and key of the slip that leads to a token's case. Only an app that gets answers has that slip."""
    secret = token.encode()
    name = OURS + _derived(secret, b"lapor/1/open311-name-case").hex()
    return TokenKeys(name, _derived(secret, b"lapor/1/open311-key-case"))


def _derived(secret: bytes, info: bytes, length: int = KEY_BYTES) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)
