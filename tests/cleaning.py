"""What a browser sends to have a document made anew: the file and its work, as ``site/browser/clean.js`` makes them."""

import time
from hashlib import sha256
from io import BytesIO
from itertools import count
from secrets import token_bytes

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.cleaner.work import HOUR_SECONDS, NONCE_BYTES, is_worked

PATH = "/api/clean"


def this_hour() -> int:
    return int(time.time()) // HOUR_SECONDS


def worked(raw: bytes, hour: int = 0) -> dict[str, str]:
    """The effort for a file, in this hour or another: in that one alone, since each count is good for any with a
    chance of one in 256."""
    nonce, digest, hour = token_bytes(NONCE_BYTES), sha256(raw).digest(), hour or this_hour()

    def fits(n: int) -> bool:
        beside = (each for each in range(hour - 4, hour + 5) if each != hour)
        return is_worked(digest, nonce, hour, n) and not any(is_worked(digest, nonce, each, n) for each in beside)

    return {"nonce": nonce.hex(), "count": str(next(filter(fits, count())))}


def unworked(raw: bytes, nonce: bytes) -> dict[str, str]:
    """A count that is no effort for a file, with this number, in any hour near this one."""
    digest, hours = sha256(raw).digest(), range(this_hour() - 2, this_hour() + 3)
    wrong = next(n for n in count() if not any(is_worked(digest, nonce, hour, n) for hour in hours))
    return {"nonce": nonce.hex(), "count": str(wrong)}


def posted(raw: bytes, **changes: str) -> tuple[bytes, str]:
    """A body that brings a file, and its media type. ``changes`` replace fields."""
    boundary, body = encode_multipart(worked(raw) | changes | {"file": FileStorage(BytesIO(raw), "-")})
    return body, f'multipart/form-data; boundary="{boundary}"'
