"""What is kept of numbers that write by SMS: nothing by which they can be read.

- name of a number's slip: ``HMAC-SHA256(HKDF(secret, "lapor/1/phone-name"), number)``
- its key: ``HKDF(secret ‖ 0x00 ‖ number, "lapor/1/phone-key")``, so that a slip opens only while its number is at hand
- name of a delivery's mark, by which a repeat is known: ``HMAC(HKDF(secret, "lapor/1/phone-seen"), …)``
- a number that wants no SMS: ``HMAC(HKDF(mute secret, "lapor/1/phone-mute"), number)``, which the courier looks up

The secret is the gateway's alone. Whoever has it *and* the store can try all numbers there are, some ten billion; who
has only one of the two learns nothing.
"""

import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.crypto.decrypt import decrypt_item
from functions.crypto.seal.sealing import seal_slip

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NumberKeys:
    """Where a number's slip is, and the key (32 bytes) it is sealed under."""

    name: str
    key: bytes = field(repr=False)

    def seal(self, version: int, content: Any) -> bytes:
        """Seal what is kept of a number, as JSON, padded. Receipts lie there beside what came from a number, which
        anybody can pretend to be: never deflated."""
        return seal_slip(self.key, self.name, version, "phone", json.dumps(content).encode())

    def open(self, version: int, sealed: bytes) -> Any:
        """What ``seal`` sealed. Raises SealError."""
        return json.loads(decrypt_item(self.key, self.name, version, "phone", sealed))


@dataclass(frozen=True, slots=True, repr=False)
class PhoneSecret:
    """The gateway's secret."""

    secret: bytes

    def keys(self, number: str) -> NumberKeys:
        """The name and the key of a number's slip."""
        name = _named(self.secret, b"lapor/1/phone-name", number)
        return NumberKeys(name, _derived(self.secret + b"\x00" + number.encode(), b"lapor/1/phone-key"))

    def seen(self, *facts: str) -> str:
        """The name of a delivery's mark."""
        return _named(self.secret, b"lapor/1/phone-seen", "\x00".join(facts))


def mute_name(secret: bytes, number: str) -> str:
    """The name of the slip that says that a number wants no SMS."""
    return _named(secret, b"lapor/1/phone-mute", number)


def _named(secret: bytes, info: bytes, text: str) -> str:
    return hmac.digest(_derived(secret, info), text.encode("utf-8", "surrogatepass"), "sha256").hex()


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(secret)
