"""What of a request may pass, in one list, before any framework sees it; and the bucket that floods are counted by.

``handler.py`` (Lambda) and ``front.py`` (one machine) both build what they hand on from these lists, so what
nobody thought of does not pass: no address, agent, referer, language, trace id, nor a query or cookie that is not
ours. Pure; nothing here logs or stores.
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
    | {"x-lapor-signature"}  # a gateway's, of its delivery alone
)
PORTAL_HEADERS = frozenset(
    {"if-modified-since", "if-none-match", "range"}
)  # for frozen files, which doors have none of
COOKIES = frozenset(f"{prefix}lapor-{door}" for prefix in ("", "__Host-") for door in ("custody", "desk", "loket"))
# A test compares these with what the doors read, another the edge's policies with what each path's door reads.
PAGE_QUERY = frozenset({"after", "done", "instance", "lang"})
APP_QUERY = frozenset(
    {"jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status"}
    | {"page", "page_size", "lang"}
)
QUERY = PAGE_QUERY | APP_QUERY
# Of what an app sends by Open311. The standard's email, phone, first_name, last_name, device_id and account_id, the
# phone's position (lat, long), a link to somebody's photo (media_url), and what else an app thinks of are not here.
APP_FIELDS = frozenset(
    {"api_key", "jurisdiction_id", "service_code", "address_string", "address_id", "description", "submission_key"}
    | {"lang"}
    | {"service_request_id", "update_id", "status", "external_status_code"}  # of an update
)
APP_ATTRIBUTES = frozenset({"kind", "district", "place", "happened_on", "subject", "about_agency", "about_officials"})
ENVIRON = frozenset(
    {
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
    """The headers that may pass, by their names in small letters; of two with one name the last. A header of
    ours that a client sends (``x-lapor-bucket``) is not among them."""
    kept = {name.lower(): value for name, value in headers if name.lower() in allowed}
    if "cookie" in kept:
        kept["cookie"] = clean_cookies(kept["cookie"])
    return {name: value for name, value in kept.items() if value or name != "cookie"}


def clean_cookies(cookies: str) -> str:
    """Of a ``Cookie`` header only our sessions, "" where there is none."""
    pairs = (pair.strip() for pair in cookies.split(";"))
    return "; ".join(pair for pair in pairs if pair.partition("=")[0] in COOKIES)


def clean_query(query: str) -> str:
    """Of a query string only the parameters that the doors read, as they came."""
    return "&".join(pair for pair in query.split("&") if unquote_plus(pair.partition("=")[0]) in QUERY)


def clean_form(body: bytes) -> bytes:
    """Of an app's form (``application/x-www-form-urlencoded``) only the fields that may pass, as they came."""
    return b"&".join(
        pair for pair in body.split(b"&") if _may_pass(unquote_plus(pair.partition(b"=")[0].decode("latin-1")))
    )


def _may_pass(name: str) -> bool:
    attribute = re.fullmatch(r"attribute\[(\w{1,40})\](?:\[\])?", name, re.ASCII)
    return attribute[1] in APP_ATTRIBUTES if attribute else name in APP_FIELDS


def clean_environ(environ: Mapping[str, Any], bucket: str, *, portal: bool) -> dict[str, Any]:
    """A new WSGI environ with nothing in it but what is on the lists. ``portal``: the request is for a frozen file,
    which may be asked for in part or only if it changed."""
    allowed = HEADERS | PORTAL_HEADERS if portal else HEADERS
    wanted = {_environ_key(name): name for name in allowed}
    headers = clean_headers(((name, str(environ[key])) for key, name in wanted.items() if key in environ), allowed)
    return {
        **{key: environ[key] for key in ENVIRON if key in environ},
        **{_environ_key(name): value for name, value in headers.items()},
        "QUERY_STRING": clean_query(environ.get("QUERY_STRING", "")),
        "REMOTE_ADDR": NOWHERE,
        BUCKET_KEY: bucket,
    }


def _environ_key(name: str) -> str:
    """Where WSGI keeps a header (PEP 3333)."""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def from_edge(given: str, secrets_: Iterable[str]) -> bool:
    """Whether a request's ``x-lapor-origin`` is one of the secrets that only our edge adds, compared in a time that
    tells nothing. Where there are none, there is no edge, and every request may come."""
    raw = given.encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(raw, secret.encode()) for secret in secrets_]
    return not matches or any(matches)


def bucket_of(environ: Mapping[str, Any]) -> str:
    """The flood bucket of a clean request, 8 hex digits, or "" where it has none. It means something for an hour
    at most, and only to the process that gave it."""
    found = environ.get(BUCKET_KEY) or environ.get(_environ_key(BUCKET_HEADER)) or ""
    return found if re.fullmatch(rf"[0-9a-f]{{{BUCKET_DIGITS}}}", found) else ""


class Buckets:
    """Puts addresses into buckets under a random key that is in memory only and replaced after an hour: by the
    first request after it, so an idle process keeps its last key. The address never leaves this file.

    ``behind_proxy``: connections come from a reverse proxy of ours, which appends the address it sees to
    ``X-Forwarded-For``; what stands before that is the client's own invention. ``clock`` gives seconds.
    """

    def __init__(self, *, behind_proxy: bool = False, clock: Callable[[], float] = time.time) -> None:
        self._behind_proxy = behind_proxy
        self._clock = clock
        self._lock = threading.Lock()
        self._key, self._since = b"", float("-inf")

    def of(self, peer: str, forwarded: str = "") -> str:
        """The bucket of who stands behind a connection from ``peer`` with this ``X-Forwarded-For``."""
        last = forwarded.rpartition(",")[2].strip()
        return self.bucket(last if self._behind_proxy and last else peer)

    def bucket(self, address: str) -> str:
        """The bucket of an address: 8 hex digits, or "" where it is none. A household's IPv6 addresses share one."""
        try:
            network = _network(ip_address(address.partition("%")[0]))
        except ValueError:
            return ""
        return hmac.digest(self._current_key(), network, "sha256").hex()[:BUCKET_DIGITS]

    def _current_key(self) -> bytes:
        with self._lock:
            now = self._clock()
            if not 0 <= now - self._since < KEY_SECONDS:  # also when the clock was set back
                self._key, self._since = secrets.token_bytes(32), now
            return self._key


def _network(address: IPv4Address | IPv6Address) -> bytes:
    """What is counted as one: an IPv4 address, or the /64 that a household is given."""
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return mapped.packed if mapped else address.packed[:8]
    return address.packed
