"""A real nginx with the example's configuration: only its ports, its certificate and its user are of this machine."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.delivery.letterbox import Authority
from tests.server import ROOT, free_port, wait_for

EXAMPLE = ROOT / "infra" / "office" / "nginx.conf"
HOST = "lapor.example.go.id"


@dataclass(frozen=True)
class Proxy:
    """A running nginx: its ports, its folder, and what it printed so far."""

    https: int
    http: int
    onion: int
    folder: Path

    def printed(self) -> str:
        """What nginx printed, but for what 1.25 and newer say of a line that Debian 12's needs."""
        lines = (self.folder / "printed").read_text().splitlines(keepends=True)
        return "".join(line for line in lines if 'the "listen ... http2" directive is deprecated' not in line)

    def connect(self) -> ssl.SSLSocket:
        """A TLS connection to the site, as a browser makes it (the certificate is nobody's)."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=30)
        return context.wrap_socket(plain, server_hostname=HOST)

    def ask(self, raw: bytes, *, port: int = 0) -> bytes:
        """Send bytes, and read all that comes until the other side closes; by TLS where no port is named."""
        with socket.create_connection(("127.0.0.1", port), timeout=30) if port else self.connect() as line:
            with suppress(OSError):  # it hung up on what is too long
                line.sendall(raw)
            found = b""
            while piece := _piece(line):
                found += piece
            return found


def _piece(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except OSError:  # reset, or ended without a word
        return b""


def nginx() -> str:
    """The program; a test that cannot have it fails with what to install."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not found:
        pytest.fail("nginx is missing: install it (apt-get install nginx-light), or run `make test`", pytrace=False)
    return found


def configured(folder: Path, port: int, onion_port: int = 0, **changes: str) -> tuple[Path, Proxy]:
    """The example with this machine's ports and paths, and with ``changes`` (regular expression: text)."""
    proxy = Proxy(free_port(), free_port(), free_port(), folder)
    (folder / "tls").mkdir(parents=True)
    Authority(folder / "tls")
    chain = folder / "tls" / "server.pem"
    text = EXAMPLE.read_text()
    places = {
        r"/etc/ssl/lapor/\w+\.pem": str(chain),
        r"^user .*;$": "user root;" if os.getuid() == 0 else "",  # the folders of a test are its own user's alone
        r"/run/nginx\.pid": str(folder / "pid"),
        r"listen 80\b": f"listen 127.0.0.1:{proxy.http}",
        r"listen 443\b": f"listen 127.0.0.1:{proxy.https}",
        r"127\.0\.0\.1:8081": f"127.0.0.1:{proxy.onion}",
        r"127\.0\.0\.1:8000": f"127.0.0.1:{port}",
        r"127\.0\.0\.1:8001": f"127.0.0.1:{onion_port or port}",
        r"^worker_rlimit_nofile .*;$": "",
        r"^worker_processes .*;$": "worker_processes 1;",
    }
    for pattern, place in (places | changes).items():
        text, count = re.subn(pattern, place.replace("\\", "\\\\"), text, flags=re.MULTILINE)
        assert count, f"the example no longer has {pattern}"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    text = text.replace("http {\n", "http {\n" + temporary, 1)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path, proxy


@contextmanager
def proxied(folder: Path, port: int, onion_port: int = 0, **changes: str) -> Iterator[Proxy]:
    """nginx before the program that listens on ``port``; it ends with the block."""
    path, proxy = configured(folder, port, onion_port, **changes)
    with (folder / "printed").open("wb") as printed:
        command = [nginx(), "-e", "stderr", "-p", str(folder), "-c", str(path), "-g", "daemon off;"]
        process = subprocess.Popen(command, stdout=printed, stderr=printed, cwd=folder)
        try:
            wait_for(lambda: process.poll() is not None or _listens(proxy.https))
            assert process.poll() is None, proxy.printed()
            yield proxy
        finally:
            process.terminate()
            process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
