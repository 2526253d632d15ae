"""Connections that send what they want, as slowly as they want."""

import socket
from contextlib import suppress

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def line_to(port: int, *sent: bytes, patience: float = 2) -> socket.socket:
    """A connection on which something was sent, as far as the other side takes it within these seconds."""
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.settimeout(patience)
    with suppress(OSError):
        for piece in sent:
            line.sendall(piece)
    line.settimeout(30)
    return line


def head(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n".encode() + FORM + b"\r\n"
