"""A strict office: everybody is asked for a second factor at once. And a passkey in Python, as a device makes them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from functions.casework.directory.agencies import Role
from functions.casework.factors.standing import Policy
from functions.crypto.sign.totp import STEP_SECONDS, code_at
from tests.trust import TrustWorld
from tests.world import JSON

ORIGIN, HOST = "http://localhost:8000", "localhost"
USED = 0x01 | 0x04  # present and verified
HTML = {"Accept": "text/html"}


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


@dataclass
class Passkey:
    """A device with one key (ES256), which counts its signatures."""

    origin: str = ORIGIN
    host: str = HOST
    count: int = 0
    flags: int = USED
    ident: bytes = field(default_factory=lambda: token_bytes(32))
    key: Any = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def data(self, more: bytes = b"", flags: int = 0) -> bytes:
        self.count += 1
        head = sha256(self.host.encode()).digest() + bytes([self.flags | flags])
        return head + self.count.to_bytes(4, "big") + more

    def said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def made(self, challenge: str) -> dict[str, str]:
        """What a browser sends of a new key."""
        more = bytes(16) + len(self.ident).to_bytes(2, "big") + self.ident + b"cose"
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        said = self.said("webauthn.create", challenge)
        return {"public": b64(public), "authenticator_data": b64(self.data(more, 0x40)), "client_data": b64(said)}

    def signed(self, challenge: str) -> dict[str, str]:
        """What a browser sends of an answer."""
        data, said = self.data(), self.said("webauthn.get", challenge)
        signature = self.key.sign(data + sha256(said).digest(), ECDSA(SHA256()))
        sent = {"credential": self.ident, "authenticator_data": data, "client_data": said, "signature": signature}
        return {name: b64(raw) for name, raw in sent.items()}


@dataclass
class Visit:
    """A browser that came in by a link. ``csrf`` is its session's, half open or open."""

    client: FlaskClient
    door: str
    answer: dict[str, Any]

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(f"/{self.door}/{path}", headers=headers or JSON)

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        headers = (headers or JSON) | {"X-CSRF-Token": self.answer["csrf"]}
        form = headers.get("Accept") == "text/html"
        return self.client.post(f"/{self.door}/{path}", headers=headers, **({"data": body} if form else {"json": body}))

    def challenge(self) -> str:
        asked: str = self.post("factor/challenge", {}).get_json()["challenge"]
        return asked

    def enrol(self, key: Passkey, name: str = "") -> Any:
        return self.post("factor/new", key.made(self.challenge()) | {"name": name})

    def sign(self, key: Passkey) -> Any:
        return self.post("factor", key.signed(self.challenge()))

    @property
    def opens(self) -> bool:
        return bool(self.get().status_code == 200)


class StrictWorld(TrustWorld):
    """As where mail is really sent."""

    def __init__(self, folder: Path, policy: Policy | None = None) -> None:
        super().__init__(folder)
        self.keep(policy or Policy())

    def keep(self, policy: Policy) -> None:
        """Let both doors ask by another policy."""
        self.signin = replace(self.signin, policy=policy)
        self.custodian_signin = replace(self.custodian_signin, policy=policy)
        for door in ("desk_app", "custody_app"):
            self.__dict__.pop(door, None)

    def token(self, agency: str, role: Role | None = None) -> str:
        """A fresh link of an officer."""
        self.run_courier()
        self.later(hours=1)
        address = self.officer(agency, role).email
        self.ask_link(address)
        self.run_courier()
        letters = [mail.text for mail in self.mailbox.letters if mail.to == address and "#" in mail.text]
        return letters[-1].partition("#")[2].split()[0]

    def come(self, agency: str = "kutim", role: Role | None = None, browser: FlaskClient | None = None) -> Visit:
        """Come in by a fresh link."""
        custodian = role is Role.CUSTODIAN
        client = browser or (self.custody_app if custodian else self.desk_app).test_client()
        door = "custody" if custodian else "desk"
        answer = client.post(f"/{door}/session", json={"token": self.token(agency, role)}, headers=JSON)
        assert answer.status_code == 200, answer.data
        return Visit(client, door, answer.get_json())

    def code(self, secret: str, later: int = 0) -> str:
        """The code that an app shows now, or some steps later."""
        from base64 import b32decode

        return code_at(b32decode(secret), self.seconds // STEP_SECONDS + later)

    def told(self, email: str) -> list[str]:
        """The subjects of letters to somebody, links left out."""
        self.run_courier()
        return [m.subject.partition("] ")[2] for m in self.mailbox.letters if m.to == email and "#" not in m.text]
