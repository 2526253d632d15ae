"""The headers of every answer, asked of the running product: each route, each method, each way to go wrong."""

import json
import re
import socket
from collections.abc import Iterator
from io import BytesIO
from itertools import product as product_of
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import Client as WsgiClient
from werkzeug.test import EnvironBuilder

from functions.casework.receipt import receipt_from_bytes
from functions.cleaner.main import create_app as create_cleaner
from functions.config.settings import load_settings
from functions.desk.main import create_app as create_desk
from functions.gateway.main import create_app as create_gateway
from functions.intake.main import create_app as create_intake
from functions.local.dev import create_app as create_dev
from functions.local.wsgi import _secured, application
from functions.open311.main import create_app as create_open311
from functions.thread.main import create_app as create_thread
from tests.server import Client, Running, running, wait_for
from tests.whole.asked import CSP, FILE_CSP, Browser, check

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TYPES = ('text/css; charset="utf-8"', 'text/javascript; charset="utf-8"')
ACCEPT = {"json": "application/json", "html": "text/html"}
PAGES = [
    f"{lang}{page}"
    for lang in ("", "/en")
    for page in (
        "/",
        "/lapor/",
        "/lapor/antrean/",
        "/lacak/",
        "/barometer/",
        "/laporan/",
        "/privasi/",
        "/bantuan/",
        "/masuk/",
    )
]
FILES = [
    "/keys.json",
    "/keys-desk.json",
    "/openapi.json",
    "/sw.js",
    "/manifest.webmanifest",
    "/robots.txt",
    "/.well-known/security.txt",
    "/404.html",
]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("headers") / "data") as product:
        yield product


@pytest.fixture(scope="module")
def case(product: Running) -> dict[str, str]:
    """A case with a photo, and its officer's session: receipt, tracking id, link, cookie, csrf."""
    client, picture = Client(product.url), BytesIO()
    topic = client.get("/dev/directory.json")["topics"][0]["code"]
    fields = {
        "kind": "pengaduan",
        "topic": topic,
        "district": "64.08.04",
        "body": "Gelap.",
        "submission_key": "ab" * 16,
    }
    sent = client.post("/api/reports", fields, 201)
    Image.linear_gradient("L").save(picture, "PNG")
    form = {"receipt": sent["receipt"], "file_key": token_hex(8), "file": (BytesIO(picture.getvalue()), "x.png")}
    request = EnvironBuilder(method="POST", data=form).get_request()
    upload = Browser(product).ask(
        "POST", "/api/thread/files", request.get_data(), Content_Type=request.content_type, Accept=ACCEPT["json"]
    )
    assert upload.status == 201
    coordinator = Client(product.url)
    coordinator.csrf = coordinator.post("/desk/session", {"token": client.token()})["csrf"]
    since, path = len(client.mails()), f"/desk/cases/{sent['tracking_id']}"
    unit = coordinator.get(path)["routing"]["proposed"]
    coordinator.post(f"{path}/handover", {"agency": unit, "reason": "Kewenangan dinas ini."})
    staff = client.get("/dev/directory.json")["officers"]
    token = client.token(since, next(each["email"] for each in staff if each["agency"] == unit))
    csrf = client.post("/desk/session", {"token": token})["csrf"]
    (cookie,) = client.jar
    return {**sent, "token": token, "csrf": csrf, "cookie": f"{cookie.name}={cookie.value}", "topic": topic}


def rules(folder: Path) -> list[str]:
    """The path of every rule in every door's map; the case's number is still to be put in."""
    settings = load_settings({"DATA_DIR": str(folder)})
    doors = [
        create(settings)
        for create in (
            *(create_intake, create_thread, create_cleaner, create_desk, create_gateway, create_open311),
            create_dev,
        )
    ]
    return [
        re.sub(r"<int:\w+>", "2", rule.rule).replace("<any(xml, json):fmt>", "xml")
        for door in doors
        for rule in door.url_map.iter_rules()
    ]


def bodies(method: str) -> list[tuple[bytes, str]]:
    """Ways to fill a request, right and wrong, with their media type."""
    if method != "POST":
        return [(b"", "")]
    form = "application/x-www-form-urlencoded"
    unknown = f"receipt={receipt_from_bytes(bytes(13))}".encode()
    json_bodies = [(text, "application/json") for text in (b"{}", b"{", b"[1]")]
    return [(b"", ""), *json_bodies, (b"reason=x&lang=en", form), (unknown, form), (b"halo", "text/plain")]


