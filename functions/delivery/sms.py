"""SMS into a folder to look at, into gammu-smsd's spool, and to an aggregator by HTTP."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from functions.delivery.bounded_call import CallError, call
from functions.delivery.interface import DeliveryError, Text
from functions.delivery.mail import put_numbered

ANSWER_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class FolderTexter:
    """SMS among the letters of a folder, for ``/dev/outbox`` and for tests."""

    folder: Path

    def send(self, text: Text) -> None:
        """Write the next file. Raises DeliveryError."""
        content = {"to": text.to, "subject": "", "text": text.text, "html": "", "message_id": text.message_id}
        put_numbered(self.folder, {**content, "channel": "sms"})


@dataclass(frozen=True, slots=True)
class GammuTexter:
    """The outbox folder of gammu-smsd's FILES service (gammu-smsd-files(7)).

    A file's name holds a priority, a constant time, the number and the message's id, so that a second try replaces the
    first. The content is UTF-16 with a byte order mark, which gammu reads in any locale. gammu splits the text and
    chooses the alphabet.
    """

    spool: Path

    def send(self, text: Text) -> None:
        """Write a file, whole or not at all. Raises DeliveryError."""
        name = f"OUTC20000101_000000_00_{text.to}_{text.message_id}.txt"
        try:
            handle, fresh = mkstemp(dir=self.spool, prefix=".")
            with os.fdopen(handle, "wb") as file:
                file.write(text.text.encode("utf-16"))
            Path(fresh).chmod(0o660)  # gammu's user reads it by the folder's group, and deletes it
            Path(fresh).replace(self.spool / name)
        except OSError:
            raise DeliveryError("folder_unwritable") from None


@dataclass(frozen=True, slots=True)
class HttpTexter:
    """An aggregator that takes JSON ``{id, to, text}``, with ``token`` in the Authorization header. Only the status
    counts: 2xx is accepted, 4xx but 429 lasts."""

    url: str
    token: str = field(default="", repr=False)

    def send(self, text: Text) -> None:
        """Post. Raises DeliveryError."""
        body = json.dumps({"id": text.message_id, "to": text.to, "text": text.text}).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": self.token} if self.token else {})
        try:
            call(self.url, body, headers, most=ANSWER_MAX)
        except CallError as error:
            code = "sms_refused" if error.status else "sms_unreachable"
            raise DeliveryError(code, lasting=error.lasting, slow=error.slow) from None
