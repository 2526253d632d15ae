"""Under whose names one machine answers, and what its redirects say."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from werkzeug.test import Client

from functions.config.settings import ROOT, load_settings
from functions.local.supervisor import free_port
from functions.local.wsgi import application
from functions.web.host_check import is_ours
from tests.server import wait_for
from tests.world import World

OURS = "https://lapor.example.id"
PATHS = (
    "/",
    "/lapor/",
    "/keys.json",
    "/healthz",
    "/api/reports",
    "/desk",
    "/desk/",
    "/custody/",
    "/open311/v2/discovery.json",
)
FORGED = (
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "127.0.0.1.evil.example:8000",
    "127.0.0.1@evil.example",
    "localhost.evil.example",
    "lapor.example.id.evil.example",
    "lapor.example.id@evil.example",
    "evil.example/127.0.0.1",
    "evil.example#lapor.example.id",
    "evil.example, lapor.example.id",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104 - a name that browsers take here
    "[::ffff:8.8.8.8]",
    "127.0.0.1:99999",
    "127.0.0.1:x",
    " lapor.example.id",
    "",
)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """The small office behind its proxy, as `serve` runs it."""
    world = World(tmp_path / "data")
    settings = load_settings({"DATA_DIR": str(world.folder), "PUBLIC_URL": OURS, "BEHIND_PROXY": "yes"})
    for page in ("index.html", "404.html", "lapor/index.html", "keys.json"):
        (settings.portal_dir / page).parent.mkdir(parents=True, exist_ok=True)
        (settings.portal_dir / page).write_text("beranda")
    return Client(application(settings, dev=False))


@pytest.mark.parametrize("host", FORGED)
def test_another_name_gets_nothing_of_ours(client: Client, host: str) -> None:
    for path in PATHS:
        answer = client.get(path, headers={"Host": host, "Accept": "text/html"}, buffered=True)
        assert answer.status_code == 421, path
        assert "beranda" not in answer.text
        assert "Alamat ini tidak dikenal" in answer.text
        assert not any(name in answer.text for name in ("Lapor Anonim", "example"))  # its page may read this
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Location" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer = client.post(path, data={"body": "Kenari."}, headers={"Host": host, "Accept": "application/json"})
        assert answer.status_code == 421
        assert json.loads(answer.data)["code"] == "other_host"


@pytest.mark.parametrize(
    "host",
    ["lapor.example.id", "lapor.example.id:443", "LAPOR.example.id", "127.0.0.1:8000", "localhost:9000", "[::1]:8000"],
)
def test_our_name_and_this_machines_are_answered(client: Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}, buffered=True).text == "beranda"
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_make_run_is_asked_by_this_machines_names_alone() -> None:
    here = load_settings({}).url
    assert is_ours("127.0.0.1:8000", here)
    assert is_ours("localhost:8000", here)
    assert not is_ours("lapor.example.id", here)


@pytest.mark.parametrize("path", ["/desk", "/custody", "/desk/cases//", "//desk", "/desk//cases/x"])
def test_no_redirect_names_a_host(client: Client, path: str) -> None:
    for host in ("lapor.example.id", "localhost:8000"):
        where = client.get(path, headers={"Host": host}).headers.get("Location", "/")
        assert where.startswith("/")
        assert not where.startswith("//")


def test_a_doors_own_redirect_is_relative_behind_an_edge_too(tmp_path: Path) -> None:
    """CloudFront hands on the function's own host: people would be sent past the edge, to a 403."""
    door = World(tmp_path / "data").desk_app.test_client()
    answer = door.get("/desk", headers={"Host": "abc.lambda-url.ap-southeast-3.on.aws"})
    assert (answer.status_code, answer.headers["Location"]) == (308, "/desk/")


def test_an_edge_with_a_secret_of_its_own_names_the_host(tmp_path: Path) -> None:
    world, secret = World(tmp_path / "data"), "rahasia " * 4
    environ = {"DATA_DIR": str(world.folder), "PUBLIC_URL": OURS, "ORIGIN_SECRET": secret.replace(" ", "-")}
    settings = load_settings(environ)
    settings.portal_dir.mkdir()
    (settings.portal_dir / "404.html").write_text("tidak ada")
    client = Client(application(settings, dev=False))
    headers = {"Host": "asal.example", "X-Lapor-Origin": environ["ORIGIN_SECRET"]}
    assert client.get("/healthz", headers=headers).status_code == 200
    assert client.get("/healthz", headers={"Host": "asal.example"}).status_code == 403


@contextmanager
def _custody(folder: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "functions.custody.serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATA_DIR": str(folder), "PUBLIC_URL": OURS})
    try:
        assert wait_for(lambda: _asked(port, "localhost") != 0)
        yield port
    finally:
        process.terminate()
        process.wait()


def _asked(port: int, host: str) -> int:
    with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status
    return 0


def test_the_custody_doors_own_port_is_no_way_around_it(tmp_path: Path) -> None:
    with _custody(World(tmp_path / "data").folder) as port:
        assert _asked(port, "lapor.example.id") == 200
        assert _asked(port, f"evil.example:{port}") == 421
