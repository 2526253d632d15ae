"""No form of another site's page is taken, by any door, at any route; whoever does not say where he comes from is."""

import importlib
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from functions.config.settings import ROOT, load_settings
from functions.local import dev
from functions.storage.interface import Scope
from tests.pages import check_page
from tests.world import JSON, WORDS, World

DOORS = sorted(
    path.parent.name
    for path in ROOT.glob("functions/*/main.py")
    if "def create_app" in path.read_text(encoding="utf-8")
)
# The door of apps refuses as its standard does, with no page: tests/doors/test_open311.py.
WITH_PAGES = [door for door in DOORS if door != "open311"]
FORM = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def app_of(door: str, folder: Path) -> Flask:
    settings = load_settings({"DATA_DIR": str(folder)})
    app: Flask = (dev if door == "dev" else importlib.import_module(f"functions.{door}.main")).create_app(settings)
    return app


def routes(app: Flask) -> list[tuple[str, str]]:
    """Every route that changes something: method and a path that fits it."""
    return [
        (method, re.sub(r"<int:\w+>", "2", re.sub(r"<\w+>", "4F7K-2M9Q-XR3D", rule.rule)))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & CHANGING)
    ]


@pytest.fixture
def folder(world: World) -> Path:
    return world.folder


def test_there_are_doors_with_routes(folder: Path) -> None:
    assert set(DOORS) >= {"intake", "thread", "desk"}
    found = {door: routes(app_of(door, folder)) for door in DOORS}
    assert all(found.values()), found
    assert ("POST", "/api/reports") in found["intake"]
    assert ("POST", "/desk/cases/4F7K-2M9Q-XR3D/close") in found["desk"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("door", [*WITH_PAGES, "dev"])
def test_every_route_that_changes_something_refuses_another_sites_page(folder: Path, door: str, site: str) -> None:
    app = app_of(door, folder)
    client = app.test_client()
    for method, path in [*routes(app), ("POST", "/tidak-ada")]:
        answer = client.open(path, method=method, json={}, headers=JSON | {"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), (method, path)
        assert answer.get_json()["code"] == "cross_site"
        page = client.open(path, method=method, data={"body": WORDS}, headers=FORM | {"Sec-Fetch-Site": site})
        assert page.status_code == 403, (method, path)
        check_page(page.text)
        assert WORDS in page.text  # a saved copy of our own form is a stranger too
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
@pytest.mark.parametrize("origin", [{}, {"Origin": "null"}, {"Origin": "https://lain.example.id"}])
@pytest.mark.parametrize("door", DOORS)
def test_our_own_pages_old_browsers_and_programs_are_let_in(
    folder: Path, door: str, headers: dict[str, str], origin: dict[str, str]
) -> None:
    app = app_of(door, folder)
    client = app.test_client()
    for method, path in routes(app):
        answer: TestResponse = client.open(path, method=method, json={}, headers=JSON | headers | origin)
        body = answer.get_json(silent=True) or {}
        assert body.get("code") != "cross_site", (method, path)


def test_a_report_is_taken_from_our_own_page_and_none_from_a_stranger(world: World) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 201)):
        fields = world.fields()
        answer = world.intake.post("/api/reports", data=fields, headers=FORM | {"Sec-Fetch-Site": site})
        assert answer.status_code == status
    assert len(world.store.page(Scope.INSTANCE, "kutim").heads) == 1


def test_an_officer_with_session_and_token_is_not_moved_by_a_strangers_page(world: World) -> None:
    case = world.report()
    desk = world.desk_of("kutim")
    path, body = f"/desk/cases/{case['tracking_id']}/handover", {"agency": "kutim-dpupr", "reason": "Dinas jalan."}
    headers = JSON | {"X-CSRF-Token": desk.csrf, "Sec-Fetch-Site": "cross-site"}
    answer = desk.client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "cross_site")
    assert world.read(case["receipt"])["stage"] == "diterima"
    assert desk.client.post(path, json=body, headers=headers | {"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_reading_from_elsewhere_is_a_link_and_stays_allowed(folder: Path) -> None:
    client = app_of("intake", folder).test_client()
    assert client.get("/healthz", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("body", [b"x" * 7_000_000, b"\xff\xfe=%%%", b"reason=%3Cscript%3Ealert(1)%3C%2Fscript%3E"])
def test_whatever_a_strangers_form_holds_breaks_nothing(folder: Path, body: bytes) -> None:
    client = app_of("intake", folder).test_client()
    answer = client.post("/api/reports", data=body, headers=FORM | {"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    check_page(answer.text)
    assert "<script>alert" not in answer.text
