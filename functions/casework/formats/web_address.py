"""What an address of the web means for secrecy: whether it is this machine, and whether words may travel to it.

Decided by the parsed host, never by how the text begins: ``http://127.0.0.1.evil.example`` and
``http://127.0.0.1@evil.example`` are other machines.

Tests: ``tests/casework/test_web_address.py``.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

# Programs disagree about what blanks, controls and backslashes mean in an address, so such a text is none.
_PLAIN = re.compile(r"[!-\[\]-~]+")


def is_this_machine(host: str) -> bool:
    """Tell whether a host name or IP address, without port or brackets, is the loopback interface (RFC 6761, 6890)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_of(url: str) -> str:
    """Return the host that ``url`` leads to, in small letters, or "" if it is no address of HTTP with a host alone.

    An address with a user's name is none: it reads like another (``https://known.example@evil.example``).
    """
    try:
        parts = urlsplit(url)
        port = parts.port  # raises ValueError if it is no number
    except ValueError:
        return ""
    whole = _PLAIN.fullmatch(url) and parts.scheme in ("http", "https") and "@" not in parts.netloc and port != 0
    return parts.hostname or "" if whole else ""


def is_confidential(url: str) -> bool:
    """Tell whether nobody on the way reads what is sent to ``url``: HTTPS, or HTTP within this machine."""
    host = host_of(url)
    return bool(host) and (urlsplit(url).scheme == "https" or is_this_machine(host))
