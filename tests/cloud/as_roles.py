"""All functions wired as in AWS, all in one process, each with the rights of its role and no other."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Any

from werkzeug.test import Client, TestResponse

from functions.aws_lambda.orders import Order
from functions.casework.directory.registers import (
    DIRECTORY_REGISTER,
    OFFICERS_REGISTER,
    STAFF_REGISTER,
    encode_directory,
    encode_officers,
    encode_staff,
)
from functions.config.settings import Settings, load_directory, load_officers, load_settings
from functions.courier import orders as courier
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.seal.public_keys import Purpose
from functions.gateway.signature import HEADER, sign
from functions.storage.choose_store import open_store
from functions.storage.interface import Register
from tests.cloud.principals import Principal
from tests.cloud.stacks import ENV, MAIL

URL = "https://lapor.example"
NUMBER = "+6281200000017"
JSON = {"Accept": "application/json"}
MAKERS = (
    "functions.storage.dynamodb.store",
    "functions.storage.blobs.s3",
    "functions.crypto.seal.public_store",
    "functions.crypto.open.private.choose",
    "functions.delivery.mail_ses",
)
ORDERS = {"courier": courier, "clock": None, "desk": None, "custody": None}
_ROLE: ContextVar[str] = ContextVar("role")
Sent = list[tuple[str, str]]


@dataclass
class Browser:
    """A browser at one door, with its cookies; ``csrf`` once signed in."""

    client: Client
    csrf: str = ""

    def get(self, path: str, status: int = 200) -> Any:
        return _read(self.client.get(path, base_url=URL, headers=JSON), status)

    def post(self, path: str, body: dict[str, Any], status: int = 200) -> Any:
        answer = self.client.post(path, json=body, base_url=URL, headers=JSON | {"X-CSRF-Token": self.csrf})
        return _read(answer, status)

    def sms(self, text: str, secret: str) -> None:
        """Deliver an SMS, as an aggregator does."""
        body = json.dumps({"id": token_hex(8), "from": NUMBER, "text": text}).encode()
        headers = JSON | {"Content-Type": "application/json", HEADER: sign(secret.encode(), body, int(time.time()))}
        _read(self.client.post("/api/sms/inbound", data=body, base_url=URL, headers=headers), 202)

    def form(self, path: str, **fields: str) -> Any:
        """Post a form, as apps do."""
        return _read(self.client.post(path, data=fields, base_url=URL, headers=JSON))

    def attach(self, path: str, raw: bytes, **body: str) -> Any:
        form = {**body, "file": (_file(raw), "foto.txt")}
        answer = self.client.post(path, data=form, base_url=URL, headers=JSON | {"X-CSRF-Token": self.csrf})
        return _read(answer, 201)


@dataclass
class Functions:
    """``callers`` are the principals; ``letters`` what left by SES: to whom, and its text."""

    callers: Mapping[str, Principal]
    settings: Settings
    letters: Sent = field(default_factory=list)

    def door(self, name: str, **changes: Any) -> Browser:
        """A browser at a door of its own making."""
        with acting_as(name):
            app = import_module(f"functions.{name}.main").create_app(replace(self.settings, **changes))

        def call(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            with acting_as(name):
                return list(app(environ, start))

        return Browser(Client(call))

    def order(self, function: str, name: str, instance: str = "", messages: tuple[str, ...] = ()) -> dict[str, int]:
        """What a function does when it is ordered to."""
        with acting_as(function):
            module = import_module(f"functions.{function}.orders")
            done: dict[str, int] = module.obey(Order(name, lambda: 900.0, instance, messages), self.settings)
            return done

    def token(self, to: str) -> str:
        """The link in the latest letter to somebody."""
        text = next(text for address, text in reversed(self.letters) if address == to and "/masuk/" in text)
        return text.partition("#")[2].split()[0]


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    token = _ROLE.set(name)
    try:
        yield
    finally:
        _ROLE.reset(token)


def assembled(
    callers: Mapping[str, Principal], pool: dict[str, str], folder: Path, monkeypatch: Any, aggregator: str
) -> Functions:
    """All of it, with the keys made and the directory written by ops. ``aggregator`` is where SMS are posted."""
    fresh = {name: replace(caller, strict=True, used=set(), clients={}) for name, caller in callers.items()}
    for module in MAKERS:
        monkeypatch.setattr(f"{module}.make_client", lambda service, read_seconds: fresh[_ROLE.get()].client(service))
    settings = load_settings(
        {
            "DATA_DIR": str(folder),
            "STORE": "dynamodb",
            "TABLE": pool["Table"],
            "BUCKET": pool["BlobsBucket"],
            "KEYS": f"s3://{pool['KeysBucket']}",
            "KMS_PREFIX": f"alias/lapor-{ENV}-",
            "MAIL": "ses",
            "SECOND_FACTOR": "grace",
            "DIGEST": "off",
            "MAIL_FROM": MAIL["MailFrom"],
            "PUBLIC_URL": URL,
            "FORM_SECRET": "rahasia-yang-dibuat-untuk-uji",
            "SMS": "http",
            "SMS_URL": aggregator,
            **{f"{name}_SECRET": name[0].lower() * 32 for name in ("SMS", "PHONE", "MUTE")},
        }
    )
    made = Functions(fresh, settings)
    letters = fresh["courier"].client("sesv2").meta.events
    letters.register("provide-client-params.sesv2.SendEmail", lambda params, **_: made.letters.append(_letter(params)))
    with acting_as("ops"):
        fresh["ops"].client("s3").delete_object(Bucket=pool["KeysBucket"], Key="public.json")
        directory = load_directory(settings.directory_file)
        pairs = [(purpose, each.code) for purpose in Purpose for each in directory.instances()]
        open_key_maker(settings).generate_all(pairs)
        bodies = {
            DIRECTORY_REGISTER: encode_directory(directory, frozenset()),
            OFFICERS_REGISTER: encode_officers(officers := load_officers(settings.officers_file, directory)),
            STAFF_REGISTER: encode_staff(officers),
        }
        open_store(settings).write_registers([Register(name, 1, body) for name, body in bodies.items()])
    return made


def _letter(params: dict[str, Any]) -> tuple[str, str]:
    read = message_from_bytes(params["Content"]["Raw"]["Data"], policy=policy.default)
    body = read.get_body(("plain",))
    return params["Destination"]["ToAddresses"][0], body.get_content() if body else ""


def _read(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.data)
    return answer.get_json() if answer.is_json else answer.data


def _file(raw: bytes) -> Any:
    from io import BytesIO

    return BytesIO(raw)
