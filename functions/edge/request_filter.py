"""The allow-list of what a request may carry to a framework, and the bucket that floods are counted by.

``aws_lambda/handler.py`` and ``request_guard.py`` (one machine) build a new request from these lists. So nothing else
passes: no address, agent, referer, language, trace id, nor a query or cookie that is not ours. Pure: nothing here logs
or stores.
"""

import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import unquote_plus

NOWHERE = "127.0.0.1"
HEADERS = frozenset(
    {"accept", "accept-encoding", "content-type", "content-length", "cookie", "host", "sec-fetch-site", "x-csrf-token"}
    | {"x-lapor-signature"}  # signs a gateway's delivery
)
PORTAL_HEADERS = frozenset({"if-modified-since", "if-none-match", "range"})  # only frozen files use them
COOKIES = frozenset(f"{prefix}lapor-{door}" for prefix in ("", "__Host-") for door in ("custody", "desk", "loket"))
# Tests compare these with what the doors read, and the edge's policies with what each path's door reads.
PAGE_QUERY = frozenset({"after", "do", "done", "instance", "lang", "open", "page", "q", "sort", "view"})
APP_QUERY = frozenset(
    {"jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status"}
    | {"page", "page_size", "lang"}
)
QUERY = PAGE_QUERY | APP_QUERY
# Fields of Open311 that an app may send. Missing on purpose: the standard's email, phone, first_name, last_name,
# device_id and account_id, the phone's position (lat, long), a link to somebody's photo (media_url), and whatever else
# an app adds.
APP_FIELDS = frozenset(
    {"api_key", "jurisdiction_id", "service_code", "address_string", "address_id", "description", "submission_key"}
    | {"lang"}
    | {"service_request_id", "update_id", "status", "external_status_code"}  # of an update
)
APP_ATTRIBUTES = frozenset({"kind", "district", "place", "happened_on", "subject", "about_agency", "about_officials"})
REFUSED_KEY = "lapor.refused"  # why our server did not keep a body; no client's header makes such a key
ENVIRON = frozenset(
    {
        REFUSED_KEY,
        "PATH_INFO",
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "wsgi.errors",
        "wsgi.file_wrapper",
        "wsgi.input",
        "wsgi.input_terminated",
        "wsgi.multiprocess",
        "wsgi.multithread",
        "wsgi.run_once",
        "wsgi.url_scheme",
        "wsgi.version",
    }
)
BUCKET_KEY = "lapor.bucket"
BUCKET_HEADER = "x-lapor-bucket"
BUCKET_DIGITS = 8
ORIGIN_HEADER = "x-lapor-origin"
KEY_SECONDS = 3600


def clean_headers(headers: Iterable[tuple[str, str]], allowed: frozenset[str] = HEADERS) -> dict[str, str]:
    """Return the headers that may pass, by lower-case name; of two with the same name the last.

    A header of ours that a client sends (``x-lapor-bucket``) is not among them.
    """
    kept = {name.lower(): value for name, value in headers if name.lower() in allowed}
    if "cookie" in kept:
        kept["cookie"] = clean_cookies(kept["cookie"])
    return {name: value for name, value in kept.items() if value or name != "cookie"}


def clean_cookies(cookies: str) -> str:
    """Keep only our sessions of a ``Cookie`` header; "" if there are none."""
    pairs = (pair.strip() for pair in cookies.split(";"))
    return "; ".join(pair for pair in pairs if pair.partition("=")[0] in COOKIES)


def clean_query(query: str) -> str:
    """Keep only the parameters of a query string that the doors read, unchanged."""
    return "&".join(pair for pair in query.split("&") if unquote_plus(pair.partition("=")[0]) in QUERY)


def clean_form(body: bytes) -> bytes:
    """Keep only the allowed fields of an app's form (``application/x-www-form-urlencoded``), unchanged."""
    return b"&".join(
        pair for pair in body.split(b"&") if _may_pass(unquote_plus(pair.partition(b"=")[0].decode("latin-1")))
    )


