"""The portal, loaded and frozen once, and the pages the doors render, rendered without a door."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from functions.casework.directory.agencies import Directory
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.web import language, layout
from tests.site.samples import contexts

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"


@pytest.fixture(scope="session")
def portal() -> Iterator[ModuleType]:
    sys.path.insert(0, str(SITE))
    yield importlib.import_module("portal")
    sys.path.remove(str(SITE))


@pytest.fixture(scope="session")
def freezer(portal: ModuleType) -> ModuleType:
    return importlib.import_module("freeze")


@pytest.fixture(scope="session")
def directory(portal: ModuleType) -> Directory:
    return portal.read_directory(portal.DEMONSTRATION)


@pytest.fixture(scope="session")
def public_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keys = KeyDirectory(tmp_path_factory.mktemp("keys"))
    keys.generate(Purpose.DESK, "kutim")
    keys.generate(Purpose.DESK, "kutim")  # rotated: only the second is current
    keys.generate(Purpose.COURIER, "kutim")
    keys.generate(Purpose.LINKS, "kutim")
    return keys.public_file


@pytest.fixture(scope="session")
def frozen(
    portal: ModuleType,
    freezer: ModuleType,
    directory: Directory,
    public_keys: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    out = tmp_path_factory.mktemp("frozen")
    freezer.freeze(portal.create_app(directory, public_keys), out)
    return out


Render = Callable[[str, str], str]


@pytest.fixture(scope="session")
def render(directory: Directory) -> Render:
    """Render one of ``contexts`` in a language, as a door would."""
    app = Flask("door", static_folder=None)
    layout.prepare(app)
    known = contexts(directory)

    def rendered(name: str, lang: str) -> str:
        template, context = known[name]
        with app.test_request_context("/"):
            language.use(lang)
            return app.jinja_env.get_template(template).render(context)

    return rendered
