"""Node and a headless browser, each asked the same; and keys to seal to, whose private halves the tests hold."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser

from functions.crypto.ops.key_directory import KeyDirectory
from tests.node import NODE
from tests.seal.opening import Office
from tests.seal.workshop import arena
from tests.site.conftest import directory, portal  # noqa: F401 - fixtures of the portal, for the tests here too
from tests.site.served import UNHELD, served

Ask = Callable[..., Any]


class RefusedError(Exception):
    """What the module threw, with its ``name`` and ``code``."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.name, self.code = error["name"], error.get("code")


def told(answer: dict[str, Any]) -> Any:
    """The answer's value. Raises RefusedError."""
    if "error" in answer:
        raise RefusedError(answer["error"])
    return answer["value"]


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return arena(tmp_path_factory.mktemp("segel"))


@pytest.fixture(scope="session")
def in_node(grounds: Path) -> Iterator[Ask]:
    """The module in Node."""
    command = [NODE, str(grounds / "node.js")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as node:
        assert node.stdin is not None
        assert node.stdout is not None
        ask, answers = node.stdin, node.stdout

        def asked(name: str, **arguments: Any) -> Any:
            ask.write(json.dumps({"ask": name, **arguments}) + "\n")
            ask.flush()
            return told(json.loads(answers.readline()))

        yield asked
        ask.close()
        assert node.wait(timeout=10) == 0


@pytest.fixture(scope="session")
def in_chromium(grounds: Path, browser: Browser) -> Iterator[Ask]:
    """The module on a page with the headers of every page of ours, which it must not break; and which asks for
    nothing once it is loaded."""
    with served(grounds, said=UNHELD) as origin:
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(origin)
        page.wait_for_function("() => Boolean(globalThis.answer)")
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))

        def asked(name: str, **arguments: Any) -> Any:
            return told(page.evaluate("asked => answer(asked)", {"ask": name, **arguments}))

        yield asked
        assert page.evaluate("violations") == []
        assert complaints == []
        assert requested == []
        page.close()


@pytest.fixture(params=["node", "chromium"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Both, one after the other."""
    asked: Ask = request.getfixturevalue(f"in_{request.param}")
    return asked


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(KeyDirectory(tmp_path_factory.mktemp("keys")))


@pytest.fixture(scope="session")
def published(portal: ModuleType, office: Office) -> dict[str, Any]:  # noqa: F811 - the fixture
    """The portal's own /keys.json."""
    client = portal.create_app(public_file=office.keys.public_file).test_client()
    keys: dict[str, Any] = client.get("/keys.json").get_json()
    return keys
