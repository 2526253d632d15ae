"""Reports that wait on a phone for a network: each is sealed as a whole once more, to a key of the intake's.

A report that the browser sealed for officers carries facts in clear: topic, district, the accused, its number. A seized
phone must not reveal these facts, nor the case number in leftovers on its disk. So until it is sent everything lies
under this outer seal, which the phone cannot open. The intake opens it and then knows what a report that is sent at
once tells it; the words stay sealed.

``0x01 ‖ hint(8) of the key's id ‖ HPKE`` as in ``crypto.seal.public_keys``, with ``info = "lapor/1/wrap" 0x00
"waiting" 0x00 "" 0x00 "report"``, of the report's JSON body, padded to whole steps. The private key is derived from the
intake's secret: no store holds it.
"""

from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.config.private_files import given_secret, write_private
from functions.config.settings import Settings
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import MLKEM_SEED, SUITE, hpke_private, public_of
from functions.crypto.padding import PaddingError, unpad
from functions.crypto.seal.public_keys import HINT_BYTES, HPKE_OVERHEAD, hint_of, key_id_of
from functions.crypto.seal.sealing import VERSION, hpke_info

STEP_BYTES: Final = 2048
MOST_BYTES: Final = 256 * 1024  # fits the largest report there can be, with its envelopes in base64
SECRET_BYTES: Final = 32
INFO: Final = hpke_info("waiting", "", "report")


class StrangeKeyError(Exception):
    """Sealed to a key that is not ours: the secret has changed since."""


class WaitingKey:
    """The key pair of a secret; the same secret gives the same pair."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @cached_property
    def _private(self) -> bytes:
        # Derived at first use: few reports wait, and no cold start shall wait for it.
        derived = HKDF(algorithm=hashes.SHA256(), length=MLKEM_SEED + 32, salt=None, info=b"lapor/1/waiting")
        return derived.derive(self._secret)

    @cached_property
    def public(self) -> bytes:
        """The key that phones seal to (raw bytes)."""
        return public_of(self._private)

    @cached_property
    def key_id(self) -> str:
        """The id of ``public``."""
        return key_id_of(self.public)

    def open(self, envelope: bytes) -> bytes:
        """Open what a phone sealed. Raises StrangeKeyError, and SealError if it is not a waiting report."""
        size = len(envelope) - HPKE_OVERHEAD
        if not 0 < size <= MOST_BYTES or size % STEP_BYTES or envelope[:1] != VERSION:
            raise SealError("not a waiting report")
        if envelope[1 : 1 + HINT_BYTES] != hint_of(self.key_id):
            raise StrangeKeyError
        try:
            sealed = envelope[1 + HINT_BYTES :]
            return unpad(SUITE.decrypt(sealed, hpke_private(self._private), info=INFO))
        except (InvalidTag, ValueError, PaddingError) as error:
            raise SealError("does not open") from error


def read_waiting_secret(settings: Settings) -> bytes:
    """Return the setting ``FORM_SECRET``, or the file that a first start made; b"" if neither is there."""
    if settings.form_secret:
        return settings.form_secret.encode()
    path = given_secret(_path(settings))
    return path.read_bytes().strip() if path.is_file() else b""


def make_waiting_secret(settings: Settings) -> None:
    """Make the file, unless it or the setting is there. Reports that wait on phones must open after a restart too."""
    path = _path(settings)
    if not settings.form_secret and not path.exists():
        write_private(path, token_hex(SECRET_BYTES).encode() + b"\n")


def _path(settings: Settings) -> Path:
    return settings.keys_dir / "waiting"