def _may_pass(name: str) -> bool:
    attribute = re.fullmatch(r"attribute\[(\w{1,40})\](?:\[\])?", name, re.ASCII)
    return attribute[1] in APP_ATTRIBUTES if attribute else name in APP_FIELDS


def clean_environ(environ: Mapping[str, Any], bucket: str, *, portal: bool) -> dict[str, Any]:
    """Build a new WSGI environ from the lists.

    ``portal`` marks a request for a frozen file, which may be conditional or for a part.
    """
    headers = passed_headers(environ, HEADERS | PORTAL_HEADERS if portal else HEADERS)
    return {
        **{key: environ[key] for key in ENVIRON if key in environ},
        **{_environ_key(name): value for name, value in headers.items()},
        "QUERY_STRING": clean_query(environ.get("QUERY_STRING", "")),
        "REMOTE_ADDR": NOWHERE,
        BUCKET_KEY: bucket,
    }


def passed_headers(environ: Mapping[str, Any], allowed: frozenset[str] = HEADERS) -> dict[str, str]:
    """Return the headers of a WSGI environ that may pass, by lower-case name."""
    wanted = {_environ_key(name): name for name in allowed}
    return clean_headers(((name, str(environ[key])) for key, name in wanted.items() if key in environ), allowed)


def _environ_key(name: str) -> str:
    """Return WSGI's key of a header (PEP 3333)."""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def from_edge(given: str, secrets_: Iterable[str]) -> bool:
    """Tell whether ``x-lapor-origin`` is one of the secrets that only our edge adds, compared in constant time.

    Without secrets there is no edge, and every request passes.
    """
    raw = given.encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(raw, secret.encode()) for secret in secrets_]
    return not matches or any(matches)


def bucket_of(environ: Mapping[str, Any]) -> str:
    """Return the flood bucket of a clean request, 8 hex digits, or "" if it has none.

    It is valid for an hour at most, and only in the process that assigned it.
    """
    found = environ.get(BUCKET_KEY) or environ.get(_environ_key(BUCKET_HEADER)) or ""
    return found if re.fullmatch(rf"[0-9a-f]{{{BUCKET_DIGITS}}}", found) else ""


class Buckets:
    """Assigns addresses to buckets under a random key that is only in memory. Addresses never leave this file.

    The first request after an hour replaces the key, so an idle process keeps its last one. ``behind_proxy`` says that
    our reverse proxy appends the address it sees to ``X-Forwarded-For``; the client may have invented the rest. The
    proxy says none for the onion service, whose visitors all come from this machine: they have no bucket.
    ``clock`` gives seconds.
    """

    def __init__(self, *, behind_proxy: bool = False, clock: Callable[[], float] = time.time) -> None:
        self._behind_proxy = behind_proxy
        self._clock = clock
        self._lock = threading.Lock()
        self._key, self._since = b"", float("-inf")

    def of(self, peer: str, forwarded: str = "") -> str:
        """Return the bucket of the client behind a connection from ``peer`` with this ``X-Forwarded-For``."""
        last = forwarded.rpartition(",")[2].strip()
        return self.bucket(last if self._behind_proxy else peer)

    def bucket(self, address: str) -> str:
        """Return the bucket of an address: 8 hex digits, or "" if it is not one. A household's IPv6 addresses share
        one."""
        try:
            network = _network(ip_address(address.partition("%")[0]))
        except ValueError:
            return ""
        return hmac.digest(self._current_key(), network, "sha256").hex()[:BUCKET_DIGITS]

    def _current_key(self) -> bytes:
        with self._lock:
            now = self._clock()
            if not 0 <= now - self._since < KEY_SECONDS:  # also if the clock was set back
                self._key, self._since = secrets.token_bytes(32), now
            return self._key


def _network(address: IPv4Address | IPv6Address) -> bytes:
    """Return what is counted as one client: an IPv4 address, or the /64 that a household gets."""
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return mapped.packed if mapped else address.packed[:8]
    return address.packed
