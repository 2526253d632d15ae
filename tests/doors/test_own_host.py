"""The address in a receipt, for a form that says it came from a portal at its own host: by a list where the request's own
host says nothing, and never by what the request claims."""

import re
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from functions.config.settings import load_settings
from functions.intake import app as intake
from functions.intake import main as intake_main
from functions.intake.gate import Gate
from functions.local import wsgi
from functions.local.setup import prepare_store
from tests.neighbour import two_governments
from tests.world import FLOOD, PROOFS, World

URL, HOST, FUNCTION = "https://lapor.example", "lapor.kutim.example.id", "abc123.lambda-url.ap-southeast-3.on.aws"


def receipt(world: World, portal: str, hosts: Mapping[str, str] | None, asked_as: str = FUNCTION) -> str:
    """The page with the receipt, of a form without script."""
    door = intake.make_app(world.submit, PROOFS, Gate(FLOOD), url=URL, hosts=hosts).test_client()
    fields = world.fields() | {"portal": portal, "submission_key": token_hex(16)}
    sent = {"Accept": "text/html", "Host": asked_as, "X-Forwarded-Host": "lain.example"}
    page = door.post("/api/reports", data=fields, headers=sent)
    assert page.status_code == 201, page.text
    return page.text


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Of two governments, so that each has a portal."""
    return World(tmp_path, None, *two_governments())


@pytest.mark.parametrize(
    ("portal", "hosts", "there"),
    [
        ("@kutim", {"kutim": HOST}, f"{HOST}/lacak/"),
        ("@kutim", {"samarinda": HOST}, "lapor.example/kutim/lacak/"),
        ("@kutim", {}, "lapor.example/kutim/lacak/"),
        ("kutim", {"kutim": HOST}, "lapor.example/kutim/lacak/"),
        ("", {"kutim": HOST}, "lapor.example/kutim/lacak/"),  # by its district
        ("@lain.example", {"lain.example": "lain.example"}, "lapor.example/kutim/lacak/"),
    ],
)
def test_behind_an_edge_the_address_comes_from_the_list(
    world: World, portal: str, hosts: dict[str, str], there: str
) -> None:
    page = receipt(world, portal, hosts)
    assert set(re.findall(r"[\w.-]+(?:/[\w-]+)*/lacak/(?=\W*<)", page)) == {there}
    assert FUNCTION not in page
    assert "lain.example" not in page


def test_on_one_machine_it_is_the_host_that_was_let_in(world: World) -> None:
    assert f"{HOST}/lacak/" in receipt(world, "@kutim", None, HOST)


@pytest.mark.parametrize(
    ("more", "hosts"),
    [
        ({"ORIGIN_SECRET": "x" * 40}, {}),  # an edge asks under the function's name: nobody may say which host it was
        ({"ORIGIN_SECRET": "x" * 40, "PORTAL_HOSTS": f"kutim={HOST}"}, {"kutim": HOST}),
        ({}, None),
    ],
)
def test_behind_an_edge_that_told_no_list_no_host_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], hosts: Mapping[str, str] | None
) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), **more})
    prepare_store(settings)
    told: dict[str, Any] = {}
    monkeypatch.setattr(intake_main, "make_app", lambda *_, **named: told.update(named))
    intake_main.create_app(settings)
    assert told["hosts"] == hosts


def test_on_one_machine_nobody_takes_the_address_of_the_whole_portal(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), "PUBLIC_URL": URL})
    for folder in ("", "@lapor.example", f"@{HOST}"):
        (settings.portal_dir / folder).mkdir(parents=True)
    (settings.portal_dir / "404.html").write_text("x")
    portal = wsgi.Portal(settings, {})
    assert [portal.has_host(name) for name in ("lapor.example", HOST)] == [False, True]
