"""The small office behind a real nginx: what a visitor's browser says of itself comes to rest nowhere, whatever goes
wrong, and what he writes is never in a file in clear."""

import json
import re
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import pytest

from tests.delivery.letterbox import Letterbox, letterbox
from tests.local.test_refusals import TWO_ENDS
from tests.office.proxy import HOST, Proxy, proxied
from tests.pages import check_page
from tests.server import Running, free_port, wait_for
from tests.whole.started import fields
from tests.whole.test_canary import HEADERS, found

# The peer of every connection here; it stands in nothing that nginx or the program write.
ADDRESS = "127.0.0.1"
BIG = 600_000
TRIES = 20
SLOW = 600


@dataclass(frozen=True)
class Office:
    """The program as `make serve` runs it, behind nginx, with a mail server."""

    product: Running
    proxy: Proxy
    letters: Letterbox
    folder: Path

    def ask(self, method: str, path: str, body: bytes = b"", **more: str) -> tuple[int, str, bytes]:
        """A request with every canary in its headers and one in its query."""
        headers = {"Host": HOST, "Connection": "close", "Content_Length": str(len(body)), **HEADERS, **more}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        answer = self.proxy.ask(f"{method} {path}?utm=CANARY-query HTTP/1.1\r\n{lines}\r\n".encode() + body)
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode("latin-1"), content


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder, port = tmp_path_factory.mktemp("office"), free_port()
    environ = {
        "PUBLIC_URL": f"https://{HOST}",
        "BEHIND_PROXY": "yes",
        "MAIL": "smtp",
        "SECOND_FACTOR": "grace",
        "DIGEST": "off",
        "SMTP_SECURITY": "none",
        "TMPDIR": str(folder / "tmp"),
    }
    (folder / "tmp").mkdir()
    with letterbox() as letters:
        product = Running(folder / "data", port, environ | {"SMTP_PORT": str(letters.port)}, ["serve"])
        wait_for(lambda: product.process.poll() is not None or f"ready https://{HOST}" in product.lines, 90)
        try:
            with proxied(folder / "nginx", port) as proxy:
                yield Office(product, proxy, letters, folder)
        finally:
            product.kill(signal.SIGTERM)


def temporary(proxy: Proxy) -> list[int]:
    """When something was last put into or taken out of the folders that nginx may put bodies and answers into."""
    return [(proxy.folder / kind).stat().st_mtime_ns for kind in ("client_body", "proxy")]


def report(**changes: str) -> bytes:
    return json.dumps(fields() | changes).encode()


def test_what_a_browser_says_of_itself_rests_nowhere_whatever_goes_wrong(office: Office) -> None:
    before, json_in = temporary(office.proxy), {"Content_Type": "application/json", "Accept": "application/json"}
    status, _, body = office.ask("POST", "/api/reports", report(CANARY="CANARY-value"), **json_in)
    assert status == 201
    receipt = json.loads(body)["receipt"]
    message = json.dumps({"receipt": receipt, "body": "Halo", "message_key": token_hex(8)}).encode()
    assert office.ask("POST", "/api/thread/messages", message, **json_in)[0] == 201
    assert office.ask("GET", "/CANARY-path")[0] == 404
    assert office.ask("POST", "/api/reports", b"{CANARY", **json_in)[0] >= 400
    assert office.ask("POST", "/api/thread", b"CANARY" * 100_000, **json_in)[0] >= 400
    assert office.ask("POST", "/api/thread", b"", Content_Length="99999999", **json_in)[0] == 413  # nginx itself
    # What nginx would put into its error log: no request, no TLS, too long, another site's name, broken off.
    for junk in (b"CANARY / HTTP/1.1\r\n\r\n", b"GET /CANARY\r\n\r\n", b"GET / HTTP/1.1\r\nA: CANARY\0\r\n\r\n"):
        office.proxy.ask(junk)
    office.proxy.ask(b"GET /" + b"CANARY" * 20_000 + b" HTTP/1.1\r\n\r\n")
    office.proxy.ask(b"GET /CANARY HTTP/1.1\r\nHost: canary.example.id\r\nConnection: close\r\n\r\n")
    office.proxy.ask(b"CANARY in clear\r\n\r\n", port=office.proxy.https)
    office.proxy.ask(b"CANARY\r\n\r\n", port=office.proxy.http)
    with office.proxy.connect() as line:
        line.sendall(f"POST /api/reports HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 999\r\n\r\nCANARY".encode())
    assert wait_for(lambda: office.letters.raw), "no mail came"
    texts = [office.proxy.printed(), *office.product.lines, *(raw.decode() for raw in office.letters.raw)]
    assert found(texts, office.folder) == []
    assert office.proxy.printed() == ""
    assert not [line for line in office.product.lines if ADDRESS in line]
    assert not list(office.proxy.folder.rglob("*.log"))
    assert temporary(office.proxy) == before


