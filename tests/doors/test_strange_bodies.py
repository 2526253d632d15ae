"""Bodies that are no honest JSON, at every door that reads JSON; and 404 and 413 in both languages at each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from functions.config.settings import load_settings
from functions.gateway.signature import HEADER, sign
from functions.local.wsgi import application
from tests.pages import check_page
from tests.security_matrix import JSON, Caller, Town, filled
from tests.whole.test_conflict_paths import rules
from tests.world import SMS

DEEP = 100_000
STRANGE = {
    "brackets": b"[" * DEEP,
    "brackets that close": b"[" * DEEP + b"]" * DEEP,
    "objects": b'{"a":' * DEEP,
    "a field of brackets": b'{"receipt": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "ends early": b'{"receipt": "K7QM2',
    "nothing": b"",
    "not UTF-8": b'{"receipt": "\xff\xfe"}',
    "half a surrogate": b'{"receipt": "\\ud800", "reason": "\\ud800"}',
    "half a surrogate as a name": b'{"\\ud800": true, "receipt": "K"}',
    "UTF-16, cut": '{"receipt": "K"}'.encode("utf-16")[:-3],
    "a number without end": b'{"receipt": ' + b"9" * 5_000 + b"}",
    "no number": b'{"receipt": NaN, "token": Infinity}',
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32")


class Seats:
    """At each door a client whom it lets in, and its token."""

    def __init__(self, town: Town) -> None:
        self.town = town
        callers = {"desk": Caller(town, "unit that holds"), "custody": Caller(town, "custodian")}
        self.clients = {name: app.test_client() for name, app in town.doors().items()}
        self.clients |= {name: caller.client for name, caller in callers.items()}
        self.csrf = {name: caller.csrf for name, caller in callers.items()}

    def send(self, door: str, path: str, body: bytes, **headers: str) -> Any:
        told = {"Content-Type": "application/json", "X-CSRF-Token": self.csrf.get(door, ""), **JSON, **headers}
        signed = {HEADER: sign(SMS, body, self.town.seconds)} if door == "gateway" else {}
        return self.clients[door].post(path, data=body, headers=told | signed)

    def posts(self) -> Iterator[tuple[str, str]]:
        """What reads a body: leaving does not, and apps send forms alone."""
        for door, app in self.town.doors().items():
            for route in sorted(rules(app)):
                if route.startswith("POST ") and not route.endswith("/session/end") and door != "open311":
                    yield door, filled(route.removeprefix("POST "), "4F7K-2M9Q-XR3D")


@pytest.fixture(scope="module")
def seats(tmp_path_factory: pytest.TempPathFactory) -> Seats:
    return Seats(Town(tmp_path_factory.mktemp("strange")))


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE.keys())
def test_no_door_breaks_at_a_strange_body(seats: Seats, body: bytes) -> None:
    asked = list(seats.posts())
    assert len(asked) > 50
    for door, path in asked:
        answer = seats.send(door, path, body)
        assert answer.status_code in (400, 404, 413, 422), (path, answer.status_code, answer.text)
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["detail"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_read_in_each_encoding_it_may_have(seats: Seats, encoding: str) -> None:
    """RFC 4627 §3 named five; RFC 8259 asks for UTF-8, and lets a reader take the others and skip a mark."""
    typed = seats.town.fields(body="Lampu jalan – mati · 灯")
    answer = seats.send("intake", "/api/reports", json.dumps(typed, ensure_ascii=False).encode(encoding))
    assert answer.status_code == 201, answer.text
    assert seats.town.read(answer.get_json()["receipt"])["messages"][0]["body"] == typed["body"]


def _says(client: FlaskClient | Client, method: str, path: str, status: int, code: str, **more: Any) -> None:
    """It answers in both languages as a page, and with the same code as JSON."""
    page = client.open(path, method=method, headers={"Accept": "text/html"}, **more)
    root = check_page(page.text)
    assert page.status_code == status, (path, page.status_code)
    assert root.get("lang") == "id"
    assert [each for each in root.iter("p") if each.get("lang") == "en"], path
    told = client.open(path, method=method, headers=JSON, **more)
    assert (told.status_code, told.mimetype) == (status, "application/problem+json"), path
    assert json.loads(told.data)["code"] == code


def test_what_is_not_there_and_what_is_too_large_is_said_in_both_languages_at_every_door(seats: Seats) -> None:
    large = {"data": b"a=" + b"x" * 7_000_000, "content_type": "application/x-www-form-urlencoded"}
    places = {
        "intake": ("/api/reports/tidak-ada", "/api/reports"),
        "thread": ("/api/thread/tidak-ada", "/api/thread"),
        "cleaner": ("/api/clean/tidak-ada", "/api/clean"),
        "desk": ("/desk/cases/4F7K-2M9Q-XR3D", "/desk/session"),
        "custody": ("/custody/cases/4F7K-2M9Q-XR3D", "/custody/session"),
        "gateway": ("/api/sms/tidak-ada", "/api/sms/inbound"),
    }
    assert {*places, "open311"} == set(seats.town.doors())
    for door, (missing, there) in places.items():
        client = seats.clients[door]
        _says(client, "GET", missing, 404, "not_found")
        _says(client, "POST", there, 413, "too_large", **large)
    for path in ("/open311/v2/tidak-ada.json", "/open311/v2/requests/P0.json"):  # the standard has its own form
        told = seats.clients["open311"].get(path)
        assert (told.status_code, told.mimetype) == (404, "application/json")
        assert told.get_json()[0]["description"]


def test_the_portal_says_what_is_not_there_too(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    settings.portal_dir.mkdir()
    page = '<!doctype html><html lang="id"><title>x</title><h1>x</h1><p lang="en">y</p></html>'
    (settings.portal_dir / "404.html").write_text(page)
    Town(tmp_path)
    _says(Client(application(settings, dev=False)), "GET", "/tidak-ada/", 404, "not_found")
