"""AWS as far as the functions use it, served by moto on this machine, with every call that reaches it written down;
and the functions as they are deployed, each run by AWS's own runtime client."""

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_string
from email.policy import default
from pathlib import Path
from threading import Thread
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from functions.aws_lambda.orders import prove
from functions.casework.directory.agencies import Directory
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.blobs.s3 import S3Blobs
from functions.storage.dynamodb.store import DynamoStore
from tests.aggregator import aggregator
from tests.crypto.buckets import AWS, BUCKET, PREFIX, Cloud
from tests.engines import aws
from tests.engines.serving import SOON

runtime = importlib.import_module("tests.lambda.runtime")
TABLE, BLOBS, SENDER = "lapor-uji", "lapor-uji-blobs", "lapor@kutim.example.id"
OLD, ORIGIN = "lama-" + "o" * 32, "baru-" + "n" * 32
ORDER = "u" * 32
SMS, PHONE, MUTE = "s" * 32, "p" * 32, "m" * 32
NEXT = "next"  # in the list of calls: the function is ready for an event
HANDLER = "tests.lambda.listing.lambda_handler"
MODULES = {"uji": "modules"}


@dataclass
class Deployed:
    """An account with table, buckets, keys and a sender, and functions to run in it."""

    url: str
    folder: Path
    generated: str
    calls: list[str]
    aggregator: str
    texts: list[Any]
    printed: str = ""
    posted: list[tuple[str, str, bytes]] = field(default_factory=list)
    modules: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cloud = Cloud(self.url)
        self.cloud.prepare()
        self.store = DynamoStore(TABLE, lambda: self.client("dynamodb"))
        self.store.prepare()
        S3Blobs(BLOBS, lambda: self.client("s3")).prepare()
        self.press = self.cloud.press()
        self.press.generate_all((purpose, "kutim") for purpose in Purpose)
        self.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        self.directory: Directory = load_directory(DEMO / "kutai-timur.toml")
        (self.folder / "zappa_settings.py").write_text(self.generated)

    def client(self, service: str) -> Any:
        return aws.client(service, endpoint_url=self.url, **AWS)

    def environ(self, function: str) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": AWS["region_name"],
            "AWS_ACCESS_KEY_ID": "invented",
            "AWS_SECRET_ACCESS_KEY": "invented",
            "LAPOR_DOOR": function,
            "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
            "STORE": "dynamodb",
            "TABLE": TABLE,
            "BUCKET": BLOBS,
            "KEYS": f"s3://{BUCKET}",
            "KMS_PREFIX": PREFIX,
            "MAIL": "ses",
            "SECOND_FACTOR": "grace",
            "DIGEST": "off",
            "MAIL_FROM": SENDER,
            "FORM_SECRET": "f" * 32,
            "ORIGIN_SECRET": f"{OLD},{ORIGIN}",
            "ORDER_SECRET": ORDER,
            "SMS": "http",
            "SMS_URL": self.aggregator,
            "SMS_SECRET": SMS,
            "PHONE_SECRET": PHONE,
            "MUTE_SECRET": MUTE,
            "PUBLIC_URL": "https://lapor.example.id",
            "DATA_DIR": str(self.folder / "none"),
            "PYTHONPATH": str(self.folder),
            # What a function loads is counted: a tracer in it would count too.
            "COVERAGE_PROCESS_START": "",
            "COVERAGE_PROCESS_CONFIG": "",
        }

    def run(self, function: str, *events: Any, handler: str = HANDLER, **more: str) -> list[dict[str, Any]]:
        """Start a function and give it events. Returns the answers; what it asked of AWS is then in ``calls``."""
        self.calls.clear()
        sent = [*events, MODULES] if handler == HANDLER else list(events)
        environ = self.environ(function) | more
        api, printed = runtime.run(handler, sent, environ, lambda: self.calls.append(NEXT))
        assert len(api.posted) == len(sent), printed
        answers: list[Any] = api.answers()
        if handler == HANDLER:
            self.modules.setdefault(function, set()).update(answers.pop())
            api.posted.pop()
        self.posted += api.posted
        self.printed += printed
        return answers

    def by_event(self) -> list[list[str]]:
        """The calls of the last run: while starting, then for each event."""
        parts: list[list[str]] = [[]]
        for call in self.calls:
            parts.append([]) if call == NEXT else parts[-1].append(call)
        return parts

    def letters(self) -> list[str]:
        """What was sent, as text."""
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.ses.models import ses_backends

        sent: Any = ses_backends[DEFAULT_ACCOUNT_ID][AWS["region_name"]].sent_messages
        mails = [message_from_string(message.raw_data, policy=default) for message in sent]
        return [str(mail.get_body(("plain",)).get_content()) for mail in mails]


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@contextmanager
def deployed(folder: Path, generated: str) -> Iterator[Deployed]:
    calls: list[str] = []
    app = DomainDispatcherApplication(create_backend_app)

    def recorded(environ: dict[str, Any], start_response: Any) -> Any:
        calls.append(_name(environ))
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, recorded, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, args=(SOON,), daemon=True)
    thread.start()
    try:
        with aggregator(200) as (url, texts):
            yield Deployed(f"http://127.0.0.1:{server.server_port}", folder, generated, calls, url, texts)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _name(environ: dict[str, Any]) -> str:
    """A call as AWS names it: ``dynamodb Query``, ``s3 GET public.json``."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return f"{'kms' if target.startswith('Trent') else 'dynamodb'} {target.rpartition('.')[2]}"
    path = environ["PATH_INFO"]
    if path.startswith("/v2/email"):
        return "ses SendEmail"
    return f"s3 {environ['REQUEST_METHOD']} {path.partition('/')[2].partition('/')[2].partition('/')[0]}"


def proved(order: dict[str, str], secret: str = "") -> dict[str, str]:
    """An order with its proof, as a schedule or ops give it."""
    return order | {"proof": prove(secret or ORDER, order["lapor"], order.get("instance", ""))}


def sns(*messages: Any) -> dict[str, Any]:
    """An event as SNS sends it."""
    texts = [message if isinstance(message, str) else json.dumps(message) for message in messages]
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Message": text}} for text in texts]}


def bounce(address: str, kind: str = "Permanent") -> dict[str, Any]:
    """What SES tells of a letter that came back."""
    return {
        "eventType": "Bounce",
        "bounce": {"bounceType": kind, "bouncedRecipients": [{"emailAddress": address, "diagnosticCode": "kenari"}]},
        "mail": {"commonHeaders": {"subject": "kenari"}, "destination": [address], "timestamp": "kenari"},
    }