@pytest.mark.long
def test_every_rule_of_every_door_with_every_method_and_body(product: Running, case: dict[str, str]) -> None:
    browser, officer = Browser(product), {"Cookie": case["cookie"], "X_CSRF_Token": case["csrf"]}
    asked = 0
    for path in (template.replace("<tracking_id>", case["tracking_id"]) for template in rules(product.folder)):
        people: list[dict[str, str]] = [{}]
        if path.startswith("/desk/") and not path.endswith(
            ("/session/end", "/recuse")
        ):  # he and his case are needed to the last
            people.append(officer)
        for method, accept, person in product_of(METHODS, ACCEPT.values(), people):
            for body, kind in bodies(method):
                typed = {"Content_Type": kind} if kind else {}
                answer = browser.ask(method, path, body, Accept=accept, **person, **typed)
                is_file = answer.status == 200 and "/files/" in path and method in ("GET", "HEAD")
                check(answer, csp=FILE_CSP if is_file else CSP)
                assert ("Allow" in answer.headers) or answer.status != 405, answer
                assert answer.status < 500, answer
                asked += 1
    assert asked > 400
    assert browser.statuses >= {200, 400, 401, 404, 405, 415, 422}, browser.statuses


@pytest.mark.long
@pytest.mark.parametrize("accept", list(ACCEPT))
def test_what_goes_right_has_the_same_headers(product: Running, case: dict[str, str], accept: str) -> None:
    browser, wanted = Browser(product), {"Accept": ACCEPT[accept], "Content_Type": "application/x-www-form-urlencoded"}
    report = f"kind=pengaduan&topic={case['topic']}&district=64.08.04&body=Gelap&submission_key={token_hex(16)}"
    receipt = f"receipt={case['receipt']}"
    signed_in = {"Cookie": case["cookie"], "X_CSRF_Token": case["csrf"]}
    reply = f"body=Baik&message_key={token_hex(8)}"
    desk = f"/desk/cases/{case['tracking_id']}"
    for method, path, body, extra in (
        ("POST", "/api/reports", report, {}),
        ("POST", "/api/thread", receipt, {}),
        ("POST", "/api/thread/messages", f"{receipt}&body=Halo&message_key={token_hex(8)}", {}),
        ("POST", "/desk/links", "email=siapa@dinas.example.id", {}),
        ("GET", "/desk/", "", signed_in),
        ("GET", desk, "", signed_in),
        ("POST", f"{desk}/messages", reply, signed_in),
        ("GET", "/dev/outbox", "", {}),
        ("GET", "/healthz", "", {}),
    ):
        answer = check(browser.ask(method, path, body.encode(), **wanted, **extra))
        assert answer.status in (200, 201, 202, 303), answer
        if answer.status != 303:
            kind = answer.headers["Content-Type"]
            assert (
                kind == ("application/json" if accept == "json" or path == "/healthz" else "text/html; charset=utf-8")
                or path == "/dev/outbox"
            )
    assert browser.statuses >= ({200, 201, 202} if accept == "json" else {200, 201, 202, 303})


def test_a_door_that_is_taken_over_chooses_no_policy() -> None:
    """One of its own scripts would run under ``script-src 'self'``, or under no policy at all."""
    for policy in ("script-src 'self' 'unsafe-inline'", "default-src *", None):
        given = [("Content-Security-Policy", policy)] if policy else []

        def door(_: object, start: Any, given: list[tuple[str, str]] = given) -> list[bytes]:
            start("200 OK", [("Content-Type", "text/html"), *given])
            return [b"<script src=/api/thread/evil.js></script>"]

        client = WsgiClient(_secured(door, ("/api/thread",), secure=False))
        said = client.post("/api/thread", base_url="http://lapor.example").headers.getlist("Content-Security-Policy")
        assert len(said) == 1
        assert "script-src lapor.example/assets/;" in said[0]
        portal = client.get("/lacak/", base_url="http://lapor.example").headers["Content-Security-Policy"]
        assert portal == (policy or CSP)


