"""Tokens: what an app gets for a report that it sent (Open311), in place of a number.

- ``token = HKDF(receipt, "lapor/1/open311-token")[:100 bits]``, so that a report sent again has the same
- name of its slip: ``HKDF(token, "lapor/1/open311-name")``

So the store tells no token, nor which case it stands for; from a token nobody gets to the receipt.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.casework.receipt import ALPHABET, Receipt

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


def _derived(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)
