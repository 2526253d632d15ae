"""The ways to an office of one machine, as attackers and reporters take them: straight to the program, through nginx,
and as one of many onion visitors. Each caller chooses the address that they are seen to come from."""

import http.client
import json
import socket
import ssl
from contextlib import closing
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.office.proxy import HOST

PATIENCE = 120  # a browser waits so long
JSON = {"Accept": "application/json", "Content-Type": "application/json"}
FORM = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}


class Answer(NamedTuple):
    """``status`` is 0 where no answer came."""

    status: int
    text: str


class Road(NamedTuple):
    """``says``: the caller tells the address itself, in the place of a proxy."""

    name: str
    port: int
    tls: bool = False
    says: bool = False
    host: str = HOST

    def connect(self, address: str) -> socket.socket:
        """A connection from an address of this machine (127.0.0.0/8)."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE, source_address=(address, 0))
        if not self.tls:
            return line
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(line, server_hostname=HOST)

    def head(self, path: str, length: int, address: str) -> bytes:
        """The head of a POST by hand, of a form with so many bytes."""
        forwarded = f"X-Forwarded-For: {address}\r\n" if self.says else ""
        named = f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\n{forwarded}Content-Length: {length}\r\n"
        return f"{named}Content-Type: {FORM['Content-Type']}\r\n\r\n".encode()

    def ask(self, address: str, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request on a connection of its own."""
        more = {"Host": self.host, "Connection": "close"} | ({"X-Forwarded-For": address} if self.says else {})
        try:
            with closing(http.client.HTTPConnection("127.0.0.1")) as line:
                line.sock = self.connect(address)
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                line.request(method, path, body, more | named)
                answer = line.getresponse()
                return Answer(answer.status, answer.read().decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            return Answer(0, "")

    def post_json(self, address: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """POST JSON; returns the status and the answer, {} where it is none."""
        answer = self.ask(address, "POST", path, json.dumps(body).encode(), **JSON)
        try:
            return answer.status, json.loads(answer.text)
        except ValueError:
            return answer.status, {}

    def post_form(self, address: str, path: str, fields: dict[str, str]) -> Answer:
        """POST a form as a browser without scripts does."""
        return self.ask(address, "POST", path, urlencode(fields).encode(), **FORM)