def test_a_file_is_shut_in_a_sandbox_under_a_neutral_name(product: Running, case: dict[str, str]) -> None:
    browser = Browser(product)
    body = json.dumps({"receipt": case["receipt"]}).encode()
    for answer in (
        browser.ask("POST", "/api/thread/files/2", body, Content_Type="application/json"),
        browser.ask("GET", f"/desk/cases/{case['tracking_id']}/files/2", Cookie=case["cookie"]),
    ):
        check(answer, csp=FILE_CSP)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
        assert answer.headers["Content-Disposition"] == 'inline; filename="berkas-2.png"'


@pytest.mark.parametrize("path", ["/api/reports", "/api/thread", "/api/thread/files", "/desk/session", "/desk/links"])
@pytest.mark.parametrize("accept", list(ACCEPT))
def test_too_much_at_once_is_refused_with_the_same_headers(product: Running, path: str, accept: str) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        answer = Browser(product).ask("POST", path, b"x" * (7 * 1024 * 1024), Accept=ACCEPT[accept], Content_Type=kind)
        assert check(answer).status == 413


@pytest.mark.parametrize("accept", list(ACCEPT))
def test_a_forged_link_and_a_missing_form_token_are_refused_with_the_same_headers(
    product: Running, case: dict[str, str], accept: str
) -> None:
    browser, wanted = Browser(product), {"Accept": ACCEPT[accept], "Content_Type": "application/json"}
    assert check(browser.ask("POST", "/desk/session", b'{"token": "x"}', **wanted)).status == 403
    path = f"/desk/cases/{case['tracking_id']}/messages"
    assert check(browser.ask("POST", path, b"{}", Cookie=case["cookie"], **wanted)).status == 403


