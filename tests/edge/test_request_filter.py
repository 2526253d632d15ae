"""What of a request may pass, and the bucket that floods are counted by."""

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.edge.request_filter import (
    APP_ATTRIBUTES,
    APP_FIELDS,
    BUCKET_HEADER,
    BUCKET_KEY,
    COOKIES,
    ENVIRON,
    HEADERS,
    QUERY,
    Buckets,
    bucket_of,
    clean_cookies,
    clean_environ,
    clean_form,
    clean_headers,
    clean_query,
)
from functions.edge.request_guard import cleaned, guarded
from functions.open311.app import UPDATE
from functions.web.session import Cookie

FUNCTIONS = Path(__file__).parents[2] / "functions"
SOURCE = "\n".join(path.read_text() for path in FUNCTIONS.rglob("*.py"))
BODY = io.BytesIO(b"")
RAW = {
    "REQUEST_METHOD": "POST",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/desk/session",
    "QUERY_STRING": "fbclid=kenari&lang=en",
    "REQUEST_URI": "/desk/session?fbclid=kenari",
    "RAW_URI": "/desk/session?fbclid=kenari",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_SOFTWARE": "kenari",
    "REMOTE_ADDR": "203.0.113.77",
    "REMOTE_HOST": "203.0.113.77",
    "REMOTE_PORT": "4711",
    "REMOTE_USER": "kenari",
    "CONTENT_TYPE": "application/json",
    "CONTENT_LENGTH": "0",
    "HTTP_HOST": "lapor.example.id",
    "HTTP_ACCEPT": "application/json",
    "HTTP_ACCEPT_ENCODING": "br",
    "HTTP_ACCEPT_LANGUAGE": "kenari",
    "HTTP_AUTHORIZATION": "kenari",
    "HTTP_COOKIE": "kenari=kenari; lapor-desk=a.b",
    "HTTP_FORWARDED": "for=203.0.113.77",
    "HTTP_IF_MODIFIED_SINCE": "Wed, 25 Nov 2026 00:00:00 GMT",
    "HTTP_IF_NONE_MATCH": '"kenari"',
    "HTTP_RANGE": "bytes=0-3",
    "HTTP_REFERER": "https://kenari.example.id/",
    "HTTP_SEC_CH_UA": "kenari",
    "HTTP_SEC_FETCH_SITE": "same-origin",
    "HTTP_USER_AGENT": "kenari",
    "HTTP_X_AMZN_TRACE_ID": "kenari",
    "HTTP_X_CSRF_TOKEN": "abc",
    "HTTP_X_FORWARDED_FOR": "203.0.113.1, 203.0.113.2",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_LAPOR_BUCKET": "aaaaaaaa",
    "HTTPS": "on",
    "lambda.context": "kenari",
    "lapor.bucket": "aaaaaaaa",
    "wsgi.errors": "errors",
    "wsgi.input": BODY,
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
    "waitress.client_disconnected": "kenari",
}
CLEAN = {
    "REQUEST_METHOD": "POST",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/desk/session",
    "QUERY_STRING": "lang=en",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "CONTENT_TYPE": "application/json",
    "CONTENT_LENGTH": "0",
    "HTTP_HOST": "lapor.example.id",
    "HTTP_ACCEPT": "application/json",
    "HTTP_ACCEPT_ENCODING": "br",
    "HTTP_COOKIE": "lapor-desk=a.b",
    "HTTP_SEC_FETCH_SITE": "same-origin",
    "HTTP_X_CSRF_TOKEN": "abc",
    "lapor.bucket": "0123abcd",
    "wsgi.errors": "errors",
    "wsgi.input": BODY,
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
}
CONDITIONS = {
    "HTTP_IF_MODIFIED_SINCE": "Wed, 25 Nov 2026 00:00:00 GMT",
    "HTTP_IF_NONE_MATCH": '"kenari"',
    "HTTP_RANGE": "bytes=0-3",
}


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 1_795_570_000.0

    def __call__(self) -> float:
        return self.now


def test_of_an_environ_only_what_is_listed_passes() -> None:
    before = dict(RAW)
    assert clean_environ(RAW, "0123abcd", portal=False) == CLEAN
    assert clean_environ(RAW, "0123abcd", portal=True) == CLEAN | CONDITIONS
    assert before == RAW


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=10)))
def test_what_nobody_thought_of_does_not_pass(environ: dict[str, str]) -> None:
    clean = clean_environ(environ | {"HTTP_KENARI": "1"}, "", portal=True)
    headers = {f"HTTP_{name.upper().replace('-', '_')}" for name in HEADERS} | set(CONDITIONS)
    assert set(clean) <= ENVIRON | headers | {
        "CONTENT_TYPE",
        "CONTENT_LENGTH",
        "QUERY_STRING",
        "REMOTE_ADDR",
        BUCKET_KEY,
    }


