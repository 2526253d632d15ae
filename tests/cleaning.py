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
    """The effort for a file, in this hour or another."""
    nonce, digest = token_bytes(NONCE_BYTES), sha256(raw).digest()
    found = next(n for n in count() if is_worked(digest, nonce, hour or this_hour(), n))
    return {"nonce": nonce.hex(), "count": str(found)}


def posted(raw: bytes, **changes: str) -> tuple[bytes, str]:
    """A body that brings a file, and its media type. ``changes`` replace fields."""
    boundary, body = encode_multipart(worked(raw) | changes | {"file": FileStorage(BytesIO(raw), "-")})
    return body, f'multipart/form-data; boundary="{boundary}"'