def test_only_the_session_sets_a_cookie_and_only_its_end_takes_it_back(product: Running, case: dict[str, str]) -> None:
    browser, wanted = Browser(product), {"Accept": "application/json", "Content_Type": "application/json"}
    again = json.dumps({"token": case["token"]}).encode()
    opened = check(browser.ask("POST", "/desk/session", again, Cookie=case["cookie"], **wanted), cookies=1)
    assert re.search(r"^lapor-desk=\S+; .*HttpOnly; Path=/; SameSite=Strict$", opened.headers["Set-Cookie"])
    assert "Secure" not in opened.headers["Set-Cookie"]  # this machine only; see the HTTPS test below
    client = Client(product.url)
    email = client.get("/dev/directory.json")["officers"][-1]["email"]
    since = len(client.mails())
    client.post("/desk/links", {"email": email}, 202)
    csrf = client.post("/desk/session", {"token": client.token(since, email)})["csrf"]
    (cookie,) = client.jar
    ending = {"Cookie": f"{cookie.name}={cookie.value}", "X_CSRF_Token": csrf}
    ended = check(browser.ask("POST", "/desk/session/end", b"{}", **ending, **wanted), cookies=1)
    assert "Max-Age=0" in ended.headers["Set-Cookie"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("encoding", ["identity", "br, gzip"])
def test_a_page_of_the_portal(product: Running, path: str, encoding: str) -> None:
    browser = Browser(product)
    page = check(browser.ask("GET", path, Accept_Encoding=encoding), cache="no-cache")
    assert (page.status, page.headers["Content-Type"]) == (200, 'text/html; charset="utf-8"')
    assert page.headers.get("Content-Encoding") == ("br" if "br" in encoding else None)
    head = check(browser.ask("HEAD", path), cache="no-cache")
    assert (head.status, head.body) == (200, b"")
    same = check(browser.ask("GET", path, If_None_Match=page.headers["ETag"]), cache="no-cache")
    assert same.status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/lapor/", "/keys.json"])
def test_a_page_takes_no_other_method(product: Running, method: str, path: str) -> None:
    answer = check(Browser(product).ask(method, path))
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/lapor", "/en/lapor", "/en", "/lapor/index.html"])
def test_a_page_without_its_slash_leads_to_the_page(product: Running, path: str) -> None:
    answer = check(Browser(product).ask("GET", path), cache="max-age=0, public")
    assert answer.status == 302
    assert answer.headers["Location"] in ("lapor/", "en/", "./")


@pytest.mark.parametrize("path", FILES)
def test_the_portals_other_files(product: Running, path: str) -> None:
    answer = check(Browser(product).ask("GET", path), cache="no-cache")
    assert answer.status == 200
    part = check(Browser(product).ask("GET", path, Range="bytes=0-3"), cache="no-cache")
    assert (part.status, part.body) == (206, answer.body[:4])
    beyond = check(Browser(product).ask("GET", path, Range="bytes=9999999-"))
    assert beyond.status == 416


def test_assets_never_change_under_their_name(product: Running) -> None:
    browser = Browser(product)
    pages = "".join(browser.ask("GET", path).body.decode() for path in ("/lapor/", "/masuk/"))
    assets = set(re.findall(r'"(/assets/[^" ]+)[" ]', pages))
    assert {path.rpartition(".")[2] for path in assets} == {"css", "js"}
    for path in assets:
        answer = check(browser.ask("GET", path), cache="max-age=315360000, public, immutable")
        assert answer.headers["Content-Type"] in TYPES


@pytest.mark.parametrize(
    "path", ["/tidak-ada", "/assets/tidak-ada.css", "/en/x/", "/api/", "/.git/config", "/%2e%2e/x"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_what_is_not_there(product: Running, path: str, method: str) -> None:
    answer = check(Browser(product).ask(method, path))
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_request_that_is_none_is_refused_without_a_name(product: Running) -> None:
    """The server itself answers these, below everything of ours."""
    for raw in (b"HALO\r\n\r\n", b"GET / HTTP/1.1\r\nHost x\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000):
        with socket.create_connection(("127.0.0.1", int(product.url.rpartition(":")[2])), 10) as line:
            line.sendall(raw)
            answer = line.recv(65536)
        assert re.match(rb"HTTP/1\.[01] 4\d\d ", answer), answer
        assert b"text/html; charset=utf-8" in answer
        assert not re.search(rb"server:|waitress|python", answer.partition(b"\r\n\r\n")[0], re.IGNORECASE)


def test_under_https_everything_is_pinned_to_it_and_the_cookie_belongs_to_the_host(
    product: Running, case: dict[str, str]
) -> None:
    settings = load_settings({"DATA_DIR": str(product.folder), "PUBLIC_URL": "https://lapor.example.id"})
    client = WsgiClient(application(settings, dev=False), use_cookies=False)
    for method, path, status in (
        ("GET", "/", 200),
        ("GET", "/lapor", 302),
        ("POST", "/", 405),
        ("GET", "/tidak-ada", 404),
        ("POST", "/api/reports", 422),
        ("POST", "/api/thread", 400),
        ("GET", "/desk/", 401),
        ("GET", "/healthz", 200),
        ("GET", "/dev/outbox.json", 404),
    ):
        answer = client.open(path, method=method)
        assert answer.status_code == status, (path, answer.status)
        assert re.fullmatch(r"max-age=\d{8,}; includeSubDomains", answer.headers["Strict-Transport-Security"])
        answer.close()
    cookie = case["cookie"].replace("lapor-desk", "__Host-lapor-desk")
    signed = client.post(
        "/desk/session", json={"token": case["token"]}, headers={"Cookie": cookie, "Accept": ACCEPT["json"]}
    )
    assert signed.status_code == 200
    assert re.search(
        r"^__Host-lapor-desk=\S+; .*Secure; HttpOnly; Path=/; SameSite=Strict$", signed.headers["Set-Cookie"]
    )
    assert "Domain" not in signed.headers["Set-Cookie"]


def test_anybody_can_try_an_sms(product: Running) -> None:
    browser, client = Browser(product), Client(product.url)
    body = b"number=0812-0000-0017&text=LAPOR+lampu+jalan+mati"
    answer = check(browser.ask("POST", "/dev/sms", body, Content_Type="application/x-www-form-urlencoded"))
    assert (answer.status, answer.headers["Location"]) == (303, "/dev/sms?after=0812-0000-0017")
    assert wait_for(lambda: client.mails(to="+6281200000017"))
    page = check(browser.ask("GET", "/dev/sms?after=0812-0000-0017", Accept="text/html"))
    assert "Operator melihat nomor Anda" in page.body.decode()
    assert 'value="0812-0000-0017"' in page.body.decode()
