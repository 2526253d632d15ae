"""SMS into a folder to look at, into gammu-smsd's spool, and to an aggregator by HTTP."""

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from functions.delivery.interface import DeliveryError, Text
from functions.delivery.mail import put_numbered

TIMEOUT_SECONDS = 12  # for each step of a call, as for mail: a try ends within what the courier keeps for it
REFUSED, TOO_MANY, SERVER_FAULT = 400, 429, 500


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
        request = urllib.request.Request(self.url, body, headers)  # noqa: S310 - the setting takes http and https only
        try:
            with _OPENER.open(request, timeout=TIMEOUT_SECONDS):
                return
        except urllib.error.HTTPError as error:
            error.close()
            lasting = REFUSED <= error.code < SERVER_FAULT and error.code != TOO_MANY
            raise DeliveryError("sms_refused", lasting=lasting) from None
        except (OSError, ValueError):
            raise DeliveryError("sms_unreachable") from None


class _Stay(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: numbers and words go only where ops said."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


_OPENER = urllib.request.build_opener(_Stay)
