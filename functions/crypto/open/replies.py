"""Open what another system sealed to a case's reply key."""

from base64 import b64decode

from cryptography.exceptions import InvalidTag

from functions.casework.formats.event_words import read_texts
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import SUITE, hpke_private
from functions.crypto.padding import PaddingError, unpad
from functions.crypto.seal.reply_keys import REPLY_VERSION, reply_info


def open_reply(private: str, case_id: str, kind: str, envelope: bytes) -> dict[str, str]:
    """Open what ``seal_reply`` sealed. Raises SealError."""
    try:
        padded = SUITE.decrypt(
            envelope[len(REPLY_VERSION) :], hpke_private(b64decode(private)), info=reply_info(case_id, kind)
        )
        return read_texts(unpad(padded))
    except (InvalidTag, PaddingError, ValueError) as error:
        raise SealError("does not open") from error
