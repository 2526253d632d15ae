"""What a report costs whoever sends it over a weak line: bytes, requests, seconds. ``python -m tests.bench.reach``
measures all of it and writes docs/reach.md.

The product runs as ``make serve`` runs it, behind nginx with the example's configuration (TLS, HTTP/2); Chromium runs in
a network namespace of its own at the other end of the weak link. Nobody thinks in between: fields are filled in no time,
so that what is measured is waiting.
"""

import base64
import hashlib
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.bench.reach_page import Visit, page
from tests.bench.weaklink import HERE, Link, Wire, permitted, weak
from tests.browser.people import ARGUMENTS, PHONE, Person, chromium
from tests.delivery.letterbox import letterbox
from tests.office.proxy import HOST, proxied
from tests.server import Running, free_port, wait_for

LINKS = (Link("2G", 300, 50, 2), Link("3G", 200, 400, 1))
TARGET = Path(__file__).parents[2] / "docs" / "reach.md"
PATIENCE_MS = 240_000
BODY = (
    "Jembatan kayu menuju sekolah putus sejak hujan Senin lalu. Anak-anak menyeberang lewat sungai. "
    "Kepala desa sudah tahu, tetapi belum ada yang datang."
)


class Relay:
    """Hands a port on to another one of this machine, and counts what passes, both ways."""

    def __init__(self, target: int, address: str = "127.0.0.1", port: int = 0) -> None:
        self.target, self.bytes, self.connections = target, 0, 0
        self.lock = threading.Lock()
        self.server = socket.create_server((address, port))
        self.port: int = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self) -> None:
        with self.server, suppress(OSError):  # shut down
            while True:
                near, _ = self.server.accept()
                self.connections += 1
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self.target)) as far:
            for line in (near, far):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
            back.start()
            self._pump(near, far)
            back.join()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):  # either side hung up
            while piece := one.recv(65536):
                with self.lock:
                    self.bytes += len(piece)
                other.sendall(piece)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Take no more. The port is free once the thread that waits on it has let go."""
        self.server.shutdown(socket.SHUT_RDWR)
        self.thread.join(timeout=10)


@dataclass
class Office:
    """The small office as it runs, and the key of its certificate by which a browser may know it."""

    https: int
    folder: Path
    spki: str

    def arguments(self, place: str) -> list[str]:
        """Chromium's arguments, to find it at ``place`` (an address and a port)."""
        known = f"--ignore-certificate-errors-spki-list={self.spki}"
        return [*ARGUMENTS, known, f"--host-resolver-rules=MAP {HOST}:443 {place}"]


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """The product behind nginx."""
    port = free_port()
    environ = {"PUBLIC_URL": f"https://{HOST}", "BEHIND_PROXY": "yes", "MAIL": "smtp", "SMTP_SECURITY": "none"}
    environ |= {"SECOND_FACTOR": "grace"}
    with letterbox() as letters:
        product = Running(folder / "data", port, environ | {"SMTP_PORT": str(letters.port)}, ["serve"])
        ready = f"ready https://{HOST}"
        try:
            wait_for(lambda: product.process.poll() is not None or ready in product.lines, 90)
            assert ready in product.lines, product.lines
            with proxied(folder / "nginx", port) as proxy:
                certificate = x509.load_pem_x509_certificate((folder / "nginx" / "tls" / "server.pem").read_bytes())
                key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
                yield Office(proxy.https, folder, base64.b64encode(hashlib.sha256(key).digest()).decode())
        finally:
            product.kill(signal.SIGTERM)


