"""Asking the running product over HTTP, and what holds for the headers of every answer."""

import http.client
import re
from dataclasses import dataclass
from email.message import Message

from tests.server import Running

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
FILE_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
DOORS = (
    "/api/reports",
    "/api/thread",
    "/api/clean",
    "/api/sms",
    "/desk",
    "/custody",
    "/open311",
    "/dev",
    "/healthz",
    "/keluar",
)
FROM_ASSETS = re.compile(r"script-src ([\w.:-]+)/assets/; worker-src \1/sw\.js;")
FIXED = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Answer:
    """What came back, and for what."""

    asked: str
    status: int
    headers: Message
    body: bytes


class Browser:
    """Asks without following, keeping or adding anything."""

    def __init__(self, product: Running) -> None:
        self.url = product.url.removeprefix("http://")
        self.statuses: set[int] = set()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection(self.url, timeout=30)
        try:
            connection.request(method, path, body or None, {n.replace("_", "-"): v for n, v in headers.items()})
            response = connection.getresponse()
            answer = Answer(f"{method} {path}", response.status, response.headers, response.read())
        finally:
            connection.close()
        self.statuses.add(answer.status)
        return answer


def check(answer: Answer, *, csp: str = CSP, cache: str = "no-store", cookies: int = 0) -> Answer:
    """What holds for every answer; ``cache`` and ``csp`` say in what this one may differ."""
    said, about = answer.headers, (answer.asked, answer.status, str(answer.headers))
    policies = said.get_all("Content-Security-Policy", [])
    if csp == CSP and answer.asked.partition(" ")[2].startswith(DOORS):  # set before the door, which cannot choose it
        assert len(policies) == 1, about
        assert FROM_ASSETS.search(policies[0]), about
        policies = [FROM_ASSETS.sub("script-src 'self';", policies[0])]
    assert policies == [csp], about
    for name, value in FIXED.items():
        assert said.get_all(name) == [value], (name, about)
    off = said["Permissions-Policy"].split(", ")
    assert all(re.fullmatch(r"[a-z-]+=\(\)", feature) for feature in off), about
    assert {"camera=()", "geolocation=()", "microphone=()", "usb=()", "payment=()"} <= set(off)
    assert said.get_all("Cache-Control") == [cache], about
    assert len(said.get_all("Set-Cookie", [])) == cookies, about
    for name in ("Server", "Via", "X-Powered-By", "Access-Control-Allow-Origin", "Access-Control-Allow-Methods"):
        assert name not in said, (name, about)
    assert not re.search("waitress|werkzeug|flask|python|whitenoise", str(said), re.IGNORECASE), about
    kind = said["Content-Type"] or ""
    if kind.startswith("text/") and kind != "text/xml":  # Open311's discovery is that to the letter
        assert re.search(r"charset=\"?utf-8", kind), about
    assert "Strict-Transport-Security" not in said, about  # over HTTP it has no meaning
    return answer