def test_the_program_is_told_who_to_count_and_nothing_else(office: Office, tmp_path: Path) -> None:
    """What nginx hands on, as something that listens in the program's place reads it."""
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            for _ in range(2):
                line, _ = server.accept()
                with line:
                    got.append(line.recv(65536))
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

        thread = threading.Thread(target=answer)
        thread.start()
        lines = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items() if name != "Cookie")
        with proxied(tmp_path / "nginx", server.getsockname()[1]) as proxy:
            proxy.ask(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{lines}\r\n".encode())
            proxy.ask(f"GET / HTTP/1.1\r\nHost: x.onion\r\nConnection: close\r\n{lines}\r\n".encode(), port=proxy.onion)
        thread.join(20)
    by_web, by_onion = (raw.decode("latin-1").lower() for raw in got)
    assert re.findall(r"^x-forwarded-for: (.*)\r$", by_web, re.MULTILINE) == [ADDRESS]
    assert "x-forwarded-for" not in by_onion
    for said in (by_web, by_onion):
        assert f"host: {HOST}" in said
        for name in ("user-agent", "referer", "accept-language", "forwarded", "via", "x-real-ip"):
            assert f"\n{name}:" not in said, name


@pytest.mark.parametrize("kept", ["client_body", "access", "error"])
def test_the_search_finds_what_a_usual_nginx_keeps(office: Office, tmp_path: Path, kept: str) -> None:
    """The same requests through an nginx that is set up as most are: each of the three is found."""
    changes = {
        "client_body": {r"proxy_request_buffering off": "proxy_request_buffering on"},
        "access": {r"access_log off": f"access_log {tmp_path}/access.log"},
        "error": {r"error_log /dev/null crit": f"error_log {tmp_path}/error.log error"},
    }[kept]
    port = int(office.product.url.rpartition(":")[2])
    with proxied(tmp_path / "nginx", free_port() if kept == "error" else port, **changes) as proxy:
        usual, before = Office(office.product, proxy, office.letters, tmp_path), temporary(proxy)
        usual.ask("POST", "/api/reports", report(body="x" * BIG), Content_Type="application/json")
        assert (temporary(proxy) != before) is (kept == "client_body")
        logged = kept != "client_body"  # nginx writes it after it has answered
        assert wait_for(lambda: bool([hit for hit in found([], tmp_path) if ".log" in hit[1]]) is logged)


def test_it_speaks_tls_alone_to_its_own_name_alone(office: Office) -> None:
    status, head, _ = office.ask("GET", "/")
    assert status == 200
    assert "Strict-Transport-Security: " in head
    assert not re.search(r"^Server:.*\d", head, re.MULTILINE)
    plain = office.proxy.ask(
        f"GET /lapor/?a=b HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode(), port=office.proxy.http
    )
    assert b"308 Permanent Redirect" in plain
    assert f"Location: https://{HOST}/lapor/?a=b".encode() in plain
    assert office.proxy.ask(b"GET / HTTP/1.1\r\nHost: other.example.id\r\nConnection: close\r\n\r\n") == b""


HIDDEN = f"GET /hidden HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


@pytest.mark.parametrize("lines", TWO_ENDS.values(), ids=TWO_ENDS.keys())
def test_a_request_with_two_ends_does_not_pass_nginx(office: Office, lines: bytes) -> None:
    raw = f"POST /api/reports HTTP/1.1\r\nHost: {HOST}\r\n".encode() + lines + b"\r\n0\r\n\r\n\r\n" + HIDDEN
    for port in (0, office.proxy.onion):
        answer = office.proxy.ask(raw, port=port)
        assert answer.count(b"HTTP/1.1 ") == 1, answer
        assert answer.split()[1] in (b"400", b"501"), answer
        assert b"nginx" not in answer.partition(b"\r\n\r\n")[2]


def test_several_on_one_line_are_answered_in_their_order(office: Office) -> None:
    last = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    for port in (0, office.proxy.onion):
        answer = office.proxy.ask(HIDDEN + HIDDEN + last, port=port)
        assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"404", b"404", b"200"]