class Phone(Person):
    """Somebody at a phone who waits. A page is not looked over: that takes time of its own."""

    def __init__(
        self,
        browser: Browser,
        relay: Relay,
        wire: Wire | None,
        link: Link | None,
        visit: Visit,
        *,
        worker: bool = False,
    ) -> None:
        super().__init__(browser, f"https://{HOST}", javascript=visit.javascript, screen=PHONE, offline=worker)
        self.context.set_default_timeout(PATIENCE_MS)
        self.relay, self.wire, self.asked = relay, wire, 0
        self.network = self.context.new_cdp_session(self.page)
        self.network.send("Network.enable")
        self.network.on("Network.responseReceivedExtraInfo", lambda _: self._asked())
        if link and not wire:
            rate = {"downloadThroughput": link.kbit * 125, "uploadThroughput": link.kbit * 125}
            self.network.send("Network.emulateNetworkConditions", {"offline": False, "latency": link.delay_ms, **rate})

    def _asked(self) -> None:
        self.asked += 1

    def look(self) -> str:
        return ""

    def reports(self, visit: Visit, photo: Path | None = None) -> Visit:
        """From the address of the home page to the receipt, and a photo after it; ``visit`` is filled in."""
        stream, packets, asked, start = self.relay.bytes, self._packets(), self.asked, time.monotonic()
        connections = self.relay.connections
        self.page.goto(f"{self.url}/")
        self.follow("Tulis laporan")
        self.page.wait_for_load_state("load")
        visit.form_seconds = time.monotonic() - start
        visit.form_stream, visit.form_requests = self.relay.bytes - stream, self.asked - asked
        self.choose("Di kecamatan mana?", "Sangkulirang")
        self.write("Apa yang terjadi?", BODY)
        self.press("Periksa sebelum dikirim")
        self.press("Kirim laporan", 201)
        self.page.locator(".code").wait_for()
        visit.receipt_seconds = time.monotonic() - start
        assert len(self.code()) == 29
        assert self.page.locator(".qr svg").count() == (
            0 if self.javascript else 1
        )  # with scripts where it is asked for
        visit.stream, visit.requests = self.relay.bytes - stream, self.asked - asked
        visit.packets, visit.connections = self._packets() - packets, self.relay.connections - connections
        if photo:
            stream, start = self.relay.bytes, time.monotonic()
            self.send_file(photo)
            visit.photo_seconds = time.monotonic() - start
            visit.photo_stream = self.relay.bytes - stream
        return visit

    def _packets(self) -> int:
        return self.wire.counted()["bytes"] if self.wire else 0


def picture(folder: Path) -> Path:
    """A photo that compresses as badly as a real one, of about a hundred kilobytes."""
    path, side = folder / "photo.jpg", 120
    noise = random.Random(1).randbytes(side * side * 3)  # noqa: S311 - a picture of nothing
    Image.frombytes("RGB", (side, side), noise).resize((800, 600), Image.Resampling.BICUBIC).save(path, quality=70)
    return path


def visits(
    browser: Browser,
    relay: Relay,
    *,
    javascript: bool,
    link: Link | None = None,
    wire: Wire | None = None,
    photo: Path | None = None,
) -> list[Visit]:
    """A first visit that sends a report, and a second one with the same browser that sends another and a photo."""
    name = link.name if link else ""
    cold, warm = (Visit(name, javascript, warm=second) for second in (False, True))
    phone = Phone(browser, relay, wire, link, cold)
    try:
        phone.reports(cold)
        phone.keeps_code()
        phone.follow("Selesai")
        return [cold, phone.reports(warm, photo)]
    finally:
        phone.context.close()


def _in_namespace(folder: Path, namespace: str) -> str:
    """A Chromium that starts at the other end of the link."""
    path = folder / "chromium"
    path.write_text(f'#!/bin/sh\nexec ip netns exec {namespace} {chromium()} "$@"\n')
    path.chmod(0o700)
    return str(path)


def over(link: Link, folder: Path, here: Office) -> Iterator[list[Visit]]:
    """All visits over one link, by script and without."""
    photo = picture(folder)
    with weak(link) as wire, sync_playwright() as play:
        relay = Relay(here.https, HERE, 443)
        try:
            program, arguments = _in_namespace(folder, wire.namespace), here.arguments(f"{HERE}:443")
            browser = play.chromium.launch(executable_path=program, args=arguments)
            for javascript in (False, True):
                yield visits(browser, relay, javascript=javascript, link=link, wire=wire, photo=photo)
            browser.close()
        finally:
            relay.close()


def throttled(link: Link, folder: Path, here: Office) -> Iterator[list[Visit]]:
    """Likewise, where there can be no such link: Chromium itself slows down what it reads and loses nothing."""
    photo, relay = picture(folder), Relay(here.https)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=here.arguments(f"127.0.0.1:{relay.port}"))
        for javascript in (False, True):
            yield visits(browser, relay, javascript=javascript, link=link, photo=photo)
        browser.close()
    relay.close()


def main() -> None:
    """Measure and write the page."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the namespace goes with it
    why_not = permitted()
    if why_not:
        sys.stdout.write(f"no weak link here ({why_not}): Chromium throttles itself instead\n")
    found: list[Visit] = []
    with tempfile.TemporaryDirectory() as name, office(Path(name)) as here:
        photo_bytes = picture(Path(name)).stat().st_size
        for link in LINKS:
            sys.stdout.write(f"   {link}\n")
            for pair in (throttled if why_not else over)(link, Path(name), here):
                found += pair
                sys.stdout.write("".join(f"      {visit}\n" for visit in pair))
    TARGET.write_text(page(LINKS, found, photo_bytes, why_not))
    sys.stdout.write(f"written: {TARGET}\n")


if __name__ == "__main__":
    main()