def test_the_doors_read_nothing_that_is_not_listed_and_all_that_is() -> None:
    assert set(re.findall(r'request\.(?:args|values)\.get\("(\w+)"', SOURCE)) == QUERY
    read = {name.lower() for name in re.findall(r'request\.headers\.get\("([\w-]+)"', SOURCE)}
    assert read
    assert read <= HEADERS
    doors = set(re.findall(r'(?:Cookie\(|OfficerDoor\(\s*name=)"(\w+)"', SOURCE))
    assert {Cookie(door, https=https).name for door in doors for https in (False, True)} == COOKIES
    assert BUCKET_HEADER not in HEADERS


FORM = re.compile(r'form\.get\("(\w+)"')


def test_of_an_apps_form_only_what_the_door_reads_passes_and_all_of_that() -> None:
    door = "\n".join(path.read_text() for path in (FUNCTIONS / "open311").glob("*.py"))
    assert set(FORM.findall(door)) | {"lang"} | set(UPDATE) == APP_FIELDS
    assert set(re.findall(r'attribute\(form, "(\w+)"\)', door)) == APP_ATTRIBUTES


@pytest.mark.parametrize(
    ("came", "passes"),
    [
        (b"", b""),
        (b"description=a%26b&email=x", b"description=a%26b"),
        (b"email=a&first_name=b&last_name=c&phone=d&device_id=e&account_id=f&lat=1&long=2&media_url=g", b""),
        (b"attribute[district]=1&attribute%5Bkind%5D=2", b"attribute[district]=1&attribute%5Bkind%5D=2"),
        (b"attribute[district][]=1&attribute[district][][]=2", b"attribute[district][]=1"),
        (b"attribute[nik]=1&attribute[]=2&attribute=3&attribute[email]=4", b""),
        (b"%64escription=a&Description=b&description%00=c&description", b"%64escription=a&description"),
        (b"EMAIL=a&description=b&\xff=c&%ff=d", b"description=b"),
    ],
)
def test_of_an_apps_form_what_a_person_is_known_by_does_not_pass(came: bytes, passes: bytes) -> None:
    assert clean_form(came) == passes


@pytest.mark.parametrize(
    ("came", "passes"),
    [
        ("", ""),
        ("lang=en", "lang=en"),
        ("utm_source=a&lang=en&fbclid=b", "lang=en"),
        ("after=a%2Bb+c&done=reply&lang=", "after=a%2Bb+c&done=reply&lang="),
        ("do=close&redo=1", "do=close"),
        ("l%61ng=en", "l%61ng=en"),
        ("token=abc", ""),
        ("abc", ""),
        ("lang", "lang"),
        ("=lang", ""),
        ("kenari=1;lang=en", ""),
        ("&&lang=en&&", "lang=en"),
        ("LANG=en&lang.x=1&xlang=1&lang[]=en", ""),
    ],
)
def test_of_a_query_only_our_parameters_pass_as_they_came(came: str, passes: str) -> None:
    assert clean_query(came) == passes


@pytest.mark.parametrize(
    ("came", "passes"),
    [
        ("", ""),
        ("_ga=1; lapor-desk=a.b; x=y", "lapor-desk=a.b"),
        ("lapor-desk=a;__Host-lapor-desk=b", "lapor-desk=a; __Host-lapor-desk=b"),
        ("lapor-deskx=1; xlapor-desk=2; lapor-desk2", ""),
        ("x=lapor-desk=1", ""),
    ],
)
def test_of_cookies_only_our_sessions_pass(came: str, passes: str) -> None:
    assert clean_cookies(came) == passes
    assert clean_headers([("Cookie", came)]).get("cookie", "") == passes