def heard(line: socket.socket) -> bytes:
    """All that comes until the other side hangs up, with a word or without."""
    found = b""
    with suppress(ConnectionError):
        while piece := line.recv(65536):
            found += piece
    return found


def test_who_closes_half_a_line_gets_one_report_and_the_same_receipt_when_they_ask_again(office: Office) -> None:
    """nginx takes a half-closed line for one that was given up, so an answer may not come: the key makes it one report."""
    sent, to = report(), office.proxy.onion
    lines = f"Host: {HOST}\r\nConnection: close\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
    raw = f"POST /api/reports HTTP/1.1\r\n{lines}Content-Length: {len(sent)}\r\n\r\n".encode() + sent
    with socket.create_connection(("127.0.0.1", to), timeout=30) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        first = heard(line)
    assert not first or first.startswith(b"HTTP/1.1 201"), first
    again = office.proxy.ask(raw, port=to)
    third = office.proxy.ask(raw, port=to)
    assert again.split()[1] in (b"200", b"201")
    assert third.startswith(b"HTTP/1.1 200")
    assert again.partition(b"\r\n\r\n")[2] == third.partition(b"\r\n\r\n")[2]
    cut = f"POST /api/reports HTTP/1.1\r\n{lines}Content-Length: {len(sent)}\r\n\r\n".encode() + report()[:-1]
    with socket.create_connection(("127.0.0.1", to), timeout=30) as line:  # a body that ends early
        line.sendall(cut)
        line.shutdown(socket.SHUT_WR)
        assert b" 20" not in heard(line)


@pytest.mark.long
@pytest.mark.parametrize("by_onion", [False, True], ids=["web", "onion"])
def test_what_nginx_refuses_by_itself_is_said_in_our_words(office: Office, by_onion: bool) -> None:
    port = office.proxy.onion if by_onion else 0
    start, host = "POST /api/reports HTTP/1.1\r\n", f"Host: {HOST}\r\n"
    refused = {
        413: f"{start}{host}Content-Length: 99999999\r\n",
        400: f"{start}{host}Content-Length: x\r\n",
        494: f"{start}{host}X: {'x' * 40_000}\r\n",
        414: f"GET /{'x' * 40_000} HTTP/1.1\r\n{host}",
    }
    for status, lines in refused.items():
        head, _, page = office.proxy.ask(f"{lines}\r\n".encode(), port=port).partition(b"\r\n\r\n")
        assert int(head.split()[1]) == {494: 400}.get(status, status), (status, head)
        assert b"Content-Security-Policy" in head
        root = check_page(page.decode())
        assert [each.get("lang") for each in root.iter("p")] == [None, "en"]
    for status in (413, 400):
        asked = f"{start}{host}Accept: application/json\r\n" + refused[status].partition(host)[2]
        head, _, body = office.proxy.ask(f"{asked}\r\n".encode(), port=port).partition(b"\r\n\r\n")
        assert b"Content-Type: application/problem+json" in head, head
        assert json.loads(body)["status"] == status
    assert office.proxy.printed() == ""


