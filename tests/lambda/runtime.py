"""Lambda's Runtime API on this machine, which drives AWS's own runtime client: what it is given, what it posts back
and what it prints, all kept to be searched."""

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.engines.serving import SOON

ROOT = Path(__file__).parents[2]
API = "/2018-06-01/runtime"
CANARY = importlib.import_module("tests.lambda.events").CANARY
SECONDS = 180
GIVEN = {
    "Content-Type": "application/json",
    "Lambda-Runtime-Deadline-Ms": "4102444800000",
    "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:ap-southeast-3:1:function:{CANARY}",
    "Lambda-Runtime-Trace-Id": f"Root=1-{CANARY}-trace;Sampled=1",
    "Lambda-Runtime-Client-Context": json.dumps({"client": {"app_title": f"{CANARY}-app"}, "custom": {"a": CANARY}}),
    "Lambda-Runtime-Cognito-Identity": json.dumps({"cognitoIdentityId": f"{CANARY}-identity"}),
    "Lambda-Runtime-Aws-Tenant-Id": f"{CANARY}-tenant",
}


@dataclass
class Api:
    """Hands out events one by one and keeps what is posted back: (what it is, headers and body as text)."""

    events: list[Any]
    posted: list[tuple[str, str, bytes]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    asked: int = 0
    on_asking: Callable[[], None] = lambda: None

    def answers(self) -> list[dict[str, Any]]:
        """What the function answered, in the order of the events; of an error its report."""
        return [json.loads(body) for _, _, body in self.posted]

    def kinds(self) -> list[str]:
        """What each answer is: ``response``, or ``error``."""
        return [kind for kind, _, _ in self.posted]


def handler_of(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            api.on_asking()
            if api.asked == len(api.events):
                api.closed.wait(SECONDS)  # as Lambda does while nobody asks
                return
            body = json.dumps(api.events[api.asked]).encode()
            api.asked += 1
            self.answer(200, {**GIVEN, "Lambda-Runtime-Aws-Request-Id": f"permintaan-{api.asked}"}, body)

        def do_POST(self) -> None:
            body = self.read()
            api.posted.append((self.path.rpartition("/")[2], str(self.headers), body))
            self.answer(202, {}, b"{}")
            if len(api.posted) == len(api.events) or "init" in self.path:
                api.done.set()

        def read(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size + 2)[:-2]
            self.rfile.readline()
            return body

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    return Handler


@contextmanager
def serving(api: Api) -> Iterator[str]:
    """The API at an address of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(api))
    thread = threading.Thread(target=server.serve_forever, args=(SOON,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        api.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()


def run(
    handler: str, events: list[Any], environ: dict[str, str], on_asking: Callable[[], None] = lambda: None
) -> tuple[Api, str]:
    """Let AWS's runtime client run a handler for some events. Returns what was posted and all that was printed.
    ``on_asking`` is called whenever it asks for the next one, first when the function has started."""
    api = Api(events, on_asking=on_asking)
    with serving(api) as address:
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", handler],
            cwd=ROOT,
            env={**os.environ, "AWS_LAMBDA_RUNTIME_API": address, "NO_PROXY": "*", **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ended = threading.Thread(target=lambda: (process.wait(), api.done.set()), daemon=True)
        ended.start()
        api.done.wait(SECONDS)
        process.terminate()
        printed, _ = process.communicate(timeout=SECONDS)
        ended.join()
    return api, printed
