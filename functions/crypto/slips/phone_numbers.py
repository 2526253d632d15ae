"""What is stored of numbers that write by SMS: nothing that reveals them.

- name of a number's slip: ``HMAC-SHA256(HKDF(secret, "lapor/1/phone-name"), number)``
- its key: ``HKDF(secret ‖ 0x00 ‖ number, "lapor/1/phone-key")``, so that a slip opens only while its number is at hand
- name of a delivery's mark, which detects a repeat: ``HMAC(HKDF(secret, "lapor/1/phone-seen"), …)``
- a number that wants no SMS: ``HMAC(HKDF(mute secret, "lapor/1/phone-mute"), number)``, which the courier looks up

Only the gateway holds the secret. The secret *and* the store together allow trying all ten billion numbers; one of the
two alone reveals nothing.
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
    """The name of a number's slip, and the key (32 bytes) it is sealed under."""

    name: str
    key: bytes = field(repr=False)

    def seal(self, version: int, content: Any) -> bytes:
        """Seal a number's data as JSON, padded.

        They hold receipts beside text that anybody can send from that number, so they are never deflated.
        """
        return seal_slip(self.key, self.name, version, "phone", json.dumps(content).encode())

    def open(self, version: int, sealed: bytes) -> Any:
        """Open what ``seal`` sealed. Raises SealError."""
        return json.loads(decrypt_item(self.key, self.name, version, "phone", sealed))


@dataclass(frozen=True, slots=True, repr=False)
class PhoneSecret:
    """The gateway's secret."""

    secret: bytes

    def keys(self, number: str) -> NumberKeys:
        """Return the name and the key of a number's slip."""
        name = _named(self.secret, b"lapor/1/phone-name", number)
        return NumberKeys(name, _derived(self.secret + b"\x00" + number.encode(), b"lapor/1/phone-key"))

    def seen(self, *facts: str) -> str:
        """Return the name of a delivery's mark."""
        return _named(self.secret, b"lapor/1/phone-seen", "\x00".join(facts))


def mute_name(secret: bytes, number: str) -> str:
    """Return the name of the slip that says that a number wants no SMS."""
    return _named(secret, b"lapor/1/phone-mute", number)


def _named(secret: bytes, info: bytes, text: str) -> str:
    return hmac.digest(_derived(secret, info), text.encode("utf-8", "surrogatepass"), "sha256").hex()


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(secret)
