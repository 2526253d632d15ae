"""Mail by SMTP (RFC 5321) and into a folder; SES stands in ``mail_ses.py``."""

import json
import os
import smtplib
import socket
import ssl
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from pathlib import Path
from tempfile import mkstemp
from threading import Timer
from time import time

from functions.delivery.interface import DeliveryError, Letter

TIMEOUT_SECONDS = 20  # for each read and write
LETTER_SECONDS = 60  # for a letter as a whole
HOUR = 3600
LASTING_FROM = 500  # replies of 500 and more stand (RFC 5321 §4.2.1)


def mime(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as a MIME message, text first, then HTML. Its date is a whole hour, so that an officer's
    mailbox does not time the reporter to the second. Raises ValueError for an address that is none."""
    _check_address(letter.to)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(time() // HOUR * HOUR)
    message["Message-ID"] = f"<{letter.message_id}@{domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _check_address(to: str) -> None:
    """Raise ValueError for an address that no header can hold: a foreign browser seals any."""
    probe = EmailMessage(policy=SMTP)
    try:
        probe["To"] = to
        bytes(probe)
    except Exception as error:  # the parser's faults have no list: AttributeError, IndexError, HeaderWriteError
        raise ValueError("not an address") from error


def domain(sender: str) -> str:
    """Return the domain of a sender, which may have a name before the address."""
    _, at, found = parseaddr(sender)[1].rpartition("@")
    return found if at and found else "localhost"


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
            self._send(mime(letter, self.sender))
        except smtplib.SMTPRecipientsRefused as error:
            code = max(answer[0] for answer in error.recipients.values())
            raise DeliveryError("recipient_refused", lasting=code >= LASTING_FROM) from None
        except smtplib.SMTPAuthenticationError:
            raise DeliveryError("login_refused") from None
        except smtplib.SMTPServerDisconnected:
            raise DeliveryError("server_unreachable") from None
        except smtplib.SMTPException:
            raise DeliveryError("server_refused") from None
        except ssl.SSLError:  # first of all a certificate that nobody here trusts
            raise DeliveryError("tls_failed") from None
        except OSError:
            raise DeliveryError("server_unreachable") from None
        except ValueError:  # a host name, an address or a password that the protocol cannot carry
            raise DeliveryError("not_sendable") from None

    def _send(self, message: EmailMessage) -> None:
        with closing(self._connect()) as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)
            with suppress(smtplib.SMTPException, OSError):  # it was accepted: a bad goodbye must not send it again
                server.quit()

    def _connect(self) -> smtplib.SMTP:
        # smtplib would greet with this machine's name; the sender's domain is known to the receiver anyway.
        name = domain(self.sender)
        if self.security == "tls":
            context = ssl.create_default_context()
            return _OverTls(self.host, self.port, name, timeout=TIMEOUT_SECONDS, context=context)
        return _Plain(self.host, self.port, name, timeout=TIMEOUT_SECONDS)


class _Ending:
    """A conversation that ends after ``LETTER_SECONDS``. ``smtplib`` bounds each read alone, so a server that drips one
    byte at a time, or lines without end, would hold all letters for hours."""

    sock: socket.socket | None
    _end: Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self._end = Timer(LETTER_SECONDS, self._hang_up)
        self._end.daemon = True
        self._end.start()
        reached: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # of smtplib's classes
        return reached

    def _hang_up(self) -> None:
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._end:
            self._end.cancel()
        super().close()  # type: ignore[misc]  # as above


class _Plain(_Ending, smtplib.SMTP):
    """By SMTP, and by TLS once it was agreed on."""


class _OverTls(_Ending, smtplib.SMTP_SSL):
    """By TLS from the first byte."""


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Letters as numbered JSON files in a folder, for ``/dev/outbox`` and for tests."""

    folder: Path

    def send(self, letter: Letter) -> None:
        """Write the next file. Raises DeliveryError."""
        put_numbered(self.folder, {**asdict(letter), "channel": "mail"})


def put_numbered(folder: Path, content: dict[str, object]) -> None:
    """Write the next numbered file of a folder, whole or not at all, readable by its owner alone. Raises
    DeliveryError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        numbers = (name.removesuffix(".json") for name in os.listdir(folder))  # noqa: PTH208 - a Path for each costs most
        number = max(map(int, filter(str.isdecimal, numbers)), default=0) + 1
        while not _put(folder, number, content):
            number += 1
    except OSError:
        raise DeliveryError("folder_unwritable") from None


def _put(folder: Path, number: int, content: dict[str, object]) -> bool:
    handle, fresh = mkstemp(dir=folder, prefix=".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"n": number, **content}, file, ensure_ascii=False, indent=1)
        os.link(fresh, folder / f"{number}.json")
    except FileExistsError:  # another was faster
        return False
    finally:
        Path(fresh).unlink()
    return True


def read_folder(folder: Path) -> list[dict[str, object]]:
    """Return all messages in a folder, in order."""
    paths = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]
