"""Real mail servers on this machine: aiosmtpd with a certificate made on the spot, and one that follows a script."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from functions.delivery.interface import Letter
from tests.server import free_port

LETTER = Letter(
    to="petugas@dinas.example.id",
    subject="[Lapor Anonim] Laporan baru — “penting”",
    text="Ada laporan baru.\n\nhttps://lapor.example.id/masuk/#" + "x" * 400 + "\n",
    html='<p>Ada laporan <a href="https://lapor.example.id/masuk/#' + "x" * 400 + '">baru</a>.</p>\n',
    message_id="a1b2c3",
)


@dataclass
class Letterbox:
    """A mail server: what came, who greeted how, and what it refuses (by address, with its reply)."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greetings.append(hostname)
        return responses

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.content
        assert isinstance(content, bytes)
        self.meanwhile()
        self.raw.append(content)
        self.secured.append(session.ssl is not None)
        self.arrived.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def __repr__(self) -> str:
        return f"Letterbox({len(self.arrived)} arrived)"


@contextmanager
def letterbox(**options: Any) -> Iterator[Letterbox]:
    """A mail server in a thread of its own. ``options`` are aiosmtpd's."""
    box = Letterbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that lets in one user."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return check


@contextmanager
def dripping(tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that sends a byte now and then, and never ends a line; yields its port."""
    listener, ended = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        line, _ = listener.accept()
        with tls.wrap_socket(line, server_side=True) if tls else line as line, suppress(OSError):
            while not ended.wait(0.02):
                line.sendall(b"2")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        ended.set()
        listener.close()
        thread.join(5)


@contextmanager
def scripted(*replies: str, hold: bool = False) -> Iterator[int]:
    """A server that greets with the first reply, answers each command with the next, and hangs up after the
    last, or falls silent (``hold``); yields its port. The reply after a 354 answers the whole letter."""
    listener, ended = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        line, _ = listener.accept()
        with line, line.makefile("rb") as commands:
            for number, reply in enumerate(replies):
                if number:
                    last = replies[number - 1].startswith("354")
                    while (read := commands.readline()) and last and read != b".\r\n":
                        pass
                line.sendall(reply.encode() + b"\r\n")
            if hold:
                ended.wait()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        ended.set()
        listener.close()
        thread.join(5)


class Authority:
    """A certificate authority nobody knows, and a server's certificate for 127.0.0.1 by it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "ca.pem"
        key, name = ec.generate_private_key(ec.SECP256R1()), _name("Otoritas Khayalan")
        ca = self._certificate(name, name, key, key, authority=True)
        self.file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
        own = ec.generate_private_key(ec.SECP256R1())
        leaf = self._certificate(_name("surat.example.id"), name, own, key, authority=False)
        self._chain = folder / "server.pem"
        self._chain.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + leaf.public_bytes(serialization.Encoding.PEM)
        )

    def server(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._chain)
        return context

    @staticmethod
    def _certificate(
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        *,
        authority: bool,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True, key_cert_sign=authority, crl_sign=authority, decipher_only=False, **usage
                ),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
                critical=False,
            )
        )
        return builder.sign(signer, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
