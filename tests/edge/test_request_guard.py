"""The outermost layer on one machine: who may come in at all, and doors that wait for what they need."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from functions.config.settings import load_settings
from functions.crypto.errors import KeysUnavailableError
from functions.crypto.seal.key_files import PublicKeyFile
from functions.crypto.seal.public_keys import Purpose
from functions.edge.request_filter import from_edge
from functions.edge.request_guard import OFFLINE_SECONDS, admitted, patient
from functions.intake.main import create_app
from functions.local.wsgi import application
from functions.web.door import offline_door
from tests.world import World

OLD, NEW = "lama" * 8, "baru" * 8


@pytest.mark.parametrize(
    ("given", "secrets", "wanted"),
    [
        ("", (), True),
        ("apa saja", (), True),
        (OLD, (OLD,), True),
        (NEW, (OLD, NEW), True),
        (OLD, (OLD, NEW), True),
        ("", (OLD,), False),
        (OLD[:-1], (OLD,), False),
        (OLD + "a", (OLD, NEW), False),
        (f"{OLD},{NEW}", (OLD, NEW), False),
        ("é", (OLD,), False),
        ("\udcff", (OLD,), False),
    ],
)
def test_only_a_whole_secret_lets_in(given: str, secrets: tuple[str, ...], wanted: bool) -> None:
    assert from_edge(given, secrets) is wanted


def test_all_that_is_behind_the_edge_is_refused_without_it(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    settings = load_settings({"DATA_DIR": str(world.folder), "ORIGIN_SECRET": f"{OLD},{NEW}"})
    settings.portal_dir.mkdir()
    for name in ("index.html", "404.html"):
        (settings.portal_dir / name).write_text("beranda")
    client = Client(application(settings, dev=False))
    for path in ("/", "/healthz", "/api/reports", "/desk/", "/custody/", "/tidak-ada"):
        refused = client.get(path, headers={"X-Lapor-Origin": "kenari"})
        assert (refused.status_code, refused.data) == (403, b"")
        assert refused.headers["Cache-Control"] == "no-store"
    for secret in (OLD, NEW):
        assert client.get("/", headers={"X-Lapor-Origin": secret}, buffered=True).status_code == 200
        assert client.get("/healthz", headers={"X-Lapor-Origin": secret}, buffered=True).status_code == 200


def test_without_a_secret_nobody_is_refused() -> None:
    called = []
    app = admitted(lambda environ, start: called.append(environ) or [], ())
    assert list(app({}, lambda *_: lambda _: None)) == []
    assert called == [{}]


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def status(app: Any, path: str = "/healthz") -> int:
    return Client(app).get(path).status_code


def test_a_door_offline_for_want_of_keys_opens_once_they_are_there(tmp_path: Path) -> None:
    """A function lives for hours; its keys may be made minutes after it."""
    world = World(tmp_path / "data")
    public = world.keys.public_file
    content = public.read_bytes()
    public.unlink()
    settings, clock, made = load_settings({"DATA_DIR": str(world.folder)}), Clock(), []
    app = patient(lambda: made.append(1) or create_app(settings), https=False, clock=clock)
    public.write_bytes(content)
    public.chmod(0o600)
    clock.seconds += OFFLINE_SECONDS - 1
    assert status(app) == 503
    clock.seconds += 1
    assert [status(app), status(app)] == [200, 200]
    clock.seconds += 10 * OFFLINE_SECONDS
    assert status(app) == 200
    assert len(made) == 2


def test_a_door_that_stays_offline_is_not_made_at_every_request() -> None:
    clock, made = Clock(), []
    app = patient(lambda: made.append(1) or offline_door(__name__, https=False), https=False, clock=clock)
    assert [status(app) for _ in range(5)] == [503] * 5
    assert len(made) == 1
    clock.seconds -= 3600  # the clock was set back
    status(app)
    assert len(made) == 2


def test_while_the_place_of_the_keys_does_not_answer_every_request_tries_again() -> None:
    tries = iter([True, True, False])

    def make() -> Flask:
        if next(tries):
            raise KeysUnavailableError("S3: kenari")
        return offline_door(__name__, https=False, code="busy")

    app = patient(make, https=False)
    assert status(app) == 503
    assert next(tries, None) is False


@pytest.mark.parametrize("door", ["intake", "desk", "custody"])
def test_keys_that_cannot_be_had_just_now_do_not_put_a_door_offline_for_good(
    door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    world = World(tmp_path / "data")
    module = importlib.import_module(f"functions.{door}.main")

    def away(self: object) -> None:
        raise KeysUnavailableError("S3: kenari")

    with monkeypatch.context() as patch:
        patch.setattr(PublicKeyFile, "public", away)
        with pytest.raises(KeysUnavailableError):
            module.create_app(load_settings({"DATA_DIR": str(world.folder)}))
    assert status(module.create_app(load_settings({"DATA_DIR": str(world.folder)}))) == 200
    assert Purpose.DESK in {purpose for purpose, _ in world.keys.public().current}
