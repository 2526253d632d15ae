"""Under whose names one machine answers, and what its redirects say."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from werkzeug.test import Client

from functions.config.settings import ROOT, load_settings
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


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The small office behind its proxy, as `serve` runs it: one for all, since none of them leaves anything in it."""
    world = World(tmp_path_factory.mktemp("office") / "data")
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
        where = client.get(path, headers={"Host": host}, buffered=True).headers.get("Location", "/")
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
def _door(name: str, folder: Path) -> Iterator[tuple[int, Path]]:
    socket_path = folder.parent / f"{name}.sock"
    command = [sys.executable, "-m", "functions.local.door", name, "--socket", str(socket_path)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATA_DIR": str(folder), "PUBLIC_URL": OURS})
    try:
        assert wait_for(lambda: _asked(socket_path) != 0)
        yield process.pid, socket_path
    finally:
        process.terminate()
        process.wait()


def _asked(socket_path: Path) -> int:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(socket_path))
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return int(line.recv(64).split()[1])
    return 0


def _ports(pid: int) -> set[int]:
    """The TCP ports on which a process listens."""
    listening = {
        columns[9]: int(columns[1].rpartition(":")[2], 16)
        for table in ("tcp", "tcp6")
        for columns in map(str.split, Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:])
        if columns[3] == "0A"
    }
    links = [str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()]
    return {listening[inode] for inode in (link[len("socket:[") : -1] for link in links) if inode in listening}


def test_a_door_of_its_own_has_no_port_that_a_page_could_ask(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        assert _ports(os.getpid()) >= {ours.getsockname()[1]}  # what listens is found
    for name in ("custody", "desk"):
        with _door(name, World(tmp_path / name / "data").folder) as (pid, socket_path):
            assert _asked(socket_path) == 200
            assert _ports(pid) == set()
