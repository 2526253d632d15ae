"""The quick exit: on every page that a reporter or a visitor can see, without JavaScript, and even when closed."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client as WsgiClient

from functions.config.settings import ROOT, load_settings
from functions.local.wsgi import application
from functions.web import quick_exit
from functions.web.door import make_door, offline_door
from tests.pages import check_page
from tests.world import World

HTML = {"Accept": "text/html"}
CLEAR = '"cache", "cookies", "storage"'
# Behind a session a way out stands in the same place already: the end of the session.
SIGNED_OUT_BY_ITSELF = re.compile(r'action="/(\w+|\{\{ door \}\})/session/end"')


@pytest.fixture
def door() -> FlaskClient:
    app = make_door(__name__, {}, https=True)
    quick_exit.register(app)
    return app.test_client()


@pytest.fixture(scope="module")
def portal() -> Iterator[Flask]:
    sys.path.insert(0, str(ROOT / "site"))
    app: Flask = importlib.import_module("portal").create_app()
    yield app
    sys.path.remove(str(ROOT / "site"))


def has_exit(html: str) -> bool:
    """Whether the page has the link, once, where it can be seen."""
    links = [e for e in check_page(html).iter("a") if e.get("href") == quick_exit.PATH]
    assert all(e.get("rel") == "noreferrer" and e.get("class") == "leave" and not e.get("hidden") for e in links)
    assert len(links) <= 1
    return len(links) == 1


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
def test_it_leads_away_and_takes_our_traces_along(door: FlaskClient, headers: dict[str, str]) -> None:
    answer = door.get("/keluar", headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://www.bmkg.go.id/")
    assert answer.headers["Clear-Site-Data"] == CLEAR
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.data == b""
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_cannot_sign_officers_out_or_throw_drafts_away(door: FlaskClient, site: str) -> None:
    answer = door.get("/keluar", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 303
    assert "Clear-Site-Data" not in answer.headers


def test_where_to_is_the_operators_choice() -> None:
    app = make_door(__name__, {}, https=True)
    quick_exit.register(app, "https://resep.example.id/")
    assert app.test_client().get("/keluar").headers["Location"] == "https://resep.example.id/"


def test_it_works_while_a_door_takes_nothing() -> None:
    client = offline_door(__name__, https=True).test_client()
    assert client.post("/api/reports").status_code == 503
    answer = client.get("/keluar")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, CLEAR)


def test_the_whole_product_answers_it(world: World) -> None:
    (world.folder / "portal").mkdir()
    (world.folder / "portal" / "404.html").write_text("tidak ada")
    settings = load_settings({"DATA_DIR": str(world.folder)})
    client = WsgiClient(application(settings, dev=False))
    answer = client.get("/keluar")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, CLEAR)
    answer.close()


def test_every_page_of_the_portal_has_it(portal: Flask) -> None:
    client = portal.test_client()
    paths = [rule.rule for rule in portal.url_map.iter_rules() if rule.rule.endswith(("/", ".html"))]
    paths = [
        path for path in paths if not path.endswith(("/bagian/", "/loket/"))
    ]  # pieces for a script, and nobody's page
    assert len(paths) >= 15
    for path in paths:
        assert has_exit(client.get(path).text), path


def test_every_page_of_the_reporters_doors_has_it(world: World) -> None:
    fields = world.fields()
    unsent = {name: text for name, text in fields.items() if name != "submission_key"}
    receipt = world.report()["receipt"]
    pages = {
        "form": world.intake.post("/api/reports", data=unsent | {"edit": "1"}, headers=HTML),
        "form, wrong": world.intake.post("/api/reports", data={}, headers=HTML),
        "check": world.intake.post("/api/reports", data=unsent, headers=HTML),
        "receipt": world.intake.post("/api/reports", data=fields, headers=HTML),
        "changed": world.intake.post("/api/reports", data=fields | {"body": "Lain."}, headers=HTML),
        "stranger": world.intake.post("/api/reports", data=fields, headers=HTML | {"Sec-Fetch-Site": "cross-site"}),
        "error": world.intake.get("/api/reports", headers=HTML),
        "thread": world.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML),
        "thread, wrong": world.thread.post("/api/thread", data={"receipt": "x"}, headers=HTML),
        "message": world.thread.post("/api/thread/messages", data={"receipt": receipt, "body": ""}, headers=HTML),
        "thread, error": world.thread.get("/api/tidak-ada", headers=HTML),
        "desk, signed out": world.desk_app.test_client().get("/desk/", headers=HTML),
        "desk, links": world.desk_app.test_client().post("/desk/links", data={"email": "x"}, headers=HTML),
    }
    assert {page.status_code for page in pages.values()} >= {200, 201, 401, 403, 404, 405, 409, 422}
    for name, page in pages.items():
        assert has_exit(page.text), name


def test_behind_a_session_the_way_out_ends_the_session(world: World) -> None:
    client = world.desk_of("kutim").client
    page = client.get("/desk/", headers=HTML)
    assert page.status_code == 200
    assert SIGNED_OUT_BY_ITSELF.search(page.text)


def templates() -> list[Path]:
    return [path for folder in ("functions", "site/pages") for path in (ROOT / folder).rglob("*.html")]


def test_no_template_takes_it_away_unless_it_ends_a_session_there() -> None:
    without = [path for path in templates() if "block corner" in path.read_text() and path.name != "layout.html"]
    assert without
    for path in without:
        assert SIGNED_OUT_BY_ITSELF.search(path.read_text()), path
