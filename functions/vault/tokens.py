"""Tokens: what an app gets for a report that it sent (Open311), in place of a number.

- ``token = HKDF(receipt, "lapor/1/open311-token")[:100 bits]``, so that a report sent again has the same
- name of its slip: ``HKDF(token, "lapor/1/open311-name")``; of an app that is told of answers a second one leads to the
  case, sealed under another HKDF of the token

So the store tells no token, nor which case it stands for; from a token nobody gets to the receipt.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.casework.receipt import ALPHABET, Receipt
from functions.vault.sealing import open_item, seal_item

TOKEN_SYMBOLS = 20
TOKEN_BYTES = 13
NAME_BYTES = 32


def token_of(receipt: Receipt) -> str:
    """The token of a receipt's report: 20 Crockford symbols."""
    number = int.from_bytes(_derived(receipt.symbols.encode(), b"lapor/1/open311-token", TOKEN_BYTES), "big")
    return "".join(ALPHABET[number >> 5 * shift & 31] for shift in range(TOKEN_SYMBOLS))


def is_token(text: str) -> bool:
    """Whether this may be a token. It is never typed by people, so it is taken as it was given out."""
    return len(text) == TOKEN_SYMBOLS and set(text) <= set(ALPHABET)


def token_name(token: str) -> str:
    """The name of a token's slip."""
    return _derived(token.encode(), b"lapor/1/open311-name", NAME_BYTES).hex()


@dataclass(frozen=True, slots=True)
class CaseSlip:
    """The slip that leads from a token to its case: kept only of what an app sent that is told of answers."""

    name: str
    key: bytes = field(repr=False)

    def seal(self, case_id: str) -> bytes:
        """Seal the case's id."""
        return seal_item(self.key, self.name, 1, "open311", case_id.encode())

    def open(self, sealed: bytes) -> str:
        """What ``seal`` sealed. Raises SealError."""
        return open_item(self.key, self.name, 1, "open311", sealed).decode()


def case_slip(token: str) -> CaseSlip:
    """Name and key of that slip, which nobody finds without the token."""
    secret = token.encode()
    name = _derived(secret, b"lapor/1/open311-case-name", NAME_BYTES).hex()
    return CaseSlip(name, _derived(secret, b"lapor/1/open311-case-key", NAME_BYTES))


def _derived(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)