def test_a_bucket_is_the_addresss_for_an_hour_and_says_nothing_of_it() -> None:
    clock = Clock()
    buckets = Buckets(clock=clock)
    first = buckets.bucket("203.0.113.77")
    assert re.fullmatch("[0-9a-f]{8}", first)
    clock.now += 3599
    assert buckets.bucket("203.0.113.77") == first
    assert buckets.bucket("203.0.113.78") != first
    clock.now += 1
    second = buckets.bucket("203.0.113.77")
    assert second != first
    clock.now -= 7200
    assert buckets.bucket("203.0.113.77") != second
    assert Buckets(clock=clock).bucket("203.0.113.77") != buckets.bucket("203.0.113.77")
    assert "203.0.113" not in repr(buckets) + repr(vars(buckets))


def test_a_household_shares_one_bucket_its_neighbour_has_another() -> None:
    buckets = Buckets(clock=Clock())
    ours = {buckets.bucket(f"2001:db8:1:2:{rest}") for rest in (":1", "aaaa:bbbb:cccc:dddd", ":1%eth0")}
    assert len(ours) == 1
    assert buckets.bucket("2001:db8:1:3::1") not in ours
    assert buckets.bucket("::ffff:203.0.113.77") == buckets.bucket("203.0.113.77")


@pytest.mark.parametrize("none", ["", "unknown", "localhost", "203.0.113", "203.0.113.7:80", "/run/lapor.sock"])
def test_what_is_no_address_has_no_bucket(none: str) -> None:
    assert Buckets().bucket(none) == ""


def test_behind_a_proxy_only_what_the_proxy_itself_appended_counts() -> None:
    clock = Clock()
    open_, behind = Buckets(clock=clock), Buckets(behind_proxy=True, clock=clock)
    assert open_.of("203.0.113.1", "203.0.113.9") == open_.bucket("203.0.113.1")
    assert behind.of("127.0.0.1", "198.51.100.1, 203.0.113.9") == behind.bucket("203.0.113.9")
    assert behind.of("127.0.0.1", " 203.0.113.9 ") == behind.bucket("203.0.113.9")
    assert behind.of("127.0.0.1", "") == ""  # the onion service: its visitors are not counted as one


@pytest.mark.parametrize(
    ("environ", "bucket"),
    [
        ({}, ""),
        ({"lapor.bucket": "0123abcd"}, "0123abcd"),
        ({"HTTP_X_LAPOR_BUCKET": "0123abcd"}, "0123abcd"),
        ({"lapor.bucket": "0123abcd", "HTTP_X_LAPOR_BUCKET": "aaaaaaaa"}, "0123abcd"),
        ({"HTTP_X_LAPOR_BUCKET": "203.0.11"}, ""),
        ({"HTTP_X_LAPOR_BUCKET": "0123abcd0"}, ""),
    ],
)
def test_the_bucket_is_read_from_either_place(environ: dict[str, str], bucket: str) -> None:
    assert bucket_of(environ) == bucket


def answer(app: Any, environ: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
    """What a WSGI app answers."""
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        said[:] = [status, dict(headers)]

    body = b"".join(app(environ, start))
    return said[0], said[1], body


@pytest.mark.parametrize(
    ("path", "portal"),
    [("/", True), ("/lapor/", True), ("/deskx", True), ("/desk", False), ("/desk/", False), ("/api/reports", False)],
)
def test_the_front_hands_on_a_clean_environ_with_a_bucket(path: str, portal: bool) -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        seen.append(environ)
        start("200 OK", [])
        return [b"baik"]

    buckets = Buckets(clock=Clock())
    front = cleaned(app, buckets, ["/desk", "/api/reports"])
    assert answer(front, {**RAW, "PATH_INFO": path}) == ("200 OK", {}, b"baik")
    (environ,) = seen
    bucket = buckets.bucket("203.0.113.77")
    assert environ == CLEAN | (CONDITIONS if portal else {}) | {"PATH_INFO": path, "lapor.bucket": bucket}
    assert bucket_of(environ) == bucket


@pytest.mark.breaks
@pytest.mark.parametrize("started", [False, True])
def test_the_guard_answers_for_an_app_that_does_not(started: bool, caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if started:
            start("200 OK", [("X-Kenari", "kenari")])
        raise RuntimeError("kenari")

    status, headers, body = answer(guarded(app), {"REQUEST_METHOD": "GET"})
    assert status == "500 Internal Server Error"
    assert headers["Content-Type"] == "application/problem+json"
    assert int(headers["Content-Length"]) == len(body)
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert b"kenari" not in body
    assert "kenari" not in caplog.text + str(headers)
    (record,) = caplog.records
    assert record.lapor["error"] == "RuntimeError"  # type: ignore[attr-defined]  # given as `extra`
