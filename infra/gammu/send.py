#!/usr/bin/env python3
"""On a gammu box of an office in the cloud: takes what the cloud sends (SMS_URL) and puts it into gammu-smsd's spool.

Listens on 127.0.0.1 only: a proxy with a certificate stands before it. Only who bears the token (``sms-token``) is
heard. A second try of the same SMS takes the place of the first, as long as gammu has not sent it. It needs nothing but
Python, and says nothing of any SMS.

From the environment: SMS_PORT (8081), SMS_TOKEN_FILE (/etc/lapor/sms-token, mode 0600), SMS_SPOOL
(/var/spool/gammu/outbox).
"""

import hmac
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkstemp

IDENT, NUMBER = re.compile(r"[0-9a-f]{32}", re.ASCII), re.compile(r"\+\d{8,15}", re.ASCII)
BYTES_MOST, TEXT_MOST = 16_384, 1_000
TOKEN_LEAST = 16
TIMEOUT_SECONDS = 20
TAKEN, REFUSED, TOO_LARGE, WRONG, NO_ROOM = 200, 401, 413, 422, 503


def put(spool: Path, raw: bytes) -> int:
    """Put what was posted into the spool, whole or not at all. Returns the status of the answer."""
    try:
        told = json.loads(raw)
        ident, number, text = (str(told[name]) for name in ("id", "to", "text"))
    except (ValueError, KeyError, TypeError):
        return WRONG
    if not (IDENT.fullmatch(ident) and NUMBER.fullmatch(number) and 0 < len(text) <= TEXT_MOST):
        return WRONG
    try:
        handle, fresh = mkstemp(dir=spool, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-16"))
        Path(fresh).chmod(0o660)
        Path(fresh).replace(spool / f"OUTC20000101_000000_00_{number}_{ident}.txt")
    except OSError:
        return NO_ROOM
    return TAKEN


def handler_of(token: bytes, spool: Path) -> type[BaseHTTPRequestHandler]:
    """The answering of requests."""

    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_SECONDS

        def do_POST(self) -> None:
            """One SMS."""
            self.send_response_only(self.status())
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()

        def status(self) -> int:
            """What becomes of it."""
            given = self.headers.get("Authorization", "").encode("utf-8", "replace")
            length = self.headers.get("Content-Length", "")
            if not hmac.compare_digest(given, token):
                return REFUSED
            if not (length.isdecimal() and int(length) <= BYTES_MOST):
                return TOO_LARGE
            return put(spool, self.rfile.read(int(length)))

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


def main() -> int:
    """Serve until told to end. Returns the exit status."""
    token = Path(os.environ.get("SMS_TOKEN_FILE", "/etc/lapor/sms-token")).read_bytes().strip()
    if len(token) < TOKEN_LEAST:
        sys.stderr.write(f"the token is shorter than {TOKEN_LEAST} characters\n")
        return 1
    spool = Path(os.environ.get("SMS_SPOOL", "/var/spool/gammu/outbox"))
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("SMS_PORT", "8081"))), handler_of(token, spool))
    server.daemon_threads = True
    with server:
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