def test_while_the_program_starts_anew_there_is_a_page_that_says_so(tmp_path: Path) -> None:
    with proxied(tmp_path / "nginx", free_port()) as proxy:
        answer = proxy.ask(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        assert proxy.printed() == ""
    head, _, page = answer.partition(b"\r\n\r\n")
    assert b" 503 " in head.splitlines()[0]
    assert b"Retry-After: 10" in head
    check_page(page.decode())


def test_the_onion_line_of_the_example_is_a_header_when_it_is_turned_on(office: Office, tmp_path: Path) -> None:
    port = int(office.product.url.rpartition(":")[2])
    on = {
        r"# (add_header Onion-Location http://)ONION\.onion": "add_header Onion-Location http://" + "a" * 56 + ".onion"
    }
    with proxied(tmp_path / "nginx", port, **on) as proxy:
        _, head, _ = Office(office.product, proxy, office.letters, tmp_path).ask("GET", "/lacak/")
    assert f"Onion-Location: http://{'a' * 56}.onion/lacak/" in head


def test_a_doors_page_names_the_scripts_of_the_host_it_is_read_at(office: Office) -> None:
    """By the onion service another host's scripts are not ours: the quick exit's own would not run, and Back would show
    the thread again (``keluar.js``)."""
    onion = f"{'a' * 56}.onion"
    for host, port in ((HOST, 0), (onion, office.proxy.onion)):
        for path in ("/api/thread", "/lacak/"):
            raw = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode()
            head, _, page = office.proxy.ask(raw, port=port).decode().partition("\r\n\r\n")
            (policy,) = re.findall(r"^Content-Security-Policy: (.*)\r?$", head, re.MULTILINE)
            assert "/assets/keluar" in page
            at_door = f"script-src {host}/assets/; worker-src {host}/sw.js;"
            assert (at_door if path == "/api/thread" else "script-src 'self';") in policy


@pytest.mark.long
def test_slow_connections_from_one_address_close_neither_the_web_nor_the_onion(tmp_path: Path) -> None:
    """One address holds more requests than the program takes, by the web and by the onion service. Others are served in
    both, also those who share the address."""
    port, onion_port = free_port(), free_port()
    environ = {"PUBLIC_URL": f"https://{HOST}", "BEHIND_PROXY": "yes", "MAIL": "smtp", "ONION_PORT": str(onion_port)}
    product = Running(tmp_path / "data", port, environ, ["serve"])
    wait_for(lambda: product.process.poll() is not None or f"ready https://{HOST}" in product.lines, 90)
    start = f"POST /api/reports HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900\r\n\r\na".encode()
    get = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    try:
        with proxied(tmp_path / "nginx", port, onion_port) as proxy, ExitStack() as slow:
            for to in (0, proxy.onion):
                for _ in range(SLOW):
                    line = slow.enter_context(
                        socket.create_connection(("127.0.0.1", to), timeout=30) if to else proxy.connect()
                    )
                    line.sendall(start)
            assert [proxy.ask(get)[:12] for _ in range(TRIES)] == [b"HTTP/1.1 200"] * TRIES
            for open_port in (port, onion_port, proxy.onion):  # as another address, and as another of Tor's visitors
                assert answers(open_port, get) == TRIES
    finally:
        product.kill(signal.SIGTERM)


def answers(port: int, get: bytes) -> int:
    """How often of some times a port answers well."""
    found = 0
    for _ in range(TRIES):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(get)
            found += line.recv(100).startswith(b"HTTP/1.1 200")
    return found
