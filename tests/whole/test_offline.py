"""Offline rather than deaf: where its keys cannot be read, a door takes nothing, and says so on every route."""

import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from flask import Flask

from functions.config.settings import Settings, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.desk.main import create_app as create_desk
from functions.intake.main import create_app as create_intake
from functions.storage.interface import Scope
from functions.storage.sqlite.store import SqliteStore
from functions.web import quick_exit
from tests.pages import check_page
from tests.world import World

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
CREATE: dict[str, Callable[[Settings], Flask]] = {"intake": create_intake, "desk": create_desk}


def spoil_nothing_there(folder: Path) -> None:
    shutil.rmtree(folder / "keys")


def spoil_public(folder: Path) -> None:
    (folder / "keys" / "public.json").write_text("{}")


def spoil_desk_key(folder: Path) -> None:
    """A desk whose current private key is gone would take reports that it cannot open."""
    shutil.rmtree(folder / "keys" / "desk")


def spoil_mode(folder: Path) -> None:
    next((folder / "keys" / "desk").glob("*/*")).chmod(0o644)


def spoil_passphrase(folder: Path) -> None:
    keys = KeyDirectory(folder / "keys", "kata sandi lain")
    keys.generate(Purpose.DESK, "kutim")


SPOILT = [
    ("intake", spoil_nothing_there),
    ("intake", spoil_public),
    ("desk", spoil_nothing_there),
    ("desk", spoil_public),
    ("desk", spoil_desk_key),
    ("desk", spoil_mode),
    ("desk", spoil_passphrase),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return World(tmp_path_factory.mktemp("whole") / "data").folder


def paths(app: Flask) -> list[str]:
    case = "4F7K-2M9Q-XR3D"
    rules = [rule.rule.replace("<tracking_id>", case).replace("<int:n>", "2") for rule in app.url_map.iter_rules()]
    return [*(set(rules) - {quick_exit.PATH}), "/", "/tidak-ada"]  # the way out stays open: tests/doors/test_exit.py


@pytest.mark.every_day(3)
@pytest.mark.parametrize(("door", "spoil"), SPOILT)
def test_every_route_says_that_nothing_is_taken(
    whole: Path, tmp_path: Path, door: str, spoil: Callable[[Path], None]
) -> None:
    routes = paths(CREATE[door](load_settings({"DATA_DIR": str(whole)})))
    shutil.copytree(whole, tmp_path / "data")
    spoil(tmp_path / "data")
    app = CREATE[door](load_settings({"DATA_DIR": str(tmp_path / "data")}))
    client = app.test_client()
    for path, method in product(routes, METHODS):
        data = {"body": "Gelap.", "email": "x@dinas.example.id"} if method == "POST" else None
        page = client.open(path, method=method, data=data, headers={"Accept": "text/html"})
        problem = client.open(path, method=method, json=data, headers={"Accept": "application/json"})
        for answer in (page, problem):
            assert answer.status_code == 503, (method, path, answer.status)
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.headers["Cache-Control"] == "no-store"
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
            assert not answer.headers.getlist("Set-Cookie")
        if method != "HEAD":
            check_page(page.text)
            assert "tidak menerima laporan" in page.text
            assert problem.mimetype == "application/problem+json"
            said = problem.get_json()
            assert (said["status"], said["code"]) == (503, "offline")
            assert "tidak kami terima" in said["detail"]
    store = SqliteStore(tmp_path / "data" / "lapor.sqlite")
    assert store.page(Scope.INSTANCE, "kutim").heads == ()
    assert store.claim("uji", 10**9) == ()


@pytest.mark.parametrize("door", list(CREATE))
def test_it_says_so_in_english_too(tmp_path: Path, door: str) -> None:
    client = CREATE[door](load_settings({"DATA_DIR": str(tmp_path)})).test_client()
    page = client.get("/desk/?lang=en", headers={"Accept": "text/html"})
    assert check_page(page.text).get("lang") == "en"
    assert "tidak menerima" not in page.text


def test_whole_keys_open_the_doors(whole: Path) -> None:
    for door, path in (("intake", "/healthz"), ("desk", "/healthz")):
        client = CREATE[door](load_settings({"DATA_DIR": str(whole)})).test_client()
        assert client.get(path).status_code == 200
