"""The public keys in an S3 bucket: ``public.json``, the only object that intake and thread may read there."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from functions.config.aws import LazyClient
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.seal.public_keys import PublicKeys, decode_public

PUBLIC = "public.json"
LOOK_SECONDS = 60
STALE_SECONDS = 120  # keys older than this are not sealed to: a rotation waits this long plus a request's time
REFUSED = frozenset({"AccessDenied", "AccessDeniedException", "NoSuchBucket"})
ABSENT = frozenset({"NoSuchKey", "404"})
UNCHANGED = "304"


class PublicBucket:
    """A reader of ``public.json``: at most once a minute, and only if it changed.

    ``s3`` makes a boto3 client at the first call. ``clock`` gives seconds; it must count while a function is frozen,
    which a monotonic clock may not do.
    """

    def __init__(self, bucket: str, s3: Callable[[], Any], clock: Callable[[], float] = time.time) -> None:
        self.bucket = bucket
        self.s3 = LazyClient(s3)
        self._clock = clock
        self._turn = threading.Lock()
        self._known: PublicKeys | None = None
        self._etag = ""
        self._looked = float("-inf")

    @property
    def place(self) -> str:
        """The bucket, for messages."""
        return f"s3://{self.bucket}"

    def public(self) -> PublicKeys:
        """Return all public keys, read a minute ago at most.

        While S3 does not answer, they serve another minute; after that, a rotation may have destroyed a key. Raises
        KeyringError.
        """
        with self._turn:
            age = self._clock() - self._looked
            if self._known is not None and 0 <= age < LOOK_SECONDS:
                return self._known
            try:
                return self._read()
            except KeysUnavailableError:
                if self._known is None or not 0 <= age < STALE_SECONDS:
                    raise
                return self._known

    def read_now(self) -> PublicKeys:
        """Read the public keys now. Raises KeyringError."""
        with self._turn:
            return self._read()

    def mark(self) -> str:
        """Return the ETag of ``public.json``, read a minute ago at most. Raises KeyringError."""
        self.public()
        return self._etag

    def _read(self) -> PublicKeys:
        now = self._clock()
        condition = {"IfNoneMatch": self._etag} if self._known is not None else {}
        with as_ours(f"{self.place}/{PUBLIC}", ignored=UNCHANGED):
            answer = self.s3.client.get_object(Bucket=self.bucket, Key=PUBLIC, **condition)
            self._known = decode_public(answer["Body"].read(), f"{self.place}/{PUBLIC}")
            self._etag = answer["ETag"]
        self._looked = now
        if self._known is None:  # S3 said "unchanged" though the request had no condition
            raise KeysUnavailableError(f"{self.place}/{PUBLIC}: S3 gave no answer")
        return self._known


@contextmanager
def as_ours(what: str, ignored: str = "") -> Iterator[None]:
    """Turn AWS's errors into ours, named after ``what``; the code ``ignored`` is not an error."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded with the client

    try:
        yield
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        if code == ignored:
            return
        if code in ABSENT:
            raise KeyringError(f"{what} is missing; make keys with `init`, or restore a backup") from error
        if code in REFUSED:
            raise KeyringError(f"{what}: {code}; it is missing, or the role may not read it") from error
        if code == "InvalidCiphertextException":
            raise KeyringError(f"{what} was encrypted for another place, or is damaged; restore a backup") from error
        raise KeysUnavailableError(f"{what}: {code}") from error
    except BotoCoreError as error:
        raise KeysUnavailableError(f"{what}: {type(error).__name__}") from error
