"""Mail by SMTP (RFC 5321) and into a folder; SES stands in ``ses.py``."""

import json
import os
import smtplib
import ssl
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from pathlib import Path
from time import time

from functions.delivery.interface import DeliveryError, Letter

TIMEOUT_SECONDS = 20
HOUR = 3600


def mime(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a MIME message, text first, HTML beside it. Its date is a whole hour: an officer's
    mailbox should not time the writer to the second."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(time() // HOUR * HOUR)
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2].strip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """A mail server. ``security`` is ``starttls``, ``tls``, or ``none`` (this machine only)."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, letter: Letter) -> None:
        """Send over a fresh connection. Raises DeliveryError."""
        try:
            with self._connect() as server:
                if self.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(mime(letter, self.sender))
        except smtplib.SMTPRecipientsRefused as error:
            code = max(answer[0] for answer in error.recipients.values())
            raise DeliveryError("recipient_refused", lasting=code >= 500) from None  # noqa: PLR2004 - RFC 5321 §4.2.1
        except smtplib.SMTPAuthenticationError:
            raise DeliveryError("login_refused") from None
        except smtplib.SMTPException:
            raise DeliveryError("server_refused") from None
        except OSError:
            raise DeliveryError("server_unreachable") from None

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Letters as numbered JSON files in a folder, for looking at (``/dev/outbox``) and for tests."""

    folder: Path

    def send(self, letter: Letter) -> None:
        """Write the next number, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = asdict(letter) | {"channel": "mail"}
        fresh = self.folder / f".{os.getpid()}-{letter.message_id[:40]}"
        number = max((int(path.stem) for path in self.folder.glob("*.json")), default=0)
        while True:
            number += 1
            fresh.write_text(json.dumps({"n": number, **content}, ensure_ascii=False, indent=1))
            fresh.chmod(0o600)
            try:
                os.link(fresh, self.folder / f"{number}.json")
            except FileExistsError:
                continue
            fresh.unlink()
            return


def read_folder(folder: Path) -> list[dict[str, object]]:
    """All letters in a folder, in order."""
    paths = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
    return [json.loads(path.read_text()) for path in paths]
